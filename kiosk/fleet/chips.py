"""Where every display stands on the board: rows of chips by building and floor, or one bar a building.

No widget: rectangles in logical pixels, from the top left of the whole board. Widths of names are measured by
the caller. Ten thousand displays are laid out in one go and found again by a binary search.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.fleet.floors import Group

LABEL, CHIP, GAP, PAD = 150, 44, 8, 4
BAR = 52
COLLAPSE_FROM = 400
"""From so many displays on, a building is one bar until it is opened."""
MORE = 46
"""Of a chip, besides its name: icon and air."""


@dataclass(frozen=True, slots=True)
class Chip:
    device: bytes
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board. ``bar``: a building's; else chips of ``group``, its label where ``first``."""

    y: int
    height: int
    building: str
    bar: bool = False
    opened: bool = False
    devices: tuple[bytes, ...] = ()
    """Of a bar: all of the building."""
    group: Group | None = None
    first: bool = False
    last: bool = False
    chips: tuple[Chip, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """``rows`` from top to bottom, without gaps."""

    rows: tuple[Row, ...] = ()
    height: int = 0

    def between(self, top: int, bottom: int) -> Sequence[Row]:
        """The rows that a strip of the board shows."""
        first = max(0, bisect_right(self.rows, top, key=lambda row: row.y) - 1)
        last = bisect_right(self.rows, bottom, key=lambda row: row.y)
        return self.rows[first:last]

    def at(self, x: int, y: int) -> Chip | Row | None:
        """The chip there, or the bar."""
        for row in self.between(y, y):
            if row.bar and row.y <= y < row.y + row.height:
                return row
            for chip in row.chips:
                if chip.x <= x < chip.x + chip.width and row.y + PAD <= y < row.y + PAD + CHIP:
                    return chip
        return None


def lay_out(
    groups: Sequence[Group],
    width: int,
    name_width: Callable[[bytes], int],
    opened: frozenset[str] | None,
) -> Board:
    """``opened``: the buildings that are not closed to a bar; None: there are no bars."""
    rows: list[Row] = []
    y = 0
    former = None
    for group in groups:
        if opened is not None and group.building != former:
            former = group.building
            own = tuple(device for each in groups if each.building == former for device in each.devices)
            rows.append(Row(y, BAR, former, True, former in opened, own))
            y += BAR
        if opened is not None and group.building not in opened:
            continue
        lines = _lines(group, width, name_width)
        for number, chips in enumerate(lines):
            last = number == len(lines) - 1
            height = CHIP + 2 * PAD
            rows.append(
                Row(y, height, group.building, group=group, first=number == 0, last=last, chips=chips)
            )
            y += height
    return Board(tuple(rows), y)


def _lines(group: Group, width: int, name_width: Callable[[bytes], int]) -> list[tuple[Chip, ...]]:
    lines: list[list[Chip]] = [[]]
    x = LABEL
    for device in group.devices:
        wide = name_width(device) + MORE
        if lines[-1] and x + wide > width:
            lines.append([])
            x = LABEL
        lines[-1].append(Chip(device, x, min(wide, max(MORE, width - LABEL))))
        x += wide + GAP
    return [tuple(line) for line in lines]
