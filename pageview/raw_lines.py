"""Lines as they were found on a page, put together as people see them.

Words that an edit has put in stand last in a page's contents: read in that order they would be a line of
their own, and the line they belong to would have a hole. And what is set from top to bottom many programs
draw letter by letter, each of which is found as a line of its own.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pageview.page_text import TextLine
from protocol.values import Rect

TOUCHES = 0.3
"""How far apart (in heights) two pieces may stand that are one line."""
STEPS = 0.7, 1.35
"""How far (in ems) a letter stands below the one above it in a column; further where there is a space."""
SPACED = 2.4
CLOSE = 1.12
"""How far (ems) letters stand below each other that are set from top to bottom: lines stand further apart."""
COLUMN, LONG = 3, 5
"""So many Japanese letters close below each other are a column, and so many further apart; fewer are lines of
a narrow cell. A long one makes its page one with columns."""
ROOM = 3
"""How far (ems) the edges of a narrow cell stand from its letters at most."""
UPRIGHT = {(1000, 0), (0, 1000), (-1000, 0), (0, -1000)}
FURTHEST = 20_000_000


@dataclass(frozen=True)
class Letter:
    """A character with its box (1/100 point), where it stands on the baseline (points), and its style."""

    sign: str
    box: tuple[int, int, int, int]
    origin: tuple[float, float]
    style: int
    synthetic: bool
    """A space that is not in the paper: a reader took a gap for one."""


@dataclass
class RawLine:
    """A line as MuPDF put it together. ``along``: direction in 1/1000, y down."""

    block: int
    letters: list[Letter]
    along: tuple[int, int]
    vertical: bool

    @property
    def start(self) -> int:
        return self.span(self.letters[0])[0]

    @property
    def end(self) -> int:
        return self.span(self.letters[-1])[1]

    @property
    def baseline(self) -> float:
        """How far (points) the baseline lies off the page's corner."""
        (x, y), (across, down) = self.letters[0].origin, self.along
        return (y * across - x * down) / 1000

    @property
    def height(self) -> int:
        x0, y0, x1, y1 = self.letters[0].box
        return x1 - x0 if self.along[0] == 0 else y1 - y0

    def span(self, letter: Letter) -> tuple[int, int]:
        """From where to where a letter reaches along the line."""
        (x0, y0, x1, y1), (across, down) = letter.box, self.along
        ends = (x0 * across + y0 * down) // 1000, (x1 * across + y1 * down) // 1000
        return min(ends), max(ends)

    def text_line(self) -> tuple[TextLine, list[tuple[float, float]]]:
        """The line as a value, and the origins of its characters."""
        signs = [letter.sign for letter in self.letters]
        kept = [
            letter
            for at, letter in enumerate(self.letters)
            if not (
                letter.synthetic and any(map(_is_wide, signs[max(0, at - 1) : at] + signs[at + 1 : at + 2]))
            )
        ]
        runs: list[int] = []
        for at, letter in enumerate(kept):
            if not runs or runs[-1] != letter.style:
                runs += (at, letter.style)
        x, y = (round(min(max(100 * part, -FURTHEST), FURTHEST)) for part in kept[0].origin)
        line = TextLine(
            block=self.block,
            text="".join(letter.sign for letter in kept),
            edges=tuple(edge for letter in kept for edge in letter.box),
            origin=(x, y),
            runs=tuple(runs),
            along=self.along,
            vertical=self.vertical,
        )
        return line, [letter.origin for letter in kept]


def with_columns(lines: list[RawLine], drawn: Callable[[], Sequence[Rect]]) -> list[RawLine]:
    """Letters that stand below each other, in the order of writing, as one vertical line each. ``drawn``:
    what is drawn on the page, asked only where that decides."""
    rows = sorted(line.baseline for line in lines if line.along == (1000, 0) and _count(line.letters) > 1)
    tight = _columns(lines, STEPS[1], lambda run: _is_column(run, rows, drawn))
    long = len(tight) < len(lines) and any(line.vertical and len(line.letters) >= LONG for line in tight)
    return _columns(lines, SPACED, lambda run: _wide(run) >= 1) if long else tight


def _is_column(run: list[RawLine], rows: list[float], drawn: Callable[[], Sequence[Rect]]) -> bool:
    """Whether letters below each other are set from top to bottom. Else they are the lines of a narrow cell,
    or a column of a table: each of those stands beside words, on one of the baselines ``rows``."""
    x0, _, x1, _ = _box(run[0])
    em = x1 - x0
    middles = [(above + below) / 2 for _, above, _, below in map(_box, run)]
    if all(low - high <= CLOSE * em for high, low in pairwise(middles)):
        count = _wide(run)
        return count >= LONG or (count >= COLUMN and not _is_in_narrow_cell(run, drawn()))
    near = em / 1000
    beside = all(
        (at := bisect_left(rows, line.baseline - near)) < len(rows) and rows[at] <= line.baseline + near
        for line in run
    )
    return _wide(run) >= LONG and not beside


def _is_in_narrow_cell(run: list[RawLine], drawn: Sequence[Rect]) -> bool:
    """Whether an upright line stands close at each side of each letter."""

    def framed(box: tuple[int, int, int, int]) -> bool:
        left, top, right, bottom = box
        middle, em = (top + bottom) // 2, right - left
        edges = [x for each in drawn if each.y0 <= middle <= each.y1 for x in (each.x0, each.x1)]
        before, after = (left - x for x in edges), (x - right for x in edges)
        return all(any(0 <= gap <= ROOM * em for gap in gaps) for gaps in (before, after))

    return all(framed(_box(line)) for line in run)


def _wide(run: list[RawLine]) -> int:
    return sum(_is_wide(letter.sign) for line in run for letter in line.letters)


def _count(letters: list[Letter]) -> int:
    return sum(not letter.sign.isspace() for letter in letters)


def _columns(
    lines: list[RawLine], furthest: float, is_column: Callable[[list[RawLine]], bool]
) -> list[RawLine]:
    found: list[RawLine] = []
    run: list[RawLine] = []
    for line in [*lines, None]:
        if run and line is not None and _is_below(run[0], run[-1], line, furthest):
            run.append(line)
            continue
        if len(run) > 1 and is_column(run):
            letters = [letter for piece in run for letter in piece.letters]
            found.append(RawLine(run[0].block, letters, (0, 1000), vertical=True))
        else:
            found += run
        run = [line] if line is not None else []
    return found


def _is_below(first: RawLine, last: RawLine, line: RawLine, furthest: float) -> bool:
    """Whether it goes on with a column: a letter, a few figures, or what is turned to run down."""
    head, *more = (letter for letter in first.letters if not letter.sign.isspace())
    if first.along != (1000, 0) or first.vertical or more or not _is_wide(head.sign) or line.vertical:
        return False
    x0, _, x1, _ = head.box
    em = x1 - x0
    left, top, right, bottom = _box(line)
    if abs(left + right - x0 - x1) > 0.6 * em or right - left > 2 * em:
        return False
    _, above, _, below = _box(last)
    if line.along == last.along == (1000, 0):
        # Boxes are as high as a font says, which may be half as high again as its letters.
        step = (top + bottom - above - below) / 2
        return STEPS[0] * em <= step <= furthest * em and right - left <= 1.3 * em
    turned = line.along[0] == 0 or last.along[0] == 0
    return turned and -0.6 * em <= top - below <= (furthest - 1) * em


def _box(line: RawLine) -> tuple[int, int, int, int]:
    boxes = [letter.box for letter in line.letters if not letter.sign.isspace()]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def joined_lines(lines: list[RawLine]) -> list[RawLine]:
    """Pieces on one baseline that touch or fill a hole, as one line each, in order of the first."""
    rows: dict[tuple[int, tuple[int, int]], list[RawLine]] = {}
    found: list[RawLine] = []
    for line in lines:
        if line.along not in UPRIGHT or line.vertical:
            found.append(line)
            continue
        row = round(line.baseline)
        around = [(near, line.along) for near in (row - 1, row, row + 1)]
        mates = [mate for near in around for mate in rows.get(near, ())]
        host = next((mate for mate in mates if _takes(mate, line)), None)
        if host is None:
            found.append(line)
            rows.setdefault((row, line.along), []).append(line)
            continue
        for mate in mates:  # what stood after the hole is no line of its own any more
            if mate is not host and _takes(host, mate):
                found.remove(mate)
                for near in around:
                    if mate in rows.get(near, ()):
                        rows[near].remove(mate)
    return found


def _takes(host: RawLine, guest: RawLine) -> bool:
    """Puts ``guest`` into ``host`` where it belongs to it; whether it does."""
    height = min(host.height, guest.height)
    if abs(host.baseline - guest.baseline) > height / 1000 or not 0.7 < host.height / guest.height < 1.4:
        return False
    slack = round(TOUCHES * height)
    inked = [host.span(letter) for letter in host.letters if not letter.synthetic]
    start, end = guest.start, guest.end
    at = sum(sum(span) < start + end for span in inked)
    before = start - inked[at - 1][1] if at else None
    after = inked[at][0] - end if at < len(inked) else None
    gaps = [gap for gap in (before, after) if gap is not None]
    if min(gaps) < -slack or min(gaps) > slack:
        return False
    spans = [(letter, *host.span(letter)) for letter in host.letters]
    keep = [letter for letter, low, high in spans if not (letter.synthetic and low < end and start < high)]
    place = sum(sum(host.span(letter)) < start + end for letter in keep)
    host.letters[:] = [*keep[:place], *guest.letters, *keep[place:]]
    return True


def _is_wide(sign: str) -> bool:
    """Whether it is a Japanese sign: a gap beside one is a matter of setting, and no space between words."""
    return unicodedata.east_asian_width(sign) in "WF"
