"""Rooms of other subnets for a presenter: what their displays have told the broker, each signed by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from protocol.by_broker import EVERY_ROOM, NotBelieved, RoomHere, read_said, room_topic
from protocol.errors import Misuse
from protocol.facilities import Facilities
from protocol.transport.addresses import Endpoint, IPNetwork, dialable, read_endpoint
from protocol.transport.broker import BrokerLink, Came
from protocol.transport.facilities_file import BROKER_PORT
from protocol.transport.settings import TransportSettings

LIMIT = 10_000
PER_SECOND = 20_000
TOGETHER = 0.2
"""Seconds over which news are put together: a house of thousands tells them all when a presenter comes."""


@dataclass(frozen=True, slots=True)
class BrokerRoom:
    """One room as its display tells it, by the name in its certificate."""

    number: int
    name: str
    in_use: bool
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What one display said last. ``open``: presenters may come."""

    run: bytes
    serial: int
    room: BrokerRoom
    open: bool


def by_broker(
    settings: TransportSettings,
    facilities: Facilities | None,
    own: Sequence[IPNetwork],
    on_change: Callable[[Mapping[int, BrokerRoom]], None],
) -> BrokerRooms | None:
    """The rooms that a broker knows; None where there is none, or no key to believe anybody by."""
    if not settings.broker or facilities is None:
        return None
    at = read_endpoint(settings.broker, BROKER_PORT + 1)
    return BrokerRooms(at, facilities, own, settings.kiosk_port, on_change)


class BrokerRooms:
    """``on_change(rooms)`` is called in the loop whenever they changed."""

    def __init__(
        self,
        at: Endpoint,
        facilities: Facilities,
        own: Sequence[IPNetwork],
        port: int,
        on_change: Callable[[Mapping[int, BrokerRoom]], None],
    ) -> None:
        self.rooms: dict[int, BrokerRoom] = {}
        self._facilities, self._own, self._port, self._on_change = facilities, own, port, on_change
        self._displays: dict[bytes, _Told] = {}
        self._touched: set[int] = set()
        """Numbers of which there is news."""
        self._timer: asyncio.TimerHandle | None = None
        nothing: Callable[[], None] = lambda: None  # noqa: E731
        self._link = BrokerLink(
            at, facilities, {EVERY_ROOM: 0}, nothing, nothing, self._take, per_second=PER_SECOND
        )

    def start(self) -> None:
        """Begins in the running loop."""
        self._link.start()

    async def stop(self) -> None:
        """Nothing more is told."""
        if self._timer is not None:
            self._timer.cancel()
        await self._link.stop()

    def _take(self, came: Came) -> None:
        try:
            heard = read_said(came.payload, self._facilities)
        except NotBelieved as error:
            self._link.doubt(error)
            return
        body, here = heard.body, heard.body.word
        if not isinstance(here, RoomHere) or came.topic != room_topic(body.device):
            return
        former = self._displays.get(body.device)
        if former is None and len(self._displays) >= LIMIT:
            return
        if former is not None and former.run == body.run and body.serial <= former.serial:
            return
        endpoints = tuple(each for each in map(self._endpoint, here.addresses) if each is not None)
        room = BrokerRoom(heard.room.number, heard.room.name, here.in_use, endpoints)
        self._displays[body.device] = _Told(body.run, body.serial, room, bool(endpoints) and not here.closed)
        self._touched |= {room.number, former.room.number if former is not None else room.number}
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TOGETHER, self._put_together)

    def _put_together(self) -> None:
        """Two displays of one number are one room with the places of both: the code decides."""
        self._timer = None
        told: dict[int, list[BrokerRoom]] = {number: [] for number in self._touched}
        self._touched = set()
        for each in self._displays.values():
            if each.open and each.room.number in told:
                told[each.room.number].append(each.room)
        for number, rooms in told.items():
            self.rooms.pop(number, None)
            if rooms:
                places = tuple(dict.fromkeys(place for each in rooms for place in each.endpoints))
                in_use = any(each.in_use for each in rooms)
                self.rooms[number] = BrokerRoom(number, rooms[-1].name, in_use, places)
        self._on_change(self.rooms)

    def _endpoint(self, address: str) -> Endpoint | None:
        """Where it may be dialled: within the house's own networks."""
        try:
            endpoint = read_endpoint(address, self._port)
        except (Misuse, ValueError):
            return None
        return endpoint if dialable(endpoint.host, self._own) else None
