"""Which screen is in front: standby from the start, what a briefing shows once that part is loaded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.glass import Glass
from kiosk.settings import Settings
from kiosk.standby import Standby
from kiosk.standby_feed import WRONG_S, Facts, next_look, standby_state
from pageview.wording import language, set_language


class InFront(Protocol):
    """What may take the glass from standby (`briefing_screens`)."""

    def front(self, facts: Facts, now: datetime, clock: float) -> tuple[str, QWidget] | None:
        """The screen to bring, its words up to date; None for standby."""

    def brought(self) -> None:
        """It is in front and painted."""

    def next_look(self, clock: float) -> float:
        """Seconds until its words change by themselves."""


class Screens(QObject):
    """Brings the right screen, and looks again when time changes its words."""

    shown = Signal(str)
    """standby, what stands instead of it, or cover, after its paint. (What the wall shows is told by its page
    view.)"""
    standby_said = Signal(object)
    """StandbyState, before what stands instead of it is asked for."""

    def __init__(
        self,
        settings: Settings,
        glass: Glass,
        touch: bool,
        now: Callable[[], datetime] = datetime.now,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.facts = Facts(touch=touch)
        self._settings = settings
        self._glass = glass
        self._now, self._clock = now, clock
        self._in_front: InFront | None = None
        self._instead: list[tuple[str, Callable[[], QWidget | None]]] = []
        self.front = ""
        """Which one it is, as `shown` tells it."""
        self.standby = Standby(settings.display.inches, settings.display.distance_m)
        self.standby.language_pressed.connect(self.other_language)
        glass.add(self.standby)
        self._look = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._look.timeout.connect(self.refresh)

    def attach(self, in_front: InFront) -> None:
        """From now on a briefing may take the glass."""
        self._in_front = in_front
        self.refresh()

    def instead(self, name: str, front: Callable[[], QWidget | None]) -> None:
        """What may stand in the place of standby while nobody is connected; who came first comes first."""
        self._instead.append((name, front))

    def change_facts(self, **changes: Any) -> None:
        """The network or the glass has news."""
        self.facts = replace(self.facts, **changes)
        self.refresh()

    def wrong_code(self) -> None:
        """Somebody typed a wrong one: said for five seconds."""
        self.change_facts(wrong_until=self._clock() + WRONG_S)

    def other_language(self) -> None:
        """Japanese ↔ English."""
        set_language("ja" if language() == "en" else "en")
        self.refresh()

    def refresh(self) -> None:
        """What is to be shown at this moment is in front and painted when this returns."""
        now, clock = self._now(), self._clock()
        found = self._in_front.front(self.facts, now, clock) if self._in_front is not None else None
        if found is None:
            state = standby_state(self._settings, self.facts, now, clock)
            self.standby.show_state(state)
            self.standby_said.emit(state)
            others = ((name, front()) for name, front in self._instead)
            found = next(
                ((name, each) for name, each in others if each is not None), ("standby", self.standby)
            )
        name, screen = found
        self._glass.bring(screen)
        if self._in_front is not None:
            self._in_front.brought()
        if name != self.front:
            self.front = name
            self.shown.emit(name)
        wait = next_look(self.facts, now, clock)
        if self._in_front is not None:
            wait = min(wait, self._in_front.next_look(clock))
        self._look.start(max(1, round(wait * 1000)))
