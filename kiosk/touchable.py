"""A screen that says when a hand or a mouse was on it, wherever that was."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget


class Touchable(QWidget):
    """Touches come as presses of a mouse: Qt makes them of what nobody else takes."""

    touched = Signal()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.touched.emit()
