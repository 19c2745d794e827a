"""A part of a line that is replaced, with its glyphs, and how the line around it is set.

Only in the render process. Lengths in points of page space, along the baseline.
"""

from __future__ import annotations

import math
import statistics
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from pageview.line_setting import WIDE, WIDE_BY_SPACE, Stretch, breaks_between
from pageview.page_glyphs import Glyph
from pageview.page_text import Style, TextLine

STRETCHED = (-0.15, 0.5)
"""Between which gaps (in ems) letters of a line are taken to be spaced on purpose."""
TIGHT = -0.6
"""How far punctuation of a full em is pushed together at most."""
WIDE_BY_RUNS = 0.28
"""A gap (in heights of the line) that parts what was not written in one go; ¼ em is but good setting."""


@dataclass(frozen=True)
class Piece:
    """A line with the part of it that is replaced: characters ``start`` to ``end``."""

    number: int
    start: int
    end: int
    glyphs: list[Glyph | None]
    styles: list[Style]
    low: int
    high: int
    """What moves with it: a cell, or the whole line."""

    @property
    def old(self) -> list[Glyph]:
        return [glyph for glyph in self.glyphs[self.start : self.end] if glyph is not None]

    @property
    def first(self) -> Glyph:
        return self.old[0]

    def along(self, x: float, y: float) -> float:
        """How far along the line a point lies; 0 at the page's corner for a level line."""
        a, b, _, _ = self.first.em
        return (x * a + y * b) / math.hypot(a, b)

    def span(self, glyph: Glyph) -> tuple[float, float]:
        start = self.along(glyph.x, glyph.y)
        return start, start + glyph.advance

    def shifted(self, by: float, x: float, y: float) -> tuple[float, float]:
        """A point moved along the line."""
        a, b, _, _ = self.first.em
        length = math.hypot(a, b)
        return x + by * a / length, y + by * b / length


def stretch_of(piece: Piece, width: float) -> Stretch:
    """The part of the line that moves with a piece, for new words of a width."""
    around = piece.glyphs[piece.low : piece.high]
    spans = [piece.span(glyph) for glyph in around if glyph is not None and not glyph.sign.isspace()]
    old = [piece.span(glyph) for glyph in piece.old]
    starts, ends = [start for start, _ in (*spans, *old)], [end for _, end in (*spans, *old)]
    return Stretch(min(starts), max(ends), old[0][0], max(end for _, end in old), width)


@dataclass(frozen=True)
class Spacing:
    """What is put between the letters of a line beyond their widths: of one kind, of Western and Japanese;
    and in its own fonts, where punctuation is often set closer, just between those two, ``before`` a sign
    and ``after`` it."""

    alike: float
    mixed: float
    pairs: Mapping[tuple[str, str], float]
    before: Mapping[str, float]
    after: Mapping[str, float]

    def between(self, one: str, other: str, *, own: bool) -> float:
        """``own``: both are set in the fonts of the line."""
        if own:
            for known in (self.pairs.get((one, other)), self.after.get(one), self.before.get(other)):
                if known is not None:
                    return known
        spaced = one.isspace() or other.isspace()
        return self.mixed if is_western(one) != is_western(other) and not spaced else self.alike


def spacing_of(piece: Piece) -> Spacing:
    """How the letters of a piece's line are spaced."""
    glyphs = [glyph for glyph in piece.glyphs if glyph is not None and not glyph.is_rider]
    low, high = (part * piece.first.size for part in STRETCHED)
    alike: list[float] = []
    mixed: list[float] = []
    pairs, before, after = dict[tuple[str, str], float](), dict[str, float](), dict[str, float]()
    for one, other in pairwise(glyphs):
        gap = piece.along(other.x, other.y) - piece.span(one)[1]
        if one.sign.isspace() or other.sign.isspace() or not TIGHT * piece.first.size < gap < high:
            continue
        if gap > low:
            (alike if is_western(one.sign) == is_western(other.sign) else mixed).append(gap)
        pairs[one.sign, other.sign] = gap
        if _is_full_punctuation(one.sign):
            after[one.sign] = gap
        if _is_full_punctuation(other.sign):
            before[other.sign] = gap
    usual = statistics.median(alike) if len(alike) >= 2 else 0.0
    return Spacing(usual, statistics.median(mixed) if mixed else usual, pairs, before, after)


def _is_full_punctuation(sign: str) -> bool:
    return not is_western(sign) and unicodedata.category(sign)[0] == "P"


def is_western(sign: str) -> bool:
    """Western letters and figures have fonts of their own in many papers."""
    return ord(sign) < 0x2000


def together(
    line: TextLine, glyphs: list[Glyph | None], start: int, end: int, edges: list[int]
) -> tuple[int, int]:
    """The part of a line that is set together with the characters ``start`` to ``end``."""
    if not line.is_level:
        return 0, len(glyphs)
    inked = [at for at, glyph in enumerate(glyphs) if glyph is not None and not glyph.sign.isspace()]
    low, high = 0, len(glyphs)
    for former, at in pairwise(inked):
        one, other = glyphs[former], glyphs[at]
        assert one is not None and other is not None
        widest = WIDE if one.run == other.run else WIDE_BY_RUNS
        if any(glyph is not None for glyph in glyphs[former + 1 : at]):
            widest = WIDE_BY_SPACE
        if breaks_between(line, former, at, edges, widest):
            if at <= start:
                low = at
            elif former >= end - 1:
                return low, former + 1
    return low, high
