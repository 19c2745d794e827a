"""One row for each display's self-test, chosen with mouse or keyboard; only what is seen is painted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kiosk.fleet.parts import face
from kiosk.fleet.self_tests import Mark, Row, mark_word
from pageview import icons
from pageview.theme import Desk
from pageview.wording import say, tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW = 62
NARROW, TIGHT = 1_200, 800
"""Below these widths the room has less space; below the second the words of a mark have none."""
LOOKS = {
    Mark.BAD: ("error-fill", Desk.ERR),
    Mark.SILENT: ("wifi_off", Desk.ERR),
    Mark.LOOK: ("warning-fill", Desk.WARN_TEXT),
    Mark.LEFT_OUT: ("radio_button_unchecked", Desk.TEXT2),
    Mark.WAITING: ("hourglass_empty", Desk.TEXT2),
    Mark.RUNNING: ("sync", Desk.PRIMARY),
    Mark.GOOD: ("check_circle-fill", Desk.OK),
}
"""Icon and colour of each mark."""


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = 0) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            words = " ".join(filter(None, (row.name, mark_word(row.mark), row.reason, row.advice)))
            return tip(words) if role == Qt.ItemDataRole.ToolTipRole else words
        return None


class SelfTestList(QListView):
    """`show_rows`; `opened` gives the device whose row was double-clicked or taken by Enter."""

    opened = Signal(object)
    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows = _Rows()
        self.setModel(self._rows)
        self.setItemDelegate(_Painter(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setStyleSheet("QListView { border: 0; background: transparent; }")
        self.setProperty("focusRing", False)  # the row has one
        self.setAccessibleName(say("朝の自己点検"))
        self.activated.connect(lambda index: self.opened.emit(self._rows.rows[index.row()].device))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """These from now on; who was chosen stays chosen, wherever their rows stand now."""
        if rows == self._rows.rows:
            return
        chosen, current = set(self.chosen()), self._device(self.currentIndex())
        self._rows.beginResetModel()
        self._rows.rows = rows
        self._rows.endResetModel()
        selection = self.selectionModel()
        for number, row in enumerate(rows):
            index = self._rows.index(number)
            if row.device == current:
                selection.setCurrentIndex(index, selection.SelectionFlag.NoUpdate)
            if row.device in chosen:
                selection.select(index, selection.SelectionFlag.Select)
        self.chosen_changed.emit()

    def chosen(self) -> tuple[bytes, ...]:
        """The devices of the rows that are selected."""
        return tuple(self._rows.rows[index.row()].device for index in self.selectedIndexes())

    def _device(self, index: QModelIndex) -> bytes | None:
        return self._rows.rows[index.row()].device if index.isValid() else None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(300, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        box, state = option.rect, option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(Desk.PRIMARY_WEAK))
            painter.fillRect(QRect(box.left(), box.top(), 4, box.height()), QColor(Desk.PRIMARY))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor("#EEF1F6"))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(Desk.TEXT), 3))
            painter.drawRect(box.adjusted(2, 2, -3, -3))
        _paint_row(painter, box, row)
        painter.restore()


def _paint_row(painter: QPainter, box: QRect, row: Row) -> None:
    narrow = box.width() < NARROW
    icon, color = LOOKS[row.mark]
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(box.left() + 20, box.center().y() - 13, icons.pixmap(icon, color, 26, ratio))
    tight = box.width() < TIGHT
    quiet = row.mark in (Mark.GOOD, Mark.WAITING, Mark.RUNNING, Mark.LEFT_OUT)
    word = QRect(box.left() + 58, box.top(), 0 if tight else 126, ROW)
    if not tight:
        _line(painter, word, mark_word(row.mark), 17, Desk.TEXT if quiet else color, bold=not quiet)
    wide = 130 if tight else 180 if narrow else 250
    room = QRect(word.right() + 8, box.top() + 7, wide, 26)
    _line(painter, room, f"{row.number}  {row.name}", 17, Desk.TEXT, bold=True)
    _line(painter, room.translated(0, 24), row.place, 15, Desk.TEXT2)
    when = QRect(box.right() - 78, box.top(), 62, ROW)
    if row.tested:
        _line(painter, when, f"{datetime.fromtimestamp(row.tested):%H:%M}", 16, Desk.TEXT2, right=True)
    said = QRect(room.right() + 16, box.top(), when.left() - room.right() - 28, ROW)
    reason = row.reason + (say("ほか{n}件。", n=row.more) if row.more else "")
    if row.advice:
        _line(
            painter, QRect(said.left(), room.top(), said.width(), 26), reason, 17, Desk.TEXT, bold=not quiet
        )
        under = QRect(said.left(), room.top() + 24, said.width(), 26)
        _line(painter, under, row.advice, 15, Desk.TEXT2)
    else:
        _line(painter, said, reason, 17, Desk.TEXT2)


def _line(
    painter: QPainter,
    box: QRect,
    text: str,
    size: int,
    color: str,
    *,
    bold: bool = False,
    right: bool = False,
) -> None:
    painter.setFont(face(size, bold))
    painter.setPen(QColor(color))
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)
