"""Changes of one page, and what comes of them: a new page, or a reason why not. Pure values.

A change is made once, in the render process of whoever edits, and gives a PDF of that page alone: a new blob
for a new edition. Nothing is kept there, so a change can be tried first and shown, and given up.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Annotated

import msgspec
from msgspec import Meta

from pageview.page_text import Ranges
from protocol.values import Coordinate, Rect, Value

MAX_WORDS = 10_000
Words = Annotated[str, Meta(max_length=MAX_WORDS)]
FontSize = Annotated[int, Meta(ge=100, le=50_000)]
Colour = Annotated[int, Meta(ge=0, le=0xFFFFFF)]
Length = Annotated[int, Meta(ge=0, le=20_000_000)]
TOLERANCE = 0.10
"""How far new words may differ in width from the old ones and still be fitted into their place."""


class Setting(IntEnum):
    """How new words are set that are wider or narrower than the old ones."""

    KEEP = 0
    """Into the place of the old ones, squeezed or spread by a tenth at most; else refused."""
    LINE = 1
    """In their own width; what stands before or after them on the line moves."""
    EITHER = 2
    """KEEP where that does, else LINE."""


class Breaks(IntFlag):
    """What an edit breaks or loses."""

    NOTHING = 0
    SIGNED = 1
    """A signature no longer holds for the edited page."""
    ENCRYPTED = 2
    """The edited page is kept without the paper's password."""
    FORBIDDEN = 4
    """The author's permissions forbid changes."""
    TAGGED = 8
    """The new words are not in the structure that screen readers use."""
    FORM = 16
    """Form fields: their scripts and sums are not carried out."""
    DAMAGED = 32
    """The file had to be repaired when it was opened: something may be missing already."""


NEED_CONSENT = Breaks.SIGNED | Breaks.ENCRYPTED | Breaks.FORBIDDEN
"""An edit that breaks one of these is refused unless it names it in ``accepted``."""
Accepted = Annotated[int, Meta(ge=0, le=63)]


class WhyNot(IntEnum):
    """Why a change was not made; the page is as it was."""

    NO_SUCH_WORDS = 0
    """The page does not have these words in that place (any more)."""
    VERTICAL = 1
    PICTURE = 2
    """The words seen are a picture or an outline; the text under it is invisible."""
    NO_GLYPHS = 3
    """No font here has ``signs``."""
    TOO_WIDE = 4
    """Wider than there is room for: see the widths."""
    ELSEWHERE = 5
    """The words are drawn in a way that cannot be changed alone (pattern, unnamed glyphs)."""
    BREAKS = 6
    """It would break what was not accepted: ``breaks``."""
    NOTHING_THERE = 7
    """No picture at that place."""
    UNSHOWABLE = 8
    """The page cannot be read, or would not look the same."""
    CELLS = 9
    """The old words stand in several cells of a table: nobody can tell which of the new ones go where."""


class Route(IntEnum):
    """What the new words were set in."""

    NONE = 0
    ORIGINAL = 1
    """The page's own font."""
    GOTHIC = 2
    """A bundled gothic: the page's font lacks a glyph."""
    MINCHO = 3
    """A bundled mincho: the page's font lacks a glyph."""


# --- changes ------------------------------------------------------------------------------------------------


class ReplaceWords(Value, frozen=True, tag=1):
    """New words for old ones; ``old`` is what the ranges read (`PageText.words`), so that nothing else goes.

    Ranges on several lines get the new words in turn, each as many as it has room for. No new words: removed.
    """

    ranges: Ranges
    old: Words
    new: Words
    setting: Setting = Setting.EITHER


class RemoveWords(Value, frozen=True, tag=2):
    """Words go; nothing else moves."""

    ranges: Ranges
    old: Words


class MoveWords(Value, frozen=True, tag=3):
    """Words go to another place, in their own fonts."""

    ranges: Ranges
    old: Words
    dx: Coordinate
    dy: Coordinate


class AddWords(Value, frozen=True, tag=4):
    """A line of words in a bundled font; ``x``, ``y`` is where its baseline begins."""

    x: Coordinate
    y: Coordinate
    words: Words
    size: FontSize
    colour: Colour = 0
    bold: bool = False
    serif: bool = False


class RemovePicture(Value, frozen=True, tag=5):
    """The topmost picture whose box has this point."""

    x: Coordinate
    y: Coordinate


class MovePicture(Value, frozen=True, tag=6):
    """The topmost picture whose box has this point goes to another place, above all else."""

    x: Coordinate
    y: Coordinate
    dx: Coordinate
    dy: Coordinate


class WhiteOut(Value, frozen=True, tag=7):
    """A rectangle is white; letters and parts of pictures under it are no longer in the file."""

    rect: Rect


class Rotate(Value, frozen=True, tag=8):
    """The page is turned clockwise by quarters."""

    quarters: Annotated[int, Meta(ge=1, le=3)]


Change = ReplaceWords | RemoveWords | MoveWords | AddWords | RemovePicture | MovePicture | WhiteOut | Rotate


def is_within_limits(change: Change) -> bool:
    """Whether a change may be asked for at all: so many characters and ranges, numbers in bounds."""
    try:
        return bool(_decode(_encode(change)) == change)
    except (msgspec.ValidationError, OverflowError, UnicodeEncodeError):
        return False


# --- what comes of them -------------------------------------------------------------------------------------


class Made(Value, frozen=True, tag=1):
    """The change is made. Widths in 1/100 point; ``changed`` is what looks different, before and after."""

    route: Route
    changed: Rect
    old: Words = ""
    old_width: Length = 0
    new_width: Length = 0
    past_column: Length = 0
    """How far the line now reaches past the edge of its paragraph or column."""
    squeezed: Annotated[int, Meta(ge=0, le=100)] = 0
    """By how many per cent letters were made narrower to fit."""
    breaks: Accepted = 0


class NotMade(Value, frozen=True, tag=2):
    """The change is not made. Widths in 1/100 point where it is TOO_WIDE: what it needs, and the room."""

    why: WhyNot
    needed: Length = 0
    room: Length = 0
    signs: Annotated[str, Meta(max_length=200)] = ""
    breaks: Accepted = 0


Outcome = Made | NotMade

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Change).decode
