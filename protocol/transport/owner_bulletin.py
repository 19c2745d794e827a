"""What the owner's guests are told beside the session: who presents, how many take part, the ways in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from msgspec import structs

from protocol.changes import RegisterSet
from protocol.messages import Introduce, Joining, Walls
from protocol.registers import SetFloor
from protocol.transport.events import Changed, Event
from protocol.transport.owner_guest import OwnerGuest
from protocol.transport.owner_participants import OwnerParticipants
from protocol.transport.owner_room import OwnerRoom
from protocol.transport.settings import Profile
from protocol.values import PeerId

COUNT_PAUSE = 0.25


class Bulletin:
    """Tells each word when it is another than before. ``floor()``: who presents; ``told()`` is called after
    what joining has changed."""

    def __init__(
        self,
        profile: Profile,
        participants: OwnerParticipants,
        rooms: Mapping[int, OwnerRoom],
        guests: Callable[[], Iterable[OwnerGuest]],
        floor: Callable[[], PeerId],
        told: Callable[[], None],
    ) -> None:
        self.introduction = Introduce(profile.name, profile.department, 0)
        self.joining_word = Joining(None, False)
        self.walls_word = Walls(())
        self._own = self.introduction
        self._participants, self._rooms, self._guests = participants, rooms, guests
        self._floor, self._told = floor, told
        self._counting: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        """Nobody is told anything any more."""
        if self._counting is not None:
            self._counting.cancel()

    # --- who presents -------------------------------------------------------------------------------------

    def owner_is(self, name: str, department: str) -> None:
        """Who the owner's person is."""
        self._own = Introduce(name, department, 0)
        self._introduce()

    def over(self) -> None:
        """The briefing is: the next one's walls hear of nobody who took part in it."""
        self._introduce()

    @property
    def own_name(self) -> str:
        """The owner's person's name, or at least where they belong."""
        return self._own.name or self._own.department

    def take(self, event: Event) -> None:
        """The floor may have moved."""
        if isinstance(event, Changed):
            for change in event.changes:
                if isinstance(change, RegisterSet) and isinstance(change.register, SetFloor):
                    self._introduce()

    def _introduce(self) -> None:
        """A participant presents under the name that they gave themselves."""
        name = self._participants.name_of(self._floor())
        who = self._own if name is None else Introduce(name, "", 0)
        introduction = structs.replace(who, participants=self._participants.count)
        if introduction != self.introduction:
            self.introduction = introduction
            for guest in self._guests():
                guest.say(introduction)

    # --- who takes part -----------------------------------------------------------------------------------

    def counted(self) -> None:
        """Everybody is told soon: once for many who come within one moment."""
        if self._counting is None:
            self._counting = asyncio.get_running_loop().call_later(COUNT_PAUSE, self._tell_count)

    def _tell_count(self) -> None:
        self._counting = None
        self._introduce()
        self.joining_changed()

    # --- the ways in --------------------------------------------------------------------------------------

    def joining_changed(self) -> None:
        """Another code, opened, closed, or somebody is in, who comes back after a cut."""
        code = self._participants.code
        word = Joining(code, code is not None or bool(self._participants.all()))
        if word != self.joining_word:
            self.joining_word = word
            for room in self._rooms.values():
                room.tell_joining()
        self._told()

    def walls_changed(self) -> None:
        """A room came, moved or went."""
        places = (room.place_of_wall for room in self._rooms.values() if room.secret is not None)
        word = Walls(tuple(place for place in places if place.host))
        if word != self.walls_word:
            self.walls_word = word
            self._participants.tell_walls()
