"""The text of a page as characters with their places: what is selected, corrected, compared and anchored.

Pure values; they come out of the render process, so every number and length in them is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from protocol.values import Coordinate, Rect, Value

MAX_CHARACTERS = 40_000
MAX_LINES = 5_000
MAX_STYLES = 200
MAX_RANGES = 256

Position = Annotated[int, Meta(ge=0, le=MAX_CHARACTERS)]
Thousandths = Annotated[int, Meta(ge=-1000, le=1000)]


class Style(Value, frozen=True):
    """How characters look: font as the paper names it, size in 1/100 point, colour 0xRRGGBB."""

    font: Annotated[str, Meta(max_length=80)]
    size: Annotated[int, Meta(ge=0, le=10_000_000)]
    colour: Annotated[int, Meta(ge=0, le=0xFFFFFF)]
    bold: bool
    serif: bool


class TextLine(Value, frozen=True):
    """A line as it was drawn: one character for each glyph, from its beginning.

    ``edges`` has four numbers for each character, x0 y0 x1 y1; ``runs`` are
    pairs of (first character, number of its style). ``along`` is the direction of writing, y down, in 1/1000.
    """

    block: Annotated[int, Meta(ge=0, le=MAX_LINES)]
    text: Annotated[str, Meta(max_length=MAX_CHARACTERS)]
    edges: Annotated[tuple[Coordinate, ...], Meta(max_length=4 * MAX_CHARACTERS)]
    origin: tuple[Coordinate, Coordinate]
    """Where the first character stands on the baseline."""
    runs: Annotated[tuple[Position, ...], Meta(max_length=2 * MAX_CHARACTERS)]
    along: tuple[Thousandths, Thousandths] = (1000, 0)
    vertical: bool = False

    def box(self, at: int) -> Rect:
        """The box of one character."""
        return Rect(*self.edges[4 * at : 4 * at + 4])

    def hull(self, start: int = 0, end: int | None = None) -> Rect:
        """The box around the characters ``start`` to ``end``; ValueError for none."""
        edges = self.edges[4 * start : None if end is None else 4 * end]
        return Rect(min(edges[0::4]), min(edges[1::4]), max(edges[2::4]), max(edges[3::4]))

    def style(self, at: int) -> int:
        """The number of a character's style."""
        found = self.runs[1]
        for first, number in zip(self.runs[::2], self.runs[1::2], strict=True):
            if first > at:
                break
            found = number
        return found

    @property
    def is_level(self) -> bool:
        """Whether it runs from left to right (or, vertical, down the page) without a turn."""
        return self.along == ((0, 1000) if self.vertical else (1000, 0))


class TextRange(Value, frozen=True):
    """Characters ``start`` to ``end`` (not included) of one line."""

    line: Annotated[int, Meta(ge=0, le=MAX_LINES)]
    start: Position
    end: Position


Ranges = Annotated[tuple[TextRange, ...], Meta(min_length=1, max_length=MAX_RANGES)]


class PageText(Value, frozen=True):
    """The lines of a page in the order they were drawn, grouped into blocks (paragraphs, cells).

    ``complete`` is false when the page has more characters than anybody reads: the rest is left out.
    """

    lines: Annotated[tuple[TextLine, ...], Meta(max_length=MAX_LINES)] = ()
    styles: Annotated[tuple[Style, ...], Meta(max_length=MAX_STYLES)] = ()
    complete: bool = True

    def has(self, part: TextRange) -> bool:
        """Whether the page has all characters of ``part``, and at least one."""
        return part.line < len(self.lines) and part.start < part.end <= len(self.lines[part.line].text)

    def words(self, ranges: tuple[TextRange, ...]) -> str:
        """The characters of ``ranges``; lines of one block run on, blocks are parted by a line feed."""
        parts: list[str] = []
        block = None
        for part in ranges:
            line = self.lines[part.line]
            if block is not None and line.block != block:
                parts.append("\n")
            block = line.block
            parts.append(line.text[part.start : part.end])
        return "".join(parts)

    def boxes(self, ranges: tuple[TextRange, ...]) -> tuple[Rect, ...]:
        """One box for each range."""
        return tuple(self.lines[part.line].hull(part.start, part.end) for part in ranges)

    def characters(self) -> Iterator[tuple[int, int, str]]:
        """(line, place in it, character), in order."""
        for number, line in enumerate(self.lines):
            for at, sign in enumerate(line.text):
                yield number, at, sign

    def is_sound(self) -> bool:
        """Whether its parts fit together: what decodes has its numbers in bounds, not yet their sense."""
        return all(
            line.text
            and len(line.edges) == 4 * len(line.text)
            and len(line.runs) >= 2
            and len(line.runs) % 2 == 0
            and line.runs[0] == 0
            and all(number < len(self.styles) for number in line.runs[1::2])
            for line in self.lines
        )
