"""Where a room may be, best first: typed, heard over mDNS, told by its display through the broker, in the
signed room file, by its DNS name."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

from protocol.errors import Unavailable
from protocol.facilities import Facilities
from protocol.transport.addresses import Endpoint, IPNetwork, dialable, on_each_link
from protocol.transport.broker_rooms import BrokerRoom
from protocol.transport.candidates import Candidate, Candidates
from protocol.transport.events import RoomLost, RoomSeen
from protocol.transport.rooms_file import RoomEntry, load_rooms

log = logging.getLogger(__name__)

DNS_FRESH = 10.0


class Ladder:
    """Answers where to dial for a room, and which rooms there are. Lives in the loop.

    ``host_pattern``: the DNS name of a room with ``{number}`` in it, "" for none.
    """

    def __init__(
        self,
        candidates: Candidates,
        own: Sequence[IPNetwork],
        port: int,
        host_pattern: str,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._candidates = candidates
        self._own = own
        self._port = port
        self._host_pattern = host_pattern
        self._clock = clock
        self._rooms: Mapping[int, RoomEntry] = {}
        self._brokered: Mapping[int, BrokerRoom] = {}
        self._names: dict[int, tuple[str, str]] = {}
        self._typed: dict[int, Endpoint] = {}
        self._resolved: dict[int, tuple[float, tuple[Endpoint, ...]]] = {}
        self._told: dict[int, RoomSeen] = {}

    async def read_room_file(self, folder: Path | None, facilities: Facilities | None) -> bool:
        """Reads the signed room file, off the loop; False when there is none, or none to be believed."""
        if folder is None or facilities is None:
            return False
        try:
            self.set_rooms(await asyncio.to_thread(load_rooms, folder, facilities, self._port))
        except Unavailable as error:
            log.warning("%s", error)
            return False
        return True

    def set_rooms(self, rooms: Mapping[int, RoomEntry]) -> None:
        """The room file was read."""
        self._rooms = rooms

    def set_broker_rooms(self, rooms: Mapping[int, BrokerRoom]) -> None:
        """What displays have told the broker."""
        self._brokered = rooms

    def learn(self, number: int, name: str, place: str) -> None:
        """A paired room told its name."""
        self._names[number] = (name, place)

    def type_address(self, number: int, endpoint: Endpoint | None) -> None:
        """A person typed where this room is: then it is dialled there and nowhere else. None: forget it."""
        self._typed.pop(number, None)
        if endpoint is not None:
            self._typed[number] = endpoint

    def endpoints(self, number: int) -> tuple[Endpoint, ...]:
        """Where to dial for this room now, without duplicates."""
        typed = self._typed.get(number)
        if typed is not None:
            return on_each_link(typed, self._own)
        found: dict[Endpoint, None] = {}
        for candidate in self._candidates.kiosks(number):
            found.update(dict.fromkeys(candidate.endpoints))
        if number in self._brokered:
            found.update(dict.fromkeys(self._brokered[number].endpoints))
        entry = self._rooms.get(number)
        if entry is not None and entry.endpoint is not None:
            found[entry.endpoint] = None
        found.update(dict.fromkeys(self._resolved.get(number, (0.0, ()))[1]))
        return tuple(found)

    async def look_up(self, number: int) -> bool:
        """Asks DNS for the room's name, at most each 10 s; True when that brought new addresses."""
        now = self._clock()
        asked, before = self._resolved.get(number, (-DNS_FRESH, ()))
        if not self._host_pattern or number in self._typed or now - asked < DNS_FRESH:
            return False
        self._resolved[number] = (now, before)
        host = self._host_pattern.replace("{number}", str(number))
        loop = asyncio.get_running_loop()
        try:
            answers = await loop.getaddrinfo(host, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            answers = []
        hosts = dict.fromkeys(str(answer[4][0]) for answer in answers)
        found = tuple(Endpoint(host, self._port) for host in hosts if dialable(host, self._own))
        self._resolved[number] = (now, found)
        return bool(set(found) - set(before))

    def forget_told(self) -> None:
        """The next ``news`` tells everything."""
        self._told = {}

    def news(self) -> tuple[RoomSeen | RoomLost, ...]:
        """What changed in the list of rooms since the last call."""
        present: dict[int, RoomSeen] = {}
        for number, entry in self._rooms.items():
            address = "" if entry.endpoint is None else str(entry.endpoint)
            present[number] = self._seen(number, False, address)
        for number, room in self._brokered.items():
            present[number] = self._seen(number, room.in_use, str(room.endpoints[0]))
        for number, here in self._speaking().items():
            in_use = any(each.announcement.in_use for each in here)
            in_use = in_use or (number in self._brokered and self._brokered[number].in_use)
            present[number] = self._seen(number, in_use, str(here[-1].endpoints[0]))
        news: list[RoomSeen | RoomLost] = [
            seen for number, seen in present.items() if self._told.get(number) != seen
        ]
        news += [RoomLost(number) for number in self._told if number not in present]
        self._told = present
        return tuple(news)

    def _speaking(self) -> dict[int, list[Candidate]]:
        """The displays for presenters that count, by number, the last to announce last.

        Who announces last from a place speaks for it: a program that died has left its word behind. A word of
        being out of service takes only that of its own machine away.
        """
        displays = self._candidates.displays()
        speaks: dict[tuple[int, Endpoint], Candidate] = {}
        for candidate in displays:
            for place in ((candidate.number, endpoint) for endpoint in candidate.endpoints):
                former = speaks.get(place, candidate)
                if not candidate.announcement.closed or former.source == candidate.source:
                    speaks[place] = candidate
        found: dict[int, list[Candidate]] = {}
        for each in displays:
            counts = any(speaks.get((each.number, endpoint)) is each for endpoint in each.endpoints)
            if counts and not each.announcement.closed:
                found.setdefault(each.number, []).append(each)
        return found

    def _seen(self, number: int, in_use: bool, address: str) -> RoomSeen:
        entry = self._rooms.get(number)
        learnt = self._names.get(number)
        certified = self._brokered[number].name if number in self._brokered else None
        name = entry.name if entry is not None and entry.name else learnt[0] if learnt else certified
        place = entry.place if entry is not None and entry.place else learnt[1] if learnt else None
        return RoomSeen(number, name, place, in_use, address)
