"""The page followed, alone or with another beside it, and above each half what it is.

The same on a wall, on an attached screen and in both windows; only colours and sizes are their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from pageview import compared_boxes, icons, theme
from pageview.beside import GAP, HEAD, Half, Halves
from pageview.edition_pane import EditionPane
from pageview.page_source import PageSource
from pageview.page_view import DESK, WALL, PageView
from pageview.theme import Desk, Kiosk
from pageview.wording import say


@dataclass(frozen=True, slots=True)
class Look:
    """Colours and sizes of the heads; lengths in units of the glass, or logical pixels where it has none."""

    ground: QColor
    text: str
    muted: str
    presented: str
    head: float
    title: float
    place: float
    in_units: bool


ON_A_WALL: Final = Look(WALL, Kiosk.TEXT, Kiosk.TEXT2, Kiosk.MUTED, HEAD, 36.0, 32.0, True)
IN_A_WINDOW: Final = Look(DESK, Desk.TEXT, Desk.TEXT2, Desk.PRIMARY, 44.0, 18.0, 16.0, False)


class SideBySide(QWidget):
    """Holds ``page``, which is the half where everything is done; the other is looked at only."""

    shown = Signal(object)
    """Halves, or None for the page alone."""

    def __init__(self, page: PageView, look: Look, k: float = 1.0, parent: QWidget | None = None) -> None:
        """``k``: the viewing factor of a wall."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.page, self._look, self._k = page, look, k
        page.setParent(self)
        self.other = EditionPane(True, look.ground, self)
        self.other.hide()
        page.inked.connect(self.other.take_ink)
        self._halves: Halves | None = None
        self._source: PageSource | None = None

    @property
    def halves(self) -> Halves | None:
        """What is shown side by side; None: the page alone."""
        return self._halves

    def show_halves(self, halves: Halves | None, source: PageSource | None) -> None:
        """Shows these halves, or the page alone."""
        source = source if halves is not None else None
        if halves == self._halves and source is self._source:
            return
        self._halves = halves
        if source is not self._source:
            self._source = source
            self.other.set_source(source)
        self.page.measure_by(self.page if halves is None else self)
        self.page.show_marked(halves.followed.marked if halves is not None else ())
        self._arrange()
        self.shown.emit(halves)

    def _arrange(self) -> None:
        halves = self._halves
        other = halves.other if halves is not None else None
        areas = self._areas()
        self.page.setGeometry(areas[0])
        self.other.setGeometry(areas[1])
        self.other.setVisible(other is not None and other.view is not None)
        if halves is not None and other is not None and other.page is not None and other.view is not None:
            bare = not other.newest
            self.other.show_part(other.page, other.view, other.marked, bare=bare)
            self.other.setAccessibleName(f"{other.title} {other.place}")
        self.update()

    def _unit(self) -> float:
        """Logical pixels of one unit of the look."""
        ratio = self.devicePixelRatioF()
        if not self._look.in_units:
            return 1.0
        return theme.unit(round(self.width() * ratio), round(self.height() * ratio), ratio)

    def _areas(self) -> tuple[QRect, QRect]:
        """Where the page followed and the other lie."""
        if self._halves is None:
            return self.rect(), QRect()
        unit = self._unit()
        head, half = round(self._look.head * unit), round((self.width() - GAP * unit) / 2)
        left = QRect(0, head, half, self.height() - head)
        right = QRect(self.width() - half, head, half, self.height() - head)
        return (right, left) if self._halves.other_left else (left, right)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # --- what each half is --------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        halves = self._halves
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), self._look.ground)
            if halves is not None:
                followed, other = self._areas()
                self._head(painter, followed, halves.followed, halves, presented=True)
                self._head(painter, other, halves.other, halves, presented=False)
                if halves.other.view is None:
                    self._say_none(painter, other)

    def _head(self, painter: QPainter, below: QRect, half: Half, halves: Halves, *, presented: bool) -> None:
        """The paper, the page, and whether it is only looked at; a line under the half that is presented."""
        look, unit = self._look, self._unit()
        area = QRectF(below.x(), 0, below.width(), below.y())
        side = area.height() / 4
        if presented:
            line = max(2.0, 4 * unit)
            painter.fillRect(
                QRectF(area.x(), area.bottom() - line, area.width(), line), QColor(look.presented)
            )
        x = area.x() + side
        size = area.height() * 0.36
        if halves.compared:
            pen = compared_boxes.pen(unit, before=not presented)
            pen.setColor(QColor(look.muted if look.in_units else pen.color()))
            pen.setWidthF(max(2.0, 4 * unit) if look.in_units else 2.0)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            mark = QRectF(x, area.center().y() - size / 2, size * 1.4, size)
            painter.drawRoundedRect(mark, size / 5, size / 5)
            x = mark.right() + side * 0.7
        elif not presented:
            box = QRectF(x, area.center().y() - size / 2, size, size)
            icons.paint(painter, "visibility", box, look.muted)
            x = box.right() + side * 0.6
        place = half.place if presented else "　".join(part for part in (half.place, say("見るだけ")) if part)
        right = area.right() - side
        painter.setFont(theme.font(max(1, round(look.place * unit * min(self._k, 1.2)))))
        painter.setPen(QColor(look.text if presented else look.muted))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(place)
        painter.drawText(
            QRectF(right - wide - 1, area.y(), wide + 2, area.height()), Qt.AlignmentFlag.AlignVCenter, place
        )
        room = right - wide - side - x
        painter.setFont(theme.font(max(1, round(look.title * unit * min(self._k, 1.2))), theme.BOLD))
        painter.setPen(QPen(QColor(look.text)))
        title = QFontMetricsF(painter.font()).elidedText(half.title, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRectF(x, area.y(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, title)

    def _say_none(self, painter: QPainter, area: QRect) -> None:
        look, unit = self._look, self._unit()
        compared = self._halves is not None and self._halves.compared
        words = say("この版には、このページがありません") if compared else say("前のページはありません")
        painter.setFont(theme.font(max(1, round(look.title * unit))))
        painter.setPen(QColor(look.muted))
        painter.drawText(QRectF(area), Qt.AlignmentFlag.AlignCenter, words)
