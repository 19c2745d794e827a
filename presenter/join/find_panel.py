"""言葉を探す: a field, and the pages on which its words stand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.buttons import IconButton
from presenter.hit_words import paint_hits
from presenter.keys import OWN_KEYS
from presenter.labels import Label
from presenter.lookup.all_words import Find

ROW = 108
AFTER_MS = 150
Index = QModelIndex | QPersistentModelIndex


class FindPanel(QWidget):
    """Enter or ↓ in the field goes to the list; Enter there opens the page; Esc puts the search away."""

    wanted = Signal(str)
    """What is searched for, a moment after it was typed."""
    chosen = Signal(object)
    """page_id"""
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(10)
        head = QHBoxLayout()
        title = Label("言葉を探す", "title")
        head.addWidget(title)
        head.addStretch(1)
        close = IconButton("close", "閉じる")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(lambda _checked=False: self.closed.emit())
        head.addWidget(close)
        column.addLayout(head)
        self.field = _Field()
        self.field.setMaxLength(100)
        title.setBuddy(self.field)
        column.addWidget(self.field)
        self.said = Label("", "secondary", wrap=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.said)
        self.list = _FindList()
        column.addWidget(self.list, 1)
        column.addStretch(0)
        self._soon = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._soon.timeout.connect(lambda: self.wanted.emit(self.field.text()))
        self.field.textChanged.connect(lambda _text: self._soon.start())
        self.field.down.connect(self._to_list)
        self.field.returnPressed.connect(self._to_list)
        self.list.chosen.connect(self.chosen)
        self.list.closed.connect(self.closed)
        self.list.up.connect(self.take_keyboard)
        self._say()

    def take_keyboard(self) -> None:
        """The field gets the keyboard, with what stands in it marked."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def show_finds(self, finds: Sequence[Find], read: int, pages: int) -> None:
        """What was found so far. ``read``: how many of the ``pages`` were looked through."""
        self.list.finds.show(finds)
        self.list.setVisible(bool(finds))
        places = sum(find.places for find in finds)
        if not self.field.text().strip():
            self.said.set_words("全ての資料の、全てのページから探します。")
        elif read < pages:
            self.said.set_words("資料を読んでいます（{read}／{pages}ページ）", read=read, pages=pages)
        elif not finds:
            self.said.set_words("見つかりません。言葉を短くしてください。")
        else:
            self.said.set_words("{pages}ページに{places}か所あります。", pages=len(finds), places=places)

    def clear(self) -> None:
        """Nothing is searched for any more."""
        self.field.clear()
        self._soon.stop()
        self.list.finds.show(())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.field.setAccessibleName(say("言葉を探す"))
        self.list.setAccessibleName(say("見つかったページ"))

    def _to_list(self) -> None:
        self._soon.stop()
        self.wanted.emit(self.field.text())
        if self.list.finds.rowCount():
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.list.finds.index(0))
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)


class _Field(QLineEdit):
    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        else:
            super().keyPressEvent(event)


class FindModel(QAbstractListModel):
    """The pages found, in the order of the papers."""

    def __init__(self) -> None:
        super().__init__()
        self.finds: tuple[Find, ...] = ()

    def show(self, finds: Sequence[Find]) -> None:
        """These and no others."""
        if tuple(finds) != self.finds:
            self.beginResetModel()
            self.finds = tuple(finds)
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.finds)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        find = self.finds[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return find
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{find.title} {say('{page}ページ', page=find.number)} {find.text}"
        return None


class _FindList(QListView):
    chosen = Signal(object)
    closed = Signal()
    up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.finds = FindModel()
        self.setModel(self.finds)
        self.setItemDelegate(_FindDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setProperty(OWN_KEYS, True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._choose)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key == Qt.Key.Key_F and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.up.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
        elif key == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.up.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        find = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(find, Find):
            self.chosen.emit(find.page_id)


class _FindDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        find = index.data(Qt.ItemDataRole.UserRole)
        state = option.state
        focused = bool(state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus)
        if focused or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(Desk.PRIMARY_WEAK))
        if focused:
            painter.fillRect(QRect(area.left(), area.top(), 4, area.height()), QColor(Desk.PRIMARY))
        self._paint_head(painter, area.adjusted(12, 8, -12, 0), find)
        paint_hits(painter, QRectF(area.adjusted(12, 38, -12, -6)), find.text, find.marks)
        painter.setPen(QColor(Desk.LINE))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.restore()

    @staticmethod
    def _paint_head(painter: QPainter, area: QRect, find: Find) -> None:
        line = QRect(area.left(), area.top(), area.width(), 26)
        link = theme.font(16, theme.BOLD)
        link.setUnderline(True)
        painter.setFont(link)
        painter.setPen(QColor(Desk.PRIMARY))
        number = say("{page}ページ", page=find.number)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, number)
        left = painter.fontMetrics().horizontalAdvance(number) + 10
        painter.setFont(theme.font(16))
        painter.setPen(QColor(Desk.TEXT2))
        places = say("{n}か所", n=find.places)
        width = painter.fontMetrics().horizontalAdvance(places)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, places)
        room = line.width() - left - width - 10
        title = painter.fontMetrics().elidedText(find.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, title)
