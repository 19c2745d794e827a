"""The foot of the participant's window: what acts on the page, what asks for something, the way on."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from pageview import icons, theme
from pageview.theme import Desk
from presenter.actions import Actions
from presenter.buttons import ActionButton, ToolKey
from presenter.footer import PageCount
from presenter.join.window_state import Looking, WindowState
from presenter.labels import frame

TOOLS = 3
"""So many keys stand before the rule: what acts on the page."""


class WindowFooter(QFrame):
    """96 px high, 80 where the window is small."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty("role", "footer")
        self._row = QHBoxLayout(self)
        self._hide = ToolKey(actions["hide"], "画面を隠す", "visibility_off", "", "B")
        self._ask = ToolKey(actions["ask_floor"], "発言を求める", "back_hand")
        self._save = ToolKey(actions["save"], "保存する", "download")
        self._keys = [
            ToolKey(actions["zoom_out"], "縮める", "zoom_out"),
            ToolKey(actions["zoom_in"], "拡大する", "zoom_in"),
            ToolKey(actions["whole_page"], "全体", "fit_screen"),
            ToolKey(actions["find"], "言葉を探す", "search"),
            self._ask,
            self._save,
            self._hide,
        ]
        for place, key in enumerate(self._keys):
            if place == TOOLS:
                rule = frame("vline")
                rule.setFixedHeight(64)
                self._row.addSpacing(8)
                self._row.addWidget(rule)
                self._row.addSpacing(8)
            self._row.addWidget(key)
        self._row.addStretch(1)
        self.back = ActionButton(actions["back"], "前へ", "chevron_left")
        self.next = ActionButton(actions["next"], "次へ", "chevron_right", "primary")
        self.next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.count = PageCount()
        for button in (self.back, self.next):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for widget in (self.back, self.count, self.next):
            self._row.addWidget(widget)

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self.setFixedHeight(80 if dense else Desk.FOOTER)
        side = 12 if dense else 24
        self._row.setContentsMargins(side, 0, side, 0)
        self._row.setSpacing(0 if dense else 4)
        for key in self._keys:
            key.set_dense(dense)
        for button in (self.back, self.next):
            wide, high, size = (104, 56, 18) if dense else (132, 64, 20)
            button.setStyleSheet(
                f"QPushButton {{ min-width: {wide - 42}px; min-height: {high - 2}px;"
                f" font-size: {size}px; padding: 0 20px; }}"
            )

    def minimumSizeHint(self) -> QSize:
        return QSize(640, self.height())

    def show_state(self, state: WindowState) -> None:
        """Shows this and nothing else."""
        presenting = state.looking is Looking.PRESENTING
        self._ask.set_words("発言を求めています" if state.asked else "発言を求める")
        self._ask.setVisible(not presenting)
        self._hide.setVisible(presenting)
        self._save.set_words("保存する" if state.saving else "保存（許可が必要です）")
        self.count.show_page(state.page)
        # While one follows, 次へ leaves following: it must not look like the thing to do.
        kind = "" if state.looking is Looking.FOLLOWING else "primary"
        if self.next.property("kind") != kind:
            theme.restyle(self.next, kind=kind)
            colour = "#FFFFFF" if kind else Desk.PRIMARY
            self.next.setIcon(icons.icon("chevron_right", colour, 24))
