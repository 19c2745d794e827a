"""What is true of a briefing, as one frozen value, and what an op makes of it.

The log is the truth; a `Briefing` is its fold. The authority applies an op to decide whether it may be
committed, a replica applies what was committed: the same code, the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from protocol import corrections, minutes
from protocol.corrections import Correction
from protocol.errors import Reason, Refusal
from protocol.marks import Ink
from protocol.minutes import Answered, Minutes
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
from protocol.papers import (
    Edition,
    Paper,
    in_page_space,
    offered,
    page_ids,
    touches_page,
    with_more_pages,
    with_new_edition,
)
from protocol.presence import Position, Presence
from protocol.registers import Register, Registers, ShowView, replaced
from protocol.texts import Item, check_text, spliced
from protocol.values import OWNER, Blob, EditionPage, OpId, PageId, PaperId, PeerId, View, Viewing

__all__ = ["Briefing", "Edition", "Item", "Paper"]

BRIEFING_LIMIT = 2**30
"""Bytes of all blobs of a briefing together. (One blob: `protocol.values.BlobLength`.)"""
PAPERS_LIMIT = 1_000
ITEMS_LIMIT = 10_000

Place: TypeAlias = "tuple[Paper, int, EditionPage]"


@dataclass(frozen=True)
class Briefing:
    """The papers in their order, the texts, the registers, after ``revision`` ops of the log ``epoch``.

    ``allowances``: of followers who may do something beyond their role, the op that says so. ``names``: of
    peers that have one in the record. ``minutes``: what stands in them, in the order of opening; its texts
    are in ``items``, as those of ``removed_minutes`` are. ``subject``: what it is about, empty while nobody
    has said; its agenda stands in its papers.

    ``heirs``: for each page that is gone, the page that took its place then, or None. Page ids below
    ``next_page_id`` are taken for ever.
    """

    epoch: bytes = bytes(16)
    revision: int = 0
    papers: tuple[Paper, ...] = ()
    items: Mapping[int, Item] = field(default_factory=dict)
    registers: Registers = field(default_factory=Registers)
    heirs: Mapping[PageId, PageId | None] = field(default_factory=dict)
    next_page_id: PageId = 0
    allowances: Mapping[PeerId, Allow] = field(default_factory=dict)
    names: Mapping[PeerId, str] = field(default_factory=dict)
    ink: Ink = field(default_factory=Ink)
    corrections: Mapping[int, Correction] = field(default_factory=dict)
    minutes: Minutes = field(default_factory=dict)
    removed_minutes: Minutes = field(default_factory=dict)
    subject: str = ""
    _places: dict[PageId, Place] | None = field(default=None, compare=False, repr=False)

    # --- questions ----------------------------------------------------------------------------------------

    def page(self, page_id: PageId) -> Place | None:
        """(its paper, its index in the newest edition, the page); None when it is not there."""
        places = self._places
        if places is None:
            places = {
                page.page_id: (paper, index, page)
                for paper in self.papers
                for index, page in enumerate(paper.edition.pages)
            }
            # Found once, then carried along by every briefing with the same papers.
            object.__setattr__(self, "_places", places)
        return places.get(page_id)

    def pages(self) -> Iterator[EditionPage]:
        """All pages of the newest editions, in order."""
        return (page for paper in self.papers for page in paper.edition.pages)

    def neighbour(self, page_id: PageId, by: int) -> PageId | None:
        """The page ``by`` pages on, across papers; None past the ends or for a page that is not there."""
        place = self.page(page_id)
        if place is None:
            return None
        paper, index, _ = place
        at = self.papers.index(paper)
        index += by
        while index < 0 and at > 0:
            at -= 1
            index += len(self.papers[at].edition.pages)
        while index >= len(self.papers[at].edition.pages) and at + 1 < len(self.papers):
            index -= len(self.papers[at].edition.pages)
            at += 1
        pages = self.papers[at].edition.pages
        return pages[index].page_id if 0 <= index < len(pages) else None

    def nearest_page(self, page_id: PageId | None) -> PageId | None:
        """The page itself; of one that is gone the nearest earlier one still there, else a later one.

        None when it was never there, or when no page was left: a paper that comes later is no heir, so that
        nothing is on a wall that nobody has shown.
        """
        while page_id is not None and self.page(page_id) is None:
            page_id = self.heirs.get(page_id)
        return page_id

    def may_look_at(self, page_id: PageId) -> bool:
        """Whether somebody who looks on their own may see this page now; what is presented they may."""
        viewing, view = self.registers.viewing, self.registers.view
        presented = None if view is None else self.nearest_page(view.page_id)
        if viewing is Viewing.FREE or page_id == presented:
            return True
        if viewing is Viewing.LOCKED or presented is None:
            return False
        order = [page.page_id for page in self.pages()]
        return page_id in order[: order.index(presented)]

    def was_there(self, page_id: PageId) -> bool:
        """Whether this page is, or once was, in the briefing."""
        return page_id in self.heirs or self.page(page_id) is not None

    def paper(self, paper_id: PaperId) -> Paper | None:
        """The paper of that id."""
        return next((paper for paper in self.papers if paper.paper == paper_id), None)

    def blobs(self) -> dict[bytes, Blob]:
        """Every blob that a page of any edition is drawn from, by its SHA-256, in the order of the papers."""
        return {blob.sha256: blob for paper in self.papers for blob in paper.blobs}

    def check_view(self, view: View) -> None:
        """`Refusal` unless this can be shown: a page that is there, a rectangle on it."""
        place = self.page(view.page_id)
        if place is None:
            raise Refusal(Reason.UNKNOWN_PAGE)
        if view.step >= view.steps or not in_page_space(view.rect, place[2]):
            raise Refusal(Reason.OUTSIDE_PAGE)

    def check_presence(self, presence: Presence) -> None:
        """`Refusal` when it is about what never was; a page that is gone was there when it was sent."""
        page_id = getattr(presence, "page_id", None)
        if page_id is None:
            return
        if not self.was_there(page_id):
            raise Refusal(Reason.UNKNOWN_PAGE)
        place = self.page(page_id)
        rect = presence.rect if isinstance(presence, Position) else None
        if place is not None and rect is not None and not touches_page(rect, place[2]):
            raise Refusal(Reason.OUTSIDE_PAGE)

    # --- what an op makes of it ---------------------------------------------------------------------------

    def set(self, register: Register, number: int) -> Briefing:
        """With this register's value; `Refusal` when it is a view that cannot be shown."""
        if isinstance(register, ShowView):
            self.check_view(register.view)
        return replace(self, registers=replaced(self.registers, register, number))

    def apply(self, op: Op, id: OpId) -> Briefing:
        """With one more op of the log; `Refusal` when it does not apply."""
        match op:
            case OfferPaper():
                after = self._offered(op)
            case MorePages():
                paper = self._known_paper(op.paper)
                after = self._with_paper(paper, with_more_pages(paper, op), op.pages)
            case NewEdition():
                after = self._with_edition(op, id)
            case OrderPapers():
                after = self._ordered(op)
            case WithdrawPaper():
                paper = self._known_paper(op.paper)
                after = self._with_papers(tuple(each for each in self.papers if each is not paper))
            case PlanPaper() | NameSubject():
                after = self._planned(op)
            case AddItem():
                after = self._with_item(op, id)
            case SpliceText():
                item = self._known_item(op.item)
                if op.item in self.corrections and not self.corrections[op.item].is_open:
                    raise Refusal(Reason.SETTLED)
                if op.item in self.removed_minutes:
                    raise Refusal(Reason.UNKNOWN_ITEM)
                after = self._with_items({op.item: replace(item, text=spliced(item.text, op.parts))})
            case RemoveItem():
                self._known_item(op.item)
                if any(op.item in each for each in (self.corrections, self.minutes, self.removed_minutes)):
                    raise Refusal(Reason.NOT_ALLOWED)  # it is withdrawn or taken out; its number stays
                items = {number: item for number, item in self.items.items() if number != op.item}
                after = replace(self, items=items)
            case Allow():
                after = self._allowed(op)
            case Named():
                check_text(op.name)
                after = replace(self, names={**self.names, op.peer: op.name})
            case Draw() | Erase() | MoveMarks() | Reanchor():
                after = replace(self, ink=self._inked(op, id))
            case Adopt():
                after = self._adopted(op)
            case OpenMinutes():
                with_item = self._with_item(AddItem(op.item, None, op.text), id)
                self._check_said_at(op.page_id)
                source = op.former.source if op.former is not None else ""
                check_text(op.speaker + op.owner + op.due + source)
                new = minutes.opened(self.minutes, self.removed_minutes, op, id.author)
                after = replace(with_item, minutes={**self.minutes, op.item: new})
            case RemoveMinutes():
                stands, removed = minutes.moved(self.minutes, self.removed_minutes, op)
                after = replace(self, minutes=stands, removed_minutes=removed)
            case SetMinutes() | SetReply() | AssignMinutes():
                after = self._minuted(op, id)
            case _:
                after = self._corrected(op, id)
        return replace(after, revision=self.revision + 1)

    def _inked(self, op: Draw | Erase | MoveMarks | Reanchor, id: OpId) -> Ink:
        match op:
            case Draw():
                return self.ink.draw(op, id.author, self._known_page(op.page_id))
            case Erase():
                return self.ink.erase(op)
            case MoveMarks():
                return self.ink.move(op, self._known_page(op.page_id))
            case Reanchor():
                if op.to is not None and not self.was_there(op.to):
                    raise Refusal(Reason.UNKNOWN_PAGE)
                return self.ink.reanchor(op)

    def _corrected(
        self, op: OpenCorrection | SetCorrection | AssignCorrection | PlaceCorrection, id: OpId
    ) -> Briefing:
        if isinstance(op, OpenCorrection):
            page = self._known_page(op.page_id)
            if not all(in_page_space(place, page) for place in op.places):
                raise Refusal(Reason.OUTSIDE_PAGE)
            with_item = self._with_item(AddItem(op.item, op.page_id, op.text), id)
            check_text(op.before)
            new = corrections.opened(self.corrections, op, id.author)
            return replace(with_item, corrections={**self.corrections, op.item: new})
        correction = self.corrections.get(op.item)
        if correction is None:
            raise Refusal(Reason.UNKNOWN_ITEM)
        match op:
            case SetCorrection():
                after = corrections.with_state(correction, op, id.author)
            case AssignCorrection():
                check_text(op.owner + op.due)
                after = corrections.assigned(correction, op)
            case PlaceCorrection():
                after = corrections.placed_anew(correction, op)
        return replace(self, corrections={**self.corrections, op.item: after})

    def _planned(self, op: PlanPaper | NameSubject) -> Briefing:
        match op:
            case PlanPaper():
                check_text(op.explainer)
                paper = self._known_paper(op.paper)
                planned = replace(paper, minutes=op.minutes, explainer=op.explainer)
                after = self._with_papers(tuple(planned if each is paper else each for each in self.papers))
            case NameSubject():
                check_text(op.subject)
                after = replace(self, subject=op.subject)
        if after == self:
            raise Refusal(Reason.NOTHING_CHANGED)
        return after

    def _minuted(self, op: SetMinutes | SetReply | AssignMinutes, id: OpId) -> Briefing:
        item = self.minutes.get(op.item)
        if item is None:
            raise Refusal(Reason.UNKNOWN_ITEM)
        match op:
            case SetMinutes():
                if op.page_id != item.page_id:
                    self._check_said_at(op.page_id)
                check_text(op.speaker)
                after = minutes.described(item, op)
            case SetReply():
                if isinstance(op.reply, Answered):
                    self._check_said_at(op.reply.page_id)
                    check_text(op.reply.text)
                after = minutes.replied(item, op, id.author)
            case AssignMinutes():
                check_text(op.owner + op.due)
                after = minutes.assigned(item, op)
        return replace(self, minutes={**self.minutes, op.item: after})

    def _check_said_at(self, page_id: PageId | None) -> None:
        if page_id is not None and not self.was_there(page_id):
            raise Refusal(Reason.UNKNOWN_PAGE)

    def _adopted(self, op: Adopt) -> Briefing:
        for number in [each.item for each in op.corrections] + [each.item for each in op.minutes]:
            self._known_item(number)
        page = None if op.page_id is None else self._known_page(op.page_id)
        return replace(
            self,
            ink=self.ink.adopt(op, page),
            corrections=corrections.adopted(self.corrections, op.corrections),
            minutes=minutes.adopted(self.minutes, self.removed_minutes, op.minutes),
        )

    def _with_edition(self, op: NewEdition, id: OpId) -> Briefing:
        paper = self._known_paper(op.paper)
        newer = with_new_edition(paper, op)
        after = self._with_paper(paper, newer, op.pages)
        if not (op.settles or op.reopens):
            return after
        settled = corrections.with_edition(self.corrections, op, newer.edition.number, id.author)
        return replace(after, corrections=settled)

    def _known_page(self, page_id: PageId) -> EditionPage:
        place = self.page(page_id)
        if place is None:
            raise Refusal(Reason.UNKNOWN_PAGE)
        return place[2]

    def _known_paper(self, paper_id: PaperId) -> Paper:
        paper = self.paper(paper_id)
        if paper is None:
            raise Refusal(Reason.UNKNOWN_PAPER)
        return paper

    def _known_item(self, number: int) -> Item:
        item = self.items.get(number)
        if item is None:
            raise Refusal(Reason.UNKNOWN_ITEM)
        return item

    def _offered(self, op: OfferPaper) -> Briefing:
        if self.paper(op.paper) is not None:
            raise Refusal(Reason.ALREADY_THERE)
        if len(self.papers) >= PAPERS_LIMIT:
            raise Refusal(Reason.TOO_MANY)
        return self._grown((*self.papers, offered(op)), op.pages, frozenset())

    def _with_paper(self, before: Paper, after: Paper, new: tuple[EditionPage, ...]) -> Briefing:
        papers = tuple(after if each is before else each for each in self.papers)
        # A page that comes back, by undo, is the same page: its paper knew it in some edition.
        known = frozenset[PageId]().union(*(page_ids(edition) for edition in before.editions))
        return self._grown(papers, new, known)

    def _grown(
        self, papers: tuple[Paper, ...], new: tuple[EditionPage, ...], known: frozenset[PageId]
    ) -> Briefing:
        fresh = [page.page_id for page in new if page.page_id not in known]
        if any(page_id < self.next_page_id for page_id in fresh):
            raise Refusal(Reason.ALREADY_THERE)
        after = self._with_papers(papers)
        if sum(blob.length for blob in after.blobs().values()) > BRIEFING_LIMIT:
            raise Refusal(Reason.TOO_LARGE)
        after.page(0)
        assert after._places is not None
        if len(after._places) != sum(len(paper.edition.pages) for paper in papers):
            raise Refusal(Reason.ALREADY_THERE)
        return replace(after, next_page_id=max([self.next_page_id - 1, *fresh]) + 1)

    def _with_papers(self, papers: tuple[Paper, ...]) -> Briefing:
        after = replace(self, papers=papers, _places=None)
        heirs: dict[PageId, PageId | None] = {}
        last: PageId | None = None
        orphans: list[PageId] = []
        for page in self.pages():
            if after.page(page.page_id) is not None:
                last = page.page_id
                heirs.update(dict.fromkeys(orphans, last))
                orphans.clear()
            elif last is None:
                orphans.append(page.page_id)
            else:
                heirs[page.page_id] = last
        heirs.update(dict.fromkeys(orphans, next((page.page_id for page in after.pages()), None)))
        return replace(after, heirs={**self.heirs, **heirs}) if heirs else after

    def _ordered(self, op: OrderPapers) -> Briefing:
        by_id = {paper.paper: paper for paper in self.papers}
        if sorted(op.papers) != sorted(by_id):
            raise Refusal(Reason.NOT_ALL_PAPERS)
        return replace(self, papers=tuple(by_id[paper_id] for paper_id in op.papers))

    def _with_item(self, op: AddItem, id: OpId) -> Briefing:
        if op.item in self.items:
            raise Refusal(Reason.ALREADY_THERE)
        if len(self.items) >= ITEMS_LIMIT:
            raise Refusal(Reason.TOO_MANY)
        self._check_said_at(op.page_id)
        check_text(op.text)
        return self._with_items({op.item: Item(op.item, op.page_id, op.text, id.author)})

    def _allowed(self, op: Allow) -> Briefing:
        if op.peer == OWNER:
            raise Refusal(Reason.NOT_ALLOWED)
        check_text(op.name)
        others = {peer: each for peer, each in self.allowances.items() if peer != op.peer}
        something = op.saving or op.takeover or op.minutes or op.finds
        return replace(self, allowances={**others, op.peer: op} if something else others)

    def _with_items(self, items: dict[int, Item]) -> Briefing:
        return replace(self, items={**self.items, **items})
