"""One room of a briefing at the session owner's: how its link comes, goes and returns, and what it says."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from time import monotonic
from typing import Protocol

from protocol.errors import CloseCode, KamizeroError, PeerFault
from protocol.messages import (
    End,
    GuestWaiting,
    Join,
    Joining,
    Leave,
    Message,
    RoomFacts,
    TakeoverAsked,
    WallPlace,
    WallReport,
    Wiped,
)
from protocol.pairing import Mode
from protocol.presence import Position
from protocol.rate import Rate
from protocol.transport.addresses import Endpoint
from protocol.transport.dial import dial
from protocol.transport.events import (
    Asking,
    Back,
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
    WallPosition,
    WallReported,
    WallWiped,
)
from protocol.transport.handshake import Greeted
from protocol.transport.link import LinkClosed
from protocol.transport.owner_guest import GuestHost, OwnerGuest
from protocol.transport.resuming import RoomSecret
from protocol.transport.room_connector import Arrival, RoomConnector
from protocol.transport.stand_ins import GuestPapers
from protocol.values import Role

log = logging.getLogger(__name__)

NAMES = (10, 60.0)
"""So often one may call itself something else: each is an entry of the log."""
ASKING_AFTER = 0.5
"""A wall that is free says at once what it is; one that says nothing for so long asks its presenter."""


class RoomHost(GuestHost, Protocol):
    """What a room needs of its owner, beyond what every guest does. All in the loop."""

    @property
    def joining_word(self) -> Joining:
        """What walls are told of joining."""

    def endpoints(self, number: int) -> tuple[Endpoint, ...]:
        """Where that room may be."""

    def room_changed(self, room: OwnerRoom) -> None:
        """Its secret, its name, or whether it is being looked for."""

    def guest_waits(self, room: OwnerRoom, waiting: GuestWaiting) -> None:
        """Somebody waits at its rendezvous."""


class OwnerRoom(OwnerGuest):
    """From ``connect`` or a kept secret until it is gone."""

    _host: RoomHost

    def __init__(self, number: int, host: RoomHost) -> None:
        super().__init__(f"room {number}", Role.DISPLAY, host)
        self.number = number
        self.secret: RoomSecret | None = None
        self.facts: RoomFacts | None = None
        self.wiped = asyncio.Event()
        self.address = ""
        """Of the wall, as its newest link came from there."""
        self._registered_name: str | None = None
        self._paired = False
        self._ending = False
        self._takeover_asked = -1e9
        self._names = Rate(*NAMES)
        self._asking: asyncio.TimerHandle | None = None
        self._bulk: asyncio.Task[None] | None = None
        self._connector = RoomConnector(
            number, host.party, lambda: host.endpoints(number), self._state, self._arrived, self._forgotten
        )

    # --- the owner's wishes -------------------------------------------------------------------------------

    @property
    def looked_for(self) -> bool:
        """Whether the presenter should announce itself to this room."""
        return self._connector.looking

    @property
    def missed_until(self) -> float:
        """Until when its session waits for its link; 0 while it does not."""
        return self._connector.missed_until

    @property
    def known_as(self) -> str:
        """The room's name; the facilities' word for it comes before its own."""
        return self._registered_name or (self.facts.name if self.facts is not None else "")

    @property
    def place_of_wall(self) -> WallPlace:
        """What participants are told of it."""
        name_en = self.facts.name_en if self.facts is not None else ""
        return WallPlace(self.number, self.known_as, name_en, self.address)

    @property
    def let_in(self) -> bool:
        """Whether 開始 was pressed for it."""
        return self.secret is not None and self.secret.started and not self._ending

    @property
    def awaits_papers(self) -> bool:
        """Also a wall whose link is dead comes back to them."""
        return self.secret is not None

    def connect(self) -> None:
        """Look for it, to pair by its code."""
        self._connector.find()
        self._host.room_changed(self)

    def recover(self, secret: RoomSecret) -> None:
        """It was paired before this program crashed: resume."""
        self.secret, self._paired = secret, True
        if secret.peer:
            self._host.session.admit(self, secret.peer)
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
            self.tell_joining()
            self.answer_join()

    def answer_join(self) -> None:
        """After a crash here it is who it was: what was written on it stays its own."""
        asked = self._join is not None
        super().answer_join()
        if asked and self._join is None and self.secret is not None:
            peer = self._host.session.admit(self)
            if peer != self.secret.peer:
                self.secret = replace(self.secret, peer=peer)
                self._host.room_changed(self)

    def tell_joining(self) -> None:
        """A wall that follows shows the code when it is asked to; before it is only the way in. One that has
        another presenter yet is told nothing."""
        if self._paired:
            word = self._host.joining_word
            self.say(word if self.let_in else Joining(None, word.rendezvous))

    def nudge(self) -> None:
        """The network changed."""
        self._connector.nudge()
        self.check()

    def look(self) -> None:
        """The places where it may be changed."""
        self._connector.look()

    def shut(self, seconds: float) -> None:
        """Cut the link for real, and neither dial nor take one for so long."""
        self._connector.shut(seconds)
        self.cut()

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
        await self.hang_up()

    # --- links --------------------------------------------------------------------------------------------

    async def greeted(self, greeted: Greeted) -> None:
        """The kiosk dialled us. Returns when that link is over."""
        if greeted.mode is not Mode.BULK:
            await self._connector.greeted(greeted, None)
        elif self.secret is not None and greeted.peer.device_id == self.secret.device_id:
            await self.serve_papers(await greeted.prove_secret())

    def _arrived(self, arrival: Arrival) -> None:
        link = arrival.link
        resumed = link.mode is Mode.RESUME
        started = resumed and self.secret is not None and self.secret.started
        endpoint, peer = (self.secret.endpoint, self.secret.peer) if self.secret is not None else (None, 0)
        self.secret = RoomSecret(
            self.number, link.peer.device_id, link.secret, started, arrival.endpoint or endpoint, peer
        )
        self._registered_name = link.peer.room_name
        self.address = link.address
        self.carry(link)
        self.tell_joining()
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
        self.papers = GuestPapers()
        self._state(Gone(GoneReason.FORGOTTEN))
        self._connector.find()
        self._host.room_changed(self)

    async def _dial_for_papers(self, endpoint: Endpoint) -> None:
        """Whoever dialled the control link dials the bulk link as well."""
        party, deadlines = self._host.party, self._host.deadlines
        while True:
            try:
                greeted = await dial(party, endpoint.host, endpoint.port, Mode.BULK, self.number)
                await self.serve_papers(await greeted.prove_secret())
            except KamizeroError as error:
                log.debug("bulk link to room %d: %s", self.number, error)
            await asyncio.sleep(deadlines.redial_soon)

    def _stop_bulk(self) -> None:
        if self._bulk is not None:
            self._bulk.cancel()
            self._bulk = None

    # --- what the pump calls ------------------------------------------------------------------------------

    def hear(self, message: Message) -> None:
        """One message of the wall."""
        match message:
            case RoomFacts():
                self._facts_came(message)
            case Join():
                self.joins(message)
            case WallReport():
                self._host.emit(WallReported(self.number, message))
            case Leave():
                self._left()
            case Wiped():
                self.wiped.set()
                self._host.emit(WallWiped(self.number, monotonic()))
            case _ if self._ending:
                return  # on its way before it was told
            case GuestWaiting():
                self._host.guest_waits(self, message)
            case TakeoverAsked():
                self._takeover_asked = monotonic()
                self._host.emit(TakeoverRequested(self.number, message.name, message.department))
            case _:
                self._host.session.said(self, message)

    def _facts_came(self, facts: RoomFacts) -> None:
        if facts.number != self.number:
            raise PeerFault(CloseCode.PROTOCOL, "another room's facts")
        renamed = self.facts is not None and facts.name != self.facts.name
        if renamed and self._names.exceeded(monotonic()):
            raise PeerFault(CloseCode.PROTOCOL, "too many names")
        self.facts = facts
        self._expect_facts(False)
        if not self._paired:
            self._paired = True
            name = self._registered_name or facts.name
            self._state(Paired(name, facts.place, self._registered_name is not None))
            self.tell_joining()
        self._host.session.named(self)
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
        self._host.session.left(self, for_good=True)
        self._state(Gone(reason))
        self._host.room_changed(self)

    def positioned(self, position: Position) -> None:
        """What is on its glass."""
        self._host.emit(WallPosition(self.number, position))

    def slowed(self, seconds: float | None) -> None:
        """Told at each heartbeat, with the newest figure."""
        self._state(Back() if seconds is None else Slow(seconds))

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
        self._host.session.left(self, for_good=False)
        if not self._paired or self.secret is None:
            self.secret = None
            taken = closed.code == CloseCode.NOT_CHOSEN
            self._state(Failed(FailureReason.TAKEN if taken else FailureReason.NO_ANSWER))
        elif closed.ours and closed.code in (CloseCode.PROTOCOL, CloseCode.ROLE, CloseCode.SIZE):
            log.warning("room %d broke the protocol and is out: %s", self.number, closed)
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
