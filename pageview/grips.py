"""The two grips of chosen words: a finger or the mouse takes one and moves that end of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from pageview.text_selection import Selection

FOR_A_MOUSE: Final = 20.0
FOR_A_FINGER: Final = 48.0
"""Design pixels across; a finger takes it within `REACH`, as large as a wall's smallest key."""
REACH: Final = 96.0
_FILL, _EDGE = QColor("#0017C1"), QColor("white")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Grip:
    """One end: where its disc is, the edge of the words that it holds, and the other edge, which stays."""

    centre: Point
    edge: Point
    fixed: Point


@dataclass(frozen=True, slots=True)
class Held:
    """A grip in hand. Where the hand is and the edge goes differ by (dx, dy)."""

    fixed: Point
    dx: float
    dy: float

    def edge(self, x: float, y: float) -> Point:
        """Where the edge is, with the hand there."""
        return x - self.dx, y - self.dy


def grips(selection: Selection, across: float) -> tuple[Grip, Grip] | None:
    """Both, below the words and beside them, so that they never lie on one another. Page space."""
    boxes = selection.boxes
    if not boxes:
        return None
    first, last, half = boxes[0], boxes[-1], across / 2
    start: Point = (first.x0, (first.y0 + first.y1) / 2)
    end: Point = (last.x1, (last.y0 + last.y1) / 2)
    return (
        Grip((first.x0 - half * 0.7, first.y1 + half * 0.9), start, end),
        Grip((last.x1 + half * 0.7, last.y1 + half * 0.9), end, start),
    )


def held(selection: Selection, at: Point, across: float, unit: float) -> Held | None:
    """The grip under a point, the nearer of both; None beside them. ``unit``: page space in a pixel."""
    both = grips(selection, across)
    if both is None:
        return None
    reach = (REACH * unit if across > FOR_A_MOUSE * unit else across) / 2

    def away(grip: Grip) -> float:
        return max(abs(grip.centre[0] - at[0]), abs(grip.centre[1] - at[1]))

    nearest = min(both, key=away)
    if away(nearest) > reach:
        return None
    return Held(nearest.fixed, at[0] - nearest.edge[0], at[1] - nearest.edge[1])


def paint(painter: QPainter, onto: QTransform, selection: Selection, across: float) -> None:
    """Both grips; ``onto`` leads from page space to the painter's pixels."""
    both = grips(selection, across)
    if both is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = across / 2 * onto.m11()
    for grip in both:
        centre, edge = onto.map(QPointF(*grip.centre)), onto.map(QPointF(*grip.edge))
        for colour, wide in ((_EDGE, radius / 3), (_FILL, radius / 6)):
            painter.setPen(QPen(colour, wide, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(edge, QPointF(edge.x(), centre.y()))
        painter.setPen(QPen(_EDGE, radius / 8))
        painter.setBrush(_FILL)
        painter.drawEllipse(centre, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
