"""The self-test of this display, from its hour to what the consoles are told.

Never over a briefing: it waits, and gives way at once to whoever wants the wall.
"""

from __future__ import annotations

import logging
import random
import time
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime

import msgspec
from PySide6.QtCore import QObject, QTimer

from kiosk.errand import Errand
from kiosk.page_proof import PageProof
from kiosk.self_test import Wanted, after_crash, amended, due, finished, judged, keep, read_kept
from kiosk.settings import Settings
from protocol.manage import Check, CheckResult, Hindrance, Phase, SelfTest, Verdict

log = logging.getLogger(__name__)

LOOK_MS = 5_000
SPREAD = 120.0
"""Seconds over which the displays of a house begin, that come up together or have the same hour."""
SETTLE = 20.0
"""After a start the network takes a while."""
TOUCHED = 60.0
PATIENCE_MS = 60_000


class SelfTesting(QObject):
    """`start` it once; `look` when the wall is used, or no longer. ``hindrance``: why not now.

    ``others``: what else there is to be told, at the end of a test. ``clock``: seconds since 1970.
    """

    def __init__(
        self,
        settings: Settings,
        options: Namespace,
        page: PageProof,
        hindrance: Callable[[], Hindrance],
        tell: Callable[[SelfTest], None],
        others: Callable[[], tuple[CheckResult, ...]] = tuple,
        clock: Callable[[], float] = time.time,
        spread: float = SPREAD,
        settle: float = SETTLE,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._options, self._page = settings, options, page
        self._hindrance, self._tell, self._others, self._clock = hindrance, tell, others, clock
        self._settle = settle
        self._ready = clock() + settle
        self._spread = random.uniform(0, spread)
        self._ordered = 0
        self._checks = Errand("kiosk.self_checks", PATIENCE_MS, parent=self)
        self._checks.over.connect(self._checked)
        self._results: list[CheckResult] = []
        self._at_work = False
        self._touched_until = 0.0
        self.known = after_crash(read_kept(options.state), int(clock()))
        page.over.connect(self._page_seen)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """The network is up: what is known is told, and the clock is watched."""
        self._tell(self.known)
        self._timer.start()
        self.look()

    def order(self) -> None:
        """Now, or as soon as nobody uses the wall."""
        self._ordered = int(self._clock())
        self.look()

    def touched(self) -> None:
        """Somebody stands before the wall: not for a while."""
        self._touched_until = self._clock() + TOUCHED
        self.look()

    def look(self) -> None:
        """Begins, waits, gives way, or does nothing, as is right at this moment."""
        hindrance, now = self._hindrance(), self._clock()
        self._forget_hours_to_come(now)
        if hindrance is Hindrance.NOTHING and now < self._touched_until:
            hindrance = Hindrance.CHOSEN
        if self._at_work:
            if hindrance is Hindrance.NOTHING:
                return
            self._give_way()
        scheduled = due(self._settings.self_test, datetime.fromtimestamp(now))
        its_turn = now >= max(scheduled, self._ready) + self._spread or self._ordered > self.known.tested
        known, begins = judged(self.known, max(scheduled, self._ordered), int(now), hindrance, its_turn)
        self._know(known)
        if begins:
            self._begin()

    def _forget_hours_to_come(self, now: float) -> None:
        """Where the clock was set back, nothing waits for the hour that it showed before."""
        self._ready = min(self._ready, now + self._settle)
        self._ordered = min(self._ordered, int(now))
        self._touched_until = min(self._touched_until, now + TOUCHED)

    def amend(self) -> None:
        """What else there is to be told is no longer what it was at the end of the test."""
        if self.known.phase is Phase.DONE:
            self._know(amended(self.known, self._others()))

    def close(self) -> None:
        """The program ends."""
        self._timer.stop()
        self._give_way()

    # --- one test -------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._at_work = True
        options = self._options
        self._checks.begin(
            Wanted(
                str(options.state),
                self._settings.network.own_networks,
                not options.no_mdns,
                tuple(options.mdns_interface),
            )
        )

    def _checked(self, lines: list[bytes], _whole: bool) -> None:
        """The process has told what it found, or is not going to: now the screen."""
        self._results = [msgspec.json.decode(line, type=CheckResult) for line in lines]
        self._page.begin()

    def _page_seen(self, wrong: int) -> None:
        from pageview import doctor  # what it stands on is needed on no other occasion

        self._at_work = False
        shown = max((Verdict[each.verdict.name] for each in doctor.display()), default=Verdict.BAD)
        self._results += (
            CheckResult(Check.PAGE, Verdict.BAD if wrong else Verdict.GOOD, max(0, wrong)),
            CheckResult(Check.DISPLAY, shown),
            *self._others(),
        )
        self._know(finished(self.known, tuple(self._results), int(self._clock())))
        worst = max(each.verdict for each in self.known.results)
        log.info("the self-test found: %s", worst.name)

    def _give_way(self) -> None:
        self._at_work = False
        self._checks.give_up()
        self._page.give_up()

    def _know(self, known: SelfTest) -> None:
        if known == self.known:
            return
        self.known = known
        try:
            keep(self._options.state, known)
        except OSError as error:
            log.error("what the self-test found cannot be kept: %s", error)
        self._tell(known)
