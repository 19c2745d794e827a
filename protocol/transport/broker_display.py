"""A display at the broker: what it says of itself, and the orders that come to it that way.

It runs on without: nothing here is waited for, and an order counts by its own signature (`protocol.orders`).
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from pathlib import Path

from protocol.by_broker import (
    EVERY_CALL,
    EVERY_REVOCATION,
    ROOT,
    Calls,
    Gone,
    NotBelieved,
    RoomHere,
    SaidBody,
    Word,
    kind_of,
    orders_for,
    pulse_topic,
    read_call,
    sign_said,
    topic_of,
)
from protocol.codec import decode_manage
from protocol.errors import PeerFault
from protocol.facilities import Facilities
from protocol.manage import Answered, Order, SelfTest, Status
from protocol.transport.addresses import Endpoint
from protocol.transport.broker import BrokerLink, Came, Post
from protocol.transport.managed import Managed
from protocol.transport.tls import DeviceKey

log = logging.getLogger(__name__)

SPREAD = 10.0
"""Seconds over which displays that start together come to the broker."""
ANSWER_SPREAD = 1.0
"""Seconds over which they answer a call."""
ANSWER_LIFE = 60
PULSE = 5.0
"""Seconds between two pulses, as a console pings on a link."""
PER_SECOND = 20
"""Messages to one display."""


class BrokerDisplay:
    """``start`` in the loop. ``certificate``: the facilities' word about this display; ``file``: its
    certificate for the broker, None to come as nobody."""

    def __init__(
        self,
        at: Endpoint,
        device: DeviceKey,
        certificate: bytes,
        file: Path | None,
        managed: Managed,
        spread: float = SPREAD,
    ) -> None:
        self._device, self._certificate = device, certificate
        assert managed.facilities is not None
        self._managed = managed
        self._serial = 0
        self._calls = Calls()
        self._here: RoomHere | None = None
        self._answering: asyncio.TimerHandle | None = None
        self._pulse: asyncio.TimerHandle | None = None
        self._spread = spread
        managed.heard = self._told
        self._link = BrokerLink(
            at,
            managed.facilities,
            {orders_for(device.device_id): 1, EVERY_CALL: 1, EVERY_REVOCATION: 1},
            self._opened,
            self._closed,
            self._take,
            lambda: self._post(Gone()),
            certificate=file,
            key=device.path,
            identifier=device.device_id.hex(),
            spread=spread,
            per_second=PER_SECOND,
        )

    def start(self) -> None:
        """Begins in the running loop."""
        self._link.start()

    async def stop(self) -> None:
        """It is gone, as every console hears."""
        if self._answering is not None:
            self._answering.cancel()
        self._closed()
        await self._link.stop(self._post(Gone()))

    def set_here(self, here: RoomHere) -> None:
        """Where presenters dial this display."""
        if here != self._here:
            self._here = here
            if self._link.up:
                self._link.post(self._post(here))

    # --- saying -----------------------------------------------------------------------------------------

    def _post(self, word: Word, topic: str = "", correlation: bytes = b"") -> Post:
        self._serial += 1
        body = SaidBody(self._device.device_id, self._managed.run, self._serial, self._calls.all(), word)
        payload = sign_said(self._device.sign, self._device.spki, self._certificate, body)
        retained = topic_of(self._device.device_id, word)
        if retained is None:
            return Post(topic, payload, expiry=ANSWER_LIFE, correlation=correlation)
        return Post(retained, payload, retain=True)

    def _told(self, told: Status | SelfTest) -> None:
        if self._link.up:
            self._link.post(self._post(told))

    def _opened(self) -> None:
        log.info("at the broker")
        for told in self._managed.told:
            self._link.post(self._post(told))
        if self._here is not None:
            self._link.post(self._post(self._here))

        self._beat()

    def _beat(self) -> None:
        """A pulse now, and so on."""
        self._closed()
        topic = pulse_topic(self._device.device_id)
        self._link.post(Post(topic, self._managed.run, passing=True))
        self._pulse = asyncio.get_running_loop().call_later(PULSE, self._beat)

    def _closed(self) -> None:
        if self._pulse is not None:
            self._pulse.cancel()

    def _known(self) -> Facilities:
        known = self._managed.facilities
        assert known is not None
        return known

    # --- hearing ----------------------------------------------------------------------------------------

    def _take(self, came: Came) -> None:
        try:
            match kind_of(came.topic):
                case "call":
                    self._called(came)
                case "revoked":
                    self._managed.revoke(came.payload)
                case "order":
                    self._ordered(came)
        except NotBelieved as error:
            self._link.doubt(error)

    def _called(self, came: Came) -> None:
        console, nonce = read_call(came.payload, self._known())
        if self._calls.take(console, nonce) and self._answering is None:
            loop = asyncio.get_running_loop()
            pause = min(ANSWER_SPREAD, self._spread) * random.random()
            self._answering = loop.call_later(pause, self._answer_call)

    def _answer_call(self) -> None:
        self._answering = None
        for status in self._managed.told[:1]:
            self._told(status)
            if self._link.up:
                self._beat()  # whoever called knows from now on that there is one to miss

    def _ordered(self, came: Came) -> None:
        """Answered where the asker listens; only where consoles take this display's answers."""
        try:
            order = decode_manage(came.payload)
        except PeerFault as fault:
            raise NotBelieved(str(fault)) from fault
        answer_to = re.fullmatch(rf"{ROOT}/console/[0-9a-f]{{64}}/answer/([0-9a-f]{{64}})", came.answer_to)
        if not isinstance(order, Order) or answer_to is None or answer_to[1] != self._device.device_id.hex():
            raise NotBelieved("no order, or nowhere to answer")

        def reply(answered: Answered) -> None:
            self._link.post(self._post(answered, came.answer_to, came.correlation))

        self._managed.take(order, reply, "the broker")


def addresses(endpoints: tuple[Endpoint, ...]) -> tuple[str, ...]:
    """As they are announced: not what only this machine can dial."""
    far = [each for each in endpoints if not each.host.startswith(("127.", "fe80:")) and each.host != "::1"]
    return tuple(str(each) for each in far[:8])
