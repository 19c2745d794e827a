"""What an op or a message changed, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.finds import Find
from protocol.ink import MarkId, PageIdOrTray
from protocol.marks import new_ids
from protocol.model import Briefing
from protocol.ops import (
    AddItem,
    Adopt,
    Allow,
    AssignCorrection,
    AssignMinutes,
    Draw,
    Erase,
    MorePages,
    MoveMarks,
    Named,
    NameSubject,
    NewEdition,
    OfferPaper,
    Op,
    OpenCorrection,
    OpenMinutes,
    OrderPapers,
    PlaceCorrection,
    PlanPaper,
    Reanchor,
    RemoveItem,
    RemoveMinutes,
    SetCorrection,
    SetMinutes,
    SetReply,
    SpliceText,
    WithdrawPaper,
)
from protocol.papers import Paper, changed_pages
from protocol.presence import Presence
from protocol.registers import Register
from protocol.texts import Edit
from protocol.values import OpId, PageId, PaperId, PeerId


@dataclass(frozen=True, slots=True)
class Reloaded:
    """Everything may be different: the first state of a log, or of another one."""


@dataclass(frozen=True, slots=True)
class PaperOffered:
    """A paper is new, at the end of the order."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class EditionMade:
    """A paper has a new edition or more pages. ``page_ids``: new and changed, in order, then lost ones."""

    paper: Paper
    page_ids: tuple[PageId, ...]


@dataclass(frozen=True, slots=True)
class PaperWithdrawn:
    """A paper is gone."""

    paper: PaperId


@dataclass(frozen=True, slots=True)
class PapersOrdered:
    """The order of the papers is another."""


@dataclass(frozen=True, slots=True)
class AgendaChanged:
    """The subject, or what is planned for a paper, is otherwise now."""


@dataclass(frozen=True, slots=True)
class ItemChanged:
    """A text is new, other, or gone, by the hand of ``by``.

    ``edit``: how the text shown so far became this one (see `protocol.texts`), for carets; None when it is
    new or gone.
    """

    item: int
    by: PeerId
    edit: Edit | None


@dataclass(frozen=True, slots=True)
class InkChanged:
    """Marks of a page came or went. ``only_new``: they were all drawn just now, so that they can be painted
    on top of what is there. ``pending``: an own edit that is not in the log yet; it is told again when it is.
    """

    page_id: PageIdOrTray
    marks: tuple[MarkId, ...]
    only_new: bool
    pending: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionsChanged:
    """Corrections are new, or in another state or place. (Their wording: ``ItemChanged``.)"""

    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MinutesChanged:
    """Items of the minutes are new, gone, back, or otherwise than they were. (Texts: ``ItemChanged``.)"""

    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RegisterSet:
    """A register has this value now."""

    register: Register


@dataclass(frozen=True, slots=True)
class PresenceSeen:
    """A moment of somebody else's."""

    peer: PeerId
    presence: Presence


@dataclass(frozen=True, slots=True)
class OpRefused:
    """An own edit was not taken; ``op`` as it was made, so that nothing a person typed is lost."""

    id: OpId
    op: Op
    reason: str


@dataclass(frozen=True, slots=True)
class FindCame:
    """At the owner: a participant found something. It is in no log; nobody else knows of it."""

    find: Find


@dataclass(frozen=True, slots=True)
class FindGone:
    """At the owner: its finder withdrew it, or is out."""

    peer: PeerId
    n: int


@dataclass(frozen=True, slots=True)
class PeersChanged:
    """Somebody came, went, has another role, or may do more or less."""


Change = (
    Reloaded
    | PaperOffered
    | EditionMade
    | PaperWithdrawn
    | PapersOrdered
    | AgendaChanged
    | ItemChanged
    | InkChanged
    | CorrectionsChanged
    | MinutesChanged
    | RegisterSet
    | PresenceSeen
    | OpRefused
    | FindCame
    | FindGone
    | PeersChanged
)


def changes(before: Briefing, after: Briefing, op: Op, author: PeerId) -> tuple[Change, ...]:
    """What ``op``, applied to ``before``, changed."""
    match op:
        case OfferPaper():
            return (PaperOffered(after.papers[-1]),)
        case MorePages() | NewEdition():
            former, paper = before.paper(op.paper), after.paper(op.paper)
            assert former is not None and paper is not None
            made = EditionMade(paper, changed_pages(former.edition, paper.edition))
            settled = op.settles + op.reopens if isinstance(op, NewEdition) else ()
            return (made, CorrectionsChanged(settled)) if settled else (made,)
        case OrderPapers():
            return (PapersOrdered(),)
        case WithdrawPaper():
            return (PaperWithdrawn(op.paper),)
        case PlanPaper() | NameSubject():
            return (AgendaChanged(),)
        case SpliceText():
            return (ItemChanged(op.item, author, op.parts),)
        case AddItem() | RemoveItem():
            return (ItemChanged(op.item, author, None),)
        case OpenCorrection():
            return (ItemChanged(op.item, author, None), CorrectionsChanged((op.item,)))
        case SetCorrection() | AssignCorrection() | PlaceCorrection():
            return (CorrectionsChanged((op.item,)),)
        case OpenMinutes() | RemoveMinutes():
            return (ItemChanged(op.item, author, None), MinutesChanged((op.item,)))
        case SetMinutes() | SetReply() | AssignMinutes():
            return (MinutesChanged((op.item,)),)
        case Allow() | Named():
            return (PeersChanged(),)
        case Adopt():
            inked = InkChanged(op.page_id, tuple(drawn.id for drawn in op.marks), False)
            corrected = CorrectionsChanged(tuple(each.item for each in op.corrections))
            return (inked, corrected, MinutesChanged(tuple(each.item for each in op.minutes)))
        case _:
            return ink_changes(op, author)


def ink_changes(op: Draw | Erase | MoveMarks | Reanchor, author: PeerId) -> tuple[Change, ...]:
    """What an op on marks changed."""
    match op:
        case Draw():
            return (InkChanged(op.page_id, new_ids(op, author) + op.erased, not op.erased),)
        case Erase():
            return (InkChanged(op.page_id, op.erased + op.restored, False),)
        case MoveMarks():
            return (InkChanged(op.page_id, op.marks, False),)
        case Reanchor():
            pages = dict.fromkeys((op.page_id, op.to))
            return tuple(InkChanged(page_id, op.marks, False) for page_id in pages)
