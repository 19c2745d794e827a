"""What holds ink to the words under it, and where those words stand in a new edition. Pure; page space.

An anchor carries its words and what stands around them, so that neither the old page nor anybody's memory is
needed to find them again. Places are found by content: by runs of four signs, each of which votes for where
the words would be. Where the votes are not clear there is no answer, and the ink goes to the tray.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Annotated

from msgspec import Meta

from pageview.page_text import PageText, TextRange
from pageview.text_selection import enclosed
from protocol.values import Rect, Value

SIDE = 64
"""How many characters an anchor keeps of each: before, the words themselves, after."""
RUN = 4
COMMON = 16
"""A run that stands in more places says nothing of any of them."""
GUESSES = 6
DRIFT = 10
"""How far words may have moved against their surroundings by rewording."""
NEAR = 24
ENOUGH = 8
"""So many runs in and around the words are no chance."""
LEAST = 0.48
CLEAR = 0.12
SAME_SIZE = 0.06

Matrix = tuple[float, float, float, float, float, float]
Context = Annotated[str, Meta(max_length=SIDE)]


class Anchor(Value, frozen=True):
    """``words`` under something and what stands around them, without spaces; ``box`` of the words."""

    before: Context
    words: Context
    after: Context
    box: Rect
    size: Annotated[int, Meta(ge=1, le=10_000_000)]
    """How high a letter is, in 1/100 point."""


@dataclass(frozen=True)
class Placement:
    """Where the words of an anchor are now: number of the page, and from old page space to new."""

    page: int
    matrix: Matrix

    def moved(self, box: Rect) -> Rect:
        """A box of the old page on the new one."""
        a, _, _, d, e, f = self.matrix
        return Rect(*(round(v) for v in (a * box.x0 + e, d * box.y0 + f, a * box.x1 + e, d * box.y1 + f)))


class _Signs:
    """The signs of some pages without spaces, in order, and where each stands."""

    def __init__(self, pages: Iterable[PageText]) -> None:
        self.pages = list(pages)
        self._starts: list[int] = []
        self._lines: list[tuple[int, int, list[int] | None]] = []
        parts: list[str] = []
        count = 0
        for number, page in enumerate(self.pages):
            for row, line in enumerate(page.lines):
                dense = "".join(line.text.split())
                if not dense:
                    continue
                places = None
                if len(dense) != len(line.text):
                    places = [at for at, sign in enumerate(line.text) if not sign.isspace()]
                self._starts.append(count)
                self._lines.append((number, row, places))
                parts.append(dense)
                count += len(dense)
        self.text = "".join(parts)

    def line(self, at: int) -> tuple[int, int, int]:
        """(page, line, character in it) of a sign."""
        found = bisect_right(self._starts, at) - 1
        page, row, places = self._lines[found]
        inside = at - self._starts[found]
        return page, row, inside if places is None else places[inside]

    def index(self, row: int, at: int) -> int:
        """Which sign of the first page the first inked character at or after ``at`` of line ``row`` is."""
        for (_, number, places), start in zip(self._lines, self._starts, strict=True):
            if number == row:
                return start + (at if places is None else sum(place < at for place in places))
        raise IndexError(row)


def anchors_of(page: PageText, boxes: Sequence[Rect]) -> list[Anchor | None]:
    """Of each box the words under it, or those nearest to it; None for a page without words."""
    signs = _Signs([page])
    if not signs.text:
        return [None] * len(boxes)
    return [_anchor(page, signs, box) for box in boxes]


def _anchor(page: PageText, signs: _Signs, box: Rect) -> Anchor:
    ranges = enclosed(page, box).ranges or (_nearest(page, box),)
    start = signs.index(ranges[0].line, ranges[0].start)
    last = ranges[-1]
    end = signs.index(last.line, last.end - 1) + 1
    end = min(max(end, start + 1), start + SIDE)
    row, at = signs.line(end - 1)[1:]
    kept = [part for part in ranges if part.line <= row]
    kept[-1] = TextRange(kept[-1].line, kept[-1].start, max(at + 1, kept[-1].start + 1))
    hulls = page.boxes(tuple(kept))
    return Anchor(
        before=signs.text[max(0, start - SIDE) : start],
        words=signs.text[start:end],
        after=signs.text[end : end + SIDE],
        box=box_around(hulls),
        size=max(1, min(hull.y1 - hull.y0 for hull in hulls)),
    )


def _nearest(page: PageText, box: Rect) -> TextRange:
    """The characters of the nearest line that ``box`` stands beside, above or below."""
    inked = [number for number, line in enumerate(page.lines) if line.text.strip()]
    number = min(inked, key=lambda at: _gap(page.lines[at].hull(), box))
    line = page.lines[number]
    signs = [at for at, sign in enumerate(line.text) if not sign.isspace()]
    beside = [at for at in signs if line.box(at).x0 < box.x1 and box.x0 < line.box(at).x1]
    if not beside:
        nearest = min(signs, key=lambda at: _gap(line.box(at), box))
        place = signs.index(nearest)
        beside = signs[max(0, place - 3) : place + 4]
    return TextRange(number, beside[0], beside[-1] + 1)


def _gap(one: Rect, other: Rect) -> int:
    across = max(one.x0 - other.x1, other.x0 - one.x1, 0)
    down = max(one.y0 - other.y1, other.y0 - one.y1, 0)
    return across + 2 * down


def box_around(boxes: Iterable[Rect]) -> Rect:
    """The box around these; ValueError for none."""
    every = list(boxes)
    return Rect(
        min(box.x0 for box in every),
        min(box.y0 for box in every),
        max(box.x1 for box in every),
        max(box.y1 for box in every),
    )


# --- finding again ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Guess:
    """A place for an anchor: which sign of the new text each sign of the anchor's that was found is."""

    score: float
    pairs: dict[int, int]


class Reanchoring:
    """The pages of a new edition, in which the words of anchors are looked for."""

    def __init__(self, pages: Sequence[PageText]) -> None:
        self._signs = _Signs(pages)
        runs: dict[str, list[int]] = defaultdict(list)
        text = self._signs.text
        for at in range(len(text) - RUN + 1):
            runs[text[at : at + RUN]].append(at)
        self._runs = {run: places for run, places in runs.items() if len(places) <= COMMON}

    def place(self, anchor: Anchor, page: int | None = None) -> Placement | None:
        """Where the words are now; None when nobody can be sure. ``page`` is where they are looked for first.

        That counts only between places that are alike in everything else.
        """
        guesses = sorted(self._guesses(anchor), key=lambda guess: -guess.score)
        if not guesses or guesses[0].score < LEAST:
            return None
        best = guesses[0]
        rivals = [guess for guess in guesses if guess.score > best.score - CLEAR]
        if len(rivals) > 1:
            here = [guess for guess in rivals if self._page(guess) == page]
            if len(here) != 1:
                return None
            best = here[0]
        return self._placement(anchor, best)

    def _guesses(self, anchor: Anchor) -> list[_Guess]:
        text = anchor.before + anchor.words + anchor.after
        low = len(anchor.before)
        high = low + len(anchor.words)
        votes: dict[int, float] = defaultdict(float)
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for at in range(len(text) - RUN + 1):
            places = self._runs.get(text[at : at + RUN])
            if places is None:
                continue
            away = max(low - at - RUN, at - high, 0)
            weight = (3.0 if not away else 1.0 if away < NEAR else 0.4) / len(places)
            for place in places:
                group = (place - at) // DRIFT
                found[group].append((at, place))
                votes[group] += weight
        # A vote near the edge of its group counts for the neighbour's group too.
        most = max(votes.values(), default=0.0)
        likely = [group for group, count in votes.items() if count * 6 > most]
        groups = sorted(likely, key=lambda group: -votes[group] - votes.get(group + 1, 0.0) / 2)
        guesses = []
        taken: list[int] = []
        for group in groups[:GUESSES]:
            if all(abs(group - other) > 1 for other in taken):
                taken.append(group)
                near = sorted(pair for by in (-1, 0, 1) for pair in found.get(group + by, ()))
                guesses.append(_guess(near, low, high, len(text)))
        return guesses

    def _page(self, guess: _Guess) -> int:
        return self._signs.line(next(iter(guess.pairs.values())))[0]

    def _placement(self, anchor: Anchor, guess: _Guess) -> Placement | None:
        low = len(anchor.before)
        high = low + len(anchor.words)
        paired = {at: guess.pairs[at] for at in range(low, high) if at in guess.pairs}
        if not paired:
            paired = self._between(guess, low, high)
        if not paired:
            return None
        rows: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for at, place in paired.items():
            page, row, inside = self._signs.line(place)
            rows[page, row].append((at, inside))
        (page, row), part = max(rows.items(), key=lambda entry: len(entry[1]))
        line = self._signs.pages[page].lines[row]
        tall = anchor.box.y1 - anchor.box.y0 > 1.6 * anchor.size
        if tall:  # words of several lines: held by where they begin
            part = [min((pair for pairs in rows.values() for pair in pairs), key=lambda pair: pair[0])]
            page, row, inside = self._signs.line(paired[part[0][0]])
            line = self._signs.pages[page].lines[row]
        return Placement(
            page, _matrix(anchor, line.hull, [(at - low, inside) for at, inside in part], tall=tall)
        )

    def _between(self, guess: _Guess, low: int, high: int) -> dict[int, int]:
        """Words that were all reworded: what stands between their neighbours now, if it is about as much."""
        before = max((at for at in guess.pairs if at < low), default=None)
        after = min((at for at in guess.pairs if at >= high), default=None)
        if before is None or after is None or low - before > 6 or after - high > 5:
            return {}
        gap = guess.pairs[after] - guess.pairs[before]
        meant = after - before
        if not meant / 2 < gap < 2 * meant:
            return {}
        return {at: guess.pairs[before] + round((at - before) * gap / meant) for at in range(low, high)}


def _guess(found: list[tuple[int, int]], low: int, high: int, length: int) -> _Guess:
    """What runs near one shift say: the signs they pair, and how much of the anchor that is."""
    middle = median(place - at for at, place in found)
    pairs: dict[int, int] = {}
    runs = set()
    for at, place in found:
        if abs(place - at - middle) <= DRIFT:
            runs.add(at)
            for step in range(RUN):
                pairs.setdefault(at + step, place + step)
    start, end = max(0, low - NEAR), min(length, high + NEAR)
    words = sum(at in pairs for at in range(low, high))
    around = sum(at in pairs for at in range(start, end)) - words
    beside = end - start - (high - low)
    # Words of few signs say little themselves: then what stands around them counts for more.
    own = min(0.65, 0.35 + 0.05 * (high - low)) if beside else 1.0
    enough = min(1.0, sum(start <= at <= end - RUN for at in runs) / ENOUGH)
    score = own * words / (high - low) + (1 - own) * around / max(1, beside)
    return _Guess(score * enough, pairs)


def _matrix(
    anchor: Anchor, hull: Callable[[int, int], Rect], part: list[tuple[int, int]], *, tall: bool
) -> Matrix:
    """From the old place of the words to the new one: moved, and made larger or smaller with the letters."""
    first, last = part[0][1], part[-1][1]
    new = hull(min(first, last), max(first, last) + 1)
    scale = (new.y1 - new.y0) / anchor.size
    scale = 1.0 if abs(scale - 1) < SAME_SIZE else scale
    old, count = anchor.box, len(anchor.words)
    if tall:
        old_x, old_y, new_x = float(old.x0), old.y0 + anchor.size / 2, float(new.x0)
    else:
        share = (part[0][0] + part[-1][0] + 1) / 2 / count
        old_x, old_y = old.x0 + share * (old.x1 - old.x0), (old.y0 + old.y1) / 2
        new_x = (new.x0 + new.x1) / 2
    new_y = (new.y0 + new.y1) / 2
    return scale, 0.0, 0.0, scale, new_x - scale * old_x, new_y - scale * old_y


def reanchor(old: PageText, new: PageText, boxes: Sequence[Rect]) -> list[Matrix | None]:
    """For what lies at ``boxes`` of one page, its way to the same page of a new edition; None: unsure."""
    reanchoring = Reanchoring([new])
    anchors = anchors_of(old, boxes)
    places = [None if anchor is None else reanchoring.place(anchor, 0) for anchor in anchors]
    return [None if place is None else place.matrix for place in places]
