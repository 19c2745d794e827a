"""A participant's side of the network: joins a room's briefing by its join code, and follows it.

The twin of `RoomSide`. It dials and is never dialled; what a session is stands in `GuestSession`, how a link
comes about in `JoinConnector`. Nothing is kept on a disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace

from protocol.changes import PeersChanged
from protocol.errors import KamizeroError, Misuse
from protocol.facilities import Facilities
from protocol.messages import (
    FloorAsked,
    FloorDeclined,
    FloorReturned,
    Introduction,
    Waiting,
    WallPlace,
    Walls,
)
from protocol.ops import Op
from protocol.pairing import Mode, PeerFacts
from protocol.presence import Presence
from protocol.registers import Register
from protocol.texts import one_line
from protocol.transport.addresses import Endpoint, Interface, on_each_link, read_endpoint
from protocol.transport.broker_rooms import BrokerRoom, by_broker
from protocol.transport.dial import dial
from protocol.transport.events import (
    Changed,
    Event,
    LinkLost,
    OnEvents,
    PairedWith,
    SecretKept,
)
from protocol.transport.fetch import Fetcher
from protocol.transport.guest_session import AboutGuest, GuestSession, KeptSession
from protocol.transport.handshake import NOT_CHOSEN, Greeted, Party
from protocol.transport.join_connector import JoinConnector, Ways
from protocol.transport.join_events import (
    AwaitingApproval,
    AwaitingStart,
    FloorRefused,
    Joined,
    JoinState,
    Left,
    LeftReason,
    State,
    WallsSeen,
)
from protocol.transport.ladder import DNS_FRESH, Ladder
from protocol.transport.link import Link
from protocol.transport.pump import Pump
from protocol.transport.runner import Runner
from protocol.transport.settings import BlobStore, TransportSettings
from protocol.transport.surroundings import Surroundings
from protocol.transport.tls import DeviceKey
from protocol.transport.wire_log import WireLog
from protocol.values import Role

log = logging.getLogger(__name__)

NAME_LIMIT = 80
PAPERS_IDLE = 0.25
"""The second link ends so long after the last paper came: at the wall it takes a place that others need."""
WAIT_TO_START = 86_400.0


class Participant:
    """What a participant's program does on the network. Every method is called in the loop thread
    (``runner.call``), ``start`` first. ``facilities``: whose word the room file needs."""

    def __init__(
        self,
        runner: Runner,
        device: DeviceKey,
        settings: TransportSettings,
        on_events: OnEvents,
        store: BlobStore,
        facilities: Facilities | None = None,
    ) -> None:
        self._runner = runner
        self._facilities = facilities
        self._settings = settings
        # Whoever waits to be let in may wait as long as the presenter takes.
        self._deadlines = replace(settings.deadlines, unstarted=WAIT_TO_START)
        self._on_events = on_events
        self._store = store
        self._wire_log = None if settings.wire_log is None else WireLog(settings.wire_log)
        self._party = Party(
            device=device, role=Role.PARTICIPANT, deadlines=settings.deadlines, secret_for=self._secret_for
        )
        self._surroundings = Surroundings(replace(settings, listen_addresses=()), self._party, self)
        self._ladder = Ladder(
            self._surroundings.candidates,
            self._surroundings.own,
            settings.kiosk_port,
            settings.host_pattern,
        )
        self._broker = by_broker(settings, facilities, self._surroundings.own, self._brokered)
        self._connector: JoinConnector | None = None
        self._session: GuestSession | None = None
        self._name = ""
        self._typed: Endpoint | None = None
        self._told: Joined | None = None
        self._papers: asyncio.Task[None] | None = None
        self._walls: tuple[WallPlace, ...] = ()

    # --- the program's wishes -----------------------------------------------------------------------------

    def start(self) -> None:
        """Looks around; listens to nobody."""
        self._surroundings.start()
        if self._broker is not None:
            self._broker.start()
        self._runner.spawn(self._read_room_file())

    def _brokered(self, rooms: Mapping[int, BrokerRoom]) -> None:
        self._ladder.set_broker_rooms(rooms)
        self.heard()

    async def _read_room_file(self) -> None:
        if await self._ladder.read_room_file(self._settings.room_file, self._facilities):
            self.heard()

    async def stop(self) -> None:
        """Every link ends. The presenter may think that this participant comes back."""
        self._stop_looking()
        if self._session is not None:
            await self._session.close(wiped=False)
        await self._surroundings.stop()
        if self._wire_log is not None:
            self._wire_log.close()

    def join(self, room: int, code: str, name: str, address: str | None = None) -> None:
        """Look for the briefing of this room, to be let in by its join code.

        ``name``: what the presenter reads. ``address``: the wall's, only there; `Misuse` when it is none, and
        while this participant is in a briefing.
        """
        if self._session is not None:
            raise Misuse("one briefing at a time")
        typed = None if address is None else read_endpoint(address, self._settings.rendezvous_port)
        if typed is not None and typed.port == self._settings.kiosk_port:
            # What standby shows in small print is where the wall takes presenters.
            typed = Endpoint(typed.host, self._settings.rendezvous_port)
        self._stop_looking()
        self._name = one_line(name)[:NAME_LIMIT]
        self._typed = typed
        connector = self._connector = JoinConnector(
            room, self._party, self._ways, self._tell, self._linked, self._forgotten
        )
        connector.join(code)
        self._runner.spawn(self._ask_dns(connector))

    def leave(self) -> None:
        """退出する, or look no more. `Left` follows where there was a briefing."""
        self._stop_looking()
        if self._session is not None:
            self._session.end(LeftReason.HERE)

    def wiped(self) -> None:
        """After `Left`: nothing of the briefing is left here. The presenter is told; one may join again."""
        session = self._session
        if session is not None and session.ended:
            self._session = self._told = None
            self._walls = ()
            self._runner.spawn(session.close(wiped=True))

    def present(self, presence: Presence) -> None:
        """What is on this screen, or a pointer. Without effect where the role does not allow it."""
        if self._session is not None and not self._session.ended:
            self._session.present(presence)

    def ask_floor(self) -> None:
        """May I present?"""
        if self._session is not None and self._told is not None:
            self._session.say(FloorAsked())

    def return_floor(self) -> None:
        """I present no more."""
        if self._session is not None and self._told is not None:
            self._session.say(FloorReturned())

    def edit(self, op: Op, shown: int | None = None) -> None:
        """An edit; one that the role does not allow, or that does not apply, is told as `OpRefused`.

        ``shown``: see `GuestSession.edit`.
        """
        if self._session is not None and not self._session.ended:
            self._session.edit(op, shown)

    def offer_find(self, title: str, source: str, pdf: bytes) -> None:
        """Something that was looked up goes to the presenter, where that was granted."""
        if self._session is not None and not self._session.ended:
            self._session.offer_find(title, source, pdf)

    def withdraw_find(self, n: int) -> None:
        """Never mind that one."""
        if self._session is not None and not self._session.ended:
            self._session.withdraw_find(n)

    def undo(self) -> None:
        """Undo the newest own edit."""
        if self._session is not None and not self._session.ended:
            self._session.undo()

    def redo(self) -> None:
        """Redo what was undone last."""
        if self._session is not None and not self._session.ended:
            self._session.redo()

    def set(self, register: Register) -> None:
        """Set a register, with the floor; else without effect."""
        if self._session is not None and not self._session.ended:
            self._session.set(register)

    def cut(self, seconds: float) -> None:
        """Drops every link for real, and dials nobody for so long."""
        if self._connector is not None:
            self._connector.shut(seconds)
        if self._session is not None:
            self._session.cut()

    # --- the way there ------------------------------------------------------------------------------------

    def _ways(self) -> Ways:
        """To the room that was typed; for who was in, to every room of the briefing that there is."""
        assert self._connector is not None
        typed, room = self._typed, self._connector.room
        port = self._settings.rendezvous_port if typed is None else typed.port
        told = [Endpoint(place.host, port) for place in self._walls]
        if typed is not None:
            return Ways((), tuple(dict.fromkeys((*told, *on_each_link(typed, self._surroundings.own)))))
        numbers = [place.number for place in self._walls] or [room]
        straight: dict[Endpoint, None] = {}
        through = dict.fromkeys(told)
        for number in numbers:
            for presenter in self._surroundings.candidates.presenters(number):
                straight |= dict.fromkeys(presenter.endpoints)
            through |= {Endpoint(wall.host, port): None for wall in self._ladder.endpoints(number)}
        return Ways(tuple(straight), tuple(through))

    async def _ask_dns(self, connector: JoinConnector) -> None:
        while connector is self._connector:
            if connector.looking and await self._ladder.look_up(connector.room):
                connector.look()
            await asyncio.sleep(DNS_FRESH)

    def _stop_looking(self) -> None:
        if self._connector is not None:
            self._connector.stop()
            self._connector = None
        if self._papers is not None:
            self._papers.cancel()
            self._papers = None

    # --- links --------------------------------------------------------------------------------------------

    def _secret_for(self, peer: PeerFacts) -> bytes | None:
        session = self._session
        if session is None or session.ended or session.kept.device_id != peer.device_id:
            return None
        return session.kept.secret

    def _linked(self, link: Link, endpoint: Endpoint) -> None:
        session = self._session
        if session is None:
            session = self._session = self._begin(link)
        pump = Pump(link, session, self._deadlines, self._wire_log, f"presenter {link.address}")
        pump.start()
        session.attach(pump)
        if self._papers is not None:
            self._papers.cancel()
        self._papers = asyncio.get_running_loop().create_task(self._fetch_papers(session, endpoint))

    def _begin(self, link: Link) -> GuestSession:
        fetcher = Fetcher(self._store, self._emit, self._wire_log)
        fetcher.end_when_idle(PAPERS_IDLE)
        return GuestSession(
            KeptSession(link.peer.device_id, link.secret, "", ""),
            Introduction(self._name),
            fetcher,
            self._emit,
            self._about_us,
            self._ended,
            self._deadlines,
        )

    async def _fetch_papers(self, session: GuestSession, endpoint: Endpoint) -> None:
        """Papers come over a link of their own, the same way as the control link."""
        assert self._connector is not None
        room = self._connector.room
        while True:
            await session.fetcher.lacking()
            try:
                greeted = await dial(self._party, endpoint.host, endpoint.port, Mode.BULK, room)
                await session.fetcher.run(await greeted.answer())
            except KamizeroError as error:
                log.debug("bulk link: %s", error)
            await asyncio.sleep(self._deadlines.redial_soon)

    def _forgotten(self) -> None:
        if self._session is not None:
            self._session.end(LeftReason.FORGOTTEN)

    # --- what the session tells ---------------------------------------------------------------------------

    def _about_us(self, message: AboutGuest) -> None:
        match message:
            case Waiting(approval):
                self._tell(AwaitingApproval() if approval else AwaitingStart())
            case Walls(places) if places != self._walls:
                self._walls = places
                self._on_events((WallsSeen(places),))
            case FloorDeclined():
                self._on_events((FloorRefused(),))

    def _ended(self, reason: LeftReason) -> None:
        self._stop_looking()
        self._tell(Left(reason))

    def _tell_rooms(self) -> None:
        if news := self._ladder.news():
            self._on_events(news)

    def _tell(self, state: State) -> None:
        self._on_events((JoinState(state),))

    def _emit(self, *events: Event) -> None:
        for event in events:
            if isinstance(event, LinkLost) and self._session is not None and self._connector is not None:
                self._connector.resume(self._session.kept.device_id)
            elif isinstance(event, Changed) and PeersChanged() in event.changes:
                self._tell_role()
        told = tuple(event for event in events if not isinstance(event, PairedWith | SecretKept))
        if told:
            self._on_events(told)

    def _tell_role(self) -> None:
        replica = None if self._session is None else self._session.replica
        if replica is not None and replica.role is not None and replica.peer is not None:
            joined = Joined(replica.role, replica.peer)
            if joined != self._told:
                self._told = joined
                self._tell(joined)

    # --- what the surroundings call -----------------------------------------------------------------------

    async def greeted(self, greeted: Greeted) -> None:
        """Nobody dials a participant."""
        await greeted.close(NOT_CHOSEN)

    def heard(self) -> None:
        """Somebody announces, or no longer does."""
        self._tell_rooms()
        if self._connector is not None:
            self._connector.look()

    def moved(self, interfaces: tuple[Interface, ...], endpoints: tuple[Endpoint, ...]) -> None:
        """The network changed: a dead link should be known soon."""
        if self._connector is not None:
            self._connector.nudge()
        if self._session is not None:
            self._session.check()

    def woke(self) -> None:
        """The machine slept: whatever was linked is dead by now, and resumes."""
        if self._session is not None:
            self._session.cut()
        if self._connector is not None:
            self._connector.nudge()
