"""A correction while it is typed, on the page: the old words red and struck, the new ones beside or above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from pageview.geometry import Placement
from pageview.theme import BOLD, font_on_paper
from protocol.corrections import Correction, CorrectionState
from protocol.model import Briefing
from protocol.values import PageId, Rect

RED: Final = QColor("#CE0000")
CARET: Final = QColor("#CE0000")
GAP: Final = 0.15
"""Between old and new words, and behind the new ones, in letters."""
ABOVE: Final = 0.8
"""The size of words that have no room on their line."""
TAIL: Final = 0.25
PITCH: Final = 1.05
"""From one row of such words to the next, in letters of the line."""
MOST_ROWS: Final = 5
"""Of words that are wider than the page."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A correction with its wording as it is now; ``preedit`` stands at ``caret``, -1: nobody's caret."""

    correction: Correction
    text: str
    caret: int = -1
    preedit: str = ""

    @property
    def shown(self) -> str:
        """The wording with what is not confirmed yet."""
        at = max(0, self.caret)
        return self.text[:at] + self.preedit + self.text[at:] if self.preedit else self.text

    @property
    def at(self) -> int:
        """Behind which of the characters shown the caret stands; the last where nobody types."""
        return len(self.text) if self.caret < 0 else self.caret + len(self.preedit)


Carets = Mapping[int, tuple[int, str]]
"""Of each item somebody types in: where their caret is, and what their input method has not confirmed."""


def typed_now(briefing: Briefing, carets: Carets) -> tuple[Typed, ...]:
    """The corrections that everybody watches being typed."""
    found = []
    for item, correction in briefing.corrections.items():
        if correction.state is CorrectionState.TYPING and correction.places and item in briefing.items:
            text = briefing.items[item].text
            caret, preedit = carets.get(item, (-1, ""))
            found.append(Typed(correction, text, min(caret, len(text)), preedit))
    return tuple(found)


class TypedLayer:
    """The corrections that are typed, on the page of one canvas."""

    def __init__(self) -> None:
        self._typed: tuple[Typed, ...] = ()
        self.area = QRect()
        """What was painted last, in device pixels."""

    def show(self, typed: Sequence[Typed]) -> bool:
        """Shows these from the next paint on; whether they are others than before."""
        former, self._typed = self._typed, tuple(typed)
        return former != self._typed

    def on(self, page_id: PageId | None) -> bool:
        """Whether any is on that page."""
        return any(each.correction.page_id == page_id for each in self._typed)

    def paint(
        self,
        painter: QPainter,
        page_id: PageId,
        place: Placement,
        image: QImage | None,
        part: Placement,
        unit: float,
    ) -> None:
        """Paints them; ``image``: the page's sharp picture, which lies at ``part``."""
        self.area = QRect()
        for typed in self._typed:
            if typed.correction.page_id == page_id:
                covered = paint(painter, typed, place, image, QPointF(part.x, part.y), unit)
                self.area = self.area.united(covered.toAlignedRect())


def paint(
    painter: QPainter, typed: Typed, place: Placement, page: QImage | None, corner: QPointF, unit: float
) -> QRectF:
    """Paints one correction; what it covers. One unit of ``painter`` is a device pixel, ``unit`` of them a
    design pixel. ``page``: the page's sharp picture, whose top left is at ``corner``."""
    correction = typed.correction
    boxes = [_box(place, rect.x0, rect.y0, rect.x1, rect.y1) for rect in correction.places]
    down = _run_down(correction, boxes)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for box in boxes:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
        painter.fillRect(box, RED)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        middle = box.center()
        if down:
            painter.fillRect(QRectF(middle.x() - unit, box.y(), 2 * unit, box.height()), RED)
        else:
            painter.fillRect(QRectF(box.x(), middle.y() - unit, box.width(), 2 * unit), RED)
    covered = boxes[0]
    for box in boxes[1:]:
        covered = covered.united(box)
    if typed.shown:
        covered = covered.united(_paint_new(painter, typed, place, boxes, page, corner, unit))
    painter.restore()
    return covered


def _paint_new(
    painter: QPainter,
    typed: Typed,
    place: Placement,
    boxes: Sequence[QRectF],
    page: QImage | None,
    corner: QPointF,
    unit: float,
) -> QRectF:
    line, last = typed.correction.line, boxes[-1]
    size = line.size * place.scale if line is not None else min(last.width(), last.height()) * 0.8
    font, words = _font(size), typed.shown
    wide = QFontMetricsF(font).horizontalAdvance(words) + (2 * GAP + TAIL) * size
    if line is not None and wide <= line.room * place.scale:
        baseline = place.to_pixels(0, line.baseline)[1]
        if line.rest is not None:
            _move_rest(painter, place, line.rest, wide, page, corner)
        at = QPointF(last.right() + GAP * size, baseline)
        _set_words(painter, typed, (0, len(words)), font, at, unit)
        return QRectF(at.x(), at.y() - size * 1.1, wide + size, size * 1.6)
    font = _font(size * ABOVE)
    metrics = QFontMetricsF(font)
    rows = rows_of(words, place.width - 2 * GAP * size, metrics.horizontalAdvance, typed.at)
    wide = max(metrics.horizontalAdvance(words[start:end]) for start, end in rows) + GAP * size
    above: bool | None = None
    if _run_down(typed.correction, boxes):
        behind = beside(boxes, place, wide, size, len(rows))
    else:
        behind, above = aside(boxes, place, wide, size, len(rows))
    painter.fillRect(behind.adjusted(-2 * unit, 0, 2 * unit, 0), QColor(255, 255, 255, 225))
    if above is not None:
        edge = boxes[0].topLeft() if above else last.bottomLeft()
        _caret_mark(painter, edge, size, unit, above=above)
    for number, row in enumerate(reversed(rows)):
        at = QPointF(behind.left(), behind.bottom() - size * (0.15 + number * PITCH))
        _set_words(painter, typed, row, font, at, unit)
    marked = behind.united(boxes[0]).united(last)
    return marked.adjusted(-0.3 * size, -0.3 * size, size, 0.7 * size)


def rows_of(words: str, room: float, width: Callable[[str], float], at: int) -> list[tuple[int, int]]:
    """Where each row of words begins and ends that is no wider than ``room``; of many rows those before and
    with the character ``at``."""
    widths = {sign: width(sign) for sign in set(words)}
    rows, start, used = [], 0, 0.0
    for number, sign in enumerate(words):
        if used + widths[sign] > room and number > start:
            end = number
            while end > start and _hang_together(words[end - 1], words[end]):
                end -= 1
            end = end if end > start else number
            rows.append((start, end))
            start, used = end, sum(widths[each] for each in words[end:number])
        used += widths[sign]
    rows.append((start, len(words)))
    here = next((number for number, (_, end) in enumerate(rows) if at < end), len(rows) - 1)
    first = max(0, here - MOST_ROWS + 1)
    return rows[first : first + MOST_ROWS]


def _hang_together(one: str, other: str) -> bool:
    """As the signs of a Western word or a figure do, which are not broken."""
    return one.isascii() and other.isascii() and not one.isspace() and not other.isspace()


def aside(
    boxes: Sequence[QRectF], place: Placement, wide: float, size: float, rows: int = 1
) -> tuple[QRectF, bool]:
    """Where words stand that have no room on their line, and whether that is above the old ones: not on any
    of these, which may be on several lines; at the top of the page or of the glass it is below them."""
    top, bottom = min(box.top() for box in boxes), max(box.bottom() for box in boxes)
    more = (rows - 1) * PITCH * size
    above = top - size - more >= max(place.y, 0.0)
    left = max(place.x, min((boxes[0] if above else boxes[-1]).left(), place.x + place.width - wide))
    start = top - size - more if above else bottom + size * 0.03
    return QRectF(left, start, wide, size * 0.97 + more), above


def beside(boxes: Sequence[QRectF], place: Placement, wide: float, size: float, rows: int = 1) -> QRectF:
    """Where words stand beside old ones that run down the page, at their top: to the right, else the left."""
    right, left = max(box.right() for box in boxes), min(box.left() for box in boxes)
    x = right + GAP * size
    if x + wide > place.x + place.width:
        x = max(place.x, left - GAP * size - wide)
    high = size * (0.97 + (rows - 1) * PITCH)
    return QRectF(x, max(place.y, min(boxes[0].top(), place.y + place.height - high)), wide, high)


def _run_down(correction: Correction, boxes: Sequence[QRectF]) -> bool:
    """Whether the old words run down the page; of several columns the first may have a letter only."""
    return correction.line is None and any(box.height() > 2 * box.width() for box in boxes)


def _font(pixels: float) -> QFont:
    return font_on_paper(pixels, BOLD)


def _set_words(
    painter: QPainter, typed: Typed, row: tuple[int, int], font: QFont, at: QPointF, unit: float
) -> None:
    """A row of the new words, underlined; dots under what is not confirmed; the caret, which does not
    blink."""
    metrics, shown = QFontMetricsF(font), typed.shown
    first, last = row
    sure_again = typed.at
    unsure = sure_again - len(typed.preedit)
    painter.setFont(font)
    x = at.x()
    for start, end, sure in (
        (first, min(last, unsure), True),
        (max(first, unsure), min(last, sure_again), False),
        (max(first, sure_again), last, True),
    ):
        if start == sure_again and (start < last or last == len(shown)):
            _caret(painter, typed, QPointF(x, at.y()), metrics, unit)
        if start >= end:
            continue
        words = shown[start:end]
        wide = metrics.horizontalAdvance(words)
        painter.setPen(RED)
        painter.drawText(QPointF(x, at.y()), words)
        line = QPen(RED, 2 * unit, Qt.PenStyle.SolidLine if sure else Qt.PenStyle.DotLine)
        painter.setPen(line)
        painter.drawLine(QPointF(x, at.y() + 5 * unit), QPointF(x + wide, at.y() + 5 * unit))
        x += wide


def _caret(painter: QPainter, typed: Typed, at: QPointF, metrics: QFontMetricsF, unit: float) -> None:
    if typed.caret >= 0:
        high = metrics.ascent()
        painter.fillRect(QRectF(at.x(), at.y() - high * 0.9, 3 * unit, high * 1.05), CARET)


def _caret_mark(painter: QPainter, at: QPointF, size: float, unit: float, *, above: bool) -> None:
    painter.setPen(QPen(RED, 2 * unit))
    half = size * 0.16
    down = half * (1.4 if above else -1.4)
    painter.drawPolyline([at + QPointF(-half, down), at, at + QPointF(half, down)])


def _move_rest(
    painter: QPainter, place: Placement, rest: Rect, by: float, page: QImage | None, corner: QPointF
) -> None:
    """What follows on the line gives way; its ground goes with it."""
    if page is None:
        return
    box = _box(place, rest.x0, rest.y0, rest.x1, rest.y1).toAlignedRect()
    source = box.translated(-corner.toPoint()).intersected(page.rect())
    if source.isEmpty():
        return
    ground = page.pixelColor(max(0, source.x() - 1), max(0, source.y()))
    painter.fillRect(QRect(box.x(), box.y(), box.width() + round(by), box.height()), ground)
    painter.drawImage(box.topLeft() + QPointF(by, 0).toPoint(), page, source)


def _box(place: Placement, x0: int, y0: int, x1: int, y1: int) -> QRectF:
    left, top = place.to_pixels(x0, y0)
    right, bottom = place.to_pixels(x1, y1)
    return QRectF(left, top, right - left, bottom - top)
