"""A guest of the session at its owner's, wall or participant: its control link, its papers, its slowness."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Protocol

from protocol.errors import CloseCode, PeerFault
from protocol.messages import CHUNK, Introduce, Join, Message
from protocol.ops import Allow, Op
from protocol.presence import Position
from protocol.rate import Rate
from protocol.transport.bulk import BREATH, BulkServer
from protocol.transport.events import Event
from protocol.transport.handshake import Party
from protocol.transport.link import Link, LinkClosed
from protocol.transport.pace import Pace
from protocol.transport.pump import Pump
from protocol.transport.settings import Deadlines
from protocol.transport.stand_ins import GuestPapers
from protocol.transport.wire_log import WireLog
from protocol.transport.writer import Framed
from protocol.values import PeerId, Role

MESSAGES = (5_000, 10.0)
"""Of a guest, whatever they say: some of them are told to the desk's window one by one."""


class Session(Protocol):
    """What a guest needs of the session that its owner runs."""

    def admit(self, guest: OwnerGuest, former: PeerId | None = None) -> PeerId:
        """This guest's peer id, now or since it was admitted. ``former``: before a crash."""

    def joined(self, guest: OwnerGuest, join: Join) -> None:
        """A guest that is let in wants the log."""

    def left(self, guest: OwnerGuest, for_good: bool) -> None:
        """Its link is dead, or it is out."""

    def said(self, guest: OwnerGuest, message: Message) -> None:
        """Everything that is not about the guest itself. `PeerFault` ends the link."""

    def take(self, guest: OwnerGuest, budget: int) -> Sequence[Message]:
        """What waits for this guest."""

    def role_of(self, guest: OwnerGuest) -> Role:
        """What it may do at this moment."""

    def allowance_of(self, guest: OwnerGuest) -> Allow | None:
        """What it may do beyond its role."""

    def grant(self, peer: PeerId, role: Role) -> None:
        """Another role for a follower."""

    def named(self, guest: OwnerGuest) -> None:
        """It is known as something else than before."""

    def edit(self, op: Op) -> None:
        """Commit an op of the owner."""

    def blob(self, sha256: bytes) -> memoryview | None:
        """The bytes of a blob of this briefing."""

    def expected(self, sha256: bytes) -> bool:
        """Whether this blob belongs to the briefing, so that its bytes will come."""

    def urgent(self, sha256: bytes) -> bool:
        """Whether this blob is the page that guests wait for."""

    def move_papers(self) -> None:
        """A guest asked for a blob, or one went out whole."""


class GuestHost(Protocol):
    """What a guest needs of its owner. All in the loop."""

    party: Party
    deadlines: Deadlines
    wire_log: WireLog | None

    @property
    def introduction(self) -> Introduce:
        """Who presents."""

    @property
    def session(self) -> Session:
        """The session that runs now: another one after 終了."""

    def emit(self, *events: Event) -> None:
        """Tell the program."""


class OwnerGuest(ABC):
    """``who``: for logs. ``role``: what it may do while it does not present."""

    def __init__(self, who: str, role: Role, host: GuestHost) -> None:
        self.who = who
        self.role = role
        self.papers = GuestPapers()
        self.gone = False
        self._host = host
        self._pump: Pump | None = None
        self._pace = Pace(CHUNK)
        self._join: Join | None = None
        self._slow = False
        self._messages = Rate(*MESSAGES)
        self._server: BulkServer | None = None
        self.show: Callable[[Framed], None]
        """Sends what is true for a moment, where nothing else waits for it: now or never. There from the
        first link on."""

    # --- what it is -------------------------------------------------------------------------------------

    @property
    def linked(self) -> bool:
        """Whether messages reach it now."""
        return self._pump is not None and self._pump.open

    @property
    @abstractmethod
    def let_in(self) -> bool:
        """Whether it may have the briefing. Before that it is told no title and sent no byte."""

    @property
    @abstractmethod
    def known_as(self) -> str:
        """Under which name it is in the record; "" while that is not known."""

    @property
    @abstractmethod
    def awaits_papers(self) -> bool:
        """Whether stand-ins are worth making for what it lacks."""

    @abstractmethod
    def positioned(self, position: Position) -> None:
        """What it says that it has on its screen."""

    @abstractmethod
    def slowed(self, seconds: float | None) -> None:
        """Its link takes so long there and back; None: no longer."""

    # --- its control link -------------------------------------------------------------------------------

    def carry(self, link: Link) -> None:
        """This link carries its control messages from now on."""
        if self._pump is not None:
            self._pump.drop()
        self._slow = False
        self._join = None
        who = f"{self.who} {link.address}"
        self._pump = Pump(link, self, self._host.deadlines, self._host.wire_log, who)
        # Straight to the link, unless somebody reads along: a pen asks this of each wall at each event.
        self.show = link.show if self._host.wire_log is None else self._pump.show
        self._pump.start()
        self.say(self._host.introduction)

    def say(self, message: Message) -> None:
        """Past what waits, if it is linked."""
        if self._pump is not None:
            self._pump.say(message)

    def flush(self, encoder: Callable[[Message], Framed]) -> None:
        """What waits for it goes out as far as its link takes it now."""
        if self._pump is not None:
            self._pump.flush(encoder)

    def check(self) -> None:
        """The network may have changed: find out soon whether the link still lives."""
        if self._pump is not None:
            self._pump.check()

    def cut(self) -> None:
        """Cut the link; the guest comes back by itself."""
        if self._pump is not None:
            self._pump.cut()

    async def hang_up(self) -> None:
        """The control link ends politely, and nobody is told."""
        if self._pump is not None:
            await self._pump.close()

    def joins(self, join: Join) -> None:
        """It wants the log, and gets it once it is let in."""
        self._join = join
        self.papers.told.clear()
        self.answer_join()

    def answer_join(self) -> None:
        """Whoever is let in by now gets what it asked for."""
        if self._join is not None and self.let_in:
            join, self._join = self._join, None
            self._host.session.joined(self, join)

    # --- papers -----------------------------------------------------------------------------------------

    async def serve_papers(self, link: Link) -> None:
        """Serve its wants over this link until it is over."""
        host = self._host
        self._server = server = BulkServer(
            link,
            self._pace,
            lambda sha256: host.session.blob(sha256) if self.let_in else None,
            lambda sha256: self.let_in and host.session.expected(sha256),
            self._urgent,
            self._wanted,
            self._sent,
            self._busy,
            host.wire_log,
            f"{self.who} bulk",
        )
        await server.run()

    def blob_added(self, sha256: bytes) -> None:
        """The bytes of a blob came only now: if it waits for them, it gets them."""
        if self._server is not None:
            self._server.added(sha256)

    def _urgent(self, sha256: bytes) -> bool:
        """A wall that waits for its page gets it as fast as its link goes; participants must not be felt."""
        return self.role is Role.DISPLAY and self._host.session.urgent(sha256)

    def _wanted(self, sha256: bytes) -> None:
        self.papers.whole.discard(sha256)
        self._host.session.move_papers()

    def _sent(self, sha256: bytes) -> None:
        self.papers.whole.add(sha256)
        asyncio.get_running_loop().call_later(BREATH, self._host.session.move_papers)

    def _busy(self, busy: bool) -> None:
        if self._pump is not None:
            self._pump.beat_often(busy)

    # --- what the pump calls ----------------------------------------------------------------------------

    def take(self, budget: int) -> Sequence[Message]:
        """What waits for it."""
        return self._host.session.take(self, budget)

    def receive(self, message: Message) -> None:
        """One message of the guest. `PeerFault` ends its link."""
        if self._messages.exceeded(monotonic()):
            raise PeerFault(CloseCode.PROTOCOL, "too many messages")
        self.hear(message)

    @abstractmethod
    def hear(self, message: Message) -> None:
        """One of not too many messages of the guest. `PeerFault` ends its link."""

    @abstractmethod
    def link_over(self, closed: LinkClosed) -> None:
        """Its control link is over."""

    def round_trip(self, seconds: float, answered: bool) -> None:
        """Heartbeats set the pace of papers and tell slowness."""
        if answered:
            self._pace.measured(seconds, monotonic())
        slow = self._host.deadlines.slow
        if seconds > slow:
            self._slow = True
            self.slowed(seconds)
        elif self._slow and answered and seconds < slow / 2:
            self._slow = False
            self.slowed(None)
