"""The console fed: session, notes, thumbnails, menus, questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QImage

from pageview.beside import half_aspect
from pageview.page_source import PageSource
from presenter.actions import Actions
from presenter.console import Console
from presenter.console_state import Words, truth_of_comparing, wall_state
from presenter.dialogs import Question, ask
from presenter.menus import PaperMenu, RoomMenu, ViewingMenu, open_below
from presenter.network import Network
from presenter.notes import Notes
from presenter.notes_saver import NotesSaver
from presenter.overview import Overview
from presenter.page_places import born_at
from presenter.page_words import PageWords
from presenter.people_flow import PeopleFlow
from presenter.room_flow import RoomFlow
from presenter.session import Session
from protocol.values import Screen

NEXT_WIDTH, NEXT_HEIGHT = 216, 153


class ConsoleFlow(QObject):
    """Shows the session on the console and carries what is done there back to it."""

    reconnect_wanted = Signal(int)
    """A room whose code has to be typed again."""
    notes_failed = Signal(object)
    shown = Signal(object)
    """ConsoleState, which is on the screen now."""

    def __init__(
        self,
        console: Console,
        session: Session,
        source: PageSource,
        words: PageWords,
        actions: Actions,
        rooms: RoomFlow,
        people: PeopleFlow,
        network: Network,
        notes: Notes,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.console, self.session, self._source = console, session, source
        self._actions, self._rooms, self._people = actions, rooms, people
        self._network, self._notes = network, notes
        self.originals: dict[bytes, bytes] = {}
        """The file's own SHA-256 by that of what is shown of it: notes go by it."""
        self._notices: tuple[Words, ...] = ()
        self._disk_full = False
        self._changed: frozenset[int] = frozenset()
        self._halved = False
        self.saver = NotesSaver(notes, parent=self)
        self.saver.trouble.connect(self.notes_failed)
        self.overview = Overview(console, source.thumbnail, editable=True)
        self.overview.chosen.connect(self._overview_chosen)
        self.overview.closed.connect(self.close_overview)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        session.changed.connect(self._soon.start)
        actions["compare"].toggled.connect(self._soon.start)
        words.known.connect(self._soon.start)
        rooms.changed.connect(self._rooms_changed)
        source.thumbnail_ready.connect(self._thumbnail_ready)
        source.steps_ready.connect(session.steps_known)
        session.changed.connect(lambda: self.overview.set_editable(session.presents))
        console.page_chosen.connect(session.go_to)
        console.note_written.connect(self._note_written)
        console.wall_key.connect(network.press_wall_key)
        console.notices.dismissed.connect(self._dismiss)

    def begin(self, originals: dict[bytes, bytes]) -> None:
        """A briefing begins, with these `originals`."""
        self.originals = originals
        self._notices = ()
        self._changed = frozenset()
        self._show()

    def add_original(self, sha256: bytes, original: bytes) -> None:
        """One more paper."""
        self.originals[sha256] = original

    def close(self) -> None:
        """Saves the notes; OSError when the disk takes nothing to the last."""
        self.saver.close()

    def refresh(self) -> None:
        """Shows everything as it is, soon."""
        self._soon.start()

    def notice(self, words: str, **values: object) -> None:
        """Tells the presenter something, until it is put away."""
        notice = words, values
        self._notices = (*(other for other in self._notices if other != notice), notice)
        self._soon.start()

    def retract(self, words: str, **values: object) -> None:
        """A notice that is true no longer."""
        self._notices = tuple(notice for notice in self._notices if notice != (words, values))
        self._soon.start()

    def mark_changed(self, page_ids: Iterable[int]) -> None:
        """Pages that are otherwise than they were; each until it is shown."""
        self._changed |= frozenset(page_ids)
        self._soon.start()

    def set_disk_full(self, full: bool) -> None:
        """The red bar."""
        self._disk_full = full
        self._soon.start()

    def _dismiss(self) -> None:
        self._notices = self._notices[:-1]
        self._soon.start()

    def _show(self) -> None:
        if not self.session.running:
            return
        state = self.session.state()
        if self._actions["compare"].isChecked():
            state = replace(state, truth=truth_of_comparing(state.truth))
        if state.showing.desk is not None:
            self._changed -= {state.showing.desk.page_id}
        self.console.strip.show_changed(self._changed)
        state = replace(
            state,
            next_image=self._next_image(state.next_id),
            note=self._note(),
            disk_full=self._disk_full,
            notices=self._notices,
        )
        self.console.show_state(state)
        self.shown.emit(state)
        showing = state.showing
        for name, on in (
            ("hold", showing.held),
            ("hide", showing.screen is Screen.HIDDEN),
            ("white", showing.screen is Screen.WHITE),
        ):
            self._actions.set_checked(name, on)

    def _next_image(self, page_id: int | None) -> QImage | None:
        if page_id is None:
            return None
        ratio = self.console.devicePixelRatioF()
        return self._source.thumbnail(page_id, round(NEXT_WIDTH * ratio), round(NEXT_HEIGHT * ratio))

    def _thumbnail_ready(self, page_id: int) -> None:
        self.console.strip.pages.repaint_page(page_id)
        self.overview.repaint_page(page_id)
        self._soon.start()

    def _rooms_changed(self) -> None:
        self._shape_steps()
        self._soon.start()

    def set_halved(self, halved: bool) -> None:
        """Whether each page has a half of the glass: it is read in steps that fill that."""
        self._halved = halved
        self._shape_steps()

    def _shape_steps(self) -> None:
        aspect = self._rooms.book.glass().aspect
        self._source.aspect = half_aspect(aspect) if self._halved else aspect

    # --- notes --------------------------------------------------------------------------------------------

    def _note_place(self) -> tuple[bytes, int] | None:
        view = self.session.showing.desk
        return self.place_in_file(view.page_id) if view is not None else None

    def place_in_file(self, page_id: int) -> tuple[bytes, int] | None:
        """The file's own SHA-256 and the page's index in it, whatever editions came since."""
        born = born_at(self._source.briefing, page_id)
        return (self.original(born.blob), born.index) if born is not None else None

    def original(self, blob: bytes) -> bytes:
        """The SHA-256 of the file that a blob was made of."""
        return self.originals.get(blob, blob)

    def _note(self) -> str:
        place = self._note_place()
        return self._notes.of(*place) if place is not None else ""

    def _note_written(self, text: str) -> None:
        place = self._note_place()
        if place is not None:
            self._notes.write(*place, text)
            self.saver.soon()

    # --- menus and questions ------------------------------------------------------------------------------

    def open_rooms(self) -> None:
        """Every room with the keys of its wall."""
        menu = RoomMenu(
            self.console,
            self._actions,
            self._rooms.book.rooms(),
            lambda room: wall_state(
                room, self.session.showing, lambda page: self._source.page_number(page)[0]
            ),
            self._network.press_wall_key,
            self.reconnect_wanted.emit,
            self._ask_drop,
            joining=self._people.people.code is not None,
        )
        open_below(menu, self.console.header.pill)

    def open_papers(self) -> None:
        """The papers, to go to one, add one or take one out."""
        briefing = self.session.briefing
        titles = [paper.title for paper in briefing.papers]
        view = self.session.showing.desk
        place = briefing.page(view.page_id) if view is not None else None
        current = briefing.papers.index(place[0]) if place is not None else -1
        menu = PaperMenu(self.console, self._actions, titles, current, self.session.go_to_paper)
        open_below(menu, self.console.header.paper)

    def ask_withdraw(self, place: int | None = None) -> None:
        """Asks whether that paper (from 0; None: the one shown) leaves the briefing."""
        papers, view = self.session.briefing.papers, self.session.showing.desk
        shown = self.session.briefing.page(view.page_id) if view is not None else None
        if place is None and shown is not None:
            place = papers.index(shown[0])
        if place is None or len(papers) < 2 or place >= len(papers):
            return
        paper = papers[place].paper
        question = Question(
            self.console,
            "「{title}」を外しますか",
            "会議室でも、この資料を見られなくなります。この端末のファイルは、そのまま残ります。",
            yes="外す",
            no="続ける",
            values={"title": papers[place].title},
        )
        ask(question, lambda: self._withdraw(paper))

    def _withdraw(self, paper_id: int) -> None:
        for place, paper in enumerate(self.session.briefing.papers):
            if paper.paper == paper_id:
                self.session.withdraw(place)

    def open_viewing(self) -> None:
        """What people may look at on their own."""
        key = self.console.footer.viewing
        session = self.session
        menu = ViewingMenu(
            self.console, session.showing.viewing, session.set_viewing, session.writing, session.set_writing
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(key.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def _ask_drop(self, number: int) -> None:
        room = next((room for room in self._rooms.book.rooms() if room.number == number), None)
        if room is None:
            return
        question = Question(
            self.console,
            "{room}を外しますか",
            "{room}の画面から、資料が消えます。説明は、そのまま続きます。",
            yes="外す",
            no="続ける",
            values={"room": room.title},
        )
        ask(question, lambda: self._rooms.drop(number))

    def toggle_overview(self) -> None:
        """Every page of the paper, or the console again."""
        if self.overview.isVisible():
            self.close_overview()
        else:
            view = self.session.showing.desk
            self.overview.open(self.session.pages_of_paper(), view.page_id if view is not None else None)

    def close_overview(self) -> None:
        """The console again."""
        self.overview.hide()
        self.console.centre.page.setFocus()

    def _overview_chosen(self, page_id: int) -> None:
        self.close_overview()
        self.session.go_to(page_id)
