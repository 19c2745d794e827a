"""What is to be known of a paper before it is shown, opened from its row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pageview.paper_words import clean_name
from pageview.wording import say
from presenter.buttons import Button
from presenter.dialogs import Sheet
from presenter.labels import Label
from presenter.start_state import Finding

WIDTH, SIDES = 760, 72
NAME_SHOWN = 40


class FindingsSheet(Sheet):
    """Each finding in a sentence; below it, what to do, or a key that does it."""

    renamed = Signal(str)
    """The name by which the paper is to be called."""

    def __init__(self, parent: QWidget | None, findings: Sequence[Finding]) -> None:
        super().__init__(parent, "映す前に知っておくこと", WIDTH)
        for finding in findings:
            part = QVBoxLayout()
            part.setSpacing(2)
            for place, (words, values) in enumerate(finding.sentences):
                part.addWidget(_line(words, values, "secondary" if place else "title"))
            if finding.right:
                part.addSpacing(6)
                part.addWidget(self._mend(finding.right), 0, Qt.AlignmentFlag.AlignLeft)
            self.column.addLayout(part)
        close = Button("閉じる", kind="primary")
        close.clicked.connect(self.close)
        close.setDefault(True)
        self.add_buttons(close)

    def _mend(self, right: str) -> Button:
        button = Button(size="sm")
        button.set_words("この説明では「{right}」とする", right=clean_name(right, NAME_SHOWN))
        button.clicked.connect(lambda _checked=False: self._rename(right))
        return button

    def _rename(self, right: str) -> None:
        self.renamed.emit(right)
        self.close()


def _line(words: str, values: dict[str, object], role: str) -> Label:
    """Wrapped only where it must be: Qt gives wrapped lines more height than their words take."""
    text = say(words, **values)
    line = Label("", role)
    line.set_plain(text)
    line.ensurePolished()
    if line.sizeHint().width() <= WIDTH - SIDES:
        return line
    line = Label("", role, wrap=True)
    line.set_plain(text)
    return line
