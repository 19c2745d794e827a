"""One line over the last six hours, with the mark above which it is worth a look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say

HOURS = 6 * 3_600.0


class Graph(QWidget):
    """``points``: (seconds since 1970, value). Without two of them there is nothing to draw, and it says
    so."""

    def __init__(self) -> None:
        super().__init__()
        self._points: Sequence[tuple[float, float]] = ()
        self._mark: float | None = None
        self._mark_words = ""
        self._now = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_points(
        self, points: Sequence[tuple[float, float]], mark: float | None, mark_words: str, now: float
    ) -> None:
        """Shows this from now on."""
        self._points = [point for point in points if point[0] > now - HOURS]
        self._mark, self._mark_words, self._now = mark, mark_words, now
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 112)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.font(14))
            painter.setPen(QColor(Desk.TEXT2))
            if len(self._points) < 2:
                words = say("測り始めたところです。")
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, words)
                return
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        values = [value for _, value in self._points] + ([self._mark] if self._mark is not None else [])
        low, high = min(values), max(values)
        spread = max(1.0, high - low)
        low, high = low - 0.15 * spread, high + 0.15 * spread
        start = max(self._points[0][0], self._now - HOURS)
        area = self.rect().adjusted(2, 8, -8, -26)

        def at(when: float, value: float) -> QPointF:
            x = area.left() + area.width() * (when - start) / max(1.0, self._now - start)
            return QPointF(x, area.bottom() - area.height() * (value - low) / (high - low))

        if self._mark is not None:
            y = at(start, self._mark).y()
            painter.setPen(QPen(QColor(Desk.WARN_BORDER), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(Desk.WARN_TEXT))
            above = y - area.top() > 20
            painter.drawText(QPointF(area.left(), y - 5 if above else y + 17), self._mark_words)
        path = QPainterPath(at(*self._points[0]))
        for point in self._points[1:]:
            path.lineTo(at(*point))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(Desk.PRIMARY), 2.5))
        painter.drawPath(path)
        painter.setBrush(QColor(Desk.PRIMARY))
        painter.drawEllipse(at(*self._points[-1]), 4.5, 4.5)
        painter.setPen(QColor(Desk.TEXT2))
        foot = QRect(area.left(), area.bottom() + 4, area.width() + 8, 22)
        for when, side in ((start, Qt.AlignmentFlag.AlignLeft), (self._now, Qt.AlignmentFlag.AlignRight)):
            painter.drawText(foot, side, f"{datetime.fromtimestamp(when):%H:%M}")
