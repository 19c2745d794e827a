"""Colours that are drawn behind words alone, as programs mark words: no borders, wherever they end.

Only in the render process. A line of many fonts has one for each run of letters, and for each gap between.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pageview.drawn_bars import GAP, NEAR, Box, is_ground
from pageview.line_setting import THIN, has_between
from pageview.page_contents import Walk
from pageview.page_glyphs import page_matrix
from pageview.page_text import TextLine
from protocol.values import Rect

SAME = 20
"""How far (1/100 point) two tellings of one box may differ."""
JOINS = 100
"""How far (1/100 point) the parts of one ground are apart."""
LEAST = 50
BASELINE = 0.8
"""Of a line's height, where its letters stand."""


def without_grounds(rulings: Sequence[Rect], lines: Sequence[TextLine], doc: Any, page: Any) -> list[Rect]:
    """What is drawn on a page, but for areas behind words alone. The contents are read only where something
    looks like one."""
    likely = set(_likely(rulings, lines))
    if not likely:
        return list(rulings)
    filled: list[Box] = []

    def see(box: Box, only_filled: bool) -> None:
        if only_filled:
            filled.append(box)

    Walk(doc, rules=[see], onto=page_matrix(page)).run(page)
    areas = sorted(
        (round(100 * x0), round(100 * y0), round(100 * x1), round(100 * y1)) for x0, y0, x1, y1 in filled
    )

    def is_area(box: Rect) -> bool:
        first = bisect_left(areas, (box.x0 - SAME,))
        last = bisect_right(areas, (box.x0 + SAME + 1,))
        own = box.x0, box.y0, box.x1, box.y1
        return any(
            all(abs(a - b) <= SAME for a, b in zip(each, own, strict=True)) for each in areas[first:last]
        )

    return [each for each in rulings if each not in likely or not is_area(each)]


@dataclass(frozen=True)
class _Row:
    """A level line: its box, and where its letters begin and end, in order."""

    hull: Rect
    begins: Sequence[int]
    ends: Sequence[int]

    @property
    def height(self) -> int:
        return self.hull.y1 - self.hull.y0

    def is_before(self, box: Rect) -> bool:
        """Whether that box may be a ground behind it."""
        points = box.x0 / 100, box.y0 / 100, box.x1 / 100, box.y1 / 100
        return is_ground(points, (self.hull.y0 + BASELINE * self.height) / 100, self.height / 100)


def _likely(rulings: Sequence[Rect], lines: Sequence[TextLine]) -> list[Rect]:
    """Those as high as a line that begin and end with letters on it, and what is between two such."""
    rows = sorted((_row(line) for line in lines if line.is_level), key=lambda row: row.hull.y0)
    tops = [row.hull.y0 for row in rows]
    highest = max((row.height for row in rows), default=0)
    found, gaps = [], []
    for box in rulings:
        if box.x1 - box.x0 <= LEAST or box.y1 - box.y0 <= THIN:
            continue
        near = rows[bisect_left(tops, box.y0 - highest) : bisect_right(tops, box.y1)]
        behind = [row for row in near if row.is_before(box)]
        reach = round(NEAR * max((row.height for row in behind), default=0))
        short = min(reach, box.x1 - box.x0)
        if any(has_between(row.begins, box.x0 - reach, box.x0 + reach) for row in behind) and any(
            has_between(row.ends, box.x1 - short, box.x1 + short) for row in behind
        ):
            found.append(box)
        elif behind and box.x1 - box.x0 <= GAP / NEAR * reach:
            gaps.append(box)
    ends = {(each.y0, each.y1, x // JOINS) for each in found for x in (each.x0, each.x1)}
    return found + [box for box in gaps if _joins(box, ends)]


def _row(line: TextLine) -> _Row:
    boxes = [line.box(at) for at in range(len(line.text))]
    return _Row(line.hull(), sorted(box.x0 for box in boxes), sorted(box.x1 for box in boxes))


def _joins(box: Rect, ends: set[tuple[int, int, int]]) -> bool:
    """Whether a part of a ground goes on at its left or right."""
    near = (x // JOINS + by for x in (box.x0, box.x1) for by in (-1, 0, 1))
    return any((box.y0, box.y1, x) in ends for x in near)
