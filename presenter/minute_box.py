"""A box for a number of minutes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox

from pageview.wording import say

WIDE = 140


class MinuteBox(QSpinBox):
    """From ``least`` to ``most``; ``name``: what it is for, to whoever does not see it, as it is said."""

    def __init__(self, least: int, most: int, value: int, name: str) -> None:
        super().__init__()
        self.setRange(least, most)
        self.setValue(value)
        self.setSuffix(say("分"))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        # The style sheet's padding does not reach the field inside.
        self.lineEdit().setTextMargins(12, 0, 14, 0)
        self.setFixedWidth(WIDE)
        self.setAccessibleName(say(name))
