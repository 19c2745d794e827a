"""The edition that a paper becomes when its source was saved anew: whose page counts, and the ops. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.ops import NewEdition
from protocol.papers import Paper
from protocol.values import Blob, EditionPage, PageId, PageRef

PAGES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page of the source as it was saved. ``former``: its place among the pages taken before; None: new.
    ``same``: that one looked just the same."""

    ref: PageRef
    width: int
    height: int
    former: int | None
    same: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """``pages`` of the new edition; ``ids`` of the source's own pages, in its order, for the next time."""

    pages: tuple[EditionPage, ...]
    ids: tuple[PageId, ...]


def merged(
    taken: Sequence[PageId], ours: Sequence[EditionPage], theirs: Sequence[SourcePage], next_id: PageId
) -> Merged:
    """What the source changed since it was ``taken`` counts, and so does, on all other pages, what was
    changed in the briefing: ``ours``. Pages taken out here stay out, pages put in here stay in.
    """
    here = {page.page_id: page for page in ours}
    ids: list[PageId] = []
    source: dict[PageId, EditionPage] = {}
    for each in theirs:
        page_id = next_id if each.former is None else taken[each.former]
        next_id += each.former is None
        ids.append(page_id)
        if each.former is None or (page_id in here and not each.same):
            source[page_id] = EditionPage(page_id, each.ref, each.width, each.height)
        elif page_id in here:
            source[page_id] = here[page_id]
    places = [each.former for each in theirs if each.former is not None]
    gone = set(taken) - set(ids)
    if places == sorted(places):  # the source has its order still: the briefing's counts
        pages = [source.get(page.page_id, page) for page in ours if page.page_id not in gone]
        _put_in(pages, [source[page_id] for page_id in ids if page_id in source])
    else:
        pages = [source[page_id] for page_id in ids if page_id in source]
        _put_in(pages, [page for page in ours if page.page_id not in gone])
    return Merged(tuple(pages), tuple(ids))


def _put_in(pages: list[EditionPage], others: Sequence[EditionPage]) -> None:
    """Those of ``others`` that ``pages`` lacks, each behind the page that it follows there."""
    there = {page.page_id for page in pages}
    before: PageId | None = None
    for page in others:
        if page.page_id not in there:
            at = next((n + 1 for n, other in enumerate(pages) if other.page_id == before), 0)
            pages.insert(at, page)
        before = page.page_id


def edition_ops(
    paper: Paper,
    pages: tuple[EditionPage, ...],
    blob: Blob,
    settles: tuple[int, ...],
    reopens: tuple[int, ...],
    when: int,
) -> tuple[NewEdition, ...]:
    """What makes the newest edition of ``paper`` read ``pages``, of which some may be drawn from ``blob``.

    One op, where a message holds what differs. Else the first takes the place of everything, and the others
    follow behind it: a page that was away between two ops is the same page again.
    """
    before, base = paper.edition.pages, paper.edition.number
    fresh = (blob,) if any(page.ref.blob == blob.sha256 for page in pages) else ()
    shorter = min(len(before), len(pages))
    head = next((n for n in range(shorter) if before[n] != pages[n]), shorter)
    rest = shorter - head
    tail = next((n for n in range(rest) if before[-1 - n] != pages[-1 - n]), rest)
    changed = pages[head : len(pages) - tail]
    if len(changed) > PAGES_AT_ONCE:
        head, tail, changed = 0, 0, pages
    ops = []
    removed = len(before) - tail - head
    for start in range(0, max(1, len(changed)), PAGES_AT_ONCE):
        part = changed[start : start + PAGES_AT_ONCE]
        if not start:
            ops.append(NewEdition(paper.paper, base, head, removed, part, fresh, settles, reopens, when))
        else:
            ops.append(NewEdition(paper.paper, base + len(ops), head + start, 0, part, (), when=when))
    return tuple(ops)
