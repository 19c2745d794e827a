"""A text of the minutes as it is typed: one's own caret, the others', and an input method left in peace.

Texts are counted in code points, as everywhere; Qt counts UTF-16. 𠮷 is one for us and two for Qt.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QTextEdit

from pageview import theme
from presenter.minutes.carets import FLAG, paint_caret, paint_flag
from presenter.minutes.rows import Caret
from presenter.minutes.shared_text import moved
from presenter.wording import difference
from protocol.ops import TEXT_LIMIT
from protocol.texts import Edit, cleaned

LINE = 1.6
"""From one line to the next, in letters."""
MOST_LINES = 6
"""Higher it does not grow; then it scrolls."""


def utf16(text: str, place: int) -> int:
    """Qt's count of the first ``place`` code points."""
    return place + sum(each > "\uffff" for each in text[:place])


def points(text: str, units: int) -> int:
    """The code points within the first ``units`` of Qt's."""
    at = 0
    for place, each in enumerate(text):
        if at >= units:
            return place
        at += 2 if each > "\uffff" else 1
    return len(text)


class MinutesField(QTextEdit):
    """Enter is told; Shift+Enter is a line feed. Ctrl+Z is told: what is undone is in the log, not here."""

    edited = Signal(object)
    """An Edit that the person made of what this field shows."""
    caret_moved = Signal(int, str)
    """(place in code points, what the input method has not confirmed)"""
    composed = Signal()
    """The input method is done: what waited for it may be shown."""
    entered = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()
    left_upwards = Signal()
    """Up in the first line."""
    lines_changed = Signal()
    left = Signal()
    """The keyboard is elsewhere."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._text = ""
        self._preedit = ""
        self._quiet = True
        self._carets: tuple[Caret, ...] = ()
        self._lines = 1
        self._line_height = round(size * LINE)
        self.setFont(theme.font(size))
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.document().setDocumentMargin(0)
        self._set_lines_apart()
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._moved)
        self._quiet = False
        self._fit()

    # --- what it shows ------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What is confirmed of what is typed."""
        return self._text

    @property
    def composing(self) -> bool:
        """Whether an input method has words that are not confirmed: the text must stay as it is."""
        return bool(self._preedit)

    @property
    def place(self) -> int:
        """Where the caret stands."""
        return points(self._text, self.textCursor().position())

    def show_text(self, text: str, place: int | None = None) -> None:
        """Another text; ``place``: where the caret stands, None: at its end."""
        self._quiet = True
        self.setPlainText(text)
        self._set_lines_apart()
        self._text = text
        self._set_place(len(text) if place is None else min(place, len(text)))
        self._quiet = False
        self._fit()

    def _set_lines_apart(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        apart = QTextBlockFormat()
        apart.setLineHeight(self._line_height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.mergeBlockFormat(apart)

    def apply(self, edit: Edit) -> None:
        """Somebody else's edit of what is shown. One's own caret, and what is selected, stay with their
        letters. Not while `composing`."""
        if not edit:
            return
        cursor = self.textCursor()
        place, anchor = (moved(points(self._text, at), edit) for at in (cursor.position(), cursor.anchor()))
        self._quiet = True
        writer = QTextCursor(self.document())
        at, text = 0, self._text
        for part in edit:
            if isinstance(part, str):
                writer.setPosition(utf16(text, at))
                writer.insertText(part)
                text = text[:at] + part + text[at:]
                at += len(part)
            elif part > 0:
                at += part
            else:
                writer.setPosition(utf16(text, at))
                writer.setPosition(utf16(text, at - part), QTextCursor.MoveMode.KeepAnchor)
                writer.removeSelectedText()
                text = text[:at] + text[at - part :]
        self._text = text
        self._set_place(place, anchor)
        self._quiet = False
        self._fit()

    def _set_place(self, place: int, anchor: int | None = None) -> None:
        cursor = self.textCursor()
        cursor.setPosition(utf16(self._text, place if anchor is None else anchor))
        cursor.setPosition(utf16(self._text, place), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def set_place(self, place: int) -> None:
        """Puts one's own caret there."""
        self._set_place(min(place, len(self._text)))

    def show_carets(self, carets: Sequence[Caret]) -> None:
        """Where others type in this text."""
        if tuple(carets) != self._carets:
            self._carets = tuple(carets)
            self.viewport().update()

    # --- what is typed ------------------------------------------------------------------------------------

    def _changed(self) -> None:
        if self._quiet:
            return
        before, after = self._text, self.toPlainText()
        if len(after) > TEXT_LIMIT or cleaned(after) != after:
            self.show_text(before, min(self.place, len(before)))
            return
        op = difference(0, before, after)
        self._text = after
        if op is not None:
            self.edited.emit(op.parts)
        self._fit()
        self._moved()

    def _moved(self) -> None:
        if self._quiet or self.window().focusWidget() is not self or self.toPlainText() != self._text:
            return  # of a letter the caret comes first: it is told behind it
        self.caret_moved.emit(self.place, self._preedit)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)
        self._fit()
        self._moved()
        if not self._preedit:
            self.composed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if shift:
                # A line of its own: Qt's own answer is a separator that is no line feed.
                self.textCursor().insertBlock()
                self.ensureCursorVisible()
            else:
                self.entered.emit()
        elif control and event.key() == Qt.Key.Key_Z:
            (self.redo_wanted if shift else self.undo_wanted).emit()
        elif control and event.key() == Qt.Key.Key_Y:
            self.redo_wanted.emit()
        elif event.key() == Qt.Key.Key_Up and not event.modifiers() and self._in_first_line():
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def _in_first_line(self) -> bool:
        cursor = self.textCursor()
        return not cursor.movePosition(QTextCursor.MoveOperation.Up)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted: text alone, without what no item may hold."""
        text = source.text().replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        self.insertPlainText(cleaned(text))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._preedit:
            self._preedit = ""
            self.composed.emit()
        self.left.emit()

    # --- how it looks -------------------------------------------------------------------------------------

    @property
    def wanted_lines_height(self) -> int:
        """Of the lines there are, up to six."""
        return min(self._lines, MOST_LINES) * self._line_height

    def keep_free(self, width: int) -> None:
        """So much at the right edge is not written on."""
        self.setViewportMargins(0, 0, width, 0)

    def _fit(self) -> None:
        """Lines as they are broken at this width, an input method's words among them."""
        lines, block = 0, self.document().firstBlock()
        while block.isValid():
            lines += max(1, block.layout().lineCount())
            block = block.next()
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if lines > MOST_LINES
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if lines != self._lines:
            self._lines = lines
            self.lines_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._carets:
            return
        painter, within = QPainter(self.viewport()), self.viewport().rect()
        for caret in self._carets:
            at = self._rect_at(caret.place)
            paint_caret(painter, at, caret.peer)
            if caret.fresh and caret.name:
                above = at.top() >= FLAG
                paint_flag(painter, at if above else self._line_end(caret.place), caret, within, above=above)
        painter.end()

    def _rect_at(self, place: int) -> QRect:
        return self.cursorRect(self._cursor_at(place))

    def _line_end(self, place: int) -> QRect:
        """Behind the last letter of that line, where a name covers none."""
        cursor = self._cursor_at(place)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfLine)
        return self.cursorRect(cursor)

    def _cursor_at(self, place: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(utf16(self._text, min(place, len(self._text))))
        return cursor
