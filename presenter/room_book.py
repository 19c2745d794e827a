"""The rooms as the network tells of them: those in reach, the one being connected, the briefing's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from pageview.wording import language
from presenter.console_state import Link, Room
from presenter.preflight import Glass
from presenter.rooms_state import Phase, RoomRow, RoomsState, RoomStatus, room_title
from presenter.settings import RoomUsed
from presenter.start_state import when_used
from protocol.messages import RoomFacts
from protocol.transport.events import (
    Asking,
    Back,
    Event,
    Failed,
    FailureReason,
    Finding,
    Found,
    Gone,
    LinkState,
    Lost,
    Paired,
    Proving,
    RoomLinkState,
    RoomLost,
    RoomSeen,
    Slow,
    WallFacts,
    WallPosition,
)

Table = MappingProxyType[int, Any]
_EMPTY: Table = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RoomBook:
    """What is known of every room. ``after`` gives the next book; nothing is changed in place.

    ``awaited``: a room that was in use when it was chosen (次に使う); ``freed``: it is free by now.
    ``held``: a chosen room in use by this very briefing, whose presenter is gone: it shows its number.
    """

    seen: MappingProxyType[int, RoomSeen] = field(default_factory=lambda: _EMPTY)
    links: MappingProxyType[int, LinkState] = field(default_factory=lambda: _EMPTY)
    paired: MappingProxyType[int, Room] = field(default_factory=lambda: _EMPTY)
    facts: MappingProxyType[int, RoomFacts] = field(default_factory=lambda: _EMPTY)
    chosen: int | None = None
    joining: int | None = None
    """A room paired while the briefing runs, to which nothing is shown before its own 開始."""
    code_length: int = 6
    renumbered: bool = False
    awaited: int | None = None
    freed: bool = False
    held: int | None = None

    def after(self, event: Event) -> RoomBook:
        """The book once this has happened; other events leave it as it is."""
        match event:
            case RoomSeen():
                was_in_use = self.in_use(event.number)
                return replace(self, seen=_with(self.seen, event.number, event))._heard(event, was_in_use)
            case RoomLost():
                return replace(self, seen=_without(self.seen, event.number))
            case RoomLinkState():
                return self._linked(event.number, event.state)
            case WallFacts():
                facts = _with(self.facts, event.number, event.facts)
                return replace(self, facts=facts)._renamed(event.number, event.facts)
            case WallPosition() if event.number in self.paired:
                return self._room(event.number, position=event.position)
            case _:
                return self

    def _heard(self, room: RoomSeen, was_in_use: bool) -> RoomBook:
        """A chosen room that is in use is waited for, also when that is heard only later."""
        if room.number == self.awaited:
            return replace(self, freed=not room.in_use)
        if room.number == self.held and was_in_use and not room.in_use:
            return replace(self, held=None)
        mine = room.number in self.paired or room.number == self.held
        if room.number == self.chosen and room.in_use and not mine:
            return replace(self, awaited=room.number, freed=False)
        return self

    def choosing(self, number: int | None, *, held: bool = False) -> RoomBook:
        """The book once the person has chosen that room (None: none any more)."""
        links = (
            _without(self.links, number) if number is not None and number not in self.paired else self.links
        )
        book = replace(self, chosen=number, links=links, code_length=6, renumbered=False)
        book = replace(book, held=number if held else None)
        if number is None or (number == self.awaited and self.freed):
            return book
        waits = self.in_use(number) and not held
        return replace(book, awaited=number if waits else None, freed=False)

    def in_use(self, number: int) -> bool:
        """Whether that room says that somebody presents there."""
        seen = self.seen.get(number)
        return seen is not None and seen.in_use

    def told(self) -> RoomBook:
        """The book once the person knows that the awaited room is free, or no longer waits."""
        return replace(self, awaited=None, freed=False)

    def title_of(self, number: int) -> str:
        """That room's name for people, as far as it is known."""
        seen = self.seen.get(number)
        return room_title(number, seen.name if seen is not None else None)

    def returning(self, rooms: Sequence[Room]) -> RoomBook:
        """The book of a briefing that goes on: its rooms are out of reach until they are back."""
        lost = {room.number: replace(room, link=Link.LOST) for room in rooms}
        return replace(self, paired=MappingProxyType({**self.paired, **lost}))

    def unshowable(self, number: int, page_id: int) -> RoomBook:
        """That wall has said that it cannot show this page."""
        return self._room(number, unshowable=page_id) if number in self.paired else self

    def without(self, number: int) -> RoomBook:
        """The book once that room is no longer part of the briefing."""
        return replace(
            self,
            paired=_without(self.paired, number),
            links=_without(self.links, number),
            chosen=None if self.chosen == number else self.chosen,
            joining=None if self.joining == number else self.joining,
        )

    def rooms(self) -> tuple[Room, ...]:
        """The rooms of the briefing in the order in which they were paired."""
        return tuple(room for number, room in self.paired.items() if number != self.joining)

    def joining_room(self) -> Room | None:
        """The room that was just paired while the briefing runs."""
        return self.paired.get(self.joining) if self.joining is not None else None

    def glass(self) -> Glass:
        """The first room's wall; a usual one while there is none."""
        for number in self.paired:
            facts = self.facts.get(number)
            if facts is not None:
                inches, distance = facts.inches or 55, facts.distance_cm or 300
                return Glass(facts.width / facts.height, float(inches), distance / 100)
        return Glass()

    def _linked(self, number: int, state: LinkState) -> RoomBook:
        former = self.links.get(number)
        book = replace(self, links=_with(self.links, number, state))
        match state:
            case Found():
                if number != self.chosen:
                    return book
                changed = former is not None and not isinstance(former, Finding)
                longer = changed and state.code_length != self.code_length
                return replace(book, code_length=state.code_length, renumbered=longer or book.renumbered)
            case Paired():
                old = self.paired.get(number)
                room = Room(number, state.name, state.place, state.registered)
                if old is not None:
                    room = replace(room, position=old.position)
                book = book.told() if number == self.awaited else book
                return replace(book, paired=_with(book.paired, number, room))
            case Failed(FailureReason.TAKEN) if self.in_use(number):
                return replace(book, awaited=number, freed=False)
            case Lost() if number in self.paired:
                return book._room(number, link=Link.LOST)
            case Slow() if number in self.paired:
                return book._room(number, link=Link.SLOW, seconds=state.seconds)
            case Back() if number in self.paired:
                return book._room(number, link=Link.GOOD, seconds=0.0)
            case Gone() if number in self.paired:
                return book._room(number, link=Link.GONE, position=None)
            case _:
                return book

    def retranslated(self) -> RoomBook:
        """The book with every room under its name in the present language."""
        book = self
        for number, facts in self.facts.items():
            book = book._renamed(number, facts)
        return book

    def _renamed(self, number: int, facts: RoomFacts) -> RoomBook:
        if number not in self.paired:
            return self
        english = language() == "en"
        return self._room(
            number,
            name=(english and facts.name_en) or facts.name,
            place=(english and facts.place_en) or facts.place,
        )

    def _room(self, number: int, **changes: Any) -> RoomBook:
        return replace(self, paired=_with(self.paired, number, replace(self.paired[number], **changes)))


def pick_state(
    book: RoomBook,
    used: Sequence[RoomUsed],
    today: date,
    title: str,
    papers: int,
    pages: int,
    running: bool = False,
) -> RoomsState:
    """The screen for picking a room. Rooms that are part of the briefing are not offered again."""
    link = book.links.get(book.chosen) if book.chosen is not None else None
    rows = _rows(book, used, today)
    named = next((row.name for row in rows if row.number == book.chosen), None)
    return RoomsState(
        rooms=tuple(row for row in rows if row.number not in book.paired),
        chosen=book.chosen,
        chosen_name=named,
        phase=_phase(link) if book.chosen is not None else Phase.NONE,
        code_length=book.code_length,
        failure=link.reason if isinstance(link, Failed) else None,
        renumbered=book.renumbered,
        title=title,
        papers=papers,
        pages=pages,
        running=running,
        awaited=book.awaited is not None and book.awaited == book.chosen,
        freed=book.freed,
        held=book.held is not None and book.held == book.chosen,
    )


def _rows(book: RoomBook, used: Sequence[RoomUsed], today: date) -> list[RoomRow]:
    rows = []
    for room in used:
        seen = book.seen.get(room.number)
        status = RoomStatus.SILENT if seen is None else RoomStatus.IN_USE if seen.in_use else RoomStatus.FREE
        name = (seen.name if seen is not None else None) or room.name or None
        place = (seen.place if seen is not None else None) or room.place
        rows.append(RoomRow(room.number, name, place, status, when_used(room.day, today)))
    known = {row.number for row in rows}
    for number in sorted(set(book.seen) - known):
        seen = book.seen[number]
        status = RoomStatus.IN_USE if seen.in_use else RoomStatus.FREE
        rows.append(RoomRow(number, seen.name, seen.place or "", status))
    return rows


def _phase(link: LinkState | None) -> Phase:
    match link:
        case Found():
            return Phase.FOUND
        case Asking():
            return Phase.ASKING
        case Proving() | Paired():
            return Phase.PROVING
        case Failed():
            return Phase.FAILED
        case _:
            return Phase.FINDING


def _with(table: Table, number: int, value: object) -> Table:
    return MappingProxyType({**table, number: value})


def _without(table: Table, number: int | None) -> Table:
    return MappingProxyType({key: value for key, value in table.items() if key != number})
