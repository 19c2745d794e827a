"""A follower's end: what is confirmed, with its own pending edits on top, over any number of links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from msgspec.structs import replace as replace_fields

from protocol import floor
from protocol.errors import CloseCode, Misuse, PeerFault, Reason, Refusal
from protocol.messages import (
    CatchUp,
    Committed,
    Granted,
    Join,
    Message,
    Now,
    Refused,
    Set,
    Settled,
    SnapshotAt,
    Submit,
    Welcome,
    Wish,
)
from protocol.model import (
    Briefing,
    Change,
    ItemChanged,
    OpRefused,
    PeersChanged,
    PresenceSeen,
    RegisterSet,
    Reloaded,
    changes,
)
from protocol.ops import AddItem, Op, RemoveItem, SpliceText
from protocol.outbox import Outbox
from protocol.presence import Position, Presence
from protocol.registers import Register, Registers, ShowView, each, replaced
from protocol.roles import may_send
from protocol.snapshot import read_snapshot
from protocol.texts import Edit, compose, rebase
from protocol.undo import History, Why
from protocol.values import OWNER, Blob, OpId, PeerId, Role

PENDING_LIMIT = 1_000


class _Stage(Enum):
    """AWAY: no link, or Join said and not answered. WELCOMED: the log comes next. LOADING: a snapshot comes
    first. FOLLOWING: the log comes."""

    AWAY = auto()
    WELCOMED = auto()
    LOADING = auto()
    FOLLOWING = auto()


@dataclass(slots=True)
class _Pending:
    """An own edit that is not in the log yet. ``said``: it was sent on some link, so it must stay as it is.
    ``under_way``: it was sent on this one."""

    id: OpId
    op: Op
    said: bool = False
    under_way: bool = False


class Replica:
    """``briefing`` is what its person sees: never half of a log that is being loaded."""

    def __init__(self) -> None:
        self.briefing = Briefing()
        self.peer: PeerId | None = None
        self.role: Role | None = None
        self.outbox = Outbox()
        self.snapshot_wanted: Blob | None = None
        """While it is not None: fetch this blob and `load` it."""
        self._confirmed = Briefing()
        self._stage = _Stage.AWAY
        self._loaded = False
        self._head = 0
        self._pending: list[_Pending] = []
        self._touch = False
        self._next_n = 0
        self._wishes: dict[type[Register], int] = {}
        self._wish_n = 0
        self._presence_n = 0
        self._position: Position | None = None
        self._early: Set | None = None
        self._history = History()

    @property
    def caught_up(self) -> bool:
        """Whether everything that the log held at the last joining is here."""
        return self._loaded and self._stage is _Stage.FOLLOWING and self._confirmed.revision >= self._head

    @property
    def pending(self) -> int:
        """How many own edits are not in the log yet."""
        return len(self._pending)

    # --- its person's own ---------------------------------------------------------------------------------

    def edit(self, op: Op) -> tuple[Change, ...]:
        """Make an edit: seen here at once, everywhere when it is committed. `Refusal` when it cannot be."""
        return self._edit(op, Why.EDIT)

    def undo(self) -> tuple[Change, ...]:
        """Undo the newest own edit that is not undone; nothing when there is none. `Refusal` when others have
        changed too much for it; the one before is next then."""
        return self._again(Why.UNDO)

    def redo(self) -> tuple[Change, ...]:
        """Redo what was undone last; nothing when there is none."""
        return self._again(Why.REDO)

    def set(self, register: Register) -> tuple[Change, ...]:
        """Set a register, seen here at once. `Refusal` without the floor."""
        if self.peer is None or self._stage is not _Stage.FOLLOWING:
            raise Refusal(Reason.NOT_JOINED)
        registers = self.briefing.registers
        wish = Wish(self._wish_n + 1, register)
        self._check_role(wish)
        floor.check(registers, self.peer, register)
        self.briefing = self.briefing.set(register, registers.number)
        self._wish_n = wish.n
        self._wishes[type(register)] = wish.n
        self.outbox.put_latest(type(register), wish)
        return (RegisterSet(register),)

    def present(self, presence: Presence) -> None:
        """Pointer, caret or position, to all others or to the owner. A position is kept and told again after
        a cut; anything else without a link is forgotten."""
        if isinstance(presence, Position):
            self._position = presence
        if self.peer is None or self._stage is _Stage.AWAY:
            return
        self._presence_n += 1
        now = Now(self.peer, self._presence_n, presence)
        self._check_role(now)
        put = self.outbox.put_latest if isinstance(presence, Position) else self.outbox.put_maybe
        put(type(presence), now)

    def _again(self, why: Why) -> tuple[Change, ...]:
        op = self._history.next(why)
        try:
            return () if op is None else self._edit(op, why)
        except Refusal:
            self._history.drop(why)
            raise

    def _edit(self, op: Op, why: Why) -> tuple[Change, ...]:
        if self.peer is None or not self._loaded:
            raise Refusal(Reason.NOT_JOINED)
        pending = _Pending(OpId(self.peer, self._next_n), op)
        self._check_role(Submit(pending.id, self._confirmed.revision, op))
        before, after = self.briefing, self.briefing.apply(op, pending.id)
        waiting = self._waiting_splice(op)
        if waiting is not None and isinstance(waiting.op, SpliceText) and isinstance(op, SpliceText):
            waiting.op = SpliceText(op.item, compose(waiting.op.parts, op.parts))
            pending = waiting
        elif len(self._pending) >= PENDING_LIMIT:
            raise Refusal(Reason.TOO_MANY)
        else:
            self._pending.append(pending)
            self._next_n += 1
        self.briefing = after
        self._history.made(before, op, pending.id, why)
        self._send_pending()
        return changes(before, after, op, self.peer)

    def _check_role(self, message: Message) -> None:
        if self.role is None or not may_send(self.role, message, touch=self._touch):
            raise Refusal(Reason.NOT_ALLOWED)

    def _waiting_splice(self, op: Op) -> _Pending | None:
        """The newest pending edit of the same text, while it has never been sent."""
        item = _item(op)
        last = next((each for each in reversed(self._pending) if _item(each.op) == item), None)
        return last if item is not None and last is not None and not last.said else None

    def _send_pending(self) -> None:
        """Of each text one splice is under way; what follows it waits for its echo."""
        if self._stage is not _Stage.FOLLOWING:
            return
        busy = {_item(each.op) for each in self._pending if each.under_way and _blocks(each.op)}
        for pending in self._pending:
            item = _item(pending.op)
            if pending.under_way or (item is not None and item in busy):
                continue
            pending.said = pending.under_way = True
            self.outbox.put_every(Submit(pending.id, self._confirmed.revision, pending.op))
            if _blocks(pending.op):
                busy.add(item)

    # --- joining ------------------------------------------------------------------------------------------

    def join(self) -> Join:
        """The first message on each new link. What waited for the former one is forgotten or sent again."""
        self.outbox.clear()
        self.snapshot_wanted = None
        self._stage = _Stage.AWAY
        for pending in self._pending:
            pending.under_way = False
        if not self._loaded:
            return Join(None, 0, False)
        return Join(self._confirmed.epoch, self._confirmed.revision, bool(self._pending))

    def load(self, data: bytes | memoryview) -> tuple[Change, ...]:
        """The snapshot that was wanted; then it joins from there. `PeerFault` when it is none."""
        if self.snapshot_wanted is None:
            raise Misuse("no snapshot is wanted")
        changed: tuple[Change, ...] = ()
        # With edits made meanwhile, which only the log itself can rebase, it is of no use.
        if not self._pending:
            self._confirmed = read_snapshot(data)
            self._loaded = True
            changed = self._reloaded()
        self.outbox.put_every(self.join())
        return changed

    def _welcomed(self, welcome: Welcome) -> tuple[Change, ...]:
        changed: tuple[Change, ...] = ()
        if welcome.peer != self.peer:
            changed += self._hand_back()
        if (welcome.peer, welcome.role) != (self.peer, self.role):
            changed += (PeersChanged(),)
        self.peer, self.role, self._touch = welcome.peer, welcome.role, welcome.touch
        self._next_n = max(self._next_n, welcome.next_n)
        self._stage = _Stage.WELCOMED
        changed += self._take_all(welcome.registers)
        if self._position is not None:
            self.present(self._position)
        return changed

    def _caught(self, answer: CatchUp) -> tuple[Change, ...]:
        self._stage = _Stage.FOLLOWING
        self._head = answer.head
        here = (self._confirmed.epoch, self._confirmed.revision)
        changed: tuple[Change, ...] = ()
        if not self._loaded or (answer.epoch, answer.revision) != here:
            changed = self._hand_back()
            self._confirmed = Briefing(answer.epoch)
            self._loaded = answer.head == 0
            if self._loaded:
                changed += self._reloaded()
        self._send_pending()
        return changed

    def _told_of_snapshot(self, answer: SnapshotAt) -> tuple[Change, ...]:
        if self._pending:
            self.outbox.put_every(self.join())
        else:
            self._stage = _Stage.LOADING
            self.snapshot_wanted = Blob(answer.sha256, answer.length)
        return ()

    def _reloaded(self) -> tuple[Change, ...]:
        self._history.clear()
        self._fold()
        return (Reloaded(), *self._late_view())

    def _hand_back(self) -> tuple[Change, ...]:
        """Pending edits belong to a log that is no more."""
        lost, self._pending = self._pending, []
        return tuple(OpRefused(each.id, each.op, Reason.OTHER_BRIEFING) for each in lost)

    # --- what the authority sends -------------------------------------------------------------------------

    def receive(self, message: Message) -> tuple[Change, ...]:
        """Take in a message; `PeerFault` when the link must be closed."""
        match message:
            case Welcome():
                return self._welcomed(message)
            case _ if self._stage is _Stage.AWAY:
                return ()  # of the time before this join
            case CatchUp():
                return self._caught(message)
            case SnapshotAt():
                return self._told_of_snapshot(message)
            case Committed():
                return self._committed(message)
            case Refused():
                return self._refused(message)
            case Set(register=register):
                return () if type(register) in self._wishes else self._take(message)
            case Settled():
                return self._settled(message)
            case Granted(role):
                self.role = role
                return (PeersChanged(),)
            case Now(peer, _, presence):
                return (PresenceSeen(peer, presence),)
            case _:
                raise PeerFault(CloseCode.ROLE, type(message).__name__)

    def _committed(self, committed: Committed) -> tuple[Change, ...]:
        if self._stage is not _Stage.FOLLOWING or committed.revision != self._confirmed.revision + 1:
            raise PeerFault(CloseCode.PROTOCOL, f"op {committed.revision} out of turn")
        try:
            self._confirmed = self._confirmed.apply(committed.op, committed.id)
        except Refusal as refusal:
            raise PeerFault(CloseCode.PROTOCOL, f"op {committed.revision}: {refusal.reason}") from refusal
        if not self._loaded:
            self._loaded = committed.revision >= self._head
            return self._reloaded() if self._loaded else ()
        op = committed.op
        own = next((each for each in self._pending if each.id == committed.id), None)
        if own is not None:
            self._pending.remove(own)
        else:
            op = self._rebase_pending(op)
            self._history.passed(op)
        before = self.briefing
        self._fold()
        self._send_pending()
        shown = own is not None or (isinstance(op, SpliceText) and op.item not in self.briefing.items)
        changed = () if shown else changes(before, self.briefing, op, committed.id.author)
        return changed + self._late_view()

    def _rebase_pending(self, op: Op) -> Op:
        """Brings the pending edits behind a committed one; that one as it reads on top of them."""
        if not isinstance(op, SpliceText):
            return op
        over: Edit = op.parts
        for pending in self._pending:
            mine = pending.op
            if isinstance(mine, SpliceText) and mine.item == op.item:
                pending.op = SpliceText(op.item, rebase(mine.parts, over, first=False))
                over = rebase(over, mine.parts, first=True)
        return SpliceText(op.item, over)

    def _fold(self) -> None:
        folded = self._confirmed
        for pending in self._pending:
            try:
                folded = folded.apply(pending.op, pending.id)
            except Refusal:
                continue  # somebody removed what it edits; the authority will refuse it
        self.briefing = replace(folded, registers=self.briefing.registers)

    def _refused(self, refused: Refused) -> tuple[Change, ...]:
        first = next((at for at, each in enumerate(self._pending) if each.id == refused.id), None)
        if first is None:
            return ()
        item = _item(self._pending[first].op)
        # What was typed on top of a refused edit of a text has lost its ground.
        lost = [
            each
            for at, each in enumerate(self._pending)
            if at == first or (at > first and item is not None and _item(each.op) == item and not each.said)
        ]
        self._pending = [each for each in self._pending if each not in lost]
        for pending in lost:
            self._history.refused(pending.id)
        self._fold()
        self._send_pending()
        changed = tuple(OpRefused(each.id, each.op, refused.reason) for each in lost)
        return changed if item is None else (ItemChanged(item, OWNER, None), *changed)

    def _take_all(self, true: Registers) -> tuple[Change, ...]:
        self._wishes.clear()
        self._early = None
        changed = self._no_view() if true.view is None else ()
        for register in each(true):
            changed += self._take(Set(true.number, register))
        return changed

    def _settled(self, settled: Settled) -> tuple[Change, ...]:
        kind = next((kind for kind, n in self._wishes.items() if n == settled.n), None)
        if kind is None:
            return ()  # there is a newer wish
        del self._wishes[kind]
        true = next((one for one in each(settled.registers) if type(one) is kind), None)
        return self._no_view() if true is None else self._take(Set(settled.registers.number, true))

    def _no_view(self) -> tuple[Change, ...]:
        ours = self.briefing.registers
        self.briefing = replace(self.briefing, registers=replace_fields(ours, view=None))
        return () if ours.view is None else (Reloaded(),)

    def _take(self, told: Set) -> tuple[Change, ...]:
        register, registers = told.register, self.briefing.registers
        if isinstance(register, ShowView):
            # A view may overtake the op that brings its page: it is shown when that is here.
            known = self.briefing.was_there(register.view.page_id)
            self._early = None if known else told
            if not known:
                return ()
        after = replaced(registers, register, max(registers.number, told.number))
        self.briefing = replace(self.briefing, registers=after)
        same = after == replace_fields(registers, number=after.number)
        return () if same else (RegisterSet(register),)

    def _late_view(self) -> tuple[Change, ...]:
        return () if self._early is None else self._take(self._early)


def _item(op: Op) -> int | None:
    return op.item if isinstance(op, AddItem | SpliceText | RemoveItem) else None


def _blocks(op: Op) -> bool:
    return isinstance(op, SpliceText | RemoveItem)
