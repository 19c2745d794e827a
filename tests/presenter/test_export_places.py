"""Where marks lie on an exported page, by three renderers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtGui import QImage

from pageview.export_jobs import Form, PageJob, PaperJob
from pageview.exporter import Exporter
from pageview.ink_look import EDGE
from protocol.ink import Colour, Mark, Pen, Stroke, Tool, Words, packed
from tests.pageview.papers import one_page
from tests.presenter.corrected import corrected

DPI = 144
DARK = bytes([1] * 160 + [0] * 96)


def mupdf(data: bytes, _: Path) -> QImage:
    with pymupdf.open(stream=data, filetype="pdf") as doc:
        return QImage.fromData(doc[0].get_pixmap(dpi=DPI).tobytes("ppm"))


def poppler(data: bytes, folder: Path) -> QImage:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not on this machine")
    (folder / "page.pdf").write_bytes(data)
    subprocess.run(["pdftoppm", "-cropbox", "-r", str(DPI), folder / "page.pdf", folder / "page"], check=True)
    (made,) = folder.glob("page*.ppm")
    return QImage(str(made))


def pdfium(data: bytes, _: Path) -> QImage:
    pypdfium2 = pytest.importorskip("pypdfium2", reason="pypdfium2 is not on this machine")
    with pypdfium2.PdfDocument(data) as doc:
        page = doc[0]
        made = page.render(scale=DPI / 72, draw_annots=True)
        image = QImage(bytes(made.buffer), made.width, made.height, made.stride, QImage.Format.Format_BGR888)
        copy = image.copy()
        made.close()
        page.close()
        return copy


def dark(image: QImage) -> tuple[float, float, float, float]:
    """The box of all that is darker than a third of grey, in points."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    stride, wide = grey.bytesPerLine(), grey.width()
    data = bytes(grey.constBits()).translate(DARK)
    rows = [data[y * stride : y * stride + wide] for y in range(grey.height())]
    hit = [(y, row.find(1), row.rfind(1)) for y, row in enumerate(rows) if 1 in row]
    box = min(x for _, x, _ in hit), hit[0][0], max(x for _, _, x in hit) + 1, hit[-1][0] + 1
    return tuple(edge * 72 / DPI for edge in box)  # type: ignore[return-value]


SHEETS = {
    "plain": "/MediaBox[0 0 400 300]",
    "cropped": "/MediaBox[-50 -20 500 400]/CropBox[10 30 410 330]",
    "turned": "/MediaBox[0 0 300 400]/Rotate 90",
    "cropped and turned": "/MediaBox[0 0 500 500]/CropBox[40 60 340 460]/Rotate 270",
}
MARKS: dict[str, tuple[Mark, tuple[int, int, int, int]]] = {
    "stroke": (
        Stroke(Pen(Tool.PEN, Colour.BLACK, 400), 5_000, 6_000, packed([0, 20_000, 24_000], [0, 0, 15_000])),
        (50, 60, 290, 210),
    ),
    "box": (
        Stroke(
            Pen(Tool.PEN, Colour.BLACK, 400),
            8_000,
            4_000,
            packed(
                [0, 9_000, 9_000, 9_000, 9_000, 0, 0, 0, 0, 0], [0, 0, 0, 7_000, 7_000, 7_000, 7_000, 0, 0, 0]
            ),
        ),
        (80, 40, 170, 110),
    ),
    "words on their ground": (
        Words(False, Colour.BLACK, 2_000, 8_000, 4_000, 6_000, "注", ground=True),
        (73, 33, 107, 79),
    ),
}


@pytest.mark.parametrize("form", [Form.ANNOTATED, Form.FLATTENED])
@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("draws", [mupdf, poppler, pdfium])
def test_marks_lie_where_they_were_drawn_in_three_renderers(
    draws: object, sheet: str, form: Form, placed: dict[tuple[str, Form, str], bytes], tmp_path: Path
) -> None:
    for name, (mark, wanted) in MARKS.items():
        half = (mark.pen.width if isinstance(mark, Stroke) else EDGE * mark.size) / 200
        grown = [wanted[0] - half, wanted[1] - half, wanted[2] + half, wanted[3] + half]
        folder = tmp_path / name
        folder.mkdir()
        box = dark(draws(placed[sheet, form, name], folder))  # type: ignore[operator]
        assert box == pytest.approx(grown, abs=1.0), name


@pytest.fixture(scope="module")
def placed() -> Iterator[dict[tuple[str, Form, str], bytes]]:
    """Each mark on each sheet, in both forms."""
    with corrected() as made:
        exporter = Exporter(made.store)
        found = {}
        for sheet, page in SHEETS.items():
            made.offer(one_page("", page=page), sheet)
            page_id = list(made.briefing.pages())[-1].page_id
            for name, (mark, _) in MARKS.items():
                made.draw(page_id, [mark])
                drawn = list(made.briefing.ink.seen(page_id))[-1]
                ref = made.briefing.papers[-1].edition.pages[0].ref
                for form in (Form.ANNOTATED, Form.FLATTENED):
                    job = PaperJob(ref.blob, form, (PageJob(ref.blob, 0, (drawn,)),))
                    found[sheet, form, name] = exporter.make(job).pdf
        exporter.close()
        yield found
