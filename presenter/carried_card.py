"""前回の持ち帰り, on the first screen: what former briefings on the same subject left open."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pageview.theme import Desk
from pageview.wording import era_date, say
from presenter.archive.cards import Card, CarriedOver
from presenter.labels import Chip, Elided, FewLines, Label, clear_out

SHOWN, SHOWN_LOW = 4, 2
"""Rows, and those where the window is low."""
KINDS = {"question": ("質問", "on"), "homework": ("宿題", "carried")}


class CarriedCard(QFrame):
    """The cards, oldest first, and whether they go into the minutes of this briefing."""

    taken = Signal(bool)
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 12)
        column.setSpacing(8)
        self._head, self._subject = Label("", "title"), Elided(role="secondary")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._more = Label("", "secondary")
        self.takes = QCheckBox()
        self.takes.setChecked(True)
        self.takes.setCursor(Qt.CursorShape.PointingHandCursor)
        self.takes.clicked.connect(self.taken)
        for widget in (self._head, self._subject):
            column.addWidget(widget)
        column.addLayout(self._rows)
        column.addWidget(self._more)
        column.addWidget(self.takes)
        self._shown: CarriedOver | None = None
        self._most = SHOWN
        self.show_carried(CarriedOver(), takes=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Its words take more lines where the window is narrow.
        super().resizeEvent(event)
        self.resized.emit()

    def set_low(self, low: bool) -> None:
        """Where the window is low: fewer rows."""
        most = SHOWN_LOW if low else SHOWN
        if most != self._most:
            self._most = most
            self._show_again()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show_again()
        super().changeEvent(event)

    def _show_again(self) -> None:
        shown, self._shown = self._shown, None
        if shown is not None:
            self.show_carried(shown, takes=self.takes.isChecked())

    def show_carried(self, carried: CarriedOver, *, takes: bool) -> None:
        """Shows these; nothing at all where there are none."""
        self.setVisible(bool(carried.cards))
        self.takes.setChecked(takes)
        self.takes.setText(say("この説明の記録に入れる"))
        if carried == self._shown:
            return
        self._shown = carried
        self._head.set_words("前回の持ち帰り　{n}件", n=len(carried.cards))
        self._subject.set_words("件名：{subject}", subject=carried.subject)
        clear_out(self._rows)
        for card in carried.cards[: self._most]:
            self._rows.addWidget(_Row(card))
        left = len(carried.cards) - self._most
        self._more.setVisible(left > 0)
        self._more.set_words("ほか{n}件", n=left)


class _Row(QFrame):
    def __init__(self, card: Card) -> None:
        super().__init__()
        self.setStyleSheet(f"_Row {{ border: 0; border-top: 1px solid {Desk.LINE}; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 10, 0, 10)
        row.setSpacing(14)
        held = QWidget()
        held.setFixedWidth(max(Chip("", *kind).sizeHint().width() for kind in KINDS.values()))
        beside = QHBoxLayout(held)
        beside.setContentsMargins(0, 0, 0, 0)
        words, tone = KINDS[card.kind]
        beside.addWidget(Chip("", words, tone))
        beside.addStretch(1)
        row.addWidget(held, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        text = FewLines(2, Desk.TEXT_SIZE)
        text.set_plain(card.text)
        column.addWidget(text)
        below = Elided(role="secondary")
        below.set_plain(_below(card))
        column.addWidget(below)
        row.addLayout(column, 1)


def _below(card: Card) -> str:
    since = era_date(datetime.fromtimestamp(card.when).date(), year=False, weekday=False)
    due = say("{due}まで", due=card.day) if card.due else ""
    return "　".join(filter(None, (card.owner, due, say("{day}から", day=since))))
