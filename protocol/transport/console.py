"""The facilities' console on the network: one link to every display of the house, kept for as long as it
runs.

Displays are found over mDNS, and where they were last. A display is known by its device id; the number that
it announces says only whom to ask for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from protocol.codec import decode_manage, encode
from protocol.errors import CloseCode, KamizeroError, Misuse, PeerFault
from protocol.facilities import Facilities
from protocol.manage import (
    Answered,
    Command,
    Enrol,
    Enrolled,
    Outcome,
    Revocations,
    SelfTest,
    Status,
)
from protocol.messages import Ping, Pong
from protocol.orders import OrderMaker
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.pairing_messages import Mode
from protocol.transport.addresses import Endpoint, Interface
from protocol.transport.candidates import Candidate
from protocol.transport.dial import dial
from protocol.transport.enrolling import NO_ROOM
from protocol.transport.handshake import Greeted, NoAnswer, Party
from protocol.transport.link import Link, LinkClosed
from protocol.transport.manage_events import (
    Copied,
    Full,
    ManageEvent,
    Measured,
    OrderAnswered,
    SelfTestSeen,
    Silent,
    StatusSeen,
    TurnedAway,
    Unregistered,
    Waiting,
    revocations_in,
)
from protocol.transport.redial import Schedule
from protocol.transport.settings import TransportSettings
from protocol.transport.surroundings import Surroundings
from protocol.transport.tls import DeviceKey
from protocol.values import Role

log = logging.getLogger(__name__)

PING = 5.0
DEAD = 12.0
"""Seconds without a word of a display after which its link is over: it is red within 20 s."""
DIALS = 40
"""At one time: a house that comes back together is asked in turn."""
PATIENCE = 1.5
"""Seconds for TCP: a building that is dark does not keep the others waiting."""
LATE = 10.0
"""A display that does not answer is asked again after so long, at the most."""
LOOK_AGAIN = 60.0
"""Seconds after which everybody is asked over mDNS once more."""
COPY_GONE = 60.0
"""Seconds after which a second machine of one key that was not met again is there no longer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a display may be: the number to ask for, and addresses in the order in which they are tried."""

    number: int
    endpoints: tuple[Endpoint, ...]


class _Display:
    """A display on its link."""

    def __init__(self, link: Link, endpoint: Endpoint) -> None:
        self.link = link
        self.endpoint = endpoint
        self.status: Status | None = None
        self.clock_off = 0
        self.asked: set[int] = set()
        self.pinged: dict[int, float] = {}
        self.copy: tuple[str, float] | None = None
        """Where a machine with this one's key was met that runs another program, and when."""
        self.copy_told = ""
        self.is_full = False
        """It has ended the link before it said how it is: it serves as many consoles as it can."""


class Console:
    """All methods are called in the loop. ``certificate``: the facilities' word about this console.

    ``revocations``: the newest list as it is passed on, None where there is none. ``known``: where displays
    were last, by device id.
    """

    def __init__(
        self,
        device: DeviceKey,
        certificate: bytes,
        facilities: Facilities,
        revocations: bytes | None,
        orders: OrderMaker,
        settings: TransportSettings,
        emit: Callable[[ManageEvent], None],
        known: Iterable[tuple[bytes, Place]] = (),
    ) -> None:
        self._orders = orders
        self._facilities = facilities
        self._revocations = revocations
        self._emit = emit
        self._party = Party(
            device=device,
            role=Role.CONSOLE,
            deadlines=settings.deadlines,
            secret_for=lambda peer: None,
            certificate=certificate,
            facilities=facilities,
        )
        self._settings = replace(settings, listen_addresses=())
        self._surroundings = Surroundings(self._settings, self._party, self)
        self._known = dict(known)
        self._displays: dict[bytes, _Display] = {}
        self._reached: set[Endpoint] = set()
        self._heard = b""
        """The list that displays have passed on last."""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._places: dict[str, Place] = {}
        self._turn = asyncio.Semaphore(DIALS)
        self._looking: asyncio.Task[None] | None = None

    # --- wishes -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins in the running loop."""
        for device, place in self._known.items():
            self._keep(f"last {device.hex()}", place)
        self._surroundings.start()
        self._looking = asyncio.get_running_loop().create_task(self._look())

    async def stop(self) -> None:
        """Every link ends."""
        tasks = [*self._tasks.values(), *([self._looking] if self._looking else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._surroundings.stop()

    def order(self, device: bytes, command: Command) -> int:
        """Sign this for that display and send it; the serial under which it will be answered.

        A display that is not there is answered at once, with no outcome.
        """
        display = self._displays.get(device)
        if display is None or display.status is None:
            self._emit(OrderAnswered(device, 0, None, ""))
            return 0
        serial, order = self._orders.make(device, display.status.run, display.clock_off, command, time.time())
        display.asked.add(serial)
        display.link.post(encode(order))
        return serial

    def revoke(self, revocations: bytes) -> None:
        """A newer list, as it is passed on: every display on a link has it at once, the others when they
        come. One that it names is let go."""
        known = self._facilities.with_revocations(revocations)
        if known is self._facilities:
            return
        self._revocations, self._facilities = revocations, known
        self._party = replace(self._party, facilities=known)
        for device, display in tuple(self._displays.items()):
            if device in known.revoked.devices:
                display.link.fail(CloseCode.ROLE)
            else:
                display.link.post(encode(Revocations(revocations)))

    async def enrol(self, endpoint: Endpoint, code: str, make: Callable[[bytes], Enrol]) -> Enrolled:
        """Take in the display at that address, whose code was typed; ``make`` is given its public key.

        `HandshakeRefused`: another code. `NoAnswer`: nobody there, or no answer.
        """
        party = replace(self._party, enrolling=True)
        greeted = await dial(party, endpoint.host, endpoint.port, Mode.PAIR, NO_ROOM)
        link = await greeted.prove_code(code)
        try:
            enrol = await asyncio.to_thread(make, link.peer.spki)
            certificate = self._facilities.room_of(enrol.certificate, link.peer.spki)
            link.post(encode(enrol))
            async with asyncio.timeout(DEAD):
                answer = decode_manage(await link.recv())
        except (TimeoutError, LinkClosed, PeerFault) as error:
            raise NoAnswer(str(error)) from error
        finally:
            await link.close()
        if not isinstance(answer, Enrolled):
            raise NoAnswer("no answer to an enrolment")
        if answer.outcome is Outcome.DONE and certificate is not None:
            # Beyond routers nothing else would tell where it is.
            place = Place(certificate.number, (endpoint,))
            self._keep(f"last {link.peer.device_id.hex()}", place)
        return answer

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            await self._surroundings.look_again()

    # --- keeping links ------------------------------------------------------------------------------------

    def _keep(self, name: str, place: Place) -> None:
        self._places[name] = place
        if name not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._stay(name))
            self._tasks[name] = task
            task.add_done_callback(lambda done: self._over(name, done))

    def _over(self, name: str, task: asyncio.Task[None]) -> None:
        del self._tasks[name]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("a display's link failed", exc_info=error)

    async def _stay(self, name: str) -> None:
        """Dials that place for as long as it is one, and stays on the link."""
        schedule = Schedule(self._settings.deadlines)
        while name in self._places:
            place = self._places[name]
            served = False
            for endpoint in place.endpoints:
                if endpoint in self._reached:
                    continue
                if await self._visit(place.number, endpoint):
                    served = True
                    break
            if served:
                schedule.reset()
            await asyncio.sleep(min(LATE, schedule.pause()))

    async def _visit(self, number: int, endpoint: Endpoint) -> bool:
        """Whether there was a link on which it said how it is; returns when it is over."""
        try:
            async with self._turn:
                greeted = await dial(self._party, endpoint.host, endpoint.port, Mode.MANAGE, number, PATIENCE)
                link = await greeted.prove_key()
        except HandshakeRefused as refused:
            if refused.why is Why.NOT_REGISTERED:
                self._emit(Unregistered(number, str(endpoint)))
            if refused.by is not None and refused.by not in self._displays:
                self._emit(TurnedAway(refused.by))
            return False
        except KamizeroError as error:
            log.debug("display %d at %s: %s", number, endpoint, error)
            return False
        device = link.peer.device_id
        if device in self._displays:
            await self._compare(self._displays[device], link, endpoint)
            return False
        display = self._displays[device] = _Display(link, endpoint)
        self._reached.add(endpoint)
        try:
            await self._attend(device, display)
        finally:
            del self._displays[device]
            self._reached.discard(endpoint)
            self._lost(device, display)
        if display.is_full:
            self._emit(Full(device, number, link.peer.room_name or ""))
        return display.status is not None

    async def _compare(self, display: _Display, link: Link, endpoint: Endpoint) -> None:
        """The same machine by another of its addresses; or one with a copy of its disk, and so of its key."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not isinstance(told := decode_manage(await link.recv()), Status):
                    continue
        except (LinkClosed, TimeoutError, PeerFault) as error:
            log.debug("display at %s: %s", endpoint, error)
        else:
            if display.status is not None and told.run != display.status.run:
                display.copy = str(endpoint), asyncio.get_running_loop().time()
        await link.close(CloseCode.NOT_CHOSEN)

    def _judge_copy(self, device: bytes, display: _Display, asked: float, now: float) -> None:
        """It answers what was asked at that time: so it lived when the other was met, and is not the same
        machine, started anew."""
        if display.copy is None:
            return
        address, met = display.copy
        if now - met > COPY_GONE:
            display.copy, address = None, ""
        elif asked < met and not display.copy_told:
            return
        if address != display.copy_told:
            display.copy_told = address
            self._emit(Copied(device, address))

    def _lost(self, device: bytes, display: _Display) -> None:
        for serial in sorted(display.asked):
            self._emit(OrderAnswered(device, serial, None, ""))
        self._emit(Silent(device))

    async def _attend(self, device: bytes, display: _Display) -> None:
        link = display.link
        if self._revocations is not None and link.peer.revocations < self._facilities.revoked.number:
            link.post(encode(Revocations(self._revocations)))
        beat = asyncio.get_running_loop().create_task(self._beat(display))
        try:
            while True:
                async with asyncio.timeout(DEAD):
                    frame = await link.recv()
                self._take(device, display, frame)
        except (LinkClosed, TimeoutError) as error:
            log.debug("display at %s: %s", display.endpoint, error)
            not_chosen = isinstance(error, LinkClosed) and error.code == CloseCode.NOT_CHOSEN
            display.is_full = not_chosen and display.status is None
            link.abort()
        except PeerFault as fault:
            log.warning("the display at %s: %s", display.endpoint, fault)
            link.fail(fault.close_code)
        except asyncio.CancelledError:  # this console ends, and its place is another's at once
            link.fail(CloseCode.NORMAL)
            raise
        finally:
            beat.cancel()

    async def _beat(self, display: _Display) -> None:
        loop = asyncio.get_running_loop()
        n = 0
        while True:
            n += 1
            display.pinged = {n: loop.time()}
            display.link.post(encode(Ping(n)))
            await asyncio.sleep(PING)

    def _take(self, device: bytes, display: _Display, frame: bytes) -> None:
        match decode_manage(frame):
            case Status() as status:
                display.status = status
                display.clock_off = status.clock - int(time.time())
                self._emit(StatusSeen(device, status, display.endpoint, display.clock_off))
            case SelfTest() as test:
                self._emit(SelfTestSeen(device, test))
            case Pong(n) if n in display.pinged:
                asked, now = display.pinged.pop(n), asyncio.get_running_loop().time()
                self._emit(Measured(device, round((now - asked) * 1_000)))
                self._judge_copy(device, display, asked, now)
            case Pong():
                pass
            case Answered(serial, outcome, text):
                display.asked.discard(serial)
                self._emit(OrderAnswered(device, serial, outcome, text))
            case Revocations(signed):
                self._passed_on(signed)
            case other:
                raise PeerFault(CloseCode.ROLE, f"{type(other).__name__} is not for consoles")

    def _passed_on(self, signed: bytes) -> None:
        """A list that another console has given out, by way of a display; every display has it to tell."""
        if signed == self._heard:
            return
        self._heard, came = signed, revocations_in(signed, self._facilities)
        if came is not None:
            self._emit(came)

    # --- what the surroundings call -----------------------------------------------------------------------

    async def greeted(self, greeted: Greeted) -> None:
        """Nobody dials a console: it does not listen."""
        raise Misuse("a console does not listen")

    def heard(self) -> None:
        """Somebody announces, or no longer does; a link that stands is not touched by it."""
        waiting: list[Candidate] = []
        announced = set()
        for candidate in self._surroundings.candidates.displays():
            if candidate.number == NO_ROOM and candidate.announcement.closed:
                waiting.append(candidate)
                continue
            announced.add(candidate.instance)
            self._keep(candidate.instance, Place(candidate.number, candidate.endpoints))
        for name in [name for name in self._places if not name.startswith("last ") and name not in announced]:
            del self._places[name]
        self._emit(Waiting(tuple(waiting)))

    def moved(self, interfaces: tuple[Interface, ...], endpoints: tuple[Endpoint, ...]) -> None:
        """The network changed: what is dead shows within a few pings."""

    def woke(self) -> None:
        """The machine slept: what is dead shows within a few pings."""
