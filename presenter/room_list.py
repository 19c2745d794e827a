"""The rooms that answer and those used before, in a list that stays quick with thousands of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pageview import icons, theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.rooms_state import RoomRow, RoomStatus

ROW, GROUP, CORNER = 76, 44, 11
_CHIPS = {
    RoomStatus.FREE: ("check_circle-fill", "空き", Desk.OK_BG, Desk.OK_TEXT),
    RoomStatus.IN_USE: ("cast", "使用中", Desk.PRIMARY_WEAK, Desk.HOVER),
    RoomStatus.SILENT: ("link_off", "応答なし", Desk.BG, Desk.TEXT2),
    RoomStatus.UNHEARD: ("search", "この番号を呼ぶ", Desk.BG, Desk.BODY),
}
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Group:
    """A heading in the list."""

    words: str


class RoomModel(QAbstractListModel):
    """Headings and rooms, top to bottom."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Group | RoomRow, ...] = ()
        self.chosen: int | None = None

    def show(self, rooms: Sequence[RoomRow], chosen: int | None) -> None:
        """Rooms used before stand first, then the others."""
        used = [row for row in rooms if row.used]
        typed = [row for row in rooms if row.status is RoomStatus.UNHEARD]
        others = [row for row in rooms if not row.used and row not in typed]
        lines: list[Group | RoomRow] = []
        if used:
            lines += [Group("前に使った会議室"), *used]
        if others:
            lines += [Group("見つかった会議室"), *others]
        if typed:
            lines += [Group("入力した番号"), *typed]
        if tuple(lines) != self.lines:
            self.beginResetModel()
            self.lines = tuple(lines)
            self.endResetModel()
        self.chosen = chosen

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.lines[index.row()], Group):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(line, Group):
                return say(line.words)
            return " ".join((line.title, line.place, say(_CHIPS[line.status][1]), line.note))
        return None

    def place_of(self, number: int) -> int | None:
        """The line of that room."""
        for place, line in enumerate(self.lines):
            if isinstance(line, RoomRow) and line.number == number:
                return place
        return None


class RoomList(QListView):
    """The list. A click or Enter chooses."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rooms = RoomModel()
        self.setModel(self.rooms)
        self.setItemDelegate(_RoomDelegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_rooms(self, rooms: Sequence[RoomRow], chosen: int | None) -> None:
        """These rooms, with the chosen one marked; the keyboard's place is kept."""
        current = self.current_number()
        self.rooms.show(rooms, chosen)
        place = self.rooms.place_of(current if current is not None else chosen or 0)
        if place is not None:
            self.setCurrentIndex(self.rooms.index(place))
        self.viewport().update()

    def current_number(self) -> int | None:
        """The room on which the keyboard stands."""
        line = self.currentIndex().data(Qt.ItemDataRole.UserRole) if self.currentIndex().isValid() else None
        return line.number if isinstance(line, RoomRow) else None

    def content_height(self) -> int:
        """What it would need to show everything."""
        return sum(GROUP if isinstance(line, Group) else ROW for line in self.rooms.lines) + 2

    def _choose(self, index: QModelIndex) -> None:
        line = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(line, RoomRow):
            self.chosen.emit(line.number)


class _RoomDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        line = index.data(Qt.ItemDataRole.UserRole)
        return QSize(320, GROUP if isinstance(line, Group) else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        if isinstance(option.widget, QAbstractItemView):
            # The list's corners are round; its first and last row must not stand out of them.
            inside = QPainterPath()
            inside.addRoundedRect(QRectF(option.widget.viewport().rect()), CORNER, CORNER)
            painter.setClipPath(inside)
        line = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(line, Group):
            _paint_group(painter, area, line)
        else:
            model = index.model()
            chosen = isinstance(model, RoomModel) and model.chosen == line.number
            _paint_room(painter, area, line, chosen, option.state)
        if index.row() + 1 < index.model().rowCount():
            painter.setPen(QColor(Desk.LINE))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.restore()


def _paint_group(painter: QPainter, area: QRect, group: Group) -> None:
    painter.fillRect(area, QColor(Desk.SUNK))
    painter.setFont(theme.font(16, theme.BOLD))
    painter.setPen(QColor(Desk.BODY))
    painter.drawText(area.adjusted(28, 0, -28, 0), Qt.AlignmentFlag.AlignVCenter, say(group.words))


def _paint_room(painter: QPainter, area: QRect, row: RoomRow, chosen: bool, state: QStyle.StateFlag) -> None:
    if chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(area, QColor(Desk.PRIMARY_WEAK))
    if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
        painter.fillRect(QRect(area.left(), area.top(), 4, area.height()), QColor(Desk.PRIMARY))
    sign, color = ("check_circle-fill", Desk.PRIMARY) if chosen else ("meeting_room", Desk.TEXT2)
    icons.paint(painter, sign, QRectF(area.left() + 24, area.center().y() - 13, 28, 28), color)
    right = _paint_chip(painter, area, row, on_white=not chosen)
    painter.setFont(theme.font(16))
    painter.setPen(QColor(Desk.TEXT2))
    left = area.left() + 80
    name = QFontMetrics(theme.font(20, theme.BOLD)).horizontalAdvance(row.title)
    # The name comes first, up to half of the row; the note has what it leaves.
    start = min(left + name + 24, area.left() + area.width() // 2)
    note = QRect(start, area.top(), right - 12 - start, ROW)
    text = painter.fontMetrics().elidedText(row.note, Qt.TextElideMode.ElideRight, note.width())
    painter.drawText(note, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
    width = (note.right() - painter.fontMetrics().horizontalAdvance(text) if text else right) - left - 16
    _two_lines(painter, QRect(left, area.top(), width, ROW), row)


def _two_lines(painter: QPainter, area: QRect, row: RoomRow) -> None:
    silent = row.status is RoomStatus.SILENT
    lines = [
        (
            row.title,
            theme.font(20, theme.REGULAR if silent else theme.BOLD),
            Desk.BODY if silent else Desk.TEXT,
        )
    ]
    if row.place:
        lines.append((row.place, theme.font(16), Desk.TEXT2))
    heights = [28, 22][: len(lines)]
    top = area.top() + (area.height() - sum(heights)) // 2
    for (text, font, color), height in zip(lines, heights, strict=True):
        painter.setFont(font)
        painter.setPen(QColor(color))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        flags = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextDontClip.value
        painter.drawText(QRect(area.left(), top, area.width(), height), flags, shown)
        top += height


def _paint_chip(painter: QPainter, area: QRect, row: RoomRow, *, on_white: bool) -> int:
    """Draws the state in a column of its own; its left edge."""
    icon, words, ground, ink = _CHIPS[row.status]
    font = theme.font(16)
    longest = max(QFontMetrics(font).horizontalAdvance(say(other[1])) for other in _CHIPS.values())
    left = area.right() - 24 - longest - 46
    width = QFontMetrics(font).horizontalAdvance(say(words)) + 46
    chip = QRectF(left, area.center().y() - 15, width, 32)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ground if on_white else Desk.CARD))
    painter.drawRoundedRect(chip, 6, 6)
    icons.paint(painter, icon, QRectF(chip.left() + 9, chip.center().y() - 10, 20, 20), ink)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(chip.adjusted(35, 0, 0, -1), Qt.AlignmentFlag.AlignVCenter, say(words))
    return left
