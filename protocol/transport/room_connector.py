"""Gets a link with one room, and gets it back: dials, waits for the code, proves it, resumes by the secret.

Both sides dial; the presenter's side decides. Links wait, unauthenticated, until the code is submitted; then
it goes over one of them and the others of that device are closed with 4409. Where several devices claim the
room's number, each in turn is asked to prove that it knows the code.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import monotonic
from typing import Any

from protocol.errors import KamizeroError
from protocol.pairing import Mode, PeerFacts
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.transport.addresses import Endpoint
from protocol.transport.dial import dial
from protocol.transport.events import (
    Failed,
    FailureReason,
    Finding,
    Found,
    LinkState,
    Proving,
)
from protocol.transport.handshake import NOT_CHOSEN, Greeted, Party
from protocol.transport.link import Link
from protocol.transport.redial import Redialer
from protocol.values import Role

REASONS = {
    Why.REFUSED: FailureReason.REFUSED,
    Why.NOT_REGISTERED: FailureReason.NOT_REGISTERED,
    Why.HERE_OLDER: FailureReason.OTHER_VERSION_HERE_OLDER,
    Why.THERE_OLDER: FailureReason.OTHER_VERSION_THERE_OLDER,
}
WAITING_LIMIT = 8
TRIES = 2
"""A device is asked again only when the link was cut before it answered."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An authenticated link, and where it was dialled (None: the kiosk dialled us)."""

    link: Link
    endpoint: Endpoint | None


class RoomConnector:
    """``on_state`` and ``on_arrival`` are called in the loop. ``endpoints()``: where the room may be, now."""

    def __init__(
        self,
        number: int,
        party: Party,
        endpoints: Callable[[], tuple[Endpoint, ...]],
        on_state: Callable[[LinkState], None],
        on_arrival: Callable[[Arrival], None],
        on_forgotten: Callable[[], None],
    ) -> None:
        self.number = number
        self._party = party
        self._endpoints = endpoints
        self._on_state = on_state
        self._on_arrival = on_arrival
        self._on_forgotten = on_forgotten
        self._device: bytes | None = None
        self._tried: dict[bytes, int] = {}
        self._last_good: Endpoint | None = None
        self._devices: dict[Endpoint, bytes] = {}
        self._waiting: list[tuple[Greeted, Endpoint | None]] = []
        self._arrived = asyncio.Event()
        self._wanted = False
        self.missed_until = 0.0
        """Monotonic: so long its session waits for this link; later it may still be there. 0: it does not."""
        self._shut = False
        self._told_length = 0
        self._unanswered: asyncio.TimerHandle | None = None
        self._proof: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._redialer = Redialer(
            self._targets, self._dial, lambda: monotonic() < self.missed_until, party.deadlines
        )
        self._redialer.start()

    # --- wishes -------------------------------------------------------------------------------------------

    @property
    def looking(self) -> bool:
        """Whether this room is being looked for."""
        return self._wanted

    def find(self) -> None:
        """Look for the room, to pair with it by its code."""
        self._device, self._wanted, self._told_length = None, True, 0
        self.missed_until = 0.0
        self._on_state(Finding())
        loop = asyncio.get_running_loop()
        self._unanswered = loop.call_later(self._party.deadlines.no_answer, self._no_answer)
        self._redialer.nudge()

    def resume(self, device: bytes, last_good: Endpoint | None) -> None:
        """Look for the room that was paired, to resume with that device by the session's secret."""
        self._device, self._wanted = device, True
        self.missed_until = monotonic() + self._party.deadlines.wipe
        self._last_good = last_good or self._last_good
        self._redialer.nudge()

    def submit(self, code: str) -> None:
        """The code was typed."""
        if self._wanted and self._device is None and self._proof is None:
            self._on_state(Proving())
            self._proof = self._spawn(self._prove(code))

    def nudge(self) -> None:
        """Something about the network is new."""
        self._devices.clear()
        self._redialer.nudge()

    def look(self) -> None:
        """The places where it may be changed."""
        self._redialer.look()

    def shut(self, seconds: float) -> None:
        """Neither dial nor take a link for so long."""
        self._shut = True
        asyncio.get_running_loop().call_later(seconds, self._reopen)

    def _reopen(self) -> None:
        self._shut = False
        self._redialer.nudge()

    def stop(self) -> None:
        """Look no more; links that wait are closed."""
        self._rest()
        if self._proof is not None:
            self._proof.cancel()
            self._proof = None

    def close(self) -> None:
        """For good."""
        self.stop()
        self._redialer.stop()
        for task in list(self._tasks):
            task.cancel()

    def _rest(self) -> None:
        self._wanted, self.missed_until = False, 0.0
        if self._unanswered is not None:
            self._unanswered.cancel()
        for greeted, _ in self._waiting:
            self._spawn(greeted.close(NOT_CHOSEN))
        self._waiting.clear()

    # --- dialling -----------------------------------------------------------------------------------------

    def _targets(self) -> tuple[Endpoint, ...]:
        if not self._wanted or self._shut:
            return ()
        places = self._endpoints()
        if self._last_good is not None and self._last_good not in places:
            places = (*places, self._last_good)
        if self._device is not None:
            return tuple(p for p in places if self._devices.get(p, self._device) == self._device)
        taken = {greeted.peer.device_id for greeted, _ in self._waiting}
        if self._proof is not None:
            taken.update(device for device, tries in self._tried.items() if tries >= TRIES)
        return tuple(p for p in places if self._devices.get(p) not in taken)

    async def _dial(self, endpoint: Endpoint, patience: float) -> bool:
        resume = self._device is not None
        try:
            greeted = await self._greet(endpoint, Mode.RESUME if resume else Mode.PAIR, patience)
        except HandshakeRefused as refused:
            if resume:
                return await self._ask_whether_forgotten(endpoint)
            self._refused(REASONS[refused.why])
            return False
        except KamizeroError:
            return False
        if resume:
            return await self._resumed(greeted, endpoint)
        self._spawn(self.greeted(greeted, endpoint))
        return True

    async def _greet(self, endpoint: Endpoint, mode: Mode, patience: float | None = None) -> Greeted:
        greeted = await dial(self._party, endpoint.host, endpoint.port, mode, self.number, patience)
        self._devices[endpoint] = greeted.peer.device_id
        return greeted

    async def _ask_whether_forgotten(self, endpoint: Endpoint) -> bool:
        """Somebody there will not resume. Only the device itself (its TLS key says so) is believed."""
        try:
            greeted = await self._greet(endpoint, Mode.PAIR)
        except KamizeroError:
            return False
        if self._wanted and greeted.peer.device_id == self._device:
            self._on_forgotten()
        self._spawn(self.greeted(greeted, endpoint))
        return True

    async def greeted(self, greeted: Greeted, endpoint: Endpoint | None) -> None:
        """A link with this room, dialled or accepted, is there. Returns when that link is over."""
        peer = greeted.peer
        fits = self._fits(peer)
        if fits and self._device is None and greeted.mode is Mode.PAIR:
            await self._wait_for_code(greeted, endpoint)
        elif fits and greeted.mode is Mode.RESUME and self._device is not None:
            await self._resumed(greeted, endpoint)
        else:
            await greeted.close(NOT_CHOSEN)
        await greeted.ended()

    # --- the code -----------------------------------------------------------------------------------------

    async def _wait_for_code(self, greeted: Greeted, endpoint: Endpoint | None) -> None:
        if len(self._waiting) >= WAITING_LIMIT:
            self._turn_out_the_oldest()
        waiting = (greeted, endpoint)
        self._waiting.append(waiting)
        self._arrived.set()
        if self._unanswered is not None:
            self._unanswered.cancel()
        if greeted.peer.code_length != self._told_length and self._proof is None:
            self._told_length = greeted.peer.code_length
            self._on_state(Found(greeted.peer.code_length))
        await greeted.ended()
        if waiting in self._waiting:
            self._waiting.remove(waiting)
            self._redialer.nudge()

    def _turn_out_the_oldest(self) -> None:
        """Strangers who say that they are the room must not keep it out: who dialled us goes first, and a
        room that is turned out for them dials again at once."""
        oldest = next((each for each in self._waiting if each[1] is None), self._waiting[0])
        self._waiting.remove(oldest)
        self._spawn(oldest[0].close(NOT_CHOSEN))

    async def _prove(self, code: str) -> None:
        failure = FailureReason.NO_ANSWER
        self._tried.clear()
        while (chosen := await self._choose()) is not None:
            greeted, endpoint = chosen
            device = greeted.peer.device_id
            self._tried[device] = self._tried.get(device, 0) + 1
            try:
                link = await greeted.prove_code(code)
            except HandshakeRefused as refused:
                self._tried[device] = TRIES
                failure = REASONS[refused.why]
            except KamizeroError as error:
                log.debug("room %d: %s", self.number, error)
            else:
                self._proof = None
                self._connected(link, endpoint)
                return
        self._proof = None
        self._told_length = 0 if failure is FailureReason.NO_ANSWER else self._told_length
        self._on_state(Failed(failure))
        self._redialer.nudge()

    async def _choose(self) -> tuple[Greeted, Endpoint | None] | None:
        """The next link for the code, taken out of those that wait; its device's other links are closed.

        Waits while somebody may still be reached who was not asked: not at all in the usual case of one kiosk
        that said no.
        """
        deadlines = self._party.deadlines
        patience = deadlines.redial_fresh if self._tried else deadlines.step
        try:
            async with asyncio.timeout(patience):
                while not (open_to := [each for each in self._waiting if not self._asked(each[0])]):
                    if self._tried and not self._targets():
                        return None
                    self._arrived.clear()
                    self._redialer.nudge()
                    await self._arrived.wait()
        except TimeoutError:
            return None
        chosen = max(open_to, key=lambda each: (each[0].peer.registered, each[0].dialed))
        device = chosen[0].peer.device_id
        for each in [each for each in self._waiting if each[0].peer.device_id == device]:
            self._waiting.remove(each)
            if each is not chosen:
                self._spawn(each[0].close(NOT_CHOSEN))
        return chosen

    def _asked(self, greeted: Greeted) -> bool:
        return self._tried.get(greeted.peer.device_id, 0) >= TRIES

    # --- resuming, and the end of looking -----------------------------------------------------------------

    async def _resumed(self, greeted: Greeted, endpoint: Endpoint | None) -> bool:
        """Whether the session goes on over this link: of those that are proven at the same time, one that
        hangs keeps none of the others waiting, and the first takes it."""
        if not self._fits(greeted.peer) or greeted.peer.device_id != self._device:
            await greeted.close(NOT_CHOSEN)
            return False
        try:
            link = await greeted.prove_secret(lambda: self._wanted)
        except HandshakeRefused:
            # Of a link that we dialled, TLS has shown that it is the device itself that knows no such secret.
            if self._wanted and endpoint is not None:
                self._on_forgotten()
            return False
        except KamizeroError:
            return False
        self._connected(link, endpoint)
        return True

    def _fits(self, peer: PeerFacts) -> bool:
        about_this = peer.room_number == self.number and peer.role is Role.DISPLAY
        return self._wanted and not self._shut and about_this

    def _connected(self, link: Link, endpoint: Endpoint | None) -> None:
        self._last_good = endpoint or self._last_good
        self._rest()
        self._redialer.found()
        self._on_arrival(Arrival(link, endpoint))

    def _refused(self, reason: FailureReason) -> None:
        if self._wanted and not self._waiting and self._unanswered is not None:
            self._unanswered.cancel()
            self._unanswered = None
            self._on_state(Failed(reason))

    def _no_answer(self) -> None:
        if not self._waiting:
            self._on_state(Failed(FailureReason.NO_ANSWER))

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
