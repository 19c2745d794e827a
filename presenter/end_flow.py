"""From 説明を終える to the last wiped wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal

from presenter.console_state import Link, Room
from presenter.end import EndScreen
from presenter.end_state import EndState, Keep, Keeping, NotKept, PlaceEnd, Wipe
from presenter.network import Network
from presenter.session import Session
from protocol.transport.events import BriefingEnded, Event, WallWiped


class EndFlow(QObject):
    """Asks every place to wipe and shows their answers."""

    over = Signal(tuple, tuple)
    """(rooms that wiped, rooms that did not answer)"""

    def __init__(self, screen: EndScreen, network: Network, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.screen, self._network = screen, network
        self._state = EndState()
        self._rooms: dict[int, int] = {}
        self._waiting = False

    @property
    def waiting(self) -> bool:
        """Whether walls are being waited for."""
        return self._waiting

    def begin(
        self,
        session: Session,
        rooms: Sequence[Room],
        screens: Sequence[str],
        people: int = 0,
        *,
        seen: bool = False,
    ) -> None:
        """The briefing ends now, for the rooms, the attached screens and so many participants. ``seen``: it
        was shown somewhere, even if no place has it any more."""
        now = datetime.now()
        briefing = session.briefing
        places = [PlaceEnd(room.title, Wipe.WIPING) for room in rooms if room.link is not Link.GONE]
        self._rooms = {room.number: n for n, room in enumerate(r for r in rooms if r.link is not Link.GONE)}
        places += [PlaceEnd(name, Wipe.WIPED, now) for name in screens]
        self._state = EndState(
            title=briefing.papers[0].title if briefing.papers else "",
            rooms=tuple(place.name for place in places),
            began=session.time.began_at,
            ended=now,
            planned_minutes=session.time.planned_minutes,
            visited=session.visited,
            pages=sum(len(paper.edition.pages) for paper in briefing.papers),
            places=(*places, PlaceEnd("", Wipe.WIPING, people=people)) if people else tuple(places),
            keep=Keeping() if places or people or seen else NotKept(),
        )
        self._waiting = True
        self._network.end()
        self.screen.show_state(self._state)

    @property
    def keeps(self) -> bool:
        """Whether the briefing is one of which something is kept: it was seen somewhere."""
        return isinstance(self._state.keep, Keeping)

    def keep(self, keep: Keep) -> None:
        """What is kept of the briefing is otherwise now."""
        self._state = replace(self._state, keep=keep)
        self.screen.show_state(self._state)
        if not self._state.busy:
            self.screen.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, event: Event) -> None:
        """A wall has answered, or the time for answers is over."""
        if not self._waiting:
            return
        if isinstance(event, WallWiped):
            self._mark(event.number, Wipe.WIPED)
        elif isinstance(event, BriefingEnded):
            for number in event.wiped:
                self._mark(number, Wipe.WIPED)
            for number in event.silent:
                self._mark(number, Wipe.SILENT)
            self._mark_people(event.participants_wiped + event.participants_silent, event.participants_silent)
            self._waiting = False
            self.over.emit(event.wiped, event.silent)
        self.screen.show_state(self._state)
        if not self._waiting:
            self.screen.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark_people(self, people: int, silent: int) -> None:
        """Who came or went in the last moment is counted as the network counts."""
        places = [place for place in self._state.places if not place.people]
        if people:
            wipe, at = (Wipe.SILENT, None) if silent else (Wipe.WIPED, datetime.now())
            places.append(PlaceEnd("", wipe, at, people, silent))
        self._state = replace(self._state, places=tuple(places))

    def _mark(self, number: int, wipe: Wipe) -> None:
        place = self._rooms.get(number)
        if place is None or self._state.places[place].wipe is wipe:
            return
        at = datetime.now() if wipe is Wipe.WIPED else None
        places = list(self._state.places)
        places[place] = replace(places[place], wipe=wipe, at=at)
        self._state = replace(self._state, places=tuple(places))
