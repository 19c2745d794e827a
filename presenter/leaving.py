"""説明を終える: for what is open an owner and a day are asked (宿題), whichever way a briefing is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QScrollArea, QWidget

from pageview.theme import Desk
from pageview.wording import say
from presenter.correction_words import DELETED, new_words
from presenter.dialogs import Question, ask
from presenter.labels import Elided, Label, frame
from presenter.parts import Parts
from presenter.settings import NAME_LIMIT
from protocol.corrections import Correction
from protocol.minutes import DUE_LIMIT
from protocol.model import Briefing
from protocol.ops import AssignCorrection
from protocol.texts import one_line

ROW, SHOWN = 60, 5
FIELD = 180
TITLE, TEXT = "説明を終えますか", "会議室の画面から、資料を消します。"


def unassigned(briefing: Briefing) -> list[Correction]:
    """The open corrections that nobody sees to, by their numbers."""
    open_ = (each for each in briefing.corrections.values() if each.is_open)
    found = [each for each in open_ if not (each.owner and each.due)]
    return sorted(found, key=lambda each: each.number)


def end_question(parts: Parts, end: Callable[[], None]) -> Question:
    """Asks whether the briefing is over; it ends with the owners and days that were entered."""
    kept = parts.rooms.book.rooms() or parts.screens.showing or parts.people.people.inside
    left = unassigned(parts.source.briefing) if kept else []
    if not left:
        question = Question(parts.window, TITLE, TEXT, yes="終える", no="続ける")
        ask(question, end)
        return question
    sheet = LeaveSheet(parts.window, parts.source.briefing, left)
    sheet.assigned.connect(lambda item, owner, due: parts.network.edit(AssignCorrection(item, owner, due)))
    ask(sheet, end)
    return sheet


class LeaveSheet(Question):
    """The same question, with a line for each open correction. Leaving the lines empty is allowed."""

    assigned = Signal(object, str, str)
    """(item, owner, due) of each line that was filled in, before the answer."""

    def __init__(self, parent: QWidget | None, briefing: Briefing, left: Sequence[Correction]) -> None:
        super().__init__(parent, TITLE, TEXT, yes="終える", no="続ける")
        self.setMinimumWidth(1_000)
        asked = Label("", wrap=True)
        asked.set_words(
            "未修正の修正が{n}件あります。担当と期限を入れると、宿題として記録に残ります。", n=len(left)
        )
        asked.setStyleSheet(f"color: {Desk.TEXT}; font-weight: 700;")
        self._fields: list[tuple[Correction, QLineEdit, QLineEdit]] = []
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for row, correction in enumerate(left):
            number = Label("", "title")
            number.set_words("修正{number}", number=correction.number)
            words = Elided()
            after = new_words(briefing, correction, say(DELETED))
            words.set_plain(f"{correction.before} → {after}" if after else correction.before)
            text = QWidget()
            line = QGridLayout(text)
            line.setContentsMargins(0, 0, 0, 0)
            line.setHorizontalSpacing(12)
            line.addWidget(number, 0, 0)
            line.addWidget(words, 0, 1)
            line.setColumnStretch(1, 1)
            grid.addWidget(text, row, 0)
            owner = self._field("担当", correction.owner, NAME_LIMIT, correction.number)
            due = self._field("期限", correction.due, DUE_LIMIT, correction.number)
            grid.addWidget(owner, row, 1)
            grid.addWidget(due, row, 2)
            self._fields.append((correction, owner, due))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(rows)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields have it, and are scrolled to
        scroll.setFixedHeight(min(len(left), SHOWN) * ROW)
        for place, widget in enumerate((frame("line"), asked, scroll)):
            self.column.insertWidget(2 + place, widget)
        self.fields()[0].setFocus()

    def _field(self, words: str, text: str, limit: int, number: int) -> QLineEdit:
        field = QLineEdit(text)
        field.setMaxLength(limit)
        field.setFixedWidth(FIELD)
        field.setPlaceholderText(say(words))
        field.setAccessibleName(say("修正{n}の{field}", n=number, field=say(words)))
        return field

    def fields(self) -> list[QLineEdit]:
        """Owner and day of each line."""
        return [field for _, *both in self._fields for field in both]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a line goes on to the next: the default button would throw away what was typed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.focusWidget() in self.fields():
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _answer(self, yes: bool) -> None:
        for correction, owner, due in self._fields if yes else ():
            who, until = one_line(owner.text()), one_line(due.text())
            if (who, until) != (correction.owner, correction.due):
                self.assigned.emit(correction.item, who, until)
        super()._answer(yes)


def ask_before_closing(parts: Parts, left: int, close: Callable[[], None]) -> None:
    """The end screen is left: once it is asked whether what nobody sees to may stay so."""
    if not left:
        close()
        return
    question = Question(
        parts.window,
        "担当と期限のない持ち帰りが{n}件あります",
        "このまま閉じると、担当と期限のないまま記録に残ります。",
        yes="このまま閉じる",
        no="戻って入力する",
        values={"n": left},
    )
    ask(question, close)
