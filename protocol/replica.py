"""A follower's end: what is confirmed, with its own pending edits on top, over any number of links.

It sends nothing: what is to go waits in its outbox.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto

from protocol import floor
from protocol.changes import (
    Change,
    InkChanged,
    ItemChanged,
    OpRefused,
    PeersChanged,
    PresenceSeen,
    RegisterSet,
    Reloaded,
    changes,
    ink_changes,
)
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
from protocol.model import Briefing
from protocol.ops import Draw, Erase, MoveMarks, Op, RemoveItem, SpliceText
from protocol.outbox import Outbox
from protocol.pending import Own, PendingEdit, PendingEdits
from protocol.presence import Position, Presence, Typing, presence_key
from protocol.registers import Register, ShowView
from protocol.roles import may_edit, may_send, may_type
from protocol.shown import ShownRegisters
from protocol.snapshot import read_snapshot
from protocol.undo import History, Why
from protocol.values import OWNER, Blob, OpId, PeerId, Role


class _Stage(Enum):
    """AWAY: no link, or Join said and not answered. WELCOMED: the log comes next. LOADING: a snapshot comes
    first. FOLLOWING: the log comes."""

    AWAY = auto()
    WELCOMED = auto()
    LOADING = auto()
    FOLLOWING = auto()


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
        self._pending = PendingEdits()
        self._folded = True
        """Whether what is seen is the pending edits one by one on what is confirmed: no two became one."""
        self._next_n = 0
        self._registers = ShownRegisters()
        self._presence_n = 0
        self._position: Position | None = None
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
        return self._history.again(Why.UNDO, self._edit)

    def redo(self) -> tuple[Change, ...]:
        """Redo what was undone last; nothing when there is none."""
        return self._history.again(Why.REDO, self._edit)

    def set(self, register: Register) -> tuple[Change, ...]:
        """Set a register, seen here at once. `Refusal` without the floor."""
        if self.peer is None or self._stage is not _Stage.FOLLOWING:
            raise Refusal(Reason.NOT_JOINED)
        self._check_role(Wish(0, register))
        floor.check(self.briefing.registers, self.peer, register)
        if isinstance(register, ShowView):
            self.briefing.check_view(register.view)
        self.outbox.put_latest(type(register), self._registers.wish(register))
        self._show(())
        return (RegisterSet(register),)

    def present(self, presence: Presence) -> None:
        """Pointer, caret or position, to all others or to the owner. A position is kept and told again after
        a cut; anything else without a link is forgotten. `Refusal` when the role does not allow it."""
        if isinstance(presence, Position):
            self._position = presence
        if self.peer is None or self._stage is _Stage.AWAY:
            return
        self._presence_n += 1
        now = Now(self.peer, self._presence_n, presence)
        self._check_role(now)
        assert self.role is not None
        if isinstance(presence, Typing) and not may_type(self.peer, self.role, presence.item, self.briefing):
            raise Refusal(Reason.NOT_ALLOWED)
        put = self.outbox.put_latest if isinstance(presence, Position) else self.outbox.put_maybe
        put(presence_key(presence, now.n), now)

    def _edit(self, op: Op, why: Why) -> tuple[Change, ...]:
        if self.peer is None or not self._loaded:
            raise Refusal(Reason.NOT_JOINED)
        id = OpId(self.peer, self._next_n)
        self._check_role(Submit(id, self._confirmed.revision, op))
        assert self.role is not None
        if not may_edit(self.peer, self.role, op, self.briefing):
            raise Refusal(Reason.NOT_ALLOWED)
        before, after = self.briefing, self.briefing.apply(op, id)
        taken = self._pending.add(op, id)
        if taken == id:
            self._next_n += 1
        else:
            self._folded = False
        self.briefing = after
        self._history.made(before, op, taken, why)
        self._send_pending()
        changed = changes(before, after, op, self.peer)
        return tuple(
            replace(each, pending=True) if isinstance(each, InkChanged) else each for each in changed
        )

    def _check_role(self, message: Message) -> None:
        if self.role is None or not may_send(self.role, message, writing=self.briefing.registers.writing):
            raise Refusal(Reason.NOT_ALLOWED)

    def _send_pending(self) -> None:
        if self._stage is _Stage.FOLLOWING:
            for submit in self._pending.to_send(self._confirmed.revision):
                self.outbox.put_every(submit)

    # --- joining ------------------------------------------------------------------------------------------

    def join(self) -> Join:
        """The first message on each new link. What waited for the former one is forgotten or sent again."""
        self.outbox.clear()
        self.snapshot_wanted = None
        self._stage = _Stage.AWAY
        self._pending.link_lost()
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
        self.peer, self.role = welcome.peer, welcome.role
        self._next_n = max(self._next_n, welcome.next_n)
        self._stage = _Stage.WELCOMED
        changed += self._show(self._registers.told_all(welcome.registers, self.briefing.was_there))
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
        changed += self._hand_back_forbidden()
        self._send_pending()
        return changed

    def _hand_back_forbidden(self) -> tuple[Change, ...]:
        """What was made before a cut, and may not be any more: to send it would cost the link."""
        role, writing = self.role, self.briefing.registers.writing
        assert role is not None
        if all(may_send(role, Submit(edit.id, 0, edit.op), writing=writing) for edit in self._pending):
            return ()
        lost = self._lost(self._pending.give_up(), Reason.NOT_ALLOWED)
        self._fold()
        return lost

    def _told_of_snapshot(self, answer: SnapshotAt) -> tuple[Change, ...]:
        changed = self._hand_back() if answer.epoch != self._confirmed.epoch else ()
        if self._pending:
            self.outbox.put_every(self.join())
        else:
            self._stage = _Stage.LOADING
            self.snapshot_wanted = Blob(answer.sha256, answer.length)
        return changed

    def _reloaded(self) -> tuple[Change, ...]:
        self._history.clear()
        self._fold()
        return (Reloaded(), *self._show(self._registers.page_came(self.briefing.was_there)))

    def _hand_back(self) -> tuple[Change, ...]:
        """Pending edits belong to a log that is no more."""
        return self._lost(self._pending.give_up(), Reason.OTHER_BRIEFING)

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
            case Set():
                return self._show(self._registers.told(message, self.briefing.was_there))
            case Settled():
                return self._show(self._registers.settled(message, self.briefing.was_there))
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
        own = self._pending.committed(op, committed.id)
        lost: tuple[Change, ...] = ()
        if own is Own.NO:
            lost = self._lost(self._pending.text_gone(op.item)) if isinstance(op, RemoveItem) else ()
            op = self._pending.rebase(op)
            self._history.passed(op)
        before = self.briefing
        apart = isinstance(op, SpliceText) and self._folded and not self._pending.touch(op.item)
        if own is Own.NO and apart:
            self.briefing = before.apply(op, committed.id)  # all of them made anew would read the same
        elif own is not Own.EXPECTED or not self._folded:
            self._fold()
        self._send_pending()
        seen = own is not Own.NO or (isinstance(op, SpliceText) and not op.parts)
        changed = () if seen else changes(before, self.briefing, op, committed.id.author)
        if own is not Own.NO and isinstance(op, Draw):
            changed = ink_changes(op, committed.id.author)
        return changed + lost + self._show(self._registers.page_came(self.briefing.was_there))

    def _fold(self) -> None:
        self.briefing = self._pending.on_top_of(self._confirmed)
        self._folded = True
        self._show(())

    def _show(self, changed: tuple[Change, ...]) -> tuple[Change, ...]:
        """The registers' part of the briefing follows them."""
        self.briefing = replace(self.briefing, registers=self._registers.value)
        return changed

    def _refused(self, refused: Refused) -> tuple[Change, ...]:
        edits = self._pending.refused(refused.id)
        if not edits:
            return ()
        lost = self._lost(edits, refused.reason)
        self._fold()
        self._send_pending()
        item = getattr(edits[0].op, "item", None)
        return lost if item is None else (ItemChanged(item, OWNER, None), *lost)

    def _lost(self, edits: list[PendingEdit], reason: str = Reason.UNKNOWN_ITEM) -> tuple[Change, ...]:
        """Own edits that will not be: what a person typed goes back to them."""
        for edit in edits:
            self._history.refused(edit.id)
        refused = tuple(OpRefused(edit.id, edit.op, reason) for edit in edits)
        ops = [(edit.op, edit.id.author) for edit in edits]
        inked = [ink_changes(op, by) for op, by in ops if isinstance(op, Draw | Erase | MoveMarks)]
        return (*refused, *(change for each in inked for change in each))
