"""Picking rooms: what is heard of them, choosing one, its code, and what the two screens for it show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from presenter.console_state import Room
from presenter.network import Network
from presenter.papers import Papers
from presenter.room_book import RoomBook, pick_state
from presenter.rooms import RoomsScreen
from presenter.session import Session
from presenter.settings import RoomUsed, Settings
from protocol.transport.events import (
    Event,
    Failed,
    Gone,
    GoneReason,
    Paired,
    RoomLinkState,
    RoomSeen,
    WallReported,
    WallWiped,
)

LOOK_AGAIN_MS = 20_000


class RoomFlow(QObject):
    """Keeps the book of rooms. ``settings`` gives those used before."""

    paired = Signal(int)
    """The room that was being chosen is connected now."""
    changed = Signal()
    freed = Signal(str)
    """Title of the room that was waited for and is free now, when it is not on the screen; "" for none."""
    dropped = Signal(str, bool)
    """(title of a room that was dropped, whether it says that it has wiped)"""
    told = Signal(object)
    """Events of rooms, for the script: RoomSeen, or RoomLinkState with Found, Failed, Paired …"""

    def __init__(
        self,
        screen: RoomsScreen,
        network: Network,
        papers: Papers,
        session: Session,
        settings: Callable[[], Settings],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.screen, self._network, self._papers = screen, network, papers
        self._session, self._settings = session, settings
        self.book = RoomBook()
        self._leaving: dict[int, str] = {}
        self._lost = False
        self._typed: dict[int, str] = {}
        screen.room_chosen.connect(self.choose)
        screen.code_given.connect(self.submit)
        self._asking = QTimer(self, interval=LOOK_AGAIN_MS)
        self._asking.timeout.connect(self._look_again)
        self._asking.start()

    def _look_again(self) -> None:
        """Multicast gets lost, on Wi-Fi above all; who waits for a room is not to wait for ever."""
        if self.book.awaited is not None and not self.book.freed:
            self._network.look_again()

    def open(self) -> None:
        """The screen is shown."""
        self.refresh()

    def leave(self) -> None:
        """The screen is left: nothing is called any more that is not part of the briefing. A room that is
        waited for is still waited for; where it is free already, that is told beside the screen now."""
        if self.book.chosen is not None and self.book.chosen not in self.book.paired:
            self._network.cancel(self.book.chosen)
        self.book = self.book.choosing(None)
        if self.book.freed:
            self._freed()

    def choose(self, number: int, address: str = "", *, held: bool = False) -> None:
        """Calls that room; one called before and not connected is let go."""
        former = self.book.chosen
        if former is not None and former != number and former not in self.book.paired:
            self._network.cancel(former)
        self._lost = False
        if address:
            self._typed[number] = address
        self.book = self.book.choosing(number, held=held)
        self._network.connect_room(number, address)
        self.refresh()

    def choose_again(self, number: int, *, held: bool = False) -> None:
        """That room was connected: only its code has to be typed anew, not where it is.

        ``held``: it still shows this briefing's page, whose former presenter is gone.
        """
        self.book = self.book.without(number)
        self.choose(number, self._typed.get(number, ""), held=held)
        self._lost = True
        self.refresh()

    def submit(self, code: str) -> None:
        """The code of the chosen room was typed."""
        if self.book.chosen is not None:
            self._network.submit_code(self.book.chosen, code)

    def drop(self, number: int) -> None:
        """The briefing goes on without this room."""
        room = self.book.paired.get(number)
        if room is not None and number != self.book.joining:
            self._leaving[number] = room.title
        self._network.drop(number)
        self.book = self.book.without(number)
        self.changed.emit()

    def expect(self, numbers: Iterable[int]) -> None:
        """These rooms belong to the briefing that goes on; they are called by the names they had."""
        used = {room.number: room for room in self._settings().rooms}
        rooms = [
            Room(number, used[number].name, used[number].place) if number in used else Room(number, "")
            for number in numbers
        ]
        self.book = self.book.returning(rooms)

    def retranslate(self) -> None:
        """The language is another one now."""
        self.book = self.book.retranslated()
        self.refresh()
        self.changed.emit()

    def started(self, number: int) -> None:
        """開始 for a room that joined: it is one of the briefing's now."""
        self._network.start_room(number)
        self.book = replace(self.book, joining=None)
        self.changed.emit()

    def clear(self) -> None:
        """No room is part of a briefing any more."""
        self.book = replace(RoomBook(), seen=self.book.seen)

    def take(self, event: Event) -> None:
        """Something happened to a room."""
        before = self.book
        self.book = self._after(event)
        self._seen_off(event)
        if self.book.freed != before.freed:
            self._freed()
        if (
            isinstance(event, RoomLinkState)
            and isinstance(event.state, Paired)
            and event.number == before.chosen
        ):
            joining = event.number if self._session.running else None
            self.book = replace(self.book, chosen=None, joining=joining)
            self.paired.emit(event.number)
        if isinstance(event, RoomSeen | RoomLinkState):
            self.told.emit(event)
        if self.book is not before:
            self.refresh()
            self.changed.emit()

    def _after(self, event: Event) -> RoomBook:
        """The book once this has happened in the briefing, if one runs. A room that may come back by its code
        stays in it, others that are gone leave it."""
        book, session = self.book.after(event), self._session
        match event:
            case WallReported(number, report):
                pages = session.briefing.pages()
                page = next((page for page in pages if page.ref == report.ref), None)
                return book.unshowable(number, page.page_id) if page is not None else book
            case RoomLinkState(number, Gone(reason)) if number in book.paired:
                returns = reason is GoneReason.FORGOTTEN and session.running
                return book if returns else book.without(number)
            case _:
                return book

    def to_freed(self) -> None:
        """The room that became free: its number is to be typed."""
        if self.book.awaited is not None:
            self.choose(self.book.awaited, self._typed.get(self.book.awaited, ""))
            self._freed()

    def wait_no_more(self) -> None:
        """The room that was waited for does not matter any more."""
        self.book = self.book.told()
        self._freed()

    def _freed(self) -> None:
        """Told by its name; where that room is chosen, on the screen alone.

        One that had refused is called again.
        """
        number, book = self.book.awaited, self.book
        if number is None or not book.freed:
            self.freed.emit("")
        elif number != book.chosen:
            self.freed.emit(book.title_of(number))
        else:
            self.freed.emit("")
            if isinstance(book.links.get(number), Failed):
                self.choose(number, self._typed.get(number, ""))

    def _seen_off(self, event: Event) -> None:
        match event:
            case WallWiped(number) if number in self._leaving:
                self.dropped.emit(self._leaving.pop(number), True)
            case RoomLinkState(number, Gone()) if number in self._leaving:
                self.dropped.emit(self._leaving.pop(number), False)

    def refresh(self) -> None:
        """Shows everything as it is now."""
        if not self.screen.isVisible():
            return
        # A briefing that goes on may show papers that nobody has opened here.
        session = self._session
        if session.running:
            titles = [paper.title for paper in session.briefing.papers]
            pages = sum(1 for _ in session.briefing.pages())
        else:
            titles = [chosen.title for chosen in self._papers.showable]
            pages = sum(len(chosen.sizes) for chosen in self._papers.showable)
        state = pick_state(
            self.book,
            self._settings().rooms,
            datetime.now().date(),
            titles[0] if titles else "",
            len(titles),
            pages,
            session.running,
        )
        self.screen.show_state(replace(state, lost=self._lost))

    def used_now(self, number: int) -> RoomUsed | None:
        """That room for the list of rooms used before."""
        room = self.book.paired.get(number)
        return RoomUsed(number, room.name, room.place, datetime.now().date()) if room is not None else None
