"""The display's side of mode manage: every console on a link hears how it is, and orders are judged here."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import time
from collections.abc import Callable

from protocol.codec import decode_manage, encode
from protocol.errors import CloseCode, PeerFault
from protocol.facilities import Facilities
from protocol.manage import CONSOLES, Answered, Order, Outcome, Revocations, SelfTest, Status
from protocol.messages import Ping, Pong
from protocol.orders import OrderRefused, Orders
from protocol.rate import Rate
from protocol.transport.link import Link, LinkClosed
from protocol.transport.manage_events import ManageEvent, OrderCame, revocations_in
from protocol.values import Value

log = logging.getLogger(__name__)

SILENCE = 30.0
"""Seconds without a word after which a console's link is over."""
WAITING_LIMIT = 512 * 1024
MESSAGES_A_MINUTE = 300
REFUSALS_A_MINUTE = 30
"""So many are written down: a broker that repeats orders does not push all else out of the log."""
REPLIES = 64
"""Orders under way that came by no link."""


class Managed:
    """All methods are called in the loop. ``emit`` is given `ManageEvent`s."""

    def __init__(
        self,
        device: bytes,
        facilities: Facilities | None,
        emit: Callable[[ManageEvent], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.run = os.urandom(16)
        self._orders = Orders(device, self.run)
        self._facilities = facilities
        self._emit = emit
        self._clock = clock
        self._status: Status | None = None
        self._test: SelfTest | None = None
        self._links: dict[int, Link] = {}
        self._replies: dict[int, Callable[[Answered], None]] = {}
        self._numbers = itertools.count(1)
        self._refusals = Rate(REFUSALS_A_MINUTE, 60.0)
        self.heard: Callable[[Status | SelfTest], None] = lambda told: None
        """Is told what consoles on links are told."""

    @property
    def facilities(self) -> Facilities | None:
        """With the newest list known."""
        return self._facilities

    @property
    def revocations(self) -> int:
        """The number of the newest list known, from any thread."""
        return 0 if self._facilities is None else self._facilities.revoked.number

    @property
    def told(self) -> tuple[Status | SelfTest, ...]:
        """What a console hears first: how this display is, then what became of its self-test."""
        if self._status is None:
            return ()
        return (self._status,) if self._test is None else (self._status, self._test)

    def set_status(self, status: Status) -> None:
        """How the display is from now on; told to every console at once."""
        self._status = status
        self.heard(status)
        for link in self._links.values():
            self._post(link, status)

    def set_self_test(self, test: SelfTest) -> None:
        """What became of the self-test; told like the status, and never before it."""
        self._test = test
        if self._status is None:
            return
        self.heard(test)
        for link in self._links.values():
            self._post(link, test)

    def answer(self, asker: int, serial: int, outcome: Outcome, text: str = "") -> None:
        """What became of an order; no effect when its console has gone."""
        reply = self._replies.pop(asker, None)
        link = self._links.get(asker)
        if reply is not None:
            reply(Answered(serial, outcome, text))
        elif link is not None:
            self._post(link, Answered(serial, outcome, text))

    def take(self, order: Order, reply: Callable[[Answered], None], way: str) -> None:
        """An order that came some other way than by a link; answered by ``reply``. ``way``: for the log."""
        number = next(self._numbers)
        self._replies[number] = reply
        while len(self._replies) > REPLIES:
            del self._replies[next(iter(self._replies))]
        self._judge(number, order, way)

    async def serve(self, link: Link) -> None:
        """One console's link, until it is over."""
        if self._is_out(link):
            self._pass_on(link)  # it hears why
            await link.close(CloseCode.ROLE)
            return
        if len(self._links) >= CONSOLES:
            await link.close(CloseCode.NOT_CHOSEN)
            return
        number = next(self._numbers)
        self._links[number] = link
        try:
            for told in self.told:
                self._post(link, told)
            self._pass_on(link)
            await self._hear(number, link)
        except LinkClosed as closed:
            log.debug("a console's link ended: %s", closed)
        except TimeoutError:
            link.abort()
        except PeerFault as fault:
            log.warning("the console at %s: %s", link.address, fault)
            link.fail(fault.close_code)
        finally:
            del self._links[number]

    async def _hear(self, number: int, link: Link) -> None:
        loop = asyncio.get_running_loop()
        heard, since = 0, loop.time()
        while True:
            async with asyncio.timeout(SILENCE):
                frame = await link.recv()
            heard += 1
            if loop.time() - since > 60:
                heard, since = 0, loop.time()
            if heard > MESSAGES_A_MINUTE:
                raise PeerFault(CloseCode.PROTOCOL, "too many messages of a console")
            self._take(number, link, frame)

    def _take(self, number: int, link: Link, frame: bytes) -> None:
        match decode_manage(frame):
            case Ping(n):
                self._post(link, Pong(n))
            case Pong():
                pass
            case Order() as order:
                self._judge(number, order, f"the console at {link.address}")
            case Revocations(signed):
                self.revoke(signed, link)
            case other:
                raise PeerFault(CloseCode.ROLE, f"{type(other).__name__} is not for displays")

    def _judge(self, number: int, order: Order, way: str) -> None:
        try:
            accepted = self._orders.take(order, self._facilities, int(self._clock()))
        except OrderRefused as refused:
            if not self._refusals.exceeded(time.monotonic()):
                log.warning("an order of %s was refused: %s", way, refused)
            self.answer(number, refused.serial, refused.outcome)
            return
        self._emit(OrderCame(number, accepted))

    def revoke(self, signed: bytes, by: Link | None = None) -> None:
        """A revocation list, which counts if the facilities signed it and it tells anything new; then all
        consoles but the one that brought it have it from here."""
        if self._facilities is None:
            return
        came = revocations_in(signed, self._facilities)
        if came is None:
            return
        self._facilities = self._facilities.with_revocations(signed)
        self._emit(came)
        for link in tuple(self._links.values()):
            if link is not by:
                self._pass_on(link)
            if self._is_out(link):
                link.fail(CloseCode.ROLE)

    def _pass_on(self, link: Link) -> None:
        """The newest list, to a console that came with an older one."""
        known = self._facilities
        if known is not None and known.newest and link.peer.revocations < known.revoked.number:
            self._post(link, Revocations(known.newest))

    def _is_out(self, link: Link) -> bool:
        """Revoked since the door learnt whom to let in."""
        known = self._facilities
        return known is not None and link.peer.device_id in known.revoked.devices

    def _post(self, link: Link, message: Value) -> None:
        if link.waiting_bytes() > WAITING_LIMIT:
            link.abort()
        else:
            link.post(encode(message))
