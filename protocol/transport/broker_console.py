"""The facilities' console at the broker: displays of other subnets, as far as they can be believed.

Retained messages show at once what there may be; a display counts as there only when it has echoed a call of
this console just now (`protocol.by_broker.Liveness`).
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

from protocol.by_broker import (
    EVERY_PULSE,
    EVERY_REVOCATION,
    EVERY_STATUS,
    EVERY_TEST,
    Gone,
    Liveness,
    NotBelieved,
    Pulses,
    SaidBody,
    answer_topic,
    answers_for,
    call_topic,
    kind_of,
    order_topic,
    read_said,
    revocation_topic,
    sign_call,
    topic_of,
    whose_pulse,
)
from protocol.codec import encode
from protocol.facilities import Facilities
from protocol.manage import Answered, Command, SelfTest, Status
from protocol.orders import LIFE, OrderMaker
from protocol.transport.addresses import Endpoint
from protocol.transport.broker import BrokerLink, Came, Post
from protocol.transport.manage_events import (
    AtBroker,
    ManageEvent,
    OrderAnswered,
    RevocationsCame,
    SelfTestSeen,
    Silent,
    StatusKept,
    StatusSeen,
    revocations_in,
)
from protocol.transport.tls import DeviceKey

CALL_EVERY = 30.0
FRESH = 75.0
"""A display that has echoed no call for so long is silent, whatever the broker says."""
MISSED = 12.0
"""A display whose pulse has not come for so long is silent, as on a link: it is red within 14 s."""
LOOK = 1.0
REACHED = 10.0
"""So long a broker may take, before it is said that it is not reached."""
PER_SECOND = 20_000
"""Messages that come, and orders that wait: a notice for ten thousand walls is one for each."""

_OfHouse = AtBroker | RevocationsCame
Heard = StatusSeen | StatusKept | SelfTestSeen | Silent | OrderAnswered | _OfHouse


class Ways:
    """Displays that are reached by a link, by the broker, or by both: the link counts, and one is silent when
    it is reached by none. ``emit`` is given what is left of what both say."""

    def __init__(self, emit: Callable[[ManageEvent], None]) -> None:
        self._emit = emit
        self._direct: set[bytes] = set()
        self._live: set[bytes] = set()

    def is_direct(self, device: bytes) -> bool:
        return device in self._direct

    def direct(self, event: ManageEvent) -> None:
        """What `Console` says."""
        match event:
            case StatusSeen(device):
                self._direct.add(device)
            case Silent(device):
                self._direct.discard(device)
                if device in self._live:
                    return
        self._emit(event)

    def by_broker(self, event: Heard) -> None:
        """What `BrokerConsole` says."""
        match event:
            case StatusSeen(device):
                self._live.add(device)
            case Silent(device):
                self._live.discard(device)
        if isinstance(event, OrderAnswered | _OfHouse) or event.device not in self._direct:
            self._emit(event)


class BrokerConsole:
    """All methods are called in the loop. ``emit`` is given what `Console` would emit."""

    def __init__(
        self,
        at: Endpoint,
        device: DeviceKey,
        certificate: bytes,
        facilities: Facilities,
        revocations: bytes | None,
        orders: OrderMaker,
        file: Path | None,
        emit: Callable[[Heard], None],
    ) -> None:
        self._device, self._certificate, self._facilities = device, certificate, facilities
        self._revocations, self._orders, self._emit = revocations, orders, emit
        self._live, self._pulses = Liveness(FRESH), Pulses(MISSED)
        self._statuses: dict[bytes, tuple[Status, int]] = {}
        """Of live displays, with how far ahead their clocks are."""
        self._tests: dict[bytes, SaidBody] = {}
        """The newest that each display said of its self-test."""
        self._asked: dict[int, bytes] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._link = BrokerLink(
            at,
            facilities,
            {
                answers_for(device.device_id): 1,
                EVERY_STATUS: 0,
                EVERY_TEST: 0,
                EVERY_PULSE: 0,
                EVERY_REVOCATION: 1,
            },
            self._opened,
            self._closed,
            self._take,
            certificate=file,
            key=device.path,
            identifier=device.device_id.hex(),
            per_second=PER_SECOND,
            waiting=PER_SECOND,
        )

    def start(self) -> None:
        """Begins in the running loop."""
        self._link.start()
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._beat_on()), loop.create_task(self._miss())]
        loop.call_later(REACHED, self._look)

    def _look(self) -> None:
        if self._tasks and not self._link.up:
            self._emit(AtBroker(False))

    async def stop(self) -> None:
        """No display is heard any more."""
        tasks, self._tasks = self._tasks, []
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._link.stop()

    def order(self, device: bytes, command: Command) -> int:
        """Signed and sent; as `Console.order`."""
        known = self._statuses.get(device)
        reached = self._live.is_live(device) and not self._pulses.is_missed(device)
        if known is None or not reached or not self._link.up:
            self._emit(OrderAnswered(device, 0, None, ""))
            return 0
        status, clock_off = known
        serial, order = self._orders.make(device, status.run, clock_off, command, time.time())
        self._asked[serial] = device
        asyncio.get_running_loop().call_later(2 * LIFE, self._give_up, serial)
        self._link.post(
            Post(
                order_topic(self._device.device_id, device),
                encode(order),
                expiry=LIFE,
                answer_to=answer_topic(self._device.device_id, device),
                correlation=serial.to_bytes(8, "big"),
            )
        )
        return serial

    def revoke(self, revocations: bytes) -> None:
        """A newer list, as it is passed on: the broker keeps it for every display. One that it names is
        believed no more."""
        self._revocations = revocations
        self._facilities = self._facilities.with_revocations(revocations)
        self._tell_revocations()
        for device in self._live.drop(self._facilities.revoked.devices):
            self._lost(device)

    def _tell_revocations(self) -> None:
        if self._revocations is not None and self._link.up:
            self._link.post(Post(revocation_topic(self._device.device_id), self._revocations, retain=True))

    def _give_up(self, serial: int) -> None:
        device = self._asked.pop(serial, None)
        if device is not None:
            self._emit(OrderAnswered(device, serial, None, ""))

    # --- calling ----------------------------------------------------------------------------------------

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(CALL_EVERY)
            for device in self._live.expired(asyncio.get_running_loop().time()):
                self._lost(device)
            if self._link.up:
                self.call()

    async def _miss(self) -> None:
        """Misses those whose pulse does not come, but for a moment in which this machine did not listen."""
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(LOOK)
            now = loop.time()
            if now - before > 2 * LOOK:
                self._pulses.excuse(now)
            for device in self._pulses.late(now):
                self._emit(Silent(device))

    def call(self) -> None:
        """Ask every display to say how it is."""
        nonce = os.urandom(16)
        self._live.calling(nonce)
        call = sign_call(self._device.sign, self._device.spki, self._certificate, nonce)
        self._link.post(
            Post(call_topic(self._device.device_id), call, retain=True, expiry=int(3 * CALL_EVERY))
        )

    def _opened(self) -> None:
        self._emit(AtBroker(True))
        self._tell_revocations()
        self.call()

    def _closed(self) -> None:
        self._emit(AtBroker(False))
        for device in self._live.clear():
            self._lost(device)

    def _lost(self, device: bytes) -> None:
        self._statuses.pop(device, None)
        self._pulses.drop(device)
        self._emit(Silent(device))

    # --- hearing ----------------------------------------------------------------------------------------

    def _take(self, came: Came) -> None:
        try:
            kind = kind_of(came.topic)
            if kind == "pulse":
                self._pulsed(came)
                return
            if kind == "revoked":  # given out by another console
                news = revocations_in(came.payload, self._facilities)
                if news is not None:
                    self._emit(news)
                return
            heard = read_said(came.payload, self._facilities)
            body = heard.body
            if topic_of(body.device, body.word) not in (None, came.topic):
                raise NotBelieved("said elsewhere")
            if isinstance(body.word, Status) and body.word.number != heard.room.number:
                raise NotBelieved(f"a display of room {heard.room.number} says it is {body.word.number}")
        except NotBelieved as error:
            self._link.doubt(error)
            return
        match body.word:
            case Status() as status:
                self._status(body, status)
            case SelfTest() as test:
                self._tested(body, test)
            case Gone():
                if self._live.gone(body):
                    self._lost(body.device)
            case Answered(serial, outcome, text) if self._asked.get(serial) == body.device:
                del self._asked[serial]
                self._emit(OrderAnswered(body.device, serial, outcome, text))
            case _:
                pass

    def _pulsed(self, came: Came) -> None:
        """Costs no proof: ten thousand displays have two thousand each second."""
        device = whose_pulse(came.topic)
        known = self._statuses.get(device)
        if known is None or came.retained or self._live.run_of(device) != came.payload:
            return
        if self._pulses.came(device, asyncio.get_running_loop().time()):
            self._emit(StatusSeen(device, known[0], None, known[1]))

    def _status(self, body: SaidBody, status: Status) -> None:
        was_live = self._live.run_of(body.device) == body.run
        now = asyncio.get_running_loop().time()
        if self._live.hear(body, now):
            self._pulses.heard(body.device, now)
            clock_off = status.clock - int(time.time())
            self._statuses[body.device] = status, clock_off
            self._emit(StatusSeen(body.device, status, None, clock_off))
            kept = self._tests.get(body.device)
            if not was_live and kept is not None and kept.run == body.run and isinstance(kept.word, SelfTest):
                self._emit(SelfTestSeen(body.device, kept.word))
        elif not self._live.is_live(body.device):
            self._emit(StatusKept(body.device, status))

    def _tested(self, body: SaidBody, test: SelfTest) -> None:
        """Counts for the run that is live; of a display that has not yet been heard it waits."""
        known = self._tests.get(body.device)
        if known is not None and known.run == body.run and body.serial <= known.serial:
            return
        self._tests[body.device] = body
        if self._live.run_of(body.device) == body.run:
            self._emit(SelfTestSeen(body.device, test))
