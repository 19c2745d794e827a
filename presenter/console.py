"""The console (P3): what the room sees, what comes next, and every control of a running briefing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pageview.page_view import PageView
from presenter.actions import Actions
from presenter.bars import ConvertingBar, ExportBar, FindsBar
from presenter.buttons import ActionButton, Button, IconButton
from presenter.console_header import ConsoleHeader
from presenter.console_side import ConsoleSide, Side
from presenter.console_state import ConsoleState, NumberOf
from presenter.correction_dock import CorrectionDock
from presenter.countdown import Countdown
from presenter.file_drops import FileDrops
from presenter.floor_bar import FloorBar
from presenter.footer import Footer
from presenter.page_column import PageColumn
from presenter.page_screen import PageScreen
from presenter.palette import Palette
from presenter.people_panel import PeoplePanel
from presenter.people_state import People, headline
from presenter.strip import Thumbnail
from protocol.values import Screen

_HIDDEN = {Screen.HIDDEN: "会議室には何も映っていません", Screen.WHITE: "会議室の画面を白くしています"}
"""What stands over the page while the walls show none."""


class Console(PageScreen):
    """Shows a `ConsoleState` around the page widget it is given."""

    note_written = Signal(str)
    wall_key = Signal(int, str)
    """(room number, name of a key of the wall's rail)"""
    files_dropped = Signal(list)

    def __init__(self, actions: Actions, page: PageView, thumbnail: Thumbnail) -> None:
        super().__init__(actions, thumbnail)
        self._actions = actions
        self.header = ConsoleHeader(actions)
        self.floor = FloorBar(actions)
        self.export = ExportBar()
        self.converting = ConvertingBar()
        self.finds = FindsBar()
        self.centre = _Centre(actions, page)
        self.centre.act.clicked.connect(self._act)
        self.side = ConsoleSide(actions)
        self.side.course.note_written.connect(self.note_written)
        self.people = PeoplePanel()
        self.people.closed.connect(lambda: actions.run("people"))
        self.people.hide()
        self._unfold = IconButton("chevron_left", "進行を開く")
        self._unfold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._unfold.clicked.connect(lambda _checked=False: actions.run("panel"))
        self.footer = Footer(actions)
        self.lay_out(
            (self.header, self.trouble, self.notices, self.export, self.converting, self.finds, self.floor),
            self.centre,
            (self.side, self.people, self._unfold),
            self.footer,
            (self.header, self.footer, self.side, self.people, self.centre),
        )
        self.middle.setAlignment(self._unfold, Qt.AlignmentFlag.AlignTop)
        drops = FileDrops(self)
        drops.hanging.connect(self.centre.show_dragging)
        drops.dropped.connect(self.files_dropped)
        self._state = ConsoleState()
        self._side_open = True
        self.set_side_open(True)

    def show_state(self, state: ConsoleState) -> None:
        """Shows this and nothing else."""
        self._state = state
        current = state.showing.desk.page_id if state.showing.desk is not None else None
        self.header.show_state(state)
        self.trouble.setVisible(state.disk_full)
        self.notices.show_notice(state.notices[-1] if state.notices else None)
        self.strip.show_pages(state.pages, current)
        self.centre.show_state(state)
        self.side.course.show_state(state)
        self.footer.show_state(state)

    def set_side_open(self, open_: bool) -> None:
        """The side panel, or only the key that opens it."""
        self._side_open = open_
        self.set_people_open(self.people.isVisibleTo(self))

    def show_side(self, side: Side) -> None:
        """That panel under the tabs; its action is the one that is on."""
        self.side.show_side(side)
        for each in (Side.CORRECTIONS, Side.MINUTES):
            self._actions.set_checked(each.name.lower(), each is side)

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

    def _act(self) -> None:
        act = self._state.truth.act
        if act is not None:
            _words, key, room = act
            self.wall_key.emit(room, key)


class _Centre(PageColumn):
    """What the walls show; a key that puts a wall right; what hides the page."""

    def __init__(self, actions: Actions, page: PageView) -> None:
        act = Button("映してもらう", size="sm")
        self.choices = Palette(actions)
        self.compare = ActionButton(actions["compare"], "前後を比べる", size="sm")
        self.compare.setCheckable(True)
        self.swap = ActionButton(actions["swap_halves"], "説明する側を替える", "swap_horiz", size="sm")
        self.alone = ActionButton(actions["beside"], "並べるのをやめる", "close", size="sm")
        self.countdown = Countdown()
        aside = QWidget()
        row = QHBoxLayout(aside)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.countdown)
        row.addWidget(self.choices)
        row.addWidget(self.compare)
        self._halves = QWidget()
        of_halves = QHBoxLayout(self._halves)
        of_halves.setContentsMargins(0, 0, 0, 0)
        of_halves.addWidget(self.swap)
        of_halves.addWidget(self.alone)
        for button in (self.compare, self.swap, self.alone):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.compare.hide()
        self._halves.hide()
        super().__init__(page, act, between=self._halves, aside=aside)
        self.act = act
        self.dock = CorrectionDock()
        self._column.addWidget(self.dock)
        self._hidden, self._dragging = "", False
        self._hand = page.hand
        self._planned = self._comparable = False
        page.hand.changed.connect(self._squeeze)

    def set_dense(self, dense: bool) -> None:
        super().set_dense(dense)
        self.choices.set_dense(dense)

    def _squeeze(self) -> None:
        """The choices of a tool need the room of the line; the clock in the head and the keys do the rest."""
        drawing = self._hand.draws
        self._line.setMinimumWidth(int(drawing))  # 0: as wide as its least words
        self.countdown.setVisible(self._planned and not drawing)
        self.compare.setVisible(self._comparable and (self.compare.isChecked() or not drawing))

    def offer_compare(self, offered: bool, comparing: bool) -> None:
        """Whether the page can be compared with its former edition, and whether it is."""
        self._comparable = offered
        self.compare.setChecked(comparing)
        self._squeeze()

    def show_state(self, state: ConsoleState) -> None:
        self.show_page(state.page, state.truth)
        self.countdown.show_left(state.left_s)
        self._planned = state.left_s is not None
        act = state.truth.act
        self.act.setVisible(act is not None)
        if act is not None:
            self.act.set_words(act[0])
        self._squeeze()
        self._hidden = _HIDDEN.get(state.showing.screen, "")
        self._say_over_the_page()

    def show_beside(self, beside: bool, own_page: bool) -> None:
        """Whether something stands beside the page, and whether that is a page of its own."""
        self._halves.setVisible(beside)
        self.swap.setVisible(own_page)

    def show_dragging(self, dragging: bool) -> None:
        """Files hang over the window, which join the briefing when they are let go."""
        self._dragging = dragging
        self._say_over_the_page()

    def _say_over_the_page(self) -> None:
        self.show_veil("ここで放すと、資料を加えます" if self._dragging else self._hidden)
