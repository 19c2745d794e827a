"""The end (P6): what was wiped where, how long it took, what is left for afterwards, and the record."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pageview import icons
from pageview.theme import Desk
from pageview.wording import era_date, say
from presenter.actions import Actions
from presenter.buttons import ActionButton, Button
from presenter.end_cards import CorrectionsCard, KeptCard, OpenCard, PlacesCard
from presenter.end_state import EndState, Keep, Keeping, KeptHere, NotKept, Wipe
from presenter.labels import Body, Elided, Label, frame
from presenter.record.facts import Kind
from presenter.screen import Screen
from presenter.steps_header import wordmark

_PEOPLE_SILENT = "参加者{n}人の端末から返事がありません。15分たつと自動で消えます。"


class EndScreen(Screen):
    """Shows an `EndState`."""

    confirm_wanted = Signal()
    """The record is to be confirmed, and the screen closed."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(takes_keyboard=True)
        self._actions = actions
        self._keep: Keep = NotKept()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header(actions))
        self._body = QVBoxLayout()
        self._body.setSpacing(28)
        column.addWidget(Body(self._body), 1)
        self._body.addLayout(self._top())
        sides = QHBoxLayout()
        sides.setSpacing(32)
        self._sides = sides
        self.corrections, self.open = CorrectionsCard(), OpenCard()
        self.kept, self.places = KeptCard(), PlacesCard()
        self.places.setMinimumWidth(500)
        left = QVBoxLayout()
        left.setSpacing(20)
        left.addWidget(self.corrections)
        left.addWidget(self.open)
        left.addStretch(1)
        sides.addLayout(left, 1160)
        right = QVBoxLayout()
        right.setSpacing(20)
        right.addWidget(self.kept)
        right.addWidget(self.places)
        right.addStretch(1)
        sides.addLayout(right, 600)
        self._body.addLayout(sides)
        self._body.addStretch(1)
        column.addWidget(self._foot(actions))
        self.show_state(EndState())

    def _primary(self, actions: Actions) -> None:
        keep = self._keep
        if isinstance(keep, KeptHere) and keep.record.confirmed is None:
            self.confirm_wanted.emit()
        else:
            actions.run("close")

    def _header(self, actions: Actions) -> QFrame:
        header = frame("header")
        header.setFixedHeight(Desk.HEADER)
        row = QHBoxLayout(header)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(20)
        rule = frame("vline")
        rule.setFixedHeight(36)
        self._title, self._when = Elided(role="title"), Elided(role="secondary")
        self._title.setStyleSheet("font-size: 20px;")
        row.addWidget(wordmark())
        row.addWidget(rule)
        row.addWidget(self._title)
        row.addWidget(self._when)
        row.addStretch(1)
        row.addWidget(ActionButton(actions["close"], "閉じる", "close", "text"))
        return header

    def _foot(self, actions: Actions) -> QFrame:
        """What is left to do stays in sight, however long the lists are."""
        foot = frame("footer")
        foot.setFixedHeight(Desk.FOOTER)
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 0, 24, 0)
        self.close_button = Button("閉じる", "", "primary", "lg")
        self.close_button.setMinimumWidth(420)
        self.close_button.clicked.connect(lambda _checked=False: self._primary(actions))
        row.addStretch(1)
        row.addWidget(self.close_button)
        return foot

    def _top(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(24)
        self._sign = _Sign()
        words = QVBoxLayout()
        words.setSpacing(0)
        self._head = Label("説明を終えました")
        self._head.setStyleSheet("font-size: 36px; font-weight: 700;")
        self._said = Label("", wrap=True)
        words.addWidget(self._head)
        words.addWidget(self._said)
        self._time, self._pages = _Figure(), _Figure()
        self._corrected, self._decided, self._left = _Figure(), _Figure(), _Figure()
        top.addWidget(self._sign)
        top.addLayout(words, 1)
        figures = QHBoxLayout()
        figures.setSpacing(36)
        for figure in (self._time, self._pages, self._corrected, self._decided, self._left):
            figures.addWidget(figure)
        top.addLayout(figures)
        return top

    def show_state(self, state: EndState) -> None:
        """Shows this and nothing else."""
        self._title.set_plain(state.title)
        self._say_when(state)
        silent = [place for place in state.places if place.wipe is Wipe.SILENT]
        rehearsed = isinstance(state.keep, NotKept)
        ended = "練習を終えました" if rehearsed else "説明を終えました"
        self._head.set_words("消しています" if state.wiping else ended)
        if state.wiping:
            self._said.set_words("会議室の画面から、資料を消しています。")
        elif silent and silent[0].people:
            self._said.set_words(_PEOPLE_SILENT, n=silent[0].silent)
        elif silent:
            self._said.set_words(
                "{room}から返事がありません。電源が入ると自動で消えます。", room=silent[0].name
            )
        elif any(place.people for place in state.places):
            self._said.set_words("会議室と参加者の画面から、資料を消しました。")
        elif state.places:
            self._said.set_words("会議室の画面から、資料を消しました。")
        elif rehearsed:
            self._said.set_words("会議室には何も映していません。資料と次第は、そのまま使えます。")
        else:
            self._said.set_words("いま、資料を映している画面はありません。")
        self._said.set_tone("warn" if silent and not state.wiping else "")
        self._sign.set_state(Wipe.WIPING if state.wiping else Wipe.SILENT if silent else Wipe.WIPED)
        minutes = (
            round((state.ended - state.began).total_seconds() / 60) if state.began and state.ended else 0
        )
        plan = "予定 {n}分" if state.planned_minutes else "予定なし"
        self._time.show_figure(str(minutes), "分", plan, {"n": state.planned_minutes})
        self._pages.show_figure(str(state.visited), f" / {state.pages}", "ページ", {})
        self.places.show_places(state.places, rehearsed=rehearsed)
        self._show_keep(state)

    def _show_keep(self, state: EndState) -> None:
        keep = self._keep = state.keep
        facts = keep.record.facts if isinstance(keep, KeptHere) else None
        # What is not known is not told: the cards at the right then have the whole width.
        told = isinstance(keep, KeptHere | Keeping)
        self.corrections.setVisible(told)
        self.open.setVisible(told)
        self._sides.setStretch(0, 1160 if told else 0)
        self.corrections.show_facts(facts)
        self.open.show_facts(facts)
        self.kept.show_keep(keep)
        decided = sum(each.kind is Kind.DECISION for each in facts.minutes) if facts is not None else 0
        counts = (len(facts.corrections), decided, len(facts.open)) if facts is not None else (0, 0, 0)
        figures = (self._corrected, self._decided, self._left)
        for figure, count, name in zip(figures, counts, ("修正", "決定事項", "持ち帰り"), strict=True):
            figure.setVisible(facts is not None)
            figure.show_figure(str(count), "件", name, {})
        draft = isinstance(keep, KeptHere) and keep.record.confirmed is None
        self.close_button.set_words("記録を確認して閉じる" if draft else "閉じる")
        self.close_button.setEnabled(not state.busy)
        self._actions.set_enabled("close", not state.busy)

    def _say_when(self, state: EndState) -> None:
        if state.began is None or state.ended is None:
            self._when.set_plain("")
            return
        self._when.set_words(
            "{rooms}  {day}  {began}〜{ended}",
            rooms="・".join(state.rooms),
            day=era_date(state.began.date(), year=False),
            began=f"{state.began:%H:%M}",
            ended=f"{state.ended:%H:%M}",
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = event.size().width(), event.size().height()
        side = max(24, min(64, width // 30), (width - 1792) // 2)
        self._body.setContentsMargins(side, 40 if height > 900 else 24, side, 24)
        super().resizeEvent(event)


class _Sign(QWidget):
    """64 px: a tick, a warning, or a ring that turns while answers are awaited."""

    def __init__(self) -> None:
        super().__init__()
        self._state, self._angle = Wipe.WIPED, 0
        self.setFixedSize(64, 64)
        self._turn = QTimer(self, interval=50)
        self._turn.timeout.connect(self._step)

    def set_state(self, state: Wipe) -> None:
        self._state = state
        if state is Wipe.WIPING and self.isVisible():
            self._turn.start()
        elif state is not Wipe.WIPING:
            self._turn.stop()
        self.update()

    def _step(self) -> None:
        self._angle = (self._angle - 15) % 360
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.set_state(self._state)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._turn.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        if self._state is Wipe.WIPING:
            painter.setPen(QPen(QColor(Desk.LINE), 6))
            painter.drawEllipse(area.adjusted(3, 3, -3, -3))
            painter.setPen(QPen(QColor(Desk.PRIMARY), 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawArc(area.adjusted(3, 3, -3, -3), self._angle * 16, 90 * 16)
            return
        name, colour = (
            ("check_circle-fill", Desk.OK)
            if self._state is Wipe.WIPED
            else ("warning-fill", Desk.WARN_BORDER)
        )
        icons.paint(painter, name, QRectF(self.rect()), colour)


class _Figure(QWidget):
    """A number with its unit, and under it what it is."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setSpacing(2)
        self._unit_words = ""
        self._number, self._unit, self._name = Label(), Label(role="secondary"), Label(role="secondary")
        self._number.setStyleSheet("font-size: 32px; font-weight: 700;")
        line.addStretch(1)
        line.addWidget(self._number)
        line.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBottom)
        self._unit.setContentsMargins(0, 0, 0, 7)
        column.addLayout(line)
        column.addWidget(self._name, 0, Qt.AlignmentFlag.AlignRight)

    def show_figure(self, number: str, unit: str, name: str, values: dict[str, object]) -> None:
        self._number.set_plain(number)
        self._unit.set_words(unit)
        self._name.set_words(name, **values)
        self._unit_words = unit
        self._leave_out_unit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._leave_out_unit()

    def _leave_out_unit(self) -> None:
        """A count has a unit in Japanese alone; the number then stands at the edge."""
        self._unit.setVisible(bool(self._unit_words and say(self._unit_words)))
