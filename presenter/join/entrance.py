"""The participant's first screen: which room, the join code, one's own name; then what is waited for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.buttons import ActionButton, Link, WideButton
from presenter.code_field import CodeField, digits_of
from presenter.join.entrance_state import FAILURES, LEFT, WAITING, EntranceState, Stage
from presenter.labels import Body, Elided, Icon, Label, frame
from presenter.room_list import RoomList
from presenter.rooms_state import typed_room
from presenter.screen import FirstScreen
from presenter.settings import NAME_LIMIT
from presenter.steps_header import wordmark
from protocol.transport.join_events import JoinFailure


class EntranceScreen(FirstScreen):
    """Shows an `EntranceState`; what is typed is read from its ``card``."""

    room_chosen = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__(takes_keyboard=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_header(actions))
        self._sides = QHBoxLayout()
        column.addWidget(Body(self._sides), 1)
        self._sides.addLayout(self._left(), 1000)
        right = QVBoxLayout()
        self.card = JoinCard(actions)
        self.card.room_typed.connect(self.room_chosen)
        right.addWidget(self.card)
        right.addStretch(1)
        self._sides.addLayout(right, 720)
        self.show_state(EntranceState())

    def _left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(20)
        left.addWidget(Label("どの会議室の説明に参加しますか", "h1"))
        self._none = Label(
            "会議室を探しています。見つからないときは、会議室番号を入力してください。",
            "secondary",
            wrap=True,
        )
        left.addWidget(self._none)
        self.list = RoomList()
        self.list.setAccessibleName(say("見つかった会議室"))
        self.list.chosen.connect(self.room_chosen)
        left.addWidget(self.list, 1_000)
        left.addStretch(1)
        return left

    def show_state(self, state: EntranceState) -> None:
        """Shows this and nothing else."""
        self.list.show_rooms(state.rooms, state.room)
        self.list.setVisible(bool(state.rooms))
        self.list.setEnabled(not state.waiting)
        self.list.setMaximumHeight(self.list.content_height())
        self.list.setMinimumHeight(min(self.list.content_height(), 200))
        self._none.setVisible(not state.rooms)
        self.card.show_state(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = event.size().width(), event.size().height()
        side = max(24, min(64, width // 30), (width - 1792) // 2)
        self._sides.setContentsMargins(side, 40 if height > 900 else 20, side, 24)
        self._sides.setSpacing(40 if width > 1500 else 24)
        self.card.set_low(height < 900)
        super().resizeEvent(event)


def _header(actions: Actions) -> QFrame:
    header = frame("header")
    header.setFixedHeight(Desk.HEADER)
    row = QHBoxLayout(header)
    row.setContentsMargins(24, 0, 24, 0)
    row.setSpacing(20)
    rule = frame("vline")
    rule.setFixedHeight(36)
    row.addWidget(wordmark())
    row.addWidget(rule)
    row.addWidget(Label("ほかの人の説明に参加する", "title"))
    row.addStretch(1)
    row.addWidget(ActionButton(actions["settings"], "設定", "settings", kind="text"))
    return header


class JoinCard(QWidget):
    """The three fields, what is wrong or waited for, and the one button."""

    room_typed = Signal(int)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._shown = EntranceState()
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        card = frame("card")
        outside.addWidget(card)
        self._column = QVBoxLayout(card)
        self._title = Label("説明に参加する", "h2", wrap=True)
        self._column.addWidget(self._title)
        self._add_room()
        self._add_code()
        self._add_name()
        self._add_said()
        self.join = WideButton("参加する", "group", "primary", "lg")
        self.join.clicked.connect(lambda _checked=False: actions.run("join"))
        self.give_up = WideButton("やめる", "", "", "lg")
        self.give_up.clicked.connect(lambda _checked=False: actions.run("give_up"))
        self._column.addSpacing(4)
        self._column.addWidget(self.join)
        self._column.addWidget(self.give_up)
        self._column.addLayout(self._promise())
        self.set_low(False)
        for field in (self.room, self.code, self.name):
            field.textChanged.connect(lambda _text: self._tell_ready())
            field.returnPressed.connect(self._enter)

    def _add_room(self) -> None:
        self.room = QLineEdit()
        self.room.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.room.textEdited.connect(self._keep_digits)
        self.room.editingFinished.connect(self._room_typed)
        self.room.setFixedWidth(160)
        self._column.addLayout(_headed("会議室番号", self.room))
        row = QHBoxLayout()
        row.setSpacing(12)
        self._more = Link("アドレスを入力する", self.open_address)
        self._more.setToolTip(say("会議室の画面の下に小さく出ているアドレス"))
        self.address = QLineEdit()
        self.address.hide()
        row.addWidget(self.room)
        row.addWidget(self._more)
        row.addWidget(self.address, 1)
        row.addStretch(1)
        self._column.addLayout(row)

    def _add_code(self) -> None:
        self.code = CodeField()
        self._column.addLayout(_headed("参加番号", self.code, "説明者か会議室の画面で確かめてください"))
        self._column.addWidget(self.code)

    def _add_name(self) -> None:
        self.name = QLineEdit()
        self.name.setMaxLength(NAME_LIMIT)
        self._column.addLayout(_headed("あなたの名前", self.name, "説明者に見えます"))
        self._column.addWidget(self.name)

    def _add_said(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._sign = Icon("hourglass_empty", 22, Desk.TEXT2)
        self.said = Label("", wrap=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        row.addLayout(_lowered(self._sign))
        row.addWidget(self.said, 1)
        self._column.addLayout(row)

    def _promise(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        words = Label("資料は、この端末に保存されません。説明が終わると消えます。", "secondary", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        row.addLayout(_lowered(Icon("lock", 20, Desk.TEXT2)))
        row.addWidget(words, 1)
        return row

    def set_low(self, low: bool) -> None:
        """Less air where the window is low."""
        side = 28 if low else 40
        self._column.setContentsMargins(side, 16 if low else 36, side, 14 if low else 32)
        self._column.setSpacing(7 if low else 10)

    # --- what is typed --------------------------------------------------------------------------------------

    @property
    def room_number(self) -> int | None:
        """The room typed or chosen."""
        return typed_room(self.room.text())

    def set_room(self, number: int) -> None:
        """A room was chosen from the list; the next empty field gets the keyboard."""
        self.room.setText(str(number))
        self.set_focus()

    def set_focus(self) -> None:
        """The keyboard goes to the first field that is still to be filled."""
        fields: tuple[tuple[QLineEdit, bool], ...] = (
            (self.room, self.room_number is not None),
            (self.code, self.code.is_complete),
            (self.name, bool(self.name.text().strip())),
        )
        field = next((field for field, filled in fields if not filled), self.code)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_digits(self, text: str) -> None:
        kept = digits_of(text)[:5]
        if kept != text:
            self.room.setText(kept)

    def _room_typed(self) -> None:
        number = self.room_number
        if number is not None and number != self._shown.room:
            self.room_typed.emit(number)

    def open_address(self) -> None:
        """Room for the wall's address, with the keyboard in it."""
        self._more.hide()
        self.address.show()
        self.address.setPlaceholderText(say("例：192.0.2.10:47400"))
        self.address.setAccessibleName(say("会議室の画面の下に小さく出ているアドレス"))
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def _complete(self) -> bool:
        return self.room_number is not None and self.code.is_complete and bool(self.name.text().strip())

    def _enter(self) -> None:
        if self._complete():
            self._actions.run("join")
        else:
            self.set_focus()

    def _tell_ready(self) -> None:
        self._actions.set_enabled("join", self._complete() and not self._shown.waiting)
        self.join.setEnabled(self._actions["join"].isEnabled())

    # --- what is shown --------------------------------------------------------------------------------------

    def show_state(self, state: EntranceState) -> None:
        """Shows this and nothing else; what is typed stays, but a refused code is marked."""
        refused = state.failure is JoinFailure.REFUSED and state.stage is Stage.REFUSED
        fresh = refused and self._shown.stage is not Stage.REFUSED
        begun = state.waiting and not self._shown.waiting
        given_up = self._shown.waiting and state.stage is Stage.NONE
        held = self.isAncestorOf(self.window().focusWidget())
        self._shown = state
        if state.room is not None:
            self._title.set_words("{room}の説明に参加する", room=state.room_title)
        else:
            self._title.set_words("説明に参加する")
        for field in (self.room, self.address, self.name):
            field.setReadOnly(state.waiting)
        self.code.setReadOnly(state.waiting)
        self.code.setEnabled(not state.waiting)
        self.code.set_wrong(refused)
        self.join.setVisible(not state.waiting)
        self.give_up.setVisible(state.waiting)
        self._actions.set_enabled("give_up", state.waiting)
        self._name_fields()
        self._say(state)
        self._tell_ready()
        if begun and held:
            # There is nothing to be typed now; what can be done is to give up.
            self.name.deselect()
            self.give_up.setFocus(Qt.FocusReason.OtherFocusReason)
        if given_up and held:
            self.set_focus()
        if fresh:
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)
            self.code.selectAll()

    def _name_fields(self) -> None:
        self.room.setAccessibleName(say("会議室番号"))
        self.code.setAccessibleName(say("参加番号"))
        self.name.setAccessibleName(say("あなたの名前"))
        self.name.setPlaceholderText(say("例：財政課 鈴木"))

    def _say(self, state: EntranceState) -> None:
        words, tone, icon = "会議室番号、参加番号、名前がそろうと押せます。", "muted", "info"
        if state.waiting:
            words, icon = WAITING[state.stage], "hourglass_empty"
            if state.stage is Stage.START:
                tone, icon = "ok", "check_circle-fill"
            elif state.stage is Stage.NO_ANSWER:
                tone, icon = "warn", "warning-fill"
        elif state.failure is not None:
            words, tone, icon = FAILURES[state.failure], "err", "error-fill"
        elif state.left is not None:
            words, tone, icon = LEFT[state.left], "warn", "warning-fill"
        self.said.set_words(words)
        self.said.set_tone(tone)
        colours = {"err": Desk.ERR, "warn": Desk.WARN_TEXT, "ok": Desk.OK}
        self._sign.set_icon(icon, colours.get(tone, Desk.TEXT2))

    def sizeHint(self) -> QSize:
        return QSize(720, 620)


def _lowered(icon: Icon) -> QVBoxLayout:
    """The icon beside the first of several lines, as high as their middle."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 3, 0, 0)
    column.addWidget(icon)
    column.addStretch(1)
    return column


def _headed(words: str, field: QLineEdit, note: str = "") -> QHBoxLayout:
    """The name of a field, and what is to be known of it."""
    row = QHBoxLayout()
    row.setSpacing(16)
    label = Label(words, "title")
    label.setBuddy(field)
    row.addWidget(label)
    row.addWidget(Elided(note, "secondary"), 1)
    return row
