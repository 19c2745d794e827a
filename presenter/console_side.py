"""The console's side: the tabs 進行, 修正 and 記録, and the panel of the one that is open."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.corrections_panel import CorrectionsPanel
from presenter.minutes.panel import MinutesPanel
from presenter.minutes.rows import Counts
from presenter.panels import SidePanel

MINUTES, MINUTES_DENSE = 752, 460


class Side(Enum):
    """What can stand at the side; the action that opens it, or brings 進行 back, has the same name."""

    COURSE = auto()
    CORRECTIONS = auto()
    MINUTES = auto()


WORDS = {Side.COURSE: "進行", Side.CORRECTIONS: "修正", Side.MINUTES: "記録"}


class ConsoleSide(QWidget):
    """One of the panels under the tabs. ``show_side`` changes it; the tabs run the action."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.course = SidePanel(actions)
        self.corrections = CorrectionsPanel(actions)
        self.minutes = MinutesPanel(actions)
        self._panels: dict[Side, QWidget] = {
            Side.COURSE: self.course,
            Side.CORRECTIONS: self.corrections,
            Side.MINUTES: self.minutes,
        }
        self._tabs = {side: Tab(words) for side, words in WORDS.items()}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for side, tab in self._tabs.items():
            tab.clicked.connect(lambda _=False, side=side: self._chosen(actions, side))
            row.addWidget(tab, 1)
        column.addLayout(row)
        for panel in self._panels.values():
            column.addWidget(panel, 1)
        self.shown = Side.COURSE
        self.show_side(Side.COURSE)

    def _chosen(self, actions: Actions, side: Side) -> None:
        if side is Side.COURSE and self.shown is not side:
            actions.run(self.shown.name.lower())
        elif side is not self.shown:
            actions.run(side.name.lower())

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self.course.set_dense(dense)
        self.corrections.set_dense(dense)
        self.minutes.set_dense(dense)
        self.minutes.setFixedWidth(MINUTES_DENSE if dense else MINUTES)

    def show_side(self, side: Side) -> None:
        """That panel, and no other."""
        self.shown = side
        for each, panel in self._panels.items():
            panel.setVisible(each is side)
            self._tabs[each].setChecked(each is side)

    @property
    def corrections_open(self) -> bool:
        """Whether 修正 is the one shown."""
        return self.shown is Side.CORRECTIONS

    def show_open(self, count: int) -> None:
        """How many corrections are open: a red disc on the tab, in sight whatever is shown."""
        self._tabs[Side.CORRECTIONS].show_count(count)

    def show_minutes(self, counts: Counts) -> None:
        """How many items there are: a grey disc; and beside it, how many questions are carried."""
        self._tabs[Side.MINUTES].show_count(counts.items, "muted", counts.carried)


class Tab(QAbstractButton):
    """60 high; the open one is underlined."""

    DISCS = {"err": (Desk.ERR, "#FFFFFF"), "muted": ("#E3E7EF", Desk.TEXT)}

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words, self._count, self._look, self._carried = words, 0, "err", 0
        self.setCheckable(True)
        self.setFixedHeight(60)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._say()

    def nextCheckState(self) -> None:
        """Whoever owns the tabs says which is open."""

    def show_count(self, count: int, look: str = "err", carried: int = 0) -> None:
        """A disc with this number; none for 0. ``carried``: 持ち帰り, in amber beside it."""
        if (count, look, carried) != (self._count, self._look, self._carried):
            self._count, self._look, self._carried = count, look, carried
            self._say()
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        named = say(self._words)
        if self._count:
            named = say("{name}　{n}", name=named, n=self._count)
        carried = say("持ち帰り {n}", n=self._carried) if self._carried else ""
        self.setAccessibleName(f"{named} {carried}".strip())
        self.setToolTip(carried)

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
        discs = [(self._count, *self.DISCS[self._look])] if self._count else []
        if self._carried:
            discs.append((self._carried, Desk.WARN, Desk.TEXT))
        sizes = [self._disc_width(painter, count) for count, _ground, _ink in discs]
        left = (self.width() - wide - sum(size + 8 for size in sizes)) / 2
        painter.drawText(QRectF(left, 0, wide + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        left += wide + 10
        for (count, ground, ink), size in zip(discs, sizes, strict=True):
            spot = QRectF(left, self.height() / 2 - 14, size, 28)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(spot, 14, 14)
            painter.setPen(QColor(ink))
            painter.setFont(theme.font(16, theme.BOLD))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(count))
            left += size + 8

    def _disc_width(self, painter: QPainter, count: int) -> float:
        """Round up to two digits, longer for more."""
        painter.setFont(theme.font(16, theme.BOLD))
        wide = max(28, painter.fontMetrics().horizontalAdvance(str(count)) + 14)
        painter.setFont(theme.font(18, theme.BOLD if self.isChecked() else theme.REGULAR))
        return wide
