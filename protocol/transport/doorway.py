"""The kiosk's door: the room code, the links that come and those it dials itself, until they are proven.

The kiosk never chooses: every presenter that announces itself for this room is dialled, every one that dials
is greeted, and each link waits for the other side to prove the code or the session's secret.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from enum import Enum, auto
from typing import Any

from protocol.by_broker import RoomHere
from protocol.errors import CloseCode, KamizeroError
from protocol.facilities import Facilities
from protocol.pairing import Mode, PeerFacts
from protocol.pairing_checks import HandshakeRefused
from protocol.transport.addresses import Endpoint, Interface
from protocol.transport.broker_display import addresses
from protocol.transport.candidates import Announcement
from protocol.transport.choosers import DOUBT, ChooserCount
from protocol.transport.code_on_glass import CodeOnGlass
from protocol.transport.dial import dial
from protocol.transport.events import Choosers, Event, NetworkState
from protocol.transport.handshake import Greeted, Party
from protocol.transport.link import Link
from protocol.transport.redial import Redialer
from protocol.transport.settings import TransportSettings
from protocol.transport.surroundings import Surroundings, network_state
from protocol.transport.tls import DeviceKey
from protocol.values import Role

log = logging.getLogger(__name__)

NOT_NOW = 5.0
"""Seconds, at the most, for which a presenter that let us go at once is not dialled. While a session
waits for its link, which that presenter may think alive, it is ``redial_soon``."""


class Wall(Enum):
    """What the door needs to know of the wall behind it."""

    FREE = auto()
    FOLLOWING = auto()
    LOST = auto()
    """It belongs to a presenter whose link is dead."""


class Doorway:
    """``on_link(link, endpoint)`` runs for each proven link, in its task, until that link is over;
    ``endpoint`` is where it was dialled, None when the presenter dialled. ``on_network(woke)``: the network
    changed, or the machine slept. ``closed``: out of service; only consoles come in. ``on_here``: where it is
    dialled, and whether it is in use, have changed."""

    def __init__(
        self,
        settings: TransportSettings,
        device: DeviceKey,
        room: int,
        secret_for: Callable[[PeerFacts], bytes | None],
        on_link: Callable[[Link, Endpoint | None], Coroutine[Any, Any, None]],
        emit: Callable[[Event], None],
        on_network: Callable[[bool], None],
        certificate: bytes | None,
        facilities: Facilities | None,
        closed: bool = False,
        on_here: Callable[[RoomHere], None] = lambda here: None,
    ) -> None:
        self._settings = settings
        deadlines = settings.deadlines
        self._room = room
        self._on_link = on_link
        self._emit = emit
        self._on_network = on_network
        self._on_here = on_here
        self._endpoints: tuple[Endpoint, ...] = ()
        self._code = CodeOnGlass(room, deadlines, emit)
        self.party = Party(
            device=device,
            role=Role.DISPLAY,
            deadlines=deadlines,
            secret_for=secret_for,
            room=room,
            codes=self._code.codes,
            on_code=self._code.heard,
            certificate=certificate,
            facilities=facilities,
            closed=closed,
        )
        self._choosers = ChooserCount(lambda count: emit(Choosers(count)))
        self._surroundings = Surroundings(settings, self.party, self)
        self._redialer = Redialer(self._targets, self._dial, lambda: self._wall is Wall.LOST, deadlines)
        self._wall = Wall.FREE
        self._connected: set[Endpoint] = set()
        self._other_presenters: set[Endpoint] = set()
        self._followed: set[Endpoint] = set()
        """Where the presenter that the wall follows announces itself to participants."""
        self._not_now: set[Endpoint] = set()
        self._let_go: dict[Endpoint, int] = {}
        """How often one after the other we were let go there at once."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._network: NetworkState | None = None
        self._shut = False

    # --- wishes -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins in the running loop: shows a code, listens, announces, dials."""
        self._announce()
        self._surroundings.start()
        self._redialer.start()
        self._code.show()

    async def stop(self) -> None:
        """Every link ends."""
        self._redialer.stop()
        self._code.stop()
        for task in self._tasks:
            task.cancel()
        await self._surroundings.stop()

    def set_wall(self, wall: Wall) -> None:
        """The wall was taken, freed, lost or is back."""
        if wall is not self._wall:
            self._wall = wall
            self._other_presenters.clear()
            self._followed.clear()
            self._not_now.clear()
            self._let_go.clear()
            self._announce()
            self._redialer.nudge()

    def _announce(self) -> None:
        in_use = self._wall is not Wall.FREE
        self._surroundings.announce([Announcement(self._room, in_use, self.party.closed)])
        if self._endpoints:
            self._on_here(RoomHere(in_use, self.party.closed, addresses(self._endpoints)))

    def new_code(self) -> None:
        """Another code at once."""
        self._code.renew()

    def shut(self, seconds: float) -> None:
        """Nobody is greeted and nobody dialled for that long: what a pulled cable does."""
        self._shut = True
        asyncio.get_running_loop().call_later(seconds, self._reopen)

    def _reopen(self) -> None:
        self._shut = False
        self._redialer.nudge()

    # --- links --------------------------------------------------------------------------------------------

    async def greeted(self, greeted: Greeted, endpoint: Endpoint | None = None) -> None:
        """A link whose HELLOs fit. Returns when it is over."""
        if self._shut:
            await greeted.close(CloseCode.NORMAL)
            return
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            link = await self._proven(greeted)
        except KamizeroError as error:
            log.debug("a link was not proven: %s", error)
            if endpoint is not None and greeted.mode is not Mode.BULK:
                missed = greeted.mode is Mode.RESUME
                self._let_go_at(endpoint, loop.time() - begun, missed)
            return
        await self._on_link(link, endpoint)

    def _let_go_at(self, endpoint: Endpoint, after: float, missed: bool) -> None:
        """A presenter that announces this room and, again and again, lets us go at once shows its papers at
        another display of this number, or looks for one that it knows, or is a stranger: it is dialled ever
        less often. ``missed``: it may be our session's, and not have heard yet that the link is dead."""
        if after >= DOUBT:
            self._let_go.pop(endpoint, None)
            return
        times = self._let_go[endpoint] = self._let_go.get(endpoint, 0) + 1

        def ask_again() -> None:
            self._not_now.discard(endpoint)
            if endpoint not in self._targets():
                self._let_go.pop(endpoint, None)
            self._redialer.look()

        self._not_now.add(endpoint)
        self._redialer.look()
        deadlines = self._settings.deadlines
        most = deadlines.redial_soon if missed else NOT_NOW
        pause = min(most, deadlines.redial_first * 2 ** min(times, 10))
        asyncio.get_running_loop().call_later(pause, ask_again)

    async def _proven(self, greeted: Greeted) -> Link:
        if greeted.mode is not Mode.PAIR:
            return await greeted.answer()
        with self._choosers.waits(greeted.peer.device_id, dialed=greeted.dialed):
            return await greeted.answer()

    def _targets(self) -> tuple[Endpoint, ...]:
        if self._shut or self.party.closed:
            return ()
        not_now = self._connected | self._followed | self._not_now
        return tuple(
            endpoint
            for candidate in self._surroundings.candidates.presenters(self._room)
            if not not_now.intersection(candidate.endpoints)
            for endpoint in candidate.endpoints
        )

    async def _dial(self, endpoint: Endpoint, patience: float) -> bool:
        resume = self._wall is Wall.LOST and endpoint not in self._other_presenters
        mode = Mode.RESUME if resume else Mode.PAIR
        try:
            greeted = await dial(self.party, endpoint.host, endpoint.port, mode, self._room, patience)
        except HandshakeRefused:
            if resume:
                self._other_presenters.add(endpoint)
            return False
        except KamizeroError as error:
            log.debug("dialling %s: %s", endpoint, error)
            return False
        if self._wall is Wall.FOLLOWING and self.party.secret_for(greeted.peer) is not None:
            self._followed.add(endpoint)
            await greeted.close()
            return True
        task = asyncio.get_running_loop().create_task(self._hold(greeted, endpoint))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _hold(self, greeted: Greeted, endpoint: Endpoint) -> None:
        self._connected.add(endpoint)
        try:
            await self.greeted(greeted, endpoint)
        finally:
            self._connected.discard(endpoint)
            self._redialer.nudge()

    async def dial_bulk(self, endpoint: Endpoint) -> None:
        """A second connection to the presenter that we dialled, for papers. Returns when it is over."""
        greeted = await dial(self.party, endpoint.host, endpoint.port, Mode.BULK, self._room)
        await self.greeted(greeted, endpoint)

    # --- what the surroundings call -----------------------------------------------------------------------

    def heard(self) -> None:
        """Somebody announces, or no longer does."""
        self._redialer.look()

    def moved(self, interfaces: tuple[Interface, ...], endpoints: tuple[Endpoint, ...]) -> None:
        """The network changed."""
        state = network_state(self._settings, interfaces, endpoints)
        if state != self._network:
            self._network = state
            self._emit(state)
        if endpoints != self._endpoints:
            self._endpoints = endpoints
            self._announce()
        self._redialer.nudge()
        self._on_network(False)

    def woke(self) -> None:
        """The machine slept."""
        self._redialer.nudge()
        self._on_network(True)
