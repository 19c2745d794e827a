"""The console's side: the tabs 進行, 修正 and 記録, and the panel of the one that is open."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.corrections_panel import CorrectionsPanel
from presenter.minutes.panel import MinutesPanel
from presenter.minutes.rows import Counts
from presenter.panels import SidePanel

MINUTES, MINUTES_DENSE = 752, 460
TAB, LEAST = 60, 60
"""How high a tab is, and how narrow it may become."""
LARGE, SMALL = 18, 14
BESIDE = 8
"""Between the words of a tab and its discs."""


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
            row.addWidget(tab)
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
    """The open one is underlined. Words become smaller, and then shorter, where there is no room for them."""

    DISCS = {"err": (Desk.ERR, "#FFFFFF"), "muted": ("#E3E7EF", Desk.TEXT)}

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words, self._count, self._look, self._carried = words, 0, "err", 0
        self.setCheckable(True)
        self.setFixedHeight(TAB)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
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
            self.updateGeometry()
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

    # --- how it looks -------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        discs = sum(_disc_width(count) + BESIDE for count, _ground, _ink in self._discs())
        return QSize(round(self._words_width(LARGE) + discs) + 20, TAB)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, TAB)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(Desk.CARD))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(Desk.LINE))
        painter.fillRect(0, 0, 1, self.height(), QColor(Desk.LINE))
        if self.isChecked():
            painter.fillRect(0, self.height() - 4, self.width(), 4, QColor(Desk.PRIMARY))
        discs = [(count, ground, ink, _disc_width(count)) for count, ground, ink in self._discs()]
        room = self.width() - 8 - sum(size + BESIDE for *_, size in discs)
        pixels = next((px for px in range(LARGE, SMALL, -1) if self._words_width(px) <= room), SMALL)
        face = self._face(pixels)
        words = QFontMetricsF(face).elidedText(say(self._words), Qt.TextElideMode.ElideRight, room)
        wide = QFontMetricsF(face).horizontalAdvance(words)
        left = (self.width() - wide - sum(size + BESIDE for *_, size in discs)) / 2
        painter.setFont(face)
        painter.setPen(QColor(Desk.PRIMARY if self.isChecked() else Desk.TEXT2))
        painter.drawText(QRectF(left, 0, wide + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        left += wide + BESIDE
        for count, ground, ink, size in discs:
            spot = QRectF(left, self.height() / 2 - 14, size, 28)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(spot, 14, 14)
            painter.setPen(QColor(ink))
            painter.setFont(theme.font(16, theme.BOLD))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(count))
            left += size + BESIDE

    def _discs(self) -> list[tuple[int, str, str]]:
        """(number, ground, ink) of each."""
        discs = [(self._count, *self.DISCS[self._look])] if self._count else []
        return [*discs, (self._carried, Desk.WARN, Desk.TEXT)] if self._carried else discs

    def _face(self, pixels: int) -> QFont:
        return theme.font(pixels, theme.BOLD if self.isChecked() else theme.REGULAR)

    def _words_width(self, pixels: int) -> float:
        """Of the heavier letters, so that opening a tab moves none of them."""
        return QFontMetricsF(theme.font(pixels, theme.BOLD)).horizontalAdvance(say(self._words))


def _disc_width(count: int) -> float:
    """Round up to two digits, longer for more."""
    return max(28, QFontMetricsF(theme.font(16, theme.BOLD)).horizontalAdvance(str(count)) + 14)
