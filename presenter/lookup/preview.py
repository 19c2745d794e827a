"""The preview of a find: what only the presenter sees, and a part of it that is to be cut out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from pageview import theme
from pageview.hit_marks import paint_hit_marks
from pageview.theme import Desk
from presenter.keys import OWN_KEYS

STEP, SMALLEST = 0.02, 0.02
"""Of the page's sides: how far a key moves an edge, and the least that can be cut out."""
FIRST = QRectF(0.2, 0.2, 0.6, 0.4)
"""The part that a person without a mouse begins with."""
TEXT_MARGIN = 32


class Preview(QWidget):
    """Shows a page's picture, or words where there is none.

    ``clipped``: the part (fractions of the page) that the person has marked; None: it was given up.
    """

    clipped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(OWN_KEYS, True)
        self.setMinimumSize(240, 180)
        self._image: QImage | None = None
        self._hits: tuple[QRectF, ...] = ()
        self._text = ""
        self._words = ""
        self._clip: QRectF | None = None
        self._from: QPointF | None = None

    @property
    def shows_page(self) -> bool:
        """Whether there is a page from which a part can be cut."""
        return self._image is not None

    def show_image(self, image: QImage, hits: Sequence[QRectF] = ()) -> None:
        """A page's picture; ``hits``: places (fractions of the page) that are marked on it."""
        self._image, self._text, self._words = image, "", ""
        self._hits = tuple(hits)
        self.update()

    def show_text(self, text: str) -> None:
        """A plain text, on a sheet."""
        self._image, self._text, self._words = None, text, ""
        self._end_clip()
        self.update()

    def show_words(self, words: str) -> None:
        """A sentence in the page's place; "" for an empty place."""
        self._image, self._text, self._words = None, "", words
        self._end_clip()
        self.setAccessibleDescription(words)
        self.update()

    # --- a part ---------------------------------------------------------------------------------------------

    @property
    def clipping(self) -> bool:
        """Whether a part is being marked."""
        return self._clip is not None

    def begin_clip(self) -> None:
        """Drag, or the arrows move (with Shift: resize) the frame; Enter takes it, Esc gives it up."""
        if self._image is not None:
            self._clip = QRectF(FIRST)
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.update()

    def _end_clip(self, taken: bool = False) -> None:
        clip, self._clip, self._from = self._clip, None, None
        if clip is None:
            return
        self.unsetCursor()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.update()
        self.clipped.emit(clip if taken else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.clipping:
            self._from = self._on_page(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._clip = QRectF(self._from, self._on_page(event.position())).normalized()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._from is None or self._clip is None:
            return
        self._from = None
        if min(self._clip.width(), self._clip.height()) >= SMALLEST:
            self._end_clip(taken=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clip is None:
            event.ignore()
            return
        across, down = {
            Qt.Key.Key_Left: (-STEP, 0.0),
            Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -STEP),
            Qt.Key.Key_Down: (0.0, STEP),
        }.get(Qt.Key(event.key()), (0.0, 0.0))
        if event.key() == Qt.Key.Key_Escape:
            self._end_clip()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end_clip(taken=True)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            wide = min(max(SMALLEST, self._clip.width() + across), 1 - self._clip.x())
            high = min(max(SMALLEST, self._clip.height() + down), 1 - self._clip.y())
            self._clip = QRectF(self._clip.x(), self._clip.y(), wide, high)
        elif across or down:
            x = min(max(0.0, self._clip.x() + across), 1 - self._clip.width())
            y = min(max(0.0, self._clip.y() + down), 1 - self._clip.height())
            self._clip.moveTo(x, y)
        else:
            event.ignore()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._end_clip()
        super().focusOutEvent(event)

    def _on_page(self, at: QPointF) -> QPointF:
        area = self._page_area()
        x, y = (at.x() - area.x()) / area.width(), (at.y() - area.y()) / area.height()
        return QPointF(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    # --- painting -------------------------------------------------------------------------------------------

    def _page_area(self) -> QRectF:
        if self._image is None or self._image.isNull():
            return QRectF(self.rect())
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self._page_area()
        if self._image is not None:
            painter.drawImage(area, self._image)
            paint_hit_marks(painter, (_within(area, hit) for hit in self._hits))
            painter.setPen(QColor(Desk.LINE))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            self._paint_clip(painter, area)
            return
        if self._text:
            painter.fillRect(area, QColor(Desk.CARD))
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.TextFlag.TextWrapAnywhere) * bool(self._text)
        align = (
            Qt.AlignmentFlag.AlignCenter
            if self._words
            else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        )
        painter.setFont(theme.font(18))
        painter.setPen(QColor(Desk.TEXT2 if self._words else Desk.TEXT))
        inside = area.adjusted(TEXT_MARGIN, TEXT_MARGIN, -TEXT_MARGIN, -TEXT_MARGIN)
        painter.setClipRect(inside)
        painter.drawText(inside, flags | align.value, self._words or self._text)

    def _paint_clip(self, painter: QPainter, area: QRectF) -> None:
        if self._clip is None:
            return
        part = _within(area, self._clip)
        veil = QColor(0, 0, 0, 110)
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), part.top() - area.top()), veil)
        painter.fillRect(
            QRectF(area.left(), part.bottom(), area.width(), area.bottom() - part.bottom()), veil
        )
        painter.fillRect(QRectF(area.left(), part.top(), part.left() - area.left(), part.height()), veil)
        painter.fillRect(QRectF(part.right(), part.top(), area.right() - part.right(), part.height()), veil)
        painter.setPen(QPen(QColor("#FFFFFF"), 4))
        painter.drawRect(part)
        painter.setPen(QPen(QColor(Desk.PRIMARY), 2))
        painter.drawRect(part)


def _within(area: QRectF, part: QRectF) -> QRectF:
    return QRectF(
        area.x() + part.x() * area.width(),
        area.y() + part.y() * area.height(),
        part.width() * area.width(),
        part.height() * area.height(),
    )
