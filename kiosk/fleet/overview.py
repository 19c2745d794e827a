"""F1 稼働の状況: counters, what needs doing, and every display of the house."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from kiosk.fleet.board import FleetBoard
from kiosk.fleet.concern_list import ROW, ConcernList
from kiosk.fleet.counter import Counters
from kiosk.fleet.model import Condition, Fleet
from kiosk.fleet.parts import Picture, Words, button, card, page_column
from kiosk.fleet.words import CONDITION_ICONS, condition_word
from pageview.theme import Desk
from pageview.wording import era_date, say

COUNTED = (Condition.READY, Condition.BRIEFING, Condition.CAUTION, Condition.SILENT, Condition.OUT)
TONES = {
    Condition.READY: Desk.BODY,
    Condition.BRIEFING: Desk.PRIMARY,
    Condition.CAUTION: Desk.WARN_TEXT,
    Condition.SILENT: Desk.ERR,
    Condition.OUT: Desk.TEXT2,
    Condition.ASKING: Desk.TEXT2,
}
LINES = 4


class Overview(QWidget):
    """`refresh` paints what the fleet is now."""

    device_chosen = Signal(object)
    concern_chosen = Signal(object)
    export_asked = Signal()
    all_asked = Signal()
    adding_asked = Signal()

    def __init__(self, fleet: Fleet) -> None:
        super().__init__()
        self._fleet = fleet
        self._only: Condition | None = None
        column = page_column(self)
        column.addLayout(self._head())
        column.addWidget(self._counters())
        column.addWidget(self._concerns())
        column.addWidget(self._board(), 1)
        QShortcut(QKeySequence.StandardKey.Find, self, self._find)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Words(say("稼働の状況"), "h1"))
        self._moment = Words(role="secondary")
        self._moment.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._moment, 2)
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("部屋の名前で探す") + "  Ctrl+F")
        self.search.setAccessibleName(say("部屋の名前で探す"))
        self.search.setMinimumWidth(170)
        self.search.setMaximumWidth(300)
        self.search.setTextMargins(34, 0, 0, 0)
        self.search.setClearButtonEnabled(True)
        sign = Picture("search", 22, Desk.BODY)
        sign.setParent(self.search)
        sign.move(14, 14)
        self.search.textChanged.connect(lambda _text: self._look())
        self.search.returnPressed.connect(lambda: self.board.setFocus())
        row.addWidget(self.search, 1)
        row.addWidget(button(say("一覧を書き出す"), "download", self.export_asked.emit))
        return row

    def _counters(self) -> Counters:
        self._numbers = Counters(
            (each, CONDITION_ICONS[each], condition_word(each), TONES[each], each is Condition.SILENT)
            for each in COUNTED
        )
        self._numbers.pressed.connect(self._turn)
        self.counters = self._numbers.counters
        return self._numbers

    def _concerns(self) -> QFrame:
        made, column = card(0, 0)
        column.setContentsMargins(1, 10, 1, 4)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 4)
        head.addWidget(Words(say("要対応"), "title"))
        self._more = button("", "", self.all_asked.emit, "text", "sm")
        head.addWidget(self._more)
        head.addStretch(1)
        head.addWidget(Words(say("影響の大きい順"), "secondary"))
        column.addLayout(head)
        self.concerns = ConcernList(self._fleet, LINES)
        self.concerns.chosen.connect(self.concern_chosen)
        column.addWidget(self.concerns)
        return made

    def _board(self) -> QFrame:
        made, column = card(20, 6)
        column.setContentsMargins(20, 12, 20, 8)
        head = QHBoxLayout()
        head.setSpacing(16)
        title = Words(say("全ての会議室"), "title")
        title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        head.addWidget(title)
        self._count = Words(role="secondary")
        head.addWidget(self._count)
        self._legend = QWidget()
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        legend = QHBoxLayout(self._legend)
        legend.setContentsMargins(0, 0, 0, 0)
        legend.setSpacing(6)
        legend.addStretch(1)
        for condition in (*COUNTED, Condition.ASKING):
            entry = QWidget()
            row = QHBoxLayout(entry)
            row.setContentsMargins(0, 0, 10, 0)
            row.setSpacing(6)
            row.addWidget(Picture(CONDITION_ICONS[condition], 18, TONES[condition]))
            row.addWidget(Words(condition_word(condition), "secondary"))
            legend.addWidget(entry)
        self._asking = entry
        head.addWidget(self._legend, 1)
        column.addLayout(head)
        self.board = FleetBoard(self._fleet)
        self.board.chosen.connect(self.device_chosen)
        column.addWidget(self.board, 1)
        column.addWidget(self._nothing(), 1)
        return made

    def _nothing(self) -> QWidget:
        """In the board's place: that there is no display, and what to do."""
        self._none = QWidget()
        column = QVBoxLayout(self._none)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(16)
        self._why_none = Words("", wrap=True)
        column.addWidget(self._why_none)
        row = QHBoxLayout()
        self._add = button(say("ディスプレイの追加"), "add", self.adding_asked.emit, "primary", "lg")
        row.addWidget(self._add)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        return self._none

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window shows fewer lines, a narrow one leaves out what the chips say themselves."""
        super().resizeEvent(event)
        width, height = event.size().width(), event.size().height()
        self.concerns.set_lines(2 if height < 860 else 3 if height < 1_000 else LINES)
        self._legend.setVisible(width > 940)
        self._moment.setVisible(width > 860)

    # --- what is shown ----------------------------------------------------------------------------------

    def refresh(self, now: float) -> None:
        """``now``: seconds since 1970."""
        when = datetime.fromtimestamp(now)
        day = era_date(when.date(), year=False)
        self._moment.say(say("{day} {time} 現在", day=day, time=f"{when:%H:%M}"))
        self._numbers.show_counts(self._fleet.count, self._only)
        self._asking.setVisible(self._fleet.count(Condition.ASKING) > 0)
        concerns = self._fleet.concerns()
        self.concerns.show_concerns(concerns, now)
        self._more.setVisible(len(concerns) > self.concerns.sizeHint().height() // ROW)
        self._more.setText(say("全て見る（{n}件）", n=len(concerns)))
        if self._only is not None:
            self.board.search(self.search.text(), self._only)
        else:
            self.board.refresh()
        self._say_count()

    def _say_count(self) -> None:
        everything = len(self._fleet.displays)
        wanted = bool(self.search.text().strip()) or self._only is not None
        shown = self.board.shown_count() if wanted else everything
        both = say("{n}台のうち{shown}台", n=everything, shown=shown)
        self._count.say(both if wanted else say("{n}台", n=everything))
        self._none.setVisible(shown == 0)
        self.board.setVisible(shown > 0)
        self._add.setVisible(everything == 0)
        if everything:
            self._why_none.say(say("見つかりません。言葉を短くするか、上の数をもう一度押してください。"))
        else:
            self._why_none.say(say("ディスプレイがまだありません。新しいディスプレイを登録してください。"))

    def show_current(self, device: bytes | None) -> None:
        """The display whose detail is open."""
        self.board.show_current(device)
        self.concerns.show_current(device)

    def _turn(self, condition: Condition) -> None:
        self._only = None if self._only is condition else condition
        self._numbers.show_counts(self._fleet.count, self._only)
        self._look()

    def _look(self) -> None:
        self.board.search(self.search.text(), self._only)
        self._say_count()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()
