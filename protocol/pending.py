"""A follower's own edits that are not in the log yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from protocol.errors import Reason, Refusal
from protocol.messages import Submit
from protocol.model import Briefing
from protocol.ops import AddItem, Op, OpenCorrection, OpenMinutes, RemoveItem, RemoveMinutes, SpliceText
from protocol.texts import Edit, compose, rebase
from protocol.values import OpId

LIMIT = 1_000
_Births = AddItem | OpenCorrection | OpenMinutes


@dataclass(slots=True)
class PendingEdit:
    """``said``: it was sent on some link, so it must stay as it is. ``under_way``: on this very one."""

    id: OpId
    op: Op
    said: bool = False
    under_way: bool = False


class Own(Enum):
    """Whether an op of the log was a pending edit. EXPECTED: the first of them, as it was made; what their
    person sees stays what it is."""

    NO = auto()
    EXPECTED = auto()
    OTHERWISE = auto()


class PendingEdits:
    """In the order in which they were made, always as they read on top of what is confirmed.

    Of one text at most one splice is under way. What is typed meanwhile is gathered in one further splice.
    """

    def __init__(self) -> None:
        self._edits: list[PendingEdit] = []

    def __len__(self) -> int:
        return len(self._edits)

    def __iter__(self) -> Iterator[PendingEdit]:
        return iter(self._edits)

    def add(self, op: Op, id: OpId) -> OpId:
        """One more; the id it goes under, which is an earlier one's where it was added to that. `Refusal`."""
        waiting = self._newest_of(_item(op))
        if waiting is not None and not waiting.said:
            former = waiting.op
            if isinstance(former, SpliceText) and isinstance(op, SpliceText):
                waiting.op = SpliceText(op.item, compose(former.parts, op.parts))
                return waiting.id
        if len(self._edits) >= LIMIT:
            raise Refusal(Reason.TOO_MANY)
        self._edits.append(PendingEdit(id, op))
        return id

    def _newest_of(self, item: int | None) -> PendingEdit | None:
        if item is None:
            return None
        return next((each for each in reversed(self._edits) if _item(each.op) == item), None)

    def touch(self, item: int) -> bool:
        """Whether any of them begins, changes or removes this text, or settles a correction of it."""
        return any(getattr(edit.op, "item", None) == item for edit in self._edits)

    def link_lost(self) -> None:
        """What was under way is in doubt: it will be sent again, and the authority knows it by its id."""
        for edit in self._edits:
            edit.under_way = False

    def to_send(self, revision: int) -> list[Submit]:
        """What can be sent now, made on the log up to ``revision``."""
        submits = []
        busy = {_item(edit.op) for edit in self._edits if edit.under_way and _blocks(edit.op)}
        for edit in self._edits:
            item = _item(edit.op)
            if edit.under_way or (item is not None and item in busy):
                continue
            edit.said = edit.under_way = True
            submits.append(Submit(edit.id, revision, edit.op))
            if _blocks(edit.op):
                busy.add(item)
        return submits

    def on_top_of(self, confirmed: Briefing) -> Briefing:
        """What their person sees."""
        for edit in self._edits:
            try:
                confirmed = confirmed.apply(edit.op, edit.id)
            except Refusal:
                continue  # no longer possible; the authority will refuse it
        return confirmed

    def committed(self, op: Op, id: OpId) -> Own:
        """This op is in the log now; whether it was one of these."""
        at = next((at for at, edit in enumerate(self._edits) if edit.id == id), None)
        if at is None:
            return Own.NO
        edit = self._edits.pop(at)
        return Own.EXPECTED if at == 0 and edit.op == op else Own.OTHERWISE

    def rebase(self, op: Op) -> Op:
        """Somebody else's op was committed, before all of these. That op as it reads on top of them."""
        if not isinstance(op, SpliceText):
            return op
        over: Edit = op.parts
        for edit in self._edits:
            mine = edit.op
            if isinstance(mine, RemoveItem) and mine.item == op.item:
                return SpliceText(op.item, ())  # not seen here any more
            if isinstance(mine, SpliceText) and mine.item == op.item:
                edit.op = SpliceText(op.item, rebase(mine.parts, over, first=False))
                over = rebase(over, mine.parts, first=True)
        return SpliceText(op.item, over)

    def text_gone(self, item: int) -> list[PendingEdit]:
        """Somebody removed this text: takes out what was made on it. What was said will be refused there."""
        again = next(
            (at for at, edit in enumerate(self._edits) if _begins(edit.op, item)),
            len(self._edits),
        )
        lost = [edit for edit in self._edits[:again] if _item(edit.op) == item]
        self._edits = [edit for edit in self._edits if edit not in lost]
        return lost

    def refused(self, id: OpId | None) -> list[PendingEdit]:
        """Takes out the refused edit, and what was typed on top of it in the same text and not sent yet."""
        first = next((at for at, edit in enumerate(self._edits) if edit.id == id), None)
        if first is None:
            return []
        item = _item(self._edits[first].op)
        lost = [
            edit
            for at, edit in enumerate(self._edits)
            if at == first or (at > first and item is not None and _item(edit.op) == item and not edit.said)
        ]
        self._edits = [edit for edit in self._edits if edit not in lost]
        return lost

    def give_up(self) -> list[PendingEdit]:
        """Takes them all out."""
        lost, self._edits = self._edits, []
        return lost


def _item(op: Op) -> int | None:
    return op.item if isinstance(op, _Births | SpliceText | RemoveItem | RemoveMinutes) else None


def _begins(op: Op, item: int) -> bool:
    return isinstance(op, _Births) and op.item == item


def _blocks(op: Op) -> bool:
    return isinstance(op, SpliceText | RemoveItem | RemoveMinutes)
