"""A line beside the text of an item: what is typed is told when the hand rests, or moves on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pageview.theme import Desk
from pageview.wording import say


class LineField(QLineEdit):
    """By the words that stand in it while it is empty."""

    entered = Signal()
    left = Signal()

    def __init__(self, words: str, limit: int) -> None:
        super().__init__()
        self._words = words
        self._everybody = self._untouched = ""
        self.setMaxLength(limit)
        self.setStyleSheet(f"QLineEdit {{ min-height: {Desk.TARGET - 2}px; font-size: 16px; }}")
        self._say()

    def show_value(self, value: str) -> None:
        """As everybody has it; whoever has the keyboard here goes on, and sees it when they leave."""
        self._everybody = value
        if not self.hasFocus():
            self._show_everybody()

    @property
    def value(self) -> str:
        """What was typed here; where nothing was since the last `told`, what everybody has."""
        return self._everybody if self.text() == self._untouched else self.text()

    def told(self) -> None:
        """What was typed here is what everybody has."""
        self._everybody, self._untouched = self.value, self.text()

    def forget(self) -> None:
        """It is of no item any more."""
        self._everybody = self._untouched = ""
        self.clear()

    def _show_everybody(self) -> None:
        if self._everybody != self.text():
            self.setText(self._everybody)
            self.setCursorPosition(0)
        self._untouched = self.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
        if self.text() == self._untouched:
            self._show_everybody()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.setPlaceholderText(say(self._words))
        self.setAccessibleName(say(self._words))
