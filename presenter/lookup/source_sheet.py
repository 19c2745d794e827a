"""Sheets with one field: whence something is that was copied, and a word to whoever found something."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from pageview.wording import say
from presenter.buttons import Button
from presenter.dialogs import Sheet
from presenter.labels import Label

LIMIT = 120


class FieldSheet(Sheet):
    """One field, which may stay empty. ``given``: what was typed, on one line."""

    given = Signal(str)

    def __init__(
        self, parent: QWidget | None, title: str, field: str, hint: str, yes: str, **values: object
    ) -> None:
        """``field``: the field's name; ``hint`` stands below it."""
        super().__init__(parent, title, values=values)
        self.field = QLineEdit()
        self.field.setMaxLength(LIMIT)
        self.field.setAccessibleName(say(field))
        self.column.addWidget(self.field)
        self.column.addWidget(Label(hint, "secondary", wrap=True))
        cancel, ok = Button("やめる"), Button(yes, kind="primary")
        cancel.clicked.connect(self.close)
        ok.clicked.connect(self._give)
        ok.setDefault(True)
        self.add_buttons(cancel, ok)
        self.field.setFocus()

    def _give(self) -> None:
        self.given.emit(" ".join(self.field.text().split()))
        self.close()


def source_sheet(parent: QWidget | None, usual: str) -> FieldSheet:
    """A page without its source convinces nobody. ``usual``: what stands there when nothing is typed."""
    hint = "紙面の下に「出典：」に続けて入れます。空のままでも加えられます。"
    sheet = FieldSheet(parent, "出典を入力してください", "出典", hint, "準備に加える")
    sheet.field.setPlaceholderText(usual)
    return sheet


def decline_sheet(parent: QWidget | None, name: str) -> FieldSheet:
    """A word to who found something that is not shown."""
    hint = "空のままでも断れます。"
    sheet = FieldSheet(parent, "{name}さんへのひと言", "ひと言", hint, "断る", name=name)
    sheet.field.setPlaceholderText(say("例：あとで見ます"))
    return sheet
