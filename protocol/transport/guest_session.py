"""A guest's session with one presenter: the replica, what comes over its links, and what their end means.

The guest is a wall or a participant's program."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Annotated

import msgspec
from msgspec import Meta

from protocol.changes import Change, OpRefused
from protocol.errors import PeerFault, Refusal
from protocol.finds import FindAnswered, Offers, WantFind
from protocol.messages import (
    End,
    FloorDeclined,
    Introduce,
    Introduction,
    Joining,
    Leave,
    Message,
    RoomFacts,
    SnapshotAt,
    StandIn,
    TakeoverAnswer,
    Waiting,
    WallKey,
    Walls,
    Welcome,
    Wiped,
)
from protocol.ops import Op, SpliceText
from protocol.presence import Presence
from protocol.registers import Register
from protocol.replica import Replica
from protocol.shown_texts import ShownTexts
from protocol.transfer import Rank
from protocol.transport.events import (
    Changed,
    Event,
    IntroduceSeen,
    JoinedAs,
    KeyPressed,
    LinkBack,
    LinkLost,
    PairedWith,
    SecretKept,
    StandInOffered,
)
from protocol.transport.fetch import Fetcher
from protocol.transport.join_events import FindDecided, FindOffered, LeftReason
from protocol.transport.link import LinkClosed
from protocol.transport.pump import Pump
from protocol.transport.settings import Deadlines
from protocol.transport.stand_ins import WORTH_IT
from protocol.values import Blob, EndReason, OpId, PageRef, PersonName, Value

log = logging.getLogger(__name__)

FINDS_FROM = 2**39
"""Own finds are numbered from somewhere below it: another run of the same program uses other numbers."""

LEFT = {reason: LeftReason[reason.name] for reason in EndReason}


AboutGuest = TakeoverAnswer | Joining | Waiting | Walls | FloorDeclined
"""What the presenter says of the guest itself."""


class KeptSession(Value, frozen=True):
    """What the supervisor keeps in its RAM, so that a restarted screen resumes without typing."""

    device_id: Annotated[bytes, Meta(min_length=32, max_length=32)]
    secret: Annotated[bytes, Meta(min_length=32, max_length=32)]
    name: PersonName
    department: PersonName


_kept = msgspec.msgpack.Decoder(KeptSession)


def read_kept(blob: bytes) -> KeptSession | None:
    """What `SecretKept` carried; None when it is anything else."""
    try:
        return _kept.decode(blob)
    except msgspec.MsgspecError:
        return None


class GuestSession:
    """Lives from the pairing until its end, over any number of links.

    ``facts``: what a wall is, or who a participant is, said first on each link. ``about_guest(message)`` gets
    what is about the wall or the participant itself. ``on_end(reason)`` is called once.
    """

    def __init__(
        self,
        kept: KeptSession,
        facts: RoomFacts | Introduction,
        fetcher: Fetcher,
        emit: Callable[[Event], None],
        about_guest: Callable[[AboutGuest], None],
        on_end: Callable[[LeftReason], None],
        deadlines: Deadlines,
    ) -> None:
        self.kept = kept
        self.fetcher = fetcher
        self.replica = Replica()
        self._shown = ShownTexts()
        self._offers = Offers(secrets.randbelow(FINDS_FROM))
        self.changed = asyncio.Event()
        """Set whenever the link is lost or back."""
        self._facts = facts
        self._emit = emit
        self._about_guest = about_guest
        self._on_end = on_end
        self._deadlines = deadlines
        self._pump: Pump | None = None
        self._stand_ins: dict[PageRef, bytes] = {}
        self._started = False
        self._introduced = False
        self._lost_at: float | None = None
        self._ended = False
        self._timer: asyncio.TimerHandle | None = None

    # --- links --------------------------------------------------------------------------------------------

    @property
    def ended(self) -> bool:
        """Whether it only waits for the wall to be wiped."""
        return self._ended

    @property
    def lost_at(self) -> float | None:
        """Since when the presenter's link is dead (monotonic); None while it lives."""
        return self._lost_at

    def await_presenter(self) -> None:
        """A restarted screen has no link yet: its presenter will resume."""
        self._introduce(Introduce(self.kept.name, self.kept.department, 0))
        self._link_lost()

    def keep(self) -> None:
        """What a restarted screen resumes with goes to who keeps it."""
        self._emit(SecretKept(msgspec.msgpack.encode(self.kept)))

    def attach(self, pump: Pump) -> None:
        """This link carries the session from now on."""
        former, self._pump = self._pump, pump
        pump.user = self
        if former is not None:
            former.drop()
        pump.say(self._facts)
        pump.say(self.replica.join())
        pump.flush()
        if self._lost_at is not None:
            self._lost_at = None
            self._emit(LinkBack())
        self._expect(None if self._started else self._deadlines.unstarted)
        self.changed.set()

    def cut(self) -> None:
        """Cuts the link, as a pulled cable would."""
        if self._pump is not None:
            self._pump.cut()

    def check(self) -> None:
        """The network may have changed: find out soon whether the link still lives."""
        if self._pump is not None:
            self._pump.check()

    def say(self, message: Message) -> None:
        """To the presenter, if there is a link."""
        if self._pump is not None:
            self._pump.say(message)

    def _flush(self) -> None:
        """What the replica has to send goes out."""
        if self._pump is not None:
            self._pump.flush()

    def edit(self, op: Op, shown: int | None = None) -> None:
        """An edit; one that the role does not allow, or that does not apply, is told as `OpRefused`.

        ``shown``: of the newest `Changed` that its person saw, where others may have typed since in its text.
        """
        try:
            made = op if shown is None or not isinstance(op, SpliceText) else self._shown.rebased(op, shown)
            changes = self.replica.edit(made)
        except Refusal as refusal:
            changes = (OpRefused(OpId(self.replica.peer or 0, 0), op, refusal.reason),)
        self._tell_own(changes)

    def undo(self) -> None:
        """Undo the newest own edit; no effect when others have changed too much since."""
        self._try(self.replica.undo)

    def redo(self) -> None:
        """Redo what was undone last, as far as that can be."""
        self._try(self.replica.redo)

    def set(self, register: Register) -> None:
        """Set a register, with the floor; else without effect."""
        self._try(lambda: self.replica.set(register))

    def _try(self, change: Callable[[], tuple[Change, ...]]) -> None:
        try:
            changes = change()
        except Refusal as refusal:
            log.info("not done: %s", refusal.reason)
        else:
            self._tell_own(changes)

    def _tell_own(self, changes: tuple[Change, ...]) -> None:
        self._tell(changes)
        self._flush()

    def _tell(self, changes: tuple[Change, ...]) -> None:
        """What changed, to whoever shows it."""
        self._shown.took(changes)
        self._emit(Changed(self.replica.briefing, changes, self._shown.count))

    def offer_find(self, title: str, source: str, pdf: bytes) -> None:
        """Something that was looked up goes to the presenter; `FindOffered`, later `FindDecided`."""
        try:
            offer = self._offers.offer(title, source, pdf)
        except Refusal as refusal:
            self._emit(FindOffered(None, title, refusal.reason))
            return
        self._emit(FindOffered(offer.n, title))
        if self.replica.peer is not None:
            self.say(offer)

    def withdraw_find(self, n: int) -> None:
        """Never mind that one."""
        message = self._offers.withdraw(n)
        if message is not None:
            self.say(message)

    def present(self, presence: Presence) -> None:
        """What is on this screen, a pointer, wet ink. Without effect where the role does not allow it."""
        try:
            self.replica.present(presence)
        except Refusal as refusal:
            log.debug("%s: %s", type(presence).__name__, refusal.reason)
        self._flush()

    def set_facts(self, facts: RoomFacts | Introduction) -> None:
        """They changed."""
        self._facts = facts
        self.say(facts)

    # --- the end ------------------------------------------------------------------------------------------

    def end(self, reason: LeftReason) -> None:
        """Nothing of this briefing is received any more; the link stays for `Wiped`."""
        if self._ended:
            return
        self._ended = True
        self._offers = Offers(0)
        self._expect(None)
        self.fetcher.forget()
        if reason not in LEFT.values():
            self.say(Leave())
        self._on_end(reason)

    async def close(self, wiped: bool) -> None:
        """The last word, and the link closed."""
        if self._pump is not None:
            if wiped:
                self._pump.say(Wiped())
            await self._pump.close()
        self._expect(None)

    def _expect(self, seconds: float | None) -> None:
        """After so many seconds without anything better, the session ends."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(seconds, self.end, LeftReason.TIMEOUT)

    # --- what the pump calls ------------------------------------------------------------------------------

    def take(self, budget: int) -> Sequence[Message]:
        """What the replica has to send."""
        return self.replica.outbox.take(budget)

    def receive(self, message: Message) -> None:
        """One message of the presenter."""
        if self._ended:
            return
        match message:
            case Introduce():
                self._introduce(message)
            case WallKey():
                self._emit(KeyPressed(message.action))
            case TakeoverAnswer() | Joining() | Waiting() | Walls() | FloorDeclined():
                self._about_guest(message)
            case StandIn():
                self._stand_ins[message.ref] = message.sha256
                self.fetcher.want(Blob(message.sha256, message.length), Rank.SOON)
                self._fetch_papers()
                self._emit(StandInOffered(message))
            case WantFind():
                piece = self._offers.wanted(message)
                if piece is not None:
                    self.say(piece)
            case FindAnswered(n, outcome, words):
                if self._offers.answered(message):
                    self._emit(FindDecided(n, outcome, words))
            case End():
                self.end(LEFT[message.reason])
            case _:
                self._log_message(message)

    def _log_message(self, message: Message) -> None:
        changes = self.replica.receive(message)
        if type(message) is SnapshotAt and self.replica.snapshot_wanted is not None:
            self.fetcher.load(self.replica.snapshot_wanted, self._snapshot_came)
        if type(message) is Welcome:
            self._emit(JoinedAs(message.peer))
            for offer in self._offers.again():
                self.say(offer)
            if not self._started:
                self._started = True
                self._expect(None)
        if changes:
            self._tell(changes)
            self._fetch_papers()
        self._flush()

    def _snapshot_came(self, data: memoryview) -> None:
        if self.replica.snapshot_wanted is None or self._ended:
            return
        try:
            changes = self.replica.load(data)
        except PeerFault as fault:
            log.info("snapshot: %s", fault)
            self.cut()
            return
        self._fetch_papers()
        self._tell(changes)
        self._flush()

    def _fetch_papers(self) -> None:
        """Every blob of the briefing, the page in view first."""
        briefing = self.replica.briefing
        blobs = briefing.blobs()
        for blob in blobs.values():
            self.fetcher.want_once(blob)
        for ref in [ref for ref in self._stand_ins if ref.blob not in blobs]:
            self.fetcher.unwant(self._stand_ins.pop(ref))
        self.fetcher.keep({*blobs, *self._stand_ins.values()})
        view = briefing.registers.view
        place = None if view is None else briefing.page(view.page_id)
        if place is not None:
            ref = place[2].ref
            self.fetcher.hurry(ref.blob, Rank.PAPER if blobs[ref.blob].length >= WORTH_IT else Rank.NOW)
            if ref in self._stand_ins and not self.fetcher.has(ref.blob):
                self.fetcher.hurry(self._stand_ins[ref], Rank.NOW)

    def round_trip(self, seconds: float, answered: bool) -> None:
        """The presenter's side watches for slowness; a wall says nothing of it."""

    def link_over(self, closed: LinkClosed) -> None:
        """The link is dead: the page stays, and the presenter may resume until the deadline."""
        if not self._ended:
            self._link_lost()

    def _link_lost(self) -> None:
        self._lost_at = monotonic()
        self._emit(LinkLost(self._lost_at))
        self._expect(self._deadlines.wipe)
        self.changed.set()

    def _introduce(self, introduce: Introduce) -> None:
        if not self._introduced:
            self._introduced = True
            self._emit(PairedWith(introduce.name, introduce.department))
        named = msgspec.structs.replace(self.kept, name=introduce.name, department=introduce.department)
        if named != self.kept:
            self.kept = named
            self.keep()
        self._emit(IntroduceSeen(introduce))
