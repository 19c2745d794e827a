"""How long the paper that is being explained still has, in the line above the page."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from presenter.labels import TONES, Icon, Label
from presenter.pace import clock

SOON_S = 60


class Countdown(QWidget):
    """残り 4:12; amber in its last minute, red when the time is over. Nothing where nothing is planned."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(6)
        self._sign, self._words = Icon("schedule", 20, TONES["muted"]), Label()
        row.addWidget(self._sign)
        row.addWidget(self._words)
        self.show_left(None)

    def show_left(self, seconds: float | None) -> None:
        """So many seconds, negative when it should have been through; None: nothing is planned."""
        self.setVisible(seconds is not None)
        if seconds is None:
            return
        tone = "err" if seconds < 0 else "warn" if seconds < SOON_S else "muted"
        self._words.set_words("超過 {time}" if seconds < 0 else "残り {time}", time=clock(abs(seconds)))
        self._words.set_tone(tone)
        self._sign.set_icon("schedule", TONES[tone])
