"""The session owner's end: it orders every edit, keeps log, roles and floor, and tells all others.

It sends nothing: what is to go waits in outboxes. ``now`` is the caller's monotonic clock, in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from msgspec.structs import replace

from protocol import floor
from protocol.changes import Change, FindCame, FindGone, PeersChanged, PresenceSeen, RegisterSet, changes
from protocol.errors import CloseCode, Misuse, PeerFault, Reason, Refusal
from protocol.finds import (
    Find,
    FindAnswered,
    FindPiece,
    OfferFind,
    Outcome,
    Quarantine,
    WantFind,
    WithdrawFind,
)
from protocol.guests import Guest, Snapshot
from protocol.log import Log
from protocol.messages import (
    CatchUp,
    Committed,
    Epoch,
    FloorReturned,
    Granted,
    Join,
    Message,
    Now,
    Set,
    Settled,
    SnapshotAt,
    Submit,
    Welcome,
    Wish,
)
from protocol.model import Briefing
from protocol.ops import Allow, Named, Op
from protocol.outbox import Outbox
from protocol.presence import Pointer, Position, Presence, Typing, Wet, presence_key
from protocol.registers import Register, Registers, SetFloor, SetTimer, SetWriting, ShowView, each
from protocol.roles import may_edit, may_offer_finds, may_type
from protocol.snapshot import snapshot
from protocol.undo import History, Why
from protocol.values import LONGEST, OWNER, OpId, PeerId, Role

REPLAY = 2_000


class Authority:
    """``log``: of a journal; what is recovered goes on under a new epoch, as others may know more of the old.
    ``replay``: how many ops a follower is sent one by one at most; beyond, it gets a snapshot.
    ``writing``: whether people may write on the walls at first.
    """

    def __init__(
        self,
        epoch: Epoch,
        log: Sequence[Committed] = (),
        registers: Registers | None = None,
        *,
        replay: int = REPLAY,
        writing: bool = False,
    ) -> None:
        self.briefing = Briefing(epoch, registers=Registers(writing=writing))
        self.guests: dict[PeerId, Guest] = {}
        self._replay = replay
        self._log = Log()
        self._next_peer = 1
        self._presence_n = 0
        self._timer_at = 0.0
        self._snapshot: Snapshot | None = None
        self._history = History()
        self._quarantine = Quarantine()
        for committed in log:
            self._commit(committed.op, committed.id)
            self._next_peer = max(self._next_peer, committed.id.author + 1)
        for register in each(registers) if registers else ():
            self._restore(register)

    def _restore(self, register: Register) -> None:
        """As it stood before a crash: whoever had the floor is gone, the clock stood still."""
        match register:
            case SetFloor():
                return
            case ShowView(view) if self.briefing.page(view.page_id) is None:
                return
            case SetTimer():
                register = replace(register, running=False)
        self._set(register, 0.0, None)

    @property
    def log(self) -> list[Committed]:
        """Every op in order. A journal takes what is new at its end after each call."""
        return self._log.ops

    # --- the owner's own ----------------------------------------------------------------------------------

    def edit(self, op: Op, revision: int | None = None) -> tuple[Change, ...]:
        """Commit an edit of the owner. `Refusal` when it does not apply.

        ``revision``: the one that its person saw, where others may have typed since in the same text.
        """
        if revision is not None:
            op = self._log.rebased(Submit(OpId(OWNER, self._log.next_n(OWNER)), revision, op))
        return self._edit(op, Why.EDIT)

    def undo(self) -> tuple[Change, ...]:
        """Undo the newest own edit that is not undone; nothing when there is none. `Refusal` when others have
        changed too much for it; the one before is next then."""
        return self._history.again(Why.UNDO, self._edit)

    def redo(self) -> tuple[Change, ...]:
        """Redo what was undone last; nothing when there is none."""
        return self._history.again(Why.REDO, self._edit)

    def set(self, register: Register, now: float) -> tuple[Change, ...]:
        """Set a register as the owner. `Refusal` without the floor."""
        if isinstance(register, SetFloor):
            return self.take_floor(now) if register.holder == OWNER else self.give_floor(register.holder, now)
        floor.check(self.briefing.registers, OWNER, register)
        return self._set(register, now, None)

    def present(self, presence: Presence) -> None:
        """The owner's pointer or caret, to all others."""
        self._relay(OWNER, presence)

    def _edit(self, op: Op, why: Why) -> tuple[Change, ...]:
        before = self.briefing
        id = OpId(OWNER, self._log.next_n(OWNER))
        changed = self._commit(op, id)
        self._history.made(before, op, id, why)
        return changed

    # --- guests -------------------------------------------------------------------------------------------

    def admit(self, role: Role, former: PeerId | None = None) -> PeerId:
        """A new follower, once; its links come and go. Nothing is sent to it before its Join.

        ``former``: the id that it had in the recovered log; `Misuse` when somebody has it.
        """
        peer = self._next_peer if former is None else former
        if peer in self.guests:
            raise Misuse(f"peer {peer} is there")
        self._next_peer = max(self._next_peer, peer + 1)
        self.guests[peer] = Guest(role, Outbox(self.log))
        return peer

    def disconnect(self, peer: PeerId, now: float) -> tuple[Change, ...]:
        """Its link is gone. It stays a follower; the floor it may have had comes back at once, and a stroke
        that was under way is on no glass any more."""
        guest = self._guest(peer)
        guest.joined = False
        guest.outbox.clear()
        return (*self._void_stroke(peer, guest), *self._take_floor_from(peer, now))

    def _void_stroke(self, peer: PeerId, guest: Guest) -> tuple[Change, ...]:
        wet, guest.wet = guest.wet, None
        if wet is None or self.briefing.ink.next_n.get(peer, 0) > wet.n:
            return ()
        void = replace(wet, fresh=True, path=b"")
        self._relay(peer, void)
        return (PresenceSeen(peer, void),)

    def leave(self, peer: PeerId, now: float) -> tuple[Change, ...]:
        """It is no follower any more; its id is never used again."""
        changed = self.disconnect(peer, now)
        del self.guests[peer]
        finds = tuple(FindGone(peer, n) for n in self._quarantine.gone(peer))
        return (*changed, *finds, PeersChanged())

    def grant(self, peer: PeerId, role: Role, now: float) -> tuple[Change, ...]:
        """Give a follower another role."""
        guest = self._guest(peer)
        guest.regrade(role, now)
        if guest.joined:
            guest.outbox.put_every(Granted(role))
        changed = self._take_floor_from(peer, now) if role is not Role.PRESENTER else ()
        return (*changed, PeersChanged())

    def give_floor(self, peer: PeerId, now: float) -> tuple[Change, ...]:
        """Let a follower with the presenter's role present. `Refusal` when it may not or is not there."""
        guest = self._guest(peer)
        return self._set(floor.handed_to(peer, guest.role, guest.joined), now, None)

    def take_floor(self, now: float) -> tuple[Change, ...]:
        """The owner presents again, whoever had the floor."""
        return self._take_floor_from(self.briefing.registers.floor, now)

    def answer_find(self, peer: PeerId, n: int, outcome: Outcome, words: str = "") -> None:
        """What becomes of a participant's find; without effect when it is not there any more."""
        answer = self._quarantine.answered(peer, n, outcome, words)
        guest = self.guests.get(peer)
        if answer is not None and guest is not None and guest.joined:
            guest.outbox.put_every(answer)

    def outbox(self, peer: PeerId) -> Outbox:
        """What waits for that peer."""
        return self._guest(peer).outbox

    def snapshot(self, sha256: bytes) -> bytes | None:
        """The snapshot that a joiner was told of, for the bulk connection; None: nobody waits for it."""
        told = (guest.snapshot for guest in self.guests.values() if guest.snapshot)
        return next((each.data for each in told if each.at.sha256 == sha256), None)

    def _guest(self, peer: PeerId) -> Guest:
        guest = self.guests.get(peer)
        if guest is None:
            raise Misuse(f"no peer {peer}")
        return guest

    def _take_floor_from(self, peer: PeerId, now: float) -> tuple[Change, ...]:
        back = floor.without(self.briefing.registers, peer)
        return () if back is None else self._set(back, now, None)

    # --- what guests send ---------------------------------------------------------------------------------

    def receive(self, peer: PeerId, message: Message, now: float) -> tuple[Change, ...]:
        """Take in a message; `PeerFault` when its link must be closed.

        Call it with every message of a guest: it checks the role also for those that are not the session's.
        """
        guest = self._guest(peer)
        allowed = guest.may_send(message, self.briefing.registers.writing, now)
        if isinstance(message, Join):
            return self._join(peer, guest, message, now)
        if isinstance(message, Submit | Wish | Now | OfferFind | FindPiece) and not guest.joined:
            raise PeerFault(CloseCode.PROTOCOL, "not joined")
        if isinstance(message, Wish):
            return self._wished(peer, guest, message, now)
        if not allowed:
            guest.refuse(getattr(message, "id", None), Reason.NOT_ALLOWED, now, excused=True)
            return ()
        match message:
            case Submit():
                return self._submitted(peer, guest, message, now)
            case Now():
                return self._seen(peer, guest, message, now)
            case FloorReturned():
                return self._take_floor_from(peer, now)
            case OfferFind() | FindPiece():
                return self._found(peer, guest, message, now)
            case WithdrawFind(n):
                return (FindGone(peer, n),) if self._quarantine.withdrawn(peer, n) else ()
            case _:
                return ()

    def _join(self, peer: PeerId, guest: Guest, join: Join, now: float) -> tuple[Change, ...]:
        head, epoch = self.briefing.revision, self.briefing.epoch
        came = () if guest.joined else (PeersChanged(),)
        same = join.epoch == epoch and join.revision <= head
        revision = join.revision if same else 0
        guest.joined, guest.edits, guest.head, guest.snapshot = True, join.edits and same, head, None
        guest.outbox.clear()
        next_n, registers = self._log.next_n(peer), self._registers_at(now)
        guest.outbox.put_every(Welcome(epoch, peer, guest.role, next_n, registers))
        if not self._needs_snapshot(guest, head - revision):
            guest.outbox.put_every(CatchUp(epoch, revision, head))
            guest.outbox.follow(revision)
        return came

    def _needs_snapshot(self, guest: Guest, behind: int) -> bool:
        """A replay that would take too long gives way to a snapshot, unless the guest has edits to rebase."""
        if behind <= self._replay or guest.edits:
            return False
        guest.outbox.follow(None)
        guest.snapshot = self._newest_snapshot()
        guest.outbox.put_every(guest.snapshot.at)
        return True

    def _registers_at(self, now: float) -> Registers:
        registers = self.briefing.registers
        timer = registers.timer
        if not timer.running:
            return registers
        elapsed = timer.elapsed + max(0, round((now - self._timer_at) * 1000))
        # A guest with the floor may have set it to the end of what can be said; joiners must read it still.
        return replace(registers, timer=replace(timer, elapsed=min(elapsed, LONGEST)))

    def _newest_snapshot(self) -> Snapshot:
        kept, briefing = self._snapshot, self.briefing
        if kept is None or kept.at.revision != briefing.revision:
            data = snapshot(briefing)
            at = SnapshotAt(briefing.epoch, briefing.revision, sha256(data).digest(), len(data))
            self._snapshot = kept = Snapshot(at, data)
        return kept

    def _submitted(self, peer: PeerId, guest: Guest, submit: Submit, now: float) -> tuple[Change, ...]:
        if submit.id.author != peer:
            raise PeerFault(CloseCode.ROLE, "another's name")
        guest.count_submit(now)
        if submit.id in self._log:
            return ()
        try:
            if not may_edit(peer, guest.role, submit.op, self.briefing):
                raise Refusal(Reason.NOT_ALLOWED)
            op = self._log.rebased(submit)
            changed = self._commit(op, submit.id)
        except Refusal as refusal:
            excused = guest.could_not_know(submit.revision, now)
            guest.refuse(submit.id, refusal.reason, now, excused=excused)
            return ()
        self._history.passed(op)
        return changed

    def _wished(self, peer: PeerId, guest: Guest, wish: Wish, now: float) -> tuple[Change, ...]:
        changed: tuple[Change, ...] = ()
        reason: Reason | None = None
        try:
            floor.check(self.briefing.registers, peer, wish.register)
            changed = self._set(wish.register, now, peer)
        except Refusal as refusal:
            reason = refusal.reason
            if not guest.just_regraded(now):
                guest.count_refusal(reason, now)
        kind = type(wish.register)
        guest.outbox.put_latest((Settled, kind), Settled(wish.n, reason, self._registers_at(now)))
        return changed

    def _seen(self, peer: PeerId, guest: Guest, message: Now, now: float) -> tuple[Change, ...]:
        if message.peer != peer:
            raise PeerFault(CloseCode.ROLE, "another's name")
        presence = message.presence
        if isinstance(presence, Pointer) and guest.points_too_often(now):
            return ()
        try:
            self.briefing.check_presence(presence)
            if isinstance(presence, Typing) and not may_type(peer, guest.role, presence.item, self.briefing):
                raise Refusal(Reason.NOT_ALLOWED)
        except Refusal as refusal:
            guest.refuse(None, refusal.reason, now)
            return ()
        if isinstance(presence, Wet):
            guest.wet = presence
        if not isinstance(presence, Position):
            self._relay(peer, presence)
        return (PresenceSeen(peer, presence),)

    def _found(
        self, peer: PeerId, guest: Guest, message: OfferFind | FindPiece, now: float
    ) -> tuple[Change, ...]:
        """What a participant looked up stays in quarantine, and its finder alone is answered."""
        if not may_offer_finds(peer, self.briefing):
            gone = self._quarantine.withdrawn(peer, message.n)
            self._refuse_find(guest, message, Outcome.NOT_ALLOWED, Reason.NOT_ALLOWED, now)
            return (FindGone(peer, message.n),) if gone else ()
        answer: WantFind | FindAnswered | Find | None
        try:
            if isinstance(message, OfferFind):
                answer = self._quarantine.offered(peer, message, now)
            else:
                answer = self._quarantine.came(peer, message)
        except Refusal as refusal:
            self._refuse_find(guest, message, Outcome.TOO_MANY, refusal.reason, now)
            return ()
        if isinstance(answer, Find):
            return (FindCame(answer),)
        if answer is not None:
            guest.outbox.put_every(answer)
        return ()

    @staticmethod
    def _refuse_find(
        guest: Guest, message: OfferFind | FindPiece, outcome: Outcome, reason: Reason, now: float
    ) -> None:
        """Counted like every refusal. (A piece may have been on its way when its find went.)"""
        guest.count_refusal(reason, now)
        guest.outbox.put_every(FindAnswered(message.n, outcome, ""))

    # --- what everybody is told ---------------------------------------------------------------------------

    def _commit(self, op: Op, id: OpId) -> tuple[Change, ...]:
        before = self.briefing
        self.briefing = before.apply(op, id)
        self._log.append(op, id)
        if isinstance(op, Allow | Named):
            # Somebody of a former life of this log, or of the briefing that it goes on with.
            self._next_peer = max(self._next_peer, op.peer + 1)
        for guest in self.guests.values():
            self._needs_snapshot(guest, guest.outbox.behind)
        return changes(before, self.briefing, op, id.author)

    def _set(self, register: Register, now: float, by: PeerId | None) -> tuple[Change, ...]:
        number, holder = self.briefing.registers.number + 1, self.briefing.registers.floor
        self.briefing = self.briefing.set(register, number)
        if isinstance(register, SetFloor) and holder in self.guests:
            self.guests[holder].regrade(self.guests[holder].role, now)
        if isinstance(register, SetTimer):
            self._timer_at = now
        if isinstance(register, SetWriting):
            for guest in self.guests.values():
                guest.regrade(guest.role, now)
        told = Set(number, register)
        for peer, guest in self.guests.items():
            if guest.joined and peer != by:
                guest.outbox.put_latest(type(register), told)
        return (RegisterSet(register),)

    def _relay(self, sender: PeerId, presence: Presence) -> None:
        self._presence_n += 1
        told = Now(sender, self._presence_n, presence)
        key = (sender, presence_key(presence, told.n))
        for peer, guest in self.guests.items():
            if guest.joined and peer != sender:
                guest.outbox.put_maybe(key, told)
