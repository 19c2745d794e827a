"""A chosen paper as the ops that bring it into a briefing, with page ids that nobody had before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pageview.render_results import PageSize
from presenter.chosen import Chosen
from protocol.model import Briefing
from protocol.ops import MorePages, OfferPaper, Op
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef

PAGES_AT_ONCE = 2_000
EXTENT_LEAST, EXTENT_MOST = 1, 10_000_000


def offer_ops(chosen: Chosen, briefing: Briefing) -> tuple[Op, ...]:
    """What is to be committed so that this paper is the briefing's last one."""
    paper = max((known.paper for known in briefing.papers), default=-1) + 1
    first = briefing.next_page_id
    pages = tuple(_pages(chosen.sha256, chosen.sizes, first))
    blob = Blob(chosen.sha256, chosen.length)
    ops: list[Op] = [OfferPaper(paper, chosen.title, blob, pages[:PAGES_AT_ONCE])]
    for start in range(PAGES_AT_ONCE, len(pages), PAGES_AT_ONCE):
        ops.append(MorePages(paper, pages[start : start + PAGES_AT_ONCE]))
    return tuple(ops)


def previewed(papers: Sequence[Chosen]) -> Briefing:
    """The briefing as it would be with these papers, before anything is committed or sent."""
    briefing = Briefing()
    for chosen in papers:
        for op in offer_ops(chosen, briefing):
            briefing = briefing.apply(op, OpId(OWNER, briefing.revision))
    return briefing


def _pages(sha256: bytes, sizes: Sequence[PageSize], first: int) -> Iterator[EditionPage]:
    for index, size in enumerate(sizes):
        width = min(max(size.width, EXTENT_LEAST), EXTENT_MOST)
        height = min(max(size.height, EXTENT_LEAST), EXTENT_MOST)
        yield EditionPage(first + index, PageRef(sha256, index), width, height)
