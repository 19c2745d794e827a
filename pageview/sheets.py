"""Sheets of paper that words, rules and rows of tables are set on, one after the other. Only in the render
process.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pymupdf

import assets
from pageview.lettering import Lettering

mupdf = pymupdf.mupdf

LEADING, PADDING = 1.5, 5.0
UP = 0.88
"""From the top of a letter's square to its baseline, in ems."""
HAIR = 0.5
SMALL = 8.5
codecs.lookup("raw_unicode_escape")  # Python loads a codec with its first use, which the cage would refuse
INK, GREY, LINE, HEAD = 0x1A1A1A, 0x595959, 0xB3B3B3, 0xF0F0F0


@dataclass(frozen=True)
class CellLine:
    """One line of a cell, and which of its signs are underlined."""

    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Rows:
    """How the rows of a table are set: widths of its columns from ``left``, which are centred, the size of
    its letters. ``again``: sets its head on a further sheet."""

    left: float
    widths: Sequence[float]
    centred: Sequence[bool]
    size: float
    again: Callable[[], None] = lambda: None


@dataclass
class _Sheet:
    marks: list[str] = field(default_factory=list)
    pictures: list[Any] = field(default_factory=list)


class Sheets:
    """``y``: where the next thing begins, from the top of the newest sheet. Lengths in points."""

    def __init__(
        self,
        doc: Any,
        size: tuple[float, float],
        margins: tuple[float, float, float],
        plain: Iterable[str],
        bold: Iterable[str],
    ) -> None:
        """``margins``: at the sides, above, below. ``plain``, ``bold``: all that is said in either face."""
        self._doc = doc
        self.width, self.height = size
        self.left, self.top, below = margins
        self.bottom = self.height - below
        self.plain = Lettering(doc, assets.SCREEN_REGULAR, [*plain, "0123456789 /"])
        self.bold = Lettering(doc, assets.SCREEN_BOLD, bold)
        self._sheets: list[_Sheet] = []
        self.y = self.top

    @property
    def wide(self) -> float:
        """Between the margins."""
        return self.width - 2 * self.left

    def begin(self) -> None:
        """The next sheet."""
        self._sheets.append(_Sheet())
        self.y = self.top

    def finish(self) -> None:
        """Numbers the sheets and puts them into the document."""
        for number, sheet in enumerate(self._sheets, 1):
            place = f"{number} / {len(self._sheets)}"
            x = (self.width - self.plain.advance(place) * SMALL) / 2
            self.say(place, x, self.height - 28, SMALL, GREY, sheet=sheet)
            self._put(sheet)

    # --- tables -------------------------------------------------------------------------------------------

    def broken(self, cells: Sequence[Sequence[CellLine]], rows: Rows) -> None:
        """A row, on this sheet or the next; broken only where it is higher than a sheet."""
        left = [list(lines) for lines in cells]
        step = LEADING * rows.size
        while any(left):
            most = max(map(len, left))
            room = int((self.bottom - self.y - 2 * PADDING) / step)
            whole = int((self.bottom - self.top - 5 * rows.size) / step)
            if room < most and (most <= whole or room < 3):
                self.begin()
                rows.again()
                continue
            taken = [lines[:room] for lines in left]
            left = [lines[room:] for lines in left]
            self.row(taken, max(map(len, taken)) * step + 2 * PADDING, rows)

    def head(self, headings: Sequence[str], rows: Rows) -> None:
        """The head of a table: grey, bold, every heading in the middle."""
        high = LEADING * rows.size + 2 * PADDING - 2
        self.fill(rows.left, self.y, rows.left + sum(rows.widths), self.y + high, HEAD)
        middle = Rows(rows.left, rows.widths, [True] * len(rows.widths), rows.size)
        self.row([[CellLine(heading)] for heading in headings], high, middle, bold=True)

    def row(
        self, cells: Sequence[Sequence[CellLine]], high: float, rows: Rows, *, bold: bool = False
    ) -> None:
        """A row of that height with its edges."""
        letters = self.bold if bold else self.plain
        x, size = rows.left, rows.size
        for lines, width, centred in zip(cells, rows.widths, rows.centred, strict=True):
            inset = (high - len(lines) * LEADING * size) / 2 if bold else PADDING
            for number, line in enumerate(lines):
                y = self.y + inset + number * LEADING * size + (LEADING - 1) / 2 * size + UP * size
                wide = letters.advance(line.text) * size
                left = x + (width - wide) / 2 if centred else x + PADDING
                self.say(line.text, left, y, size, INK, bold=bold)
                if line.start < line.end:
                    start = left + letters.advance(line.text[: line.start]) * size
                    end = left + letters.advance(line.text[: line.end]) * size
                    self.fill(start, y + 2.0, end, y + 2.6, INK)
            x += width
        self.edges(rows, self.y, self.y + high)
        self.y += high

    def edges(self, rows: Rows, top: float, bottom: float) -> None:
        """The lines around the cells of a row."""
        edges = [rows.left]
        for width in rows.widths:
            edges.append(edges[-1] + width)
        for x in edges:
            self.fill(x - HAIR / 2, top, x + HAIR / 2, bottom, LINE)
        for y in (top, bottom):
            self.fill(edges[0], y - HAIR / 2, edges[-1], y + HAIR / 2, LINE)

    # --- marks --------------------------------------------------------------------------------------------

    def say(
        self,
        words: str,
        x: float,
        y: float,
        size: float,
        colour: int,
        *,
        bold: bool = False,
        sheet: _Sheet | None = None,
    ) -> None:
        """Words on one line, their baseline at ``y``."""
        if words:
            letters, font = (self.bold, "F1") if bold else (self.plain, "F0")
            place = f"{x:.2f} {self.height - y:.2f} Td {letters.code(words)} Tj"
            marks = (sheet or self._sheets[-1]).marks
            marks.append(f"BT {_rgb(colour)} rg /{font} {size:.2f} Tf {place} ET")

    def picture(self, data: bytes, x0: float, y0: float, x1: float, y1: float) -> None:
        """A picture filling that box, with a thin edge."""
        pdf = mupdf.pdf_document_from_fz_document(self._doc.this)
        image = mupdf.fz_new_image_from_buffer(mupdf.fz_new_buffer_from_copied_data(data))
        sheet = self._sheets[-1]
        sheet.pictures.append(mupdf.pdf_add_image(pdf, image))
        box = f"{x1 - x0:.2f} 0 0 {y1 - y0:.2f} {x0:.2f} {self.height - y1:.2f}"
        sheet.marks.append(f"q {box} cm /P{len(sheet.pictures) - 1} Do Q")
        for edge in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            left, top, right, bottom = edge
            self.fill(left - HAIR / 2, top - HAIR / 2, right + HAIR / 2, bottom + HAIR / 2, LINE)

    def fill(self, x0: float, y0: float, x1: float, y1: float, colour: int) -> None:
        """A box of one colour."""
        box = f"{x0:.2f} {self.height - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f}"
        self._sheets[-1].marks.append(f"{_rgb(colour)} rg {box} re f")

    def _put(self, sheet: _Sheet) -> None:
        pdf = mupdf.pdf_document_from_fz_document(self._doc.this)
        fonts = mupdf.pdf_new_dict(pdf, 2)
        for name, letters in (("F0", self.plain), ("F1", self.bold)):
            mupdf.pdf_dict_puts(fonts, name, letters.reference)
        resources = mupdf.pdf_new_dict(pdf, 1)
        mupdf.pdf_dict_puts(resources, "Font", fonts)
        if sheet.pictures:
            pictures = mupdf.pdf_new_dict(pdf, len(sheet.pictures))
            for number, picture in enumerate(sheet.pictures):
                mupdf.pdf_dict_puts(pictures, f"P{number}", picture)
            mupdf.pdf_dict_puts(resources, "XObject", pictures)
        content = mupdf.fz_new_buffer_from_copied_data("\n".join(sheet.marks).encode())
        page = mupdf.pdf_add_page(pdf, mupdf.FzRect(0, 0, self.width, self.height), 0, resources, content)
        mupdf.pdf_insert_page(pdf, -1, page)


def _rgb(colour: int) -> str:
    return " ".join(f"{part / 255:.3f}" for part in colour.to_bytes(3, "big"))
