"""A second presenter with the right code: whether it gets the wall, and when.

While the first one's link lives, that presenter and the wall are asked, for 15 s, default no. When the link
has been dead for 10 s, the right code wins at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic

from protocol.errors import CloseCode, PeerFault
from protocol.messages import Introduce, Message, TakeoverAsked
from protocol.transport.events import Event, TakeoverState
from protocol.transport.guest_session import GuestSession
from protocol.transport.link import LinkClosed
from protocol.transport.settings import Deadlines


class Newcomer:
    """The user of a proven link that does not have the wall yet: it may say who it is, and wait.

    ``changed`` is set with each news of it; the first session's event is given, so that one wait sees both.
    """

    def __init__(self, changed: asyncio.Event) -> None:
        self.introduce: Introduce | None = None
        self.gone = False
        self.changed = changed

    async def introduced(self, patience: float) -> bool:
        """Whether it says within so many seconds who it is."""
        try:
            async with asyncio.timeout(patience):
                while self.introduce is None and not self.gone:
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            return False
        return not self.gone

    def take(self, budget: int) -> Sequence[Message]:
        """Nothing is said to it yet."""
        return ()

    def receive(self, message: Message) -> None:
        """Its name, and nothing else."""
        if not isinstance(message, Introduce):
            raise PeerFault(CloseCode.PROTOCOL, "spoke before it had the wall")
        self.introduce = message
        self.changed.set()

    def round_trip(self, seconds: float, answered: bool) -> None:
        """Nobody asks how fast it is."""

    def link_over(self, closed: LinkClosed) -> None:
        """It went away."""
        self.gone = True
        self.changed.set()


class Takeover:
    """One question, from the right code to its answer. ``answer(yes)`` may come from the wall or the first
    presenter; the first answer counts."""

    def __init__(
        self,
        newcomer: Newcomer,
        first: GuestSession,
        emit: Callable[[Event], None],
        deadlines: Deadlines,
    ) -> None:
        self._newcomer = newcomer
        self._first = first
        self._emit = emit
        self._deadlines = deadlines
        self._answer: bool | None = None

    def answer(self, yes: bool) -> None:
        """Somebody who may decide said so."""
        if self._answer is None:
            self._answer = yes
            self._newcomer.changed.set()

    async def decide(self) -> bool:
        """Whether the newcomer gets the wall."""
        asked_until: float | None = None
        while True:
            if self._newcomer.gone or self._answer is not None:
                break
            now = monotonic()
            lost_at = self._first.lost_at
            if lost_at is not None:
                until = lost_at + self._deadlines.takeover_dead
                if now >= until:
                    self._answer = True
                    break
            elif asked_until is None:
                until = asked_until = now + self._deadlines.takeover_question
                self._ask()
            elif now >= asked_until:
                break
            else:
                until = asked_until
            await self._something(until - now)
        if asked_until is not None:
            self._emit(TakeoverState(None, "", 0.0))
        return self._answer is True and not self._newcomer.gone

    def _ask(self) -> None:
        who = self._newcomer.introduce
        assert who is not None
        self._first.say(TakeoverAsked(who.name, who.department))
        self._emit(TakeoverState(who.name, who.department, self._deadlines.takeover_question))

    async def _something(self, seconds: float) -> None:
        """Waits until an answer, a change of either link, or the deadline."""
        self._newcomer.changed.clear()
        try:
            await asyncio.wait_for(self._newcomer.changed.wait(), max(0.0, seconds))
        except TimeoutError:
            return
