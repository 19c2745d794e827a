"""The room's name, as large as its column lets it be, in one, two or three lines."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from kiosk.canvas import Canvas
from pageview.theme import Kiosk
from pageview.wording import phrases

_PITCH = 1.14
# The layout is full with lines of so many units.
_MOST = {1: 214.0, 2: 144.0, 3: 112.0}
# The signs that a part of an office's name ends with: 局 部 課 館 階 棟 庁.
_PART_END = re.compile(r"[\u5c40\u90e8\u8ab2\u9928\u968e\u68df\u5e81]")


def draw_room_name(
    canvas: Canvas, name: str, top: float, width: float, two_lines: float = Kiosk.ROOM_EN, most_lines: int = 3
) -> tuple[float, int]:
    """Sets `name` from (96, top) on; the last baseline in units, and the number of lines."""
    lines, size = set_name(canvas, name, width, two_lines, most_lines)
    base = top + 0.88 * size + (16 if len(lines) == 1 else 0)
    for number, line in enumerate(lines):
        canvas.text(
            line,
            96,
            base + number * size * _PITCH,
            size,
            Kiosk.TEXT,
            bold=True,
            width=width,
            on_baseline=True,
            fixed=True,
        )
    return base + (len(lines) - 1) * size * _PITCH, len(lines)


def set_name(
    canvas: Canvas, name: str, width: float, two_lines: float, most_lines: int
) -> tuple[list[str], float]:
    """The lines and their size in units without `k`: one line if it stays large, else few enough."""
    one = min(canvas.fitting(name, Kiosk.ROOM, True, width, least=24), _MOST[1])
    if one >= Kiosk.ROOM * 0.85 or most_lines == 1:
        return [name], one
    best: tuple[list[str], float] = ([name], one)
    for count, largest in ((2, two_lines), (3, 110.0))[: most_lines - 1]:
        for lines in _splits(name, count):
            fits = [canvas.fitting(line, largest, True, width, least=24) for line in lines]
            size = min(*fits, _MOST[count])
            if size > best[1] * (1.0 if count == 2 else 1.02):
                best = lines, size
        if best[1] >= Kiosk.ROOM_LEAST:
            break
    return best


def _splits(name: str, count: int) -> list[list[str]]:
    """The name in `count` lines, broken at spaces or between Japanese phrases; anywhere if there are none."""
    pieces = [piece + " " for piece in name.split(" ")] if " " in name else _phrases(name)
    if len(pieces) < count:
        pieces = list(name)
    made = []
    for cuts in combinations(range(1, len(pieces)), count - 1):
        marks = (0, *cuts, len(pieces))
        made.append(["".join(pieces[a:b]).strip() for a, b in pairwise(marks)])
    return made


def _phrases(name: str) -> list[str]:
    """Finer than the phrases of a sentence: the name of an office may break after its parts."""
    made: list[str] = []
    for phrase in phrases(name):
        start = 0
        for at, sign in enumerate(phrase[:-1], 1):
            if _PART_END.match(sign):
                made.append(phrase[start:at])
                start = at
        made.append(phrase[start:])
    return made
