"""The text of one item, and beside it: by whom; who sees to it, until when; or what the answer was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pageview.theme import Desk
from pageview.wording import say
from presenter.labels import Label
from presenter.minutes.field import MinutesField
from presenter.minutes.line_field import LineField
from presenter.minutes.name_field import NameField
from presenter.minutes.rows import KIND, has_owner
from protocol.minutes import ANSWER_LIMIT, DUE_LIMIT, ItemState, MinutesKind
from protocol.texts import one_line

SAVED_AFTER_MS = 400
"""What is typed beside a text is an edit when the hand has rested for so long, or moves on."""
NAME_LIMIT = 80
FIELD = (
    f"MinutesField {{ background: {Desk.CARD}; border: 1px solid {Desk.BORDER};"
    " border-radius: 8px; padding: 12px 13px; }"
)
AROUND = 27
"""Of the field, above and below its lines together."""


@dataclass(frozen=True, slots=True)
class Details:
    """What stands beside a text."""

    speaker: str = ""
    owner: str = ""
    due: str = ""
    answer: str = ""


class MinutesEditor(QFrame):
    """For a new item, with ``hint`` in its corner; or in a row's place."""

    entered = Signal()
    details_changed = Signal(object)
    """Details"""
    grown = Signal()
    left = Signal()
    """The keyboard is in none of its fields any more."""

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.field = MinutesField(18)
        self.field.setStyleSheet(FIELD)
        self.speaker, self.owner = NameField("発言者", NAME_LIMIT), NameField("担当", NAME_LIMIT)
        self.due, self.answer = LineField("期限", DUE_LIMIT), LineField("回答", ANSWER_LIMIT)
        self._lines = (self.speaker, self.owner, self.due, self.answer)
        self._told = Details()
        self._soon = QTimer(self, singleShot=True, interval=SAVED_AFTER_MS)
        self._soon.timeout.connect(self.tell_details)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.field)
        row = QHBoxLayout()
        row.setSpacing(8)
        for line, stretch in ((self.speaker, 4), (self.answer, 5), (self.owner, 4), (self.due, 4)):
            row.addWidget(line, stretch)
            line.textEdited.connect(lambda _text: self._soon.start())
            line.left.connect(self._line_left)
            line.entered.connect(self._enter)
        for name in (self.speaker, self.owner):
            name.taken.connect(self.tell_details)
        column.addLayout(row)
        self._hint = _Hint(hint, self.field)
        self.field.entered.connect(self._enter)
        self.field.lines_changed.connect(self._fit)
        self.field.left.connect(self._field_left)
        self.show_kind(KIND.SAID, None)
        self._say()
        self._fit()

    # --- what it shows ------------------------------------------------------------------------------------

    def show_kind(self, kind: MinutesKind, state: ItemState | None) -> None:
        """The fields that such an item has."""
        for line in (self.owner, self.due):
            line.setVisible(has_owner(kind, state))
        self.answer.setVisible(state is ItemState.ANSWERED)

    def show_details(self, details: Details) -> None:
        """As everybody has them."""
        self._told = details
        self.speaker.show_value(details.speaker)
        self.owner.show_value(details.owner)
        self.due.show_value(details.due)
        self.answer.show_value(details.answer)

    def offer_names(self, known: Callable[[], Sequence[str]]) -> None:
        """Where names are typed, those are offered."""
        self.speaker.known = self.owner.known = known

    def clear(self) -> None:
        """Nothing of a former item."""
        self._soon.stop()
        self._told = Details()
        self.field.show_text("")
        self.field.show_carets(())
        for line in self._lines:
            line.forget()

    @property
    def has_keyboard(self) -> bool:
        """Whether one types in one of its fields."""
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def focus_on(self, name: str) -> bool:
        """The keyboard is in the field of that name; False while it has none such."""
        line = {"owner": self.owner, "answer": self.answer}[name]
        if line.isHidden():
            return False
        line.setFocus()
        return True

    def _line_left(self) -> None:
        self.tell_details()
        self._field_left()

    def _field_left(self) -> None:
        """Where it went is known in a moment. A menu, or another window, takes nothing away."""
        QTimer.singleShot(0, self, self._look_where)

    def _look_where(self) -> None:
        if self.isVisible() and self.window().focusWidget() is not None and not self.has_keyboard:
            self.left.emit()

    @property
    def details(self) -> Details:
        """As they are typed."""
        return Details(*(one_line(line.value) for line in self._lines))

    def tell_details(self) -> None:
        """What is typed beside the text is an edit now, where it is another."""
        self._soon.stop()
        details = self.details
        for line in self._lines:
            line.told()
        if details != self._told:
            self._told = details
            self.details_changed.emit(details)

    def _enter(self) -> None:
        self.tell_details()
        self.entered.emit()

    # --- how it looks -------------------------------------------------------------------------------------

    def _fit(self) -> None:
        height = self.field.wanted_lines_height + AROUND
        if height != self.field.height():
            self.field.setFixedHeight(height)
            self.updateGeometry()
            self.grown.emit()

    def sizeHint(self) -> QSize:
        return QSize(400, self.field.wanted_lines_height + AROUND + 8 + Desk.TARGET)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_hint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.field.setAccessibleName(say("記録する言葉"))
        self._place_hint()

    def _place_hint(self) -> None:
        if not self._hint.isHidden():
            self._hint.adjustSize()
            self._hint.move(self.width() - self._hint.width() - 12, (56 - self._hint.height()) // 2)
            self.field.keep_free(self._hint.width() + 8)


class _Hint(QWidget):
    """What Enter does, in the field's corner."""

    def __init__(self, words: str, field: QWidget) -> None:
        super().__init__(field)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        cap = QLabel("Enter")
        cap.setProperty("role", "keycap")
        row.addWidget(cap)
        row.addWidget(Label(words, "secondary"))
        self.setVisible(bool(words))
