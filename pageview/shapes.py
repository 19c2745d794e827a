"""Straight lines, boxes and ellipses out of what a hand drew, when it holds still at the end of a stroke."""

from __future__ import annotations

import math
from collections.abc import Sequence

Points = tuple[list[int], list[int]]

STRAIGHT = 0.08
"""How far a line may leave its chord, of the chord's length."""
CLOSED = 0.25
"""How far apart a closed stroke's ends may be, of its size."""
AXIS_DEGREES = 4.0
"""A line so near to level or upright becomes it."""
ELLIPSE_STEPS = 48


def tidied(xs: Sequence[int], ys: Sequence[int]) -> Points | None:
    """The shape that was meant: a line, a box or an ellipse; None when it is none of them."""
    if len(xs) < 3:
        return None
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    size = math.hypot(wide, high)
    chord = math.hypot(xs[-1] - xs[0], ys[-1] - ys[0])
    if chord > 0.5 * size and _bulge(xs, ys) <= STRAIGHT * chord:
        return _line(xs[0], ys[0], xs[-1], ys[-1])
    if chord > CLOSED * size or min(wide, high) < 0.05 * size:
        return None
    box = min(xs), min(ys), max(xs), max(ys)
    round_off, square_off = _off_ellipse(xs, ys, box), _off_box(xs, ys, box)
    if min(round_off, square_off) > 0.12 * size:
        return None
    return _ellipse(box) if round_off <= square_off else boxed(box)


def _bulge(xs: Sequence[int], ys: Sequence[int]) -> float:
    """The farthest that a point is from the chord."""
    dx, dy = xs[-1] - xs[0], ys[-1] - ys[0]
    length = math.hypot(dx, dy)
    return max(abs((x - xs[0]) * dy - (y - ys[0]) * dx) / length for x, y in zip(xs, ys, strict=True))


def _off_ellipse(xs: Sequence[int], ys: Sequence[int], box: tuple[int, int, int, int]) -> float:
    """The mean distance from the ellipse in ``box``, along the radius."""
    cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    a, b = max(1.0, (box[2] - box[0]) / 2), max(1.0, (box[3] - box[1]) / 2)
    off = 0.0
    for x, y in zip(xs, ys, strict=True):
        share = math.hypot((x - cx) / a, (y - cy) / b)
        off += abs(share - 1) * math.hypot(x - cx, y - cy) / max(share, 0.05)
    return off / len(xs)


def _off_box(xs: Sequence[int], ys: Sequence[int], box: tuple[int, int, int, int]) -> float:
    """The mean distance from the sides of ``box``."""
    off = 0.0
    for x, y in zip(xs, ys, strict=True):
        off += min(x - box[0], box[2] - x, y - box[1], box[3] - y)
    return off / len(xs)


def _line(x0: int, y0: int, x1: int, y1: int) -> Points:
    angle = abs(math.degrees(math.atan2(y1 - y0, x1 - x0)))
    if min(angle, 180 - angle) < AXIS_DEGREES:
        y1 = y0
    elif abs(angle - 90) < AXIS_DEGREES:
        x1 = x0
    # A curve through three points on a line is the line, and its ends are square.
    return [x0, (x0 + x1) // 2, x1], [y0, (y0 + y1) // 2, y1]


def boxed(box: tuple[int, int, int, int]) -> Points:
    """Its outline: each corner twice, so that a smooth line does not round it."""
    x0, y0, x1, y1 = box
    return [x0, x1, x1, x1, x1, x0, x0, x0, x0, x0], [y0, y0, y0, y1, y1, y1, y1, y0, y0, y0]


def _ellipse(box: tuple[int, int, int, int]) -> Points:
    cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    a, b = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    angles = [math.tau * n / ELLIPSE_STEPS - math.pi / 2 for n in range(ELLIPSE_STEPS + 1)]
    return [round(cx + a * math.cos(t)) for t in angles], [round(cy + b * math.sin(t)) for t in angles]
