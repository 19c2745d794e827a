"""Every page of the paper at once, over the console: choose one, or put it away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
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
from presenter.buttons import IconButton
from presenter.keys import OWN_KEYS
from presenter.labels import Label
from presenter.strip import PagesModel, Thumbnail

TILE_WIDTH, TILE_HEIGHT = 232, 164
Index = QModelIndex | QPersistentModelIndex


class Overview(QFrame):
    """Covers its parent. Arrows and Enter choose; Esc, G or × put it away."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget, thumbnail: Thumbnail) -> None:
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
        close = IconButton("close", "閉じる")
        close.clicked.connect(lambda _checked=False: self.closed.emit())
        head.addWidget(close)
        column.addLayout(head)
        self._pages = PagesModel()
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
        if current in self._pages.pages:
            self._list.setCurrentIndex(self._pages.index(self._pages.pages.index(current)))
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
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_G):
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
        return QSize(TILE_WIDTH + 28, TILE_HEIGHT + 52)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area: QRect = option.rect
        page_id = index.data(Qt.ItemDataRole.UserRole)
        dpr = self._view.devicePixelRatioF()
        image = self._thumbnail(page_id, round(TILE_WIDTH * dpr), round(TILE_HEIGHT * dpr))
        box = QRectF(area.left() + 14, area.top() + 10, TILE_WIDTH, TILE_HEIGHT)
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
