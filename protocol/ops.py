"""EVERY: the durable edits of a briefing. They are ordered by the authority and kept in the log."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from protocol.values import Blob, EditionPage, PageId, PaperId, PeerId, PersonName, Title, Value

ItemId = Annotated[int, Meta(ge=0, le=2**40)]
TEXT_LIMIT = 10_000
Part = Annotated[int, Meta(ge=-TEXT_LIMIT, le=TEXT_LIMIT)] | Annotated[str, Meta(max_length=TEXT_LIMIT)]
Parts = Annotated[tuple[Part, ...], Meta(max_length=2 * TEXT_LIMIT + 1)]
Pages = Annotated[tuple[EditionPage, ...], Meta(min_length=1, max_length=2_000)]


class OfferPaper(Value, frozen=True, tag=1):
    """A paper joins the briefing with its first edition. Large papers come in parts: see ``MorePages``."""

    paper: PaperId
    title: Title
    blob: Blob
    pages: Pages


class MorePages(Value, frozen=True, tag=2):
    """Further pages of edition 1 of a paper too long for one message; only straight after its offer."""

    paper: PaperId
    pages: Pages


class NewEdition(Value, frozen=True, tag=3):
    """A new state of a paper: its pages from ``at`` on, ``removed`` of them, give way to ``pages``.

    ``base`` is the number (from 1) of the edition it was made on, and ``at`` counts in that edition; it is
    refused when one of the pages it touches is another by now. ``blobs``: those that the paper had not yet.
    """

    paper: PaperId
    base: Annotated[int, Meta(ge=1, le=100_000)]
    at: Annotated[int, Meta(ge=0, le=99_999)]
    removed: Annotated[int, Meta(ge=0, le=99_999)]
    pages: Annotated[tuple[EditionPage, ...], Meta(max_length=2_000)]
    blobs: Annotated[tuple[Blob, ...], Meta(max_length=2_000)]


class OrderPapers(Value, frozen=True, tag=4):
    """The order of the papers, every one of them once."""

    papers: Annotated[tuple[PaperId, ...], Meta(max_length=1_000)]


class WithdrawPaper(Value, frozen=True, tag=5):
    """A paper leaves the briefing; its page ids are never used again."""

    paper: PaperId


class AddItem(Value, frozen=True, tag=6):
    """A text that several people may type in is born, at a page or at none."""

    item: ItemId
    page_id: PageId | None
    text: Annotated[str, Meta(max_length=TEXT_LIMIT)]


class SpliceText(Value, frozen=True, tag=7):
    """An edit of a text, read from its beginning: n > 0 keeps n code points, n < 0 removes -n, a string is
    inserted. What follows the last part is kept. `protocol.texts` makes, applies and rebases parts.
    """

    item: ItemId
    parts: Parts


class RemoveItem(Value, frozen=True, tag=8):
    """A text goes away; splices that arrive later are refused."""

    item: ItemId


class Allow(Value, frozen=True, tag=9):
    """What a follower may do with the briefing itself, under the name it gave; both False: nothing any more.

    ``saving``: keep the papers on its own disk. ``takeover`` (引き継ぎ可): reopen the briefing from its own
    replica when the presenter's machine is gone.
    """

    peer: PeerId
    name: PersonName
    saving: bool
    takeover: bool


Op = (
    OfferPaper
    | MorePages
    | NewEdition
    | OrderPapers
    | WithdrawPaper
    | AddItem
    | SpliceText
    | RemoveItem
    | Allow
)
