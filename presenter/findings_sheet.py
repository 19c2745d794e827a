"""What is to be known of a paper before it is shown, opened from its row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from presenter.buttons import Button
from presenter.dialogs import Sheet
from presenter.labels import Label
from presenter.start_state import Finding

WIDTH = 900


class FindingsSheet(Sheet):
    """Each finding in a sentence; below it, what to do."""

    def __init__(self, parent: QWidget | None, findings: Sequence[Finding]) -> None:
        super().__init__(parent, "映す前に知っておくこと", WIDTH)
        for finding in findings:
            part = QVBoxLayout()
            part.setSpacing(2)
            for place, (words, values) in enumerate(finding.sentences):
                label = Label("", "secondary" if place else "title", wrap=True)
                label.set_words(words, **values)
                part.addWidget(label)
            self.column.addLayout(part)
        close = Button("閉じる", kind="primary")
        close.clicked.connect(self.close)
        close.setDefault(True)
        self.add_buttons(close)
