"""The room's bookings: read again and again, quietly; the last good ones are kept, and said to be old."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from kiosk.calendar_found import Found, Wanted
from kiosk.errand import Errand
from kiosk.settings import Booking, Settings
from pageview.whole_file import PRIVATE, write_whole
from protocol.manage import Check, CheckResult, Verdict

log = logging.getLogger(__name__)

FILE = "bookings.json"
PATIENCE_MS = 40_000


class Kept(msgspec.Struct, frozen=True):
    """As it stands in the state folder. ``read``: seconds since 1970; ``source`` and ``show``: of then."""

    source: str
    show: str
    read: float
    found: Found


class Bookings(QObject):
    """`start` it once; does nothing where no calendar is set. `changed`: there is something else to say."""

    changed = Signal()

    def __init__(
        self,
        settings: Settings,
        state: Path,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._state, self._clock = settings, state, clock
        self._wanted = settings.calendar
        self._source = self._wanted.source.replace("{number}", str(settings.room.number))
        self._problem = ""
        self._kept = self._read_kept()
        self._errand = Errand("kiosk.calendar_reader", PATIENCE_MS, quiet=True, parent=self)
        self._errand.over.connect(self._found)
        self._again = QTimer(self, interval=round(self._wanted.refresh_minutes * 60_000))
        self._again.timeout.connect(self.read)

    def start(self) -> None:
        """Reads at once, and from time to time."""
        if self._wanted.source:
            self._again.start()
            self.read()

    def close(self) -> None:
        self._again.stop()
        self._errand.give_up()

    def read(self) -> None:
        """Begins to read, unless it does so already."""
        if self._errand.under_way:
            return
        self._errand.begin(
            Wanted(
                self._source,
                self._wanted.show,
                self._wanted.ca,
                self._settings.network.own_networks,
                datetime.fromtimestamp(self._clock()).date(),
            )
        )

    # --- what is known --------------------------------------------------------------------------------------

    @property
    def bookings(self) -> tuple[Booking, ...]:
        """By their start."""
        if self._kept is None:
            return ()
        return tuple(
            Booking(each.start, each.end, each.who, whole_day=each.whole_day)
            for each in self._kept.found.bookings
        )

    @property
    def read_at(self) -> datetime | None:
        """When they were read; None: never."""
        return None if self._kept is None else datetime.fromtimestamp(self._kept.read)

    @property
    def stale(self) -> bool:
        """Older than the house takes for granted; or there have never been any."""
        if not self._wanted.source:
            return False
        if self._kept is None:
            return bool(self._problem)
        return self._clock() - self._kept.read > self._wanted.stale_minutes * 60

    def result(self) -> tuple[CheckResult, ...]:
        """For the self-test; nothing where no calendar is set."""
        if not self._wanted.source:
            return ()
        age = 0 if self._kept is None else max(0, round((self._clock() - self._kept.read) / 60))
        return (CheckResult(Check.BOOKINGS, Verdict.LOOK if self._problem else Verdict.GOOD, age),)

    # --- reading --------------------------------------------------------------------------------------------

    def _found(self, lines: list[bytes], whole: bool) -> None:
        found = _read(lines[-1]) if whole and lines else Found((), "no answer")
        if found.problem != self._problem:
            log.info("the calendar: %s", found.problem or "read again")
        self._problem = found.problem
        if not found.problem:
            self._kept = Kept(self._source, self._wanted.show, self._clock(), found)
            self._keep(self._kept)
        self.changed.emit()

    def _keep(self, kept: Kept) -> None:
        try:
            write_whole(msgspec.json.encode(kept), self._state / FILE, PRIVATE)
        except OSError as error:
            log.error("the bookings cannot be kept: %s", error)

    def _read_kept(self) -> Kept | None:
        try:
            kept = msgspec.json.decode((self._state / FILE).read_bytes(), type=Kept)
        except (OSError, msgspec.MsgspecError):
            return None
        same = (kept.source, kept.show) == (self._source, self._wanted.show)
        return kept if same and kept.read <= self._clock() else None


def _read(line: bytes) -> Found:
    """What was in the calendar may have taken the process that read it: its word is looked at, too."""
    try:
        return msgspec.json.decode(line, type=Found)
    except msgspec.MsgspecError:
        return Found((), "no answer that reads")
