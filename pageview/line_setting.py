"""Where the glyphs of a line go when some of its words become wider or narrower. Pure; lengths in points.

Nothing flows to another line: words are fitted into the place of the old ones, or the line is set anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pageview.page_edits import TOLERANCE, Setting
from pageview.page_text import PageText, TextLine
from protocol.values import Rect

EDGE = 1.5
"""Edges this near to each other are meant to be one."""
APART = 3.0
CLEARANCE = 1.0
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
    def has_head(self) -> bool:
        return self.old_start - self.start > EDGE / 3

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
        past = max(0.0, start + length - column - EDGE) if column is not None else 0.0
        return Plan(plan.head, plan.words, plan.tail, start, 1.0, False, past)
    available = _available(line, room)
    if length and available / length >= 1 / (1 + TOLERANCE):
        scale = min(1.0, available / length)
        # As near to where it belongs as the edges allow.
        begin = min(
            max(start + (length - length * scale) * room.side.value, room.left), room.right - length * scale
        )
        by = begin - start
        return Plan(plan.head + by, plan.words + by, plan.tail + by, begin, scale, False)
    return TooWide(length, max(0.0, available))


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


def room_of(page: PageText, number: int, width: float, rulings: Sequence[Rect]) -> Room:
    """The room of a level line on a page ``width`` points wide; ``rulings`` are the edges of drawn shapes."""
    line = page.lines[number]
    hull = line.hull()
    left, right, ruled = _limits(page, number, width, rulings)
    mates = [each for each in page.lines if each is not line and each.is_level and _is_mate(line, each)]
    side = _side(line, hull, page, ruled, (left, right), width)
    column = max((each.hull().x1 for each in mates), default=0) / 100
    own = hull.x1 / 100
    in_paragraph = bool(mates)
    full = sum(abs(each.hull().x1 / 100 - column) < EDGE for each in mates)
    return Room(
        side=side,
        left=left,
        right=right,
        column=max(column, own) if in_paragraph and side is Side.LEFT else None,
        justified=in_paragraph and side is Side.LEFT and full >= 2 and abs(own - column) < EDGE,
    )


def _is_mate(line: TextLine, other: TextLine) -> bool:
    """Whether two lines are of one paragraph: begin at one edge, the same size, next to each other."""
    one, two = line.hull(), other.hull()
    height = one.y1 - one.y0
    near = max(one.y0, two.y0) - min(one.y1, two.y1) < 1.2 * height
    beside = min(one.y1, two.y1) - max(one.y0, two.y0) > height / 2
    alike = abs((two.y1 - two.y0) - height) < height / 5
    begins = line.block == other.block or abs(one.x0 - two.x0) < 100 * EDGE
    return near and alike and begins and not beside


def _limits(
    page: PageText, number: int, width: float, rulings: Sequence[Rect]
) -> tuple[float, float, tuple[bool, bool]]:
    """How far to the left and right nothing else stands, and whether a drawn edge is what stands there."""
    hull = page.lines[number].hull()
    band = ((3 * hull.y0 + hull.y1) // 4, (hull.y0 + 3 * hull.y1) // 4)
    left, right = 0, round(100 * width)
    left_ruled = right_ruled = False
    for other, line in enumerate(page.lines):
        box = line.hull()
        if other == number or box.y1 <= band[0] or box.y0 >= band[1]:
            continue
        for at, sign in enumerate(line.text):
            if sign.isspace():
                continue
            each = line.box(at)
            if each.x0 >= hull.x1 - 50:
                right = min(right, each.x0)
            elif each.x1 <= hull.x0 + 50:
                left = max(left, each.x1)
    for ruling in rulings:
        if ruling.y0 > band[0] or ruling.y1 < band[1]:
            continue
        for edge in (ruling.x0, ruling.x1):
            if hull.x1 - 50 <= edge <= right:
                right, right_ruled = edge, True
            elif left <= edge <= hull.x0 + 50:
                left, left_ruled = edge, True
    return left / 100 + CLEARANCE, right / 100 - CLEARANCE, (left_ruled, right_ruled)


def _side(
    line: TextLine,
    hull: Rect,
    page: PageText,
    ruled: tuple[bool, bool],
    limits: tuple[float, float],
    width: float,
) -> Side:
    """Which edge it shares with lines above and below; else how it stands in its cell or on its page."""
    counts = {Side.LEFT: 0, Side.RIGHT: 0, Side.CENTRE: 0}
    height, figures = hull.y1 - hull.y0, 0
    for other in page.lines:
        box = other.hull()
        if other is line or not other.is_level or box.x1 < hull.x0 or box.x0 > hull.x1:
            continue
        figures += _is_figure(line) and _is_figure(other) and abs(box.x1 - hull.x1) < 100 * EDGE
        if abs(box.y0 - hull.y0) > 8 * height or abs((box.x1 - box.x0) - (hull.x1 - hull.x0)) < 100 * APART:
            continue
        counts[Side.LEFT] += abs(box.x0 - hull.x0) < 100 * EDGE
        counts[Side.RIGHT] += abs(box.x1 - hull.x1) < 100 * EDGE
        counts[Side.CENTRE] += abs(box.x0 + box.x1 - hull.x0 - hull.x1) < 100 * EDGE
    best = max(counts, key=lambda side: counts[side])
    if counts[best] > counts[Side.LEFT]:
        return best
    if counts[Side.LEFT]:
        return Side.LEFT
    if figures:
        return Side.RIGHT
    before, after = hull.x0 / 100 - limits[0], limits[1] - hull.x1 / 100
    if all(ruled):
        if abs(before - after) < EDGE and before > APART:
            return Side.CENTRE
        if after < before / 2 and after < 8:
            return Side.RIGHT
    on_page = abs((hull.x0 + hull.x1) / 200 - width / 2) < EDGE
    return Side.CENTRE if on_page and hull.x0 > 5_000 else Side.LEFT


def _is_figure(line: TextLine) -> bool:
    return set(line.text.strip()) <= FIGURE
