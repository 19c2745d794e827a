"""The console (P3): what the room sees, what comes next, and every control of a running briefing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.buttons import Button, IconButton
from presenter.console_header import ConsoleHeader
from presenter.console_state import ConsoleState, NumberOf, Words
from presenter.file_drops import FileDrops
from presenter.floor_bar import FloorBar
from presenter.footer import Footer
from presenter.labels import Elided, Icon, Label
from presenter.panels import SidePanel
from presenter.people_panel import PeoplePanel
from presenter.people_state import People, headline
from presenter.strip import PageStrip, Thumbnail
from protocol.values import Screen

_HIDDEN = {Screen.HIDDEN: "会議室には何も映っていません", Screen.WHITE: "会議室の画面は白くしています"}
"""What stands over the page while the walls show none."""
DENSE_WIDTH, DENSE_HEIGHT = 1600, 840
STRIP_DENSE = 60


class Console(QWidget):
    """Shows a `ConsoleState` around the page widget it is given (a `PageView`, or any other in tests)."""

    page_chosen = Signal(object)
    note_written = Signal(str)
    wall_key = Signal(int, str)
    """(room number, name of a key of the wall's rail)"""
    files_dropped = Signal(list)

    def __init__(self, actions: Actions, page: QWidget, thumbnail: Thumbnail) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions = actions
        self._dense: bool | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = ConsoleHeader(actions)
        self.trouble = TroubleBar()
        self.notices = NoticeBar()
        column.addWidget(self.header)
        column.addWidget(self.trouble)
        self.floor = FloorBar(actions)
        column.addWidget(self.notices)
        column.addWidget(self.floor)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        column.addLayout(middle, 1)
        self.strip = PageStrip(thumbnail)
        self.strip.chosen.connect(self.page_chosen)
        middle.addLayout(self._strip_column(actions))
        self.centre = _Centre(page)
        self.centre.act.clicked.connect(self._act)
        middle.addWidget(self.centre, 1)
        self.side = SidePanel(actions)
        self.side.note_written.connect(self.note_written)
        middle.addWidget(self.side)
        self.people = PeoplePanel()
        self.people.closed.connect(lambda: actions.run("people"))
        self.people.hide()
        middle.addWidget(self.people)
        self._unfold = IconButton("chevron_left", "進行を開く")
        self._unfold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._unfold.clicked.connect(lambda _checked=False: actions.run("panel"))
        middle.addWidget(self._unfold, 0, Qt.AlignmentFlag.AlignTop)
        self.footer = Footer(actions)
        column.addWidget(self.footer)
        drops = FileDrops(self)
        drops.hanging.connect(self.centre.show_dragging)
        drops.dropped.connect(self.files_dropped)
        self._state = ConsoleState()
        self._side_open = True
        self.set_side_open(True)
        # The small form first: a window must not be forced to be larger than its screen.
        self._set_dense(True)

    def _strip_column(self, actions: Actions) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self._all = IconButton("grid_view", "ページ一覧")
        self._all.setStyleSheet(
            f"QToolButton {{ background: {Desk.CARD}; border-radius: 0;"
            f" border-right: 1px solid {Desk.LINE}; }}"
        )
        self._all.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._all.setFixedSize(STRIP_DENSE, 56)
        self._all.clicked.connect(lambda _checked=False: actions.run("overview"))
        column.addWidget(self._all)
        column.addWidget(self.strip, 1)
        return column

    def show_state(self, state: ConsoleState) -> None:
        """Shows this and nothing else."""
        self._state = state
        current = state.showing.desk.page_id if state.showing.desk is not None else None
        self.header.show_state(state)
        self.trouble.setVisible(state.disk_full)
        self.notices.show_notice(state.notices[-1] if state.notices else None)
        self.strip.show_pages(state.pages, current)
        self.centre.show_state(state)
        self.side.show_state(state)
        self.footer.show_state(state)

    def set_side_open(self, open_: bool) -> None:
        """The side panel, or only the key that opens it."""
        self._side_open = open_
        self.set_people_open(self.people.isVisibleTo(self))

    def set_people_open(self, open_: bool) -> None:
        """The participants' panel in the side panel's place, or away."""
        self.people.setVisible(open_)
        self.side.setVisible(self._side_open and not open_)
        self._unfold.setVisible(not self._side_open and not open_)
        if open_:
            self.people.take_keyboard()

    def show_people(self, people: People, number_of: NumberOf) -> None:
        """The participants: their count in the head, and the panel while it is open."""
        self.header.people.show_people(*headline(people))
        self.floor.show_presenter(people.presenter)
        if self.people.isVisibleTo(self):
            self.people.show_people(people, number_of)

    def show_jump(self, digits: str) -> None:
        """The page number being typed; "" for none."""
        self.centre.show_jump(digits)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_dense(event.size().width() < DENSE_WIDTH or event.size().height() < DENSE_HEIGHT)
        super().resizeEvent(event)

    def _set_dense(self, dense: bool) -> None:
        if dense == self._dense:
            return
        self._dense = dense
        self.header.set_dense(dense)
        self.footer.set_dense(dense)
        self.side.set_dense(dense)
        self.people.set_dense(dense)
        self.strip.set_dense(dense)
        self.strip.setFixedWidth(STRIP_DENSE if dense else Desk.STRIP)
        self._all.setVisible(dense)
        self.centre.set_dense(dense)

    def _act(self) -> None:
        act = self._state.truth.act
        if act is not None:
            _words, key, room = act
            self.wall_key.emit(room, key)


class _Centre(QWidget):
    """The line that is true, and under it the page."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.page = page
        self._column = QVBoxLayout(self)
        self._column.setSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._number = Label(role="h2")
        self._step = Label(role="body")
        self._sign = Icon("check_circle-fill", 22, Desk.OK)
        self._truth = Elided()
        self.act = Button("映してもらう", size="sm")
        self.act.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._jump = QLabel()
        self._jump.setStyleSheet(
            f"background: {Desk.TEXT}; color: #FFFFFF; border-radius: 6px; padding: 4px 14px;"
            "font-size: 18px; font-weight: 700;"
        )
        self._jump.hide()
        for widget in (self._number, self._step, self._sign):
            row.addWidget(widget)
        row.addWidget(self._truth, 1)
        row.addWidget(self.act)
        row.addWidget(self._jump)
        holder = QWidget()
        holder.setLayout(row)
        holder.setFixedHeight(44)
        row.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(holder)
        page.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._column.addWidget(page, 1)
        self._veil = Veil(page)
        self._hidden, self._dragging = "", False

    def set_dense(self, dense: bool) -> None:
        self._column.setContentsMargins(*((16, 4, 16, 12) if dense else (24, 14, 24, 24)))

    def show_state(self, state: ConsoleState) -> None:
        self._number.set_words("{page}ページ", page=state.page.number)
        self._step.set_words("{text}", text=state.page.step)
        self._step.setVisible(bool(state.page.step))
        line = state.truth
        colour = {"ok": Desk.OK, "warn": Desk.WARN_TEXT, "err": Desk.ERR}.get(line.tone, Desk.TEXT2)
        self._sign.set_icon(line.icon, colour)
        words, values = line.words
        self._truth.set_words(words, **values)
        self._truth.set_tone("" if line.tone == "ok" else line.tone)
        self.act.setVisible(line.act is not None)
        if line.act is not None:
            self.act.set_words(line.act[0])
        self._hidden = _HIDDEN.get(state.showing.screen, "")
        self._show_veil()

    def show_dragging(self, dragging: bool) -> None:
        """Files hang over the window, which join the briefing when they are let go."""
        self._dragging = dragging
        self._show_veil()

    def _show_veil(self) -> None:
        self._veil.show_words("ここで放すと、資料を加えます" if self._dragging else self._hidden)

    def show_jump(self, digits: str) -> None:
        self._jump.setVisible(bool(digits))
        self._jump.setText(say("{page}ページへ　Enter", page=digits))


class Veil(QWidget):
    """Half covers the page on the desk while the walls show nothing."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label = Label(role="h2")
        self._label.setParent(self)
        self._label.setStyleSheet(
            f"background: {Desk.TEXT}; color: #FFFFFF; border-radius: 8px;"
            " padding: 14px 28px; font-size: 22px;"
        )
        over.installEventFilter(self)
        self.hide()

    def show_words(self, words: str) -> None:
        self.setVisible(bool(words))
        if words:
            self._label.set_words(words)
            self._place()

    def _place(self) -> None:
        self.setGeometry(self._over.rect())
        self._label.adjustSize()
        self._label.move(
            (self.width() - self._label.width()) // 2, (self.height() - self._label.height()) // 2
        )

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(Desk.BG)
        veil.setAlphaF(0.5)
        painter.fillRect(self.rect(), veil)


class NoticeBar(QFrame):
    """One sentence at a time, the newest, until it is put away; then the one before it."""

    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"NoticeBar {{ background: {Desk.WARN_BG}; border-bottom: 1px solid {Desk.WARN_BORDER}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 2, 12, 2)
        row.setSpacing(12)
        self._words = Elided()
        away = IconButton("close", "閉じる")
        away.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        away.clicked.connect(lambda _checked=False: self.dismissed.emit())
        row.addWidget(Icon("info", 22, Desk.WARN_TEXT))
        row.addWidget(self._words, 1)
        row.addWidget(away)
        self.hide()

    def show_notice(self, notice: Words | None) -> None:
        if notice is not None:
            words, values = notice
            self._words.set_words(words, **values)
        self.setVisible(notice is not None)


class TroubleBar(QFrame):
    """The disk takes nothing more: red, and it stays until it does again."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"TroubleBar {{ background: {Desk.ERR}; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 24, 8)
        row.setSpacing(12)
        words = Label("この端末に記録を書き込めません。空き容量を増やしてください。内容は失われていません。")
        words.setStyleSheet("color: #FFFFFF; font-weight: 700;")
        row.addWidget(Icon("error-fill", 24, "#FFFFFF"))
        row.addWidget(words, 1)
        self.hide()
