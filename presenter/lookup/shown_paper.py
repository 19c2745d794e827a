"""調べたもの: the paper of what was looked up and shown, a page more with each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pageview.render_results import PageSize
from protocol.model import Briefing
from protocol.ops import NewEdition, OfferPaper
from protocol.values import Blob, EditionPage, PageRef

TITLE = "調べたもの"
EXTENT_LEAST, EXTENT_MOST = 1, 10_000_000


def shown_already(briefing: Briefing, paper: int | None, sha256: bytes) -> int | None:
    """The page id of pages that were shown before, from this very blob."""
    known = briefing.paper(paper) if paper is not None else None
    pages = known.edition.pages if known is not None else ()
    return next((page.page_id for page in pages if page.ref == PageRef(sha256, 0)), None)


def show_op(
    briefing: Briefing, paper: int | None, title: str, blob: Blob, sizes: Sequence[PageSize], when: int
) -> OfferPaper | NewEdition:
    """What brings these pages into the briefing: behind those of ``paper``, or as a new one of that title."""
    first = briefing.next_page_id
    pages = tuple(
        EditionPage(first + index, PageRef(blob.sha256, index), _extent(size.width), _extent(size.height))
        for index, size in enumerate(sizes)
    )
    known = briefing.paper(paper) if paper is not None else None
    if known is None:
        number = max((each.paper for each in briefing.papers), default=-1) + 1
        return OfferPaper(number, title, blob, pages)
    edition = known.edition
    return NewEdition(known.paper, edition.number, len(edition.pages), 0, pages, (blob,), when=when)


def _extent(side: int) -> int:
    return min(max(side, EXTENT_LEAST), EXTENT_MOST)
