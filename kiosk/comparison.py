"""Before and after of one correction, on the whole wall (W3): the same part of the page in two editions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.canvas import Canvas, Scale
from pageview import theme
from pageview.edition_pane import EditionPane
from pageview.geometry import page_rect
from pageview.page_source import PageSource
from pageview.theme import Kiosk
from pageview.wording import say
from protocol.corrections import Correction
from protocol.model import Briefing
from protocol.registers import Compared, PageChange
from protocol.values import EditionPage, PageId, Rect, View

HEAD, FOOT, GAP = 96.0, 146.0, 16.0
SURROUND = QColor(Kiosk.SURROUND)
MOST_LINES_BESIDE = 0.5
"""Of the page's width: a longer line is shown with the panes above each other."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is compared: the page in two editions, the words, and where they are on each; no place where
    something else than words is otherwise. ``number`` of a correction, or of ``count`` changes."""

    before: EditionPage
    after: EditionPage
    edition: int
    was: str
    now: str
    was_at: tuple[Rect, ...]
    now_at: tuple[Rect, ...]
    page: int
    number: int
    count: int = 0
    by: str = ""
    when: int = 0
    moved: bool = False
    """Whether what is drawn has gone with its words since: on the page before it would lie on others."""

    @property
    def beside(self) -> bool:
        """Whether the panes stand side by side."""
        places = self.was_at + self.now_at
        if not places:
            return True
        wide = max(rect.x1 for rect in places) - min(rect.x0 for rect in places)
        return wide <= MOST_LINES_BESIDE * self.before.width


def shown(briefing: Briefing, what: Compared | None, page: int) -> Shown | None:
    """What the walls compare; None where there is nothing to be compared."""
    match what:
        case None:
            return None
        case PageChange():
            pages = _editions(briefing, what.page_id, what.edition)
            if pages is None:
                return None
            return Shown(
                *pages,
                what.edition,
                what.was,
                what.now,
                what.was_at,
                what.now_at,
                page,
                what.number,
                what.count,
                moved=True,
            )
    correction = briefing.corrections.get(what.item)
    if correction is None or correction.page_id is None or not correction.places or correction.settled < 2:
        return None
    pages = _editions(briefing, correction.page_id, correction.settled)
    if pages is None:
        return None
    wording = briefing.items[correction.item].text if correction.item in briefing.items else ""
    return Shown(
        *pages,
        correction.settled,
        correction.before,
        wording,
        correction.places,
        what.now_at or (new_place(correction, wording, pages[1]),),
        page,
        correction.number,
        by=briefing.names.get(correction.state_by, ""),
        when=correction.state_when,
    )


def _editions(briefing: Briefing, page_id: PageId, number: int) -> tuple[EditionPage, EditionPage] | None:
    """A page as it was before the edition ``number``, and in it."""
    place = briefing.page(page_id)
    if place is None or number > len(place[0].editions):
        return None
    before, after = (
        next((page for page in place[0].editions[at].pages if page.page_id == page_id), None)
        for at in (number - 2, number - 1)
    )
    return None if before is None or after is None else (before, after)


class Comparison(QWidget):
    """Over the wall, while the presenter compares."""

    shown = Signal(int)
    """The number of the correction, or of the change, that is compared now; 0: none."""

    def __init__(self, parent: QWidget, inches: float, distance_m: float) -> None:
        super().__init__(parent)
        self._glass = inches, distance_m
        self._shown: Shown | None = None
        self._before = EditionPane(True, SURROUND, self)
        self._after = EditionPane(False, SURROUND, self)
        self.hide()

    def show_compared(self, shown: Shown | None, source: PageSource | None) -> None:
        """Shows this, or goes away."""
        if shown == self._shown and self.isVisible() == (shown is not None):
            return
        self._shown = shown
        for pane in (self._before, self._after):
            pane.set_source(source if shown is not None else None)
        self.setVisible(shown is not None)
        if shown is not None:
            self.raise_()
            self._arrange()
        self.shown.emit(shown.number if shown is not None else 0)

    def _arrange(self) -> None:
        shown = self._shown
        if shown is None:
            return
        for pane, area in zip((self._before, self._after), self._panes(), strict=True):
            pane.setGeometry(area)
            pane.show()
        aspect = self._before.width() / max(1, self._before.height())
        for pane, page, places in (
            (self._before, shown.before, shown.was_at),
            (self._after, shown.after, shown.now_at),
        ):
            part = part_of(shown, page, places, aspect)
            bare = shown.moved and pane is self._before
            pane.show_part(page, View(page.page_id, part), places, bare=bare)
        self.setAccessibleName(f"{shown.was} → {shown.now}")
        self.update()

    def _scale(self) -> Scale:
        return Scale.of(self.width(), self.height(), self.devicePixelRatioF(), *self._glass)

    def _panes(self) -> tuple[QRect, QRect]:
        scale = self._scale()
        wide, high = scale.width, scale.height
        if self._shown is not None and self._shown.beside:
            half = (wide - GAP) / 2
            tall = high - HEAD - FOOT
            places = (0.0, HEAD, half, tall), (half + GAP, HEAD, half, tall)
        else:
            tall = (high - 2 * HEAD - FOOT) / 2
            places = (0.0, HEAD, wide, tall), (0.0, 2 * HEAD + tall, wide, tall)
        first, second = (scale.rect(*place).toAlignedRect() for place in places)
        return first, second

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown = self._shown
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), SURROUND)
            if shown is not None:
                self._draw(Canvas(painter, self._scale(), QRectF(self.rect())), shown)

    def _draw(self, canvas: Canvas, shown: Shown) -> None:
        wide, high = canvas.scale.width, canvas.scale.height
        tall = (high - 2 * HEAD - FOOT) / 2
        beside = shown.beside
        half = (wide - GAP) / 2 if beside else wide
        second = (half + GAP, 0.0) if beside else (0.0, HEAD + tall)
        self._head(canvas, 0.0, 0.0, half, say("修正前"), shown.edition - 1, "#FF9696")
        self._head(canvas, *second, half, say("修正後"), shown.edition, "#7FA0FF")
        y = high - FOOT / 2
        words = self._what(canvas, shown, y)
        right = self._where(canvas, shown, wide, y)
        self._words(canvas, shown, words, y, wide - words - 40 - right)

    def _what(self, canvas: Canvas, shown: Shown, y: float) -> float:
        """修正 and its number, or which of how many changes; where the words begin."""
        if shown.count:
            told = say("変更　{n}／{count}", n=shown.number, count=shown.count)
            return 40 + canvas.text(told, 40, y, 44, Kiosk.TEXT, bold=True, width=420) + 48
        word = say("修正{number}", number="").rstrip()
        disc = 40 + canvas.text(word, 40, y, 44, Kiosk.TEXT, bold=True, width=320) + 48
        canvas.disc(disc, y, 56, Kiosk.FIX)
        canvas.text(str(shown.number), disc, y, 36, "#1A0000", bold=True, align="centre", fixed=True)
        return disc + 60

    def _head(
        self, canvas: Canvas, x: float, y: float, width: float, words: str, edition: int, colour: str
    ) -> None:
        pen = QPen(QColor(colour), 4 * canvas.scale.unit)
        if words == say("修正前"):
            pen.setStyle(Qt.PenStyle.DashLine)
        canvas.painter.setPen(pen)
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        mark = canvas.scale.rect(x + 40, y + HEAD / 2 - 15, 42, 30)
        canvas.painter.drawRoundedRect(mark, 6 * canvas.scale.unit, 6 * canvas.scale.unit)
        canvas.text(words, x + 104, y + HEAD / 2, 44, Kiosk.TEXT, bold=True, width=width - 400)
        named = say("第{edition}版", edition=edition)
        canvas.text(named, x + width - 40, y + HEAD / 2, 32, Kiosk.TEXT2, align="right", width=260)

    def _where(self, canvas: Canvas, shown: Shown, wide: float, y: float) -> float:
        """Page, time and name at the right; the width they take."""
        when = datetime.fromtimestamp(shown.when).strftime("%H:%M") if shown.when else ""
        page = say("{page}ページ", page=shown.page) if shown.page else ""
        first = "　".join(part for part in (page, when) if part)
        lines = [line for line in (first, shown.by) if line]
        for place, line in enumerate(lines):
            level = y + (place - (len(lines) - 1) / 2) * 44
            canvas.text(line, wide - 40, level, 32, Kiosk.TEXT2, align="right", width=420)
        return max((min(420.0, canvas.width_of(line, 32)) for line in lines), default=0.0)

    def _words(self, canvas: Canvas, shown: Shown, x: float, y: float, room: float) -> None:
        """Old struck, new bold: the one line that is read at the far end of the table."""
        old, new = shown.was.replace("\n", " "), shown.now.replace("\n", " ")
        if not old and not new:
            canvas.text(say("図が変わりました"), x, y, 44, Kiosk.TEXT, bold=True, width=room)
            return
        old, new = old or say("（なし）"), new or say("（削除）")
        size = 44.0
        arrow = 96.0
        share = (room - arrow) / 2
        need = (
            canvas.width_of(old, size * canvas.scale.k, k=1.0),
            canvas.width_of(new, size * canvas.scale.k, True, k=1.0),
        )
        first = min(need[0], max(share, room - arrow - need[1]))
        long = canvas.text(old, x, y, size, Kiosk.TEXT2, width=first, least=32)
        canvas.line(x, y, x + long, y, Kiosk.FIX, 3)
        canvas.icon("arrow_forward", x + long + arrow / 2, y, 44, "#7FA0FF")
        start = x + long + arrow
        canvas.text(new, start, y, size, Kiosk.TEXT, bold=True, width=room - long - arrow, least=32)


def part_of(shown: Shown, page: EditionPage, places: tuple[Rect, ...], aspect: float) -> Rect:
    """The part of a page that its pane shows: the changed line, with what stands around it; where nothing is
    marked the same as of the other page, and the whole where that is not marked either."""
    places = places or shown.was_at or shown.now_at
    if not places:
        return page_rect(page)
    x0, x1 = min(rect.x0 for rect in places), max(rect.x1 for rect in places)
    y0, y1 = min(rect.y0 for rect in places), max(rect.y1 for rect in places)
    wide = page.width if not shown.beside else max(page.width // 2, round((x1 - x0) * 1.3))
    wide = min(wide, page.width)
    high = round(wide / aspect)
    left = min(max(0, (x0 + x1 - wide) // 2), page.width - wide)
    top = (y0 + y1 - high) // 2
    top = min(max(0, top), max(0, page.height - high))
    return Rect(left, top, left + wide, min(top + high, page.height + page.height // 10))


def new_place(correction: Correction, wording: str, page: EditionPage) -> Rect:
    """About where the new words of a correction stand, by their own width, until the presenter's program has
    looked."""
    first = correction.places[0]
    line = correction.line
    size = line.size if line is not None else first.y1 - first.y0
    wide = QFontMetricsF(theme.font(100)).horizontalAdvance(wording) * size / 100
    return Rect(first.x0, first.y0, min(page.width, first.x0 + max(round(wide), 100)), first.y1)
