"""The foot of a window around a page: keys that act at the left, the way through the pages at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.buttons import ActionButton, ToolKey
from presenter.console_state import PageFacts
from presenter.labels import frame


class ToolRow(QFrame):
    """96 px high, 80 where the window is small.

    A rule stands between the keys that act on the page and the others. ``spare`` go first, in this order,
    where the row is too long.
    """

    def __init__(
        self,
        actions: Actions,
        on_the_page: Sequence[ToolKey],
        others: Sequence[ToolKey],
        spare: Sequence[ToolKey] = (),
    ) -> None:
        super().__init__()
        self.setProperty("role", "footer")
        self._keys, self._spare = (*on_the_page, *others), spare
        self._row = QHBoxLayout(self)
        for key in on_the_page:
            self._row.addWidget(key)
        rule = frame("vline")
        rule.setFixedHeight(64)
        self._row.addSpacing(8)
        self._row.addWidget(rule)
        self._row.addSpacing(8)
        for key in others:
            self._row.addWidget(key)
        self._row.addStretch(1)
        self.back = ActionButton(actions["back"], "前へ", "chevron_left")
        self.next = ActionButton(actions["next"], "次へ", "chevron_right", "primary")
        self.next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.count = PageCount()
        for button in (self.back, self.next):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for widget in (self.back, self.count, self.next):
            self._row.addWidget(widget)

    def set_dense(self, dense: bool) -> None:
        """The small form: no key caps."""
        self.setFixedHeight(80 if dense else Desk.FOOTER)
        side = 12 if dense else 24
        self._row.setContentsMargins(side, 0, side, 0)
        self._row.setSpacing(0 if dense else 4)
        for key in self._keys:
            key.set_dense(dense)
        for button in (self.back, self.next):
            wide, high, size = (104, 56, 18) if dense else (132, 64, 20)
            button.setStyleSheet(
                f"QPushButton {{ min-width: {wide - 42}px; min-height: {high - 2}px;"
                f" font-size: {size}px; padding: 0 20px; }}"
            )
        self._leave_out(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._leave_out(event.size().width())

    def minimumSizeHint(self) -> QSize:
        return QSize(640, self.height())

    def _leave_out(self, width: int) -> None:
        """Where the row is too long, the keys that a wheel or a finger does as well go first."""
        margins = self._row.contentsMargins()
        right = sum(widget.sizeHint().width() for widget in (self.back, self.count, self.next))
        left = (
            sum(key.sizeHint().width() + self._row.spacing() for key in self._keys)
            + 18
            + 2 * self._row.spacing()
        )
        spare = width - margins.left() - margins.right() - right - left - 3 * self._row.spacing() - 8
        for key in self._spare:
            key.setVisible(spare >= 0)
            if spare < 0:
                spare += key.sizeHint().width() + self._row.spacing()

    def event(self, event: QEvent) -> bool:
        # A key says other words: of its state, or in another language, which it hears of later than the row.
        if event.type() == QEvent.Type.LayoutRequest:
            self._leave_out(self.width())
        return super().event(event)


class PageCount(QWidget):
    """7 / 24"""

    def __init__(self) -> None:
        super().__init__()
        self._page = PageFacts()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_page(self, page: PageFacts) -> None:
        if page != self._page:
            self._page = page
            self.setAccessibleName(say("{pages}ページのうち{page}ページ", pages=page.pages, page=page.number))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        widest = "0" * len(str(self._page.pages))
        big = QFontMetrics(theme.font(28, theme.BOLD)).horizontalAdvance(widest)
        return QSize(big + QFontMetrics(theme.font(18)).horizontalAdvance(f" / {widest}") + 36, 56)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.show_page(self._page)
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        number, rest = str(self._page.number), f" / {self._page.pages}"
        bold, small = theme.font(28, theme.BOLD), theme.font(18)
        width = QFontMetrics(bold).horizontalAdvance(number)
        whole = width + QFontMetrics(small).horizontalAdvance(rest)
        left = (self.width() - whole) / 2
        painter.setFont(bold)
        painter.setPen(QColor(Desk.TEXT))
        painter.drawText(QRectF(left, 0, width + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, number)
        painter.setFont(small)
        painter.setPen(QColor(Desk.TEXT2))
        area = QRectF(left + width, 3, whole - width + 4, self.height() - 3)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, rest)
