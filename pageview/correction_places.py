"""Where the words of a correction stand: found by what was selected, and found again later. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from pageview.line_setting import Part, line_parts, parts_near, room_of
from pageview.page_text import PageText, TextLine, TextRange
from pageview.text_selection import Selection
from protocol.corrections import Line, free_item
from protocol.model import Briefing
from protocol.ops import OpenCorrection
from protocol.texts import cleaned
from protocol.values import PageId, PeerId, Rect

BEFORE_LIMIT = 2_000
PLACES = 64


def opening(
    briefing: Briefing, page_id: PageId, selection: Selection, author: PeerId, when: int
) -> OpenCorrection | None:
    """A correction of these words, whose new wording begins with the present one; None without that page."""
    place = briefing.page(page_id)
    if place is None or not selection:
        return None
    paper, _, page = place
    before = cleaned(selection.text)[:BEFORE_LIMIT]
    line = line_of(selection.page, selection.ranges, page.width)
    item = free_item(briefing.items, author)
    return OpenCorrection(
        item, page_id, paper.edition.number, selection.boxes[:PLACES], before, before, when, line
    )


def line_of(page: PageText, ranges: Sequence[TextRange], width: int) -> Line | None:
    """How the last of these words stand on their line; ``width`` of the page in 1/100 point. None for words
    that do not run level: nothing can be set beside them."""
    if not ranges:
        return None
    last = ranges[-1]
    line = page.lines[last.line]
    if not line.is_level or line.vertical:
        return None
    style = page.styles[line.style(last.start)]
    words = line.hull(last.start, last.end)
    own = _part_with(page, last)
    end = _end_of(page, last, own)
    rest = line.hull(last.end, end) if end > last.end else None
    room = room_of(own, parts_near(page, own, ()), width / 100, ())
    baseline = line.origin[1] + line.box(last.start).y0 - line.box(0).y0
    free = round(room.right * 100) - (rest.x1 if rest is not None else words.x1)
    return Line(style.size, baseline, rest, max(0, free))


def ranges_at(page: PageText, places: Sequence[Rect], before: str) -> tuple[TextRange, ...]:
    """The same words, where they were; () when the page has others there."""
    found = []
    for place in places:
        for number, line in enumerate(page.lines):
            inside = [at for at in range(len(line.text)) if _is_at(line, at, place)]
            if inside:
                found.append(TextRange(number, inside[0], inside[-1] + 1))
                break
    ranges = tuple(found)
    return ranges if page.words(ranges) == before else ()


def new_places(page: PageText, places: Sequence[Rect], words: str) -> tuple[Rect, ...]:
    """Where new words stand that were put in the place of old ones: on the same line, nearest to them; ()
    where they are not found in one piece."""
    if not places:
        return ()
    wanted, first = "".join(words.split()), places[0]
    found = []
    for line in page.lines:
        inked = [at for at, sign in enumerate(line.text) if not sign.isspace()]
        text = "".join(line.text[at] for at in inked)
        start = text.find(wanted) if wanted else -1
        while start >= 0:
            box = line.hull(inked[start], inked[start + len(wanted) - 1] + 1)
            if min(box.y1, first.y1) - max(box.y0, first.y0) > (first.y1 - first.y0) / 2:
                found.append(box)
            start = text.find(wanted, start + 1)
    return tuple(sorted(found, key=lambda box: abs(box.x0 - first.x0))[:1])


def _is_at(line: TextLine, at: int, place: Rect) -> bool:
    """Whether a character has its middle in that part of its line, which the middle of ``place`` crosses."""
    box = line.box(at)
    if line.along[0] == 0:
        x, y = (place.x0 + place.x1) / 2, (box.y0 + box.y1) / 2
        return box.x0 <= x <= box.x1 and place.y0 <= y <= place.y1
    x, y = (box.x0 + box.x1) / 2, (place.y0 + place.y1) / 2
    return box.y0 <= y <= box.y1 and place.x0 <= x <= place.x1


def _part_with(page: PageText, wanted: TextRange) -> Part:
    line = page.lines[wanted.line]
    middle = line.box(wanted.start)
    parts = line_parts(line, wanted.line, ())
    return next(
        (part for part in parts if part.box.x0 <= middle.x0 <= part.box.x1),
        Part(line.hull(), line.text, line.block, wanted.line),
    )


def _end_of(page: PageText, wanted: TextRange, own: Part) -> int:
    """Behind the last character of the words' own part of their line."""
    line = page.lines[wanted.line]
    inside = [at for at in range(len(line.text)) if line.box(at).x0 < own.box.x1]
    return max([wanted.end, *(at + 1 for at in inside if not line.text[at].isspace())])
