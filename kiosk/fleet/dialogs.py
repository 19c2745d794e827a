"""Questions before something that people would notice: in words, and typed where a briefing would be
disturbed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from kiosk.fleet.parts import Words, button
from kiosk.fleet.setting_words import setting_words
from pageview import theme
from pageview.wording import say


class Question(QDialog):
    """Yes only when ``yes`` was pressed, and when ``typed`` was typed where it is asked for.

    Enter means no, but in a field, where it says that all is typed: then it is yes, or nothing.
    """

    def __init__(
        self, parent: QWidget, title: str, text: str, yes: str, typed: str = "", asked: str = ""
    ) -> None:
        """``asked``: how it is asked for, the room's number where nothing is said."""
        super().__init__(parent)
        column = _begin(self, title)
        self.text = Words(text, wrap=True)
        column.addWidget(self.text)
        self._typed = typed
        self.field = QLineEdit()
        if typed:
            asked = asked or say("続けるときは、会議室番号「{number}」を入力してください。", number=typed)
            column.addWidget(Words(asked, "title", wrap=True))
            column.addWidget(self.field)
            self.field.setAccessibleName(asked)
            self.field.textChanged.connect(lambda _text: self._tell())
        self._column = column
        row = QHBoxLayout()
        row.addStretch(1)
        stay = button(say("やめる"), "", self.reject)
        self.yes = button(yes, "", self._agree, "danger" if typed else "primary")
        for each in (stay, self.yes):
            each.setAutoDefault(False)
        row.addWidget(stay)
        row.addWidget(self.yes)
        column.addLayout(row)
        stay.setDefault(not typed)
        self._tell()

    def agreed(self) -> bool:
        """Asks, and waits for the answer. What was typed can be read until the caller is done."""
        answer = self.exec()
        self.deleteLater()  # else it would stay for as long as its window
        return answer == QDialog.DialogCode.Accepted

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        at = self.focusWidget()
        if isinstance(at, QPushButton):
            at.click()
        elif self._typed or isinstance(at, QLineEdit):
            self._agree()
        else:
            self.reject()

    def insert(self, widget: QWidget) -> None:
        """Above the buttons."""
        self._column.insertWidget(self._column.count() - 1, widget)

    def _agree(self) -> None:
        if self.yes.isEnabled():
            self.accept()

    def _tell(self) -> None:
        told = unicodedata.normalize("NFKC", self.field.text()).strip()  # ２７ is 27
        self.yes.setEnabled(not self._typed or told == self._typed)


class RestartQuestion(Question):
    """Which restart."""

    def __init__(self, parent: QWidget, text: str, typed: str) -> None:
        super().__init__(parent, say("再起動しますか"), text, say("再起動する"), typed)
        self._program = QRadioButton(say("アプリだけ（数秒）"))
        self._machine = QRadioButton(say("本体（1分から3分）"))
        self._group = QButtonGroup(self)
        for each in (self._program, self._machine):
            self._group.addButton(each)
            self.insert(each)
        self._program.setChecked(True)

    @property
    def machine(self) -> bool:
        """Whether the whole machine."""
        return self._machine.isChecked()


class SettingQuestion(Question):
    """One setting of a display and its new value."""

    def __init__(self, parent: QWidget, text: str, keys: Mapping[str, str], typed: str) -> None:
        """``keys``: each setting's name in the file, and what it is now as far as known."""
        super().__init__(parent, say("設定を変えますか"), text, say("変える"), typed)
        self._keys = QComboBox()
        self._keys.setAccessibleName(say("設定の項目"))
        for key in keys:
            self._keys.addItem(setting_words(key), key)
        self._value = QLineEdit()
        self._value.setMaxLength(400)
        self._value.setAccessibleName(say("新しい値"))
        self._value.setPlaceholderText(say("新しい値"))
        self.insert(self._keys)
        self.insert(self._value)
        self._known = list(keys.values())
        self._keys.currentIndexChanged.connect(lambda chosen: self._value.setText(self._known[chosen]))
        self._value.setText(self._known[0])
        (self.field if typed else self._keys).setFocus()

    @property
    def setting(self) -> tuple[str, str]:
        """(name in the file, text typed)"""
        return str(self._keys.currentData()), self._value.text().strip()


class Advice(QDialog):
    """What a person does about something that is no display of the list, or where there is no window yet."""

    def __init__(self, parent: QWidget | None, title: str, text: str) -> None:
        super().__init__(parent)
        column = _begin(self, title)
        column.addWidget(Words(text, wrap=True))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        _end(self, column)


class TextShown(QDialog):
    """A display's log, to read and to copy; the newest is seen first."""

    def __init__(self, parent: QWidget, title: str, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(1_000, 640)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(12)
        column.addWidget(Words(title, "h2"))
        column.addWidget(Words(say("資料の名前や中身は、記録に入りません。"), "secondary"))
        field = QPlainTextEdit(text)
        field.setReadOnly(True)
        field.setFont(theme.font(15))
        field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        down = field.verticalScrollBar()
        down.rangeChanged.connect(lambda _first, last: down.setValue(last))
        column.addWidget(field, 1)
        _end(self, column)


def _begin(dialog: QDialog, title: str) -> QVBoxLayout:
    """Its column, with the title at the top."""
    dialog.setWindowTitle(title)
    dialog.setMinimumWidth(560)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(32, 28, 32, 24)
    column.setSpacing(16)
    column.addWidget(Words(title, "h2", wrap=True))
    return column


def _end(dialog: QDialog, column: QVBoxLayout) -> None:
    """The only key: it closes."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(button(say("閉じる"), "", dialog.accept))
    column.addLayout(row)
