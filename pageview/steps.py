"""The readable parts of a page: which Views a page is shown in, what comes after each, and their names.

A portrait page shown whole is too small to read from the back seats, so it opens in halves or thirds that
start and end between lines of text. Steps are computed once, by the presenter's program, for the first room's
glass, and travel as Views.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from pageview.geometry import covers, page_rect
from pageview.wording import say
from protocol.values import EditionPage, Rect, View

RAIL_SHARE: Final = 0.10
"""The part of a wall's width that a stepped page leaves to the rail (192 of 1920)."""
OVERLAP_MOST: Final = 0.40
STEPS_MOST: Final = 16
USUAL_ASPECT: Final = 16 / 9

_SHRINK: Final = 1.08  # text may get so much smaller before a page takes one step more
_USUAL_SHAPE: Final = 1.75  # height / width up to which a page has three steps at most: they have names
_SCANNED_LINE: Final = 0.025  # of the page's height, where no line is known
_TOUCHING: Final = 0.35  # lines of one column whose boxes overlap by less than this are still two lines
_UPPER_PART: Final = 0.85
_ONE_LINE: Final = 0.9  # from gap to gap, a little less than the distance of lines holds a whole line
_PAD: Final = 100
_SAME: Final = 100
_ROWS_MOST: Final = 300  # more different heights than text has: a map, or a plan
_CANDIDATES: Final = 8
_ATTEMPTS: Final = 13  # each a quarter of a line higher than the last

StepsOf = Callable[[int], tuple[View, ...]]
Neighbour = Callable[[int, int], int | None]


@dataclass(frozen=True, slots=True)
class _Cut:
    """Heights at which the page may be parted; ``cost`` is 0 between lines, else how much is cut."""

    low: float
    high: float
    cost: float = 0.0

    def nearest(self, y: float) -> float:
        return min(max(y, self.low), self.high)


def whole(page: EditionPage) -> View:
    """The page shown whole (全体)."""
    return View(page.page_id, page_rect(page))


def steps(page: EditionPage, aspect: float = USUAL_ASPECT, lines: Sequence[Rect] = ()) -> tuple[View, ...]:
    """The Views that a page is read in, top to bottom; one whole View for a landscape page.

    ``aspect`` is width / height of the first room's glass; ``lines`` are the boxes of the text lines in page
    space, none for a scanned page. Neighbouring steps share at least one line and at most 40 % of a step.
    """
    room = page.width / (aspect * (1 - RAIL_SHARE))
    if page.width >= page.height or page.height <= room * _SHRINK:
        return (whole(page),)
    lines = _rows(lines)
    line = _line_distance(page.height, lines)
    cuts = _cuts(page.height, lines)
    count, tallest = _division(page, room, line)
    even = _even(page.height, count, tallest)
    parts = next(
        (
            parts
            for more in range(_ATTEMPTS)
            if _read_on(parts := _parts(page.height, count, tallest + more * line / 4, line, cuts), line)
        ),
        even,
    )
    return tuple(
        View(page.page_id, Rect(0, round(top), page.width, round(bottom)), step, count)
        for step, (top, bottom) in enumerate(parts)
    )


def label(view: View) -> str:
    """The step's name for people; "" for a page shown whole or freely zoomed."""
    if view.steps == 1:
        return ""
    if view.steps == 2:
        return (say("上半分"), say("下半分"))[min(view.step, 1)]
    if view.steps == 3:
        return (say("上段"), say("中段"), say("下段"))[min(view.step, 2)]
    return say("上から{n}番目", n=view.step + 1)


def following(view: View, steps_of: StepsOf, neighbour: Neighbour) -> View | None:
    """What → shows after ``view``: the next step, then the next page's first; None at the very end."""
    own = steps_of(view.page_id)
    if view.steps == len(own) > 1:
        if view.step + 1 < len(own):
            return own[view.step + 1]
    elif len(own) > 1 and not _shows_all(view, own):
        for step in own:
            if step.rect.y1 > view.rect.y1:
                return step
    return turned(view, 1, steps_of, neighbour)


def preceding(view: View, steps_of: StepsOf, neighbour: Neighbour) -> View | None:
    """What ← shows: the former step, then the former page's last; None at the very beginning."""
    own = steps_of(view.page_id)
    if view.steps == len(own) > 1:
        if view.step > 0:
            return own[view.step - 1]
    elif len(own) > 1 and not _shows_all(view, own):
        for step in reversed(own):
            if step.rect.y0 < view.rect.y0:
                return step
    former = neighbour(view.page_id, -1)
    return None if former is None else steps_of(former)[-1]


def turned(view: View, by: int, steps_of: StepsOf, neighbour: Neighbour) -> View | None:
    """The first step of the page ``by`` pages away (Shift+→ is 1); None past the ends."""
    page_id = neighbour(view.page_id, by)
    return None if page_id is None else steps_of(page_id)[0]


def _shows_all(view: View, own: tuple[View, ...]) -> bool:
    return covers(view.rect, own[0].rect) and covers(view.rect, own[-1].rect)


def _rows(lines: Sequence[Rect]) -> list[Rect]:
    """Boxes of one height on the page as one (the cells of a table's row); none where all is a thicket."""
    rows: dict[tuple[int, int], Rect] = {}
    for box in lines:
        key = (box.y0 // _SAME, box.y1 // _SAME)
        row = rows.get(key, box)
        rows[key] = Rect(min(row.x0, box.x0), min(row.y0, box.y0), max(row.x1, box.x1), max(row.y1, box.y1))
    return list(rows.values()) if len(rows) <= _ROWS_MOST else []


def _line_distance(height: int, lines: Sequence[Rect]) -> float:
    """From one line to the next, as most of the page has it."""
    least = median(box.y1 - box.y0 for box in lines) / 2 if lines else 0.0
    middles = sorted((box.y0 + box.y1) / 2 for box in lines)
    distances = [later - former for former, later in pairwise(middles) if later - former > least]
    if not distances:
        return height * _SCANNED_LINE
    return min(max(median(distances), height / 300), height / 20)


def _read_on(parts: Sequence[tuple[float, float]], line: float) -> bool:
    """Whether each step goes on below the one before it, and begins with a line that that one ended with."""
    return all(
        former[0] < later[0] and former[1] < later[1] and former[1] - later[0] >= line * _ONE_LINE
        for former, later in pairwise(parts)
    )


def _even(height: int, count: int, tallest: float) -> list[tuple[float, float]]:
    """Steps of one size, wherever the lines are: for pages that no line will part."""
    spacing = (height - tallest) / (count - 1)
    return [(step * spacing, step * spacing + tallest) for step in range(count)]


def _division(page: EditionPage, room: float, line: float) -> tuple[int, float]:
    """How many steps, and how high the highest may be (1/100 point)."""
    most = 3 if page.height <= page.width * _USUAL_SHAPE else STEPS_MOST
    for count in range(2, most + 1):
        least = (page.height + (count - 1) * line) / count
        if least <= room * _SHRINK or count == most:
            break
    widest_overlap = page.height / (count - (count - 1) * OVERLAP_MOST)
    return count, max(least, min(room, widest_overlap))


def _cuts(height: int, lines: Sequence[Rect]) -> list[_Cut]:
    """Where the page may be parted, top to bottom: gaps free of text, and line edges in solid text."""
    cuts: list[_Cut] = []
    end = 0.0
    band: list[Rect] = []
    for box in _apart(lines):
        if band and box.y0 < end:
            band.append(box)
        else:
            cuts += _inside(band, height)
            cuts.append(_gap(end, box.y0))
            band = [box]
        end = max(end, box.y1)
    return [*cuts, *_inside(band, height), _gap(end, height)]


def _apart(lines: Sequence[Rect]) -> list[Rect]:
    """The boxes from top to bottom, without what lines of one column share only because a font says so.

    Fonts reserve more above a line than below it: of what two boxes share, most belongs to the upper line.
    """
    boxes = sorted(lines, key=lambda box: (box.y0, box.y1))
    tops, ends = [box.y0 for box in boxes], [box.y1 for box in boxes]
    for n, upper in enumerate(boxes):
        for m in range(n + 1, len(boxes)):
            lower = boxes[m]
            shared = upper.y1 - lower.y0
            if shared <= 0:
                break
            least = min(upper.y1 - upper.y0, lower.y1 - lower.y0)
            if shared <= _TOUCHING * least and upper.x0 < lower.x1 and lower.x0 < upper.x1:
                edge = lower.y0 + round(shared * _UPPER_PART)
                tops[m], ends[n] = max(tops[m], edge), min(ends[n], edge)
    trimmed = zip(boxes, tops, ends, strict=True)
    return sorted((Rect(box.x0, top, box.x1, end) for box, top, end in trimmed), key=lambda box: box.y0)


def _gap(end: float, start: float) -> _Cut:
    if start <= end:
        middle = (start + end) / 2
        return _Cut(middle, middle)
    pad = min(_PAD, (start - end) / 4)
    return _Cut(end + pad, start - pad)


def _inside(band: Sequence[Rect], height: int) -> list[_Cut]:
    """Cuts through text that has no free gap (columns out of step), each with what it costs."""
    if len(band) < 2:
        return []
    found = []
    for y in sorted({edge for box in band for edge in (box.y0, box.y1)})[1:-1]:
        crossed = sum(box.y1 - box.y0 for box in band if box.y0 < y < box.y1)
        found.append(_Cut(y, y, float(min(crossed, height))))
    return found


def _parts(
    height: int, count: int, tallest: float, line: float, cuts: list[_Cut]
) -> list[tuple[float, float]]:
    """``count`` spans (top, bottom) that cover the page, in order."""
    edge_top, edge_bottom = _Cut(0.0, 0.0), _Cut(float(height), float(height))
    spacing = (height - tallest) / (count - 1)
    first = _best(0.0, tallest, [edge_top], cuts, None, line)
    last = _best(height - tallest, tallest, cuts, [edge_bottom], None, line)
    parts = [first]
    for step in range(1, count - 1):
        later = last if step == count - 2 else None
        parts.append(_best(step * spacing, tallest, cuts, cuts, (parts[-1], later), line))
    return [*parts, last]


def _best(
    ideal: float,
    tallest: float,
    starts: Sequence[_Cut],
    ends: Sequence[_Cut],
    beside: tuple[tuple[float, float], tuple[float, float] | None] | None,
    line: float,
) -> tuple[float, float]:
    """The span near ``ideal`` that fills ``tallest`` best without cutting a line."""
    best: tuple[float, float] = (ideal, ideal + tallest)
    best_loss = float("inf")
    for start in _near(starts, ideal):
        for end in _near(ends, ideal + tallest):
            least, most = end.low - start.high, end.high - start.low
            if least > tallest or most <= 0:
                continue
            length = min(tallest, most)
            top = min(max(ideal, start.low, end.low - length), start.high, end.high - length)
            span = (top, top + length)
            loss = tallest - length + abs(top - ideal) / 2 + 4 * (start.cost + end.cost)
            loss += 8 * _mismatch(span, beside, tallest, line)
            if loss < best_loss:
                best, best_loss = span, loss
    return best


def _near(cuts: Sequence[_Cut], y: float) -> list[_Cut]:
    """The cuts nearest to ``y``; free gaps are not crowded out by the many edges inside solid text."""

    def distance(cut: _Cut) -> float:
        return abs(cut.nearest(y) - y)

    free = sorted((cut for cut in cuts if not cut.cost), key=distance)[:_CANDIDATES]
    return free + sorted((cut for cut in cuts if cut.cost), key=distance)[:_CANDIDATES]


def _mismatch(
    span: tuple[float, float],
    beside: tuple[tuple[float, float], tuple[float, float] | None] | None,
    tallest: float,
    line: float,
) -> float:
    """By how much the overlaps with the steps before and after leave one line … 40 %."""
    if beside is None:
        return 0.0
    before, after = beside
    overlaps = [before[1] - span[0]] + ([span[1] - after[0]] if after else [])
    most = OVERLAP_MOST * tallest
    return sum(max(0.0, line - shared) + max(0.0, shared - most) for shared in overlaps)
