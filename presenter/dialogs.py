"""Questions and sheets over the desk. Each is opened without waiting and tells its answer by a signal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pageview.theme import Desk
from pageview.wording import Language, say
from presenter.actions import ENTRIES, Entry
from presenter.buttons import Button
from presenter.keys import press_by_enter
from presenter.labels import Label, frame
from presenter.paging import page_numbers
from presenter.settings import NAME_LIMIT


class Sheet(QDialog):
    """A modal sheet: title, what it holds, and its buttons at the right. Esc closes it, which says no."""

    def __init__(
        self, parent: QWidget | None, title: str, width: int = 560, values: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(parent)
        values = values or {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say(title, **values))
        self.setModal(True)
        self.setMinimumWidth(width)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(36, 32, 36, 28)
        self.column.setSpacing(16)
        heading = Label("", "h2", wrap=True)
        heading.set_words(title, **values)
        self.column.addWidget(heading)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(16)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus; the default one when none has it, or a choice."""
        focus = self.focusWidget()
        pressed = isinstance(focus, QAbstractButton) and not isinstance(focus, QRadioButton)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and pressed:
            press_by_enter(cast(QAbstractButton, focus), event)
        else:
            super().keyPressEvent(event)

    def add_buttons(self, *buttons: Button) -> None:
        """Puts these at the foot, left to right."""
        self.buttons.addStretch(1)
        for button in buttons:
            self.buttons.addWidget(button)
        self.column.addSpacing(8)
        self.column.addLayout(self.buttons)


class Question(Sheet):
    """Yes or no. The keyboard is on ``no``; ``yes`` comes only from its own button."""

    answered = Signal(bool)

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        yes: str,
        no: str,
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(parent, title, values=values)
        words = Label("", wrap=True)
        words.set_words(text, **(values or {}))
        self.column.addWidget(words)
        self.yes = Button(yes, kind="danger")
        self.no = Button(no, kind="primary")
        self.yes.clicked.connect(lambda _checked=False: self._answer(True))
        self.no.clicked.connect(lambda _checked=False: self._answer(False))
        self.add_buttons(self.yes, self.no)
        self.no.setDefault(True)
        self.no.setFocus()
        self._answered = False
        self.rejected.connect(lambda: self._answer(False))

    def _answer(self, yes: bool) -> None:
        if not self._answered:
            self._answered = True
            self.answered.emit(yes)
            self.close()


class PasswordSheet(Sheet):
    """Asks the password of one paper; what is typed goes to the caged process only."""

    given = Signal(str)

    def __init__(self, parent: QWidget | None, name: str, wrong: bool) -> None:
        super().__init__(parent, "{name} を開くには、パスワードが必要です", values={"name": name})
        self._field = QLineEdit()
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setMaxLength(127)
        self._field.setProperty("state", "error" if wrong else "")
        label = Label("パスワード", "title")
        label.setBuddy(self._field)
        self._field.setAccessibleName(say("パスワード"))
        self.column.addWidget(label)
        self.column.addWidget(self._field)
        if wrong:
            self.column.addWidget(
                Label("パスワードが違います。もう一度入力してください。", tone="err", wrap=True)
            )
        self.column.addWidget(
            Label(
                "会議室では、パスワードを聞かれません。入力したパスワードは残りません。",
                "secondary",
                wrap=True,
            )
        )
        cancel, ok = Button("やめる"), Button("開く", kind="primary")
        cancel.clicked.connect(self.close)
        ok.clicked.connect(self._give)
        ok.setDefault(True)
        self.add_buttons(cancel, ok)
        self._field.setFocus()

    def _give(self) -> None:
        text = self._field.text()
        self._field.clear()
        if text:
            self.given.emit(text)
            self.close()


class PagesSheet(Sheet):
    """Asks which pages of a file are meant."""

    given = Signal(tuple)
    """Page indices, from 0."""

    def __init__(self, parent: QWidget | None, name: str, count: int) -> None:
        super().__init__(parent, "{name} のどのページを入れますか", values={"name": name})
        self._count = count
        self._field = QLineEdit(f"1-{count}")
        self._field.setMaxLength(200)
        label = Label("ページの番号", "title")
        label.setBuddy(self._field)
        self.column.addWidget(label)
        self.column.addWidget(self._field)
        self._hint = Label("", "muted", wrap=True)
        self._hint.set_words("例：1-3, 5（全{n}ページ）", n=count)
        self.column.addWidget(self._hint)
        cancel, insert = Button("やめる"), Button("ページを入れる", kind="primary")
        cancel.clicked.connect(lambda _checked=False: self.reject())
        insert.clicked.connect(lambda _checked=False: self._give())
        insert.setDefault(True)
        self.add_buttons(cancel, insert)
        self._field.selectAll()
        self._field.setFocus()

    def _give(self) -> None:
        numbers = page_numbers(self._field.text(), self._count)
        if numbers is None:
            self._field.setProperty("state", "error")
            self._field.style().polish(self._field)
            self._hint.set_words("1から{n}までの番号を、1-3, 5 のように入力してください。", n=self._count)
            self._field.setFocus()
            return
        self.given.emit(numbers)
        self.accept()


class SettingsSheet(Sheet):
    """Department, name, language."""

    changed = Signal(str, str, str)
    """(name, department, language)"""
    keeping_wanted = Signal()
    """記録の保管"""
    places_wanted = Signal()
    """調べる所"""

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        department: str,
        language: Language,
        looks_up: bool = False,
        *,
        keeps: bool = False,
    ) -> None:
        """``looks_up``: the program can search, and where is to be set. ``keeps``: it keeps briefings."""
        super().__init__(parent, "設定")
        self._department, self._name = self._field(department), self._field(name)
        for words, field in (("所属", self._department), ("名前", self._name)):
            label = Label(words, "title")
            label.setBuddy(field)
            field.setAccessibleName(say(words))
            self.column.addWidget(label)
            self.column.addWidget(field)
        self.column.addWidget(
            Label("所属と名前は、つないだ会議室の画面に、説明者として出ます。", "secondary", wrap=True)
        )
        self.column.addWidget(frame("line"))
        self.column.addWidget(Label("言語 Language", "title"))
        row = QHBoxLayout()
        self._languages = QButtonGroup(self)
        for place, (code, words) in enumerate((("ja", "日本語"), ("en", "English"))):
            radio = QRadioButton(words)
            radio.setChecked(code == language)
            radio.setStyleSheet(f"QRadioButton {{ min-height: {Desk.TARGET}px; }}")
            self._languages.addButton(radio, place)
            row.addWidget(radio)
        row.addStretch(1)
        self.column.addLayout(row)
        if keeps or looks_up:
            self.column.addWidget(frame("line"))
            more = QHBoxLayout()
            more.setSpacing(12)
            if looks_up:
                places = Button("調べる所", "search", size="sm")
                places.clicked.connect(lambda _checked=False: self.places_wanted.emit())
                more.addWidget(places)
            if keeps:
                keeping = Button("記録の保管", "folder_open", size="sm")
                keeping.clicked.connect(lambda _checked=False: self._to_keeping())
                more.addWidget(keeping)
            more.addStretch(1)
            self.column.addLayout(more)
        cancel, ok = Button("やめる"), Button("保存する", kind="primary")
        cancel.clicked.connect(self.close)
        ok.clicked.connect(self._done)
        ok.setDefault(True)
        self.add_buttons(cancel, ok)

    def _to_keeping(self) -> None:
        """What was typed here is not lost by looking there."""
        self._done()
        self.keeping_wanted.emit()

    @staticmethod
    def _field(text: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setMaxLength(NAME_LIMIT)
        return field

    def _done(self) -> None:
        language = ("ja", "en")[self._languages.checkedId()]
        self.changed.emit(self._name.text().strip(), self._department.text().strip(), language)
        self.close()


class KeysSheet(Sheet):
    """Every key, straight from the table of actions."""

    def __init__(self, parent: QWidget | None, entries: Sequence[Entry] = ENTRIES) -> None:
        super().__init__(parent, "キーの一覧", width=800)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(16, 12, 12, 12)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(10)
        row = 0
        for entry in entries:
            if not entry.keys:
                continue
            keys = QHBoxLayout()
            keys.setSpacing(6)
            for name in dict.fromkeys(KEY_NAMES.get(key, key) for key in entry.keys):
                cap = Label("", "keycap")
                cap.set_plain(name)
                keys.addWidget(cap)
            keys.addStretch(1)
            grid.addWidget(Label(entry.words), row, 0)
            grid.addLayout(keys, row, 1)
            row += 1
        grid.addWidget(Label("番号のページへ"), row, 0)
        numbers = Label("1 2 3 … Enter", "keycap")
        grid.addWidget(numbers, row, 1, Qt.AlignmentFlag.AlignLeft)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        screen = QApplication.primaryScreen()
        scroll.setMinimumHeight(min(600, (screen.availableGeometry().height() if screen else 700) - 240))
        self.column.addWidget(scroll, 1)
        close = Button("閉じる", kind="primary")
        close.clicked.connect(self.close)
        close.setDefault(True)
        self.add_buttons(close)


class TextSheet(Sheet):
    """Something to read, and one button."""

    def __init__(self, parent: QWidget | None, title: str, sentences: Sequence[str]) -> None:
        super().__init__(parent, title)
        for sentence in sentences:
            label = Label("", wrap=True)
            label.set_plain(sentence)
            self.column.addWidget(label)
        close = Button("閉じる", kind="primary")
        close.clicked.connect(self.close)
        close.setDefault(True)
        self.add_buttons(close)


def ask(question: Question, yes: Callable[[], None], no: Callable[[], None] | None = None) -> None:
    """Opens the question and does what is answered."""

    def answer(agreed: bool) -> None:
        if agreed:
            yes()
        elif no is not None:
            no()

    question.answered.connect(answer)
    question.open()


KEY_NAMES = {
    "Right": "→",
    "Left": "←",
    "Up": "↑",
    "Down": "↓",
    "Shift+Right": "Shift+→",
    "Shift+Left": "Shift+←",
    "Ctrl+Left": "Ctrl+←",
    "Ctrl+Right": "Ctrl+→",
    "Ctrl+Up": "Ctrl+↑",
    "Ctrl+Down": "Ctrl+↓",
    "PgDown": "PageDown",
    "PgUp": "PageUp",
    "Return": "Enter",
    "Enter": "Enter",
}
