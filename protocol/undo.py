"""Undo of one's own durable edits, and of nobody else's.

Every own edit leaves what would undo it. When that is wanted, it is rebased over all that was typed in the
same text since, so that it reads as an edit of the text as it stands. Undoing is an ordinary edit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from protocol.changes import Change
from protocol.corrections import CorrectionState
from protocol.errors import Reason, Refusal
from protocol.marks import new_ids
from protocol.minutes import MinutesItem
from protocol.model import Briefing
from protocol.ops import (
    AddItem,
    Allow,
    AssignCorrection,
    AssignMinutes,
    Draw,
    Erase,
    MoveMarks,
    Named,
    NewEdition,
    Op,
    OpenCorrection,
    OpenMinutes,
    OrderPapers,
    PlaceCorrection,
    Reanchor,
    RemoveItem,
    RemoveMinutes,
    SetCorrection,
    SetMinutes,
    SetReply,
    SpliceText,
)
from protocol.papers import place
from protocol.texts import Edit, inverse, rebase
from protocol.values import OpId, PeerId


class Why(Enum):
    """Why an own edit is made."""

    EDIT = auto()
    UNDO = auto()
    REDO = auto()


@dataclass(slots=True)
class _Entry:
    """``read``: of the splices of its text (`History._typed`), so many are behind ``op``."""

    id: OpId
    op: Op
    read: int = 0


class History:
    """One person's edits of one briefing, newest last, without end: the log is no smaller."""

    def __init__(self) -> None:
        self._undo: list[_Entry] = []
        self._redo: list[_Entry] = []
        self._typed: dict[int, list[Edit]] = {}
        """Of each text that was typed in here: every splice since, own and others', as it read here."""

    def again(self, why: Why, edit: Callable[[Op, Why], tuple[Change, ...]]) -> tuple[Change, ...]:
        """Makes the edit that undoes, or redoes, the newest one; nothing when there is none. `Refusal` when
        others have changed too much for it; the one before is next then. What others have done already, such
        as erasing a stroke, is passed over."""
        stack = self._redo if why is Why.REDO else self._undo
        while stack:
            try:
                return edit(self._as_it_reads(stack[-1]), why)
            except Refusal as refusal:
                stack.pop()
                if refusal.reason is not Reason.NOTHING_CHANGED:
                    raise
        return ()

    def made(self, before: Briefing, op: Op, id: OpId, why: Why) -> None:
        """An own edit was made, on top of ``before``."""
        brought = isinstance(op, OpenMinutes) and op.former is not None
        if brought or isinstance(op, Allow | Named | Reanchor | PlaceCorrection):
            return  # nobody's work: what was undone can be redone still
        if why is Why.EDIT:
            self._redo.clear()
        else:
            (self._undo if why is Why.UNDO else self._redo).pop()
        self.passed(op)
        undoing = undoing_op(before, op, id.author)
        if undoing is not None:
            stack = self._redo if why is Why.UNDO else self._undo
            typed = self._typed.setdefault(undoing.item, []) if isinstance(undoing, SpliceText) else ()
            stack.append(_Entry(id, undoing, len(typed)))

    def passed(self, op: Op) -> None:
        """An edit changed what stands: somebody else's, or a further own one."""
        if isinstance(op, SpliceText) and op.item in self._typed:
            self._typed[op.item].append(op.parts)

    def _as_it_reads(self, entry: _Entry) -> Op:
        """Only now: over each letter when it is typed, a long text would cost more with every one."""
        if isinstance(entry.op, SpliceText):
            typed, parts = self._typed[entry.op.item], entry.op.parts
            for over in typed[entry.read :]:
                parts = rebase(parts, over, first=False)
            entry.op, entry.read = SpliceText(entry.op.item, parts), len(typed)
        return entry.op

    def refused(self, id: OpId) -> None:
        """An own edit was not taken: there is nothing to undo."""
        for stack in (self._undo, self._redo):
            stack[:] = [entry for entry in stack if entry.id != id]

    def clear(self) -> None:
        """Another briefing."""
        self._undo.clear()
        self._redo.clear()
        self._typed.clear()


def undoing_op(before: Briefing, op: Op, author: PeerId) -> Op | None:
    """What undoes ``op`` after it was applied to ``before``; None for what stays (papers that came or went,
    the agenda).

    An edition is undone by a new edition with the former pages.
    """
    match op:
        case SpliceText():
            return SpliceText(op.item, inverse(op.parts, before.items[op.item].text))
        case AddItem():
            return RemoveItem(op.item)
        case RemoveItem():
            item = before.items[op.item]
            return AddItem(item.item, item.page_id, item.text)
        case OrderPapers():
            return OrderPapers(tuple(paper.paper for paper in before.papers))
        case NewEdition():
            paper = before.paper(op.paper)
            assert paper is not None
            at = place(paper, op)
            former = paper.edition.pages[at : at + op.removed]
            base = len(paper.editions) + 1
            return NewEdition(
                op.paper, base, at, len(op.pages), former, (), op.reopens, op.settles, when=op.when
            )
        case Draw():
            return Erase(op.page_id, new_ids(op, author), op.erased)
        case Erase():
            return Erase(op.page_id, op.restored, op.erased)
        case MoveMarks():
            return MoveMarks(op.page_id, op.marks, -op.dx, -op.dy)
        case OpenCorrection():
            return SetCorrection(op.item, CorrectionState.WITHDRAWN, op.when)
        case SetCorrection():
            return _former_state(before, op)
        case AssignCorrection():
            correction = before.corrections[op.item]
            return AssignCorrection(op.item, correction.owner, correction.due)
        case OpenMinutes():
            return RemoveMinutes(op.item, True)
        case RemoveMinutes():
            return RemoveMinutes(op.item, not op.removed)
        case SetMinutes() | SetReply() | AssignMinutes():
            return _former_minutes(before.minutes[op.item], op)
        case _:
            return None


def _former_minutes(former: MinutesItem, op: SetMinutes | SetReply | AssignMinutes) -> Op:
    match op:
        case SetMinutes():
            return SetMinutes(op.item, former.kind, former.page_id, former.speaker)
        case SetReply():
            return SetReply(op.item, former.reply, op.when)
        case AssignMinutes():
            return AssignMinutes(op.item, former.owner, former.due)


def _former_state(before: Briefing, op: SetCorrection) -> Op | None:
    """Typing comes and goes by itself; the other states are a person's decisions, a note too."""
    former = before.corrections[op.item]
    if op.noted and former.is_open:
        return SetCorrection(op.item, CorrectionState.OPEN, op.when)
    if CorrectionState.TYPING in (former.state, op.state):
        return None
    return SetCorrection(op.item, former.state, op.when, former.noted)
