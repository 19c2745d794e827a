"""Connected, but nothing shown yet: the room's name in large type, the page that will appear, one button."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pageview import theme
from pageview.theme import Desk
from pageview.wording import phrase_break, say
from presenter.actions import Actions
from presenter.buttons import ActionButton, WideButton
from presenter.labels import Body, Elided, Icon, Label, frame
from presenter.picture import Picture
from presenter.screen import Screen
from presenter.steps_header import StepsHeader


@dataclass(frozen=True, slots=True)
class ReadyState:
    """``rooms``: names of every place connected. ``registered`` is false when one of them is not.

    ``place`` is the first room's; ``screen`` is the title of an attached screen that will show it too.
    ``joins_at``: the page (from 1) that this room will show, when it joins a running briefing; 0: it begins.
    ``join_room`` and ``join_code``: what participants type, "" while nobody may join; ``people``: who did.
    """

    rooms: tuple[str, ...] = ()
    place: str = ""
    registered: bool = True
    screen: str = ""
    title: str = ""
    pages: int = 0
    first_page: QImage | None = None
    joins_at: int = 0
    join_room: int = 0
    join_code: str = ""
    people: int = 0


class ReadyScreen(Screen):
    """Shows a `ReadyState`; the keyboard is on the one button."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(StepsHeader(actions, 3))
        body = QVBoxLayout()
        column.addWidget(Body(body), 1)
        body.addStretch(1)
        card = frame("card")
        card.setMaximumWidth(1040)
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 1000)
        row.addStretch(1)
        body.addLayout(row)
        body.addStretch(1)
        self._inside = QVBoxLayout(card)
        self._fill(actions)
        self.show_state(ReadyState())

    def _fill(self, actions: Actions) -> None:
        inside = self._inside
        self._lead = Label("つながった会議室")
        self._lead.setStyleSheet("font-size: 20px;")
        inside.addWidget(self._lead, 0, Qt.AlignmentFlag.AlignHCenter)
        self.room = _RoomName()
        inside.addWidget(self.room)
        trust = QHBoxLayout()
        trust.setSpacing(10)
        self._shield = Icon("verified_user-fill", 24, Desk.OK)
        self._trust = Elided()
        trust.addStretch(1)
        trust.addWidget(self._shield)
        trust.addWidget(self._trust)
        trust.addStretch(1)
        inside.addLayout(trust)
        inside.addSpacing(12)
        inside.addWidget(self._first_page(actions))
        inside.addSpacing(12)
        self.start = WideButton("説明を始める", "cast", "primary")
        self.start.setIconSize(QSize(32, 32))
        self.start.setStyleSheet("QPushButton { min-height: 86px; font-size: 28px; }")
        self.start.clicked.connect(lambda _checked=False: actions.run("start"))
        inside.addWidget(self.start)
        inside.addSpacing(6)
        foot = QHBoxLayout()
        foot.setSpacing(24)
        foot.addStretch(1)
        self._back = ActionButton(actions["back_to_start"], "戻る", "arrow_back", "text")
        self._add = ActionButton(actions["add_room"], "会議室を加える", "add", "text")
        foot.addWidget(self._back)
        foot.addWidget(ActionButton(actions["choose_other_room"], "会議室を選び直す", kind="text"))
        foot.addWidget(self._add)
        self._screen = ActionButton(actions["second_screen"], "つないだ画面に映す", "desktop_windows", "text")
        foot.addWidget(self._screen)
        foot.addStretch(1)
        inside.addLayout(foot)

    def _first_page(self, actions: Actions) -> QWidget:
        box = frame("sunk")
        row = QHBoxLayout(box)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(28)
        self._picture = Picture()
        words = QVBoxLayout()
        words.setSpacing(4)
        self._first = Label("始めると、このページが映ります", "h2", wrap=True)
        self._what = Label("", wrap=True)
        self._none = Label("会議室には、まだ何も映っていません。", wrap=True)
        self._join = Label("", "title", wrap=True)
        self._people = Label("", wrap=True)
        words.addStretch(1)
        for label in (self._first, self._what, self._none, self._join, self._people):
            words.addWidget(label)
        self._let_join = ActionButton(actions["let_join"], "参加を受け付ける", "group", "text", "sm")
        self._let_join.setStyleSheet("QPushButton { padding: 0 12px 0 0; }")
        words.addWidget(self._let_join, 0, Qt.AlignmentFlag.AlignLeft)
        words.addStretch(1)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        return box

    def show_state(self, state: ReadyState) -> None:
        """Shows this and nothing else."""
        names = state.rooms or ("",)
        joins = state.joins_at > 0
        self._screen.setVisible(self._screen.isEnabled() and not joins)
        self._add.setVisible(not joins)
        self._back.setVisible(joins)
        self._first.set_words(
            "押すと、いまのページ（{page}ページ）が映ります" if joins else "始めると、このページが映ります",
            page=state.joins_at,
        )
        self._lead.set_words("つながった会議室" if state.rooms else "つないだ画面")
        self.room.set_names(state.rooms or ((state.screen,) if state.screen else ()))
        if not state.rooms:
            self._trust.set_words("この端末につないだ画面に映します")
            self._shield.set_icon("desktop_windows", Desk.OK)
            self._trust.set_tone("ok")
        elif state.registered:
            self._trust.set_words("{place}　登録された会議室ディスプレイです", place=state.place)
            self._shield.set_icon("verified_user-fill", Desk.OK)
            self._trust.set_tone("ok")
        else:
            self._trust.set_words(
                "{place}　登録されていない端末です。部屋の名前を確かめてください。", place=state.place
            )
            self._shield.set_icon("warning-fill", Desk.WARN_BORDER)
            self._trust.set_tone("warn")
        self._what.set_words("{title}　{n}ページ", title=state.title, n=state.pages)
        if state.rooms and state.screen:
            self._none.set_words("つないだ画面（{screen}）にも映します。", screen=state.screen)
        else:
            self._none.set_words("会議室には、まだ何も映っていません。")
        self._show_joining(state)
        self._picture.set_image(state.first_page)
        if joins:
            self.start.set_words("{room}に映す", room=names[0])
        elif len(names) > 1:
            self.start.set_words("{n}つの会議室で説明を始める", n=len(names))
        elif state.rooms:
            self.start.set_words("{room}で説明を始める", room=names[0])
        else:
            self.start.set_words("説明を始める")

    def _show_joining(self, state: ReadyState) -> None:
        begins = bool(state.rooms) and not state.joins_at
        code, half = state.join_code, (len(state.join_code) + 1) // 2
        self._let_join.setVisible(begins)
        self._let_join.set_words("参加の受付けを止める" if code else "参加を受け付ける")
        self._join.setVisible(begins and bool(code))
        self._join.set_words(
            "会議室番号 {room}　参加番号 {code}", room=state.join_room, code=f"{code[:half]} {code[half:]}"
        )
        self._people.setVisible(begins and bool(code or state.people))
        self._people.set_words("参加者 {n}人がつながっています。", n=state.people)

    def resizeEvent(self, event: QResizeEvent) -> None:
        low = event.size().height() < 900
        side = 32 if event.size().width() < 1200 else 64
        self._inside.setContentsMargins(side, 16 if low else 48, side, 12 if low else 40)
        self._inside.setSpacing(4 if low else 12)
        self.room.set_size(64 if low else 96)
        self._picture.set_size(180 if low else 302, 127 if low else 214)
        super().resizeEvent(event)


class _RoomName(QWidget):
    """The name as large as one line allows; two lines when it would fall below half of the wanted size."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._size = 96
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_names(self, names: tuple[str, ...]) -> None:
        self._names = names
        self.setAccessibleName(" ".join(names))
        self.update()

    def set_size(self, size: int) -> None:
        self._size = size
        self.setFixedHeight(round(size * 1.35))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        one = say("・").join(self._names)
        size = self._one_line(one)
        if size >= self._size * 0.5:
            text, flags = one, int(Qt.AlignmentFlag.AlignCenter)
        else:
            text, flags = phrase_break(one), int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            size = self._two_lines(text, flags)
        painter.setFont(theme.font(size, theme.BOLD))
        painter.setPen(QColor(Desk.TEXT))
        painter.drawText(self.rect(), flags, text)

    def _one_line(self, text: str) -> int:
        width = QFontMetrics(theme.font(self._size, theme.BOLD)).horizontalAdvance(text)
        return round(self._size * min(1.0, self.width() / max(1, width)))

    def _two_lines(self, text: str, flags: int) -> int:
        room = self.rect()
        for size in range(round(self._size * 0.5), 24, -1):
            metrics = QFontMetrics(theme.font(size, theme.BOLD))
            needed = metrics.boundingRect(room, flags, text)
            if room.contains(needed) and needed.height() < 3 * metrics.height():
                return size
        return 24
