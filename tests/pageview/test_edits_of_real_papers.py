"""Edits of papers that nobody here made, and of papers from LibreOffice: made or refused, never half."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pymupdf
import pytest

import assets
from pageview import fonts_in_pdf
from pageview.content_tokens import decoded_string, read_tokens, show_array
from pageview.page_characters import read_characters
from pageview.page_contents import Walk
from pageview.page_editor import as_meant, edit_page
from pageview.page_edits import Made, ReplaceWords, Route, WhyNot
from pageview.page_fonts import Coded
from pageview.page_glyphs import Glyph, written_glyphs
from pageview.page_text import PageText, TextRange
from pageview.page_writer import Placed
from pageview.pdf_paper import CannotShow, PdfPaper
from protocol.values import Rect
from tests.pageview.test_corpus import CORPUS

EVERYTHING = 63
NEW = ("令和9年", "abc", "12", "直")
# Their letters have ink far outside of the boxes that their fonts give.
INK_OUTSIDE = {
    *("bug1539074.1.pdf", "complex_ttf_font.pdf", "issue4550.pdf", "issue5896.pdf", "issue7020.pdf"),
    *("issue9655_reduced.pdf", "noembed-identity-2.pdf"),
}


@pytest.fixture(autouse=True)
def _quiet() -> None:
    fonts_in_pdf.install()
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)


@pytest.mark.long
@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}; KAMIZERO_CORPUS names another place")
def test_words_of_the_corpus_are_replaced_and_the_rest_looks_the_same() -> None:
    answers: Counter[str] = Counter()
    unlike = set()
    for file in sorted(CORPUS.rglob("*.pdf")):
        try:
            paper = PdfPaper(memoryview(file.read_bytes()), None)
            text = read_characters(paper, 0)
            assert text.is_sound()
        except CannotShow:
            continue
        before = _picture(paper.subset(0)[0])
        for change in _changes(text, random.Random(file.name)):
            pdf, _, _, outcome = edit_page(paper, 0, change, EVERYTHING)
            answers["made" if isinstance(outcome, Made) else outcome.why.name] += 1
            if isinstance(outcome, Made) and _differs(before, _picture(pdf), outcome.changed):
                unlike.add(file.name)
    assert unlike <= INK_OUTSIDE
    assert answers["made"] > 400
    assert answers[WhyNot.ELSEWHERE.name] + answers[WhyNot.UNSHOWABLE.name] < 20


def _changes(text: PageText, chance: random.Random) -> list[ReplaceWords]:
    lines = [number for number, line in enumerate(text.lines) if len(line.text.strip()) >= 3]
    changes = []
    for _ in range(3 if lines else 0):
        number = chance.choice(lines)
        start = chance.randrange(len(text.lines[number].text) - 1)
        end = min(len(text.lines[number].text), start + chance.randint(1, 5))
        part = TextRange(number, start, end)
        if text.words((part,)).strip():
            changes.append(ReplaceWords((part,), text.words((part,)), chance.choice(NEW)))
    return changes


def _picture(pdf: bytes) -> pymupdf.Pixmap:
    with pymupdf.open(stream=pdf) as doc:
        return doc[0].get_pixmap(dpi=72)


def _differs(before: pymupdf.Pixmap, after: pymupdf.Pixmap, changed: Rect) -> bool:
    """Whether more than a speck outside of ``changed`` is another colour."""
    if (before.width, before.height) != (after.width, after.height):
        return True
    one, other = bytearray(before.samples), bytearray(after.samples)
    columns = slice(before.n * max(0, changed.x0 // 100 - 2), before.n * max(0, changed.x1 // 100 + 3))
    for y in range(max(0, changed.y0 // 100 - 2), min(before.height, changed.y1 // 100 + 3)):
        for samples in (one, other):
            row = samples[y * before.stride : (y + 1) * before.stride]
            row[columns] = bytes(len(row[columns]))
            samples[y * before.stride : (y + 1) * before.stride] = row
    if one == other:
        return False
    return sum(abs(p - q) > 40 for p, q in zip(one, other, strict=True)) > 10


HTML = """<html><head><meta charset="utf-8"><style>
body{font-family:"BIZ UDMincho";font-size:10.5pt} h1{font-family:"BIZ UDPGothic";text-align:center}
td,th{border:1px solid #333;padding:3pt} td.n{text-align:right} th{background:#d0e0f0}
</style></head><body><h1>令和9年度 予算編成方針（案）</h1>
<p>県は、人口減少と物価高騰に対応するため、重点施策を次のとおり定める。本庁の会議で配る紙の資料を減らす。
<b>修正はその場で行う</b>ものとし、<span style="color:#c00000">赤字の部分</span>は次回までに確認する。</p>
<table style="border-collapse:collapse"><tr><th>区分</th><th>前年度</th><th>本年度</th></tr>
<tr><td>防災対策</td><td class="n">12,345</td><td class="n">13,456</td></tr>
<tr><td style="background:#ffe0b0">医療・福祉</td><td class="n">987</td><td class="n">1,045</td></tr></table>
<p style="background:#003060;color:white">執行率 87.0％（見込み）</p></body></html>"""


@pytest.mark.long
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_paper_from_libreoffice_is_corrected(tmp_path: Path) -> None:
    fonts = tmp_path / ".fonts"
    fonts.mkdir()
    for file in assets.FONTS.glob("BIZ*.ttf"):
        shutil.copy(file, fonts)
    (tmp_path / "paper.html").write_text(HTML, "utf-8")
    office = [
        "soffice",
        "--headless",
        "--infilter=HTML (StarWriter)",
        "--convert-to",
        "pdf:writer_pdf_Export",
    ]
    home = os.environ | {"HOME": str(tmp_path)}
    subprocess.run(
        [*office, "paper.html"], cwd=tmp_path, env=home, check=True, timeout=120, capture_output=True
    )
    data = (tmp_path / "paper.pdf").read_bytes()
    for old, new, routes in (
        ("87.0％", "88.5％", {Route.ORIGINAL}),
        ("987", "1,002", {Route.ORIGINAL}),
        ("赤字", "朱書", {Route.MINCHO}),
        ("その場", "会議の席", {Route.MINCHO}),
        ("紙の資料", "資料", {Route.ORIGINAL}),
    ):
        paper = PdfPaper(memoryview(data), None)
        text = read_characters(paper, 0)
        number = next(n for n, line in enumerate(text.lines) if old in line.text)
        start = text.lines[number].text.index(old)
        change = ReplaceWords((TextRange(number, start, start + len(old)),), old, new)
        pdf, _, _, outcome = edit_page(paper, 0, change, EVERYTHING)
        assert isinstance(outcome, Made) and outcome.route in routes, (old, outcome)
        assert not _differs(_picture(data), _picture(pdf), outcome.changed), old
        after = read_characters(PdfPaper(memoryview(pdf), None), 0)
        assert any(new in line.text for line in after.lines), new


def test_a_page_that_came_out_otherwise_than_was_meant_is_noticed() -> None:
    def glyph(sign: str, x: float, gid: int = 1) -> Glyph:
        return Glyph(sign, x, 50.0, (10.0, 0.0, 0.0, -10.0), 10.0, 1, gid, gid, 0, 1.0, 0)

    new = Placed(Coded(1, b"\1", 1.0), 30.0, 50.0, (10.0, 0.0, 0.0, -10.0), 0)
    kept, there = [glyph("あ", 10), glyph("い", 20)], glyph("う", 30)
    assert as_meant(kept, [*kept, there], [new])
    assert not as_meant(kept, [*kept], [new]), "not written"
    assert not as_meant(kept, [kept[0], glyph("い", 21), there], [new]), "moved"
    assert not as_meant(kept, [kept[0], glyph("い", 20, gid=2), there], [new]), "another glyph"
    assert not as_meant(kept, [kept[0], there], [new]), "lost"
    assert not as_meant(kept, [*kept, there, there], [new]), "written twice"
    assert not as_meant(kept, [*kept, glyph("う", 40)], [new]), "written elsewhere"


def test_contents_of_any_bytes_are_read_to_their_end() -> None:
    pieces = [
        b"[(a\\)b) -3.5(",
        b"<41 4>",
        b"Tj ",
        b"BI /W 1 ID ",
        b" EI ",
        b")",
        b"]",
        b"%x\n",
        b"/N#41",
        b"\\",
        b"7",
    ]
    for seed in range(300):
        chance = random.Random(seed)
        content = b"".join(chance.choice([*pieces, chance.randbytes(3)]) for _ in range(60))
        at = 0
        for token in read_tokens(content):
            assert at <= token.start < token.end <= len(content)
            at = token.end if token.kind != "array" else at
            for part in show_array(token):
                assert len(decoded_string(part.raw)) <= len(part.raw)


def test_a_walk_meets_every_glyph_that_is_written() -> None:
    for file in (assets.SAMPLE_MEMO, assets.SAMPLE_WIDE):
        copy = PdfPaper(memoryview(file.read_bytes()), None).alone(1)
        page = copy.page(0)
        order = written_glyphs(page)
        walk = Walk(copy.document)
        walk.run(page)
        assert walk.seen == len(order) > 50
