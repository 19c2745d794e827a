"""The cover at the end: nothing of any paper, why it is over, and what is left here."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from pageview.theme import Desk
from presenter.actions import Actions
from presenter.buttons import ActionButton
from presenter.join.entrance_state import LEFT
from presenter.labels import Icon, Label, frame
from presenter.screen import FirstScreen
from protocol.transport.join_events import LeftReason

_GOOD = (LeftReason.ENDED, LeftReason.HERE)


class EndedScreen(FirstScreen):
    """Shown before anything is wiped; ``show_wiped`` says when it is done."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        outside = QVBoxLayout(self)
        outside.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        card = frame("card")
        card.setMaximumWidth(900)
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        row.addWidget(card, 1_000)
        row.addStretch(1)
        outside.addLayout(row)
        outside.addStretch(1)
        self._inside = QVBoxLayout(card)
        self._inside.setSpacing(16)
        self._sign = Icon("check_circle-fill", 64, Desk.OK)
        self._inside.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        self._said = Label("", "h1", wrap=True)
        self._said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._inside.addWidget(self._said)
        self._more = Label("手元メモは、この端末だけに残っています。", wrap=True)
        self._more.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._inside.addWidget(self._more)
        buttons = QHBoxLayout()
        buttons.setSpacing(16)
        self.again = ActionButton(actions["again"], "もう一度参加する", "group")
        self.close_button = ActionButton(actions["close"], "閉じる", "close", "primary")
        buttons.addStretch(1)
        buttons.addWidget(self.again)
        buttons.addWidget(self.close_button)
        buttons.addStretch(1)
        self._inside.addSpacing(8)
        self._inside.addLayout(buttons)
        self.show_wiping()

    def show_wiping(self) -> None:
        """Everything of the briefing is being overwritten."""
        self._sign.set_icon("hourglass_empty", Desk.TEXT2)
        self._said.set_words("資料を消しています。")
        for widget in (self._more, self.again, self.close_button):
            widget.hide()

    def show_wiped(self, reason: LeftReason, notes: bool) -> None:
        """It is gone. ``notes``: whether notes were written, which stay."""
        good = reason in _GOOD
        self._sign.set_icon(
            "check_circle-fill" if good else "warning-fill", Desk.OK if good else Desk.WARN_BORDER
        )
        self._said.set_words(LEFT[reason])
        self._more.setVisible(notes)
        self.again.show()
        self.close_button.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = 32 if event.size().width() < 1200 else 64
        self._inside.setContentsMargins(side, 48, side, 40)
        super().resizeEvent(event)
