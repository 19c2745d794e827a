"""A table typeset on A4 sheets, lying: its head on each sheet, rows broken only where one is too high.

Only in the render process.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pymupdf

import assets
from pageview.export_jobs import Cell, Column, TableJob
from pageview.lettering import Lettering, set_in

mupdf = pymupdf.mupdf

WIDTH, HEIGHT = 841.89, 595.28
LEFT, TOP, BOTTOM = 42.5, 48.0, 48.0
TITLE, SMALL, TEXT = 16.0, 8.5, 9.5
LEADING, PADDING = 1.5, 5.0
UP = 0.88
"""From the top of a letter's square to its baseline, in ems."""
HAIR = 0.5
codecs.lookup("raw_unicode_escape")  # Python loads a codec with its first use, which the cage would refuse
INK, GREY, LINE, HEAD = 0x1A1A1A, 0x595959, 0xB3B3B3, 0xF0F0F0


@dataclass(frozen=True)
class _Line:
    """One line of a cell, and which of its signs are underlined."""

    text: str
    start: int
    end: int


@dataclass
class _Sheet:
    marks: list[str] = field(default_factory=list)
    y: float = 0.0
    """Where the next row begins, from the top."""


def table_pdf(job: TableJob) -> bytes:
    """The table as a PDF."""
    with pymupdf.open() as doc:
        _Typesetter(doc, job).typeset()
        doc.set_metadata({"title": job.title, "producer": "Kamizero"})
        doc.set_language("ja")
        data: bytes = doc.tobytes(garbage=3, deflate=True)
        return data


class _Typesetter:
    def __init__(self, doc: Any, job: TableJob) -> None:
        self._doc, self._job = doc, job
        cells = [cell.text for row in job.rows for cell in row]
        heads = [column.heading for column in job.columns]
        self._plain = Lettering(doc, assets.SCREEN_REGULAR, [*cells, job.facts, "0123456789 /"])
        self._bold = Lettering(doc, assets.SCREEN_BOLD, [*heads, job.title])
        share = (WIDTH - 2 * LEFT) / sum(column.share for column in job.columns)
        self._widths = [column.share * share for column in job.columns]
        self._sheets: list[_Sheet] = []

    def typeset(self) -> None:
        self._begin_sheet()
        for row in self._job.rows:
            self._row(row)
        for number, sheet in enumerate(self._sheets, 1):
            place = f"{number} / {len(self._sheets)}"
            x = (WIDTH - self._plain.advance(place) * SMALL) / 2
            self._say(sheet, place, x, HEIGHT - 28, SMALL, GREY)
            self._put(sheet)

    def _begin_sheet(self) -> None:
        sheet = _Sheet()
        first = not self._sheets
        self._sheets.append(sheet)
        sheet.y = TOP
        if first:
            for line in set_in(self._job.title, (WIDTH - 2 * LEFT) / TITLE, self._bold.advance):
                self._say(sheet, line, LEFT, sheet.y + UP * TITLE, TITLE, INK, bold=True)
                sheet.y += 1.4 * TITLE
            self._say(sheet, self._job.facts, LEFT, sheet.y + UP * SMALL, SMALL, GREY)
            sheet.y += 2.2 * SMALL
        high = LEADING * TEXT + 2 * PADDING - 2
        self._fill(sheet, LEFT, sheet.y, WIDTH - LEFT, sheet.y + high, HEAD)
        lines = [[_Line(column.heading, 0, 0)] for column in self._job.columns]
        centred = [Column(column.heading, column.share, True) for column in self._job.columns]
        self._cells(sheet, lines, high, centred, bold=True)

    def _row(self, row: Sequence[Cell]) -> None:
        cells = [
            list(self._lines(cell, width - 2 * PADDING))
            for cell, width in zip(row, self._widths, strict=True)
        ]
        while any(cells):
            sheet = self._sheets[-1]
            most = max(map(len, cells))
            room = int((HEIGHT - BOTTOM - sheet.y - 2 * PADDING) / (LEADING * TEXT))
            whole = int((HEIGHT - BOTTOM - TOP - 5 * TEXT) / (LEADING * TEXT))
            if room < most and (most <= whole or room < 3):
                self._begin_sheet()
                continue
            taken = [cell[:room] for cell in cells]
            cells = [cell[room:] for cell in cells]
            high = max(map(len, taken)) * LEADING * TEXT + 2 * PADDING
            self._cells(sheet, taken, high, self._job.columns)

    def _lines(self, cell: Cell, room: float) -> Iterator[_Line]:
        at = 0
        for text in set_in(cell.text, room / TEXT, self._plain.advance):
            at = cell.text.index(text, at)
            yield _Line(text, max(0, cell.start - at), max(0, min(len(text), cell.end - at)))
            at += len(text)

    def _cells(
        self,
        sheet: _Sheet,
        cells: Sequence[Sequence[_Line]],
        high: float,
        columns: Sequence[Column],
        *,
        bold: bool = False,
    ) -> None:
        letters = self._bold if bold else self._plain
        x, top = LEFT, sheet.y
        for lines, width, column in zip(cells, self._widths, columns, strict=True):
            inset = (high - len(lines) * LEADING * TEXT) / 2 if bold else PADDING
            for number, line in enumerate(lines):
                y = top + inset + number * LEADING * TEXT + (LEADING - 1) / 2 * TEXT + UP * TEXT
                wide = letters.advance(line.text) * TEXT
                left = x + (width - wide) / 2 if column.centred else x + PADDING
                self._say(sheet, line.text, left, y, TEXT, INK, bold=bold)
                if line.start < line.end:
                    start = left + letters.advance(line.text[: line.start]) * TEXT
                    end = left + letters.advance(line.text[: line.end]) * TEXT
                    self._fill(sheet, start, y + 2.0, end, y + 2.6, INK)
            x += width
        self._grid(sheet, top, top + high)
        sheet.y = top + high

    def _grid(self, sheet: _Sheet, top: float, bottom: float) -> None:
        edges = [LEFT]
        for width in self._widths:
            edges.append(edges[-1] + width)
        for x in edges:
            self._fill(sheet, x - HAIR / 2, top, x + HAIR / 2, bottom, LINE)
        for y in (top, bottom):
            self._fill(sheet, LEFT, y - HAIR / 2, WIDTH - LEFT, y + HAIR / 2, LINE)

    # --- marks --------------------------------------------------------------------------------------------

    def _say(
        self, sheet: _Sheet, words: str, x: float, y: float, size: float, colour: int, *, bold: bool = False
    ) -> None:
        if words:
            letters, font = (self._bold, "F1") if bold else (self._plain, "F0")
            place = f"{x:.2f} {HEIGHT - y:.2f} Td {letters.code(words)} Tj"
            sheet.marks.append(f"BT {_rgb(colour)} rg /{font} {size:.2f} Tf {place} ET")

    def _fill(self, sheet: _Sheet, x0: float, y0: float, x1: float, y1: float, colour: int) -> None:
        box = f"{x0:.2f} {HEIGHT - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f}"
        sheet.marks.append(f"{_rgb(colour)} rg {box} re f")

    def _put(self, sheet: _Sheet) -> None:
        pdf = mupdf.pdf_document_from_fz_document(self._doc.this)
        fonts = mupdf.pdf_new_dict(pdf, 2)
        for name, letters in (("F0", self._plain), ("F1", self._bold)):
            mupdf.pdf_dict_puts(fonts, name, letters.reference)
        resources = mupdf.pdf_new_dict(pdf, 1)
        mupdf.pdf_dict_puts(resources, "Font", fonts)
        content = mupdf.fz_new_buffer_from_copied_data("\n".join(sheet.marks).encode())
        page = mupdf.pdf_add_page(pdf, mupdf.FzRect(0, 0, WIDTH, HEIGHT), 0, resources, content)
        mupdf.pdf_insert_page(pdf, -1, page)


def _rgb(colour: int) -> str:
    return " ".join(f"{part / 255:.3f}" for part in colour.to_bytes(3, "big"))
