"""Asks whence something is that was copied: a page without its source convinces nobody."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from pageview.wording import say
from presenter.buttons import Button
from presenter.dialogs import Sheet
from presenter.labels import Label

LIMIT = 120


class SourceSheet(Sheet):
    """One field, which may stay as it is."""

    given = Signal(str)

    def __init__(self, parent: QWidget | None, usual: str) -> None:
        super().__init__(parent, "出典を入力してください")
        self._usual = usual
        self._field = QLineEdit()
        self._field.setMaxLength(LIMIT)
        self._field.setPlaceholderText(usual)
        self._field.setAccessibleName(say("出典"))
        self.column.addWidget(self._field)
        self.column.addWidget(
            Label("紙面の下に「出典：」に続けて入れます。空のままでも加えられます。", "secondary", wrap=True)
        )
        cancel, ok = Button("やめる"), Button("準備に加える", kind="primary")
        cancel.clicked.connect(self.close)
        ok.clicked.connect(self._give)
        ok.setDefault(True)
        self.add_buttons(cancel, ok)
        self._field.setFocus()

    def _give(self) -> None:
        self.given.emit(" ".join(self._field.text().split()) or self._usual)
        self.close()
