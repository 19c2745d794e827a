"""262 PDFs that nobody here made: shown as MuPDF itself shows them, or refused with the right verdict."""

from __future__ import annotations

import os
from pathlib import Path

import pymupdf
import pytest
from pytestqt.qtbot import QtBot

from pageview import fonts_in_pdf
from pageview.render_results import Frame, Opened, RenderFailed
from pageview.renderer import Renderer
from protocol.values import Rect
from tests.pageview.papers import opened, running, wish

HERE = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("KAMIZERO_CORPUS", HERE.parent / "shared" / "corpus"))
BOX = (900, 640)
MEAN_DIFFERENCE = 2.0

PASSWORD = {
    *("encrypted-attachment.pdf", "issue15893_reduced.pdf", "issue21579.pdf", "issue6010_2.pdf"),
    *("pr6531_1.pdf", "print_protection.pdf", "saslprep-r6.pdf"),
}
DAMAGED = {
    *("REDHAT-1531897-0.pdf", "issue18986.pdf", "issue9105_other.pdf", "issue9418.pdf"),
    *("poppler-91414-0-53.pdf", "poppler-91414-0-54.pdf"),
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}; KAMIZERO_CORPUS names another place")
def test_every_paper_of_the_corpus_is_shown_or_refused_rightly(qtbot: QtBot) -> None:
    fonts_in_pdf.install()
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    files = sorted(CORPUS.rglob("*.pdf"))
    shown, refused, wrong = 0, {"password": set(), "damaged": set(), "refused": set()}, []
    with running() as (store, renderer):
        for file in files:
            sha256 = store.add_file(file)
            answer = opened(qtbot, renderer, sha256)
            if isinstance(answer, Opened):
                difference = _difference(qtbot, renderer, answer, file)
                shown += difference <= MEAN_DIFFERENCE
                if difference > MEAN_DIFFERENCE:
                    wrong.append((file.name, round(difference, 2)))
            else:
                refused[answer.verdict].add(file.name)
            renderer.drop(sha256)
            store.drop(sha256)
    assert refused == {"password": PASSWORD, "damaged": DAMAGED, "refused": set()}
    assert not wrong
    assert shown == len(files) - len(PASSWORD) - len(DAMAGED)
    assert shown >= 249


def _difference(qtbot: QtBot, renderer: Renderer, paper: Opened, file: Path) -> float:
    """The mean difference of a colour value to MuPDF's own picture; 255 when there is no picture."""
    width, height = paper.pages[0].width, paper.pages[0].height
    scale = min(BOX[0] / width, BOX[1] / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    answers: list[Frame | RenderFailed] = []
    renderer.drawn.connect(answers.append)
    renderer.failed.connect(answers.append)
    renderer.ask(wish(paper.sha256, rect=Rect(0, 0, width, height), size=size))
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    renderer.drawn.disconnect(answers.append)
    renderer.failed.disconnect(answers.append)
    answer = answers.pop()
    if isinstance(answer, RenderFailed):
        return 255.0
    ours = bytes(answer.image.constBits())
    with pymupdf.open(file) as doc:
        page = doc[0]
        matrix = pymupdf.Matrix(size[0] / page.rect.width, size[1] / page.rect.height)
        theirs = page.get_pixmap(matrix=matrix, alpha=False)
    assert (theirs.width, theirs.height) == size, file.name
    samples = theirs.samples
    assert ours[3::4].count(255) == len(ours) // 4, "every pixel is opaque"
    pairs = [(ours[blue::4], samples[red::3]) for blue, red in ((2, 0), (1, 1), (0, 2))]
    total = sum(sum(map(abs, map(int.__sub__, a, b))) for a, b in pairs if a != b)
    return total / len(samples)
