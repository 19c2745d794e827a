"""A briefing that somebody goes on with whose presenter is gone: a new one, made of a follower's replica.

Same papers and texts, another epoch. Nothing else is taken over: rooms are paired anew, by their codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import structs

from pageview.segments import SegmentStore
from presenter.offer import PAGES_AT_ONCE
from protocol.ink import OP_LIMIT, Drawn, MarkId, weight
from protocol.minutes import Answered, MinutesItem
from protocol.model import Briefing
from protocol.ops import (
    AddItem,
    Adopt,
    MorePages,
    Named,
    NameSubject,
    NewEdition,
    OfferPaper,
    Op,
    OrderPapers,
    PlanPaper,
)
from protocol.papers import Paper
from protocol.values import OWNER, OpId, PageId

MINUTES_AT_ONCE = 20


@dataclass(frozen=True)
class Inherited:
    """``briefing`` as the follower knew it; ``store`` holds what had arrived of its papers.

    ``room``: where it was being shown.
    """

    briefing: Briefing
    store: SegmentStore
    room: int | None

    def whole(self, paper: Paper) -> bool:
        """Whether everything that this paper is drawn from is here."""
        return all(blob.sha256 in self.store for blob in paper.blobs)

    @property
    def missing(self) -> tuple[str, ...]:
        """Titles of the papers that are not here, or not whole."""
        return tuple(paper.title for paper in self.briefing.papers if not self.whole(paper))

    def ops(self) -> tuple[Op, ...]:
        """What makes the same briefing again, without the papers that are not whole."""
        papers = [paper for paper in self.briefing.papers if self.whole(paper)]
        ops = [op for _born, made in sorted(_births(papers), key=lambda each: each[0]) for op in made]
        if len(papers) > 1:
            ops.append(OrderPapers(tuple(paper.paper for paper in papers)))
        known = {page.page_id for paper in papers for edition in paper.editions for page in edition.pages}
        for item in self.briefing.items.values():
            if item.item in self.briefing.removed_minutes:
                continue
            page_id = item.page_id if item.page_id in known else None
            ops.append(AddItem(item.item, page_id, item.text))
        return (
            *ops,
            *_names(self.briefing),
            *_agenda(self.briefing.subject, papers),
            *_ink(self.briefing, known),
            *_corrections(self.briefing, known),
            *_minutes(self.briefing, known),
        )

    def renewed(self) -> Briefing:
        """The briefing that those ops make."""
        briefing = Briefing()
        for op in self.ops():
            briefing = briefing.apply(op, OpId(OWNER, briefing.revision))
        return briefing


def _names(briefing: Briefing) -> Iterator[Op]:
    """Who was who: everybody moves up by one, so that the new owner is nobody of the former briefing."""
    for peer, name in briefing.names.items():
        yield Named(peer + 1, name)


def _agenda(subject: str, papers: Sequence[Paper]) -> Iterator[Op]:
    if subject:
        yield NameSubject(subject)
    for paper in papers:
        if paper.minutes or paper.explainer:
            yield PlanPaper(paper.paper, paper.minutes, paper.explainer)


def _ink(briefing: Briefing, known: set[PageId]) -> Iterator[Op]:
    for page_id, marks in briefing.ink.pages.items():
        if page_id is not None and (page_id not in known or briefing.page(page_id) is None):
            continue
        batch: list[Drawn] = []
        for drawn in marks.values():
            moved = structs.replace(drawn, id=MarkId(drawn.id.author + 1, drawn.id.n))
            if sum(weight(each.mark) for each in (*batch, moved)) > OP_LIMIT:
                yield Adopt(page_id, tuple(batch))
                batch = []
            batch.append(moved)
        yield Adopt(page_id, tuple(batch))


def _corrections(briefing: Briefing, known: set[PageId]) -> Iterator[Op]:
    for correction in briefing.corrections.values():
        page_id = correction.page_id if correction.page_id in known else None
        by, set_by = correction.author + 1, correction.state_by + 1
        moved = structs.replace(correction, page_id=page_id, author=by, state_by=set_by)
        yield Adopt(None, (), (moved,))


def _minutes(briefing: Briefing, known: set[PageId]) -> Iterator[Op]:
    items = [_of_former(each, known) for each in briefing.minutes.values()]
    for start in range(0, len(items), MINUTES_AT_ONCE):
        yield Adopt(None, (), (), tuple(items[start : start + MINUTES_AT_ONCE]))


def _of_former(item: MinutesItem, known: set[PageId]) -> MinutesItem:
    """With the authors moved up, and without the pages of papers that are not whole."""
    reply = item.reply
    if isinstance(reply, Answered) and reply.page_id not in known:
        reply = structs.replace(reply, page_id=None)
    page_id = item.page_id if item.page_id in known else None
    by, replied_by = item.author + 1, item.reply_by + 1
    return structs.replace(item, page_id=page_id, author=by, reply=reply, reply_by=replied_by)


def _births(papers: Sequence[Paper]) -> Iterator[tuple[tuple[int, int, int], tuple[Op, ...]]]:
    """Each edition as its ops, with its place in the order in which page ids were given out."""
    for at, paper in enumerate(papers):
        newest = -1
        for number, edition in enumerate(paper.editions):
            newest = max(newest, *(page.page_id for page in edition.pages))
            made = _offer(paper) if number == 0 else (_edition(paper, number),)
            yield (newest, at, number), made


def _offer(paper: Paper) -> tuple[Op, ...]:
    pages = paper.editions[0].pages
    ops: list[Op] = [OfferPaper(paper.paper, paper.title, paper.blob, pages[:PAGES_AT_ONCE])]
    for start in range(PAGES_AT_ONCE, len(pages), PAGES_AT_ONCE):
        ops.append(MorePages(paper.paper, pages[start : start + PAGES_AT_ONCE]))
    return tuple(ops)


def _edition(paper: Paper, number: int) -> Op:
    """The step from edition ``number`` (counted from 1) to the next: only what differs."""
    before, after = paper.editions[number - 1].pages, paper.editions[number].pages
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    used = {page.ref.blob for edition in paper.editions[:number] for page in edition.pages}
    pages = after[head : len(after) - tail]
    fresh = {page.ref.blob for page in pages} - used
    blobs = tuple(blob for blob in paper.edits if blob.sha256 in fresh)
    return NewEdition(paper.paper, number, head, len(before) - tail - head, pages, blobs)
