"""One whole screen of a program's window."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget


class Screen(QWidget):
    """``takes_keyboard``: it starts here, before the first control; no ring is shown until Tab is pressed."""

    def __init__(self, takes_keyboard: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if takes_keyboard:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setProperty("focusRing", False)


class FirstScreen(Screen):
    """One that a program may begin with."""

    first_painted = Signal()

    def __init__(self, takes_keyboard: bool = False) -> None:
        super().__init__(takes_keyboard)
        self._painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # Once this paint is over: what the person waits for comes before what they do not see.
            QTimer.singleShot(0, self, self.first_painted.emit)
