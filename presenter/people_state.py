"""Who joins the briefing on their own PC, as the console shows it: frozen values and their sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from presenter.console_state import NumberOf, Words
from protocol.presence import Position
from protocol.transport.events import Event, FloorRequested
from protocol.transport.join_events import (
    JoiningState,
    ParticipantFacts,
    ParticipantGone,
    ParticipantLink,
    ParticipantPosition,
    ParticipantSeen,
)
from protocol.values import OWNER, PeerId


@dataclass(frozen=True, slots=True)
class Person:
    """One participant. ``asks``: has asked to present and was not answered yet."""

    facts: ParticipantFacts
    position: Position | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A room by whose number people find the briefing."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who proved the join code, in the order in which they came.

    ``code`` is None while nobody new may join. ``floor``: who presents. ``after`` gives the next value.
    """

    code: str | None = None
    approval: bool = False
    everybody: Mapping[PeerId, Person] = field(default_factory=lambda: MappingProxyType({}))
    rooms: tuple[Room, ...] = ()
    floor: PeerId = OWNER

    def after(self, event: Event) -> People:
        """The people once this has happened; other events leave them as they are."""
        match event:
            case JoiningState(code=code, approval=approval):
                return replace(self, code=code, approval=approval)
            case ParticipantSeen(facts):
                known = self.everybody.get(facts.peer, Person(facts))
                # Who is away cannot be given the floor, and asks again when they are back.
                asks = known.asks and facts.link is not ParticipantLink.LOST
                return self._with(replace(known, facts=facts, asks=asks))
            case ParticipantPosition(peer, position) if peer in self.everybody:
                return self._with(replace(self.everybody[peer], position=position))
            case ParticipantGone(peer):
                others = {key: person for key, person in self.everybody.items() if key != peer}
                return replace(self, everybody=MappingProxyType(others))
            case FloorRequested(peer) if peer in self.everybody and peer != self.floor:
                return self._with(replace(self.everybody[peer], asks=True))
            case _:
                return self

    def answered(self, peer: PeerId) -> People:
        """Its request to present is no longer open."""
        person = self.everybody.get(peer)
        return self if person is None else self._with(replace(person, asks=False))

    def presented_by(self, floor: PeerId) -> People:
        """Somebody has the floor now."""
        return replace(self, floor=floor).answered(floor)

    @property
    def waiting(self) -> tuple[Person, ...]:
        """Who has to be let in."""
        return tuple(person for person in self.everybody.values() if not person.facts.approved)

    @property
    def inside(self) -> tuple[Person, ...]:
        """Who is let in; who asks to present stands first."""
        inside = [person for person in self.everybody.values() if person.facts.approved]
        return tuple(sorted(inside, key=lambda person: not person.asks))

    @property
    def asking(self) -> tuple[Person, ...]:
        """Who asks to present."""
        return tuple(person for person in self.inside if person.asks)

    @property
    def presenter(self) -> str:
        """The name of the participant who presents; "" while the desk does."""
        person = self.everybody.get(self.floor)
        return person.facts.name if person is not None else ""

    def name_of(self, person: Person) -> str:
        """What they wrote; where two wrote the same, their machine's letters tell them apart."""
        names = Counter(each.facts.name for each in self.everybody.values())
        facts = person.facts
        return facts.name if names[facts.name] == 1 else f"{facts.name} {facts.device}"

    def room_of(self, person: Person) -> str:
        """The room whose number they typed."""
        number = person.facts.room
        return next((room.title for room in self.rooms if room.number == number), str(number))

    def _with(self, person: Person) -> People:
        everybody = MappingProxyType({**self.everybody, person.facts.peer: person})
        return replace(self, everybody=everybody)


def doing(person: Person, floor: PeerId, number_of: NumberOf) -> tuple[Words, str]:
    """What somebody who is in has before them, and its tone. ``number_of``: the number of a page id, or 0."""
    facts, position = person.facts, person.position
    if facts.peer == floor:
        return ("いま説明しています", {}), "on"
    if facts.link is ParticipantLink.LOST:
        return ("つながりません。つなぎ直しています", {}), "err"
    if person.asks:
        return ("発言を求めています", {}), "warn"
    if position is None:
        return ("まだ何も表示していません", {}), "muted"
    page = number_of(position.page_id) if position.page_id is not None else 0
    if position.following:
        return ("説明に合わせています", {}), "muted"
    if not page:
        return ("自分で見ています", {}), "muted"
    return ("自分で{page}ページを見ています", {"page": page}), "muted"


def headline(people: People) -> tuple[Words, Words, bool]:
    """The header's key: its two lines, and whether somebody awaits an answer."""
    title: Words = ("参加者 {n}人", {"n": len(people.inside)})
    if people.waiting:
        return title, ("{n}人が待っています", {"n": len(people.waiting)}), True
    if people.asking:
        name = people.name_of(people.asking[0])
        return title, ("{name}さんが発言を求めています", {"name": name}), True
    if people.code is None:
        return title, ("受け付けていません", {}), False
    return title, ("受け付けています", {}), False
