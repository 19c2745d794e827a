"""What others are told of a stroke while it is drawn: at once, and not more often than they can use."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from pageview.stroke import StrokeUnderWay, Told

EACH_S: Final = 0.006
"""A mouse that moves 125 times a second is told each time; with 1,000 times 80 walls would cost two cores."""


class WetTelling(QObject):
    """The first points go at once; what comes sooner than `EACH_S` behind goes together when that is over."""

    said = Signal(object)
    """Wet"""

    def __init__(self, clock: Callable[[], float] = time.monotonic, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._stroke: StrokeUnderWay | None = None
        self._told = Told()
        self._last = float("-inf")
        self.later = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self.later.timeout.connect(self._say)

    def tell(self, stroke: StrokeUnderWay) -> None:
        """There are new points of this stroke."""
        if stroke is not self._stroke:
            self._stroke, self._told = stroke, Told()
        wait = self._last + EACH_S - self._clock()
        if wait <= 0:
            self._say()
        elif not self.later.isActive():
            self.later.start(max(1, round(wait * 1_000)))

    def finish(self) -> None:
        """The pen is up: what waits goes now."""
        if self.later.isActive():
            self._say()
        self.stop()

    def stop(self) -> None:
        """The stroke will not be: nothing of it is told any more."""
        self.later.stop()
        self._stroke = None

    def _say(self) -> None:
        if self._stroke is not None:
            self._last = self._clock()
            for piece in self._stroke.wet(self._told):
                self.said.emit(piece)
