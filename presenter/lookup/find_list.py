"""The finds in their groups, as a list; the field keeps the keyboard and moves the choice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

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
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from pageview import icons, theme
from pageview.theme import Desk
from pageview.wording import era_month, say
from presenter.hit_words import paint_hits
from presenter.keys import OWN_KEYS
from presenter.lookup.finds import Find, Heading, Here, InArchive, Note, Outside, Passed, Prepared, Row, Words
from presenter.lookup.index import State

HEAD_HIGH, FIND_HIGH, NOTE_HIGH = 46, 84, 60
LEFT, SIDE = 72, 24
Index = QModelIndex | QPersistentModelIndex


class FindModel(QAbstractListModel):
    """Headings, finds, notes."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """These and no others."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], Find):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _spoken(row)
        return None


class FindList(QListView):
    """``chosen``: another find is the current one; ``opened``: Enter or a double click on it."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.finds = FindModel()
        self.setModel(self.finds)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QListView { border: none; border-radius: 0; }")
        self.setMouseTracking(True)
        self.setProperty(OWN_KEYS, True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._clicked)
        self.doubleClicked.connect(self._open)

    @property
    def current(self) -> Find | None:
        """The find chosen."""
        row = self.currentIndex().data(Qt.ItemDataRole.UserRole)
        return row if isinstance(row, Find) else None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """These; what was chosen stays so, else the first find that is no search outside."""
        if tuple(rows) == self.finds.rows:
            return
        former = self.current
        self.finds.show(rows)
        same = [at for at, row in enumerate(rows) if isinstance(row, Find) and _same(row, former)]
        inside = [
            at for at, row in enumerate(rows) if isinstance(row, Find) and not isinstance(row.target, Outside)
        ]
        at = next(iter(same + inside), None)
        if at is not None:
            self.setCurrentIndex(self.finds.index(at))
        if self.current != former:
            self.chosen.emit(self.current)

    def move_choice(self, by: int) -> None:
        """To the next find, or the one before."""
        at = self.currentIndex().row() if self.currentIndex().isValid() else (-1 if by > 0 else 0)
        at += by
        while 0 <= at < self.finds.rowCount():
            if isinstance(self.finds.rows[at], Find):
                self.setCurrentIndex(self.finds.index(at))
                # The head of the first group comes along.
                self.scrollTo(self.finds.index(max(0, at - 1) if by < 0 else at))
                self.chosen.emit(self.current)
                return
            at += by

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self.move_choice(1)
            case Qt.Key.Key_Up:
                self.move_choice(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers():
                self._open(self.currentIndex())
            case _:
                event.ignore()

    def _clicked(self, index: QModelIndex) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, Find):
            self.chosen.emit(row)
            if isinstance(row.target, Outside):
                self.opened.emit(row)

    def _open(self, index: QModelIndex) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, Find) and not (isinstance(row.target, Outside) and self.underMouse()):
            self.opened.emit(row)


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        match index.data(Qt.ItemDataRole.UserRole):
            case Heading():
                return QSize(200, HEAD_HIGH)
            case Note():
                return QSize(200, NOTE_HIGH)
            case _:
                return QSize(200, FIND_HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        row = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, Find):
            state = option.state
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            if chosen or state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(area, QColor(Desk.PRIMARY_WEAK))
            if chosen:
                painter.fillRect(QRect(area.left(), area.top(), 4, area.height()), QColor(Desk.PRIMARY))
            _paint_find(painter, area, row)
        elif isinstance(row, Heading):
            painter.fillRect(area, QColor(Desk.SUNK))
            count = say("{n}件", n=row.count) if row.count is not None else ""
            _paint_line(painter, area, SIDE, say(row.title[0], **row.title[1]), count, bold=True)
        else:
            painter.setFont(theme.font(16))
            painter.setPen(QColor(Desk.TEXT2))
            inside = area.adjusted(SIDE, 0, -SIDE, 0)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(inside, flags, say(row.words[0], **row.words[1]))
        painter.setPen(QColor(Desk.LINE))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.restore()


def _paint_find(painter: QPainter, area: QRect, find: Find) -> None:
    icons.paint(painter, _icon(find), QRectF(area.left() + SIDE, area.top() + 17, 24, 24), Desk.TEXT2)
    top = QRect(area.left(), area.top() + 12, area.width(), 28)
    right = "　".join(
        part
        for part in (
            say(find.place[0], **find.place[1]) if find.place is not None else "",
            era_month(find.day) if find.day is not None else "",
        )
        if part
    )
    _paint_line(painter, top, LEFT, say(find.title[0], **find.title[1]), right, bold=True, size=18)
    below = QRectF(area.left() + LEFT, area.top() + 44, area.width() - LEFT - SIDE, 26)
    note = find.note
    if note is None:
        painter.setPen(QColor(Desk.BODY))
        paint_hits(painter, below, find.text, find.marks)
        return
    painter.setFont(theme.font(16))
    painter.setPen(QColor(Desk.TEXT2))
    shown = painter.fontMetrics().elidedText(
        say(note[0], **note[1]), Qt.TextElideMode.ElideRight, int(below.width())
    )
    painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_line(
    painter: QPainter, area: QRect, left: int, words: str, right: str, *, bold: bool, size: int = 16
) -> None:
    painter.setFont(theme.font(16))
    painter.setPen(QColor(Desk.TEXT2))
    inside = area.adjusted(left, 0, -SIDE, 0)
    painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right)
    room = inside.width() - (painter.fontMetrics().horizontalAdvance(right) + 16 if right else 0)
    painter.setFont(theme.font(size, theme.BOLD if bold else theme.REGULAR))
    painter.setPen(QColor(Desk.TEXT if size > 16 else Desk.TEXT2))
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, shown)


def _icon(find: Find) -> str:
    match find.target:
        case Outside():
            return "language"
        case Prepared():
            return "slideshow"
        case Passed():
            return "back_hand"
        case InArchive(path, _, state):
            if PurePath(path).suffix.lower() in (".xlsx", ".xls", ".ods"):
                return "table_chart"
            return "lock" if state is State.LOCKED else "article"
        case Here():
            return "article"


def _same(one: Find, other: Find | None) -> bool:
    return other is not None and one.target == other.target


def _spoken(row: Row) -> str:
    parts: list[Words | None] = []
    match row:
        case Heading(title, count):
            parts = [title, ("{n}件", {"n": count}) if count is not None else None]
        case Note(words):
            parts = [words]
        case Find():
            parts = [row.title, row.place, ("{text}", {"text": row.text}) if row.text else row.note]
    return " ".join(say(words, **values) for words, values in filter(None, parts))
