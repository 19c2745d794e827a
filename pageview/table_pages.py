"""A table typeset on A4 sheets, lying: its head on each sheet, rows broken only where one is too high.

Only in the render process.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymupdf

from pageview.export_jobs import Cell, TableJob
from pageview.lettering import set_in
from pageview.sheets import GREY, INK, PADDING, SMALL, UP, CellLine, Rows, Sheets

WIDTH, HEIGHT = 841.89, 595.28
LEFT, TOP, BOTTOM = 42.5, 48.0, 48.0
TITLE, TEXT = 16.0, 9.5


def table_pdf(job: TableJob) -> bytes:
    """The table as a PDF."""
    with pymupdf.open() as doc:
        _typeset(doc, job)
        doc.set_metadata({"title": job.title, "producer": "Kamizero"})
        doc.set_language("ja")
        data: bytes = doc.tobytes(garbage=3, deflate=True)
        return data


def _typeset(doc: Any, job: TableJob) -> None:
    cells = [cell.text for row in job.rows for cell in row]
    headings = [column.heading for column in job.columns]
    sheets = Sheets(doc, (WIDTH, HEIGHT), (LEFT, TOP, BOTTOM), [*cells, job.facts], [*headings, job.title])
    share = sheets.wide / sum(column.share for column in job.columns)
    widths = [column.share * share for column in job.columns]
    centred = [column.centred for column in job.columns]
    rows = Rows(LEFT, widths, centred, TEXT, lambda: sheets.head(headings, rows))
    sheets.begin()
    for line in set_in(job.title, sheets.wide / TITLE, sheets.bold.advance):
        sheets.say(line, LEFT, sheets.y + UP * TITLE, TITLE, INK, bold=True)
        sheets.y += 1.4 * TITLE
    sheets.say(job.facts, LEFT, sheets.y + UP * SMALL, SMALL, GREY)
    sheets.y += 2.2 * SMALL
    sheets.head(headings, rows)
    for row in job.rows:
        lines = [
            list(_lines(cell, width - 2 * PADDING, sheets)) for cell, width in zip(row, widths, strict=True)
        ]
        sheets.broken(lines, rows)
    sheets.finish()


def _lines(cell: Cell, room: float, sheets: Sheets) -> Iterator[CellLine]:
    at = 0
    for text in set_in(cell.text, room / TEXT, sheets.plain.advance):
        at = cell.text.index(text, at)
        yield CellLine(text, max(0, cell.start - at), max(0, min(len(text), cell.end - at)))
        at += len(text)
