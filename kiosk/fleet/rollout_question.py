"""Before templates are put into effect: room by room what would change, nothing being sent; and which edition
to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from time import perf_counter

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QListWidget, QTreeWidget, QTreeWidgetItem, QWidget

from kiosk.fleet.dialogs import Question
from kiosk.fleet.forecast import Forecast
from kiosk.fleet.hands import Hands, hand_words
from kiosk.fleet.setting_words import setting_words
from kiosk.fleet.template_folder import Edition
from kiosk.fleet.templates import Difference, place_words, value_words
from kiosk.fleet.words import name_of
from pageview.wording import say

OPENED = 100
"""Rooms that are shown opened; of more, each is opened by whoever wants to see it."""
MOMENT = 0.005
"""Seconds for which the window waits at a time."""


class RolloutQuestion(Question):
    """The dry run: what `Rollout` would send, and to whom. In a large house it is counted while the window
    stands, and agreed to when that is done."""

    def __init__(self, parent: QWidget, forecast: Forecast, hands: Hands) -> None:
        """``hands``: what was changed last at other consoles."""
        title, counting = say("反映するとこう変わります"), _counting(forecast)
        super().__init__(parent, title, counting, say("反映する"))
        self._forecast, self._hands = forecast, hands
        self.resize(900, 620)
        self.changes = changes = QTreeWidget()
        changes.setHeaderLabels([say("会議室と設定"), say("いま"), say("反映した後"), say("決めている所")])
        changes.setAccessibleName(say("変わるところ"))
        for place, width in enumerate((330, 170, 170)):
            changes.setColumnWidth(place, width)
        changes.setStyleSheet("QTreeView::item { height: 32px; padding-left: 12px; }")
        changes.setMinimumHeight(260)
        changes.itemExpanded.connect(self._fill)
        self.insert(changes)
        self._work = forecast.work()
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._go_on)
        self.yes.setEnabled(False)
        self._go_on()

    def _go_on(self) -> None:
        """For a moment, or to the end."""
        until = perf_counter() + MOMENT
        for _ in self._work:
            self._add()
            if perf_counter() > until:
                self.text.say(_counting(self._forecast))
                self._rest.start()
                return
        self._add()
        if len(self._forecast.rooms) <= OPENED:
            for item in map(self.changes.topLevelItem, range(self.changes.topLevelItemCount())):
                assert item is not None
                item.setText(1, "")
                item.setExpanded(True)
        self.text.say(_summary(self._forecast))
        self.yes.setEnabled(True)

    def _add(self) -> None:
        """The rooms that were found since; what changes there is laid out when it is looked at."""
        items = []
        for display, found in self._forecast.rooms[self.changes.topLevelItemCount() :]:
            room = f"{display.number}  {name_of(display)}"
            item = QTreeWidgetItem([room, say("{n}か所が変わる", n=len(found))])
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            items.append(item)
        self.changes.addTopLevelItems(items)

    def _fill(self, item: QTreeWidgetItem) -> None:
        """What would change in that room: thousands of rooms are laid out as far as somebody looks."""
        row = self.changes.indexOfTopLevelItem(item)
        if row < 0 or item.childCount():
            return
        display, found = self._forecast.rooms[row]
        for each in found:
            line = _line(each)
            item.addChild(line)
            hand = self._hands.get(display.device, {}).get(each.key)
            if hand is not None:
                QTreeWidgetItem(line, [hand_words(hand, display)]).setFirstColumnSpanned(True)
                line.setExpanded(True)


def _line(difference: Difference) -> QTreeWidgetItem:
    now = value_words(difference.now) if difference.now is not None else say("（書いてない）")
    then = say("（消す）") if difference.then is None else value_words(difference.then)
    source = "" if difference.place is None else place_words(difference.place)
    return QTreeWidgetItem([setting_words(difference.key), now, then, source])


def _counting(forecast: Forecast) -> str:
    count, done = len(forecast.displays), forecast.looked_at
    return say("設定を比べています（{n}台のうち{done}台）。", n=count, done=done)


def _summary(forecast: Forecast) -> str:
    count = len(forecast.rooms)
    text = say("{n}台の{places}か所が変わります。", n=count, places=forecast.places)
    if forecast.by_others:
        text += say(
            "うち{n}か所は、ほかの管理の端末で変えたものです。反映すると上書きします。", n=forecast.by_others
        )
    if count:
        text += say("変わるディスプレイは、数秒で始まり直します。")
    if forecast.first is not None and count > 1:
        name = name_of(forecast.first)
        text += say(
            "まず{name}で確かめ、戻るたびに台数を増やします。問題があれば、そこで止まります。", name=name
        )
    if forecast.busy:
        text += say("{n}台は説明中なので、終わってから変わります。", n=forecast.busy)
    if forecast.away:
        text += say("{n}台は応答がないので、戻ったときに変わります。", n=forecast.away)
    if forecast.unknown:
        text += say("{n}台はいま確かめているところです。", n=forecast.unknown)
    return text


class EditionQuestion(Question):
    """Which of the former editions is to count again."""

    def __init__(self, parent: QWidget, editions: Sequence[Edition]) -> None:
        """``editions``: the oldest first, the one that counts now left out."""
        text = say("選んだ版が新しい版になります。ディスプレイは、反映するまで変わりません。")
        super().__init__(parent, say("どの版に戻しますか"), text, say("この版に戻す"))
        self.resize(760, 560)
        self._editions = list(reversed(editions))
        self.list = QListWidget()
        self.list.setAccessibleName(say("前の版"))
        for each in self._editions:
            when = datetime.fromtimestamp(each.when)
            self.list.addItem(f"{when:%Y-%m-%d %H:%M}  {each.who}  {each.what}")
        self.list.setStyleSheet("QListView::item { height: 38px; padding-left: 10px; }")
        self.list.setCurrentRow(0)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.insert(self.list)

    @property
    def edition(self) -> Edition:
        """The one that was chosen."""
        return self._editions[max(0, self.list.currentRow())]
