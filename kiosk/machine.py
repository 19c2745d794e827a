"""Runs the pure machine of `kiosk_state` in Qt: holds the state, and wakes when time changes the picture."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from kiosk import kiosk_state
from kiosk.kiosk_state import Happening, State, Tick
from kiosk.settings import Deadlines


class Machine(QObject):
    """`clock`: monotonic seconds."""

    changed = Signal()
    """The state, or what it shows at this time, may be another than before."""
    effect = Signal(object)
    """Effect, in the order in which they are to be done; after `changed`."""

    def __init__(
        self,
        limits: Deadlines,
        state: State,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = state
        self.clock = clock
        self.limits = limits
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.take(Tick()))
        self._wait()

    def take(self, event: Happening) -> None:
        """Something happened."""
        former = self.state
        self.state, effects = kiosk_state.step(former, event, self.clock(), self.limits)
        self._wait()
        if self.state != former or isinstance(event, Tick):
            self.changed.emit()
        for effect in effects:
            self.effect.emit(effect)

    def showing(self) -> kiosk_state.Showing:
        return kiosk_state.showing(self.state, self.clock(), self.limits)

    def _wait(self) -> None:
        at = kiosk_state.next_change(self.state, self.clock(), self.limits)
        if at is None:
            self._timer.stop()
        else:
            self._timer.start(max(1, round((at - self.clock()) * 1000) + 1))
