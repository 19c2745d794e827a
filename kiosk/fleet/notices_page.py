"""F3 お知らせの掲示: words for one wall, some walls or all of them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from kiosk.fleet.model import Condition, Display, Fleet
from kiosk.fleet.parts import Words, button, card, page_column
from kiosk.fleet.words import name_of
from pageview.wording import say
from protocol.manage import NOTICE_LIMIT, NOTICE_MINUTES, Notice


def _spans() -> tuple[tuple[str, int], ...]:
    """Words and minutes; 0: what is left of today."""
    return (
        (say("30分"), 30),
        (say("1時間"), 60),
        (say("3時間"), 180),
        (say("きょう一日"), 0),
        (say("3日"), 4_320),
        (say("1週間"), 10_080),
        (say("2週間"), NOTICE_MINUTES),
    )


def _left_of_today() -> int:
    now = datetime.now()
    return max(1, 1_440 - now.hour * 60 - now.minute)


class NoticesPage(QWidget):
    """`posted` says what is to be shown, and at which displays."""

    posted = Signal(object, object)
    """(Notice, tuple of device ids)"""

    def __init__(self, fleet: Fleet, may_order: bool = True) -> None:
        super().__init__()
        self._fleet = fleet
        column = page_column(self, scrolls=True)
        column.addWidget(Words(say("お知らせの掲示"), "h1"))
        lead = say("待機中の画面の下に出ます。説明中の画面には、緊急のときだけ出ます。")
        column.addWidget(Words(lead, "secondary", wrap=True))
        form, fields = card(28, 14)
        form.setMaximumWidth(980)
        form.setEnabled(may_order)
        if not may_order:
            column.addWidget(Words(say("この管理の端末は、見ることだけできます"), "body", "err", wrap=True))
        column.addWidget(form)
        column.addStretch(1)
        label = say("言葉（{n}文字まで）", n=NOTICE_LIMIT)
        fields.addWidget(Words(label, "title"))
        self.text = QLineEdit()
        self.text.setAccessibleName(label)
        self.text.setMaxLength(NOTICE_LIMIT)
        self.text.setPlaceholderText(say("例：16時から17時まで、この階は停電します"))
        self.text.textChanged.connect(lambda _text: self._tell())
        fields.addWidget(self.text)
        fields.addWidget(Words(say("どこに"), "title"))
        self.where = QComboBox()
        self.where.setAccessibleName(say("どこに"))
        self.where.currentIndexChanged.connect(lambda _place: self._tell())
        fields.addWidget(self.where)
        fields.addWidget(Words(say("いつまで"), "title"))
        self.until = QComboBox()
        self.until.setAccessibleName(say("いつまで"))
        self.until.setMaximumWidth(320)
        for words, minutes in _spans():
            self.until.addItem(words, minutes)
        self.until.setCurrentIndex(1)
        fields.addWidget(self.until)
        self.emergency = QCheckBox(say("緊急：説明中の画面にも、全面に出す"))
        self.emergency.toggled.connect(lambda _on: self._tell())
        fields.addWidget(self.emergency)
        self._what = Words("", "secondary", wrap=True)
        fields.addWidget(self._what)
        row = QHBoxLayout()
        self._post = button(say("お知らせを出す"), "check", self._send, "primary", "lg")
        self._clear = button(say("お知らせを消す"), "delete", self._take_away)
        row.addWidget(self._post)
        row.addWidget(self._clear)
        row.addStretch(1)
        fields.addLayout(row)
        self._laid: object = None
        self.refresh()

    def refresh(self) -> None:
        """Displays came or went."""
        laid = self._fleet.layout, self._fleet.revoked
        if self._laid != laid:
            self._laid = laid
            chosen = self.where.currentData()
            self.where.blockSignals(True)
            self.where.clear()
            self.where.addItem(say("全ての会議室"), ("all", ""))
            displays = sorted(self._displays(), key=lambda each: each.number)
            for building in dict.fromkeys(each.building for each in displays if each.building):
                self.where.addItem(building, ("building", building))
            for each in displays:
                self.where.addItem(f"{each.number}  {name_of(each)}", ("one", each.device.hex()))
            self._select(chosen)
            self.where.blockSignals(False)
        self._tell()

    def choose(self, device: bytes) -> None:
        """For this one."""
        self._select(("one", device.hex()))
        self.text.setFocus()

    def _select(self, wanted: object) -> None:
        for place in range(self.where.count()):
            if self.where.itemData(place) == wanted:
                self.where.setCurrentIndex(place)
                return
        self.where.setCurrentIndex(0)

    def devices(self) -> tuple[bytes, ...]:
        """Those that are meant, whether or not they answer; one that was revoked is not."""
        found = self.where.currentData()
        if found is None:
            return ()
        kind, value = found

        def meant(each: Display) -> bool:
            if kind == "all":
                return True
            return each.building == value if kind == "building" else each.device.hex() == value

        return tuple(each.device for each in self._displays() if meant(each))

    def _displays(self) -> list[Display]:
        revoked = self._fleet.revoked
        return [each for device, each in self._fleet.displays.items() if device not in revoked]

    def _tell(self) -> None:
        devices = self.devices()
        linked = [each for each in devices if self._fleet.displays[each].linked]
        busy = sum(self._fleet.condition(each) is Condition.BRIEFING for each in linked)
        silent, emergency = len(devices) - len(linked), self.emergency.isChecked()
        self._post.setEnabled(bool(self.text.text().strip()) and bool(devices))
        self._clear.setEnabled(bool(devices))
        told = say("{n}台に出ます。", n=len(linked) if emergency else len(linked) - busy)
        if busy and emergency:
            told += say("うち{n}台は説明中で、資料の上に出ます。", n=busy)
        elif busy:
            told += say("説明中の{n}台には、終わってから出ます。", n=busy)
        if silent:
            told += say("応答しない{n}台には、戻ったときに出ます。", n=silent)
        self._what.say(told if devices else say("ディスプレイがまだありません。"))

    def _send(self) -> None:
        minutes = self.until.currentData() or _left_of_today()
        notice = Notice(self.text.text().strip(), minutes, self.emergency.isChecked())
        self.posted.emit(notice, self.devices())

    def _take_away(self) -> None:
        self.posted.emit(Notice("", 1, False), self.devices())
