"""The session as its owner runs it: the authority, what goes to every follower at once, and the papers."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic, time

from protocol import journal
from protocol.authority import Authority
from protocol.changes import Change, OpRefused
from protocol.errors import CloseCode, PeerFault, Refusal
from protocol.finds import Outcome
from protocol.messages import Committed, FloorAsked, Join, Message, Now, StandIn
from protocol.ops import Allow, Named, Op
from protocol.outbox import Outbox
from protocol.presence import Position, Presence
from protocol.registers import Register, Registers
from protocol.texts import one_line
from protocol.transport.events import (
    Changed,
    Event,
    FloorRequested,
    StandInWanted,
)
from protocol.transport.owner_guest import OwnerGuest
from protocol.transport.pump import Encoder, framed
from protocol.transport.resuming import NOBODY, Secrets
from protocol.transport.stand_ins import WORTH_IT, StandIns, around_view
from protocol.values import OWNER, OpId, PageRef, PeerId, Role

log = logging.getLogger(__name__)

EPOCH_BYTES = 16
NAME_LIMIT = 80
BUNDLE = 1 / 30
"""Seconds of what is true for a moment that go to a participant together: whoever looks on and does not guide
the pen sees no thirtieth of a second."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What is known of a briefing after a crash: the log and registers of its journal, how guests resume."""

    log: tuple[Committed, ...]
    registers: Registers | None = None
    secrets: Secrets = NOBODY


class OwnerSession:
    """``guests()``: every wall and participant there is; ``emit`` tells the program; ``on_commit`` gets each
    journal entry."""

    def __init__(
        self,
        recovered: Recovered | None,
        guests: Callable[[], Iterable[OwnerGuest]],
        emit: Callable[[Event], None],
        on_commit: Callable[[bytes], None],
    ) -> None:
        recovered = recovered or Recovered(())
        epoch = secrets.token_bytes(EPOCH_BYTES)
        self._authority = Authority(epoch, recovered.log, recovered.registers)
        self._guests = guests
        self._emit = emit
        self._on_commit = on_commit
        self._journaled = len(recovered.log)
        self._registers = self._authority.briefing.registers
        self._peers: dict[OwnerGuest, PeerId] = {}
        self._outboxes: dict[OwnerGuest, Outbox] = {}
        self._here: set[PeerId] = set()
        self._encoder = Encoder()
        self._bundle: asyncio.TimerHandle | None = None
        self._blobs: dict[bytes, memoryview] = {}
        self._stand_ins = StandIns()

    # --- the desk's own -----------------------------------------------------------------------------------

    def edit(self, op: Op, revision: int | None = None) -> None:
        """Commit an edit, perhaps of an older revision; one that does not apply is told as `OpRefused`."""
        try:
            self._spread(self._authority.edit(op, revision))
        except Refusal as refusal:
            id = OpId(OWNER, len(self._authority.log))
            refused = OpRefused(id, op, refusal.reason)
            self._emit(Changed(self._authority.briefing, (refused,)))

    def undo(self) -> None:
        """Undo the newest own edit; no effect when others have changed too much since."""
        self._try(self._authority.undo)

    def redo(self) -> None:
        """Redo what was undone last, as far as that can be."""
        self._try(self._authority.redo)

    def set(self, register: Register) -> None:
        """Set a register. Without the floor, or to what cannot be shown, it has no effect."""
        self._try(lambda: self._authority.set(register, monotonic()))

    def present(self, presence: Presence) -> None:
        """The presenter's pointer, caret or wet ink."""
        self._authority.present(presence)
        self._show()

    def grant(self, peer: PeerId, role: Role) -> None:
        """Another role for a follower, unless it has just gone."""
        if peer in self._authority.guests:
            self._spread(self._authority.grant(peer, role, monotonic()))
            for guest in [guest for guest, known in self._peers.items() if known == peer]:
                self.named(guest)

    def answer_find(self, peer: PeerId, n: int, outcome: Outcome, words: str) -> None:
        """What became of that participant's find, unless it is there no more."""
        self._authority.answer_find(peer, n, outcome, words)
        self._spread(())

    def give_floor(self, peer: PeerId) -> None:
        """Let that follower present, unless it has just gone."""
        if peer in self._authority.guests:
            self._try(lambda: self._authority.give_floor(peer, monotonic()))

    def take_floor(self) -> None:
        """Present again."""
        self._spread(self._authority.take_floor(monotonic()))

    def _try(self, change: Callable[[], tuple[Change, ...]]) -> None:
        try:
            changes = change()
        except Refusal as refusal:
            log.info("not done: %s", refusal.reason)
        else:
            self._spread(changes)

    # --- names --------------------------------------------------------------------------------------------

    @property
    def names(self) -> Mapping[PeerId, str]:
        """Who is in the record."""
        return self._authority.briefing.names

    def named(self, guest: OwnerGuest) -> None:
        """Whoever may write is in the record under a name; it may be another one by now."""
        peer = self._peers.get(guest)
        if peer is None or not guest.let_in:
            return
        allowance = self.allowance_of(guest)
        if self.role_of(guest) is not Role.PARTICIPANT or (allowance is not None and allowance.minutes):
            self.name(peer, guest.known_as)

    def name(self, peer: PeerId, name: str) -> None:
        """Commits a name, if it is one and another than before."""
        name = one_line(name)[:NAME_LIMIT]
        if name and self.names.get(peer) != name:
            self.edit(Named(peer, name))

    # --- papers -------------------------------------------------------------------------------------------

    def add_blob(self, digest: bytes, data: memoryview | bytes) -> None:
        """The bytes of a paper; before the op that offers it, but of a recovered one whenever they are read.

        A view is kept as it is, without a copy.
        """
        self._blobs[digest] = memoryview(data).toreadonly()
        for guest in self._guests():
            guest.blob_added(digest)

    def add_stand_in(self, ref: PageRef, pdf: bytes, width: int, height: int) -> None:
        """The one-page paper that `StandInWanted` asked for; width and height in 1/100 point."""
        stand_in = StandIn(ref, sha256(pdf).digest(), len(pdf), width, height)
        self._blobs[stand_in.sha256] = memoryview(pdf)
        self._stand_ins.add(stand_in)
        self.move_papers()

    def blob(self, digest: bytes) -> memoryview | None:
        """The bytes of a paper, a stand-in or a snapshot, by their SHA-256."""
        data = self._blobs.get(digest)
        if data is None:
            snapshot = self._authority.snapshot(digest)
            data = None if snapshot is None else memoryview(snapshot)
        return data

    def expected(self, digest: bytes) -> bool:
        """Whether this blob belongs to the briefing."""
        return digest in self._authority.briefing.blobs()

    def urgent(self, digest: bytes) -> bool:
        """Whether walls need just this blob to show the page in view."""
        briefing = self._authority.briefing
        view = briefing.registers.view
        place = None if view is None else briefing.page(view.page_id)
        if place is None:
            return False
        ref = place[2].ref
        stand_in = self._stand_ins.of(ref)
        if stand_in is not None and stand_in.sha256 == digest:
            return True
        return ref.blob == digest and len(self._blobs.get(digest, b"")) < WORTH_IT

    def move_papers(self) -> None:
        """A guest asked for a blob, or has one whole, or looks elsewhere: stand-ins follow."""
        around = around_view(self._authority.briefing)
        if not around:
            return
        guests = [guest for guest in self._guests() if guest.awaits_papers]
        walls = (guest.papers for guest in guests if guest.role is Role.DISPLAY)
        people = (guest.papers for guest in guests if guest.role is not Role.DISPLAY)
        for ref in self._stand_ins.to_make(around, walls, people):
            self._emit(StandInWanted(ref))
        for guest in guests:
            peer = self._peers.get(guest)
            if peer is None or not self._authority.guests[peer].joined:
                continue
            told = self._stand_ins.to_tell(around, guest.papers)
            for stand_in in told:
                self._authority.outbox(peer).put_every(stand_in)
            if told:
                guest.flush(self._encoder)
        self._encoder.clear()

    # --- guests -------------------------------------------------------------------------------------------

    def admit(self, guest: OwnerGuest, former: PeerId | None = None) -> PeerId:
        """This guest's peer id, now or since it was admitted. ``former``: before a crash."""
        if guest not in self._peers:
            peer = self._peers[guest] = self._authority.admit(guest.role, former)
            self._outboxes[guest] = self._authority.outbox(peer)
        return self._peers[guest]

    @property
    def floor(self) -> PeerId:
        """Who presents."""
        return self._authority.briefing.registers.floor

    def role_of(self, guest: OwnerGuest) -> Role:
        """What it may do at this moment."""
        peer = self._peers.get(guest)
        return guest.role if peer is None else self._authority.guests[peer].role

    def allowance_of(self, guest: OwnerGuest) -> Allow | None:
        """What it may do beyond its role."""
        peer = self._peers.get(guest)
        return None if peer is None else self._authority.briefing.allowances.get(peer)

    def joined(self, guest: OwnerGuest, join: Join) -> None:
        """A guest that is let in has a link and wants the log."""
        self.admit(guest)
        self.said(guest, join)
        self.named(guest)
        self._attended(guest, there=True)
        self.move_papers()

    def left(self, guest: OwnerGuest, for_good: bool) -> None:
        """A guest's link is dead, or it is out."""
        peer = self._peers.get(guest)
        if peer is None:
            return
        self._attended(guest, there=False)
        if for_good:
            del self._peers[guest], self._outboxes[guest]
            self._spread(self._authority.leave(peer, monotonic()))
        else:
            self._spread(self._authority.disconnect(peer, monotonic()))

    def said(self, guest: OwnerGuest, message: Message) -> None:
        """A message of a guest. `PeerFault` when its link must be closed."""
        peer = self._peers.get(guest)
        if peer is None:
            raise PeerFault(CloseCode.ROLE, f"{type(message).__name__} before the briefing was started")
        changes = self._authority.receive(peer, message, monotonic())
        if isinstance(message, Now):
            self._seen(guest, message.presence, changes)
            return
        if isinstance(message, FloorAsked):
            self._emit(FloorRequested(peer))
        self._spread(changes)

    def take(self, guest: OwnerGuest, budget: int) -> Sequence[Message]:
        """What waits for that guest."""
        outbox = self._outboxes.get(guest)
        return () if outbox is None else outbox.take(budget)

    # --- to everybody -------------------------------------------------------------------------------------

    def _seen(self, guest: OwnerGuest, presence: Presence, changes: tuple[Change, ...]) -> None:
        """What a guest shows is news for the desk alone; all else of a moment is shown to everybody."""
        if not isinstance(presence, Position):
            self._show()
            if changes:
                self._emit(Changed(self._authority.briefing, changes))
        elif changes:
            guest.positioned(presence)
        self._flush((guest,))

    def _show(self) -> None:
        """What is true for a moment only goes to the walls in this very turn, to people's own windows
        bundled: they may be eighty, and one pen would cost the desk a sixth of a core for them alone.
        """
        shown: Message | None = None
        for guest, outbox in self._outboxes.items():
            if guest.role is not Role.DISPLAY:
                continue
            moment = outbox.take_moment()
            if moment is None:
                guest.flush(self._encoder)
                continue
            if moment is not shown:
                shown, frame = moment, framed(moment)
            guest.show(frame)
        self._encoder.clear()
        if self._bundle is None:
            self._bundle = asyncio.get_running_loop().call_later(BUNDLE, self._show_people)

    def _show_people(self) -> None:
        self._bundle = None
        self._flush(guest for guest in self._guests() if guest.role is not Role.DISPLAY)

    def _flush(self, guests: Iterable[OwnerGuest]) -> None:
        for guest in guests:
            guest.flush(self._encoder)
        self._encoder.clear()

    def _spread(self, changes: tuple[Change, ...]) -> None:
        """Followers first, in this very turn of the loop; then the journal, then the desk."""
        self._flush(self._guests())
        self._journal()
        authority = self._authority
        if changes:
            self._emit(Changed(authority.briefing, changes))
            self.move_papers()
        for guest, peer in list(self._peers.items()):
            if authority.outbox(peer).overrun:
                log.info("%s takes nothing any more; its link is cut", guest.who)
                guest.cut()

    def _journal(self) -> None:
        """What is new in the log, and the registers when they are others."""
        authority, at = self._authority, int(time() * 1000)
        for committed in authority.log[self._journaled :]:
            self._on_commit(journal.entry(committed, at))
        self._journaled = len(authority.log)
        if authority.briefing.registers != self._registers:
            self._registers = authority.briefing.registers
            self._on_commit(journal.entry(self._registers, at))

    def _attended(self, guest: OwnerGuest, *, there: bool) -> None:
        """Who was never let in was not there, and does not leave."""
        peer, name = self._peers.get(guest), one_line(guest.known_as)[:NAME_LIMIT]
        if peer is None or not name or (not guest.let_in if there else peer not in self._here):
            return
        (self._here.add if there else self._here.discard)(peer)
        told = journal.Attended(peer, name, guest.role, there)
        self._on_commit(journal.entry(told, int(time() * 1000)))
