"""Words that were searched for, marked as with a marker; only whoever searched sees it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

HIT = QColor("#FFE27A")
BESIDE = 1.5


def paint_hit_marks(painter: QPainter, places: Iterable[QRectF]) -> None:
    """Multiplied, so that the letters stay as dark as they are."""
    painter.save()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    for place in places:
        painter.fillRect(place.adjusted(-BESIDE, 0, BESIDE, 0), HIT)
    painter.restore()
