"""The bar that stands under the console's head while a participant presents."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from pageview.theme import Desk
from presenter.actions import Actions
from presenter.buttons import ActionButton
from presenter.labels import Elided, Icon


class FloorBar(QFrame):
    """Who presents, and the key that takes the floor back."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"FloorBar {{ background: {Desk.PRIMARY_WEAK}; border-bottom: 1px solid {Desk.LINE}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 4, 24, 4)
        row.setSpacing(12)
        self._words = Elided(role="title")
        back = ActionButton(actions["take_floor"], "取り戻す", "undo", "", "sm")
        back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(Icon("slideshow", 24, Desk.PRIMARY))
        row.addWidget(self._words, 1)
        row.addWidget(back)
        self.hide()

    def show_presenter(self, name: str) -> None:
        """ "" while the desk presents."""
        self.setVisible(bool(name))
        self._words.set_words("{name}さんが説明しています。ページは{name}さんがめくります。", name=name)
