"""Papers and their editions: lists of pages, not files. Ops on them make new papers; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from protocol.errors import Reason, Refusal
from protocol.ops import MorePages, NewEdition, OfferPaper
from protocol.values import Blob, EditionPage, PageId, PageRef, Rect

PAGES_LIMIT = 100_000
"""Pages that one paper may have."""
MARGIN = 10
"""Page space reaches a tenth of the page beyond each of its edges."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of a paper; numbers go from 1."""

    number: int
    pages: tuple[EditionPage, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the briefing. ``blob``: as it was opened; ``edits``: the blobs that editions added.

    ``minutes``, ``explainer``: what the agenda says of it; 0 and empty: nothing.
    """

    paper: int
    title: str
    blob: Blob
    editions: tuple[Edition, ...]
    edits: tuple[Blob, ...] = ()
    minutes: int = 0
    explainer: str = ""

    @property
    def edition(self) -> Edition:
        """The newest."""
        return self.editions[-1]

    @property
    def blobs(self) -> tuple[Blob, ...]:
        """All blobs that its editions are drawn from."""
        return (self.blob, *self.edits)


def offered(op: OfferPaper) -> Paper:
    """A paper with its first edition; `Refusal` when pages come from another blob."""
    paper = Paper(op.paper, op.title, op.blob, (Edition(1, op.pages),))
    _check_refs(paper, op.pages)
    return paper


def with_more_pages(paper: Paper, op: MorePages) -> Paper:
    """The paper with further pages of its first, and so far only, edition."""
    if len(paper.editions) > 1:
        raise Refusal(Reason.OLDER_EDITION)
    _check_refs(paper, op.pages)
    return replace(paper, editions=(Edition(1, _limited(paper.edition.pages + op.pages)),))


def with_new_edition(paper: Paper, op: NewEdition) -> Paper:
    """The paper with one more edition; `Refusal` when what the op touches is another by now."""
    known = {blob.sha256 for blob in paper.blobs}
    fresh = tuple(blob for blob in op.blobs if blob.sha256 not in known)
    pages = paper.edition.pages
    at = place(paper, op)
    after = pages[:at] + op.pages + pages[at + op.removed :]
    if not after:
        raise Refusal(Reason.NO_PAGES)
    edition = Edition(len(paper.editions) + 1, _limited(after))
    result = replace(paper, editions=(*paper.editions, edition), edits=paper.edits + fresh)
    _check_refs(result, op.pages)
    return result


def place(paper: Paper, op: NewEdition) -> int:
    """Where the pages that the op touches stand in the newest edition; `Refusal` when they do not."""
    if op.base > len(paper.editions):
        raise Refusal(Reason.OLDER_EDITION)
    base, pages = paper.editions[op.base - 1].pages, paper.edition.pages
    if op.at + op.removed > len(base):
        raise Refusal(Reason.OUTSIDE_PAGE)
    touched = base[op.at : op.at + op.removed]
    if op.base == len(paper.editions):
        return op.at
    # Made on an older edition: other pages may have come and gone, those it touches may not have changed.
    before = touched[0] if touched else base[op.at - 1] if op.at else None
    ids = [page.page_id for page in pages]
    if before is None:
        return 0
    if before.page_id not in ids:
        raise Refusal(Reason.OLDER_EDITION)
    at = ids.index(before.page_id)
    if not touched:
        return at + 1
    if pages[at : at + op.removed] != touched:
        raise Refusal(Reason.OLDER_EDITION)
    return at


def _check_refs(paper: Paper, pages: tuple[EditionPage, ...]) -> None:
    known = {blob.sha256 for blob in paper.blobs}
    if any(page.ref.blob not in known for page in pages):
        raise Refusal(Reason.UNKNOWN_BLOB)


def _limited(pages: tuple[EditionPage, ...]) -> tuple[EditionPage, ...]:
    if len(pages) > PAGES_LIMIT:
        raise Refusal(Reason.TOO_LARGE)
    return pages


def page_ids(edition: Edition) -> frozenset[PageId]:
    """The page ids of an edition."""
    return frozenset(page.page_id for page in edition.pages)


def changed_pages(before: Edition, after: Edition) -> tuple[PageId, ...]:
    """The page ids that are new, drawn from elsewhere, or gone; new and changed ones first, in order."""
    former: dict[PageId, PageRef] = {page.page_id: page.ref for page in before.pages}
    ids = page_ids(after)
    changed = tuple(page.page_id for page in after.pages if former.get(page.page_id) != page.ref)
    return changed + tuple(page_id for page_id in former if page_id not in ids)


def in_page_space(rect: Rect, page: EditionPage) -> bool:
    """Whether the rectangle has an area and lies on the page or in the tenth around it."""
    x, y = -(-page.width // MARGIN), -(-page.height // MARGIN)
    return (
        -x <= rect.x0 < rect.x1 <= page.width + x  #
        and -y <= rect.y0 < rect.y1 <= page.height + y
    )


def touches_page(rect: Rect, page: EditionPage) -> bool:
    """Whether any of the page lies in the rectangle."""
    return (
        rect.x0 < rect.x1  #
        and rect.y0 < rect.y1
        and rect.x0 < page.width
        and rect.y0 < page.height
        and rect.x1 > 0
        and rect.y1 > 0
    )
