"""Whether an order of the facilities counts: who signed it, for whom, until when, and what that role may.

Pure; the time is the display's own clock. An order is judged alike whichever way it came.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from protocol.errors import KamizeroError
from protocol.facilities import (
    ConsoleCertificate,
    Facilities,
    Sign,
    device_id,
    load_p256,
    signature_holds,
)
from protocol.manage import Command, Order, OrderBody, Outcome

LIFE = 30
"""Seconds for which an order is good."""
EARLY = 10
"""So much longer may one be good: its console's picture of our clock is a little old."""
_LABEL = b"kamizero.v1 order\0"
_encoder = msgspec.msgpack.Encoder()
_body = msgspec.msgpack.Decoder(OrderBody)


class OrderRefused(KamizeroError):
    """The order does not count. ``serial``: its own, 0 where it could not be read."""

    def __init__(self, outcome: Outcome, serial: int = 0) -> None:
        super().__init__(outcome.name.lower())
        self.outcome = outcome
        self.serial = serial


@dataclass(frozen=True, slots=True)
class Accepted:
    """An order that counts: to be done, and answered under its serial."""

    serial: int
    command: Command
    console: ConsoleCertificate


def sign_order(sign: Sign, spki: bytes, certificate: bytes, body: OrderBody) -> Order:
    """The order as it travels."""
    data = _encoder.encode(body)
    return Order(data, sign(_LABEL + data), spki, certificate)


class OrderMaker:
    """What one console orders, whichever way it goes: a display takes an order only with a serial higher than
    all before, so the ways count together."""

    def __init__(self, sign: Sign, spki: bytes, certificate: bytes) -> None:
        self._sign, self._spki, self._certificate = sign, spki, certificate
        self._serial = 0

    def make(
        self, device: bytes, run: bytes, clock_off: int, command: Command, now: float
    ) -> tuple[int, Order]:
        """The serial under which it will be answered, and the order. ``clock_off``: seconds that the display
        is ahead of ``now``, which is since 1970: a console that was started again goes on from there."""
        self._serial = max(self._serial + 1, int(now * 1_000))
        body = OrderBody(device, run, self._serial, max(0, int(now) + clock_off + LIFE), command)
        return self._serial, sign_order(self._sign, self._spki, self._certificate, body)


class Orders:
    """What one run of a display takes. ``run``: its 16 random bytes."""

    def __init__(self, device: bytes, run: bytes) -> None:
        self.device = device
        self.run = run
        self._newest: dict[bytes, int] = {}

    def take(self, order: Order, facilities: Facilities | None, now: int) -> Accepted:
        """The command, which nobody can make it take again. `OrderRefused` says why it does not count."""
        try:
            body = _body.decode(order.body)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise OrderRefused(Outcome.UNREADABLE) from error
        key = load_p256(order.spki)
        console = None if facilities is None else facilities.console_of(order.certificate, order.spki)
        for outcome, holds in (
            (Outcome.NOT_REGISTERED, console is not None),
            (
                Outcome.NOT_SIGNED,
                key is not None and signature_holds(key, order.signature, _LABEL + order.body),
            ),
            (Outcome.NOT_FOR_THIS, (body.device, body.run) == (self.device, self.run)),
            (Outcome.EXPIRED, now <= body.expires <= now + LIFE + EARLY),
            (Outcome.ROLE, console is not None and console.may_order),
            (Outcome.REPLAYED, body.serial > self._newest.get(device_id(order.spki), 0)),
        ):
            if not holds:
                raise OrderRefused(outcome, body.serial)
        assert console is not None
        self._newest[console.device] = body.serial
        return Accepted(body.serial, body.command, console)
