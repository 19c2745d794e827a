"""One room of a briefing at the session owner's: how its link comes, goes and returns, and what it says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Protocol

from protocol.errors import CloseCode, KamizeroError, PeerFault
from protocol.messages import (
    CHUNK,
    End,
    Introduce,
    Join,
    Leave,
    Message,
    RoomFacts,
    TakeoverAsked,
    WallReport,
    Wiped,
)
from protocol.pairing import Mode
from protocol.rate import Rate
from protocol.transport.addresses import Endpoint
from protocol.transport.bulk import BulkServer
from protocol.transport.dial import dial
from protocol.transport.events import (
    Asking,
    Back,
    Event,
    Failed,
    FailureReason,
    Gone,
    GoneReason,
    LinkState,
    Lost,
    Paired,
    RoomLinkState,
    Slow,
    TakeoverRequested,
    WallFacts,
    WallReported,
    WallWiped,
)
from protocol.transport.handshake import Greeted, Party
from protocol.transport.link import Link, LinkClosed
from protocol.transport.pace import Pace
from protocol.transport.pump import Pump
from protocol.transport.room_connector import Arrival, RoomConnector
from protocol.transport.settings import Deadlines
from protocol.transport.stand_ins import WallPapers
from protocol.transport.wire_log import WireLog

log = logging.getLogger(__name__)

MESSAGES = (5_000, 10.0)
"""Of a wall, whatever they say: some of them are told to the desk's window one by one."""
ASKING_AFTER = 0.5
"""A wall that is free says at once what it is; one that says nothing for so long asks its presenter."""


@dataclass(frozen=True, slots=True)
class RoomSecret:
    """What a room resumes with; in memory only."""

    number: int
    device_id: bytes
    secret: bytes
    started: bool
    endpoint: Endpoint | None


class Host(Protocol):
    """What a room needs of its owner. All in the loop."""

    party: Party
    deadlines: Deadlines
    wire_log: WireLog | None
    introduction: Introduce

    def endpoints(self, number: int) -> tuple[Endpoint, ...]:
        """Where that room may be."""

    def emit(self, *events: Event) -> None:
        """Tell the program."""

    def room_changed(self, room: OwnerRoom) -> None:
        """Its secret, its name, or whether it is being looked for."""

    def joined(self, room: OwnerRoom, join: Join) -> None:
        """A started room wants the log."""

    def left(self, room: OwnerRoom, for_good: bool) -> None:
        """Its link is dead, or it is out."""

    def said(self, room: OwnerRoom, message: Message) -> None:
        """Everything that is not about the room itself. `PeerFault` ends the link."""

    def take(self, room: OwnerRoom, budget: int) -> Sequence[Message]:
        """What waits for this room."""

    def blob(self, sha256: bytes) -> memoryview | None:
        """The bytes of a blob of this briefing."""

    def expected(self, sha256: bytes) -> bool:
        """Whether this blob belongs to the briefing, so that its bytes will come."""

    def urgent(self, sha256: bytes) -> bool:
        """Whether this blob is the page that walls wait for."""

    def papers_moved(self, room: OwnerRoom) -> None:
        """It asked for a blob, or one went out whole."""


class OwnerRoom:
    """From ``connect`` or a kept secret until it is gone."""

    def __init__(self, number: int, host: Host) -> None:
        self.number = number
        self.secret: RoomSecret | None = None
        self.facts: RoomFacts | None = None
        self.papers = WallPapers()
        self.gone = False
        self.wiped = asyncio.Event()
        self._host = host
        self._pump: Pump | None = None
        self._pace = Pace(CHUNK)
        self._join: Join | None = None
        self._registered_name: str | None = None
        self._paired = False
        self._ending = False
        self._slow = False
        self._takeover_asked = -1e9
        self._messages = Rate(*MESSAGES)
        self._asking: asyncio.TimerHandle | None = None
        self._bulk: asyncio.Task[None] | None = None
        self._server: BulkServer | None = None
        self._connector = RoomConnector(
            number, host.party, lambda: host.endpoints(number), self._state, self._arrived, self._forgotten
        )

    # --- the owner's wishes -------------------------------------------------------------------------------

    @property
    def looked_for(self) -> bool:
        """Whether the presenter should announce itself to this room."""
        return self._connector.looking

    @property
    def linked(self) -> bool:
        """Whether messages reach it now."""
        return self._pump is not None and self._pump.open

    def connect(self) -> None:
        """Look for it, to pair by its code."""
        self._connector.find()
        self._host.room_changed(self)

    def recover(self, secret: RoomSecret) -> None:
        """It was paired before this program crashed: resume."""
        self.secret, self._paired = secret, True
        self._state(Lost(monotonic()))
        self._connector.resume(secret.device_id, secret.endpoint)
        self._host.room_changed(self)

    def submit(self, code: str) -> None:
        """The code was typed."""
        self._connector.submit(code)

    def start(self) -> None:
        """開始: from now on this room receives the briefing."""
        if self.secret is not None and not self.secret.started:
            self.secret = replace(self.secret, started=True)
            self._host.room_changed(self)
            if self._join is not None:
                self._host.joined(self, self._join)

    def say(self, message: Message) -> None:
        """Past what waits, if it is linked."""
        if self._pump is not None:
            self._pump.say(message)

    def flush(self, encoder: Callable[[Message], bytes]) -> None:
        """What waits for this room goes out as far as its link takes it now."""
        if self._pump is not None:
            self._pump.flush(encoder)

    def nudge(self) -> None:
        """The network changed."""
        self._connector.nudge()
        if self._pump is not None:
            self._pump.check()

    def look(self) -> None:
        """The places where it may be changed."""
        self._connector.look()

    def shut(self, seconds: float) -> None:
        """Cut the link for real, and neither dial nor take one for so long."""
        self._connector.shut(seconds)
        if self._pump is not None:
            self._pump.cut()

    def cut(self) -> None:
        """Cut the link; the room comes back by itself."""
        if self._pump is not None:
            self._pump.cut()

    async def end(self) -> bool:
        """The briefing is over for this room; True when it said in time that it wiped."""
        self._ending = True
        self.say(End())
        try:
            async with asyncio.timeout(self._host.deadlines.wiped):
                await self.wiped.wait()
        except TimeoutError:
            log.info("room %d did not say that it wiped", self.number)
        await self.close()
        return self.wiped.is_set()

    async def close(self) -> None:
        """Nothing further with this room; its secret is forgotten."""
        self.gone = True
        self.secret = None
        self._connector.close()
        self._stop_bulk()
        self._expect_facts(False)
        if self._pump is not None:
            await self._pump.close()

    # --- links --------------------------------------------------------------------------------------------

    async def greeted(self, greeted: Greeted) -> None:
        """The kiosk dialled us. Returns when that link is over."""
        if greeted.mode is not Mode.BULK:
            await self._connector.greeted(greeted, None)
        elif self.secret is not None and greeted.peer.device_id == self.secret.device_id:
            await self._serve_papers(await greeted.prove_secret())

    def _arrived(self, arrival: Arrival) -> None:
        link = arrival.link
        resumed = link.mode is Mode.RESUME
        started = resumed and self.secret is not None and self.secret.started
        former = None if self.secret is None else self.secret.endpoint
        self.secret = RoomSecret(
            self.number, link.peer.device_id, link.secret, started, arrival.endpoint or former
        )
        self._registered_name = link.peer.room_name
        self._pump = Pump(
            link, self, self._host.deadlines, self._host.wire_log, f"room {self.number} {link.address}"
        )
        self._pump.start()
        self.say(self._host.introduction)
        if self._ending:
            self.say(End())
        if resumed:
            self._state(Back())
        else:
            self._expect_facts(True)
        self._host.room_changed(self)
        if arrival.endpoint is not None:
            self._bulk = asyncio.get_running_loop().create_task(self._dial_for_papers(arrival.endpoint))

    def _forgotten(self) -> None:
        """The device itself says that it knows nothing of the session: its code has to be typed again."""
        self.secret = None
        self._paired = False
        self._join = None
        self.papers = WallPapers()
        self._state(Gone(GoneReason.FORGOTTEN))
        self._connector.find()
        self._host.room_changed(self)

    async def _dial_for_papers(self, endpoint: Endpoint) -> None:
        """Whoever dialled the control link dials the bulk link as well."""
        party, deadlines = self._host.party, self._host.deadlines
        while True:
            try:
                greeted = await dial(party, endpoint.host, endpoint.port, Mode.BULK, self.number)
                await self._serve_papers(await greeted.prove_secret())
            except KamizeroError as error:
                log.debug("bulk link to room %d: %s", self.number, error)
            await asyncio.sleep(deadlines.redial_soon)

    async def _serve_papers(self, link: Link) -> None:
        self._server = server = BulkServer(
            link,
            self._pace,
            self._blob,
            self._expected,
            self._host.urgent,
            self._wanted,
            self._sent,
            self._busy,
            self._host.wire_log,
            f"room {self.number} bulk",
        )
        await server.run()

    def _blob(self, sha256: bytes) -> memoryview | None:
        started = self.secret is not None and self.secret.started
        return self._host.blob(sha256) if started else None

    def _expected(self, sha256: bytes) -> bool:
        started = self.secret is not None and self.secret.started
        return started and self._host.expected(sha256)

    def blob_added(self, sha256: bytes) -> None:
        """The bytes of a blob came only now: whoever waits for them gets them."""
        if self._server is not None:
            self._server.added(sha256)

    def _wanted(self, sha256: bytes) -> None:
        self.papers.whole.discard(sha256)
        self._host.papers_moved(self)

    def _sent(self, sha256: bytes) -> None:
        self.papers.whole.add(sha256)
        self._host.papers_moved(self)

    def _busy(self, busy: bool) -> None:
        if self._pump is not None:
            self._pump.beat_often(busy)

    def _stop_bulk(self) -> None:
        if self._bulk is not None:
            self._bulk.cancel()
            self._bulk = None

    # --- what the pump calls ------------------------------------------------------------------------------

    def take(self, budget: int) -> Sequence[Message]:
        """What waits for this room."""
        return self._host.take(self, budget)

    def receive(self, message: Message) -> None:
        """One message of the wall."""
        if self._messages.exceeded(monotonic()):
            raise PeerFault(CloseCode.PROTOCOL, "too many messages")
        match message:
            case RoomFacts():
                self._facts_came(message)
            case Join():
                self._join = message
                self.papers.told.clear()
                if self.secret is not None and self.secret.started:
                    self._host.joined(self, message)
            case WallReport():
                self._host.emit(WallReported(self.number, message))
            case TakeoverAsked():
                self._takeover_asked = monotonic()
                self._host.emit(TakeoverRequested(self.number, message.name, message.department))
            case Leave():
                self._left()
            case Wiped():
                self.wiped.set()
                self._host.emit(WallWiped(self.number, monotonic()))
            case _:
                self._host.said(self, message)

    def _facts_came(self, facts: RoomFacts) -> None:
        if facts.number != self.number:
            raise PeerFault(CloseCode.PROTOCOL, "another room's facts")
        self.facts = facts
        self._expect_facts(False)
        if not self._paired:
            self._paired = True
            name = self._registered_name or facts.name
            self._state(Paired(name, facts.place, self._registered_name is not None))
        self._host.room_changed(self)
        self._host.emit(WallFacts(self.number, facts))

    def _left(self) -> None:
        asked = monotonic() - self._takeover_asked < self._host.deadlines.takeover_question + 5
        self._out(GoneReason.TAKEN_OVER if asked else GoneReason.LEFT)

    def _out(self, reason: GoneReason) -> None:
        self.gone = True
        self.secret = None
        self._connector.stop()
        self._stop_bulk()
        self._host.left(self, for_good=True)
        self._state(Gone(reason))
        self._host.room_changed(self)

    def round_trip(self, seconds: float, answered: bool) -> None:
        """Heartbeats set the pace of papers and tell slowness."""
        if answered:
            self._pace.measured(seconds, monotonic())
        slow = self._host.deadlines.slow
        if seconds > slow:
            self._slow = True
            self._state(Slow(seconds))
        elif self._slow and answered and seconds < slow / 2:
            self._slow = False
            self._state(Back())

    def link_over(self, closed: LinkClosed) -> None:
        """The link is dead; unless it is over with this room, it is looked for at once."""
        self._pump = None
        self._slow = False
        self._join = None
        self._stop_bulk()
        self._expect_facts(False)
        if self.gone:
            self._host.room_changed(self)
            return
        self._host.left(self, for_good=False)
        if not self._paired or self.secret is None:
            self.secret = None
            taken = closed.code == CloseCode.NOT_CHOSEN
            self._state(Failed(FailureReason.TAKEN if taken else FailureReason.NO_ANSWER))
        elif closed.ours and closed.code in (CloseCode.PROTOCOL, CloseCode.ROLE, CloseCode.SIZE):
            log.warning("room %d broke the protocol (%d) and is out", self.number, closed.code)
            self._out(GoneReason.FAULT)
        else:
            self._state(Lost(monotonic()))
            self._connector.resume(self.secret.device_id, self.secret.endpoint)
            self._host.room_changed(self)

    # --- states -------------------------------------------------------------------------------------------

    def _state(self, state: LinkState) -> None:
        self._host.emit(RoomLinkState(self.number, state))
        if self._host.wire_log is not None:
            self._host.wire_log.state(f"room {self.number}", type(state).__name__)

    def _expect_facts(self, expected: bool) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        if expected:
            loop = asyncio.get_running_loop()
            self._asking = loop.call_later(ASKING_AFTER, self._state, Asking())
