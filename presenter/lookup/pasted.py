"""What another program has put on the clipboard, as a page to be made: a table, a picture, or a text."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from pageview.export_jobs import FoundJob, FoundPicture, FoundTable, FoundText, Source
from presenter.lookup.pasted_html import table_in

ROWS, COLUMNS, CELL, TEXT = 500, 40, 1_000, 10_000
TITLE = 40


@dataclass(frozen=True)
class Pasted:
    """``title`` is said with `say`; ``cut``: it was longer than what fits."""

    title: str
    values: dict[str, object]
    content: QImage | str | tuple[tuple[str, ...], ...]
    cut: bool = False

    def job(self, source: Source) -> FoundJob:
        """The page to be made of it."""
        match self.content:
            case QImage():
                return FoundPicture(_png(self.content), source)
            case str():
                return FoundText(self.content, source)
            case rows:
                return FoundTable(rows, source)


def pasted(mime: QMimeData | None) -> Pasted | None:
    """What lies on the clipboard; None when it is nothing that can be shown.

    A spreadsheet puts there a table, its picture and its text at once: the table is meant. One of a single
    column is known by its HTML alone.
    """
    text = mime.text().replace("\0", "") if mime is not None and mime.hasText() else ""
    if "\t" in text and text.strip():
        return _table(_rows(text))
    html = mime.html().replace("\0", "") if mime is not None and mime.hasHtml() else ""
    rows = table_in(html, ROWS, COLUMNS) if "<t" in html.lower() else None
    if rows is not None:
        return _table(rows)
    if mime is not None and mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Pasted("写した画像", {}, image)
    if text.strip():
        title = text.strip().split("\n", 1)[0][:TITLE]
        return Pasted("{text}", {"text": title}, text[:TEXT], len(text) > TEXT)
    return None


def _rows(text: str) -> list[list[str]]:
    """The cells of a spreadsheet's text; one with a line break is quoted, as in a CSV."""
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t") if row]
    except csv.Error:  # a cell without end, as where another program's text has a single quotation mark
        return [line.split("\t") for line in text.splitlines() if line]


def _table(rows: list[list[str]]) -> Pasted:
    wide = min(COLUMNS, max(len(row) for row in rows))
    cells = tuple(tuple(cell.strip()[:CELL] for cell in (row + [""] * wide)[:wide]) for row in rows[:ROWS])
    cut = len(rows) > ROWS or any(len(row) > COLUMNS or any(len(cell) > CELL for cell in row) for row in rows)
    return Pasted("写した表", {}, cells, cut)


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())
