"""How many displays are of each kind: icon, word, number. Pressed, a page shows only them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk.fleet.parts import Picture, Words
from pageview.theme import Desk
from pageview.wording import say


class Counter(QFrame):
    """`pressed` gives its key back. ``loud``: any at all is bad news."""

    pressed = Signal(object)

    def __init__(self, key: object, icon: str, word: str, color: str, loud: bool = False) -> None:
        super().__init__()
        self.key = key
        self._word, self._loud = word, loud
        self._look: tuple[bool, bool] | None = None
        """Loud, and the only ones, as it is shown: to style a widget anew costs more than all the rest."""
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 6, 6)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Picture(icon, 20, color))
        head.addWidget(Words(word, "secondary"), 1)
        column.addLayout(head)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        self._number = Words("0")
        foot.addWidget(self._number)
        self._unit = Words(say("台", n=0), "secondary")
        self._unit.setMinimumWidth(1)
        foot.addWidget(self._unit)
        foot.addStretch(1)
        column.addLayout(foot)

    def show_count(self, count: int, only: bool) -> None:
        """``only``: the page shows just these."""
        look = self._loud and count > 0, only
        if look != self._look:
            self._look = look
            self._dress(*look)
        self._number.say(str(count))
        self._unit.say(say("台", n=count))
        self.setAccessibleName(f"{self._word} {count}")

    def _dress(self, loud: bool, only: bool) -> None:
        color = Desk.ERR if loud else Desk.TEXT
        self._number.setStyleSheet(f"font-size: 36px; font-weight: 700; color: {color};")
        self.setStyleSheet(f'QFrame[role="card"] {{ border: 2px solid {Desk.PRIMARY}; }}' if only else "")

    @property
    def has_room(self) -> bool:
        """For the unit beside the number."""
        return self._number.sizeHint().width() + self._unit.sizeHint().width() + 24 <= self.width()

    def show_unit(self, shown: bool) -> None:
        self._unit.setVisible(shown)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.pressed.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self.key)
        else:
            super().keyPressEvent(event)


class Counters(QWidget):
    """Side by side; each of ``kinds`` is what a `Counter` is made of."""

    pressed = Signal(object)

    def __init__(self, kinds: Iterable[tuple[object, str, str, str, bool]]) -> None:
        super().__init__()
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.counters = [Counter(*kind) for kind in kinds]
        for counter in self.counters:
            counter.pressed.connect(self.pressed)
            row.addWidget(counter, 1)

    def show_counts(self, count: Callable[[Any], int], only: object) -> None:
        """``count`` gives that of a key; ``only``: the key of those that the page shows, None for all."""
        for counter in self.counters:
            counter.show_count(count(counter.key), counter.key is only)
        self._fit_units()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.activate()
        self._fit_units()

    def _fit_units(self) -> None:
        """At all counters or at none."""
        fits = all(counter.has_room for counter in self.counters)
        for counter in self.counters:
            counter.show_unit(fits)
