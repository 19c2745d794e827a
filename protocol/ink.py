"""What people draw on a page: strokes and words, as values in page space, and a stroke's points as bytes.

A stroke begins at a point and goes on in steps of two little-endian 16-bit numbers, x then y, in 1/100 point.
Four bytes a point, read and written in one go: five thousand strokes are on a late joiner's wall at once.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import IntEnum
from itertools import accumulate, pairwise
from typing import Annotated

from msgspec import Meta

from protocol.values import Coordinate, Counter, PageId, PeerId, Rect, Value

POINTS_LIMIT = 8_000
"""Of one stroke. Whoever draws on beyond it begins the next one where it ended."""
LENGTH_LIMIT = 10_000_000
"""Of one stroke, in 1/100 point, across and down added: 35 m on paper. A line that crosses itself costs the
square of its length to paint: one of all points, all over the page, held up a wall of 4K for minutes."""
WORDS_LIMIT = 10_000
OP_LIMIT = 160 * 1024
"""What the marks of one op weigh together at most, so that it fits a message."""
STEP_BYTES = 4
_FARTHEST = 32_767

Path = Annotated[bytes, Meta(max_length=STEP_BYTES * (POINTS_LIMIT - 1))]
Pressures = Annotated[bytes, Meta(max_length=POINTS_LIMIT)]
Width = Annotated[int, Meta(ge=10, le=10_000)]
Scale = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
When = Annotated[int, Meta(ge=0, le=2**34)]
"""Seconds since 1970; the last of them lie in a year that every system can name."""


class Tool(IntEnum):
    """What draws. The highlighter lies under the black of the text."""

    PEN = 0
    HIGHLIGHTER = 1


class Colour(IntEnum):
    """By name, so that it can be said; what they look like is the screens' matter."""

    RED = 0
    BLUE = 1
    BLACK = 2
    GREEN = 3
    ORANGE = 4
    PURPLE = 5
    YELLOW = 6
    WHITE = 7


class Pen(Value, frozen=True):
    """How a stroke looks. ``width`` in 1/100 point."""

    tool: Tool
    colour: Colour
    width: Width


class MarkId(Value, frozen=True):
    """The identity of a mark: who drew it, and their own running number, born when the pen touches down."""

    author: PeerId
    n: Counter


class Stroke(Value, frozen=True, tag=1):
    """A line as it was drawn, also a straight one, a box, an ellipse. ``pressures``: one of 0–255 for each
    point, or none where the device does not give it."""

    pen: Pen
    x: Coordinate
    y: Coordinate
    path: Path = b""
    pressures: Pressures = b""


class Words(Value, frozen=True, tag=2):
    """Text at a place, ``width`` wide, or a stamp: a word in a frame. ``size``: of the letters.

    ``ground``: it stands on white, in a frame, and hides what is behind it.
    """

    stamp: bool
    colour: Colour
    size: Annotated[int, Meta(ge=100, le=100_000)]
    x: Coordinate
    y: Coordinate
    width: Annotated[int, Meta(ge=0, le=10_000_000)]
    text: Annotated[str, Meta(max_length=WORDS_LIMIT)]
    ground: bool = False


Mark = Stroke | Words


class Placement(Value, frozen=True):
    """Where a point drawn at (x, y) lies now: x' = a·x + c·y + e, y' = b·x + d·y + f; a–d in 1/10,000,
    e and f in 1/100 point."""

    a: Scale
    b: Scale
    c: Scale
    d: Scale
    e: Coordinate
    f: Coordinate

    def moved(self, dx: int, dy: int) -> Placement:
        """The same, further on."""
        return Placement(self.a, self.b, self.c, self.d, self.e + dx, self.f + dy)


AS_DRAWN = Placement(10_000, 0, 0, 10_000, 0, 0)


class NewMark(Value, frozen=True):
    """A mark with its author's running number."""

    n: Counter
    mark: Mark


class Drawn(Value, frozen=True):
    """A mark as the briefing has it. ``edition``: of its paper, when it was drawn; ``when``: by its author's
    clock, seconds since 1970, a label and nothing more. An erased one is kept: its erasing may be undone.
    ``origin``: of one in the tray, the page that it lay on.
    """

    id: MarkId
    mark: Mark
    edition: Annotated[int, Meta(ge=0, le=100_000)]
    when: When
    placement: Placement = AS_DRAWN
    erased: bool = False
    origin: PageId | None = None


def packed(xs: Sequence[int], ys: Sequence[int]) -> bytes:
    """The path through these points, the first of which is its beginning. A step that is too long for its
    two bytes becomes several."""
    steps: list[int] = []
    for x0, x1, y0, y1 in zip(xs, xs[1:], ys, ys[1:], strict=False):
        dx, dy = x1 - x0, y1 - y0
        parts = max(abs(dx), abs(dy)) // _FARTHEST + 1
        for part in range(parts):
            # Each piece from the whole, so that rounding never adds up.
            steps.append(dx * (part + 1) // parts - dx * part // parts)
            steps.append(dy * (part + 1) // parts - dy * part // parts)
    return struct.pack(f"<{len(steps)}h", *steps)


def unpacked(x: int, y: int, path: bytes) -> tuple[list[int], list[int]]:
    """The points of a path, as x and y. Bytes of half a step at the end are nothing."""
    steps = struct.unpack(f"<{len(path) // STEP_BYTES * 2}h", path[: len(path) // STEP_BYTES * STEP_BYTES])
    return list(accumulate(steps[::2], initial=x)), list(accumulate(steps[1::2], initial=y))


def length(xs: Sequence[int], ys: Sequence[int]) -> int:
    """How far it is along these points, across and down added."""
    return sum(abs(b - a) for each in (xs, ys) for a, b in pairwise(each))


def is_too_long(stroke: Stroke) -> bool:
    """Whether its way is beyond `LENGTH_LIMIT`."""
    may_be = len(stroke.path) // STEP_BYTES * 2 * _FARTHEST > LENGTH_LIMIT  # few are looked at
    return may_be and length(*unpacked(stroke.x, stroke.y, stroke.path)) > LENGTH_LIMIT


def weight(mark: Mark) -> int:
    """About how many bytes it takes on the wire."""
    return 80 + (4 * len(mark.text) if isinstance(mark, Words) else len(mark.path) + len(mark.pressures))


def bounds(mark: Mark) -> Rect:
    """The rectangle of a mark's points, without the width of its line."""
    if isinstance(mark, Words):
        return Rect(mark.x, mark.y, mark.x + mark.width, mark.y + mark.size)
    xs, ys = unpacked(mark.x, mark.y, mark.path)
    return Rect(min(xs), min(ys), max(xs), max(ys))


def placed(placement: Placement, x: float, y: float) -> tuple[float, float]:
    """Where a point that was drawn at (x, y) lies."""
    p = placement
    return (p.a * x + p.c * y) / 10_000 + p.e, (p.b * x + p.d * y) / 10_000 + p.f


PageIdOrTray = PageId | None
"""None: the tray of what could not be placed."""
MarkIds = Annotated[tuple[MarkId, ...], Meta(max_length=10_000)]
