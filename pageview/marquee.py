"""A drag over a page with the mouse: a rectangle is drawn, or boxes are carried elsewhere. Once only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from pageview import ink_painting, theme
from pageview.theme import Desk
from protocol.values import PageId, Rect

if TYPE_CHECKING:
    from pageview.page_view import PageView

LEAST_PX: Final = 4
"""Logical pixels: a shorter drag is none."""
MARGIN_PX: Final = 16
_EDGE, _GROUND = QColor("#0017C1"), QColor(0, 23, 193, 40)


class Marquee(QWidget):
    """Lies over ``view`` and takes the next drag. Esc, another button and a click without a drag give it up.

    ``words`` say what is to be dragged, until it is. ``carried``: boxes in page space that go along; without
    them a rectangle is drawn, or, ``pulled``, a line from what is meant to where it shall be.
    """

    drawn = Signal(object, object, object)
    """(page_id, where it began, where it ended), both points (x, y) in page space."""

    def __init__(
        self, view: PageView, words: str, carried: Sequence[Rect] = (), *, pulled: bool = False
    ) -> None:
        super().__init__(view)
        self._words = words
        self._view, self._carried, self._pulled = view, tuple(carried), pulled
        self._page_id: PageId | None = None
        self._from, self._to = QPointF(), QPointF()
        self.setGeometry(view.rect())
        self.setCursor(Qt.CursorShape.SizeAllCursor if carried else Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownKeys", True)
        self.setProperty("focusRing", False)
        self.setAccessibleName(words)
        self.show()
        self.setFocus()

    def give_up(self) -> None:
        """Nothing was drawn."""
        self.hide()
        self._view.setFocus()
        self.deleteLater()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self._view.page_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or spot is None:
            self.give_up()
            return
        self._page_id = spot[0]
        self._from = self._to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._page_id is not None:
            self._to = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        page_id, far = self._page_id, (event.position() - self._from).manhattanLength()
        if page_id is not None and event.button() == Qt.MouseButton.LeftButton and far >= LEAST_PX:
            ends = (self._view.page_near(at, page_id) for at in (self._from, event.position()))
            self.drawn.emit(page_id, *ends)
        self.give_up()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_EDGE, 2, Qt.PenStyle.DashLine))
        painter.setBrush(_GROUND)
        far = self._to - self._from
        for box in self._boxes():
            painter.drawRect(box.translated(far))
        if self._page_id is None:
            self._say(painter)
        elif self._carried:
            return
        elif self._pulled:
            painter.drawLine(self._from, self._to)
            painter.drawEllipse(self._to, 6, 6)
        else:
            painter.drawRect(QRectF(self._from, self._to).normalized())

    def _say(self, painter: QPainter) -> None:
        """At the top, or at the foot where it would cover what is carried."""
        painter.setFont(theme.font(18, theme.BOLD))
        metrics = painter.fontMetrics()
        wide, high = metrics.horizontalAdvance(self._words) + 40, metrics.height() + 20
        label = QRectF((self.width() - wide) / 2, MARGIN_PX, wide, high)
        if any(box.intersects(label) for box in self._boxes()):
            label.moveBottom(self.height() - MARGIN_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Desk.TEXT))
        painter.drawRoundedRect(label, high / 2, high / 2)
        painter.setPen(QColor(Desk.CARD))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._words)

    def _boxes(self) -> list[QRectF]:
        place, ratio = self._view.placement(), self._view.devicePixelRatioF()
        if place is None:
            return []
        onto = ink_painting.to_pixels(place)
        found = []
        for box in self._carried:
            rect = onto.mapRect(QRectF(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0))
            found.append(QRectF(rect.topLeft() / ratio, rect.size() / ratio))
        return found
