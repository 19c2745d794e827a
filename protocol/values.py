"""The words of a briefing: frozen values with their limits, used by the model, the ops and the wire.

Page space is what a PDF viewer shows of a page: origin top-left of the visible page, x right, y down, in
1/100 point. Every number carries its bounds, so that what decodes is already sane.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

import msgspec
from msgspec import Meta

Sha256 = Annotated[bytes, Meta(min_length=32, max_length=32)]
PeerId = Annotated[int, Meta(ge=0, le=65_535)]
PaperId = Annotated[int, Meta(ge=0, le=65_535)]
PageId = Annotated[int, Meta(ge=0, le=2**40)]
PageIndex = Annotated[int, Meta(ge=0, le=99_999)]
Coordinate = Annotated[int, Meta(ge=-20_000_000, le=20_000_000)]
Extent = Annotated[int, Meta(ge=1, le=10_000_000)]
BlobLength = Annotated[int, Meta(ge=1, le=500 * 2**20)]
Revision = Annotated[int, Meta(ge=0, le=2**40)]
Counter = Annotated[int, Meta(ge=0, le=2**40)]
LONGEST = 2**40
Milliseconds = Annotated[int, Meta(ge=0, le=LONGEST)]
Title = Annotated[str, Meta(max_length=300)]
PersonName = Annotated[str, Meta(max_length=80)]
RoomNumber = Annotated[int, Meta(ge=1, le=99_999)]

OWNER: int = 0
"""The peer id of the session owner; guests are numbered from 1 by the authority."""


class Value(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A frozen value that travels as an array of exactly its fields."""


class Role(IntEnum):
    """What a peer may do; kept by the session owner, never believed from the guest."""

    PRESENTER = 0
    DISPLAY = 1
    PARTICIPANT = 2
    ANNOTATOR = 3
    CONSOLE = 4
    """The facilities' console. Never the guest or the owner of a briefing."""


class Screen(IntEnum):
    """What the walls show of the view."""

    COVER = 0
    SHOW = 1
    HIDDEN = 2
    WHITE = 3


class Viewing(IntEnum):
    """What people may look at on their own while somebody presents."""

    FREE = 0
    LOCKED = 1
    """Only what is presented."""
    NOT_AHEAD = 2
    """Nothing behind the page that is presented (説明中のページより先は見せない)."""


class EndReason(IntEnum):
    """Why a briefing is over for one guest."""

    ENDED = 0
    DECLINED = 1
    """The presenter did not let it in."""
    REMOVED = 2


class Rect(Value, frozen=True):
    """A rectangle of page space, in 1/100 point; x0 < x1 and y0 < y1 in any that is applied."""

    x0: Coordinate
    y0: Coordinate
    x1: Coordinate
    y1: Coordinate


class View(Value, frozen=True):
    """What everybody follows: one page and the part of it that must be seen. One atomic message.

    ``step`` of ``steps`` names the part for people (上段・中段・下段); ``steps == 1`` is a page shown whole
    or freely zoomed.
    """

    page_id: PageId
    rect: Rect
    step: Annotated[int, Meta(ge=0, le=15)] = 0
    steps: Annotated[int, Meta(ge=1, le=16)] = 1


class PageRef(Value, frozen=True):
    """One page of one blob: where the drawing of a page comes from."""

    blob: Sha256
    index: PageIndex


class EditionPage(Value, frozen=True):
    """A page as one edition has it. Width and height in 1/100 point (page space)."""

    page_id: PageId
    ref: PageRef
    width: Extent
    height: Extent


class Blob(Value, frozen=True):
    """Bytes by their SHA-256; a paper, a one-page edit or a snapshot."""

    sha256: Sha256
    length: BlobLength


class OpId(Value, frozen=True):
    """The identity of a durable edit: who made it, and their own running number from 0."""

    author: PeerId
    n: Counter
