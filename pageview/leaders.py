"""Dots or dashes that lead the eye to a figure at the end of a line: they give way to it, or go on.

Only in the render process. Lengths in points of page space.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from pageview.line_pieces import Piece, stretch_of
from pageview.line_setting import EDGE
from pageview.page_characters import Reading
from pageview.page_glyphs import Glyph, PageGlyphs
from protocol.values import Rect

LEADERS = frozenset("…‥・･·.．-‐–—―─━")
SO_MANY = 6
"""Of one sign in a row are a leader; fewer may be meant."""
LEAST = 3
"""So many of its signs stay."""
FAR = 3.0
"""How far (in ems) a leader ends before what it leads to at most."""


def after_leader(glyphs: Sequence[Glyph | None], low: int, start: int) -> int:
    """Where what stands at the end of a leader (. . . . or ――――) begins, in a part of a line from ``low`` on;
    ``low`` where there is no leader before ``start``."""
    begins, count, sign = low, 0, ""
    for at in range(low, start + 1):
        glyph = glyphs[at]
        if glyph is None or glyph.sign.isspace():
            continue
        if glyph.sign != sign:
            if count >= SO_MANY and sign in LEADERS:
                begins = at
            count, sign = 0, glyph.sign
        count += 1
    return begins


def closing_leader(glyphs: Sequence[Glyph | None]) -> list[Glyph]:
    """The dots or dashes with which glyphs end, from the left; none where they do not lead to anything."""
    inked = [glyph for glyph in glyphs if glyph is not None and not glyph.sign.isspace()]
    run = list(takewhile(lambda glyph: glyph.sign == inked[-1].sign, reversed(inked)))
    leads = len(run) >= SO_MANY and run[0].sign in LEADERS
    return run[::-1] if leads else []


def leader_to(piece: Piece, reading: Reading, glyphs: PageGlyphs, edges: Sequence[int]) -> list[Glyph]:
    """The leader of a piece, from the left: before it on its line, or on a line of its own. ``edges``: where
    drawn edges cross the line (1/100 point)."""
    lines, line = reading.text.lines, reading.text.lines[piece.number]
    if not line.is_level:
        return []
    own = line.hull(piece.low, piece.high)
    leader = closing_leader(piece.glyphs[: piece.low])
    if not leader:
        hulls = {number: each.hull() for number, each in enumerate(lines) if each.is_level}
        before = [number for number, hull in hulls.items() if _is_before(hull, own)]
        if before:
            nearest = max(before, key=lambda number: hulls[number].x1)
            leader = closing_leader(glyphs.of_line(reading, nearest))
    end = piece.span(leader[-1])[1] if leader else 0.0
    parted = any(100 * end - 50 <= edge <= own.x0 + 50 for edge in edges)
    return [] if parted or own.x0 / 100 - end > FAR * piece.first.size else leader


def _is_before(one: Rect, other: Rect) -> bool:
    """Whether it stands on the same line, to the left."""
    beside = min(one.y1, other.y1) - max(one.y0, other.y0)
    return beside > (other.y1 - other.y0) / 2 and one.x1 <= other.x0 + 50


def led(piece: Piece, leader: Sequence[Glyph], start: float) -> tuple[list[Glyph], list[float]]:
    """Which signs of a leader go, and where further ones stand (x), for a piece that begins at ``start`` now.
    It ends as far before that as it did, or less than a sign further."""
    by = start - stretch_of(piece, 0.0).start
    if not leader or abs(by) < EDGE / 3:
        return [], []
    last, step = leader[-1], leader[-1].x - leader[-2].x
    end = piece.span(last)[1] + by
    going = [glyph for glyph in leader if piece.span(glyph)[1] > end + EDGE / 3]
    further = int(by / step) if step > 0 else 0
    return going, [last.x + n * step for n in range(1, further + 1)]
