"""Gets a participant's link with its presenter, and gets it back: straight, or else through the wall.

The participant always dials, for nobody can dial it. It types the join code, so it makes its guess on one
link at a time; on resume the presenter proves first that it knows the session's secret.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from protocol.errors import KamizeroError
from protocol.pairing import Mode
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.transport.addresses import Endpoint
from protocol.transport.dial import dial
from protocol.transport.handshake import NOT_CHOSEN, Greeted, Party
from protocol.transport.join_events import JoinFailure, Looking, NoAnswer, Refused
from protocol.transport.link import Link
from protocol.transport.redial import Schedule

log = logging.getLogger(__name__)

OTHER_VERSION = {
    Why.HERE_OLDER: JoinFailure.OTHER_VERSION_HERE_OLDER,
    Why.THERE_OLDER: JoinFailure.OTHER_VERSION_THERE_OLDER,
}


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the presenter may be dialled, and where the wall's rendezvous may be."""

    straight: tuple[Endpoint, ...]
    through: tuple[Endpoint, ...]

    @property
    def places(self) -> frozenset[Endpoint]:
        """All of them."""
        return frozenset((*self.straight, *self.through))


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of one dial: a link whose HELLOs fit, then a link that is proven; or a refusal, ``guessed``
    when the code had been said. None of them: nobody of ours answered."""

    endpoint: Endpoint
    greeted: Greeted | None = None
    link: Link | None = None
    refused: HandshakeRefused | None = None
    guessed: bool = False


@dataclass
class _Round:
    """The dials of one round, and what they brought."""

    dials: dict[Endpoint, asyncio.Task[None]] = field(default_factory=dict)
    results: asyncio.Queue[Reached] = field(default_factory=asyncio.Queue)


def _show_mistake(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        task.get_loop().call_exception_handler({"message": "joining failed", "exception": error})


class JoinConnector:
    """``ways()``: where to dial, now. ``on_link(link, endpoint)`` and ``on_state`` are called in the loop;
    ``on_forgotten``: the presenter's program does not know the session."""

    def __init__(
        self,
        room: int,
        party: Party,
        ways: Callable[[], Ways],
        on_state: Callable[[Looking | NoAnswer | Refused], None],
        on_link: Callable[[Link, Endpoint], None],
        on_forgotten: Callable[[], None],
    ) -> None:
        self.room = room
        self._party = party
        self._ways = ways
        self._on_state = on_state
        self._on_link = on_link
        self._on_forgotten = on_forgotten
        self._device: bytes | None = None
        self._code = ""
        self._told_no_answer = False
        self._schedule = Schedule(party.deadlines)
        self._news = asyncio.Event()
        self._shut_until = 0.0
        self._known: frozenset[Endpoint] = frozenset()
        self._round: _Round | None = None
        self._run: asyncio.Task[None] | None = None
        self._late: asyncio.TimerHandle | None = None

    @property
    def looking(self) -> bool:
        """Whether it looks for a link at the moment."""
        return self._run is not None

    # --- wishes -----------------------------------------------------------------------------------------

    def join(self, code: str) -> None:
        """Look for the presenter, to be let in by this code."""
        self._device, self._code = None, code
        self._told_no_answer = False
        self._on_state(Looking())
        self._await_answer()
        self._start()

    def resume(self, device: bytes) -> None:
        """Look for that very device, to go on by the session's secret."""
        self._device = device
        self._start()

    def nudge(self) -> None:
        """Something about the network is new."""
        self._schedule.reset()
        self._news.set()

    def look(self) -> None:
        """The ways may be others: a place that was not known before is news, and dialled at once."""
        ways = self._ways()
        if ways.places - self._known:
            self.nudge()
            if self._round is not None:
                self._dial_all(ways, self._round)
        self._known = ways.places

    def shut(self, seconds: float) -> None:
        """Dial nobody for so long."""
        self._shut_until = asyncio.get_running_loop().time() + seconds

    def stop(self) -> None:
        """Look no more."""
        if self._run is not None and self._run is not asyncio.current_task():
            self._run.cancel()
        self._run = None
        self._answered()

    def _start(self) -> None:
        if self._run is not None:
            self._run.cancel()
        self._schedule.reset()
        self._run = asyncio.get_running_loop().create_task(self._look())
        self._run.add_done_callback(_show_mistake)

    # --- looking ----------------------------------------------------------------------------------------

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._shut_until - loop.time())
            self._news.clear()
            if await self._attempt():
                return
            if self._device is None and self._late is None and not self._told_no_answer:
                self._await_answer()
            pause = self._schedule.pause(self._device is not None) if self._known else None
            try:
                await asyncio.wait_for(self._news.wait(), pause)
            except TimeoutError:
                continue

    async def _attempt(self) -> bool:
        """One round over all ways, also those that become known meanwhile; True when looking is over."""
        ways = self._ways()
        self._known = ways.places
        round_ = self._round = _Round()
        self._dial_all(ways, round_)
        try:
            return await self._try_each(round_)
        finally:
            self._round = None
            await self._give_up(round_)

    def _dial_all(self, ways: Ways, round_: _Round) -> None:
        for endpoint, delay in self._order(ways):
            if endpoint not in round_.dials:
                dial = self._dial(endpoint, delay, round_.results)
                round_.dials[endpoint] = asyncio.get_running_loop().create_task(dial)

    async def _try_each(self, round_: _Round) -> bool:
        """Goes through what the dials bring, one proof at a time; True when looking is over."""
        failure: JoinFailure | None = None
        asked: set[bytes] = set()
        heard = 0
        while heard < len(round_.dials):
            heard += 1
            # Once somebody has refused the code, others get a moment to know it.
            patience = None if failure is None else self._party.deadlines.redial_fresh
            try:
                async with asyncio.timeout(patience):
                    one = await round_.results.get()
            except TimeoutError:
                break
            if one.greeted is not None and one.greeted.peer.device_id in asked:
                await one.greeted.close(NOT_CHOSEN)
                continue
            if one.greeted is not None:
                one = await self._tried(one.greeted, one.endpoint)
            if one.link is not None:
                self._over()
                self._on_link(one.link, one.endpoint)
                return True
            if one.refused is None:
                continue
            if self._device is None:
                failure = failure or OTHER_VERSION.get(one.refused.why)
                if one.guessed and one.refused.by is not None:
                    asked.add(one.refused.by)
                    failure = JoinFailure.REFUSED
            elif one.refused.by == self._device:
                self._over()
                self._on_forgotten()
                return True
        if failure is None:
            return False
        self._over()
        self._on_state(Refused(failure))
        return True

    async def _tried(self, greeted: Greeted, endpoint: Endpoint) -> Reached:
        """What comes of proving code or secret on this link."""
        try:
            if self._device is None:
                link = await greeted.prove_code(self._code)
            else:
                link = await greeted.answer()
        except HandshakeRefused as refused:
            refused.by = greeted.peer.device_id
            return Reached(endpoint, refused=refused, guessed=True)
        except KamizeroError as error:
            log.debug("%s: %s", endpoint, error)
            return Reached(endpoint)
        return Reached(endpoint, link=link)

    def _over(self) -> None:
        """Looking is over: what follows may begin it anew."""
        self._run = None
        self._answered()

    def _order(self, ways: Ways) -> list[tuple[Endpoint, float]]:
        """Each way and when to begin with it: the wall gets its turn when the straight way takes too long."""
        deadlines = self._party.deadlines
        first = deadlines.direct if ways.straight else 0.0
        through = [endpoint for endpoint in ways.through if endpoint not in ways.straight]
        return [
            *((endpoint, 0.0) for endpoint in ways.straight),
            *((endpoint, first + n * deadlines.redial_soon) for n, endpoint in enumerate(through)),
        ]

    async def _dial(self, endpoint: Endpoint, delay: float, results: asyncio.Queue[Reached]) -> None:
        mode = Mode.PAIR if self._device is None else Mode.RESUME
        result = Reached(endpoint)
        try:
            await asyncio.sleep(delay)
            greeted = await dial(self._party, endpoint.host, endpoint.port, mode, self.room)
            self._answered()
            result = Reached(endpoint, greeted=greeted)
        except HandshakeRefused as refused:
            # Of a new participant no code has been said yet: there, nobody may join.
            result = Reached(endpoint, refused=refused)
        except KamizeroError as error:
            log.debug("dialling %s: %s", endpoint, error)
        finally:
            results.put_nowait(result)

    async def _give_up(self, round_: _Round) -> None:
        """Dials that nobody waits for any more, and links that they made."""
        for task in round_.dials.values():
            task.cancel()
        await asyncio.gather(*round_.dials.values(), return_exceptions=True)
        while not round_.results.empty():
            greeted = round_.results.get_nowait().greeted
            if greeted is not None:
                await greeted.close(NOT_CHOSEN)

    # --- nobody answers ---------------------------------------------------------------------------------

    def _await_answer(self) -> None:
        self._answered()
        loop = asyncio.get_running_loop()
        self._late = loop.call_later(self._party.deadlines.no_answer, self._no_answer)

    def _answered(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _no_answer(self) -> None:
        self._late = None
        self._told_no_answer = True
        self._on_state(NoAnswer())
