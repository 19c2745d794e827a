"""A stroke while it is drawn: points in, wet pieces out, and at the end the stroke itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pageview.shapes import tidied
from protocol.ink import LENGTH_LIMIT, POINTS_LIMIT, NewMark, Pen, Stroke, Tool, length, packed
from protocol.presence import WET_POINTS, Wet
from protocol.values import PageId

STROKE_POINTS = POINTS_LIMIT - 200
"""One of more is given off and goes on as another: steps that are too long for the wire take more points."""
STROKE_LENGTH = LENGTH_LIMIT // 2
"""So is a longer one."""
Spot = tuple[int, int, int | None]
"""x and y in page space, and 0–255 of pressure where the device tells it."""


@dataclass
class Told:
    """How much of a stroke somebody knows; of which ``shape`` it has had by then."""

    points: int = 0
    shape: int = 0


class StrokeUnderWay:
    """From the pen's touch to its lifting. ``n``: the mark it becomes."""

    def __init__(self, page_id: PageId, n: int, pen: Pen, spot: Spot) -> None:
        self.page_id = page_id
        self.n = n
        self.pen = pen
        self._xs, self._ys = [spot[0]], [spot[1]]
        self._pressures = [spot[2]]
        self._length = 0
        self._told = Told()
        self._shape = 0

    @property
    def full(self) -> bool:
        """Whether it must end here and go on as another."""
        return len(self._xs) >= STROKE_POINTS or self._length >= STROKE_LENGTH

    @property
    def last(self) -> Spot:
        """Where the pen is."""
        return self._xs[-1], self._ys[-1], self._pressures[-1]

    def move(self, spot: Spot) -> bool:
        """The pen is there now; whether that is anywhere new. A shape stays as it is."""
        x, y, pressure = spot
        if self._shape or (x, y) == (self._xs[-1], self._ys[-1]):
            return False
        self._length += length((self._xs[-1], x), (self._ys[-1], y))
        self._xs.append(x)
        self._ys.append(y)
        self._pressures.append(pressure)
        return True

    def still(self) -> bool:
        """The pen holds still: the line becomes the shape that was meant; whether there is one."""
        shape = None if self._shape else tidied(self._xs, self._ys)
        if shape is None:
            return False
        self._xs, self._ys = shape
        self._pressures = [None] * len(self._xs)
        self._shape += 1
        return True

    def wet(self, told: Told | None = None) -> Iterator[Wet]:
        """The pieces that were not told yet, to whoever is meant."""
        told = told or self._told
        if told.shape != self._shape:
            told.points, told.shape = 0, self._shape
        while told.points == 0 or told.points < len(self._xs):
            first = max(0, told.points - 1)
            fresh = told.points == 0
            upto = min(len(self._xs), first + WET_POINTS // 2)
            xs, ys = self._xs[first:upto], self._ys[first:upto]
            yield Wet(self.page_id, self.n, self.pen, fresh, xs[0], ys[0], _wet_path(xs, ys))
            told.points = upto

    def cancelled(self) -> Wet:
        """It will not be."""
        return Wet(self.page_id, self.n, self.pen, True, self._xs[0], self._ys[0], b"")

    def mark(self) -> NewMark:
        """The whole of it."""
        path = packed(self._xs, self._ys)
        given = [each for each in self._pressures if each is not None]
        pressed = self.pen.tool is Tool.PEN and len(given) == len(self._xs) == len(path) // 4 + 1
        pressures = bytes(given) if pressed else b""
        return NewMark(self.n, Stroke(self.pen, self._xs[0], self._ys[0], path, pressures))


def _wet_path(xs: list[int], ys: list[int]) -> bytes:
    """A dot is a stroke too: without a path the piece would take it back."""
    return packed(xs, ys) if len(xs) > 1 else bytes(4)


def pressed(pressure: float | None) -> int | None:
    """How hard a pen presses, from 0 to 255; None where the device does not tell."""
    return None if pressure is None else round(min(1.0, max(0.0, pressure)) * 255)
