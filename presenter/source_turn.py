"""A paper's source was saved anew: what that makes of the briefing. Made in a thread, committed elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pageview import page_match
from pageview.render_results import PageSize
from presenter.new_edition import SourcePage, edition_ops, merged
from presenter.reanchored import Moves, Turned, ink_ops, reanchors
from presenter.source_evidence import Evidence, evidence
from presenter.source_reader import CannotRead, SourceReader
from protocol.corrections import Line
from protocol.errors import Fault
from protocol.ink import MarkId, PageIdOrTray, Placement
from protocol.marks import Ink
from protocol.model import Briefing
from protocol.ops import NewEdition, Op, PlaceCorrection, Reanchor
from protocol.papers import Paper
from protocol.values import Blob, EditionPage, PageId, PageRef, PaperId, Rect

MOST_LIKELY = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """The pages of a source as it was last taken: which they are, and where each is drawn from."""

    ids: tuple[PageId, ...]
    refs: tuple[PageRef, ...]

    @staticmethod
    def of(paper: Paper) -> Taken:
        """A paper as it was opened."""
        pages = paper.editions[0].pages
        return Taken(tuple(page.page_id for page in pages), tuple(page.ref for page in pages))


@dataclass(frozen=True, slots=True)
class MarkMove:
    """Where a mark lay, and where it lies with the new edition."""

    id: MarkId
    from_page: PageId
    was: Placement
    to: PageIdOrTray
    placement: Placement


Spot = tuple[PageIdOrTray, int, tuple[Rect, ...], "Line | None"]
"""Where the words of a correction are: page, edition, places, line."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be committed, and what it does. ``before`` and ``after``: the pages of both editions."""

    paper: PaperId
    blob: Blob
    before: tuple[EditionPage, ...]
    after: tuple[EditionPage, ...]
    taken: Taken
    editions: tuple[NewEdition, ...]
    marks: tuple[Reanchor, ...]
    evidence: Evidence
    moves: tuple[MarkMove, ...]
    spots: tuple[tuple[int, Spot], ...]
    """Of corrections by their items: where their words were."""
    known: frozenset[MarkId]
    """The marks that were looked at."""

    @property
    def ops(self) -> tuple[Op, ...]:
        """In their order: the pages, then what lies on them."""
        return (*self.editions, *self.marks, *self.evidence.places)

    @property
    def changed(self) -> tuple[PageId, ...]:
        """Pages that both editions have and that are otherwise now."""
        was = {page.page_id: page.ref for page in self.before}
        return tuple(p.page_id for p in self.after if was.get(p.page_id, p.ref) != p.ref)

    @property
    def fresh(self) -> tuple[PageId, ...]:
        """Pages that are new."""
        was = {page.page_id for page in self.before}
        return tuple(page.page_id for page in self.after if page.page_id not in was)

    @property
    def gone(self) -> int:
        """How many pages are not there any more."""
        return len({page.page_id for page in self.before} - {page.page_id for page in self.after})

    @property
    def in_tray(self) -> int:
        """How many marks could not be placed."""
        return sum(move.to is None for move in self.moves)


def turn(
    reader: SourceReader, briefing: Briefing, paper: Paper, taken: Taken, blob: Blob, when: int
) -> Turn | None:
    """What the source ``blob`` makes of ``paper``; None where every page looks as before. CannotRead."""
    sizes = reader.sizes(blob.sha256, whole=True)
    theirs = _source_pages(reader, taken, blob.sha256, sizes)
    if [page.former for page in theirs if page.same] == list(range(max(len(taken.ids), len(theirs)))):
        return None
    result = merged(taken.ids, paper.edition.pages, theirs, briefing.next_page_id)
    if not result.pages:
        raise CannotRead(Fault.NO_PAGES)
    turned = _turned(reader, briefing, paper.edition.pages, result.pages)
    places = turned.places()
    ops = edition_ops(paper, result.pages, blob, (), (), when)
    found = evidence(briefing, turned, places, paper.edition.number + len(ops))
    ops = edition_ops(paper, result.pages, blob, tuple(found.settles), tuple(found.reopens), when)
    marks = ink_ops(briefing.ink, turned, places)
    items = [each.item for each in found.places]
    return Turn(
        paper.paper,
        blob,
        paper.edition.pages,
        result.pages,
        Taken(result.ids, tuple(_ref(taken, page) for page in theirs)),
        ops,
        marks,
        found,
        tuple(_moves(briefing.ink, marks)),
        tuple((item, _spot(briefing, item)) for item in items),
        frozenset(id for page_id in turned.before for id in briefing.ink.at(page_id)),
    )


def late_marks(reader: SourceReader, ink: Ink, made: Turn, page_id: PageId) -> tuple[Reanchor, ...]:
    """For ``ink`` that was drawn on a page as it was, and came when it was otherwise already."""
    was = next(page for page in made.before if page.page_id == page_id)
    after = _otherwise(made.before, made.after)
    turned = Turned(
        {page_id: reader.text(was.ref)},
        [(page.page_id, reader.text(page.ref)) for page in after],
        {page.page_id: (page.width, page.height) for page in made.after},
    )
    return ink_ops(ink, turned, turned.places())


def turned_back(made: Turn, briefing: Briefing) -> tuple[Op, ...]:
    """Ink and corrections to where they were, when the edition was undone: those that nobody moved since."""
    ops: list[Op] = []
    back: Moves = defaultdict(list)
    for move in made.moves:
        drawn = briefing.ink.at(move.to).get(move.id)
        if drawn is not None and drawn.placement == move.placement:
            back[move.to, move.from_page, move.was].append(move.id)
    ops += reanchors(back)
    spots = {op.item: op for op in made.evidence.places}
    for item, (page_id, edition, boxes, line) in made.spots:
        if _spot(briefing, item) == _spot_of(spots[item]):
            ops.append(PlaceCorrection(item, page_id, edition, boxes, line))
    return tuple(ops)


def turned_again(made: Turn, briefing: Briefing) -> tuple[Op, ...]:
    """The same, when the undoing was undone."""
    ops: list[Op] = []
    was = {move.id: move.was for move in made.moves}
    for op in made.marks:
        here = briefing.ink.at(op.page_id)
        still = tuple(id for id in op.marks if id in here and here[id].placement == was[id])
        if still:
            ops.append(Reanchor(op.page_id, op.to, still, op.placement))
    former = dict(made.spots)
    ops += [op for op in made.evidence.places if _spot(briefing, op.item) == former[op.item]]
    return tuple(ops)


def _source_pages(
    reader: SourceReader, taken: Taken, sha256: bytes, sizes: Sequence[PageSize]
) -> list[SourcePage]:
    refs = [PageRef(sha256, index) for index in range(len(sizes))]
    former, now = reader.words(taken.refs), reader.words(refs)
    both = set(former) & set(now)  # what reads otherwise looks otherwise, and need not be drawn
    alike = page_match.by_look(
        [reader.look(ref) if words in both else b"" for ref, words in zip(taken.refs, former, strict=True)],
        [reader.look(ref) if words in both else b"" for ref, words in zip(refs, now, strict=True)],
    )
    match, left = alike, set(range(len(taken.refs))) - set(alike)
    if None in alike and left:
        before = {at: former[at] for at in left}
        after = {at: now[at] for at, other in enumerate(alike) if other is None}
        match = page_match.by_order(page_match.by_words(alike, before, after), len(taken.refs))
    return [
        SourcePage(ref, size.width, size.height, other, other is not None and other == alike[at])
        for at, (ref, size, other) in enumerate(zip(refs, sizes, match, strict=True))
    ]


def _ref(taken: Taken, page: SourcePage) -> PageRef:
    return taken.refs[page.former] if page.same and page.former is not None else page.ref


def _turned(
    reader: SourceReader,
    briefing: Briefing,
    before: Sequence[EditionPage],
    after: Sequence[EditionPage],
) -> Turned:
    """The characters of pages on which something lies that has to move, and of those that it may move to."""
    otherwise = _otherwise(before, after)
    stays = {page.page_id for page in after} - {page.page_id for page in otherwise}
    marked = {correction.page_id for correction in briefing.corrections.values()}
    lying = [
        page
        for page in before
        if page.page_id not in stays and (page.page_id in marked or briefing.ink.at(page.page_id))
    ]
    likely = _likely(
        dict(enumerate(reader.words([page.ref for page in otherwise]))) if lying else {},
        {page.page_id: reader.words([page.ref])[0] for page in lying},
        [page.page_id for page in otherwise],
    )
    return Turned(
        {page.page_id: reader.text(page.ref) for page in lying},
        [(page.page_id, reader.text(page.ref)) for at, page in enumerate(otherwise) if at in likely],
        {page.page_id: (page.width, page.height) for page in after},
    )


def _likely(words: dict[int, str], lying: dict[PageId, str], ids: Sequence[PageId]) -> set[int]:
    """Of the pages that are otherwise, by place: for each page on which something lies, the page itself and
    those that have most in common with it. To read them all would take seconds."""
    likely = {ids.index(page_id) for page_id in lying if page_id in ids}
    for votes in page_match.in_common(words, lying).values():
        likely.update(at for at, _ in votes.most_common(MOST_LIKELY))
    return likely


def _otherwise(before: Sequence[EditionPage], after: Sequence[EditionPage]) -> list[EditionPage]:
    was = {page.page_id: page.ref for page in before}
    return [page for page in after if was.get(page.page_id) != page.ref]


def _moves(ink: Ink, ops: Sequence[Reanchor]) -> Iterator[MarkMove]:
    for op in ops:
        assert op.page_id is not None
        for id in op.marks:
            was = ink.at(op.page_id)[id].placement
            yield MarkMove(id, op.page_id, was, op.to, op.placement)


def _spot(briefing: Briefing, item: int) -> Spot:
    correction = briefing.corrections[item]
    return correction.page_id, correction.edition, correction.places, correction.line


def _spot_of(op: PlaceCorrection) -> Spot:
    return op.page_id, op.edition, op.places, op.line
