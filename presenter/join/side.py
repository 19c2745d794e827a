"""The side of the participant's window: private notes, the corrections, the minutes, or the search; and what
becomes of what is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pageview.theme import Desk
from presenter.actions import Actions
from presenter.console_side import Tab
from presenter.corrections_panel import CorrectionsList, Row
from presenter.join.find_panel import FindPanel
from presenter.join.window_state import WindowState
from presenter.labels import Icon, Label, frame
from presenter.minutes.panel import MinutesPanel
from presenter.minutes.rows import Counts
from presenter.panels import NotesPanel
from presenter.tray_panel import TrayPanel

WIDTH, WIDTH_DENSE = 440, 340
MINUTES, MINUTES_DENSE = 640, 440


class WindowSide(QFrame):
    """440 px wide, 340 where the window is small; wider with the minutes. The tabs run the action."""

    note_written = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"WindowSide {{ background: {Desk.CARD}; border-left: 1px solid {Desk.LINE}; }}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.notes = NotesPanel("このページについて書いておけます")
        self.notes.written.connect(self.note_written)
        self.finder = FindPanel()
        self.corrections = CorrectionsList("修正は、まだありません。", read_only=True)
        self.minutes = MinutesPanel(actions)
        self._tabs: dict[QWidget, Tab] = {
            self.notes: Tab("手元メモ"),
            self.corrections: Tab("修正"),
            self.minutes: Tab("記録"),
        }
        names: dict[QWidget, str] = {self.corrections: "corrections", self.minutes: "minutes"}
        row = QHBoxLayout()
        row.setSpacing(0)
        for part, tab in self._tabs.items():
            tab.clicked.connect(lambda _=False, part=part: self._chosen(actions, names, part))
            row.addWidget(tab)
        column.addLayout(row)
        self._stack = QStackedWidget()
        for part in (self.notes, self.corrections, self.minutes, self.finder):
            self._stack.addWidget(part)
        column.addWidget(self._stack, 1)
        self.tray = TrayPanel()
        column.addWidget(self.tray)
        column.addWidget(frame("line"))
        self._promise = QHBoxLayout()
        self._promise.setSpacing(12)
        words = Label("資料は、この端末に保存されません。説明が終わると消えます。", "secondary", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._promise.addWidget(Icon("lock", 22, Desk.TEXT2), 0, Qt.AlignmentFlag.AlignTop)
        self._promise.addWidget(words, 1)
        column.addLayout(self._promise)
        self._dense = True
        self._open: QWidget = self.notes
        self._show(self.notes)

    def _chosen(self, actions: Actions, names: Mapping[QWidget, str], part: QWidget) -> None:
        """A part has its action; that of the part shown brings the notes back."""
        if part is self._open:
            self.close_find()
        else:
            actions.run(names.get(part) or names[self._open])

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self._dense = dense
        self._widen()
        side = 16 if dense else 24
        for part in (self.notes, self.finder):
            layout = part.layout()
            if layout is not None:
                layout.setContentsMargins(side, 14 if dense else 20, side, 14 if dense else 20)
        self.corrections.set_dense(True)
        self.minutes.set_dense(dense)
        self.tray.set_dense(dense)
        self._promise.setContentsMargins(side, 14, side, 14 if dense else 20)

    def show_state(self, state: WindowState) -> None:
        """Shows this and nothing else."""
        self.notes.show_note(state.pages, state.page.number, state.note)

    def show_corrections(self, rows: Sequence[Row]) -> None:
        """These and no others; how many are open is on the tab, in sight whatever is shown."""
        self.corrections.show_rows(rows)
        self._tabs[self.corrections].show_count(sum(row.correction.is_open for row in rows))

    def show_minutes(self, counts: Counts) -> None:
        """How many items there are, and how many questions are carried."""
        self._tabs[self.minutes].show_count(counts.items, "muted", counts.carried)

    @property
    def corrections_open(self) -> bool:
        """Whether the corrections are shown, or will be after the search."""
        return self._open is self.corrections

    @property
    def minutes_open(self) -> bool:
        """Whether the minutes are shown, or will be after the search."""
        return self._open is self.minutes

    def set_corrections_open(self, opened: bool) -> None:
        """The corrections, or the notes."""
        self._set_open(self.corrections if opened else self.notes)

    def set_minutes_open(self, opened: bool) -> None:
        """The minutes, or the notes."""
        self._set_open(self.minutes if opened else self.notes)

    def _set_open(self, part: QWidget) -> None:
        self._open = part
        self._show(part)

    def _widen(self) -> None:
        wide = self._stack.currentWidget() is self.minutes
        widths = (MINUTES, MINUTES_DENSE) if wide else (WIDTH, WIDTH_DENSE)
        self.setFixedWidth(widths[self._dense])

    @property
    def finding(self) -> bool:
        """Whether the search stands in their place."""
        return self._stack.currentWidget() is self.finder

    def open_find(self) -> None:
        """The search, with the keyboard in its field."""
        self._show(self.finder)
        self.finder.take_keyboard()

    def close_find(self) -> None:
        """What was there before."""
        self._show(self._open)

    def _show(self, part: QWidget) -> None:
        self._stack.setCurrentWidget(part)
        self._widen()
        for each, tab in self._tabs.items():
            tab.setChecked(part is each)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 300)
