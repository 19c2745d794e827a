"""What is to be known of a paper before it is shown, opened from its row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from presenter.buttons import Button
from presenter.dialogs import Sheet
from presenter.labels import Label
from presenter.start_state import Finding

WIDTH, SIDES = 760, 72


class FindingsSheet(Sheet):
    """Each finding in a sentence; below it, what to do."""

    def __init__(self, parent: QWidget | None, findings: Sequence[Finding]) -> None:
        super().__init__(parent, "映す前に知っておくこと", WIDTH)
        for finding in findings:
            part = QVBoxLayout()
            part.setSpacing(2)
            for place, (words, values) in enumerate(finding.sentences):
                part.addWidget(_line(words, values, "secondary" if place else "title"))
            self.column.addLayout(part)
        close = Button("閉じる", kind="primary")
        close.clicked.connect(self.close)
        close.setDefault(True)
        self.add_buttons(close)


def _line(words: str, values: dict[str, object], role: str) -> Label:
    """Wrapped only where it must be: Qt gives wrapped lines more height than their words take."""
    line = Label("", role)
    line.set_words(words, **values)
    line.ensurePolished()
    if line.sizeHint().width() <= WIDTH - SIDES:
        return line
    line = Label("", role, wrap=True)
    line.set_words(words, **values)
    return line
