"""The head of the three screens before a briefing: the product, and where the person is on the way."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from pageview import icons, theme
from pageview.theme import Desk
from presenter.actions import Actions
from presenter.buttons import ActionButton
from presenter.labels import Label, frame

STEPS = ("資料を選ぶ", "会議室を選ぶ", "説明する")


class Disc(QWidget):
    """A step's number in a disc of 36 px; a tick when it is behind."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number, self._state = number, "ahead"
        self.setFixedSize(36, 36)

    def set_state(self, state: str) -> None:
        """done, now or ahead."""
        self._state = state
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill = {"done": Desk.OK, "now": Desk.PRIMARY, "ahead": Desk.CARD}[self._state]
        painter.setPen(QPen(QColor(Desk.BORDER), 2) if self._state == "ahead" else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawEllipse(area)
        if self._state == "done":
            icons.paint(painter, "check", QRectF(8, 8, 20, 20), "#FFFFFF")
            return
        painter.setPen(QColor(Desk.TEXT2 if self._state == "ahead" else "#FFFFFF"))
        painter.setFont(theme.font(18, theme.BOLD))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))


class StepsHeader(QFrame):
    """80 px: wordmark, three steps of which ``now`` (1…3) is the present one, on the right the settings, and
    beside the first step the way into somebody else's briefing."""

    def __init__(self, actions: Actions, now: int) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self.setFixedHeight(Desk.HEADER)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(12)
        row.addWidget(wordmark())
        rule = frame("vline")
        rule.setFixedHeight(36)
        row.addSpacing(8)
        row.addWidget(rule)
        row.addSpacing(12)
        for number, words in enumerate(STEPS, 1):
            if number > 1:
                line = frame("line")
                line.setFixedWidth(56)
                row.addSpacing(8)
                row.addWidget(line)
                row.addSpacing(8)
            row.addWidget(self._disc(number, now))
            label = Label(words, "title" if number == now else "secondary")
            label.setStyleSheet(
                f"font-size: 18px; font-weight: {700 if number == now else 400};"
                f"color: {Desk.PRIMARY if number == now else Desk.BODY if number < now else Desk.TEXT2};"
            )
            row.addWidget(label)
        row.addStretch(1)
        if now == 1:
            row.addWidget(
                ActionButton(actions["join_other"], "ほかの人の説明に参加する", "group", kind="text")
            )
        row.addWidget(ActionButton(actions["settings"], "設定", "settings", kind="text"))

    def _disc(self, number: int, now: int) -> Disc:
        disc = Disc(number)
        disc.set_state("now" if number == now else "done" if number < now else "ahead")
        return disc


def wordmark() -> Label:
    """The product's name as it stands at the top left."""
    mark = Label("紙ゼロ", "h2")
    mark.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    return mark
