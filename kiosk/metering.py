"""What of this display is counted and measured while it runs; given out only where the settings say so."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from kamizero import VERSION
from kiosk.follower import Follower
from kiosk.health import read_health
from kiosk.kiosk_state import Following, Paired, Standby
from kiosk.machine import Machine
from kiosk.metrics import Figures, MetricsServer, PageTimes, exposition
from kiosk.settings import Settings
from pageview.page_view import Painted
from protocol.values import View

log = logging.getLogger(__name__)

AGAIN_MS = 5_000


class Metering(QObject):
    """`start` it once. Without a port in the settings it does nothing; with one it does nothing until it is
    asked, in the thread that answers, of values that are replaced and never changed."""

    def __init__(
        self,
        settings: Settings,
        state: Path,
        machine: Machine,
        follower: Follower,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._state, self._machine, self._clock = settings, state, machine, clock
        self.restarts = self.briefings = 0
        """As the supervisor counts them."""
        self._pages = PageTimes()
        self._wanted: tuple[View, float] | None = None
        self._started = int(time.time())
        self._told = False
        network = settings.network
        self.server = MetricsServer(network.metrics_address, network.metrics_port, self._text)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self._open)
        follower.turned.connect(self._turned)
        follower.painted.connect(self._painted)

    def start(self) -> None:
        """Listens, if that is wanted."""
        if self._settings.network.metrics_port:
            self._open()

    def _open(self) -> None:
        """Again and again where the port is taken."""
        try:
            self.server.open()
        except OSError as error:
            if not self._told:
                log.error("the figures cannot be given out: %s", error)
            self._told = True
            self._again.start()
        else:
            self._again.stop()

    def close(self) -> None:
        """The port is free again."""
        self._again.stop()
        self.server.close()

    def _text(self) -> str:
        return exposition(self._figures(), self._pages)

    def _figures(self) -> Figures:
        state, room = self._machine.state, self._settings.room
        used = "standby" if isinstance(state, Standby) else "briefing"
        return Figures(
            VERSION,
            room.number,
            "out_of_service" if room.out_of_service else used,
            isinstance(state, Paired | Following) and state.lost_at is None,
            self._started,
            self.restarts,
            self.briefings,
            _resident(),
            read_health(self._state),
        )

    def _turned(self, _former: View | None, view: View) -> None:
        self._wanted = view, self._clock()

    def _painted(self, painted: Painted) -> None:
        if self._wanted is None or not painted.sharp:
            return
        view, since = self._wanted
        if (painted.page_id, painted.rect) == (view.page_id, view.rect):
            self._pages = self._pages.with_one(self._clock() - since)
            self._wanted = None


def _resident() -> int:
    """Bytes of the supervisor, this screen and its renderers; what they share counts for each (Linux)."""
    own = os.getpid()
    family = [os.getppid(), own]
    try:
        family += map(int, Path(f"/proc/{own}/task/{own}/children").read_text("ascii").split())
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) for pid in family)
    except (OSError, ValueError):
        return 0  # not Linux, or one that has just ended: the next look tells
    return pages * os.sysconf("SC_PAGE_SIZE")
