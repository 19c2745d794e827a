"""The kiosk's side of the network: pairs with one presenter at a time and follows it.

What is proven comes through the `Doorway`; what a session is stands in `GuestSession`.
"""

from __future__ import annotations

import asyncio
import logging

from protocol.by_broker import RoomHere
from protocol.errors import CloseCode, KamizeroError, PeerFault
from protocol.facilities import Facilities
from protocol.messages import (
    FloorAsked,
    GuestWaiting,
    Joining,
    RoomFacts,
    TakeoverAnswer,
    WallReport,
)
from protocol.ops import Op
from protocol.pairing import Mode, PeerFacts
from protocol.presence import Presence
from protocol.transport.addresses import Endpoint, read_endpoint
from protocol.transport.broker_display import BrokerDisplay
from protocol.transport.doorway import Doorway, Wall
from protocol.transport.events import Ended, Event, LinkBack, LinkLost, OnEvents, SecretKept
from protocol.transport.facilities_file import BROKER_PORT
from protocol.transport.fetch import Fetcher
from protocol.transport.guest_session import AboutGuest, GuestSession, KeptSession, read_kept
from protocol.transport.handshake import NOT_CHOSEN
from protocol.transport.join_events import JoinCodeShown, LeftReason
from protocol.transport.link import Link
from protocol.transport.managed import Managed
from protocol.transport.pump import Pump
from protocol.transport.rendezvous import Rendezvous
from protocol.transport.runner import Runner
from protocol.transport.settings import BlobStore, TransportSettings
from protocol.transport.takeover import Newcomer, Takeover
from protocol.transport.tls import DeviceKey
from protocol.transport.wire_log import WireLog

log = logging.getLogger(__name__)


class RoomSide:
    """What a kiosk does on the network. Every method is called in the loop thread (``runner.call``).

    ``kept_secret``: what `SecretKept` carried before this process was restarted. ``certificate``: the
    facilities' word about this device. ``out_of_service``: for the facilities' consoles alone.
    """

    def __init__(
        self,
        runner: Runner,
        device: DeviceKey,
        room: RoomFacts,
        settings: TransportSettings,
        on_events: OnEvents,
        store: BlobStore,
        kept_secret: bytes | None = None,
        certificate: bytes | None = None,
        facilities: Facilities | None = None,
        out_of_service: bool = False,
    ) -> None:
        self._runner = runner
        self._facts = room
        self._deadlines = settings.deadlines
        self._on_events = on_events
        self._store = store
        self._kept = None if kept_secret is None else read_kept(kept_secret)
        self._wire_log = None if settings.wire_log is None else WireLog(settings.wire_log)
        self._doorway = Doorway(
            settings,
            device,
            room.number,
            self._secret_for,
            self._on_link,
            self._emit,
            self._on_network,
            certificate,
            facilities,
            out_of_service,
            self._on_here,
        )
        self._broker: BrokerDisplay | None = None
        self.managed = Managed(device.device_id, facilities, self._emit)
        if settings.broker and certificate is not None and facilities is not None:
            self._broker = BrokerDisplay(
                read_endpoint(settings.broker, BROKER_PORT),
                device,
                certificate,
                settings.broker_certificate,
                self.managed,
            )
        self._rendezvous = Rendezvous(
            settings.listen_addresses, settings.rendezvous_port, self._announce_guest, settings.deadlines
        )
        self._session: GuestSession | None = None
        self._takeover: Takeover | None = None
        self._deciding = asyncio.Lock()
        self._free = asyncio.Event()
        self._free.set()

    # --- the program's wishes -----------------------------------------------------------------------------

    def start(self) -> None:
        """Shows a code, listens, announces; waits for the presenter of a session that was kept."""
        self._doorway.start()
        if self._broker is not None:
            self._broker.start()
        if self._kept is not None:
            self._begin(self._kept).await_presenter()

    async def stop(self) -> None:
        """Every link ends. A session that was kept may be resumed by the next process."""
        if self._session is not None:
            await self._session.close(wiped=False)
        await self._rendezvous.stop()
        if self._broker is not None:
            await self._broker.stop()
        await self._doorway.stop()
        if self._wire_log is not None:
            self._wire_log.close()

    def present(self, presence: Presence) -> None:
        """What this wall has on its glass, a pointer or wet ink on it."""
        if self._session is not None and not self._session.ended:
            self._session.present(presence)

    def edit(self, op: Op) -> None:
        """An edit by somebody at this wall; one that is not taken is told as `OpRefused`."""
        if self._session is not None and not self._session.ended:
            self._session.edit(op)

    def undo(self) -> None:
        """Undo the newest edit made here."""
        if self._session is not None and not self._session.ended:
            self._session.undo()

    def send(self, message: WallReport | FloorAsked) -> None:
        """A page that could not be shown; a wish to present."""
        if self._session is not None:
            self._session.say(message)

    def set_facts(self, facts: RoomFacts) -> None:
        """The glass changed: another monitor, another resolution."""
        self._facts = facts
        if self._session is not None:
            self._session.set_facts(facts)

    def disconnect(self) -> None:
        """接続を切る: the briefing ends on this wall."""
        if self._session is not None:
            self._session.end(LeftReason.HERE)

    def fault(self) -> None:
        """This wall cannot go on with the briefing: it ends here, and the presenter is told."""
        if self._session is not None:
            self._session.end(LeftReason.FAULT)

    def wiped(self) -> None:
        """After `Ended`: everything of the briefing is gone. The presenter is told, the wall is free."""
        if self._session is not None and self._session.ended:
            session, self._session = self._session, None
            self._runner.spawn(session.close(wiped=True))
            self._doorway.set_wall(Wall.FREE)
            self._doorway.new_code()
            self._free.set()

    def answer_takeover(self, yes: bool) -> None:
        """The wall's own answer (替わる／断る) to another presenter's wish."""
        if self._takeover is not None:
            self._takeover.answer(yes)

    def new_code(self) -> None:
        """Another room code at once."""
        self._doorway.new_code()

    def cut(self, seconds: float) -> None:
        """Drops every link for real, and neither dials nor answers for so long."""
        self._doorway.shut(seconds)
        if self._session is not None:
            self._session.cut()

    # --- links --------------------------------------------------------------------------------------------

    def _secret_for(self, peer: PeerFacts) -> bytes | None:
        session = self._session
        if session is None or session.ended or session.kept.device_id != peer.device_id:
            return None
        return session.kept.secret

    async def _on_link(self, link: Link, endpoint: Endpoint | None) -> None:
        if link.mode is Mode.MANAGE:
            await self.managed.serve(link)
        elif link.mode is Mode.PAIR:
            await self._paired(link, endpoint)
        elif self._session is not None and self._session.kept.device_id == link.peer.device_id:
            if link.mode is Mode.BULK:
                await self._session.fetcher.run(link)
            else:
                await self._carry(self._session, self._pump(link, self._session), endpoint)

    def _pump(self, link: Link, user: GuestSession | Newcomer) -> Pump:
        pump = Pump(link, user, self._deadlines, self._wire_log, f"presenter {link.address}")
        pump.start()
        return pump

    async def _carry(self, session: GuestSession, pump: Pump, endpoint: Endpoint | None) -> None:
        session.attach(pump)
        if endpoint is None:
            await pump.over.wait()
            return
        async with asyncio.TaskGroup() as group:
            papers = group.create_task(self._papers(endpoint))
            await pump.over.wait()
            papers.cancel()

    async def _papers(self, endpoint: Endpoint) -> None:
        """Whoever dialled the control link dials the bulk link as well."""
        while True:
            try:
                await self._doorway.dial_bulk(endpoint)
            except KamizeroError as error:
                log.debug("bulk link: %s", error)
            await asyncio.sleep(self._deadlines.redial_soon)

    # --- pairing ------------------------------------------------------------------------------------------

    async def _paired(self, link: Link, endpoint: Endpoint | None) -> None:
        """Somebody proved the code. One at a time: while one waits for the wall, others are not chosen."""
        if self._deciding.locked():
            await link.close(NOT_CHOSEN)
            return
        async with self._deciding:
            changed = asyncio.Event() if self._session is None else self._session.changed
            newcomer = Newcomer(changed)
            pump = self._pump(link, newcomer)
            if not await self._may_have_the_wall(newcomer, link):
                await pump.close(NOT_CHOSEN)
                return
            session = self._begin(KeptSession(link.peer.device_id, link.secret, "", ""))
            # First of all: from here on a screen that dies must find its presenter again.
            session.keep()
            if newcomer.introduce is not None:
                session.receive(newcomer.introduce)
        await self._carry(session, pump, endpoint)

    async def _may_have_the_wall(self, newcomer: Newcomer, link: Link) -> bool:
        first = self._session
        if first is not None and not first.ended:
            # The same machine by its code again: it has lost its session, nobody needs to be asked.
            if first.kept.device_id != link.peer.device_id and not await self._ask(newcomer, first):
                return False
            first.end(LeftReason.TAKEOVER)
        await self._free.wait()
        return not newcomer.gone

    async def _ask(self, newcomer: Newcomer, first: GuestSession) -> bool:
        if not await newcomer.introduced(self._deadlines.step):
            return False
        self._takeover = Takeover(newcomer, first, self._emit, self._deadlines)
        try:
            return await self._takeover.decide()
        finally:
            self._takeover = None

    def _begin(self, kept: KeptSession) -> GuestSession:
        session = GuestSession(
            kept,
            self._facts,
            Fetcher(self._store, self._emit, self._wire_log),
            self._emit,
            self._about_wall,
            self._ended,
            self._deadlines,
        )
        self._session = session
        self._free.clear()
        self._doorway.set_wall(Wall.FOLLOWING)
        return session

    def _about_wall(self, message: AboutGuest) -> None:
        match message:
            case TakeoverAnswer(yes):
                self.answer_takeover(yes)
            case Joining(code, rendezvous):
                self._rendezvous.want(rendezvous)
                self._emit(JoinCodeShown(self._facts.number, code))
            case _:
                raise PeerFault(CloseCode.PROTOCOL, f"{type(message).__name__} is not for walls")

    def _announce_guest(self, waiting: GuestWaiting) -> None:
        if self._session is not None and not self._session.ended:
            self._session.say(waiting)

    def _ended(self, reason: LeftReason) -> None:
        self._rendezvous.want(False)
        self._emit(SecretKept(None), Ended(reason))

    def _on_here(self, here: RoomHere) -> None:
        if self._broker is not None:
            self._broker.set_here(here)

    def _on_network(self, woke: bool) -> None:
        """The network changed under us: a dead link should be known soon."""
        if self._session is not None:
            self._session.check()

    def _emit(self, *events: Event) -> None:
        for event in events:
            if isinstance(event, LinkLost):
                self._doorway.set_wall(Wall.LOST)
            elif isinstance(event, LinkBack):
                self._doorway.set_wall(Wall.FOLLOWING)
                self._rendezvous.tell_again()
        self._on_events(events)
