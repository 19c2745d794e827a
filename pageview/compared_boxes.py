"""Boxes around what is otherwise on a page: dashed and red before, solid and blue after. Shape and colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from pageview.geometry import Placement
from protocol.values import Rect

BEFORE, AFTER = QColor("#CE0000"), QColor("#0017C1")


def pen(unit: float, *, before: bool) -> QPen:
    """What the boxes are drawn with; ``unit``: pixels of one on a glass of 1920 × 1080."""
    style = Qt.PenStyle.DashLine if before else Qt.PenStyle.SolidLine
    return QPen(BEFORE if before else AFTER, 3.5 * unit, style)


def paint_boxes(
    painter: QPainter, place: Placement, marked: Sequence[Rect], unit: float, *, before: bool
) -> None:
    """A box around each of these places of the page that lies at ``place``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setPen(pen(unit, before=before))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in marked:
        x0, y0 = place.to_pixels(rect.x0, rect.y0)
        x1, y1 = place.to_pixels(rect.x1, rect.y1)
        box = QRectF(x0, y0, x1 - x0, y1 - y0).adjusted(-6 * unit, -4 * unit, 6 * unit, 4 * unit)
        painter.drawRoundedRect(box, 8 * unit, 8 * unit)
