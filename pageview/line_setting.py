"""Where the glyphs of a line go when some of its words become wider or narrower. Pure; lengths in points.

Nothing flows to another line: words are fitted into the place of the old ones, or the line is set anew.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from pageview.page_edits import TOLERANCE, Setting
from pageview.page_text import PageText, TextLine
from protocol.values import Rect

EDGE = 1.5
"""Edges this near to each other are meant to be one."""
APART = 3.0
CLEARANCE = 1.0
BLEED = 14
"""No line comes nearer to the edge of the paper (5 mm): printers lose it there."""
NEAR_LINES = 8
WIDE, WIDE_BY_SPACE = 0.6, 1.2
"""Gaps (in heights of the line) that part a line where no space stands, and where one does."""
THIN = 300
"""A drawn box no wider than this (1/100 point) is a line."""
LONG, INDENT = 12, 3
"""Heights of a line: of running text, and how far at most the first line of a paragraph stands in or out."""
FIGURE = frozenset("0123456789０１２３４５６７８９,.，．%％△▲-−+±()（）")


class Side(Enum):
    """Which part of a line keeps its place when its length changes."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True)
class Room:
    """What a line may take: from ``left`` to ``right``; ``column`` is where its paragraph ends."""

    side: Side
    left: float
    right: float
    column: float | None = None
    justified: bool = False


@dataclass(frozen=True)
class TooWide:
    """What the words or the line would need, and the room there is."""

    needed: float
    room: float


@dataclass(frozen=True)
class Plan:
    """First head, words and tail are moved, then everything (or the words alone) is scaled about ``anchor``.

    ``scale`` < 1 makes the glyphs narrower too; > 1 only puts them further apart.
    """

    head: float = 0.0
    words: float = 0.0
    tail: float = 0.0
    anchor: float = 0.0
    scale: float = 1.0
    words_only: bool = True
    past_column: float = 0.0

    @property
    def squeezed(self) -> int:
        """By how many per cent letters become narrower."""
        return max(0, round((1 - self.scale) * 100))


@dataclass(frozen=True)
class Stretch:
    """A line, the old words on it, and how wide the new ones are by nature."""

    start: float
    end: float
    old_start: float
    old_end: float
    new_width: float

    @property
    def old_width(self) -> float:
        return self.old_end - self.old_start

    @property
    def has_tail(self) -> bool:
        return self.end - self.old_end > EDGE / 3


def plan(line: Stretch, room: Room, setting: Setting) -> Plan | TooWide:
    """Where everything goes; TooWide when the setting does not allow it."""
    if setting is not Setting.LINE:
        kept = _keep(line, room)
        if setting is Setting.KEEP or isinstance(kept, Plan):
            return kept
    return _set_anew(line, room)


def _keep(line: Stretch, room: Room) -> Plan | TooWide:
    old, new = line.old_width, line.new_width
    if new == 0:
        return Plan()
    if abs(new - old) > TOLERANCE * old:
        return TooWide(new, old * (1 + TOLERANCE))
    loose = new < old and not line.has_tail and room.side is Side.LEFT
    return Plan(anchor=line.old_start, scale=1.0 if loose else old / new)


def _set_anew(line: Stretch, room: Room) -> Plan | TooWide:
    grows = line.new_width - line.old_width
    length = line.end - line.start + grows
    shift = -grows * room.side.value
    start = line.start + shift
    plan = Plan(head=shift, words=shift, tail=shift + grows, anchor=start, words_only=False)
    column = room.column if room.side is Side.LEFT else None
    if room.justified and column is not None and length > 0:
        scale = (column - start) / length
        if 1 / (1 + TOLERANCE) <= scale <= 1 + TOLERANCE:
            return _scaled(plan, scale)
    if column is not None and start + length > column + EDGE:
        scale = (column - start) / length
        if scale >= 1 / (1 + TOLERANCE):
            return _scaled(plan, scale)
    if start >= room.left and start + length <= room.right:
        return Plan(plan.head, plan.words, plan.tail, start, 1.0, False, _past(start + length, column))
    available = _available(line, room)
    if length and available / length >= 1 / (1 + TOLERANCE):
        scale = min(1.0, available / length)
        # As near to where it belongs as the edges allow.
        begin = min(
            max(start + (length - length * scale) * room.side.value, room.left), room.right - length * scale
        )
        by, past = begin - start, _past(begin + length * scale, column)
        return Plan(plan.head + by, plan.words + by, plan.tail + by, begin, scale, False, past)
    return TooWide(length, max(0.0, available))


def _past(end: float, column: float | None) -> float:
    return max(0.0, end - column - EDGE) if column is not None else 0.0


def _available(line: Stretch, room: Room) -> float:
    match room.side:
        case Side.LEFT:
            return room.right - line.start
        case Side.RIGHT:
            return line.end - room.left
        case Side.CENTRE:
            return room.right - room.left


def _scaled(plan: Plan, scale: float) -> Plan:
    return Plan(plan.head, plan.words, plan.tail, plan.anchor, scale, words_only=False)


@dataclass(frozen=True)
class Part:
    """What is set together on a line: a cell of a table, or the whole line. Box in 1/100 point."""

    box: Rect
    text: str
    block: int
    line: int

    @property
    def is_figure(self) -> bool:
        return set(self.text.strip()) <= FIGURE

    @property
    def height(self) -> int:
        return self.box.y1 - self.box.y0


def parts_near(page: PageText, own: Part, rulings: Sequence[Rect]) -> list[Part]:
    """The level parts of the page within some lines of ``own``, and of its line what stands beside it."""
    found = []
    for number, line in enumerate(page.lines):
        hull = line.hull()
        if not line.is_level or max(hull.y0 - own.box.y1, own.box.y0 - hull.y1) > NEAR_LINES * own.height:
            continue
        for part in line_parts(line, number, rulings):
            overlaps = part.line == own.line and part.box.x0 < own.box.x1 and own.box.x0 < part.box.x1
            if not overlaps:
                found.append(part)
    return found


def line_parts(line: TextLine, number: int, rulings: Sequence[Rect]) -> list[Part]:
    """A line, parted at wide gaps and where a drawn edge stands between letters."""
    hull = line.hull()
    edges = upright_edges(rulings, hull)
    inked = [at for at, sign in enumerate(line.text) if not sign.isspace()]
    # MuPDF begins what goes on in another font with a space of its own, back over what stands before.
    parts, start = [], inked[0] if inked else 0
    for former, at in pairwise(inked):
        if breaks_between(line, former, at, edges, WIDE if at - former == 1 else WIDE_BY_SPACE):
            parts.append((start, former + 1))
            start = at
    parts.append((start, len(line.text)))
    return [Part(line.hull(a, b), line.text[a:b], line.block, number) for a, b in parts]


def breaks_between(line: TextLine, former: int, at: int, edges: Sequence[int], widest: float) -> bool:
    """Whether two inked characters of a level line are set apart: a gap of ``widest`` heights, or an edge."""
    one, other = line.box(former), line.box(at)
    height = one.y1 - one.y0
    gap = other.x0 - one.x1
    if gap < -height or gap > widest * height:
        return True
    return gap > 0 and has_between(edges, one.x1 - 30, other.x0 + 30)


def upright_edges(rulings: Sequence[Rect], hull: Rect) -> list[int]:
    """Where drawn edges cross the middle of a line, in order."""
    low, high = (3 * hull.y0 + hull.y1) // 4, (hull.y0 + 3 * hull.y1) // 4
    return sorted({x for each in rulings if each.y0 <= low and each.y1 >= high for x in (each.x0, each.x1)})


def is_in_cells(boxes: Sequence[Rect], rulings: Sequence[Rect]) -> bool:
    """Whether level characters, in the order of reading, stand in cells beside each other."""
    known: dict[tuple[int, int], list[int]] = {}
    for one, other in pairwise(boxes):
        left, right = sorted((one, other), key=lambda box: box.x0)
        high, beside = one.y1 - one.y0, min(one.y1, other.y1) - max(one.y0, other.y0)
        if beside <= high / 2 or right.x0 - left.x1 <= high / 8:
            continue
        row = one.y0, one.y1
        if row not in known:
            known[row] = _borders(one, rulings)
        if has_between(known[row], left.x1 - 30, right.x0 + 30):
            return True
    return False


def _borders(hull: Rect, rulings: Sequence[Rect]) -> list[int]:
    """Where cells meet on a line, in order: at a drawn upright line, or where one box ends and another
    begins. One box alone may be a colour behind some words."""
    low, high = (3 * hull.y0 + hull.y1) // 4, (hull.y0 + 3 * hull.y1) // 4
    across = [each for each in rulings if each.y0 <= low and each.y1 >= high]
    lines = [(each.x0 + each.x1) // 2 for each in across if each.x1 - each.x0 <= THIN]
    boxes = [each for each in across if each.x1 - each.x0 > THIN]
    begins, near = sorted(each.x0 for each in boxes), round(100 * EDGE)
    meets = (each.x1 for each in boxes if has_between(begins, each.x1 - near, each.x1 + near))
    return sorted({*lines, *meets})


def has_between(places: Sequence[int], low: int, high: int) -> bool:
    """Whether one of them, in order, lies there."""
    first = bisect_left(places, low)
    return first < len(places) and places[first] <= high


def room_of(own: Part, others: Sequence[Part], width: float, rulings: Sequence[Rect]) -> Room:
    """The room of a level part on a page ``width`` points wide; ``rulings`` are boxes of drawn shapes."""
    limits, ruled = _limits(own, others, width, _without_own_ground(own.box, rulings))
    mates = [each for each in others if _is_mate(own, each)]
    side = _side(own, others, ruled, limits, width)
    column = max((each.box.x1 for each in mates), default=0) / 100
    end = own.box.x1 / 100
    in_paragraph = bool(mates) and side is Side.LEFT
    full = sum(abs(each.box.x1 / 100 - column) < EDGE for each in mates)
    return Room(
        side=side,
        left=limits[0],
        right=limits[1],
        column=max(column, end) if in_paragraph else None,
        justified=in_paragraph and full >= 2 and abs(end - column) < EDGE,
    )


def _without_own_ground(hull: Rect, rulings: Sequence[Rect]) -> list[Rect]:
    """Without the ground that some programs draw once more right behind the words of a coloured cell."""
    near, high = round(100 * EDGE), hull.y1 - hull.y0
    in_a_cell = any(
        each.x0 < hull.x0 - near
        and each.x1 >= hull.x1
        and each.y0 <= hull.y0 + near
        and each.y1 >= hull.y1 - near
        and each.y1 - each.y0 <= 3 * high
        for each in rulings
    )

    def is_ground(each: Rect) -> bool:
        return abs(each.x0 - hull.x0) <= near and abs(each.x1 - hull.x1) <= near and each.y1 - each.y0 > near

    return [each for each in rulings if not (in_a_cell and is_ground(each))]


def _is_mate(own: Part, other: Part) -> bool:
    """Whether two lines are of one paragraph: begin at one edge, the same size, next to each other."""
    one, two = own.box, other.box
    near = max(one.y0, two.y0) - min(one.y1, two.y1) < 1.2 * own.height
    beside = min(one.y1, two.y1) - max(one.y0, two.y0) > own.height / 2
    alike = abs(other.height - own.height) < own.height / 5
    begins = own.block == other.block or abs(one.x0 - two.x0) < 100 * EDGE
    return near and alike and begins and not beside and not (own.is_figure and other.is_figure)


def _limits(
    own: Part, others: Sequence[Part], width: float, rulings: Sequence[Rect]
) -> tuple[tuple[float, float], tuple[bool, bool]]:
    """How far to the left and right nothing else stands, and whether a drawn edge is what stands there."""
    hull = own.box
    low, high = (3 * hull.y0 + hull.y1) // 4, (hull.y0 + 3 * hull.y1) // 4
    left = min(100 * BLEED, hull.x0)
    right = max(round(100 * (width - BLEED)), hull.x1)
    words = [other.box for other in others if other.box.y1 > low and other.box.y0 < high]
    # Dashes that lead there, drawn and not written.
    lowest = hull.y1 - (hull.y1 - hull.y0) // 8
    dashes = [
        each for each in rulings if each.y1 - each.y0 <= THIN and low <= (each.y0 + each.y1) // 2 <= lowest
    ]
    for box in (*words, *dashes):
        if box.x0 >= hull.x1 - 50:
            right = min(right, box.x0)
        elif box.x1 <= hull.x0 + 50:
            left = max(left, box.x1)
    edges = upright_edges(rulings, hull)
    after = [edge for edge in edges if hull.x1 - 50 <= edge <= right]
    before = [edge for edge in edges if left <= edge <= hull.x0 + 50]
    # Where it stands it may stay, also right at an edge.
    ends = (
        min((before[-1] if before else left) / 100 + CLEARANCE, hull.x0 / 100),
        max((after[0] if after else right) / 100 - CLEARANCE, hull.x1 / 100),
    )
    return ends, (bool(before), bool(after))


def _is_indented(hull: Rect, other: Rect) -> bool:
    """Whether of two long lines one is the first of a paragraph, a few letters further in, or out."""
    high = hull.y1 - hull.y0
    shorter = min(hull.x1 - hull.x0, other.x1 - other.x0)
    return shorter > LONG * high and abs(hull.x0 - other.x0) <= INDENT * high


def _side(
    own: Part, others: Sequence[Part], ruled: tuple[bool, bool], limits: tuple[float, float], width: float
) -> Side:
    """Which edge it shares with lines above and below; else how it stands in its cell or on its page."""
    counts = dict.fromkeys(Side, 0)
    hull, figures = own.box, 0
    for other in others:
        box = other.box
        if other.line == own.line or box.x1 < hull.x0 or box.x0 > hull.x1:
            continue
        figures += own.is_figure and other.is_figure and abs(box.x1 - hull.x1) < 100 * EDGE
        if abs((box.x1 - box.x0) - (hull.x1 - hull.x0)) < 100 * APART:
            continue
        ends_alike = abs(box.x1 - hull.x1) < 100 * EDGE
        indented = ends_alike and _is_indented(hull, box)
        counts[Side.LEFT] += indented or abs(box.x0 - hull.x0) < 100 * EDGE
        counts[Side.RIGHT] += ends_alike and not indented
        counts[Side.CENTRE] += abs(box.x0 + box.x1 - hull.x0 - hull.x1) < 100 * EDGE
    best = max(counts, key=lambda side: counts[side])
    before, after = hull.x0 / 100 - limits[0], limits[1] - hull.x1 / 100
    near = max(EDGE, min(before, after) / 10)
    in_the_middle = all(ruled) and abs(before - after) < near and before > APART
    if counts[best] > counts[Side.LEFT]:
        # One other line that ends there may do so by chance.
        return Side.CENTRE if in_the_middle and counts[best] == 1 else best
    if counts[Side.LEFT]:
        return Side.LEFT
    if figures:
        return Side.RIGHT
    if in_the_middle:
        return Side.CENTRE
    if all(ruled) and after < before / 2 and after < 8:
        return Side.RIGHT
    on_page = abs((hull.x0 + hull.x1) / 200 - width / 2) < EDGE
    return Side.CENTRE if on_page and before > 50 else Side.LEFT
