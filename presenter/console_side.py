"""The console's side: the tabs 進行 and 修正, and the panel of the one that is open."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.corrections_panel import CorrectionsPanel
from presenter.panels import SidePanel


class ConsoleSide(QWidget):
    """One of both panels under the tabs. ``set_corrections_open`` changes it; the tabs run the action."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.course = SidePanel(actions)
        self.corrections = CorrectionsPanel(actions)
        self._tabs = Tab("進行"), Tab("修正")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, tab in enumerate(self._tabs):
            tab.clicked.connect(lambda _=False, place=place: self._chosen(actions, place == 1))
            row.addWidget(tab, 1)
        column.addLayout(row)
        column.addWidget(self.course, 1)
        column.addWidget(self.corrections, 1)
        self._open = False
        self.set_corrections_open(False)

    def _chosen(self, actions: Actions, corrections: bool) -> None:
        if corrections != self._open:
            actions.run("corrections")

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self.course.set_dense(dense)
        self.corrections.set_dense(dense)

    def set_corrections_open(self, opened: bool) -> None:
        """修正, or 進行."""
        self._open = opened
        self.course.setVisible(not opened)
        self.corrections.setVisible(opened)
        for place, tab in enumerate(self._tabs):
            tab.setChecked((place == 1) is opened)

    @property
    def corrections_open(self) -> bool:
        """Whether 修正 is the one shown."""
        return self._open

    def show_open(self, count: int) -> None:
        """How many corrections are open: a red disc on the tab, in sight whatever is shown."""
        self._tabs[1].show_count(count)


class Tab(QAbstractButton):
    """60 high; the open one is underlined."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words, self._count = words, 0
        self.setCheckable(True)
        self.setFixedHeight(60)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(say(words))

    def nextCheckState(self) -> None:
        """Whoever owns the tabs says which is open."""

    def show_count(self, count: int) -> None:
        """A red disc with this number; none for 0."""
        if count != self._count:
            self._count = count
            named = say("{name}　{n}", name=say(self._words), n=count) if count else say(self._words)
            self.setAccessibleName(named)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(Desk.CARD))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(Desk.LINE))
        painter.fillRect(0, 0, 1, self.height(), QColor(Desk.LINE))
        on = self.isChecked()
        if on:
            painter.fillRect(0, self.height() - 4, self.width(), 4, QColor(Desk.PRIMARY))
        painter.setFont(theme.font(18, theme.BOLD if on else theme.REGULAR))
        painter.setPen(QColor(Desk.PRIMARY if on else Desk.TEXT2))
        words = say(self._words)
        wide = painter.fontMetrics().horizontalAdvance(words)
        disc = 36 if self._count else 0
        left = (self.width() - wide - disc) / 2
        painter.drawText(QRectF(left, 0, wide + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        if self._count:
            spot = QRectF(left + wide + 10, self.height() / 2 - 14, 28, 28)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(Desk.ERR))
            painter.drawEllipse(spot)
            painter.setPen(QColor("#FFFFFF"))
            painter.setFont(theme.font(16, theme.BOLD))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(self._count))
