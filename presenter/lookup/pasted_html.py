"""The table in what a program has put on the clipboard as HTML. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

HTML_LIMIT = 4 * 2**20
SPAN_LIMIT = 100
UNSEEN = frozenset({"style", "script", "head", "title", "xml"})
CELLS = frozenset({"td", "th"})
SPACE = re.compile(r"[ \t\r\n\f]+")
AROUND_BREAKS = re.compile(r" *\n *")


def table_in(html: str, most_rows: int, most_columns: int) -> list[list[str]] | None:
    """The rows of its table, all of one length; None when there is none, or other words beside it.

    A cell over several columns or rows stands in the first of them, as a spreadsheet has it.
    """
    from lxml import etree  # only who pastes a table needs it

    # Not Python's own: it takes minutes for 200 kB of tags without an end, and raises for some.
    reader = _Reader(most_rows + 1, most_columns + 1)
    parser = etree.HTMLParser(target=reader, encoding="utf-8", no_network=True)
    try:
        parser.feed(html[:HTML_LIMIT].encode("utf-8", "replace"))
        parser.close()
    except etree.LxmlError:
        return None
    rows = reader.rows
    if not rows or reader.beside:
        return None
    wide = max(len(row) for row in rows)
    return [row + [""] * (wide - len(row)) for row in rows] if wide else None


class _Reader:
    """Is told by lxml what stands there."""

    def __init__(self, most_rows: int, most_columns: int) -> None:
        self.rows: list[list[str]] = []
        self.beside = False
        self._most = most_rows, most_columns
        self._unseen = 0
        self._tables = 0
        self._cell: list[str] | None = None
        self._spans = 1, 1
        self._taken: dict[int, int] = {}
        """column → the last row that a cell above takes of it"""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._tables += 1
        elif tag == "tr" and self._tables == 1:
            self._end_cell()
            if len(self.rows) < self._most[0]:
                self.rows.append([])
        elif tag in CELLS and self._tables == 1 and self.rows:
            self._end_cell()
            spans = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
            self._cell, self._spans = [], spans
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append("\n")

    def end(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table":
            if self._tables == 1:
                self._end_cell()
            self._tables = max(0, self._tables - 1)
        elif (tag in CELLS or tag == "tr") and self._tables == 1:
            self._end_cell()

    def data(self, data: str) -> None:
        if self._unseen:
            return
        if self._cell is not None:
            self._cell.append(SPACE.sub(" ", data))
        elif data.strip():
            self.beside = True

    def close(self) -> None:
        """Nothing more comes."""

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        words = AROUND_BREAKS.sub("\n", re.sub("  +", " ", "".join(self._cell))).strip()
        self._cell = None
        row, (across, down) = self.rows[-1], self._spans
        here = len(self.rows) - 1
        while self._taken.get(len(row), -1) >= here and len(row) < self._most[1]:
            row.append("")
        for number in range(across):
            if len(row) < self._most[1]:
                self._taken[len(row)] = here + down - 1
                row.append("" if number else words)


def _span(value: str | None) -> int:
    return min(max(int(value[:4]), 1), SPAN_LIMIT) if value and value.isdecimal() else 1
