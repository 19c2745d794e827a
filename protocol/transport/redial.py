"""Dialling until it works: 50 ms, doubling to half a second, then every 5 seconds, but not while a session
waits for its link; never waiting for one that hangs."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

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
        self._last: Endpoint | None = None
        self._seen: frozenset[Endpoint] = frozenset()
        self._hanging: dict[asyncio.Task[bool], float] = {}
        """Dials under way, with their patience."""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins in the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def nudge(self) -> None:
        """Something changed: look at the targets at once, and begin again with the short pauses."""
        self._schedule.reset()
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
            target = self._next()
            missed = self._missed()
            fresh = self._deadlines.redial_soon if missed else self._deadlines.redial_fresh
            if target is None or len(self._hanging) >= (MISSED_LIMIT if missed else HANGING_LIMIT):
                await self._pause(None if target is None else fresh)
                continue
            patience = self._patience(missed)
            task = asyncio.get_running_loop().create_task(self._dial(target, patience))
            self._hanging[task] = patience
            task.add_done_callback(self._dialled)
            done, _ = await asyncio.wait({task}, timeout=fresh)
            if done and not task.cancelled() and task.exception() is None and task.result():
                self._schedule.reset()
                # A link that dies at once must not be dialled without a pause.
                await asyncio.sleep(self._deadlines.redial_first)
            elif done:
                await self._pause(self._schedule.pause(self._missed()))

    def _dialled(self, task: asyncio.Task[bool]) -> None:
        self._hanging.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # A mistake of ours: it must be seen, but the places that are dialled next have no part in it.
            task.get_loop().call_exception_handler({"message": "dialling failed", "exception": error})

    def _patience(self, missed: bool) -> float:
        """TCP itself tries again after 1, 2, 4 s. While a session waits, one dial does and the others make
        room for fresh ones."""
        step = self._deadlines.step
        return self._deadlines.redial_fresh if missed and step in self._hanging.values() else step

    def _next(self) -> Endpoint | None:
        targets = self._targets()
        if not targets:
            return None
        after = targets.index(self._last) + 1 if self._last in targets else 0
        self._last = targets[after % len(targets)]
        return self._last

    async def _pause(self, seconds: float | None) -> None:
        try:
            await asyncio.wait_for(self._nudged.wait(), seconds)
        except TimeoutError:
            return
