"""A note in place of an edit: what it looks like on the page. Pure; page space."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pageview import marks_at
from pageview.anchors import box_around
from pageview.geometry import height_of, overlap, width_of
from pageview.marks_at import ground_box
from protocol.corrections import Correction
from protocol.ink import Colour, Drawn, Mark, MarkId, Pen, Stroke, Tool, Words, packed
from protocol.values import EditionPage, Rect

_STRIKING = Pen(Tool.PEN, Colour.RED, 150)
_LEADING = Pen(Tool.PEN, Colour.RED, 70)
LEAST, MOST = 700, 2_400
SMALLEST = 100
SHARE = 0.8
GAP, EDGE = 150, 400
WIDE = (40, 24, 16, 10, 6)
"""So many signs may stand on a line of a note."""
STEPS = 8
"""So many lines of letters it may stand away from the words."""
FAR, MORE = 0.4, 0.5
"""What a step away weighs, in signs that are covered, and what one more line does."""


def note_marks(
    correction: Correction, new: str, page: EditionPage, taken: Sequence[Rect] = ()
) -> tuple[Mark, ...]:
    """Lines through the old words, and new ones, if any, on a white ground where they cover least of what is
    ``taken`` by other words: above the old ones, or below, or beside."""
    struck = tuple(_strike(box) for box in correction.places)
    if not new or not struck:
        return struck
    first = correction.places[0]
    size = min(MOST, max(LEAST, round(min(first.x1 - first.x0, first.y1 - first.y0) * SHARE)))
    there = _places(correction, new, page, size)
    costs = ((_covered(box, correction.places, taken, size) + far, signs, box) for far, signs, box in there)
    _, signs, box = min(costs, key=lambda each: each[0], default=(0.0, 0, None))
    if box is None:
        return (*struck, _within(_words(new, size, page.width), page))
    words = _words(new, size, signs * size)
    own = ground_box(words)
    words = replace(words, x=box.x0 - own.x0, y=box.y0 - own.y0)
    return (*struck, words, *_leader(box, correction.places, size))


def note_of(correction: Correction, new: str, page: EditionPage, drawn: Sequence[Drawn]) -> tuple[Drawn, ...]:
    """The note of a correction among what is ``drawn`` on the page, where it lies now; as it would be written
    where nobody finds it there."""
    notes = [_with_strokes(each, drawn) for each in drawn if _is_note(each.mark, new)]
    if notes:
        return min(notes, key=lambda note: _apart(marks_at.hull_of(note[0]), correction.places))
    marks = note_marks(correction, new, page)
    first = correction.item * len(marks)
    return tuple(
        Drawn(MarkId(correction.state_by, first + at), mark, correction.edition, correction.state_when)
        for at, mark in enumerate(marks)
    )


def _is_note(mark: Mark, new: str) -> bool:
    return isinstance(mark, Words) and mark.ground and mark.text == new


def _with_strokes(words: Drawn, drawn: Sequence[Drawn]) -> tuple[Drawn, ...]:
    """The lines of a note are those that were drawn with it; the first go through the old words."""
    at = words.id.author, words.when
    lines = [
        each
        for each in drawn
        if isinstance(each.mark, Stroke)
        and each.mark.pen in (_STRIKING, _LEADING)
        and (each.id.author, each.when) == at
    ]
    return (*lines, words)


def _apart(box: Rect, places: Sequence[Rect]) -> int:
    """How far it is from the words of a correction; nothing where those are unknown."""
    if not places:
        return 0
    old = box_around(places)
    x0, x1 = _nearest(box.x0, box.x1, old.x0, old.x1)
    y0, y1 = _nearest(box.y0, box.y1, old.y0, old.y1)
    return abs(x0 - x1) + abs(y0 - y1)


def _places(
    correction: Correction, new: str, page: EditionPage, size: int
) -> Iterator[tuple[float, int, Rect]]:
    """What its distance and its lines weigh, how many signs its lines have, and where on the page a note may
    stand with its ground; what is said first is liked best."""
    first, last = correction.places[0], correction.places[-1]
    longest = max(map(len, new.split("\n")))
    for signs in sorted({min(longest, wide) for wide in WIDE}, reverse=True):
        own = ground_box(_words(new, size, signs * size))
        wide, high = own.x1 - own.x0, own.y1 - own.y0
        more = MORE * high / size
        above = (first.y0 - GAP - high, -size)
        below = (last.y1 + GAP, size)
        beside = (first.y0, size)
        within = [(first.x0, y0, step) for y0, step in (above, below)]
        within += [(last.x1 - wide, y0, step) for y0, step in (above, below)]
        out = [(first.x0 - GAP - wide, *beside), (last.x1 + GAP, *beside)]
        for x, y0, step in within + out[::-1]:
            for far in range(STEPS):
                left, top = max(EDGE, min(x, page.width - EDGE - wide)), y0 + far * step
                if wide <= page.width - 2 * EDGE and EDGE <= top <= page.height - EDGE - high:
                    yield far * FAR + more, signs, Rect(left, top, left + wide, top + high)


def _leader(box: Rect, places: Sequence[Rect], size: int) -> tuple[Mark, ...]:
    """A line from the nearest of the words to a note that stands away from them."""
    ways = [
        (*_nearest(box.x0, box.x1, old.x0, old.x1), *_nearest(box.y0, box.y1, old.y0, old.y1))
        for old in places
    ]
    x0, x1, y0, y1 = min(ways, key=lambda way: abs(way[0] - way[1]) + abs(way[2] - way[3]))
    if max(abs(x0 - x1), abs(y0 - y1)) <= size:
        return ()
    return (_stroke(_LEADING, [x0, x1], [y0, y1]),)


def _nearest(low: int, high: int, first: int, last: int) -> tuple[int, int]:
    """Where one stretch comes nearest to another: the middle of what they share, or their near ends."""
    if high < first:
        return high, first
    if last < low:
        return low, last
    return (middle := (max(low, first) + min(high, last)) // 2), middle


def _covered(box: Rect, own: Sequence[Rect], taken: Sequence[Rect], size: int) -> float:
    """How much of other words it covers, in signs; of those that it is about ten times as much."""
    return (
        sum(_shared(box, each) for each in taken) + 10 * sum(_shared(box, each) for each in own)
    ) / size**2


def _shared(one: Rect, other: Rect) -> int:
    both = overlap(one, other)
    return width_of(both) * height_of(both) if both is not None else 0


def _words(new: str, size: int, width: int) -> Words:
    return Words(False, Colour.RED, size, 0, 0, width, new, ground=True)


def _stroke(pen: Pen, xs: Sequence[int], ys: Sequence[int]) -> Stroke:
    return Stroke(pen, xs[0], ys[0], packed(xs, ys))


def _within(words: Words, page: EditionPage) -> Words:
    """The same further up, and then wider and smaller, until all of it is on the page."""
    while (box := marks_at.words_box(words)).y1 > page.height:
        top = max(0, page.height - (box.y1 - box.y0))
        if top or words.size <= SMALLEST:
            return replace(words, y=top)
        size = max(SMALLEST, words.size * 9 // 10)
        words = replace(words, x=0, y=0, width=page.width, size=size)
    return words


def _strike(box: Rect) -> Stroke:
    if _is_upright(box):
        middle = (box.x0 + box.x1) // 2
        return _stroke(_STRIKING, [middle, middle], [box.y0, box.y1])
    middle = (box.y0 + box.y1) // 2
    return _stroke(_STRIKING, [box.x0, box.x1], [middle, middle])


def _is_upright(box: Rect) -> bool:
    return box.y1 - box.y0 > 2 * (box.x1 - box.x0)
