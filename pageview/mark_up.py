"""見え消し: on the page as it first was, old words struck through in red, new ones beside or above them.

Only in the render process. New words are real text; nothing of the page itself moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import assets
from pageview.correction_places import line_of, ranges_at
from pageview.export_jobs import MarkUp
from pageview.lettering import Lettering, set_in
from pageview.page_characters import Reading
from pageview.page_contents import Walk
from pageview.page_text import PageText, TextRange
from pageview.page_writer import PageWriter
from pageview.pdf_paper import CENTIPOINT, CannotShow, PdfPaper
from protocol.values import Rect

RED, WHITE = 0xCE0000, 0xFFFFFF
BAR = 0.07
"""The thickness of the line through old words, of their height."""
GAP = 0.15
ABOVE, SMALLEST = 0.8, 0.5
"""The size of words above the old ones, of those: what the line above leaves free, between these."""
HIGH, LOW = 0.88, 0.14
"""What letters take up above and below their baseline, in ems."""
EDGE = 12.0
LEADING = 1.15
CROSS = 2.5


@dataclass(frozen=True)
class _Shown:
    mark_up: MarkUp
    ranges: tuple[TextRange, ...]


class MarkUps:
    """Corrections on pages of ``paper``. ``unplaced``: the numbers of those whose words were not found."""

    def __init__(self, paper: PdfPaper, mark_ups: Iterable[MarkUp]) -> None:
        self._paper = paper
        self.unplaced: list[int] = []
        texts = [mark_up.after for mark_up in mark_ups]
        self._letters = Lettering(paper.document, assets.SCREEN_BOLD, texts) if texts else None

    def show(self, index: int, mark_ups: Sequence[MarkUp]) -> None:
        """Shows these on a page."""
        page = self._paper.page(index)
        try:
            text = Reading(page).text
        except CannotShow:
            self.unplaced += [mark_up.number for mark_up in mark_ups]
            return
        writer = PageWriter(self._paper.document, page)
        box = self._paper.visible(index)
        for shown in self._found(text, sorted(mark_ups, key=lambda each: each.number)):
            self._strike(writer, text, shown)
            self._write(writer, text, shown, box)
        self._finish(writer, page)

    def cross_out(self, index: int) -> None:
        """A page that a later edition does not have."""
        page = self._paper.page(index)
        writer = PageWriter(self._paper.document, page)
        width, height = (side / CENTIPOINT for side in self._paper.visible(index))
        writer.line(EDGE, EDGE, width - EDGE, height - EDGE, CROSS, RED)
        writer.line(EDGE, height - EDGE, width - EDGE, EDGE, CROSS, RED)
        self._finish(writer, page)

    def _finish(self, writer: PageWriter, page: Any) -> None:
        walk = Walk(self._paper.document)
        walk.run(page)
        writer.finish(walk.opened, walk.closed)

    def _found(self, text: PageText, mark_ups: Sequence[MarkUp]) -> list[_Shown]:
        """Where the words stand on this page. Words that an earlier correction brought are changed there."""
        found: list[_Shown] = []
        for mark_up in mark_ups:
            ranges = ranges_at(text, mark_up.places, mark_up.before) or _nearest(text, mark_up)
            if ranges and not any(_overlap(ranges, other.ranges) for other in found):
                found.append(_Shown(mark_up, ranges))
                continue
            for at, other in enumerate(found):
                if mark_up.before in other.mark_up.after:
                    after = other.mark_up.after.replace(mark_up.before, mark_up.after, 1)
                    fields = MarkUp(other.mark_up.number, other.mark_up.places, other.mark_up.before, after)
                    found[at] = replace(other, mark_up=fields)
                    break
            else:
                self.unplaced.append(mark_up.number)
        return found

    def _strike(self, writer: PageWriter, text: PageText, shown: _Shown) -> None:
        for part in shown.ranges:
            line = text.lines[part.line]
            x0, y0, x1, y1 = _points(line.hull(part.start, part.end))
            upright = line.vertical or abs(line.along[1]) > abs(line.along[0])
            if upright:
                middle, half = (x0 + x1) / 2, BAR * (x1 - x0) / 2
                writer.fill(middle - half, y0, middle + half, y1, RED)
            else:
                middle, half = (y0 + y1) / 2, BAR * (y1 - y0) / 2
                writer.fill(x0, middle - half, x1, middle + half, RED)

    def _write(self, writer: PageWriter, text: PageText, shown: _Shown, page: tuple[int, int]) -> None:
        words, last = shown.mark_up.after, shown.ranges[-1]
        letters = self._letters
        if not words.strip() or letters is None:
            return
        x0, y0, x1, y1 = _points(text.lines[last.line].hull(last.start, last.end))
        line = line_of(text, shown.ranges, page[0])
        size = line.size / CENTIPOINT if line is not None else min(x1 - x0, y1 - y0, 14.0)
        wide = (letters.advance(words) + 2 * GAP) * size
        if line is not None and line.rest is None and wide <= line.room / CENTIPOINT and "\n" not in words:
            self._set(writer, words, x1 + GAP * size, line.baseline / CENTIPOINT, size)
            return
        top = _ink_of(text, last.line, last.start, last.end)[0]
        free = (top - _above(text, last)) / (HIGH + LOW)
        small = min(ABOVE * size, max(SMALLEST * size, free))
        self._write_above(writer, words, x0, top, small, page[0] / CENTIPOINT)

    def _write_above(
        self, writer: PageWriter, words: str, x: float, top: float, size: float, width: float
    ) -> None:
        """Words whose last line ends at ``top``, on white where they would cover something."""
        letters = self._letters
        assert letters is not None
        lines = list(set_in(words, (width - 2 * EDGE) / size, letters.advance))
        wide = max(letters.advance(line) for line in lines) * size
        x = max(EDGE, min(x, width - EDGE - wide))
        first = max(HIGH * size, top - LOW * size - (len(lines) - 1) * LEADING * size)
        bottom = first + (len(lines) - 1) * LEADING * size + LOW * size
        writer.fill(x, first - HIGH * size, x + wide, min(bottom, top), WHITE)
        for number, line in enumerate(lines):
            self._set(writer, line, x, first + number * LEADING * size, size)

    def _set(self, writer: PageWriter, words: str, x: float, baseline: float, size: float) -> None:
        assert self._letters is not None
        writer.write(self._letters.set(words, x, baseline, size, RED))


def _nearest(text: PageText, mark_up: MarkUp) -> tuple[TextRange, ...]:
    """The same words within one line, nearest to where they stood in another edition."""
    if not mark_up.before.strip() or not mark_up.places:
        return ()
    wanted = mark_up.places[0]
    found: list[tuple[float, TextRange]] = []
    for number, line in enumerate(text.lines):
        at = line.text.find(mark_up.before)
        while at >= 0:
            box = line.hull(at, at + len(mark_up.before))
            off = abs(box.x0 - wanted.x0) + 3 * abs(box.y0 - wanted.y0)
            found.append((off, TextRange(number, at, at + len(mark_up.before))))
            at = line.text.find(mark_up.before, at + 1)
    return (min(found, key=lambda each: each[0])[1],) if found else ()


def _overlap(one: Sequence[TextRange], other: Sequence[TextRange]) -> bool:
    return any(
        a.line == b.line and a.start < b.end and b.start < a.end  #
        for a in one
        for b in other
    )


def _ink_of(text: PageText, number: int, start: int, end: int) -> tuple[float, float]:
    """Top and bottom of what a line's letters colour; their boxes are half as high again in some fonts."""
    line = text.lines[number]
    box = line.hull(start, end)
    if not line.is_level or line.vertical:
        return box.y0 / CENTIPOINT, box.y1 / CENTIPOINT
    size = text.styles[line.style(start)].size
    baseline = line.origin[1] + line.box(start).y0 - line.box(0).y0
    return (baseline - HIGH * size) / CENTIPOINT, (baseline + LOW * size) / CENTIPOINT


def _above(text: PageText, last: TextRange) -> float:
    """Where the lines above the words end, in points; the page's edge where there are none."""
    own = text.lines[last.line].hull(last.start, last.end)
    top, bottom = _ink_of(text, last.line, last.start, last.end)
    ends = [0.0]
    for number, line in enumerate(text.lines):
        box = line.hull()
        if number != last.line and box.x0 < own.x1 and box.x1 > own.x0:
            end = _ink_of(text, number, 0, len(line.text))[1]
            if end < top + (bottom - top) / 3:
                ends.append(end)
    return max(ends)


def _points(rect: Rect) -> tuple[float, float, float, float]:
    return rect.x0 / CENTIPOINT, rect.y0 / CENTIPOINT, rect.x1 / CENTIPOINT, rect.y1 / CENTIPOINT
