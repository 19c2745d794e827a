"""Every page of the paper at once, over the console: choose one, put it away, or put the pages in order."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from pageview import theme
from pageview.theme import Desk
from presenter.buttons import Button, IconButton
from presenter.keys import OWN_KEYS
from presenter.labels import Label
from presenter.strip import PagesModel, Thumbnail

TILE_WIDTH, TILE_HEIGHT = 232, 164
Index = QModelIndex | QPersistentModelIndex


class Deed(Enum):
    """What can be done with the page that has the keyboard."""

    BLANK = auto()
    INSERT = auto()
    TURN = auto()
    EARLIER = auto()
    LATER = auto()
    REMOVE = auto()
    UNDO = auto()
    REDO = auto()


BUTTONS: tuple[tuple[Deed, str, str, str], ...] = (
    (Deed.BLANK, "白紙を入れる", "add", "Ins"),
    (Deed.INSERT, "ほかの資料から入れる", "description", "Shift+Ins"),
    (Deed.TURN, "右へ回す", "redo", "R"),
    (Deed.EARLIER, "前へ移す", "arrow_back", "Alt+Left"),
    (Deed.LATER, "後ろへ移す", "arrow_forward", "Alt+Right"),
    (Deed.REMOVE, "消す", "delete", "Del"),
)
KEYS = {QKeySequence(key): deed for deed, _, _, key in BUTTONS} | {
    QKeySequence("Ctrl+Z"): Deed.UNDO,
    QKeySequence("Ctrl+Y"): Deed.REDO,
    QKeySequence("Ctrl+Shift+Z"): Deed.REDO,
}


class Overview(QFrame):
    """Covers its parent. Arrows and Enter choose; Esc, G or × put it away. Where it is ``editable`` it also
    has the keys that put pages in order: `deed_wanted` (Deed, page_id)."""

    chosen = Signal(object)
    closed = Signal()
    deed_wanted = Signal(object, object)

    def __init__(self, parent: QWidget, thumbnail: Thumbnail, editable: bool = False) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"Overview {{ background: {Desk.BG}; }}")
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 20, 32, 20)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.addWidget(Label("ページ一覧", "h1"))
        head.addStretch(1)
        self._deeds: list[Button] = []
        for deed, words, icon, key in BUTTONS if editable else ():
            self._add_deed(head, deed, words, icon, key)
        close = IconButton("close", "閉じる")
        close.clicked.connect(lambda _checked=False: self.closed.emit())
        head.addWidget(close)
        column.addLayout(head)
        self._told = Label("", "muted")
        column.addWidget(self._told)
        self._told.setVisible(editable)  # within its window: by itself it would be one, and take the keyboard
        self._pages = PagesModel()
        self._at: int | None = None
        self._list = _Tiles(self)
        self._list.setModel(self._pages)
        self._list.setItemDelegate(_TileDelegate(self._list, thumbnail, self._pages))
        self._list.clicked.connect(self._choose)
        self._list.activated.connect(self._choose)
        column.addWidget(self._list, 1)
        self.hide()

    def open(self, pages: Sequence[int], current: int | None, first: int = 1) -> None:
        """Shows these pages, numbered from ``first``, with the keyboard on the current one."""
        self._pages.show(pages, first)
        self._pages.current = current
        if current is not None:
            self.put_keyboard_on(current)
        self._told.set_words("")
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()
        self._list.setFocus()

    def forget(self) -> None:
        """No pages any more."""
        self._pages.show(())
        self._pages.current = None

    def repaint_page(self, page_id: int) -> None:
        """There is a new thumbnail."""
        if self.isVisible():
            self._pages.repaint_page(page_id)

    # --- pages in order -----------------------------------------------------------------------------------

    def set_editable(self, editable: bool) -> None:
        """Whether the deeds can be done now."""
        for button in self._deeds:
            button.setEnabled(editable)

    def show_pages(self, pages: Sequence[int], first: int = 1) -> None:
        """The pages are these now, numbered from ``first``; the keyboard stays with its page."""
        if tuple(pages) == self._pages.pages:
            return
        at = self._at if self._at in pages else self._here()
        self._pages.show(pages, first)
        place = pages.index(at) if at in pages else min(self._list.currentIndex().row(), len(pages) - 1)
        self._list.setCurrentIndex(self._pages.index(max(place, 0)))

    def put_keyboard_on(self, page_id: int) -> None:
        """The keyboard is on that page, where it is among the pages."""
        if page_id in self._pages.pages:
            self._list.setCurrentIndex(self._pages.index(self._pages.pages.index(page_id)))

    def keep_at(self, page_id: int) -> None:
        """The keyboard goes to that page, as soon as it is among the pages."""
        self._at = page_id

    def tell(self, words: str, **values: object) -> None:
        """Says what came of a deed."""
        self._told.set_words(words, **values)

    def do(self, deed: Deed) -> None:
        """That deed, with the page that has the keyboard."""
        page_id = self._here()
        if self._deeds and page_id is not None:
            self._at = page_id
            self.tell("")
            self.deed_wanted.emit(deed, page_id)
            self._list.setFocus()

    def _add_deed(self, head: QHBoxLayout, deed: Deed, words: str, icon: str, key: str) -> None:
        button = Button(words, icon, "danger" if deed is Deed.REMOVE else "", "sm")
        button.setToolTip(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: self.do(deed))
        head.addWidget(button)
        self._deeds.append(button)

    def _here(self) -> int | None:
        index = self._list.currentIndex()
        return index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(Qt.ItemDataRole.UserRole))


class _Tiles(QListView):
    def __init__(self, overview: Overview) -> None:
        super().__init__()
        self._overview = overview
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("_Tiles { background: transparent; border: 0; }")
        self.setProperty("focusRing", False)
        self.setProperty(OWN_KEYS, True)
        self.setMouseTracking(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = KEYS.get(QKeySequence(event.keyCombination()))
        if deed is not None:
            self._overview.do(deed)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_G):
            self._overview.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _TileDelegate(QStyledItemDelegate):
    def __init__(self, view: QListView, thumbnail: Thumbnail, pages: PagesModel) -> None:
        super().__init__(view)
        self._view, self._thumbnail, self._pages = view, thumbnail, pages

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """As many beside each other as there is room for; they share all of it."""
        room = self._view.viewport().width() - 1
        return QSize(room // max(1, room // (TILE_WIDTH + 20)), TILE_HEIGHT + 52)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area: QRect = option.rect
        page_id = index.data(Qt.ItemDataRole.UserRole)
        dpr = self._view.devicePixelRatioF()
        image = self._thumbnail(page_id, round(TILE_WIDTH * dpr), round(TILE_HEIGHT * dpr))
        box = QRectF(area.center().x() - TILE_WIDTH / 2, area.top() + 10, TILE_WIDTH, TILE_HEIGHT)
        if image is not None and not image.isNull():
            size = image.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            left = box.center().x() - size.width() / 2
            box = QRectF(left, box.center().y() - size.height() / 2, size.width(), size.height())
            painter.drawImage(box, image)
        else:
            painter.fillRect(box, QColor(Desk.CARD))
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        current = page_id == self._pages.current
        painter.setBrush(Qt.BrushStyle.NoBrush)
        out = 5.0 if focused or current else 0.0
        edge = "#000000" if focused else Desk.PRIMARY if current else Desk.LINE
        painter.setPen(QPen(QColor(edge), 4 if out else 1))
        painter.drawRoundedRect(box.adjusted(-out, -out, out, out), 4 + out, 4 + out)
        painter.setFont(theme.font(16, theme.BOLD if current else theme.REGULAR))
        painter.setPen(QColor(Desk.PRIMARY if current else Desk.BODY))
        below = QRect(area.left(), area.bottom() - 34, area.width(), 26)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(self._pages.first + index.row()))
        painter.restore()
