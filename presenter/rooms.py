"""Picking a room (P2): from the list or by its number, then the code that stands on its screen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.buttons import ActionButton, Button, IconButton, Link, WideButton
from presenter.code_field import CodeField, digits_of
from presenter.labels import Body, Elided, Icon, Label, frame
from presenter.room_list import RoomList
from presenter.rooms_state import (
    FAILURES,
    Phase,
    RoomRow,
    RoomsState,
    RoomStatus,
    matches,
    room_title,
    typed_room,
)
from presenter.screen import Screen
from presenter.start_state import how_much
from presenter.steps_header import StepsHeader
from protocol.transport.events import FailureReason

_WAITS = "番号がそろうと押せます。つないだだけでは、資料は映りません。"
_SHOWS_NOTHING = "つないだだけでは、資料は映りません。"


class RoomsScreen(Screen):
    """Shows a `RoomsState`. Choosing a room already calls it; connecting alone shows nothing there."""

    room_chosen = Signal(int, str)
    """(room number, address typed by hand or "")"""
    code_given = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__(takes_keyboard=True)
        self._state = RoomsState()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(StepsHeader(actions, 2))
        self._sides = QHBoxLayout()
        column.addWidget(Body(self._sides), 1)
        self._sides.addLayout(self._left(actions), 1072)
        right = QVBoxLayout()
        self.card = _CodeCard(actions)
        self.card.number.returnPressed.connect(self._number_typed)
        self.card.address.returnPressed.connect(self._number_typed)
        self.card.call.clicked.connect(self._number_typed)
        self.card.connect_button.clicked.connect(self._give_code)
        self.card.code.returnPressed.connect(self._give_code)
        self.card.code.complete.connect(lambda _code: self._tell_ready())
        self.card.code.textChanged.connect(lambda _text: self._tell_ready())
        right.addWidget(self.card)
        right.addStretch(1)
        self._sides.addLayout(right, 680)
        self.show_state(self._state)

    def _left(self, actions: Actions) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(20)
        left.addWidget(Label("どの会議室に映しますか", "h1"))
        self.search = QLineEdit()
        self.search.setStyleSheet("QLineEdit { min-height: 62px; }")
        self.search.setTextMargins(48, 0, 52, 0)
        sign = Icon("search", 28, Desk.BODY)
        sign.setParent(self.search)
        sign.move(20, 18)
        # Qt's own has the 16 pixels of its icon to be hit on, and the sheet's buttons do not fit into them.
        empty = IconButton("close", "探す言葉を消す")
        empty.clicked.connect(self.search.clear)
        empty.hide()
        inside = QHBoxLayout(self.search)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.addWidget(empty, 0, Qt.AlignmentFlag.AlignRight)
        self.search.textChanged.connect(lambda text: empty.setVisible(bool(text)))
        self.search.textChanged.connect(lambda _text: self._show_list())
        self.search.returnPressed.connect(self._take_search)
        left.addWidget(self.search)
        self.list = RoomList()
        self.list.chosen.connect(lambda number: self.room_chosen.emit(number, ""))
        self._none = Label("", "secondary", wrap=True)
        left.addWidget(self._none)
        left.addWidget(self.list, 1_000)
        self._screen = ActionButton(actions["second_screen"], "つないだ画面に映す", "desktop_windows", "text")
        actions["second_screen"].changed.connect(self._show_screen)
        left.addWidget(self._screen, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(1)
        return left

    def show_state(self, state: RoomsState) -> None:
        """Shows this and nothing else."""
        before, self._state = self._state, state
        self.search.setPlaceholderText(say("部屋の名前・階・庁舎・番号で探す"))
        self.search.setAccessibleName(say("部屋の名前・階・庁舎・番号で探す"))
        self._show_list()
        self._show_screen()
        self.card.show_state(state)
        self._tell_ready()
        freed = state.freed and not before.freed
        if state.phase is Phase.FOUND and (before.phase is not Phase.FOUND or freed):
            self.card.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_screen(self) -> None:
        """A screen on the cable is offered beside the rooms, before the briefing begins."""
        self._screen.setVisible(self._screen.action.isEnabled() and not self._state.running)

    def _show_list(self) -> None:
        search = self.search.text()
        rooms = [row for row in self._state.rooms if matches(row, search)]
        number = typed_room(search)
        if number is not None and all(row.number != number for row in self._state.rooms):
            rooms.append(RoomRow(number, status=RoomStatus.UNHEARD))
        self.list.show_rooms(rooms, self._state.chosen)
        self.list.setVisible(bool(rooms))
        self.list.setMaximumHeight(self.list.content_height())
        self.list.setMinimumHeight(min(self.list.content_height(), 200))
        self._none.setVisible(not rooms)
        if search:
            self._none.set_words(
                "見つかりません。言葉を短くするか、会議室の画面に出ている番号を入力してください。"
            )
        else:
            self._none.set_words(
                "会議室を探しています。見つからないときは、会議室の画面に出ている番号を入力してください。"
            )

    def _take_search(self) -> None:
        """Enter in the search field chooses the only room left, or the number typed."""
        rooms = [line for line in self.list.rooms.lines if isinstance(line, RoomRow)]
        number = typed_room(self.search.text())
        if number is not None:
            self.room_chosen.emit(number, "")
        elif len(rooms) == 1:
            self.room_chosen.emit(rooms[0].number, "")
        elif rooms:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _number_typed(self) -> None:
        number = typed_room(self.card.number.text()) or self._state.chosen
        if number is not None:
            self.room_chosen.emit(number, self.card.address.text().strip())

    def _tell_ready(self) -> None:
        ready = self._state.phase in (Phase.FOUND, Phase.FAILED) and self.card.code.is_complete
        self.card.set_ready(ready and self.card.code.isEnabled())

    def _give_code(self) -> None:
        if self.card.connect_button.isEnabled():
            self.code_given.emit(self.card.code.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = event.size().width(), event.size().height()
        side = max(24, min(64, width // 30), (width - 1792) // 2)
        self._sides.setContentsMargins(side, 40 if height > 900 else 20, side, 24)
        self._sides.setSpacing(40 if width > 1500 else 24)
        self.card.set_low(height < 900)
        self.card.show_state(self._state)
        super().resizeEvent(event)


class _CodeCard(QWidget):
    """The right side: the room, its boxes, what is wrong, and the one button."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._shown = RoomsState()
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        card = frame("card")
        outside.addWidget(card)
        self._column = QVBoxLayout(card)
        self.set_low(False)
        self._title = Label("会議室の接続番号", "h2", wrap=True)
        self._lead = Label("会議室の画面に出ている番号を入力してください。", wrap=True)
        self._column.addWidget(self._title)
        self._column.addWidget(self._lead)
        self._column.addWidget(self._number_row())
        self.code = CodeField()
        self._column.addWidget(self.code)
        self._said = Label("", "secondary", wrap=True)
        self._sign = Icon("error-fill", 20, Desk.ERR)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self._sign)
        said.addWidget(self._said, 1)
        self._column.addLayout(said)
        self._column.addWidget(self._address_row())
        self._column.addSpacing(4)
        self._column.addWidget(self._papers(actions))
        self._column.addSpacing(4)
        self.connect_button = WideButton("会議室とつなぐ", "cast", "primary", "lg")
        self._column.addWidget(self.connect_button)
        self._why = Label(_WAITS, "secondary", wrap=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self._why)
        self._column.addWidget(frame("line"))
        self._column.addLayout(self._foot(actions))

    def set_ready(self, ready: bool) -> None:
        """Whether the room can be connected, and what is to be known before."""
        self.connect_button.setEnabled(ready)
        self._why.set_words(_SHOWS_NOTHING if ready else _WAITS)

    def set_low(self, low: bool) -> None:
        """Less air where the window is low, and no boxes before there is a room to type them for."""
        self._low = low
        side = 28 if low else 40
        self._column.setContentsMargins(side, 22 if low else 36, side, 18 if low else 32)
        self._column.setSpacing(8 if low else 12)

    def _number_row(self) -> QWidget:
        self._number_line = holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        label = Label("会議室番号", "title")
        self.number = QLineEdit()
        self.number.setFixedWidth(120)
        self.number.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.number.textEdited.connect(lambda text: self._keep_digits(text))
        label.setBuddy(self.number)
        self.call = Button("会議室を呼ぶ")
        row.addWidget(label)
        row.addWidget(self.number)
        row.addWidget(self.call)
        row.addStretch(1)
        return holder

    def _keep_digits(self, text: str) -> None:
        kept = digits_of(text)[:5]
        if kept != text:
            self.number.setText(kept)

    def _address_row(self) -> QWidget:
        self._address = QWidget()
        row = QVBoxLayout(self._address)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._more = Link("見つからないときは、画面のアドレスを入力します", self._open_address)
        self.address = QLineEdit()
        self.address.hide()
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self.address)
        return self._address

    def _open_address(self) -> None:
        self.address.show()
        self.address.setPlaceholderText(say("例：192.0.2.10:47400"))
        self.address.setAccessibleName(say("会議室の画面の下に小さく出ているアドレス"))
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def _papers(self, actions: Actions) -> QWidget:
        box = frame("sunk")
        row = QHBoxLayout(box)
        row.setContentsMargins(22, 14, 14, 14)
        row.setSpacing(20)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._paper, self._more_papers = Elided(role="title"), Label(role="secondary")
        words.addWidget(self._paper)
        words.addWidget(self._more_papers)
        row.addWidget(Icon("picture_as_pdf", 28, Desk.PRIMARY))
        row.addLayout(words, 1)
        self._change = Link("変える", lambda: self._run(actions, "back_to_start"))
        row.addWidget(self._change)
        return box

    @staticmethod
    def _run(actions: Actions, name: str) -> None:
        actions.run(name)

    def _foot(self, actions: Actions) -> QHBoxLayout:
        foot = QHBoxLayout()
        self._back = ActionButton(actions["back_to_start"], "資料を選び直す", "arrow_back", "text")
        self._rehearse = ActionButton(actions["rehearse"], "練習する（映しません）", kind="text")
        foot.addWidget(self._back)
        foot.addStretch(1)
        foot.addWidget(self._rehearse)
        return foot

    def show_state(self, state: RoomsState) -> None:
        changed = state.chosen != self._shown.chosen
        freed = state.awaited and state.freed and not self._shown.freed
        if changed or freed or (state.renumbered and not self._shown.renumbered):
            self.code.clear()
        if state.failure is FailureReason.REFUSED and self._shown.phase is Phase.PROVING:
            self.code.selectAll()
        self._shown = state
        known = state.chosen is not None
        name = room_title(state.chosen, state.chosen_name) if state.chosen is not None else ""
        self._lead.set_words(_lead(state))
        self._title.set_words("{room}の接続番号" if known else "会議室の接続番号", room=name)
        self._number_line.setVisible(not known)
        self.code.setVisible(known or not self._low)
        self.code.set_room(state.chosen)
        self.code.set_length(state.code_length)
        self.code.setEnabled(
            state.phase in (Phase.FOUND, Phase.PROVING, Phase.ASKING, Phase.FAILED) and not _final(state)
        )
        self.code.setReadOnly(state.phase in (Phase.PROVING, Phase.ASKING))
        self.code.set_wrong(state.phase is Phase.FAILED and state.failure is FailureReason.REFUSED)
        self.code.setAccessibleName(say("接続番号"))
        self.number.setAccessibleName(say("会議室番号"))
        self._address.setVisible(
            not known or state.failure is FailureReason.NO_ANSWER or self.address.isVisible()
        )
        self.connect_button.set_words("{room}とつなぐ" if known else "会議室とつなぐ", room=name)
        self._paper.set_plain(state.title)
        self._more_papers.set_plain(how_much(state.papers, state.pages))
        self._back.set_words("戻る" if state.running else "資料を選び直す")
        self._rehearse.setVisible(not state.running)
        self._change.setVisible(not state.running)
        self._say_state(state, name)

    def _say_state(self, state: RoomsState, name: str) -> None:
        words, tone, icon = "会議室を一覧から選ぶか、番号を入力してください。", "muted", ""
        if state.phase is Phase.FINDING:
            words, icon = "会議室を呼んでいます。", "hourglass_empty"
        elif state.phase is Phase.PROVING:
            words, icon = "番号を確かめています。", "hourglass_empty"
        elif state.phase is Phase.ASKING:
            words, icon = "いまの説明者に、切替えを求めています。15秒お待ちください。", "hourglass_empty"
        elif state.awaited and state.freed:
            words, tone, icon = "空きました。画面の番号を入力してください。", "ok", "check_circle-fill"
        elif state.awaited and state.failure is not FailureReason.REFUSED:
            words, icon = "使用中です。空いたらお知らせします。", "schedule"
            if state.failure is FailureReason.TAKEN:
                words = "いまの説明が続きます。空いたらお知らせします。"
        elif state.failure is not None:
            words, tone, icon = FAILURES[state.failure], "err", "error-fill"
        elif state.renumbered:
            words, tone, icon = "番号が変わりました。画面を見て入力し直してください。", "warn", "warning"
        elif state.held and state.phase is Phase.FOUND:
            words, icon = "この説明のページが、まだ映っています。画面の番号を入力してください。", "info"
        elif state.lost and state.phase is Phase.FOUND:
            words, tone, icon = "接続が切れました。画面の番号をもう一度入力してください。", "warn", "warning"
        elif state.phase is Phase.FOUND:
            words = "{number}は{room}の番号です。残りの番号は、使うたびに変わります。"
            if not state.chosen_name:
                words = "{number}は会議室の番号です。残りの番号は、使うたびに変わります。"
        self._said.set_words(words, number=state.chosen, room=name)
        self._said.set_tone(tone)
        self._sign.setVisible(bool(icon))
        if icon:
            colour = {"err": Desk.ERR, "warn": Desk.WARN_TEXT, "ok": Desk.OK}.get(tone, Desk.TEXT2)
            self._sign.set_icon(icon, colour)

    def sizeHint(self) -> QSize:
        return QSize(680, 600)


def _lead(state: RoomsState) -> str:
    """What to type, or why there is nothing to type yet."""
    if not state.awaited or state.freed:
        return "会議室の画面に出ている番号を入力してください。"
    if state.failure is FailureReason.TAKEN:
        return "空くと、会議室の画面に番号が出ます。"
    return "急ぐときは、会議室で「別の端末をつなぐ」を押すと出る番号で、切替えを求められます。"


def _final(state: RoomsState) -> bool:
    return state.failure is not None and state.failure is not FailureReason.REFUSED
