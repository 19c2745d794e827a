"""The pointer (指示棒): a ring where the presenter points, and a short trail; both fade by themselves."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

RING: Final = 28.0  # design pixels, outer edge of the red
EDGE: Final = 3.0
COLOUR: Final = QColor("#FF2D2D")
WHITE: Final = QColor("#FFFFFF")
TRAIL_S: Final = 0.5
REST_S: Final = 3.0
FADE_S: Final = 0.4

_RING_WIDTH: Final = 6.0
_TRAIL_WIDTH: Final = 7.0
_MOST_POINTS: Final = 120


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the trail in page space; ``strength`` goes from 1 to 0 while it fades."""

    x: int
    y: int
    strength: float


class PointerTrail:
    """Where one pointer was lately. Times are seconds of the caller's clock."""

    def __init__(self) -> None:
        self._points: deque[tuple[int, int, float]] = deque(maxlen=_MOST_POINTS)
        self._moved_at = 0.0

    def move(self, x: int, y: int, now: float) -> None:
        self._points.append((x, y, now))
        self._moved_at = now

    def away(self) -> None:
        """The pointer left the page: gone at once."""
        self._points.clear()

    def marks(self, now: float) -> tuple[Mark, ...]:
        """Oldest first; the last is the ring. Empty when nothing is to be seen any more."""
        if not self._points:
            return ()
        rest = 1 - max(0.0, now - self._moved_at - REST_S) / FADE_S
        if rest <= 0:
            self._points.clear()
            return ()
        *trail, (x, y, _) = self._points
        fresh = [Mark(px, py, 1 - (now - at) / TRAIL_S) for px, py, at in trail if now - at < TRAIL_S]
        while len(self._points) > 1 and now - self._points[0][2] >= TRAIL_S:
            self._points.popleft()
        return (*fresh, Mark(x, y, min(1.0, rest)))

    def changes_in(self, now: float) -> float | None:
        """Seconds until it looks different by itself (0: it does now); None when nothing is left to fade."""
        if not self._points:
            return None
        return 0.0 if len(self._points) > 1 else max(0.0, self._moved_at + REST_S - now)


def extent(points: Sequence[QPointF], unit: float) -> QRect:
    """Every pixel that `paint` may touch, in the coordinates of ``points``."""
    reach = (RING / 2 + EDGE + 2) * unit
    left, right = min(p.x() for p in points) - reach, max(p.x() for p in points) + reach
    top, bottom = min(p.y() for p in points) - reach, max(p.y() for p in points) + reach
    return QRect(int(left) - 1, int(top) - 1, int(right - left) + 3, int(bottom - top) + 3)


def paint(painter: QPainter, points: Sequence[QPointF], strengths: Sequence[float], unit: float) -> None:
    """Draws trail and ring, red with a white edge, so that they are seen on any ground; what is pointed at
    stays free. ``unit`` is device pixels for one design pixel.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = (RING - _RING_WIDTH) / 2 * unit
    trail = _up_to_ring(points, radius)
    for colour, wider in ((WHITE, 2 * EDGE), (COLOUR, 0.0)):
        for start, end, strength in zip(trail, trail[1:], strengths, strict=False):
            # Thinner instead of fainter: faint pieces would show where they overlap.
            _pen(painter, colour, (_TRAIL_WIDTH + wider) * strength * unit, 1.0)
            painter.drawLine(start, end)
        _pen(painter, colour, (_RING_WIDTH + wider) * unit, strengths[-1])
        painter.drawEllipse(points[-1], radius, radius)
    painter.restore()


def _up_to_ring(points: Sequence[QPointF], radius: float) -> list[QPointF]:
    """The trail as far as it is outside the ring, ending on it."""
    head = points[-1]
    outside = 0
    while outside < len(points) and _distance(points[outside], head) > radius:
        outside += 1
    if not outside:
        return []
    last = points[outside - 1]
    return [*points[:outside], head + (last - head) * (radius / _distance(last, head))]


def _distance(a: QPointF, b: QPointF) -> float:
    return math.hypot(a.x() - b.x(), a.y() - b.y())


def _pen(painter: QPainter, colour: QColor, width: float, strength: float) -> None:
    faded = QColor(colour)
    faded.setAlphaF(max(0.0, min(1.0, strength)))
    pen = QPen(faded, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
