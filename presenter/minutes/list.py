"""The rows of the minutes, however many: only what is in sight is painted, what changed alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from pageview import icons, theme
from pageview.theme import Desk
from pageview.wording import phrase_break, say
from presenter.keys import KEPT_KEYS
from presenter.minutes.carets import FLAG, paint_flag
from presenter.minutes.row_look import DENSE, WIDE, Piece, RowLook
from presenter.minutes.rows import KIND_WORDS, MinutesRow

KEYS = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Delete),
)
IN_HAND = "#F5F9FF"
BAR = 4
MORE = 24


class MinutesList(QAbstractScrollArea):
    """Signals carry the item. ``writable``: whether whoever looks may write in them."""

    page_wanted = Signal(object)
    """page_id"""
    edit_wanted = Signal(int, int)
    """(item, the place for the caret; −1: behind its text)"""
    owner_wanted = Signal(int)
    answer_wanted = Signal(int)
    carry_wanted = Signal(int)
    done_wanted = Signal(int)
    menu_wanted = Signal(int, QPoint)
    """(item, where on the screen)"""
    remove_wanted = Signal(int)
    painted = Signal(object)
    """tuple of MinutesRow that are on the glass now"""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(KEPT_KEYS, [key.value for key in KEYS])
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.writable = True
        self._columns = WIDE
        self._looks: list[RowLook] = []
        self._tops: list[int] = [0]
        self._place_of: dict[int, int] = {}
        self._current: int | None = None
        self._hovered: int | None = None
        self._editor: QWidget | None = None
        self._edited: int | None = None
        self._none_yet = ""
        self._say()

    # --- what it shows ------------------------------------------------------------------------------------

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self._columns = DENSE if dense else WIDE
        self._set_out()

    def set_writable(self, writable: bool, none_yet: str) -> None:
        """Whether one may write; ``none_yet``: what stands here while there is nothing."""
        self._none_yet = none_yet
        if writable != self.writable:
            self.writable = writable
            self._set_out()
        self.viewport().update()

    def show_rows(self, rows: Sequence[MinutesRow]) -> None:
        """Shows these and nothing else. Whoever reads the last one is taken along when there are more."""
        at_end = self._at_end()
        anchor = self._anchor()
        known = {look.row.item: look for look in self._looks}
        self._looks = [self._look(row, known.get(row.item)) for row in rows]
        self._place_of = {row.item: place for place, row in enumerate(rows)}
        if self._current not in self._place_of:
            self._current = None
        self._stack()
        if at_end:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        elif anchor is not None and anchor[0] in self._place_of:
            self.verticalScrollBar().setValue(self._tops[self._place_of[anchor[0]]] + anchor[1])
        self.viewport().update()

    def change_row(self, row: MinutesRow) -> None:
        """One row is another: only it is set out and painted."""
        place = self._place_of.get(row.item)
        if place is None:
            return
        former = self._looks[place]
        height, at_end = self._height(place), self._at_end()
        self._looks[place] = self._look(row, former)
        if self._height(place) != height:
            self._stack()
            if at_end:
                self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
            self.viewport().update()
        else:
            # Flags stand above their row.
            self.viewport().update(self._rect(place).adjusted(0, -FLAG, 0, 0))

    def row(self, item: int) -> MinutesRow | None:
        """As it is shown."""
        place = self._place_of.get(item)
        return self._looks[place].row if place is not None else None

    def _look(self, row: MinutesRow, former: RowLook | None) -> RowLook:
        kept = former.with_row(row) if former is not None else None
        if kept is not None and kept.columns is self._columns:
            return kept
        return RowLook(row, self.viewport().width(), self._columns, writable=self.writable)

    def _set_out(self) -> None:
        at_end = self._at_end()
        width = self.viewport().width()
        self._looks = [
            RowLook(look.row, width, self._columns, writable=self.writable) for look in self._looks
        ]
        self._stack()
        if at_end:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self.viewport().update()

    def _height(self, place: int) -> int:
        look = self._looks[place]
        if look.row.item == self._edited and self._editor is not None:
            return self._editor.sizeHint().height() + 2 * look.columns.pad + 1
        return look.height + 1

    def _stack(self) -> None:
        heights = (self._height(place) for place in range(len(self._looks)))
        self._tops = list(accumulate(heights, initial=0))
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._tops[-1] - seen))
        bar.setPageStep(seen)
        bar.setSingleStep(48)
        self._place_editor()

    def _at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 4

    def _anchor(self) -> tuple[int, int] | None:
        """(item of the first row in sight, how much of it is out of sight)"""
        place = self._place_at(0)
        if place is None:
            return None
        return self._looks[place].row.item, self.verticalScrollBar().value() - self._tops[place]

    # --- a field in a row's place -------------------------------------------------------------------------

    def open_editor(self, item: int, editor: QWidget) -> None:
        """That row's text and what is below it give way to this widget."""
        self._edited, self._editor = item, editor
        self._current = item
        editor.setParent(self.viewport())
        self._stack()
        editor.show()
        self.show_item(item)
        self.viewport().update()

    def close_editor(self) -> None:
        """The row is as it was."""
        if self._editor is not None:
            self._editor.hide()
        self._edited = self._editor = None
        self._stack()
        self.viewport().update()

    def editor_grown(self) -> None:
        """It has another height."""
        self._stack()
        if self._edited is not None:
            self.show_item(self._edited)
        self.viewport().update()

    def _place_editor(self) -> None:
        place = self._place_of.get(self._edited) if self._edited is not None else None
        if self._editor is None or place is None:
            return
        rect, columns = self._rect(place), self._columns
        left = max(columns.text - 14, columns.chip + columns.chip_width + 8)
        self._editor.setGeometry(
            left, rect.top() + columns.pad, rect.width() - left - 16, self._editor.sizeHint().height()
        )

    def show_item(self, item: int) -> None:
        """Scrolls as far as it must for that row to be in sight."""
        place = self._place_of.get(item)
        if place is None:
            return
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        if self._tops[place] < bar.value():
            bar.setValue(self._tops[place])
        elif self._tops[place + 1] > bar.value() + seen:
            bar.setValue(self._tops[place + 1] - seen)

    # --- places -------------------------------------------------------------------------------------------

    def _rect(self, place: int) -> QRect:
        top = self._tops[place] - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self._tops[place + 1] - self._tops[place])

    def _place_at(self, y: int) -> int | None:
        place = bisect_right(self._tops, y + self.verticalScrollBar().value()) - 1
        return place if 0 <= place < len(self._looks) else None

    def _piece_at(self, at: QPoint) -> tuple[int, Piece] | None:
        place = self._place_at(at.y())
        if place is None or self._looks[place].row.item == self._edited:
            return None
        look, top = self._looks[place], self._rect(place).top()
        for area, piece in look.places:
            if piece.does and area.translated(0, top).adjusted(-6, -4, 6, 4).contains(at.toPointF()):
                return place, piece
        return None

    def _more(self, place: int) -> QRect:
        rect = self._rect(place)
        return QRect(rect.right() - 40, rect.top() + self._columns.pad + 2, MORE, MORE)

    # --- painting -----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), QColor(Desk.CARD))
        first = self._place_at(max(0, event.rect().top()))
        shown = []
        for place in range(first, len(self._looks)) if first is not None else ():
            if self._rect(place).top() > event.rect().bottom() + FLAG:
                break
            self._paint_row(painter, place)
            shown.append(self._looks[place].row)
        if first is not None:
            self._paint_flags(painter, first)
        if not self._looks and self._none_yet:
            painter.setFont(theme.font(18))
            painter.setPen(QColor(Desk.TEXT2))
            area = QRectF(self.viewport().rect()).adjusted(24, 24, -24, -24)
            painter.drawText(area, Qt.TextFlag.TextWordWrap.value, phrase_break(say(self._none_yet)))
        painter.end()
        if shown:
            self.painted.emit(tuple(shown))

    def _paint_row(self, painter: QPainter, place: int) -> None:
        look, rect = self._looks[place], self._rect(place)
        row = look.row
        if row.item == self._edited or row.carets or (row.item == self._current and self.hasFocus()):
            painter.fillRect(rect, QColor(IN_HAND))
            painter.fillRect(0, rect.top(), BAR, rect.height(), QColor(Desk.PRIMARY))
        painter.fillRect(0, rect.bottom(), rect.width(), 1, QColor(Desk.LINE))
        look.paint(painter, rect.top(), text=row.item != self._edited)
        marked = self._current if self.hasFocus() else None
        if self.writable and row.item != self._edited and row.item in (self._hovered, marked):
            icons.paint(painter, "more_vert", QRectF(self._more(place)), Desk.TEXT2)

    def _paint_flags(self, painter: QPainter, first: int) -> None:
        within = self.viewport().rect()
        for place in range(first, len(self._looks)):
            rect, look = self._rect(place), self._looks[place]
            if rect.top() > within.bottom():
                break
            for caret in look.row.carets if look.row.item != self._edited else ():
                if caret.fresh and caret.name:
                    at, above = look.flag_rect(caret.place)
                    at = at.translated(0, rect.top())
                    paint_flag(painter, at, caret, within, above=above and at.top() >= FLAG)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._place_editor()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._set_out()
        else:
            at_end = self._at_end()
            self._stack()
            if at_end:
                self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
            self._set_out()
        super().changeEvent(event)

    def _say(self) -> None:
        self.setAccessibleName(say("記録の一覧"))

    # --- mouse and keys -----------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        place = self._place_at(at.y())
        hovered = self._looks[place].row.item if place is not None else None
        on_text = place is not None and self.writable and at.x() >= self._columns.text
        on_key = self._piece_at(at) is not None or (place is not None and self._more(place).contains(at))
        shape = Qt.CursorShape.PointingHandCursor if on_key else Qt.CursorShape.ArrowCursor
        if on_text and not on_key:
            shape = Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)
        if hovered != self._hovered:
            self._hovered = hovered
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        place = self._place_at(at.y())
        if place is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        item, piece = self._looks[place].row.item, self._piece_at(at)
        if piece is not None:
            self._run(item, piece[1].does)
        elif self.writable and self._more(place).adjusted(-10, -10, 10, 10).contains(at):
            self._set_current(place)
            self.menu_wanted.emit(item, self.viewport().mapToGlobal(self._more(place).bottomLeft()))
        elif self.writable and item != self._edited:
            top = self._rect(place).top()
            self.edit_wanted.emit(item, self._looks[place].place_at(at.x(), at.y() - top))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self._place_at(event.pos().y())
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self._place_of.get(self._current) if self._current is not None else None
        if place is not None and self.writable:
            self._set_current(place)
            corner = self._more(place).bottomLeft()
            self.menu_wanted.emit(self._looks[place].row.item, self.viewport().mapToGlobal(corner))

    def _run(self, item: int, does: str) -> None:
        row = self.row(item)
        if row is None:
            return
        match does:
            case "page":
                self.page_wanted.emit(row.page_id)
            case "evidence":
                self.page_wanted.emit(row.evidence)
            case "answer":
                self.answer_wanted.emit(item)
            case "carry":
                self.carry_wanted.emit(item)
            case "done":
                self.done_wanted.emit(item)
            case "owner":
                self.owner_wanted.emit(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self._place_of.get(self._current) if self._current is not None else None
        item = self._current if place is not None else None
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down if self._looks:
                step = -1 if event.key() == Qt.Key.Key_Up else 1
                wanted = len(self._looks) - 1 if place is None else place + step
                self._set_current(max(0, min(wanted, len(self._looks) - 1)))
            case Qt.Key.Key_Home if self._looks:
                self._set_current(0)
            case Qt.Key.Key_End if self._looks:
                self._set_current(len(self._looks) - 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F2 if item is not None and self.writable:
                self.edit_wanted.emit(item, -1)
            case Qt.Key.Key_Delete if item is not None and self.writable:
                self.remove_wanted.emit(item)
            case _:
                super().keyPressEvent(event)

    def take_keyboard(self) -> None:
        """The list has the keyboard, on its last row."""
        if self._looks:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._set_current(len(self._looks) - 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._current is None and self._looks:
            self._set_current(len(self._looks) - 1)

    def _set_current(self, place: int) -> None:
        row = self._looks[place].row
        self._current = row.item
        self.setAccessibleDescription(f"{row.time} {say(KIND_WORDS[row.kind])} {row.text}")
        self.show_item(row.item)
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        event.accept()  # at its end the page behind must not turn
