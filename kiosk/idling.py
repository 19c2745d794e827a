"""What a display does while nobody presents on it: it tests itself in the morning, reads its bookings, shows
the house's pictures, and is dark at night."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from kiosk.bookings import Bookings
from kiosk.darkness import Darkness
from kiosk.display_power import DisplayPower, found_switch
from kiosk.glass import Glass
from kiosk.kiosk_state import Standby
from kiosk.machine import Machine
from kiosk.managing import Managing
from kiosk.page_proof import PageProof
from kiosk.picture_screen import PictureScreen
from kiosk.pictures import Pictures
from kiosk.proof_screen import ProofScreen
from kiosk.screens import Screens
from kiosk.self_testing import SelfTesting
from kiosk.settings import Settings
from kiosk.standby_feed import bookings_of_today
from protocol.manage import CheckResult, Hindrance, SelfTest


class Idling(QObject):
    """Constructs the parts and connects them; `start` it once the network is up. ``ending``: whether this
    screen is about to be replaced."""

    def __init__(
        self,
        settings: Settings,
        options: Namespace,
        glass: Glass,
        screens: Screens,
        machine: Machine,
        managing: Managing,
        tell: Callable[[SelfTest], None],
        ending: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._machine, self._managing, self._ending, self._screens = machine, managing, ending, screens
        inches, distance = settings.display.inches, settings.display.distance_m
        self.bookings = Bookings(settings, options.state, parent=self)
        proof_screen = ProofScreen(inches, distance)
        page = PageProof(proof_screen, screens.refresh, parent=self)
        self.self_testing = SelfTesting(
            settings, options, page, self._hindrance, tell, self._others, parent=self
        )
        proof_screen.touched.connect(self.self_testing.touched)
        switch = found_switch(settings.timetable.off, glass.screen().name())
        power = DisplayPower(switch, options.state, parent=self)
        self.darkness = Darkness(settings.timetable, power, self._in_use, screens.refresh, parent=self)
        picture_screen = PictureScreen(inches, distance)
        self.pictures = Pictures(settings.standby, picture_screen, self._no_pictures, parent=self)
        for screen in (proof_screen, self.darkness.black, picture_screen):
            glass.add(screen)
        for touched in (proof_screen, self.darkness.black, picture_screen, screens.standby):
            touched.touched.connect(self.darkness.wake)
        screens.standby.language_pressed.connect(self.darkness.wake)
        screens.instead("test", page.front)
        screens.instead("dark", self.darkness.front)
        screens.instead("picture", self.pictures.front)
        screens.standby_said.connect(self.pictures.standby_says)
        self.pictures.changed.connect(screens.refresh)
        self.pictures.judged.connect(self.self_testing.amend)
        self.bookings.changed.connect(self._booked)
        machine.changed.connect(self._look)
        managing.put_up.connect(self._put_up)
        self.darkness.turned.connect(managing.set_dark)

    def start(self) -> None:
        """From now on."""
        self._booked()
        self.darkness.start()
        self.bookings.start()
        self.pictures.start()
        self.self_testing.start()

    def close(self) -> None:
        """Nothing of it goes on, and the display is not left dark."""
        for part in (self.self_testing, self.bookings, self.pictures, self.darkness):
            part.close()

    def _hindrance(self) -> Hindrance:
        state = self._machine.state
        if not isinstance(state, Standby) or self._ending():
            return Hindrance.BRIEFING
        if state.choosers:
            return Hindrance.CHOSEN
        return Hindrance.NOTICE if self._managing.holds_the_wall else Hindrance.NOTHING

    def _in_use(self) -> bool:
        return self._hindrance() is not Hindrance.NOTHING

    def _others(self) -> tuple[CheckResult, ...]:
        return self.bookings.result() + self.pictures.result()

    def _no_pictures(self) -> bool:
        """Also while somebody presents: a picture that is read takes its time from no page."""
        return self.darkness.dark or self._in_use() or self._managing.layer.state is not None

    def _look(self) -> None:
        self.darkness.look()
        self.self_testing.look()

    def _put_up(self) -> None:
        """A word of the facilities is to be seen."""
        self.darkness.wake()
        self.pictures.rest()
        self.self_testing.look()

    def booked(self) -> tuple[int, int]:
        """From when until when there is a booking now or next today, in seconds since 1970; 0 and 0: none."""
        for each in bookings_of_today(self._settings, self._screens.facts, datetime.now()):
            if not each.whole_day:
                return max(0, int(each.start.timestamp())), max(0, int(each.end.timestamp()))
        return 0, 0

    def _booked(self) -> None:
        bookings = self.bookings
        self._screens.change_facts(
            bookings=bookings.bookings, bookings_read=bookings.read_at, bookings_stale=bookings.stale
        )
        self._managing.tell()
