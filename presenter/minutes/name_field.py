"""A line for a name, with those that are known below or above it: ↓ and ↑ choose, Tab and Enter take, Esc
puts the list away. While an input method is at work there is no list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QWidget

from pageview.theme import Desk
from pageview.wording import say
from presenter.keys import KEPT_KEYS
from presenter.minutes.known_names import offered
from presenter.minutes.line_field import LineField

ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ROW, AROUND, LEAST_WIDTH = Desk.TARGET, 4, 260


class NameField(LineField):
    """``known`` gives the names there are, the likeliest first."""

    taken = Signal()
    """A name was chosen of the list."""

    def __init__(self, words: str, limit: int) -> None:
        super().__init__(words, limit)
        self.known: Callable[[], Sequence[str]] = tuple
        self._composing = False
        self._names = _Names(self)
        self._names.pressed.connect(self._take)
        self.textEdited.connect(lambda _text: self._offer())

    def _offer(self) -> None:
        names, likeliest = offered(self.text(), self.known())
        if self._composing or not names or not self.hasFocus():
            self._put_away()
            return
        self._names.show_names(names, chosen=0 if likeliest else -1, beside=self)
        self.setProperty(KEPT_KEYS, [Qt.Key.Key_Escape.value])
        self.setAccessibleDescription(f"{say('名前の候補')} {' '.join(names)}")

    def _put_away(self) -> None:
        self._names.hide()
        self.setProperty(KEPT_KEYS, None)
        self.setAccessibleDescription("")

    def _take(self, name: str) -> None:
        self.setText(name)
        self._put_away()
        self.taken.emit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if self._composing:
            self._put_away()
        else:
            self._offer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = self._names
        if names.isHidden() or self._composing:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            names.move_choice(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape:
            self._put_away()
        elif event.key() in ENTERS and names.choice:
            self._take(names.choice)
        else:
            if event.key() in ENTERS:
                self._put_away()
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab takes what is chosen, and goes on."""
        if forward and not self._names.isHidden() and self._names.choice:
            self._take(self._names.choice)
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.text() and event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self._offer()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._composing = False
        self._put_away()
        super().focusOutEvent(event)


class _Names(QListWidget):
    """Lies over the window's other widgets and never has the keyboard: a window of its own would take it from
    an input method."""

    pressed = Signal(str)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._size = QSize()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setStyleSheet(
            f"QListWidget {{ background: {Desk.CARD}; border: 1px solid {Desk.BORDER}; border-radius: 8px;"
            f" padding: {AROUND - 1}px 0; font-size: 16px; }}"
            f"QListWidget::item {{ min-height: {ROW}px; padding: 0 12px; color: {Desk.TEXT}; }}"
            f"QListWidget::item:selected {{ background: {Desk.PRIMARY_WEAK}; color: {Desk.HOVER}; }}"
        )
        self.itemPressed.connect(lambda item: self.pressed.emit(item.text()))
        self.itemEntered.connect(self.setCurrentItem)
        self.hide()

    @property
    def choice(self) -> str:
        """The name that Enter takes; "" for none."""
        item = self.currentItem()
        return item.text() if item is not None else ""

    def move_choice(self, by: int) -> None:
        """Down from none is the first, up from the first is none."""
        self.setCurrentRow(min(max(self.currentRow() + by, -1), self.count() - 1))

    def show_names(self, names: Sequence[str], chosen: int, beside: QWidget) -> None:
        """These, where there is more room: above that widget, or below it."""
        window = beside.window()
        if self.parent() is not window:
            self.setParent(window)
            window.installEventFilter(self)
        self.setAccessibleName(say("名前の候補"))
        self.clear()
        self.addItems(names)
        self.setCurrentRow(chosen)
        at = beside.mapTo(window, QPoint(0, 0))
        self.ensurePolished()
        height = len(names) * self.sizeHintForRow(0) + 2 * AROUND
        below = at.y() + beside.height() + 8
        top = below if below + height <= window.height() else max(0, at.y() - 8 - height)
        width = max(beside.width(), LEAST_WIDTH)
        self.setGeometry(min(at.x(), max(0, window.width() - width - 8)), top, width, height)
        self._size = window.size()
        self.raise_()
        self.show()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.window().size() != self._size:
            self.hide()  # what it stood at is elsewhere
        return False
