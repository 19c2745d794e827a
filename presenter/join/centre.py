"""The page of the participant's window, above it what it is, and the way back to the presenter's."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.buttons import ActionButton
from presenter.console import Veil
from presenter.join.window_state import Looking, Presented, WindowState, caption, return_words
from presenter.labels import Elided, Icon, Label
from protocol.values import Screen


class Centre(QWidget):
    """Caption, return pill, page."""

    def __init__(self, actions: Actions, page: QWidget) -> None:
        super().__init__()
        self.page = page
        self._column = QVBoxLayout(self)
        self._column.setSpacing(10)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._number, self._step = Label(role="h2"), Label(role="body")
        self._sign = Icon("check_circle-fill", 22, Desk.OK)
        self._caption = Elided()
        self.take_over = ActionButton(actions["take_over"], "引き継いで説明を続ける", "co_present", "", "sm")
        self.take_over.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._jump = QLabel()
        self._jump.setStyleSheet(
            f"background: {Desk.TEXT}; color: #FFFFFF; border-radius: 6px; padding: 4px 14px;"
            "font-size: 18px; font-weight: 700;"
        )
        self._jump.hide()
        for widget in (self._number, self._step, self._sign):
            row.addWidget(widget)
        row.addWidget(self._caption, 1)
        row.addWidget(self.take_over)
        row.addWidget(self._jump)
        holder = QWidget()
        holder.setLayout(row)
        holder.setFixedHeight(44)
        self._column.addWidget(holder)
        self.back = ReturnPill(actions)
        self._column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignHCenter)
        page.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._column.addWidget(page, 1)
        self._veil = Veil(page)

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self._column.setContentsMargins(*((16, 4, 16, 12) if dense else (24, 14, 24, 24)))

    def show_state(self, state: WindowState) -> None:
        """Shows this and nothing else."""
        self._number.set_words("{page}ページ", page=state.page.number)
        self._number.setVisible(bool(state.page.number))
        self._step.set_words("{text}", text=state.page.step)
        self._step.setVisible(bool(state.page.step))
        line = caption(state)
        colours = {"ok": Desk.OK, "warn": Desk.WARN_TEXT, "err": Desk.ERR, "on": Desk.PRIMARY}
        self._sign.set_icon(line.icon, colours.get(line.tone, Desk.TEXT2))
        words, values = line.words
        self._caption.set_words(words, **values)
        self._caption.set_tone(line.tone if line.tone in ("warn", "err") else "")
        self.take_over.setVisible(state.may_take_over)
        self.back.show_presented(state.presented if state.elsewhere else None, state.lost_s is not None)
        hidden = state.looking is Looking.FOLLOWING and state.screen is not Screen.SHOW
        self._veil.show_words("説明者が画面を隠しています" if hidden else "")

    def show_jump(self, digits: str) -> None:
        """The page number being typed; "" for none."""
        self._jump.setVisible(bool(digits))
        self._jump.setText(say("{page}ページへ　Enter", page=digits))


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
