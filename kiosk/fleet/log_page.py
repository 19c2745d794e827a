"""F4 操作の記録: who did what, when, at which display, with what result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QWidget

from kiosk.fleet.audit import Action
from kiosk.fleet.parts import ROUND_HEAD, Words, button, page_column
from pageview.wording import say, tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def heads() -> tuple[str, ...]:
    """Of the columns, here and in the exported file."""
    return say("日時"), say("だれが"), say("番号"), say("部屋"), say("したこと"), say("結果")


class _Actions(QAbstractTableModel):
    """The newest first."""

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._actions = actions
        self._heads = heads()
        self._count = len(actions)

    def told(self) -> None:
        """There may be more. The line that somebody has chosen stays chosen."""
        more = len(self._actions) - self._count
        if more:
            self.beginInsertRows(_ROOT, 0, more - 1)
            self._count += more
            self.endInsertRows()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        shown = role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal
        return self._heads[section] if shown else None

    def data(self, index: Index, role: int = 0) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        action = self._actions[self._count - 1 - index.row()]
        when = f"{datetime.fromtimestamp(action.when):%Y-%m-%d %H:%M:%S}"
        number = str(action.room) if action.room else ""
        text = (when, action.who, number, action.name, action.what, action.result)[index.column()]
        return tip(text) if role == Qt.ItemDataRole.ToolTipRole else text


class LogPage(QWidget):
    """`told` after each action."""

    export_asked = Signal()

    def __init__(self, actions: Sequence[Action], broken: int) -> None:
        """``broken``: number of the first line whose chain does not hold, 0 for none."""
        super().__init__()
        column = page_column(self)
        head = QHBoxLayout()
        head.addWidget(Words(say("操作の記録"), "h1"))
        head.addStretch(1)
        head.addWidget(button(say("一覧を書き出す"), "download", self.export_asked.emit))
        column.addLayout(head)
        self._lead = Words("", "secondary", wrap=True)
        column.addWidget(self._lead)
        self._broken = Words("", "body", "err", wrap=True)
        column.addWidget(self._broken)
        self._model = _Actions(actions)
        self._actions = actions
        table = QTableView()
        table.setModel(self._model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setStyleSheet("QTableView::item { padding-left: 14px; }" + ROUND_HEAD)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(48)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, width in enumerate((196, 160, 76, 180)):
            table.setColumnWidth(place, width)
        header.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        table.setAccessibleName(say("操作の記録"))
        column.addWidget(table, 1)
        self.table = table
        self.whole = Words("", wrap=True)
        column.addWidget(self.whole)
        self.whole.hide()
        table.selectionModel().currentRowChanged.connect(self._say_whole)
        self.told(broken)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self.table.setColumnWidth(5, width // (6 if width < 1_300 else 4))  # one word, where all is well

    def _say_whole(self) -> None:
        """What was done and what became of it, of the line that is chosen: the columns may be too narrow."""
        row = self.table.currentIndex().row()
        texts = [self._model.index(row, column).data() for column in (3, 4, 5)] if row >= 0 else []
        self.whole.say("　".join(filter(None, texts)))
        self.whole.setVisible(bool(texts))

    def told(self, broken: int) -> None:
        """There is one more action, or the chain does not hold any more."""
        self._model.told()
        words = say("記録の{number}行目から、つながりが合いません。控えと見比べてください。", number=broken)
        self._broken.say(words if broken else "")
        self._broken.setVisible(bool(broken))
        count = len(self._actions)
        none = say("まだ何もしていません。この管理の端末でしたことが、ここに残ります。")
        kept = say("{n}件。資料の名前や中身は、ここには残りません。", n=count)
        self._lead.say(kept if count else none)
