"""朝の自己点検: whether every room is fit for the day, before anybody is in it."""

from __future__ import annotations

from collections import Counter as Counts
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kiosk.fleet.counter import Counters
from kiosk.fleet.model import Condition, Fleet
from kiosk.fleet.parts import Words, button, card, page_column
from kiosk.fleet.self_test_list import LOOKS, SelfTestList
from kiosk.fleet.self_tests import Mark, Row, mark_word, rows, silent_names
from pageview.wording import era_date, say

COUNTED = (Mark.GOOD, Mark.LOOK, Mark.BAD, Mark.SILENT, Mark.LEFT_OUT)
"""What waits or runs counts as not done yet."""
MANY, MANY_SECONDS = 1_000, 3.0
LOUD = (Mark.BAD, Mark.SILENT)
NOT_YET = (Mark.LEFT_OUT, Mark.WAITING, Mark.RUNNING)


def _look(mark: Mark) -> tuple[str, str, str, bool]:
    """Icon, word, colour, and whether any at all is bad news."""
    icon, color = LOOKS[mark]
    return icon, mark_word(mark), color, mark in LOUD


class SelfTestPage(QWidget):
    """`refresh` paints what the fleet has told; ``may_order``: this console's role."""

    asked = Signal(object)
    """Devices that are to test themselves now."""
    device_chosen = Signal(object)
    export_asked = Signal()

    def __init__(self, fleet: Fleet, may_order: bool) -> None:
        super().__init__()
        self._fleet, self._may_order = fleet, may_order
        self._only: Mark | None = None
        self._seen: tuple[object, ...] = ()
        self._made = 0.0
        self.rows: tuple[Row, ...] = ()
        column = page_column(self)
        column.addLayout(self._head())
        column.addWidget(self._counters())
        column.addLayout(self._orders())
        box, under = card(0, 0)
        under.setContentsMargins(1, 8, 1, 8)
        self.list = SelfTestList()
        self.list.opened.connect(self.device_chosen)
        self.list.chosen_changed.connect(self._offer)
        under.addWidget(self.list)
        self._none = Words("", "secondary", wrap=True)
        self._none.setContentsMargins(20, 12, 20, 12)
        under.addWidget(self._none)
        column.addWidget(box, 1)
        self._offer()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Words(say("朝の自己点検"), "h1"))
        self._moment = Words(role="secondary")
        self._moment.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._moment, 3)
        row.addStretch(1)
        row.addWidget(button(say("一覧を書き出す"), "download", self.export_asked.emit))
        return row

    def _orders(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.run_chosen = button(say("選んだ部屋を点検する"), "", self._ask_chosen, "primary")
        self.run_all = button(say("全て点検する"), "play_circle-fill", self._ask_all)
        row.addWidget(self.run_chosen)
        row.addWidget(self.run_all)
        self._silent = Words("", "body", "err", wrap=True)
        row.addWidget(self._silent, 1)
        return row

    def _counters(self) -> Counters:
        self._numbers = Counters((mark, *_look(mark)) for mark in COUNTED)
        self._numbers.pressed.connect(self._turn)
        return self._numbers

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What the clock says too gives way first."""
        super().resizeEvent(event)
        self._moment.setVisible(event.size().width() > 760)

    # --- what is shown ----------------------------------------------------------------------------------

    def refresh(self, now: float) -> None:
        """``now``: seconds since 1970."""
        when = datetime.fromtimestamp(now)
        day = era_date(when.date(), year=False)
        self._moment.say(say("{day} {time} 現在", day=day, time=f"{when:%H:%M}"))
        fleet = self._fleet
        seen = fleet.layout, fleet.turns, fleet.tests, when.date(), len(fleet.displays)
        # Thousands that test themselves at the same hour: now and then is enough.
        soon = len(fleet.displays) > MANY and abs(now - self._made) < MANY_SECONDS
        if seen != self._seen and not soon:
            self._seen, self._made = seen, now
            self.rows = rows(fleet, now)
            self._show()

    def _show(self) -> None:
        counts = Counts(Mark.LEFT_OUT if row.mark in NOT_YET else row.mark for row in self.rows)
        self._numbers.show_counts(counts.__getitem__, self._only)
        shown = tuple(row for row in self.rows if self._only is None or self._is_of(row.mark))
        self.list.show_rows(shown)
        names = silent_names(self.rows)
        self._silent.say(say("応答がないディスプレイ：{names}", names=names) if names else "")
        self._none.setVisible(not shown)
        self.list.setVisible(bool(shown))
        if self.rows:
            self._none.say(say("ありません。上の数をもう一度押すと、全ての部屋が出ます。"))
        else:
            self._none.say(say("ディスプレイがまだありません。新しいディスプレイを登録してください。"))
        self._offer()

    def _is_of(self, mark: Mark) -> bool:
        return mark in NOT_YET if self._only is Mark.LEFT_OUT else mark is self._only

    def _turn(self, mark: Mark) -> None:
        self._only = None if self._only is mark else mark
        self._show()

    # --- what is ordered --------------------------------------------------------------------------------

    def _free(self, devices: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """Those that answer and are not in a briefing: their test waits by itself."""
        return tuple(
            each
            for each in devices
            if self._fleet.displays[each].linked and self._fleet.condition(each) is not Condition.BRIEFING
        )

    def _offer(self) -> None:
        chosen = self.list.chosen()
        free = self._free(tuple(each for each in chosen if each in self._fleet.displays))
        self.run_chosen.setEnabled(self._may_order and bool(free))
        self.run_all.setEnabled(self._may_order and bool(self.rows))

    def _ask_all(self) -> None:
        self.asked.emit(self._free(tuple(row.device for row in self.rows)))

    def _ask_chosen(self) -> None:
        self.asked.emit(self._free(self.list.chosen()))
