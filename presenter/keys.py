"""The keyboard and the clicker: which key runs which action of `presenter.actions`.

One filter on the desk's window sees every key before the focused widget does. Dialogs and menus have windows
of their own and keep their keys.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import cast

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from presenter.actions import ENTRIES, Actions, Entry, Where

JUMP_FORGOTTEN_MS = 2_000
HELD_S = 0.5
"""A key that is down for so long is held, not pressed."""
OWN_KEYS = "ownKeys"
"""A widget with this property keeps its keys while it has the focus (the list over the console)."""
KEYS_LEFT = "keysLeft"
"""Such a widget leaves the keys of these actions, by their names, to the window."""
KEPT_KEYS = "keptKeys"
"""A widget with this property keeps just these keys, bare, while it has the focus: a list its arrows."""
LEFT_BY_ESCAPE = "leftByEscape"
"""While the focus is in a widget with this property, Esc leaves it and does nothing else."""
_FIRST_DIGIT = Qt.Key.Key_0.value
_ESCAPE, _BACKSPACE = Qt.Key.Key_Escape.value, Qt.Key.Key_Backspace.value
_ENTERS = frozenset({Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value})
_PRESSES = _ENTERS | {Qt.Key.Key_Space.value}
Chord = tuple[int, Qt.KeyboardModifier]


def chord(text: str) -> Chord:
    """The key and its modifiers of a portable key text ("Shift+Right")."""
    combination = cast(QKeyCombination, QKeySequence(text)[0])  # type: ignore[index]
    return combination.key().value, combination.keyboardModifiers()


@cache
def bindings(where: Where, typing: bool = False, entries: tuple[Entry, ...] = ENTRIES) -> dict[Chord, Entry]:
    """What each key runs on that screen; ValueError when one stands for two actions."""
    bound: dict[Chord, Entry] = {}
    for entry in entries:
        if not where & entry.where:
            continue
        for text in entry.while_typing if typing else entry.keys:
            if bound.setdefault(chord(text), entry) is not entry:
                raise ValueError(f"{text} runs both {bound[chord(text)].name} and {entry.name}")
    return bound


class Jump(QObject):
    """The page number being typed: digits gather, Enter goes there, a pause or Esc forgets."""

    changed = Signal(str)
    """The digits so far; "" when there are none any more."""

    def __init__(self, forgotten_ms: int = JUMP_FORGOTTEN_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.digits = ""
        self._pause = QTimer(self, singleShot=True, interval=forgotten_ms)
        self._pause.timeout.connect(self.forget)

    def add(self, digit: int) -> None:
        """One more digit; more than five are a slip and start again."""
        self._set(str(digit) if len(self.digits) >= 5 else f"{self.digits}{digit}")
        self._pause.start()

    def rub_out(self) -> None:
        """The last digit goes."""
        self._set(self.digits[:-1])

    def forget(self) -> None:
        """No number any more."""
        self._set("")

    def take(self) -> int:
        """The number typed, which is then forgotten."""
        number = int(self.digits)
        self._set("")
        return number

    def _set(self, digits: str) -> None:
        self.digits = digits
        if not digits:
            self._pause.stop()
        self.changed.emit(digits)


class Keys(QObject):
    """Carries the keys of the desk's window to the actions, whatever has the focus in it.

    ``where`` tells the screen shown now; ``leave`` is called when Esc leaves a text field or a panel.
    """

    pressed = Signal(str)
    """The name of an action that a key has just run."""
    refused = Signal(str)
    """The name of an action whose key was pressed while it is switched off."""

    def __init__(
        self,
        actions: Actions,
        where: Callable[[], Where],
        leave: Callable[[], None],
        jump: Jump,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        """``clock``: seconds that nobody can set."""
        super().__init__(parent)
        self._actions, self._where, self._leave, self.jump = actions, where, leave, jump
        self._clock = clock
        self._held: tuple[int, Entry, float] | None = None

    def watch(self, window: QWindow) -> None:
        """From now on sees the keys of this window."""
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            self._release(event)
        return event.type() == QEvent.Type.KeyPress and self._press(event)

    def take(self, event: QKeyEvent) -> bool:
        """A key pressed in a window of ours that has no fields: the attached screen."""
        return self._press(event)

    def _press(self, event: QKeyEvent) -> bool:
        where, focus = self._where(), QApplication.focusWidget()
        if isinstance(QApplication.activePopupWidget(), QMenu) or self._is_its_own(where, focus, event):
            return False
        if focus and not event.modifiers() and event.key() in (focus.property(KEPT_KEYS) or ()):
            return False
        typing = is_typed_in(focus)
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers != event.modifiers() and modifiers & Qt.KeyboardModifier.AltModifier:
            return False  # a character typed by its number
        key = event.key()
        inside = typing or (_left_by_escape(focus) and not self.jump.digits)
        if inside and where is Where.CONSOLE and key == _ESCAPE and not modifiers:
            self._leave()
            return True
        if where is Where.CONSOLE and not typing and not modifiers and self._jump(key):
            return True
        if key in _PRESSES and isinstance(focus, QAbstractButton):
            # Buttons of the console take the focus by Tab alone: one that has it is where the person is.
            return key in _ENTERS and press_by_enter(focus, event)
        entry = self._entry(where, key, modifiers, typing)
        if entry is None:
            return False
        if not event.isAutoRepeat() or entry.repeats:
            if not self._actions.run(entry.name):
                self.refused.emit(entry.name)
                return True
            self.pressed.emit(entry.name)
            if entry.held:
                self._held = key, entry, self._clock()
        return True

    def _release(self, event: QKeyEvent) -> None:
        """What is on while its key is held is off again; after a mere press it stays."""
        if self._held is None or event.isAutoRepeat() or event.key() != self._held[0]:
            return
        (_, entry, since), self._held = self._held, None
        if self._clock() - since >= HELD_S and self._actions[entry.name].isChecked():
            self._actions.run(entry.name)

    def _is_its_own(self, where: Where, focus: QWidget | None, event: QKeyEvent) -> bool:
        if focus is None or not focus.property(OWN_KEYS):
            return False
        entry = self._entry(where, event.key(), event.modifiers(), is_typed_in(focus))
        return entry is None or entry.name not in (focus.property(KEYS_LEFT) or ())

    def _entry(self, where: Where, key: int, modifiers: Qt.KeyboardModifier, typing: bool) -> Entry | None:
        bound = bindings(where, typing, self._actions.entries)
        # "+" needs Shift on most keyboards and none on others: signs are matched without it.
        bare = modifiers & ~Qt.KeyboardModifier.ShiftModifier
        sign = 0x20 < key < 0x7F and not (0x30 <= key <= 0x39 or 0x41 <= key <= 0x5A)
        return bound.get((key, bare if sign else modifiers))

    def _jump(self, key: int) -> bool:
        digit = key - _FIRST_DIGIT
        if 0 <= digit <= 9 and (digit or self.jump.digits):
            self.jump.add(digit)
        elif not self.jump.digits:
            return False
        elif key in _ENTERS:
            self._actions.run("jump", self.jump.take())
        elif key == _ESCAPE:
            self.jump.forget()
        elif key == _BACKSPACE:
            self.jump.rub_out()
        else:
            return False
        return True


def is_typed_in(widget: QWidget | None) -> bool:
    """Whether keys are text for this widget: it takes an input method and may be written."""
    if widget is None or not widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
        return False
    return not widget.property("readOnly")


def _left_by_escape(widget: QWidget | None) -> bool:
    while widget is not None and not widget.property(LEFT_BY_ESCAPE):
        widget = widget.parentWidget()
    return widget is not None


def press_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Enter presses the button that has the focus, once however long it is held; Qt leaves it to Space."""
    if not event.isAutoRepeat():
        button.click()
    return True
