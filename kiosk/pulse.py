"""Whether this screen lives: its window is painted, and its network thread answers.

The supervisor hears of it each half second, for as long as it is so; what it does not hear, it acts upon.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer

from kiosk.glass import Glass

log = logging.getLogger(__name__)

BEAT_MS = 500
NETWORK_PATIENCE = 5.0
"""Seconds. A link is dead for its other end by then; the window has the supervisor's 2 s alone."""
Call = Callable[[Callable[[], None]], None]
"""Has a function called in another thread, soon."""


class Pulse(QObject):
    """`start` it when the window is there; ``tell`` says to the supervisor that all is well."""

    def __init__(
        self,
        glass: Glass,
        tell: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._glass, self._tell, self._clock = glass, tell, clock
        self._call: Call | None = None
        self._asked_at: float | None = None
        self._paint_asked = False
        self._said = ""
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.timeout.connect(self.beat)
        glass.installEventFilter(self)

    def watch(self, call: Call) -> None:
        """From now on a thread is asked as well, by this."""
        self._call, self._asked_at = call, None

    def start(self) -> None:
        """The first beat is at once."""
        self._timer.start()
        self.beat()

    def beat(self) -> None:
        """Tells that what was asked has been done, and asks again."""
        now = self._clock()
        wrong = self._wrong(now)
        if not wrong:
            self._tell()
        elif wrong != self._said:
            log.error("%s", wrong)
        self._said = wrong
        self._ask(now)

    def _wrong(self, now: float) -> str:
        window = self._glass.windowHandle()
        if self._paint_asked and window is not None and window.isExposed():
            return "the window is not painted"
        if self._asked_at is not None and now - self._asked_at > NETWORK_PATIENCE:
            return "the network thread does not answer"
        return ""

    def _ask(self, now: float) -> None:
        """Nothing is painted where nobody could see it: while a monitor is off, for example."""
        window = self._glass.windowHandle()
        self._paint_asked = window is not None and window.isExposed()
        (self._glass.childAt(0, 0) or self._glass).update(0, 0, 1, 1)
        if self._call is not None and self._asked_at is None:
            self._asked_at = now
            self._call(self._answered)

    def _answered(self) -> None:
        """In the thread that was asked."""
        self._asked_at = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest:
            self._paint_asked = False
        return False
