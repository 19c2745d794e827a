"""Which marks something touches: the eraser's way, a lasso, the tip of a pointer. All in page space."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec.structs import replace as with_fields

from protocol.ink import Drawn, Mark, MarkId, Placement, Stroke, Words, packed, placed, unpacked
from protocol.values import EditionPage, Rect

Point = tuple[float, float]
INSIDE = 0.6
"""A lasso has what it holds the greater part of."""
GROUND_PAD = 0.35
"""How far (ems) the ground of words reaches beyond their letters."""


def touched(marks: Iterable[Drawn], way: Sequence[Point], radius: float) -> list[Drawn]:
    """The marks that a round tip touches on its way."""
    reach = _around(way, radius)
    return [drawn for drawn in marks if _touches(drawn, points_of(drawn), way, radius, reach)]


def within(marks: Iterable[Drawn], lasso: Sequence[Point]) -> list[Drawn]:
    """The marks that a closed line goes around."""
    held = []
    for drawn in marks:
        points = points_of(drawn)
        if sum(is_inside(point, lasso) for point in points) >= INSIDE * len(points):
            held.append(drawn)
    return held


def cut(drawn: Drawn, way: Sequence[Point], radius: float) -> list[Stroke] | None:
    """What is left of a stroke where a round tip rubbed over it, where it lies; None: it was not touched.

    Words cannot be cut: nothing is left of them.
    """
    reach = radius + _half(drawn.mark)
    if not _touches(drawn, points_of(drawn), way, radius, _around(way, radius)):
        return None
    if isinstance(drawn.mark, Words):
        return []
    pieces: list[Stroke] = []
    run: list[Point] = []
    for point in [*_denser(points_of(drawn), radius / 2), None]:
        if point is not None and _distance(point, way) > reach:
            run.append(point)
            continue
        if len(run) > 1:
            xs, ys = [round(x) for x, _ in run], [round(y) for _, y in run]
            pieces.append(Stroke(drawn.mark.pen, xs[0], ys[0], packed(xs, ys)))
        run = []
    return pieces


def points_of(drawn: Drawn) -> list[Point]:
    """Where its points lie now; of words, or of their ground, the corners and the middle."""
    mark = drawn.mark
    if isinstance(mark, Words):
        box = ground_box(mark) if mark.ground else words_box(mark)
        xs = [box.x0, box.x1, box.x1, box.x0, box.x0, (box.x0 + box.x1) // 2]
        ys = [box.y0, box.y0, box.y1, box.y1, box.y0, (box.y0 + box.y1) // 2]
    else:
        xs, ys = unpacked(mark.x, mark.y, mark.path)
    p = drawn.placement
    if p == Placement(10_000, 0, 0, 10_000, 0, 0):
        return list(zip(xs, ys, strict=True))
    return [placed(p, x, y) for x, y in zip(xs, ys, strict=True)]


def hull_of(drawn: Drawn) -> Rect:
    """The box of its points where it lies now."""
    points = points_of(drawn)
    xs, ys = [round(x) for x, _ in points], [round(y) for _, y in points]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def words_box(mark: Words) -> Rect:
    """The rectangle of its letters, or of its frame, in page space."""
    lines = mark.text.split("\n")
    if mark.stamp:
        wide, high = round(mark.size * (sum(map(ems, lines[0])) + 0.8)), round(mark.size * 1.7)
        return Rect(mark.x, mark.y, mark.x + wide, mark.y + high)
    per_line = max(1, mark.width // mark.size) if mark.width else 10_000
    count = sum(max(1, math.ceil(len(line) / per_line)) for line in lines)
    wide = mark.width or mark.size * max(1, *(len(line) for line in lines))
    return Rect(mark.x, mark.y, mark.x + wide, mark.y + round(mark.size * (1.4 * count + 0.2)))


def ground_box(mark: Words) -> Rect:
    """What the ground of words hides: a little more than their letters, and of a single line of figures no
    more than those need."""
    box, pad = words_box(mark), round(GROUND_PAD * mark.size)
    is_one = "\n" not in mark.text and len(mark.text) * mark.size <= mark.width
    right = min(box.x1, box.x0 + round(mark.size * sum(map(ems, mark.text)))) if is_one else box.x1
    return Rect(box.x0 - pad, box.y0 - pad, right + pad, box.y1 + pad)


def ems(sign: str) -> float:
    """How wide a letter is at most, also a bold one."""
    if not sign.isascii() or sign in "@%MWmw":
        return 1.0
    return 0.78 if sign.isupper() or sign == "&" else 0.65


def _half(mark: Mark) -> float:
    return mark.pen.width / 2 if isinstance(mark, Stroke) else 0.0


def _around(way: Sequence[Point], radius: float) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in way], [y for _, y in way]
    return min(xs) - radius, min(ys) - radius, max(xs) + radius, max(ys) + radius


def _touches(
    drawn: Drawn,
    points: Sequence[Point],
    way: Sequence[Point],
    radius: float,
    around: tuple[float, float, float, float],
) -> bool:
    if _near(points, way, radius + _half(drawn.mark), around):
        return True
    is_area = isinstance(drawn.mark, Words) and drawn.mark.ground
    return is_area and any(is_inside(point, points[:4]) for point in way)


def _near(
    points: Sequence[Point], way: Sequence[Point], reach: float, box: tuple[float, float, float, float]
) -> bool:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x0, y0, x1, y1 = box
    if max(xs) < x0 - reach or min(xs) > x1 + reach or max(ys) < y0 - reach or min(ys) > y1 + reach:
        return False
    if any(_distance(point, way) <= reach for point in points):
        return True
    # A long straight piece has no point near the tip: the tip's way is near the piece then.
    return any(_distance(point, points) <= reach for point in way)


def _distance(point: Point, line: Sequence[Point]) -> float:
    """From a point to the nearest of a line's pieces."""
    if len(line) == 1:
        return math.hypot(point[0] - line[0][0], point[1] - line[0][1])
    return min(_to_piece(point, a, b) for a, b in pairwise(line))


def _to_piece(point: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    share = 0.0
    if length:
        share = min(1.0, max(0.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length))
    return math.hypot(point[0] - a[0] - share * dx, point[1] - a[1] - share * dy)


def is_inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point lies in a closed line (even-odd)."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def _denser(points: Sequence[Point], step: float) -> list[Point]:
    """The same line with points at most ``step`` apart, so that it can be cut where the tip was."""
    denser = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        parts = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / max(1.0, step)))
        denser += [(x0 + (x1 - x0) * n / parts, y0 + (y1 - y0) * n / parts) for n in range(1, parts + 1)]
    return denser


def stamp_around(words: Words, page: EditionPage) -> Words:
    """The stamp with its middle where it was put, as far as it stays on the page."""
    box = words_box(words)
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    left = min(max(words.x - wide // 2, 0), page.width - wide)
    top = min(max(words.y - high // 2, 0), page.height - high)
    return with_fields(words, x=left, y=top)


def rubbed(
    marks: Iterable[Drawn], way: Sequence[tuple[float, float]], radius: float
) -> tuple[list[MarkId], list[Stroke]]:
    """Which of the marks are touched on that way, and what is left of them."""
    gone, pieces = [], []
    for drawn in marks:
        left = cut(drawn, way, radius)
        if left is not None:
            gone.append(drawn.id)
            pieces += left
    return gone, pieces


def further(drawn: Drawn, dx: int, dy: int) -> Drawn:
    """The same mark, so much further on."""
    return with_fields(drawn, placement=drawn.placement.moved(dx, dy))
