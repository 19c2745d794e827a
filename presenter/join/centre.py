"""The page of the participant's window, above it what it is, and the way back to the presenter's."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from pageview.page_view import PageView
from pageview.theme import Desk
from presenter.actions import Actions
from presenter.buttons import ActionButton
from presenter.correction_dock import CorrectionDock
from presenter.join.window_state import Looking, Presented, WindowState, caption, return_words
from presenter.labels import Elided
from presenter.page_column import PageColumn
from presenter.palette import Palette
from protocol.values import Screen


class Centre(PageColumn):
    """Caption, return pill, page, and the wording that is typed here."""

    def __init__(self, actions: Actions, page: PageView) -> None:
        take_over = ActionButton(actions["take_over"], "引き継いで説明を続ける", "co_present", "", "sm")
        back = ReturnPill(actions)
        self.choices = Palette(actions)
        super().__init__(page, take_over, back, self.choices)
        self.dock = CorrectionDock("説明者に渡す")
        self._column.addWidget(self.dock)
        self.take_over, self.back = take_over, back

    def set_dense(self, dense: bool) -> None:
        super().set_dense(dense)
        self.choices.set_dense(dense)

    def show_state(self, state: WindowState) -> None:
        """Shows this and nothing else."""
        self.show_page(state.page, caption(state))
        self.take_over.setVisible(state.may_take_over)
        self.back.show_presented(state.presented if state.elsewhere else None, state.lost_s is not None)
        hidden = state.looking is Looking.FOLLOWING and state.screen is not Screen.SHOW
        self.show_veil("説明者が画面を隠しています" if hidden else "")


class ReturnPill(QFrame):
    """説明者は7ページを説明しています［7ページに戻る］, 60 px."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setFixedHeight(60)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 8, 0)
        row.setSpacing(16)
        self._words = Elided()
        self.button = ActionButton(actions["follow"], "{page}ページに戻る", "arrow_back", "primary", "sm")
        self.button.setStyleSheet("QPushButton { border-radius: 22px; padding: 0 18px; }")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self._words)
        row.addWidget(self.button)
        self.hide()

    def show_presented(self, presented: Presented | None, lost: bool) -> None:
        """The page to go back to; None hides the pill. ``lost``: the link is dead."""
        if presented is not None:
            words, values = return_words(presented, lost)
            self._words.set_words(words, **values)
            self.button.set_words("{page}ページに戻る", page=presented.number)
        self.setVisible(presented is not None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(Desk.PRIMARY), 2))
        painter.setBrush(QColor(Desk.CARD))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 29, 29)
