"""How a correction looks before it is made: old words struck, new ones at their place. Pure and quick.

Nothing is asked of the render process, so that every keystroke can be shown; what the edit will really do
(which font, whether it fits) is known when it is tried (`Renderer.ask_edit`), and is shown then.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pageview.page_edits import TOLERANCE
from pageview.page_text import PageText, Style, TextLine, TextRange
from protocol.values import Rect

HALF = 0.55
"""The width of a Western letter that the page does not show, in ems."""


@dataclass(frozen=True)
class Preview:
    """Geometry in 1/100 point. New words are set at ``size`` on a baseline from ``origin`` along ``along``.

    ``width`` is a good guess, from the widths that the line's own letters have; ``room`` is the width of the
    old words. ``fits``: within a tenth of it, so that nothing else on the line would move.
    """

    struck: tuple[Rect, ...]
    origin: tuple[int, int]
    along: tuple[int, int]
    size: int
    colour: int
    bold: bool
    serif: bool
    new: str
    width: int
    room: int

    @property
    def fits(self) -> bool:
        return abs(self.width - self.room) <= TOLERANCE * self.room


def preview(page: PageText, ranges: Sequence[TextRange], new: str) -> Preview | None:
    """What to show for ``new`` in place of ``ranges``; None when the page has no such characters."""
    if not ranges or not all(map(page.has, ranges)):
        return None
    first = ranges[0]
    line = page.lines[first.line]
    style = page.styles[line.style(first.start)]
    hulls = page.boxes(tuple(ranges))
    known = _known(line)
    sideways = abs(line.along[1]) > abs(line.along[0])
    room = sum((box.y1 - box.y0) if sideways else (box.x1 - box.x0) for box in hulls)
    return Preview(
        struck=hulls,
        origin=_origin(line, first.start),
        along=line.along,
        size=style.size,
        colour=style.colour,
        bold=style.bold,
        serif=style.serif,
        new=new,
        width=round(sum(_width(sign, known, style) for sign in new)),
        room=room,
    )


def _origin(line: TextLine, at: int) -> tuple[int, int]:
    """Where a character stands on the baseline."""
    (x, y), first, box = line.origin, line.box(0), line.box(at)
    across, down = line.along
    if abs(across) >= abs(down):
        return (box.x0 if across > 0 else box.x1), y + box.y0 - first.y0
    return x + box.x0 - first.x0, (box.y0 if down > 0 else box.y1)


def _known(line: TextLine) -> dict[str, int]:
    """The widths that signs have on this line."""
    sideways = abs(line.along[1]) > abs(line.along[0])
    boxes = (line.box(at) for at in range(len(line.text)))
    return {
        sign: (box.y1 - box.y0) if sideways else (box.x1 - box.x0)
        for sign, box in zip(line.text, boxes, strict=True)
    }


def _width(sign: str, known: dict[str, int], style: Style) -> float:
    if sign in known:
        return known[sign]
    if unicodedata.east_asian_width(sign) in "WFA":
        return style.size
    return 0.0 if unicodedata.combining(sign) else HALF * style.size
