"""Dialling until it works: 50 ms, doubling to half a second, then every 5 seconds, but not while a session
waits for its link; never waiting for one that hangs."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple

from protocol.transport.addresses import Endpoint
from protocol.transport.settings import Deadlines

SOON_TRIES = 20
HANGING_LIMIT = 5
MISSED_LIMIT = 3
"""While a session waits: a door lets in four of one address, and the fourth may be for papers."""


class Schedule:
    """The pause before each further try, in seconds, ±20 %. Pure but for the spread it is given."""

    def __init__(self, deadlines: Deadlines, spread: Callable[[], float] = random.random) -> None:
        self._deadlines = deadlines
        self._spread = spread
        self._tries = 0

    def reset(self) -> None:
        """Something is new: begin again with the short pauses."""
        self._tries = 0

    def pause(self, missed: bool = False) -> float:
        """The next pause; ``missed``: a session waits for this link."""
        soon = min(self._deadlines.redial_first * 2**self._tries, self._deadlines.redial_soon)
        pause = soon if missed or self._tries < SOON_TRIES else self._deadlines.redial_late
        self._tries += 1
        return pause * (0.8 + 0.4 * self._spread())


class UnderWay(NamedTuple):
    """A dial that nothing has come of yet: since when, and the seconds that it has for TCP."""

    begun: float
    patience: float


class Redialer:
    """Dials ``targets()`` in turn while there are any, each with ``dial(target, patience)``, which never
    raises for what a network or a stranger does and says whether it got through; ``patience``: seconds for
    TCP.

    ``targets`` is asked before each dial: what is connected, or not wanted any more, is not among them.
    ``missed``: whether a session waits for its link just now.
    """

    def __init__(
        self,
        targets: Callable[[], Sequence[Endpoint]],
        dial: Callable[[Endpoint, float], Coroutine[Any, Any, bool]],
        missed: Callable[[], bool],
        deadlines: Deadlines,
    ) -> None:
        self._targets = targets
        self._missed = missed
        self._dial = dial
        self._deadlines = deadlines
        self._schedule = Schedule(deadlines)
        self._nudged = asyncio.Event()
        self._since_news = 0
        """How many dials since something was new."""
        self._last: Endpoint | None = None
        self._seen: frozenset[Endpoint] = frozenset()
        self._hanging: dict[asyncio.Task[bool], UnderWay] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins in the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def nudge(self) -> None:
        """Something changed: look at the targets at once, and begin again with the short pauses."""
        self._schedule.reset()
        self._since_news = 0
        self._nudged.set()

    def look(self) -> None:
        """The targets may have changed: one that was not there before is news, anything else is not."""
        targets = frozenset(self._targets())
        if targets - self._seen:
            self.nudge()
        self._seen = targets

    def found(self) -> None:
        """Somebody got through: dials under way are broken off, but for the one that says so."""
        current = asyncio.current_task()
        for task in self._hanging:
            if task is not current:
                task.cancel()

    def stop(self) -> None:
        """Dials no more; dials under way are broken off."""
        for task in (self._task, *self._hanging):
            if task is not None:
                task.cancel()

    async def _run(self) -> None:
        while True:
            self._nudged.clear()
            targets = self._targets()
            missed = self._missed()
            if not targets:
                await self._pause(None)
                continue
            if len(self._hanging) >= (MISSED_LIMIT if missed else HANGING_LIMIT):
                await asyncio.wait(self._hanging, return_when=asyncio.FIRST_COMPLETED)
                continue
            fresh, patience = self._fresh(missed, len(targets)), self._patience(missed)
            loop = asyncio.get_running_loop()
            begun = loop.time()
            task = loop.create_task(self._dial(self._next(targets), patience))
            self._hanging[task] = UnderWay(begun, patience)
            task.add_done_callback(self._dialled)
            self._since_news += 1
            done, _ = await asyncio.wait({task}, timeout=fresh)
            if done and not task.cancelled() and task.exception() is None and task.result():
                self._schedule.reset()
                # A link that dies at once must not be dialled without a pause.
                await asyncio.sleep(self._deadlines.redial_first)
            elif done:
                missed = self._missed()
                pause = self._schedule.pause(missed)
                await self._pause(max(0.0, begun + pause - loop.time()) if missed else pause)

    def _dialled(self, task: asyncio.Task[bool]) -> None:
        dial = self._hanging.pop(task)
        if task.cancelled():
            return
        error, loop = task.exception(), task.get_loop()
        if error is not None:
            # A mistake of ours: it must be seen, but the places that are dialled next have no part in it.
            loop.call_exception_handler({"message": "dialling failed", "exception": error})
        elif not task.result() and self._missed() and self._broken_off(dial, loop.time()):
            self.nudge()

    def _broken_off(self, dial: UnderWay, now: float) -> bool:
        """Whether it hung, was not given up by us, and yet failed: the system had asked three times, a second
        apart, for the machine that has the address. It asks again with the next dial, and not before."""
        return self._deadlines.redial_soon < now - dial.begun < dial.patience

    def _fresh(self, missed: bool, places: int) -> float:
        """How long a dial may hang before there is another beside it. While a session waits and something is
        new, no place waits for another one: IPv6 may know a machine that IPv4 has forgotten."""
        if not missed:
            return self._deadlines.redial_fresh
        first_round = self._since_news < places - 1
        return self._deadlines.redial_first if first_round else self._deadlines.redial_missed

    def _patience(self, missed: bool) -> float:
        """TCP itself tries again after 1, 2, 4 s. While a session waits, one dial does and the others make
        room for fresh ones."""
        step = self._deadlines.step
        hangs_on = any(dial.patience == step for dial in self._hanging.values())
        return self._deadlines.redial_soon if missed and hangs_on else step

    def _next(self, targets: Sequence[Endpoint]) -> Endpoint:
        after = targets.index(self._last) + 1 if self._last in targets else 0
        self._last = targets[after % len(targets)]
        return self._last

    async def _pause(self, seconds: float | None) -> None:
        try:
            await asyncio.wait_for(self._nudged.wait(), seconds)
        except TimeoutError:
            return
