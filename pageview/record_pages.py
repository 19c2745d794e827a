"""A record typeset on A4 sheets, upright: title, facts beside their heads, parts with lines and tables.

Only in the render process.
"""

from __future__ import annotations

from typing import Any

import pymupdf

from pageview.export_jobs import Grid, Heading, Line, Pairs, Picture, Pictures, RecordJob
from pageview.lettering import set_in
from pageview.sheets import GREY, HEAD, INK, LEADING, PADDING, SMALL, UP, CellLine, Rows, Sheets

WIDTH, HEIGHT = 595.28, 841.89
LEFT, TOP, BOTTOM = 56.7, 56.7, 54.0
TITLE, TEXT, CELL, NOTE = 17.0, 10.5, 9.5, 8.0
SPREAD = 0.6
"""Ems between the letters of the title, as such titles are set."""
HEADS = 78.0
"""Width of the column of heads beside which facts stand."""
HANG = 1.0
ACROSS, GAP, HIGHEST, CAPTIONED = 2, 14.0, 150.0, 26.0
"""Pictures in a row, between them, the highest there is, and below each for its caption."""
BEFORE, BEHIND = 14.0, 5.0
"""Above and below a heading."""


def record_pdf(job: RecordJob) -> bytes:
    """The record as a PDF."""
    with pymupdf.open() as doc:
        _Typesetter(doc, job).typeset()
        doc.set_metadata({"title": f"{job.title} {job.subject}", "producer": "Kamizero"})
        doc.set_language("ja")
        data: bytes = doc.tobytes(garbage=3, deflate=True)
        return data


class _Typesetter:
    def __init__(self, doc: Any, job: RecordJob) -> None:
        self._job = job
        plain, bold = [job.status, "・"], [job.title]
        for block in job.blocks:
            match block:
                case Heading(text):
                    bold.append(text)
                case Line(text, note):
                    plain += [text, note]
                case Pairs(rows):
                    bold += [head for head, _ in rows]
                    plain += [words for _, words in rows]
                case Pictures(heading, pictures):
                    bold.append(heading)
                    plain += [each.caption for each in pictures]
                case Grid(columns, cells):
                    bold += [column.heading for column in columns]
                    plain += [words for row in cells for words in row]
        self._sheets = Sheets(doc, (WIDTH, HEIGHT), (LEFT, TOP, BOTTOM), plain, bold)

    def typeset(self) -> None:
        sheets, title = self._sheets, self._job.title
        sheets.begin()
        wide = sheets.plain.advance(self._job.status) * SMALL
        sheets.say(self._job.status, WIDTH - LEFT - wide, sheets.y + UP * SMALL, SMALL, GREY)
        sheets.y += 1.6 * SMALL
        x = (WIDTH - (sheets.bold.advance(title) + SPREAD * (len(title) - 1)) * TITLE) / 2
        for sign in title:
            sheets.say(sign, x, sheets.y + UP * TITLE, TITLE, INK, bold=True)
            x += (sheets.bold.advance(sign) + SPREAD) * TITLE
        sheets.y += 1.8 * TITLE
        for block in self._job.blocks:
            match block:
                case Heading(text):
                    self._heading(text)
                case Line():
                    self._line(block)
                case Pairs():
                    self._pairs(block)
                case Grid():
                    self._grid(block)
                case Pictures():
                    self._pictures(block)
        sheets.finish()

    def _heading(self, text: str) -> None:
        """Never alone at the foot of a sheet: two lines follow it."""
        sheets = self._sheets
        sheets.y += BEFORE
        if sheets.bottom - sheets.y < (1.3 + 2 * LEADING) * TEXT + BEHIND + 2 * PADDING:
            sheets.begin()
        sheets.say(text, LEFT, sheets.y + UP * TEXT, TEXT, INK, bold=True)
        sheets.y += 1.3 * TEXT + BEHIND

    def _line(self, line: Line) -> None:
        """Hanging behind its dot; the note in small print behind it, or below where no room is left."""
        sheets = self._sheets
        indent = LEFT + (1 + HANG) * TEXT
        room = WIDTH - LEFT - indent
        lines = list(set_in(line.text, room / TEXT, sheets.plain.advance))
        note = f"　{line.note}" if line.note else ""
        used = sheets.plain.advance(lines[-1]) * TEXT
        beside = used + sheets.plain.advance(note) * NOTE <= room
        for number, text in enumerate(lines):
            self._room(LEADING * TEXT)
            base = sheets.y + UP * TEXT
            if number == 0 and line.dot:
                sheets.say("・", LEFT + TEXT, base, TEXT, INK)
            sheets.say(text, indent, base, TEXT, INK)
            if note and beside and number == len(lines) - 1:
                sheets.say(note, indent + used, base, NOTE, GREY)
            sheets.y += LEADING * TEXT
        if note and not beside:
            self._room(LEADING * NOTE)
            wide = sheets.plain.advance(line.note) * NOTE
            sheets.say(line.note, WIDTH - LEFT - wide, sheets.y + UP * NOTE, NOTE, GREY)
            sheets.y += LEADING * NOTE

    def _room(self, high: float) -> None:
        if self._sheets.bottom - self._sheets.y < high:
            self._sheets.begin()

    def _pairs(self, pairs: Pairs) -> None:
        sheets = self._sheets
        widths = [HEADS, sheets.wide - HEADS]
        rows = Rows(LEFT, widths, [False, False], TEXT)
        for head, words in pairs.rows:
            lines = _set(words, (widths[1] - 2 * PADDING) / TEXT, sheets)
            while lines:
                room = int((sheets.bottom - sheets.y - 2 * PADDING) / (LEADING * TEXT))
                if room < min(3, len(lines)):
                    sheets.begin()
                    continue
                taken, lines = lines[:room], lines[room:]
                high = len(taken) * LEADING * TEXT + 2 * PADDING
                top = sheets.y
                sheets.fill(LEFT, top, LEFT + HEADS, top + high, HEAD)
                sheets.row([[], taken], high, rows)
                x = LEFT + (HEADS - sheets.bold.advance(head) * TEXT) / 2
                sheets.say(head, x, top + high / 2 + (UP - 0.5) * TEXT, TEXT, INK, bold=True)

    def _pictures(self, block: Pictures) -> None:
        sheets = self._sheets
        sheets.begin()
        sheets.say(block.heading, LEFT, sheets.y + UP * TEXT, TEXT, INK, bold=True)
        sheets.y += 1.3 * TEXT + BEHIND
        room = (sheets.wide - GAP) / ACROSS
        for start in range(0, len(block.pictures), ACROSS):
            row = block.pictures[start : start + ACROSS]
            sizes = [_fitted(each, room) for each in row]
            high = max(size[1] for size in sizes)
            self._room(high + CAPTIONED)
            for place, (each, (wide, tall)) in enumerate(zip(row, sizes, strict=True)):
                middle = LEFT + place * (room + GAP) + room / 2
                bottom = sheets.y + high
                sheets.picture(each.jpeg, middle - wide / 2, bottom - tall, middle + wide / 2, bottom)
                said = sheets.plain.advance(each.caption) * NOTE
                sheets.say(each.caption, middle - said / 2, bottom + 1.5 * NOTE, NOTE, GREY)
            sheets.y += high + CAPTIONED

    def _grid(self, grid: Grid) -> None:
        sheets = self._sheets
        share = sheets.wide / sum(column.share for column in grid.columns)
        widths = [column.share * share for column in grid.columns]
        headings = [column.heading for column in grid.columns]
        centred = [column.centred for column in grid.columns]
        rows = Rows(LEFT, widths, centred, CELL, lambda: sheets.head(headings, rows))
        sheets.head(headings, rows)
        for row in grid.rows:
            cells = [
                _set(words, (width - 2 * PADDING) / CELL, sheets)
                for words, width in zip(row, widths, strict=True)
            ]
            sheets.broken(cells, rows)


def _fitted(picture: Picture, room: float) -> tuple[float, float]:
    scale = min(room / picture.width, HIGHEST / picture.height)
    return picture.width * scale, picture.height * scale


def _set(words: str, room: float, sheets: Sheets) -> list[CellLine]:
    return [CellLine(line) for line in set_in(words, room, sheets.plain.advance)]
