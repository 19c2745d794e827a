"""The side of the participant's window: private notes, or the search; and what becomes of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout

from pageview.theme import Desk
from presenter.join.find_panel import FindPanel
from presenter.join.window_state import WindowState
from presenter.labels import Icon, Label, frame
from presenter.panels import NotesPanel

WIDTH, WIDTH_DENSE = 440, 340


class WindowSide(QFrame):
    """440 px wide, 340 where the window is small."""

    note_written = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"WindowSide {{ background: {Desk.CARD}; border-left: 1px solid {Desk.LINE}; }}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._stack = QStackedWidget()
        self.notes = NotesPanel("このページについて書いておけます")
        self.notes.written.connect(self.note_written)
        self.finder = FindPanel()
        self._stack.addWidget(self.notes)
        self._stack.addWidget(self.finder)
        column.addWidget(self._stack, 1)
        column.addWidget(frame("line"))
        self._promise = QHBoxLayout()
        self._promise.setSpacing(12)
        words = Label("資料は、この端末に保存されません。説明が終わると消えます。", "secondary", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._promise.addWidget(Icon("lock", 22, Desk.TEXT2), 0, Qt.AlignmentFlag.AlignTop)
        self._promise.addWidget(words, 1)
        column.addLayout(self._promise)

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self.setFixedWidth(WIDTH_DENSE if dense else WIDTH)
        side = 16 if dense else 24
        for part in (self.notes, self.finder):
            layout = part.layout()
            if layout is not None:
                layout.setContentsMargins(side, 14 if dense else 20, side, 14 if dense else 20)
        self._promise.setContentsMargins(side, 14, side, 14 if dense else 20)

    def show_state(self, state: WindowState) -> None:
        """Shows this and nothing else."""
        self.notes.show_note(state.pages, state.page.number, state.note)

    @property
    def finding(self) -> bool:
        """Whether the search stands in the place of the notes."""
        return self._stack.currentWidget() is self.finder

    def open_find(self) -> None:
        """The search, with the keyboard in its field."""
        self._stack.setCurrentWidget(self.finder)
        self.finder.take_keyboard()

    def close_find(self) -> None:
        """The notes again."""
        self._stack.setCurrentWidget(self.notes)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 300)
