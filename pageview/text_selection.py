"""Choosing words on a page: by drag, by double-click, by circling them. Pure; page space in and out."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pageview.marks_at import is_inside
from pageview.page_text import MAX_RANGES, PageText, TextLine, TextRange
from protocol.values import Rect

WHOLE = 0.75
"""Of a line's height: so much lies within a ring that goes around it."""


@dataclass(frozen=True)
class Selection:
    """Characters of a page, in reading order; a line at most once."""

    page: PageText
    ranges: tuple[TextRange, ...]

    @property
    def text(self) -> str:
        return self.page.words(self.ranges)

    @property
    def boxes(self) -> tuple[Rect, ...]:
        """What to paint over: one box for each line."""
        return self.page.boxes(self.ranges)

    def __bool__(self) -> bool:
        return bool(self.ranges)


def drag(page: PageText, start: tuple[int, int], end: tuple[int, int]) -> Selection:
    """Everything between two points, as a text field selects: the first and last lines in part."""
    first, last = _caret(page, start), _caret(page, end)
    if first is None or last is None:
        return Selection(page, ())
    (line0, at0), (line1, at1) = sorted((first, last))
    ranges = []
    for number in range(line0, line1 + 1):
        from_ = at0 if number == line0 else 0
        to = at1 if number == line1 else len(page.lines[number].text)
        if from_ < to:
            ranges.append(TextRange(number, from_, to))
    return Selection(page, tuple(ranges[:MAX_RANGES]))


def word(page: PageText, point: tuple[int, int]) -> Selection:
    """The word under a point (double-click): signs of one kind; a figure with its commas and per cent."""
    found = hit(page, point)
    if found is None:
        return Selection(page, ())
    number, at = found
    kinds = _kinds(page.lines[number].text)
    start, end = at, at + 1
    while start and kinds[start - 1] == kinds[at]:
        start -= 1
    while end < len(kinds) and kinds[end] == kinds[at]:
        end += 1
    return Selection(page, (TextRange(number, start, end),))


def line(page: PageText, point: tuple[int, int]) -> Selection:
    """The line under a point (triple click)."""
    found = hit(page, point)
    if found is None:
        return Selection(page, ())
    return Selection(page, (TextRange(found[0], 0, len(page.lines[found[0]].text)),))


def enclosed(page: PageText, rect: Rect) -> Selection:
    """The characters whose middle lies in ``rect``: what was circled. The first to the last of each line."""
    ranges = []
    for number, text_line in enumerate(page.lines):
        if _apart(text_line.hull(), rect):
            continue
        inside = [at for at in range(len(text_line.text)) if _contains(rect, _middle(text_line.box(at)))]
        while inside and text_line.text[inside[0]].isspace():
            inside.pop(0)
        while inside and text_line.text[inside[-1]].isspace():
            inside.pop()
        if inside:
            ranges.append(TextRange(number, inside[0], inside[-1] + 1))
    return Selection(page, tuple(ranges[:MAX_RANGES]))


def circled(page: PageText, ring: Sequence[tuple[float, float]]) -> Selection:
    """What a hand drew a ring around: characters inside it; of a figure or a Western word all or nothing, by
    its greater part, and no line that is cut where another is whole, because a hand's ring cuts into what
    stands beside."""
    ranges, whole = [], []
    xs, ys = [round(x) for x, _ in ring], [round(y) for _, y in ring]
    around = Rect(min(xs), min(ys), max(xs), max(ys))
    for number, text_line in enumerate(page.lines):
        if _apart(text_line.hull(), around):
            continue
        text = text_line.text
        inside = [is_inside(_middle(text_line.box(at)), ring) for at in range(len(text))]
        start = 0
        for end in word_ends(text):
            if _kind(text[start]) == "word":
                most = 2 * sum(inside[start:end]) > end - start
                inside[start:end] = [most] * (end - start)
            start = end
        chosen = [at for at, within in enumerate(inside) if within and not text[at].isspace()]
        if chosen:
            ranges.append(TextRange(number, *_without_ends(text, chosen[0], chosen[-1] + 1)))
            whole.append(_share_within(text_line, ring) >= WHOLE)
    kept = [each for each, is_whole in zip(ranges, whole, strict=True) if is_whole or not any(whole)]
    return Selection(page, tuple(kept[:MAX_RANGES]))


def _share_within(line: TextLine, ring: Sequence[tuple[float, float]]) -> float:
    """How much of a line's height lies between the ends of a ring."""
    hull, across = line.hull(), line.along[0] != 0
    low, high = (hull.y0, hull.y1) if across else (hull.x0, hull.x1)
    places = [point[1] if across else point[0] for point in ring]
    return (min(high, max(places)) - max(low, min(places))) / max(1, high - low)


def _without_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the commas that a ring cuts into at its ends, and brackets whose other half is outside."""
    first, last = start, end
    while first < last and (text[first] in "、。，・" or _is_half(text, first, first, last)):
        first += 1
    while first < last and (text[last - 1] in "、，・" or _is_half(text, last - 1, first, last)):
        last -= 1
    return (first, last) if first < last else (start, end)


def _is_half(text: str, at: int, start: int, end: int) -> bool:
    """Whether there is a bracket whose other half is not within ``start`` to ``end``."""
    kind = unicodedata.category(text[at])
    opened, closed = (
        sum(unicodedata.category(sign) == each for sign in text[start:end]) for each in ("Ps", "Pe")
    )
    return (kind == "Ps" and opened > closed) or (kind == "Pe" and closed > opened)


def hit(page: PageText, point: tuple[int, int]) -> tuple[int, int] | None:
    """(line, character) under a point; None beside all text. The last drawn wins where two lie there."""
    for number in reversed(range(len(page.lines))):
        text_line = page.lines[number]
        if not _contains(text_line.hull(), point):
            continue
        for at in range(len(text_line.text)):
            if _contains(text_line.box(at), point):
                return number, at
    return None


def _caret(page: PageText, point: tuple[int, int]) -> tuple[int, int] | None:
    """(line, place between characters) nearest to a point."""
    if not page.lines:
        return None
    number = min(range(len(page.lines)), key=lambda n: _distance(page.lines[n].hull(), point))
    text_line = page.lines[number]
    along = text_line.along
    spot = _progress(along, point)
    before = sum(_progress(along, _middle(text_line.box(at))) < spot for at in range(len(text_line.text)))
    return number, before


def _kinds(text: str) -> list[int]:
    """For each character the number of the word it belongs to."""
    numbers: list[int] = []
    former = ""
    for at, sign in enumerate(text):
        kind = _kind(sign)
        if kind == "joins":  # 1,234 · 87.0 · 3/4: part of a figure when figures stand on both sides
            beside = text[at - 1 : at] + text[at + 1 : at + 2]
            kind = "word" if len(beside) == 2 and all(_kind(each) == "word" for each in beside) else "sign"
        elif sign in "％%" and former == "word":
            kind = "word"
        starts = not numbers or kind != former or kind == "sign"
        numbers.append((numbers[-1] if numbers else -1) + starts)
        former = kind
    return numbers


def _kind(sign: str) -> str:
    if sign in ",.，．/:'’‐-":
        return "joins"
    if "\u3040" <= sign <= "\u309f":
        return "hiragana"
    if "\u30a0" <= sign <= "\u30ff" or "\uff66" <= sign <= "\uff9f":
        return "katakana"
    if sign in "々〆〇ヶ" or unicodedata.name(sign, "").startswith("CJK"):
        return "kanji"
    return "word" if sign.isalnum() or unicodedata.combining(sign) else "space" if sign.isspace() else "sign"


def word_ends(text: str) -> list[int]:
    """Where each word of a line ends; spaces are words too."""
    kinds = _kinds(text)
    return [at for at in range(1, len(kinds) + 1) if at == len(kinds) or kinds[at] != kinds[at - 1]]


def _progress(along: tuple[int, int], point: tuple[int, int]) -> int:
    return along[0] * point[0] + along[1] * point[1]


def _middle(box: Rect) -> tuple[int, int]:
    return (box.x0 + box.x1) // 2, (box.y0 + box.y1) // 2


def _contains(box: Rect, point: tuple[int, int]) -> bool:
    return box.x0 <= point[0] <= box.x1 and box.y0 <= point[1] <= box.y1


def _apart(one: Rect, other: Rect) -> bool:
    return one.x1 < other.x0 or other.x1 < one.x0 or one.y1 < other.y0 or other.y1 < one.y0


def _distance(box: Rect, point: tuple[int, int]) -> float:
    """How far a point is from a box; a line beside it is nearer than one above."""
    across = max(box.x0 - point[0], point[0] - box.x1, 0)
    down = max(box.y0 - point[1], point[1] - box.y1, 0)
    return across + 4.0 * down
