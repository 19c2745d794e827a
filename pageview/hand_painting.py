"""What is seen of a hand at work: the page's frame, chosen words, lasso and eraser.

``onto`` leads from page space to the painter's pixels; ``unit``: the width of a line in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from pageview import ink_painting
from pageview.geometry import Placement
from protocol.ink import Drawn
from protocol.values import Rect

SHARED: Final = QColor("#0017C1")
PRIVATE: Final = QColor("#8A5300")
CHOSEN: Final = QColor("#FFE27A")
_DARK, _LIGHT = QColor("#1A1A1A"), QColor("white")


def frame(painter: QPainter, place: Placement, unit: float, area: QRect, *, private: bool) -> None:
    """Around the page: blue and whole where everybody sees what is drawn, ochre and broken where not. Nothing
    of it is in an ``area`` around a pen that moves."""
    around = QRectF(place.x, place.y, place.width, place.height)
    if around.adjusted(unit, unit, -unit, -unit).contains(QRectF(area)):
        return
    style = Qt.PenStyle.DashLine if private else Qt.PenStyle.SolidLine
    painter.setPen(QPen(PRIVATE if private else SHARED, unit, style))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = unit / 2
    painter.drawRect(around.adjusted(half, half, -half, -half))


def selection(painter: QPainter, onto: QTransform, boxes: Sequence[Rect]) -> None:
    """Chosen words, under their black."""
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    for box in boxes:
        rect = QRectF(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0)
        painter.fillRect(onto.mapRect(rect), CHOSEN)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def lasso(
    painter: QPainter,
    onto: QTransform,
    unit: float,
    line: Sequence[tuple[float, float]],
    held: Sequence[Drawn],
) -> None:
    """The line that is being drawn, and a frame around each mark that is held."""
    if not line and not held:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, pattern in ((_LIGHT, [4.0, 0.01]), (SHARED, [4.0, 3.0])):
        pen = QPen(colour, unit)
        pen.setDashPattern(pattern)
        painter.setPen(pen)
        if line:
            painter.drawPolyline(onto.map(QPolygonF([QPointF(*point) for point in line])))
        for drawn in held:
            painter.drawRect(onto.mapRect(ink_painting.extent(drawn.mark, drawn.placement)))


def tip(painter: QPainter, onto: QTransform, unit: float, at: tuple[float, float], radius: float) -> None:
    """The eraser, as large as it is."""
    wide = radius * onto.m11()
    for colour, thick in ((_LIGHT, 2 * unit), (_DARK, unit)):
        painter.setPen(QPen(colour, thick))
        painter.drawEllipse(onto.map(QPointF(*at)), wide, wide)
