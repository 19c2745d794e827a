"""A note in place of an edit: what it looks like on the page. Pure; page space."""

from __future__ import annotations

from msgspec.structs import replace

from pageview.marks_at import words_box
from protocol.corrections import Correction
from protocol.ink import Colour, Mark, Pen, Stroke, Tool, Words, packed
from protocol.values import EditionPage, Rect

STRIKE = 150
LEAST, MOST = 700, 2_400
SMALLEST = 100
SHARE = 0.8
GAP = 150
LINE = 1.4
WIDE_IN_SIGNS = 6
"""At least so many signs of a note stand side by side."""


def note_marks(correction: Correction, new: str, page: EditionPage) -> tuple[Mark, ...]:
    """Lines through the old words, and new ones, if any, above them, or beside where they run downwards."""
    struck = tuple(_strike(box) for box in correction.places)
    if not new:
        return struck
    first = correction.places[0]
    size = min(MOST, max(LEAST, round(min(first.x1 - first.x0, first.y1 - first.y0) * SHARE)))
    high, least = round(size * LINE), WIDE_IN_SIGNS * size
    if _is_upright(first):
        right = first.x1 + GAP + least <= page.width
        left = first.x1 + GAP if right else max(0, first.x0 - GAP - least)
        return (*struck, _within(Words(False, Colour.RED, size, left, first.y0, least, new), page))
    left = max(0, min(first.x0, page.width - least))
    room = page.width - left
    lines = -(-len(new) * size // room)
    top = first.y0 - lines * high
    if top < 0:
        top = max(0, min(correction.places[-1].y1 + GAP, page.height - lines * high))
    return (*struck, _within(Words(False, Colour.RED, size, left, top, room, new), page))


def _within(words: Words, page: EditionPage) -> Words:
    """The same further up, and then wider and smaller, until all of it is on the page."""
    while (box := words_box(words)).y1 > page.height:
        top = max(0, page.height - (box.y1 - box.y0))
        if top or words.size <= SMALLEST:
            return replace(words, y=top)
        size = max(SMALLEST, words.size * 9 // 10)
        words = replace(words, x=0, y=0, width=page.width, size=size)
    return words


def _strike(box: Rect) -> Stroke:
    pen = Pen(Tool.PEN, Colour.RED, STRIKE)
    if _is_upright(box):
        middle = (box.x0 + box.x1) // 2
        return Stroke(pen, middle, box.y0, packed([middle, middle], [box.y0, box.y1]))
    middle = (box.y0 + box.y1) // 2
    return Stroke(pen, box.x0, middle, packed([box.x0, box.x1], [middle, middle]))


def _is_upright(box: Rect) -> bool:
    return box.y1 - box.y0 > 2 * (box.x1 - box.x0)
