"""The panel 参加者, in the side panel's place: the join code, who waits to be let in, and who is in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.buttons import Button, IconButton
from presenter.console_state import NumberOf
from presenter.keys import LEFT_BY_ESCAPE
from presenter.labels import Label, frame
from presenter.people_rows import InsideRow, Rows, WaitingRow
from presenter.people_state import People

DENSE_WIDTH = 400
"""On a small window: an A4 page beside it keeps its size, and two keys stand beside a name."""


class PeoplePanel(QFrame):
    """Shows `People`; what is pressed in it is told by signals that carry the peer."""

    closed = Signal()
    joining_wanted = Signal(bool)
    approval_wanted = Signal(bool)
    new_code_wanted = Signal()
    code_on_walls_wanted = Signal()
    let_in = Signal(object)
    """tuple of peers"""
    declined = Signal(object)
    """tuple of peers"""
    floor_given = Signal(int)
    floor_declined = Signal(int)
    allowed = Signal(object)
    """Allow: all that this person may do from now on"""
    let_write = Signal(int, bool)
    removed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._people = People()
        self.setProperty(LEFT_BY_ESCAPE, True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"PeoplePanel {{ background: {Desk.CARD}; border-left: 1px solid {Desk.LINE}; }}")
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(0)
        self._head = self._header()
        outside.addWidget(self._head)
        outside.addWidget(frame("line"))
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setSpacing(8)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        outside.addWidget(self._scroll, 1)
        self._add_joining()
        self._add_waiting()
        self._add_inside()
        self._column.addStretch(1)
        for button in self.findChildren(QAbstractButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_people(People(), lambda _page: 0)

    def _header(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        self._title = Label("参加者", "h2")
        close = IconButton("close", "閉じる")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(lambda _checked=False: self.closed.emit())
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(close)
        return head

    def _add_joining(self) -> None:
        self._joining = _Check("参加を受け付ける")
        self._joining.clicked.connect(self.joining_wanted)
        self._column.addWidget(self._joining)
        self._why = Label("会議室とつなぐと、参加を受け付けられます。", "secondary", wrap=True)
        self._column.addWidget(self._why)
        self._code = frame("sunk")
        inside = QVBoxLayout(self._code)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(4)
        self._number = JoinNumber()
        self._others = Label("", "secondary", wrap=True)
        inside.addWidget(Label("会議室番号｜参加番号", "title"))
        inside.addWidget(self._number)
        inside.addWidget(self._others)
        keys = QHBoxLayout()
        keys.setSpacing(8)
        show = Button("会議室に出す", "", "", "sm")
        show.clicked.connect(lambda _checked=False: self.code_on_walls_wanted.emit())
        renew = Button("新しい番号にする", "", "text", "sm")
        renew.clicked.connect(lambda _checked=False: self.new_code_wanted.emit())
        keys.addWidget(show)
        keys.addWidget(renew)
        keys.addStretch(1)
        inside.addLayout(keys)
        self._column.addWidget(self._code)
        self._approval = _Check("承認してから入れる")
        self._approval.clicked.connect(self.approval_wanted)
        self._column.addWidget(self._approval)

    def _add_waiting(self) -> None:
        self._waiting_part = QWidget()
        column = QVBoxLayout(self._waiting_part)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(frame("line"))
        self._waiting_title = Label("", "title")
        column.addWidget(self._waiting_title)
        self.waiting = Rows(self._waiting_row)
        column.addWidget(self.waiting)
        self._all = QWidget()
        row = QHBoxLayout(self._all)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        everybody = Button("全員を入れる", "", "", "sm")
        nobody = Button("全員を断る", "", "text", "sm")
        everybody.clicked.connect(lambda _checked=False: self.let_in.emit(self._shown_waiting))
        nobody.clicked.connect(lambda _checked=False: self.declined.emit(self._shown_waiting))
        row.addStretch(1)
        row.addWidget(everybody)
        row.addWidget(nobody)
        column.addWidget(self._all)
        self._column.addWidget(self._waiting_part)
        self._shown_waiting: tuple[int, ...] = ()

    def _add_inside(self) -> None:
        self._column.addWidget(frame("line"))
        self._inside_title = Label("参加している人", "title")
        self._nobody = Label("", "secondary", wrap=True)
        self._column.addWidget(self._inside_title)
        self._column.addWidget(self._nobody)
        self.inside = Rows(self._inside_row)
        self._column.addWidget(self.inside)

    def _waiting_row(self, peer: int) -> WaitingRow:
        row = WaitingRow(peer)
        row.let_in.connect(lambda peer: self._answer(self.let_in, peer))
        row.declined.connect(lambda peer: self._answer(self.declined, peer))
        return row

    def _answer(self, answer: SignalInstance, peer: int) -> None:
        held = self.has_keyboard()
        self.waiting.answered(peer)
        self._keep_keyboard(held)
        answer.emit((peer,))

    def has_keyboard(self) -> bool:
        """Whether the keyboard is on one of its controls that can be used."""
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus) and focus.isEnabled() and focus.isVisible()

    def _keep_keyboard(self, held: bool) -> None:
        """The control that had it is gone: the keyboard stays in the panel."""
        if held and not self.has_keyboard():
            self.take_keyboard()

    def _inside_row(self, peer: int) -> InsideRow:
        row = InsideRow(peer)
        row.floor_given.connect(self.floor_given)
        row.floor_declined.connect(self.floor_declined)
        row.allowed.connect(self.allowed)
        row.let_write.connect(self.let_write)
        row.removed.connect(self.removed)
        return row

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self.setFixedWidth(DENSE_WIDTH if dense else Desk.SIDE)
        side = 16 if dense else 24
        self._column.setContentsMargins(side, 10, side, 16)
        layout = self._head.layout()
        if layout is not None:
            layout.setContentsMargins(side, 4 if dense else 10, side - 8, 4 if dense else 10)
        self._number.set_dense(dense)

    def show_people(self, people: People, number_of: NumberOf) -> None:
        """Shows this and nothing else. ``number_of``: the number of a page id in its paper."""
        held = self.has_keyboard()
        self._people = people
        opened = people.code is not None
        self._joining.setChecked(opened)
        self._joining.setEnabled(bool(people.rooms) or opened)
        self._why.setVisible(not people.rooms and not opened)
        self._code.setVisible(opened)
        self._approval.setChecked(people.approval)
        room = people.rooms[0].number if people.rooms else None
        self._number.show_number(room, people.code or "")
        others = say("、").join(str(room.number) for room in people.rooms[1:])
        self._others.setVisible(bool(others))
        self._others.set_words("会議室番号は、{rooms}でも入れます。", rooms=others)
        waiting, inside = people.waiting, people.inside
        self._shown_waiting = tuple(person.facts.peer for person in waiting)
        self._waiting_part.setVisible(bool(waiting))
        self._waiting_title.set_words("待っている人 {n}人", n=len(waiting))
        self._all.setVisible(len(waiting) > 1)
        self.waiting.show_people(waiting, people, number_of)
        self._inside_title.set_words("参加している人 {n}人", n=len(inside))
        self._nobody.setVisible(not inside)
        self._nobody.set_words("参加する人は、自分の端末の紙ゼロに、会議室番号と参加番号を入力します。")
        self.inside.show_people(inside, people, number_of)
        self._keep_keyboard(held)

    def take_keyboard(self) -> None:
        """To what most likely brought the person here: who waits, who asks, else the first switch."""
        first = self.waiting.first()
        if first is not None and not first.isEnabled():
            first = None
        if first is None and self._people.asking:
            first = self.inside.first()
        switch = self._joining if self._joining.isEnabled() else self._approval
        target = first.first_control() if first is not None else switch
        target.setFocus(Qt.FocusReason.TabFocusReason)


class _Check(QCheckBox):
    """A switch by its Japanese words. What is ticked is set from the truth, not by the press."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.setText(say(self._words))
        self.setAccessibleName(say(self._words))


class JoinNumber(QWidget):
    """27 │ 481 903: the room's number regular, a thin rule, the join code bold, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._room, self._code, self._size = "", "", 48
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self._size = 40 if dense else 56
        self.updateGeometry()
        self.update()

    def show_number(self, room: int | None, code: str) -> None:
        """``room`` None: no room is connected. ``code`` "": nobody may join."""
        self._room = "" if room is None else str(room)
        half = (len(code) + 1) // 2
        self._code = f"{code[:half]} {code[half:]}".strip()
        self.setAccessibleName(say("会議室番号 {room}、参加番号 {code}", room=self._room, code=self._code))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, round(self._size * 1.25))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        size, gap = float(self._size), self._size * 0.34
        while size > 24 and self._width(size, gap) > self.width():
            size -= 1
            gap = size * 0.34
        middle, x = self.height() / 2, 0.0
        if self._room:
            regular = theme.font(size)
            painter.setFont(regular)
            painter.setPen(QColor(Desk.TEXT2))
            width = QFontMetrics(regular).horizontalAdvance(self._room)
            area = QRectF(x, 0, width + 4, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._room)
            x += width + gap
            painter.fillRect(QRectF(x - 1, middle - size * 0.42, 2, size * 0.84), QColor(Desk.BORDER))
            x += gap
        painter.setFont(theme.font(size, theme.BOLD))
        painter.setPen(QColor(Desk.TEXT))
        area = QRectF(x, 0, self.width() - x, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._code)

    def _width(self, size: float, gap: float) -> float:
        room = QFontMetrics(theme.font(size)).horizontalAdvance(self._room) + 2 * gap if self._room else 0
        return room + QFontMetrics(theme.font(size, theme.BOLD)).horizontalAdvance(self._code) + 2
