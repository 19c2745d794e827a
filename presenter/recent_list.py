"""Papers opened lately: one press opens one again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from pageview.paper_words import clean_name
from pageview.theme import Desk
from pageview.wording import tip
from presenter.labels import Elided, Icon, Label, clear_out
from presenter.start_state import RecentRow

ROW_HEIGHT = 80
SHOWN = 8


class RecentList(QFrame):
    """The card of the last files; it says so when there are none yet."""

    chosen = Signal(Path)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._rows: tuple[RecentRow, ...] | None = None

    def show_rows(self, rows: Sequence[RecentRow]) -> None:
        """These files, newest first; what the window has no room for is left out from the end."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        clear_out(self._column)
        if not rows:
            empty = Label("まだありません", "secondary")
            empty.setContentsMargins(28, 26, 28, 26)
            self._column.addWidget(empty)
        for place, row in enumerate(rows[:SHOWN]):
            button = _Recent(row, last=place == min(len(rows), SHOWN) - 1)
            button.clicked.connect(lambda _checked=False, path=row.path: self.chosen.emit(path))
            self._column.addWidget(button)
        self.setMinimumHeight(ROW_HEIGHT)
        self.updateGeometry()

    def fit(self, height: int) -> None:
        """Shows as many whole rows as that height has room for, one at least."""
        for place in range(self._column.count()):
            item = self._column.itemAt(place)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(place == 0 or (place + 1) * ROW_HEIGHT <= height)


class _Recent(QPushButton):
    def __init__(self, row: RecentRow, last: bool) -> None:
        super().__init__()
        self.setFixedHeight(ROW_HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{row.name} {row.folder} {row.when}")
        self.setToolTip(tip(clean_name(str(row.path), 300)))
        border = "0" if last else f"1px solid {Desk.LINE}"
        self.setStyleSheet(
            f"_Recent {{ min-height: {ROW_HEIGHT - 1}px; max-height: {ROW_HEIGHT - 1}px;"
            " border: 0; border-radius: 0; background: transparent;"
            f" padding: 0; border-bottom: {border}; }} _Recent:hover {{ background: {Desk.PRIMARY_WEAK}; }}"
        )
        line = QHBoxLayout(self)
        line.setContentsMargins(20, 0, 20, 0)
        line.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(0)
        name, folder, when = Elided(middle=True), Elided(role="secondary"), Label(role="secondary")
        name.set_plain(row.name)
        folder.set_plain(row.folder)
        when.set_plain(row.when)
        for label in (name, folder, when):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words.addStretch(1)
        words.addWidget(name)
        words.addWidget(folder)
        words.addStretch(1)
        line.addWidget(Icon("picture_as_pdf", 24, Desk.PRIMARY))
        line.addLayout(words, 1)
        line.addWidget(when)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)
