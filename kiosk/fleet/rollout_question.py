"""Before templates are put into effect: room by room what would change, nothing being sent; and which edition
to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QTreeWidget, QTreeWidgetItem, QWidget

from kiosk.fleet.dialogs import Question
from kiosk.fleet.hands import hand_words
from kiosk.fleet.model import Condition, Display, Fleet
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.setting_words import setting_words
from kiosk.fleet.template_folder import Edition
from kiosk.fleet.templates import Difference, place_words, value_words
from kiosk.fleet.words import name_of
from pageview.wording import say

OPENED = 100
"""Rooms that are shown opened; of more, each is opened by whoever wants to see it."""


class RolloutQuestion(Question):
    """The dry run: what `Rollout` would send, and to whom."""

    def __init__(
        self, parent: QWidget, fleet: Fleet, rollout: Rollout, displays: Sequence[Display], now: float
    ) -> None:
        text = _summary(fleet, rollout, displays, now)
        super().__init__(parent, say("反映するとこう変わります"), text, say("反映する"))
        self.resize(900, 620)
        changes = QTreeWidget()
        changes.setHeaderLabels([say("会議室と設定"), say("いま"), say("反映した後"), say("決めている所")])
        changes.setAccessibleName(say("変わるところ"))
        for place, width in enumerate((330, 170, 170)):
            changes.setColumnWidth(place, width)
        self._rooms = [(each, found) for each in displays if (found := rollout.differences(each))]
        self._hands = rollout.files.hands()
        closed = len(self._rooms) > OPENED
        items = [
            QTreeWidgetItem(
                [f"{each.number}  {name_of(each)}", say("{n}か所が変わる", n=len(found)) if closed else ""]
            )
            for each, found in self._rooms
        ]
        changes.addTopLevelItems(items)
        changes.setStyleSheet("QTreeView::item { height: 32px; padding-left: 12px; }")
        changes.setMinimumHeight(260)
        self.changes = changes
        self.insert(changes)
        changes.itemExpanded.connect(self._fill)
        for item in items:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            item.setExpanded(not closed)

    def _fill(self, item: QTreeWidgetItem) -> None:
        """What would change in that room: thousands of rooms are laid out as far as somebody looks."""
        row = self.changes.indexOfTopLevelItem(item)
        if row < 0 or item.childCount():
            return
        display, found = self._rooms[row]
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


def _summary(fleet: Fleet, rollout: Rollout, displays: Sequence[Display], now: float) -> str:
    found = [each for each in displays if rollout.differences(each)]
    places = sum(len(rollout.differences(each)) for each in found)
    away = sum(not each.linked for each in displays)
    busy = sum(fleet.condition(each.device) is Condition.BRIEFING for each in found)
    unknown = sum(each.linked and rollout.files.values(each.device) is None for each in displays)
    text = say("{n}台の{places}か所が変わります。", n=len(found), places=places)
    others = len(rollout.by_others(found))
    if others:
        text += say("うち{n}か所は、ほかの管理の端末で変えたものです。反映すると上書きします。", n=others)
    if found:
        text += say("変わるディスプレイは、数秒で始まり直します。")
    first = rollout.first(fleet, found, now)
    if first is not None and len(found) > 1:
        name = name_of(fleet.displays[first])
        text += say(
            "まず{name}で確かめ、戻るたびに台数を増やします。問題があれば、そこで止まります。", name=name
        )
    if busy:
        text += say("{n}台は説明中なので、終わってから変わります。", n=busy)
    if away:
        text += say("{n}台は応答がないので、戻ったときに変わります。", n=away)
    if unknown:
        text += say("{n}台はいま確かめているところです。", n=unknown)
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
