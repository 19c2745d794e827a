"""The hours in which the wall is dark, and who wakes it: a presenter, a hand, a word of the facilities."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.display_power import DisplayPower
from kiosk.house_settings import Timetable
from kiosk.screen_hours import is_lit, next_turn
from kiosk.touchable import Touchable

log = logging.getLogger(__name__)

LONGEST_MS = 60_000
"""Clocks are set, and machines sleep: nothing is waited for longer than this without a look."""


class Black(Touchable):
    """Nothing at all; `touched` by a finger or a mouse."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), Qt.GlobalColor.black)


class Darkness(QObject):
    """`start` it once; `look` whenever something may have changed; `wake` when somebody wants the wall.

    ``in_use``: whether somebody uses it now. ``refresh`` brings the screen that `front` says.
    """

    turned = Signal(bool)
    """Dark, or lit again; before the screen is brought."""

    def __init__(
        self,
        timetable: Timetable,
        power: DisplayPower,
        in_use: Callable[[], bool],
        refresh: Callable[[], None],
        now: Callable[[], datetime] = datetime.now,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._timetable, self._power = timetable, power
        self._in_use, self._refresh, self._now = in_use, refresh, now
        self._awake_until = now()
        self.dark = False
        self.black = Black()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)

    def front(self) -> QWidget | None:
        """What stands in front of standby now (`screens.Screens.instead`)."""
        return self.black if self.dark else None

    def start(self) -> None:
        """The program begins: somebody has just used this wall, or switched it on."""
        self._power.turn(on=True)
        self.wake()

    def wake(self) -> None:
        """Lit for a while, whatever the hour."""
        self._awake_until = self._now() + timedelta(minutes=self._timetable.awake_minutes)
        self.look()

    def look(self) -> None:
        """Dark or lit, as is right at this moment."""
        if self._timetable.off == "never":
            return
        now = self._now()
        soon = now + timedelta(minutes=self._timetable.awake_minutes)
        # A clock that was set back keeps no wall lit until the hour that it showed before.
        self._awake_until = soon if self._in_use() else min(self._awake_until, soon)
        dark = not is_lit(self._timetable, now, self._awake_until)
        turn = next_turn(self._timetable, now)
        if now < self._awake_until:
            turn = min(turn, self._awake_until)
        self._timer.start(max(1, min(LONGEST_MS, round((turn - now).total_seconds() * 1_000) + 1)))
        if dark is not self.dark:
            self.dark = dark
            log.info("the screen is %s", "dark" if dark else "lit")
            if not dark:
                self._power.turn(on=True)
            self.turned.emit(dark)
            self._refresh()
            if dark:
                self._power.turn(on=False)

    def close(self) -> None:
        self._timer.stop()
        self._power.close()
