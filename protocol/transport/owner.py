"""The presenter's side of the network: finds rooms, pairs with them, and runs the session they follow."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any

from protocol.facilities import Facilities
from protocol.messages import GuestWaiting, Introduce, Joining, Message, TakeoverAnswer, WallKey, Walls
from protocol.pairing import PeerFacts
from protocol.transport.addresses import Endpoint, Interface, read_endpoint
from protocol.transport.broker_rooms import BrokerRoom, by_broker
from protocol.transport.candidates import Announcement
from protocol.transport.dial_back import DialBack
from protocol.transport.events import BriefingEnded, Event, Gone, GoneReason, OnEvents, RoomLinkState
from protocol.transport.gate import ALTOGETHER, WHILE_JOINING
from protocol.transport.handshake import NOT_CHOSEN, Greeted, Party
from protocol.transport.ladder import DNS_FRESH, Ladder
from protocol.transport.owner_bulletin import Bulletin
from protocol.transport.owner_guest import OwnerGuest
from protocol.transport.owner_participants import OwnerParticipants
from protocol.transport.owner_room import OwnerRoom
from protocol.transport.owner_session import OwnerSession, Recovered
from protocol.transport.resuming import Secrets
from protocol.transport.runner import Runner
from protocol.transport.settings import Profile, TransportSettings
from protocol.transport.surroundings import Surroundings
from protocol.transport.tls import DeviceKey
from protocol.transport.wire_log import WireLog
from protocol.values import OWNER, PeerId, Role

log = logging.getLogger(__name__)


class Owner:
    """What a presenter does on the network. Every method is called in the loop thread (``runner.call``), and
    ``open`` first. Edits and registers go to ``session``, which is another one after 終了. ``on_commit`` gets
    each entry of the journal (`protocol.journal`), ``on_secrets`` what the guests of the moment resume with,
    at each change of that; nothing of it at the end.
    """

    def __init__(
        self,
        runner: Runner,
        device: DeviceKey,
        profile: Profile,
        settings: TransportSettings,
        on_events: OnEvents,
        recovered: Recovered | None = None,
        on_commit: Callable[[bytes], None] = lambda record: None,
        facilities: Facilities | None = None,
        on_secrets: Callable[[Secrets], None] = lambda secrets: None,
    ) -> None:
        self.deadlines = settings.deadlines
        self.wire_log = None if settings.wire_log is None else WireLog(settings.wire_log)
        self.participants = OwnerParticipants(self)
        self.party = Party(
            device=device,
            role=Role.PRESENTER,
            deadlines=settings.deadlines,
            secret_for=self._secret_for,
            codes=self.participants.codes,
            on_code=self.participants.on_code,
            facilities=facilities,
        )
        self._runner = runner
        self._settings = settings
        self._facilities = facilities
        self._on_events = on_events
        self._on_commit = on_commit
        self._on_secrets = on_secrets
        self._recovered = recovered
        self._rooms: dict[int, OwnerRoom] = {}
        self._kept = Secrets()
        self._listing = False
        self._surroundings = Surroundings(settings, self.party, self)
        self._dial_back = DialBack(runner.spawn, self._surroundings.adopt, self.deadlines.step)
        self._ladder = Ladder(
            self._surroundings.candidates, self._surroundings.own, settings.kiosk_port, settings.host_pattern
        )
        self._broker = by_broker(settings, facilities, self._surroundings.own, self._brokered)
        self.session = OwnerSession(recovered, self._guests, self.emit, self._on_commit)
        self._bulletin = Bulletin(
            profile,
            self.participants,
            self._rooms,
            self._guests,
            lambda: self.session.floor,
            self._guests_changed,
        )

    def _guests(self) -> Iterator[OwnerGuest]:
        """Walls first: they are what everybody in the room looks at."""
        yield from tuple(self._rooms.values())
        yield from self.participants.all()

    # --- opening and closing ------------------------------------------------------------------------------

    def open(self) -> None:
        """Listens and looks around; guests of a recovered briefing are resumed at once."""
        self._surroundings.start()
        if self._broker is not None:
            self._broker.start()
        self._runner.spawn(self._read_room_file())
        if self._recovered is not None:
            for secret in self._recovered.secrets.rooms:
                self._room(secret.number).recover(secret)
            self.participants.recover(self._recovered.secrets.joining)

    async def stop(self) -> None:
        """Every link ends. Guests keep their sessions: a program that comes back with its journal resumes."""
        self._bulletin.stop()
        # All at once: each that answers no more takes the whole patience of a polite end.
        await asyncio.gather(*(room.close() for room in self._rooms.values()))
        self._rooms.clear()
        await self.participants.stop()
        if self._broker is not None:
            await self._broker.stop()
        await self._surroundings.stop()
        if self.wire_log is not None:
            self.wire_log.close()

    # --- rooms --------------------------------------------------------------------------------------------

    def look_for_rooms(self) -> None:
        """From now on `RoomSeen` and `RoomLost` are told: first everything known, then each change."""
        self._listing = True
        self._ladder.forget_told()
        self._runner.spawn(self._read_room_file())
        self._tell_rooms()

    def look_again(self) -> None:
        """Ask who is there once more; what had been lost is told as anything else."""
        self._runner.spawn(self._surroundings.look_again())

    def connect(self, number: int, address: str | None = None) -> None:
        """Look for this room, to pair by its code. ``address``: only there; `Misuse` when it is none."""
        endpoint = None if address is None else read_endpoint(address, self._settings.kiosk_port)
        self._ladder.type_address(number, endpoint)
        room = self._rooms.get(number)
        if room is not None and room.secret is None:
            self._remove(room)
            room = None
        if room is None:
            self._room(number).connect()
            self._runner.spawn(self._ask_dns(number))

    def submit_code(self, number: int, code: str) -> None:
        """The code was typed (digits only)."""
        room = self._rooms.get(number)
        if room is not None:
            room.submit(code)

    def start(self, number: int) -> None:
        """開始 for this room: only now does it receive titles, papers and pages."""
        room = self._rooms.get(number)
        if room is not None:
            room.start()
            self.participants.room_started()

    def cancel(self, number: int) -> None:
        """Look for it no more."""
        room = self._rooms.get(number)
        if room is not None and room.secret is None:
            self._remove(room)

    def drop(self, number: int) -> None:
        """The briefing goes on without this room: it wipes."""
        room = self._rooms.get(number)
        if room is not None:
            self._runner.spawn(self._drop(room))

    async def _drop(self, room: OwnerRoom) -> None:
        self.session.left(room, for_good=True)
        await room.end()
        self._rooms.pop(room.number, None)
        self.emit(RoomLinkState(room.number, Gone(GoneReason.DROPPED)))
        self._guests_changed()

    def press_wall_key(self, number: int, action: str) -> None:
        """A key of that wall's rail, from the room menu."""
        self._say(number, WallKey(action))

    def answer_takeover(self, number: int, yes: bool) -> None:
        """Whether the other presenter gets that wall."""
        self._say(number, TakeoverAnswer(yes))

    def introduce(self, name: str, department: str) -> None:
        """Who presents, when it changed."""
        self._bulletin.owner_is(name, department)
        if OWNER in self.session.names:
            self.enter_name()

    def enter_name(self) -> None:
        """The owner's person is in the record from now on."""
        self.session.name(OWNER, self._bulletin.own_name)

    def cut(self, seconds: float) -> None:
        """Drops every link for real, and neither dials nor answers for so long."""
        for room in list(self._rooms.values()):
            room.shut(seconds)
        self.participants.shut(seconds)

    def end(self) -> None:
        """終了: every room and participant wipes and says so, or the deadline passes; then `BriefingEnded`.

        Secrets are forgotten, and the next briefing starts from nothing.
        """
        self._runner.spawn(self._end())

    async def _end(self) -> None:
        rooms = [room for room in self._rooms.values() if room.secret is not None]
        walls = asyncio.gather(*(room.end() for room in rooms))
        people = await self.participants.end()
        wiped = await walls
        for room in list(self._rooms.values()):
            self._remove(room)
        self.session = OwnerSession(None, self._guests, self.emit, self._on_commit)
        self._bulletin.over()
        pairs = list(zip(rooms, wiped, strict=True))
        self.emit(
            BriefingEnded(
                tuple(room.number for room, done in pairs if done),
                tuple(room.number for room, done in pairs if not done),
                *people,
            )
        )

    def _say(self, number: int, message: Message) -> None:
        room = self._rooms.get(number)
        if room is not None:
            room.say(message)

    # --- the session --------------------------------------------------------------------------------------

    def grant(self, peer: PeerId, role: Role) -> None:
        """Another role for a follower."""
        self.session.grant(peer, role)
        self.participants.role_changed(peer)

    # --- what guests need (owner_guest.GuestHost, owner_room.RoomHost) ------------------------------------

    @property
    def introduction(self) -> Introduce:
        """Who presents."""
        return self._bulletin.introduction

    @property
    def joining_word(self) -> Joining:
        """What walls are told of joining."""
        return self._bulletin.joining_word

    @property
    def walls_word(self) -> Walls:
        """What participants are told of walls."""
        return self._bulletin.walls_word

    def endpoints(self, number: int) -> tuple[Endpoint, ...]:
        """Where that room may be."""
        return self._ladder.endpoints(number)

    def emit(self, *events: Event) -> None:
        """Tell the program."""
        self._on_events(events)
        for event in events:
            self._bulletin.take(event)

    def room_changed(self, room: OwnerRoom) -> None:
        """Its secret, its name, whether it is looked for, or whether it is over."""
        if room.facts is not None:
            self._ladder.learn(room.number, room.facts.name, room.facts.place)
            self.session.move_papers()
        if room.gone and not room.linked:
            self._remove(room)
        self._guests_changed()

    def _guests_changed(self) -> None:
        """Who there is, or what they resume with."""
        self._bulletin.walls_changed()
        self._announce()
        rooms = tuple(each.secret for each in self._rooms.values() if each.secret is not None)
        secrets = Secrets(rooms, self.participants.kept)
        if secrets != self._kept:
            self._kept = secrets
            self._on_secrets(secrets)

    def _secret_for(self, peer: PeerFacts) -> bytes | None:
        if peer.role is Role.PARTICIPANT:
            return self.participants.secret_for(peer)
        room = self._rooms.get(peer.room_number)
        if room is None or room.secret is None or room.secret.device_id != peer.device_id:
            return None
        return room.secret.secret

    def _room(self, number: int) -> OwnerRoom:
        room = self._rooms[number] = OwnerRoom(number, self)
        return room

    def _remove(self, room: OwnerRoom) -> None:
        self._rooms.pop(room.number, None)
        self._runner.spawn(room.close())
        self._guests_changed()

    def _announce(self) -> None:
        """To the kiosks it looks for; and while people may join, to those who look for it."""
        joinable = self.joining_word.rendezvous
        numbers = [
            room.number
            for room in self._rooms.values()
            if room.looked_for or (joinable and room.secret is not None)
        ]
        missed_until = {room.number: room.missed_until for room in self._rooms.values()}
        self._surroundings.announce([Announcement(number, in_use=None) for number in numbers], missed_until)

    # --- what joining needs (owner_participants.JoiningHost) --------------------------------------------

    def has_room(self, number: int) -> bool:
        """Whether that room belongs to the briefing."""
        room = self._rooms.get(number)
        return room is not None and room.secret is not None

    def begun(self, number: int) -> bool:
        """Whether the briefing has begun in that room."""
        room = self._rooms.get(number)
        return room is not None and room.let_in

    def joining_changed(self) -> None:
        """Another code, opened, or closed, or somebody may do something else."""
        self._surroundings.widen_gate(ALTOGETHER if self.participants.code is None else WHILE_JOINING)
        self._bulletin.joining_changed()

    def participants_counted(self) -> None:
        """How many there are has changed, or something that they resume with."""
        self._bulletin.counted()

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run this in the loop."""
        self._runner.spawn(work)

    def guest_waits(self, room: OwnerRoom, waiting: GuestWaiting) -> None:
        """Somebody waits at that wall's rendezvous."""
        if self.joining_word.rendezvous:
            self._dial_back.to(room.address, waiting)

    # --- what the surroundings call -----------------------------------------------------------------------

    async def greeted(self, greeted: Greeted) -> None:
        """A kiosk or a participant dialled us."""
        if greeted.peer.role is Role.PARTICIPANT:
            await self.participants.greeted(greeted)
            return
        room = self._rooms.get(greeted.peer.room_number)
        if room is None:
            await greeted.close(NOT_CHOSEN)
        else:
            await room.greeted(greeted)

    def heard(self) -> None:
        """Somebody announces, or no longer does."""
        for room in self._rooms.values():
            room.look()
        self._tell_rooms()

    def moved(self, interfaces: tuple[Interface, ...], endpoints: tuple[Endpoint, ...]) -> None:
        """The network changed."""
        for room in list(self._rooms.values()):
            room.nudge()
        self.participants.check()

    def woke(self) -> None:
        """The machine slept: whatever was linked is dead by now, and resumes."""
        for room in list(self._rooms.values()):
            room.cut()
            room.nudge()
        self.participants.cut()

    def _tell_rooms(self) -> None:
        if self._listing and (news := self._ladder.news()):
            self.emit(*news)

    def _brokered(self, rooms: Mapping[int, BrokerRoom]) -> None:
        self._ladder.set_broker_rooms(rooms)
        self.heard()

    async def _ask_dns(self, number: int) -> None:
        room = self._rooms.get(number)
        while room is not None and room.looked_for:
            if await self._ladder.look_up(number):
                room.look()
            await asyncio.sleep(DNS_FRESH)
            room = self._rooms.get(number)

    async def _read_room_file(self) -> None:
        if await self._ladder.read_room_file(self._settings.room_file, self._facilities):
            self._tell_rooms()
