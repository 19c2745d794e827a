"""What was found, as pages to be shown: a page of a paper, a part of one, a picture, a text, a table.

Only in the render process.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pymupdf

import assets
from pageview.export_jobs import FoundJob, FoundPage, FoundPicture, FoundTable, FoundText, PageJob
from pageview.image_file import ImageFile
from pageview.lettering import Lettering, set_in
from pageview.page_writer import PageWriter
from pageview.pages_joined import joined_pages
from pageview.pdf_paper import CENTIPOINT, CannotShow, PdfPaper
from pageview.source_line import add_source
from protocol.errors import Fault
from protocol.values import Rect

mupdf = pymupdf.mupdf

WIDTH, HEIGHT = 841.89, 595.28
NARROWEST = 120.0
MARGIN, LEADING = 40.0, 1.6
UP = 0.88
"""From the top of a letter's square to its baseline, in ems."""
SIZES = (32.0, 28.0, 24.0, 20.0, 17.0, 15.0)
"""Of a text's letters: the largest that lets it stand on one sheet, at least the last."""
TABLE_SIZES = (24.0, 20.0, 17.0, 14.0, 12.0, 10.0)
READABLE = 14.0
"""A table that is too long for one sheet goes on to others in these letters."""
WIDEN = 1.5
"""How much wider than its words a table may be."""
UNITS = r"%|[十百千万億兆]*円|[十百千万億兆]+|人|件|台|戸|回|点|か所|箇所|km|m|ha|t|ポイント"
FIGURE = re.compile(rf"[△▲\-−+]? ?[¥]?\d[\d,.]*({UNITS})?")
"""With its sign before it and its unit behind; 8年度 is none."""
PAD_X, PAD_Y = 0.6, 0.4
LINE_WIDTH = 0.7
CLIP_DPI, LONGEST = 300, 4_000
"""Of a part's or a picture's longer side, in pixels: a wall of 4K has no more."""
JPEG, JPEG_QUALITY = b"\xff\xd8", 90
INK, GRID, HEAD, WHITE = 0x1A1A1A, 0x8C8C8C, 0xF0F0F0, 0xFFFFFF


def found_pdf(job: FoundJob, opened: Callable[[bytes], PdfPaper]) -> bytes:
    """The pages with their source, as a PDF; CannotShow."""
    match job:
        case FoundPage(clip=None, pages=1):
            paper = opened(job.blob).alone(job.index)
        case FoundPage(clip=None):
            wanted = range(job.index, job.index + job.pages)
            paper = joined_pages(job.blob, [PageJob(job.blob, index) for index in wanted], opened)
        case FoundPage(clip=clip):
            assert clip is not None
            paper = _picture_paper(_clipped(opened(job.blob), job.index, clip))
        case FoundPicture():
            paper = _picture_paper(_decoded(job.picture))
        case FoundText():
            paper = _Sheets(job.text).text(job.text)
        case FoundTable():
            paper = _Sheets("".join(cell for row in job.rows for cell in row)).table(job.rows)
    for index in range(paper.count) if job.source.words or job.source.when else ():
        add_source(paper, index, job.source)
    paper.document.set_metadata({"title": job.source.words, "producer": "Kamizero"})
    data: bytes = paper.document.tobytes(garbage=3, deflate=True, encryption=pymupdf.PDF_ENCRYPT_NONE)
    return data


# --- pictures -----------------------------------------------------------------------------------------------


def _clipped(paper: PdfPaper, index: int, clip: Rect) -> Any:
    """What is seen of that part, as an image: nothing else of the page goes with it."""
    wide, high = (clip.x1 - clip.x0) / CENTIPOINT, (clip.y1 - clip.y0) / CENTIPOINT
    if wide <= 0 or high <= 0:
        raise CannotShow("refused", Fault.PAGE_UNSHOWABLE)
    scale = min(CLIP_DPI / 72, LONGEST / max(wide, high))
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    pixmap = mupdf.FzPixmap(mupdf.fz_device_rgb(), width, height, mupdf.FzSeparations(), 0)
    paper.draw(index, clip, pixmap, width, height)
    return mupdf.fz_new_image_from_pixmap(pixmap, mupdf.FzImage())


def _decoded(data: bytes) -> Any:
    """The picture as it is to be seen (a camera's turned upright), no larger than a wall can show."""
    file = ImageFile(data)
    width, height = file.within(LONGEST, LONGEST)
    try:
        pixmap = mupdf.FzPixmap(mupdf.fz_device_rgb(), width, height, mupdf.FzSeparations(), 0)
        file.paint(pixmap, width, height)
        if not data.startswith(JPEG):
            return mupdf.fz_new_image_from_pixmap(pixmap, mupdf.FzImage())
        smaller = pymupdf.Pixmap("raw", pixmap).tobytes("jpg", JPEG_QUALITY)
        return mupdf.fz_new_image_from_buffer(mupdf.fz_new_buffer_from_copied_data(smaller))
    except Exception as error:
        raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error


def _picture_paper(image: Any) -> PdfPaper:
    scale = min(WIDTH / image.w(), HEIGHT / image.h())
    wide, high = image.w() * scale, image.h() * scale
    width, height = max(NARROWEST, wide), max(NARROWEST, high)
    doc = pymupdf.open()
    writer = _new_page(doc, width, height)
    left, top = (width - wide) / 2, (height - high) / 2
    # The unit square of an image stands on its foot; page space hangs from its top.
    writer.picture(image, (wide, 0, 0, -high, left, top + high), (left, top, left + wide, top + high))
    writer.finish(0, 0)
    return _paper_of(doc)


# --- words --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Laid:
    """A table in letters of ``size``: the columns' widths, each row's cells in lines."""

    size: float
    widths: tuple[float, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    in_full: bool
    """Whether each column has the width that it wants."""

    def high(self, row: int) -> float:
        return (max(len(cell) for cell in self.rows[row]) * LEADING + 2 * PAD_Y) * self.size


class _Sheets:
    """Sheets of A4, lying, with words in the screens' face."""

    def __init__(self, words: str) -> None:
        self._doc = pymupdf.open()
        self._plain = Lettering(self._doc, assets.SCREEN_REGULAR, [words])
        self._bold = Lettering(self._doc, assets.SCREEN_BOLD, [words])

    def text(self, text: str) -> PdfPaper:
        """A text in the largest letters that let it stand on one sheet."""
        text = text.replace("\r\n", "\n").replace("\t", "　").strip("\n")
        room, high = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
        for size in SIZES:
            lines = list(set_in(text, room / size, self._plain.advance))
            fit = int(high / (LEADING * size))
            if len(lines) <= fit:
                break
        for start in range(0, max(1, len(lines)), fit):
            writer = _new_page(self._doc, WIDTH, HEIGHT)
            for number, line in enumerate(lines[start : start + fit]):
                self._say(writer, line, MARGIN, MARGIN + (number * LEADING + UP) * size, size)
            writer.finish(0, 0)
        return _paper_of(self._doc)

    def table(self, rows: Sequence[Sequence[str]]) -> PdfPaper:
        """A table in the largest letters that let it stand on one sheet."""
        laid = self._laid(rows, TABLE_SIZES[-1])
        for size in TABLE_SIZES:
            larger = self._laid(rows, size)
            whole = sum(larger.high(row) for row in range(len(rows)))
            if larger.in_full and (whole <= HEIGHT - 2 * MARGIN or size <= READABLE):
                laid = larger
                break
        has_head = len(rows) > 1 and not any(_is_figure(cell) for cell in rows[0])
        body = rows[1:] if has_head else rows
        figures = [_is_of_figures(column) for column in zip(*body, strict=True)]
        for part in _parts(laid, has_head):
            writer = _new_page(self._doc, WIDTH, HEIGHT)
            top = MARGIN
            for row in part:
                self._row(writer, laid, row, top, figures, head=has_head and row == 0)
                top += laid.high(row)
            writer.finish(0, 0)
        return _paper_of(self._doc)

    def _laid(self, rows: Sequence[Sequence[str]], size: float) -> _Laid:
        natural = [
            max(max(self._bold.advance(line) for line in cell.split("\n")) for cell in column)
            for column in zip(*rows, strict=True)
        ]
        room = (WIDTH - 2 * MARGIN) / size
        wide = [min(each, room / 2) + 2 * PAD_X for each in natural]
        share = min(1.0, room / sum(wide))
        inside = [max(1.0, each * share - 2 * PAD_X) for each in wide]
        cells = tuple(
            tuple(
                tuple(set_in(cell, each + 0.01, self._bold.advance))
                for cell, each in zip(row, inside, strict=True)
            )
            for row in rows
        )
        # A narrow table takes more of the sheet: it is read from afar.
        wider = min(WIDEN, room / sum(each + 2 * PAD_X for each in inside)) if share == 1.0 else 1.0
        widths = tuple((each + 2 * PAD_X) * size * wider for each in inside)
        return _Laid(size, widths, cells, share == 1.0)

    def _row(
        self,
        writer: PageWriter,
        laid: _Laid,
        row: int,
        top: float,
        figures: Sequence[bool],
        *,
        head: bool,
    ) -> None:
        """``figures``: which columns are of figures; those, and their heads, stand at the right."""
        start = left = (WIDTH - sum(laid.widths)) / 2
        size, bottom = laid.size, top + laid.high(row)
        if head:
            writer.fill(left, top, left + sum(laid.widths), bottom, HEAD)
        for cell, width, of_figures in zip(laid.rows[row], laid.widths, figures, strict=True):
            figure = of_figures or _is_figure("".join(cell))
            for number, line in enumerate(cell):
                letters = self._bold if head else self._plain
                x = left + PAD_X * size
                if figure:
                    x = left + width - (PAD_X + letters.advance(line)) * size
                baseline = top + (PAD_Y + number * LEADING + (LEADING - 1) / 2 + UP) * size
                self._say(writer, line, x, baseline, size, bold=head)
            for x in (left, left + width):
                writer.line(x, top, x, bottom, LINE_WIDTH, GRID)
            left += width
        for y in (top, bottom):
            writer.line(start, y, left, y, LINE_WIDTH, GRID)

    def _say(
        self, writer: PageWriter, words: str, x: float, y: float, size: float, *, bold: bool = False
    ) -> None:
        letters = self._bold if bold else self._plain
        writer.write(letters.set(words, x, y, size, INK))


def _parts(laid: _Laid, has_head: bool) -> Iterator[list[int]]:
    """The rows of each sheet; the head, where there is one, on each of them."""
    part: list[int] = []
    used = 0.0
    for row in range(len(laid.rows)):
        if len(part) > has_head and used + laid.high(row) > HEIGHT - 2 * MARGIN:
            yield part
            part = [0] if has_head else []
            used = sum(map(laid.high, part))
        part.append(row)
        used += laid.high(row)
    yield part


def _is_figure(cell: str) -> bool:
    return FIGURE.fullmatch(unicodedata.normalize("NFKC", cell.strip())) is not None


def _is_of_figures(column: Sequence[str]) -> bool:
    """Whether every cell that says something says a figure."""
    said = [cell for cell in column if cell.strip(" 　-－―")]
    return bool(said) and all(map(_is_figure, said))


def _new_page(doc: Any, width: float, height: float) -> PageWriter:
    pdf = mupdf.pdf_document_from_fz_document(doc.this)
    content = mupdf.fz_new_buffer_from_copied_data(b" ")
    page = mupdf.pdf_add_page(pdf, mupdf.FzRect(0, 0, width, height), 0, mupdf.pdf_new_dict(pdf, 1), content)
    mupdf.pdf_insert_page(pdf, -1, page)
    return PageWriter(doc, mupdf.fz_load_page(doc.this, doc.page_count - 1))


def _paper_of(doc: Any) -> PdfPaper:
    """The document as a paper, to be written on further."""
    return PdfPaper(memoryview(doc.tobytes()), None)
