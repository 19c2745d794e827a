"""記録: how many questions there are and how far they are, the items, and the field for the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.keys import LEFT_BY_ESCAPE
from presenter.labels import Chip, Elided, Icon, Label, frame
from presenter.menus import DeskMenu
from presenter.minutes.editor import MinutesEditor
from presenter.minutes.list import MinutesList
from presenter.minutes.row_look import fitting
from presenter.minutes.rows import KIND, KIND_WORDS, Counts, MinutesRow
from protocol.minutes import ItemState, MinutesKind

NONE_YET = "記録は、まだありません。種類を選んで、下の欄に書いてください。"
NONE_TO_READ = "記録は、まだありません。"
KEY_NAMES = {kind: f"minutes_{kind.name.lower()}" for kind in KIND}
"""The action that begins an item of each kind."""


REPLIES_ASKED = {
    KIND.QUESTION: (
        (ItemState.ANSWERED, "その場で回答"),
        (ItemState.CARRIED, "持ち帰り"),
        (ItemState.WAITING, "回答を待つ"),
        (ItemState.WITHDRAWN, "取下げ"),
    ),
    KIND.HOMEWORK: (
        (ItemState.TO_DO, "これから行う"),
        (ItemState.DONE, "済み"),
        (ItemState.WITHDRAWN, "取下げ"),
    ),
}


class MinutesPanel(QFrame):
    """``new`` is where the next item is typed, ``there`` where one that stands in the list is."""

    came_in_sight = Signal()
    """Its rows may be old."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty(LEFT_BY_ESCAPE, True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"MinutesPanel {{ background: {Desk.CARD}; border-left: 1px solid {Desk.LINE}; }}")
        self.list = MinutesList()
        self.new, self.there = MinutesEditor("次の項目"), MinutesEditor()
        self.there.setParent(self.list.viewport())
        self.there.hide()
        self.there.grown.connect(self.list.editor_grown)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        self._bar = _Bar()
        column.addWidget(self._bar)
        column.addWidget(frame("line"))
        column.addWidget(self.list, 1)
        self._foot = QWidget()
        inside = QVBoxLayout(self._foot)
        inside.setSpacing(12)
        self._row = keys = QHBoxLayout()
        self._keys = [_KindKey(kind) for kind in KIND]
        for key in self._keys:
            key.clicked.connect(lambda _=False, kind=key.kind: actions.run(KEY_NAMES[kind]))
            keys.addWidget(key, 1)
        inside.addLayout(keys)
        inside.addWidget(self.new)
        column.addWidget(frame("line"))
        column.addWidget(self._foot)
        self.set_dense(True)
        self.show_kind(KIND.SAID)
        self.set_writable(True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.came_in_sight.emit()

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        side = 14 if dense else 24
        self._bar.set_dense(dense)
        self.list.set_dense(dense)
        inside = self._foot.layout()
        assert inside is not None
        inside.setContentsMargins(side, 12, side, 12)
        self._row.setSpacing(4 if dense else 8)
        for key in self._keys:
            key.set_dense(dense)

    def set_writable(self, writable: bool) -> None:
        """Whether whoever looks may write, or only read."""
        self._foot.setVisible(writable)
        self.list.set_writable(writable, NONE_YET if writable else NONE_TO_READ)
        if not writable:
            self.list.close_editor()

    @property
    def writable(self) -> bool:
        """Whether one may write here."""
        return self.list.writable

    def show_rows(self, rows: Sequence[MinutesRow]) -> None:
        """Shows these and nothing else."""
        self.list.show_rows(rows)

    def show_counts(self, counts: Counts) -> None:
        """In the bar."""
        self._bar.show_counts(counts)

    def show_typists(self, names: Sequence[str]) -> None:
        """Who else types."""
        self._bar.show_typists(names)

    def show_kind(self, kind: MinutesKind) -> None:
        """Of the item in hand, or of the next one."""
        for key in self._keys:
            key.setChecked(key.kind is kind)

    def clear(self) -> None:
        """Nothing of a briefing stays in any field."""
        self.list.close_editor()
        self.list.show_rows(())
        self.new.clear()
        self.there.clear()
        self.show_counts(Counts())
        self.show_typists(())


class _Bar(QWidget):
    """質問 2件, how many of them were answered and carried, and who else types."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(60)
        self._dense, self._counts = False, Counts()
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        self._questions = Label("質問 {n}件", "title")
        self._answered = Chip("check_circle-fill", "その場で回答 {n}", "ok")
        self._carried = Chip("assignment_returned", "持ち帰り {n}", "carried")
        self._sign = Icon("groups-fill", 20, "#00706B")
        self._typists = Elided(role="secondary")
        for widget in (self._questions, self._answered, self._carried):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self._sign)
        self._row.addWidget(self._typists)
        self.show_counts(Counts())
        self.show_typists(())

    def set_dense(self, dense: bool) -> None:
        """The small form: what a sign says is not said beside it as well."""
        self._dense = dense
        side = 14 if dense else 24
        self._row.setContentsMargins(side, 0, side, 0)
        self.show_counts(self._counts)

    def show_counts(self, counts: Counts) -> None:
        self._counts = counts
        self._questions.set_words("質問 {n}件", n=counts.questions)
        for chip, words, count in (
            (self._answered, "その場で回答 {n}", counts.answered),
            (self._carried, "持ち帰り {n}", counts.carried),
        ):
            chip.label.set_words("{n}" if self._dense else words, n=count)
            chip.setToolTip(say(words, n=count))
            chip.setVisible(bool(count))

    def show_typists(self, names: Sequence[str]) -> None:
        self._sign.setVisible(bool(names))
        self._typists.setVisible(bool(names))
        if len(names) == 1:
            self._typists.set_words("{name}さんも入力中", name=names[0])
        elif names:
            self._typists.set_words("{name}さんほか{n}人も入力中", name=names[0], n=len(names) - 1)


class _KindKey(QAbstractButton):
    """Alt+2 質問."""

    def __init__(self, kind: MinutesKind) -> None:
        super().__init__()
        self.kind = kind
        self._dense = False
        self.setCheckable(True)
        self.setFixedHeight(Desk.TARGET)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._say()

    def nextCheckState(self) -> None:
        """Whoever has the item in hand says which kind it is."""

    def set_dense(self, dense: bool) -> None:
        self._dense = dense
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(50 if self._dense else 104, Desk.TARGET)

    def minimumSizeHint(self) -> QSize:
        return QSize(44, Desk.TARGET)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self._key = f"Alt+{self.kind.value + 1}"
        self.setAccessibleName(say(KIND_WORDS[self.kind]))
        self.setToolTip(f"{say(KIND_WORDS[self.kind])}  {self._key}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        ground = Desk.PRIMARY_WEAK if on or self.underMouse() else Desk.CARD
        painter.setPen(QPen(QColor(Desk.PRIMARY if on else Desk.BORDER), 2 if on else 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        words, bold = say(KIND_WORDS[self.kind]), theme.font(17, theme.BOLD)
        longest = max(map(say, KIND_WORDS.values()), key=QFontMetricsF(bold).horizontalAdvance)
        cap = QFontMetricsF(theme.font(13)).horizontalAdvance(self._key) + 10
        # All six alike: in one size, and with the key in front of each or of none.
        capped = not self._dense and fitting(longest, self.width() - cap - 17, 17, bold=True) == bold
        room = self.width() - 8 - (cap + 9 if capped else 0)
        size = fitting(longest, room, 16 if self._dense else 17, bold=True).pixelSize()
        painter.setFont(theme.font(size, theme.BOLD if on else theme.REGULAR))
        painter.setPen(QColor(Desk.PRIMARY if on else Desk.TEXT))
        wide = painter.fontMetrics().horizontalAdvance(words)
        if not capped:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
            return
        left = (self.width() - cap - 7 - wide) / 2
        painter.drawText(
            QRectF(left + cap + 7, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words
        )
        box = QRectF(left, (self.height() - 22) / 2, cap, 22)
        painter.setFont(theme.font(13))
        painter.setPen(QPen(QColor(Desk.BORDER), 1))
        painter.setBrush(QColor(Desk.CARD))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(Desk.TEXT2))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)


class RowMenu(DeskMenu):
    """What can be done with one item."""

    kind_wanted = Signal(object)
    reply_wanted = Signal(object)
    """ItemState"""
    here_wanted = Signal()
    edit_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, parent: QWidget, row: MinutesRow) -> None:
        super().__init__(parent)
        self._add("文言を直す", self.edit_wanted.emit)
        if row.kind in REPLIES_ASKED:
            self.addSeparator()
            for state, words in REPLIES_ASKED[row.kind]:
                self._add(words, partial(self.reply_wanted.emit, state), on=row.state is state)
        self.addSeparator()
        replied = row.state not in (None, ItemState.WAITING, ItemState.TO_DO)
        for kind in KIND:
            line = self._add(KIND_WORDS[kind], partial(self.kind_wanted.emit, kind), on=row.kind is kind)
            line.setEnabled(not replied or row.kind is kind)
        self.addSeparator()
        self._add("いまのページの話にする", self.here_wanted.emit)
        self._add("項目を消す", self.remove_wanted.emit).setEnabled(row.may_remove)

    def _add(self, words: str, does: Callable[[], object], *, on: bool | None = None) -> QAction:
        line = self.addAction(say(words))
        if on is not None:
            line.setCheckable(True)
            line.setChecked(on)
        line.triggered.connect(lambda _checked=False: does())
        return line

    def open_at(self, corner: QPoint) -> None:
        """There on the screen."""
        self.aboutToHide.connect(self.deleteLater)
        self.popup(corner)
