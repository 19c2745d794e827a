"""The pages of the paper, in a column at the left: thumbnails, or only numbers where the window is small."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say

THUMB_WIDTH, THUMB_HEIGHT = 150, 106
ROW, ROW_DENSE = 120, 48
Index = QModelIndex | QPersistentModelIndex

# (page_id, width, height in device pixels) → the picture fitted into that, None until it is drawn
Thumbnail = Callable[[int, int, int], QImage | None]


class PagesModel(QAbstractListModel):
    """The page ids of one paper in order."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: tuple[int, ...] = ()
        self.first = 1
        self.current: int | None = None
        self.presented: int | None = None
        self.changed: frozenset[int] = frozenset()

    def show(self, pages: Sequence[int], first: int = 1) -> None:
        """These pages of the paper; ``first`` is the number of the first of them."""
        if (tuple(pages), first) != (self.pages, self.first):
            self.beginResetModel()
            self.pages, self.first = tuple(pages), first
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.pages)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            number = say("{page}ページ", page=self.first + index.row())
            page_id = self.pages[index.row()]
            told = [(page_id == self.presented, "説明者"), (page_id in self.changed, "新しい内容")]
            return " ".join([number, *(say(words) for true, words in told if true)])
        if role == Qt.ItemDataRole.UserRole:
            return self.pages[index.row()]
        return None

    def repaint_page(self, page_id: int) -> None:
        if page_id in self.pages:
            index = self.index(self.pages.index(page_id))
            self.dataChanged.emit(index, index)


class PageStrip(QListView):
    """A click shows that page. Only the pages in sight are drawn or asked for."""

    chosen = Signal(object)
    """page_id"""

    def __init__(self, thumbnail: Thumbnail) -> None:
        super().__init__()
        self.pages = PagesModel()
        self.thumbnail = thumbnail
        self.dense = False
        self.setModel(self.pages)
        self.setItemDelegate(_PageDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet(
            f"PageStrip {{ border: 0; border-radius: 0; border-right: 1px solid {Desk.LINE}; }}"
        )
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setAccessibleName(say("ページ一覧"))
        self.clicked.connect(lambda index: self.chosen.emit(index.data(Qt.ItemDataRole.UserRole)))

    def set_dense(self, dense: bool) -> None:
        """Numbers only, 60 px wide."""
        self.dense = dense
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff if dense else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        self.scheduleDelayedItemsLayout()

    def show_changed(self, page_ids: frozenset[int]) -> None:
        """Pages that nobody has seen as they are now."""
        if page_ids != self.pages.changed:
            self.pages.changed = page_ids
            self.viewport().update()

    def show_pages(
        self, pages: Sequence[int], current: int | None, presented: int | None = None, first: int = 1
    ) -> None:
        """These pages, numbered from ``first``; the current one is ringed and in sight, with its neighbours.

        ``presented``: the page that carries the tag 説明者, for somebody who looks at another one.
        """
        changed = (tuple(pages), current) != (self.pages.pages, self.pages.current)
        if presented != self.pages.presented:
            self.pages.presented = presented
            self.viewport().update()
        self.pages.show(pages, first)
        self.pages.current = current
        if changed and current in self.pages.pages:
            index = self.pages.index(self.pages.pages.index(current))
            self.setCurrentIndex(index)
            self._bring_in_sight(index)
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self._put_in_middle(self.currentIndex())

    def _bring_in_sight(self, index: QModelIndex) -> None:
        area, row = self.visualRect(index), self._row
        if area.top() < row or area.bottom() > self.viewport().height() - row:
            self._put_in_middle(index)

    def _put_in_middle(self, index: QModelIndex) -> None:
        """As near as may be, with a whole page at the top (half a number cannot be read), unless the page
        itself would be cut by that, as near the end of the paper."""
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        beyond = self.verticalScrollBar().value() % self._row
        if self.visualRect(index).bottom() + beyond < self.viewport().height():
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - beyond)

    @property
    def _row(self) -> int:
        return ROW_DENSE if self.dense else ROW


class _PageDelegate(QStyledItemDelegate):
    def __init__(self, strip: PageStrip) -> None:
        super().__init__(strip)
        self._strip = strip

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, ROW_DENSE) if self._strip.dense else QSize(Desk.STRIP - 16, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        page_id = index.data(Qt.ItemDataRole.UserRole)
        pages = self._strip.pages
        current, presented = page_id == pages.current, page_id == pages.presented
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        area: QRect = option.rect
        number = pages.first + index.row()
        if self._strip.dense:
            _paint_number(painter, area, number, current, over, presented)
            if page_id in pages.changed:
                _paint_changed(painter, QRectF(area.left() + 2, area.top() + 2, 12, 12))
        else:
            self._paint_thumbnail(painter, area, number, page_id, current, over)
            if page_id in pages.changed:
                _paint_new(painter, area)
            if presented:
                _paint_tag(painter, area)
        painter.restore()

    def _paint_thumbnail(
        self, painter: QPainter, area: QRect, number: int, page_id: int, current: bool, over: bool
    ) -> None:
        painter.setFont(theme.font(16, theme.BOLD if current else theme.REGULAR))
        painter.setPen(QColor(Desk.PRIMARY if current else Desk.BODY))
        painter.drawText(
            QRect(area.left(), area.top() + 8, 42, 24), Qt.AlignmentFlag.AlignCenter, str(number)
        )
        dpr = self._strip.devicePixelRatioF()
        box = QRectF(area.left() + 41, area.top() + 7, THUMB_WIDTH, THUMB_HEIGHT)
        image = self._strip.thumbnail(page_id, round(THUMB_WIDTH * dpr), round(THUMB_HEIGHT * dpr))
        if image is not None and not image.isNull():
            size = image.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            left = box.left() + (box.width() - size.width()) / 2
            box = QRectF(left, box.top() + (box.height() - size.height()) / 2, size.width(), size.height())
            painter.drawImage(box, image)
        else:
            painter.fillRect(box, QColor(Desk.CARD))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge, width = (Desk.PRIMARY, 4) if current else (Desk.HOVER, 2) if over else (Desk.LINE, 1)
        painter.setPen(QPen(QColor(edge), width))
        out = 4 if current else 0
        painter.drawRoundedRect(box.adjusted(-out, -out, out, out), 4 + out, 4 + out)


def _paint_new(painter: QPainter, area: QRect) -> None:
    """新, under the number: nobody has seen the page as it is now."""
    painter.setFont(theme.font(14, theme.BOLD))
    words = say("新")
    wide = max(24, painter.fontMetrics().horizontalAdvance(words) + 8)
    tag = QRectF(area.left() + 21 - wide / 2, area.top() + 38, wide, 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(Desk.PRIMARY))
    painter.drawRoundedRect(tag, 4, 4)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, words)


def _paint_changed(painter: QPainter, spot: QRectF) -> None:
    """The same where there is no room for a word."""
    painter.setPen(QPen(QColor("#FFFFFF"), 2))
    painter.setBrush(QColor(Desk.PRIMARY))
    painter.drawRect(spot)


def _paint_tag(painter: QPainter, area: QRect) -> None:
    """説明者, at the corner of the page's picture."""
    painter.setFont(theme.font(14, theme.BOLD))
    words = say("説明者")
    tag = QRectF(area.left() + 39, area.top(), painter.fontMetrics().horizontalAdvance(words) + 16, 22)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(Desk.OK))
    painter.drawRoundedRect(tag, 4, 4)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, words)


def _paint_number(
    painter: QPainter, area: QRect, number: int, current: bool, over: bool, presented: bool
) -> None:
    key = QRectF(area.left() + 6, area.top() + 2, 48, 44)
    if current or over:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Desk.PRIMARY if current else Desk.PRIMARY_WEAK))
        painter.drawRoundedRect(key, 8, 8)
    painter.setFont(theme.font(20 if number < 1000 else 16, theme.BOLD if current else theme.REGULAR))
    painter.setPen(QColor("#FFFFFF" if current else Desk.BODY))
    painter.drawText(key, Qt.AlignmentFlag.AlignCenter, str(number))
    if presented:
        painter.setPen(QPen(QColor("#FFFFFF"), 2))
        painter.setBrush(QColor(Desk.OK))
        painter.drawEllipse(QRectF(key.right() - 13, key.top() + 1, 12, 12))
