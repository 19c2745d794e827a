"""The cover from the first paint on, where a screen died in a briefing; never 「ご利用になれます」."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from kiosk.cover import Cover, CoverState, Moment
from kiosk.settings import Settings
from kiosk.standby_feed import Facts, in_language
from pageview.wording import language


class Resuming:
    """In front until the briefing itself is loaded (`screens.InFront`)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.cover = Cover(settings.display.inches, settings.display.distance_m)

    def front(self, facts: Facts, now: datetime, clock: float) -> tuple[str, QWidget] | None:
        """Always the cover."""
        room, english = self._settings.room, language() == "en"
        name, _ = in_language(room.name, room.name_en, english)
        place, _ = in_language(room.place, room.place_en, english)
        minute = now.replace(second=0, microsecond=0)
        self.cover.show_state(CoverState(name, place, minute, Moment.RECONNECTING, number=room.number))
        return "cover", self.cover

    def brought(self) -> None:
        """Nothing more."""

    def next_look(self, clock: float) -> float:
        """Its words do not change."""
        return 3600.0
