"""The bar above every screen when the room that one waits for is free (次に使う)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from pageview.theme import Desk
from presenter.actions import Actions
from presenter.buttons import ActionButton, IconButton
from presenter.labels import Elided, Icon


class FreedRoomBar(QFrame):
    """Says which room is free, with the key that goes to its number; hidden for ""."""

    dismissed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"FreedRoomBar {{ background: {Desk.OK_BG}; border-bottom: 1px solid {Desk.LINE}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 4, 12, 4)
        row.setSpacing(12)
        self._words = Elided(role="title")
        go = ActionButton(actions["freed_room"], "番号を入力する", "", "", "sm")
        away = IconButton("close", "閉じる")
        away.clicked.connect(lambda _checked=False: self.dismissed.emit())
        for button in (go, away):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(Icon("meeting_room", 24, Desk.OK_TEXT))
        row.addWidget(self._words, 1)
        row.addWidget(go)
        row.addWidget(away)
        self.hide()

    def show_room(self, title: str) -> None:
        """The room that is free now; "" for none."""
        self._words.set_words("{room}が空きました。", room=title)
        self.setVisible(bool(title))
