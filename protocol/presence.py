"""MAYBE: what is true for a moment only. It is dropped rather than delayed, and never kept."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated

from msgspec import Meta

from protocol.ink import STEP_BYTES, Pen
from protocol.values import Coordinate, Counter, PageId, Rect, Value

WET_POINTS = 500
"""In one piece of a wet stroke."""


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
    ``covered``: an emergency notice of the house stands over it.
    """

    following: bool
    page_id: PageId | None
    rect: Rect | None
    sharp: bool
    hidden_here: bool = False
    covered: bool = False


class Typing(Value, frozen=True, tag=67):
    """Somebody's caret in an item, and behind it what their input method has not confirmed yet."""

    item: Annotated[int, Meta(ge=0, le=2**40)]
    caret: Annotated[int, Meta(ge=0, le=10_000)]
    preedit: Annotated[str, Meta(max_length=200)] = ""


class Wet(Value, frozen=True, tag=68):
    """The next piece of the stroke that becomes mark ``n`` of its author, while the pen still moves.

    It begins at (x, y), where the former piece ended, so that a lost piece costs a straight line and no more.
    ``fresh``: what came of this stroke before is void; with no path after it, the stroke will not be.
    """

    page_id: PageId
    n: Counter
    pen: Pen
    fresh: bool
    x: Coordinate
    y: Coordinate
    path: Annotated[bytes, Meta(max_length=STEP_BYTES * WET_POINTS)]


Presence = Pointer | PointerAway | Position | Typing | Wet


def presence_key(presence: Presence, n: int) -> Hashable:
    """Of two waiting presences with the same key only the newer is worth sending; ``n`` is its counter. Each
    piece of a wet stroke counts."""
    return (Wet, n) if isinstance(presence, Wet) else type(presence)
