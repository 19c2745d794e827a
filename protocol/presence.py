"""MAYBE: what is true for a moment only. It is dropped rather than delayed, and never kept."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from protocol.values import Coordinate, PageId, Rect, Value


class Pointer(Value, frozen=True, tag=64):
    """Where the presenter points, in page space; it decays where it is shown."""

    page_id: PageId
    x: Coordinate
    y: Coordinate


class PointerAway(Value, frozen=True, tag=65):
    """The pointer left the page."""


class Position(Value, frozen=True, tag=66):
    """What a follower really has on its screen, sent after it was painted.

    ``page_id`` None: no page (cover, hidden, white). ``sharp`` is false while a smaller picture stands in.
    """

    following: bool
    page_id: PageId | None
    rect: Rect | None
    sharp: bool
    hidden_here: bool = False


class Typing(Value, frozen=True, tag=67):
    """Somebody's caret in an item."""

    item: Annotated[int, Meta(ge=0, le=2**40)]
    caret: Annotated[int, Meta(ge=0, le=10_000)]


Presence = Pointer | PointerAway | Position | Typing
