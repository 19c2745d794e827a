"""What travels through a broker, which is trusted with nothing: each message itself proves who said it.

A display signs all it says with its device key, beside the facilities' word about that key, and echoes the
newest calls of consoles: only with a call of its own in it does a console take a message for fresh, and a
broker that keeps, repeats or invents messages makes nothing alive. Orders are those of `protocol.orders`.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from protocol.errors import KamizeroError
from protocol.facilities import (
    ConsoleCertificate,
    DeviceId,
    Facilities,
    RoomCertificate,
    Sign,
    device_id,
    load_p256,
    signature_holds,
)
from protocol.manage import LOG_LIMIT, Answered, Certificate, Run, SelfTest, Serial, Spki, Status
from protocol.values import Value

ROOT = "kamizero/1"
EVERY_STATUS = f"{ROOT}/display/+/status"
EVERY_TEST = f"{ROOT}/display/+/test"
EVERY_ROOM = f"{ROOT}/display/+/room"
EVERY_PULSE = f"{ROOT}/display/+/pulse"
EVERY_CALL = f"{ROOT}/console/+/call"
EVERY_REVOCATION = f"{ROOT}/console/+/revoked"
MESSAGE_LIMIT = 6 * LOG_LIMIT
"""Bytes: the longest is the answer to an order for a log."""
CALLS = 8
"""So many consoles are echoed."""
_SAID_LABEL = b"kamizero.v1 said by a display\0"
_CALL_LABEL = b"kamizero.v1 call of a console\0"

Nonce = Annotated[bytes, Meta(min_length=16, max_length=16)]
Address = Annotated[str, Meta(max_length=80)]


def status_topic(device: bytes) -> str:
    """Retained: how that display is, or that its link is gone."""
    return f"{ROOT}/display/{device.hex()}/status"


def test_topic(device: bytes) -> str:
    """Retained: what became of that display's self-test."""
    return f"{ROOT}/display/{device.hex()}/test"


def pulse_topic(device: bytes) -> str:
    """The run of that display, said every few seconds and kept by nobody."""
    return f"{ROOT}/display/{device.hex()}/pulse"


def whose_pulse(topic: str) -> bytes:
    """The device of a topic of that kind; `NotBelieved`."""
    try:
        return bytes.fromhex(topic.split("/")[3])
    except (ValueError, IndexError) as error:
        raise NotBelieved("a pulse of nobody") from error


def room_topic(device: bytes) -> str:
    """Retained: where that display is dialled by presenters."""
    return f"{ROOT}/display/{device.hex()}/room"


def call_topic(console: bytes) -> str:
    """Retained for a while: the newest call of that console; a display that comes later knows it at once."""
    return f"{ROOT}/console/{console.hex()}/call"


def revocation_topic(console: bytes) -> str:
    """Retained: the newest revocation list that this console knows."""
    return f"{ROOT}/console/{console.hex()}/revoked"


def order_topic(console: bytes, device: bytes) -> str:
    """Orders of that console for that display, each with its expiry."""
    return f"{ROOT}/console/{console.hex()}/order/{device.hex()}"


def answer_topic(console: bytes, device: bytes) -> str:
    """Answers of that display to the orders of that console (their response topic)."""
    return f"{ROOT}/console/{console.hex()}/answer/{device.hex()}"


def orders_for(device: bytes) -> str:
    """What that display listens to."""
    return f"{ROOT}/console/+/order/{device.hex()}"


def answers_for(console: bytes) -> str:
    """What that console listens to."""
    return f"{ROOT}/console/{console.hex()}/answer/+"


def kind_of(topic: str) -> str:
    """``call``, ``order``, ``status`` …: the fourth level of a topic of ours, "" of any other."""
    levels = topic.split("/")
    return levels[4] if len(levels) > 4 and topic.startswith(f"{ROOT}/") else ""


class Gone(Value, frozen=True, tag=220):
    """Its link to the broker is lost; left with the broker when the link begins (its last will)."""


class RoomHere(Value, frozen=True, tag=221):
    """Where a presenter may dial this display."""

    in_use: bool
    closed: bool
    addresses: Annotated[tuple[Address, ...], Meta(max_length=8)]


Word = Status | SelfTest | Answered | Gone | RoomHere


def topic_of(device: bytes, word: Word) -> str | None:
    """Where that display says this, retained; None: where the asker listens."""
    match word:
        case Status() | Gone():
            return status_topic(device)
        case SelfTest():
            return test_topic(device)
        case RoomHere():
            return room_topic(device)
        case Answered():
            return None


class SaidBody(Value, frozen=True):
    """What a display signs. ``serial`` grows within a run; ``calls``: the newest call of each console."""

    device: DeviceId
    run: Run
    serial: Serial
    calls: Annotated[tuple[Nonce, ...], Meta(max_length=CALLS)]
    word: Word


class Said(Value, frozen=True):
    """An encoded SaidBody, signed by the display's key (``spki``), which the facilities certified."""

    body: Annotated[bytes, Meta(max_length=MESSAGE_LIMIT)]
    signature: Annotated[bytes, Meta(max_length=80)]
    spki: Spki
    certificate: Certificate


class Call(Value, frozen=True):
    """A console asks every display to say how it is, and to echo this nonce from now on."""

    nonce: Nonce
    signature: Annotated[bytes, Meta(max_length=80)]
    spki: Spki
    certificate: Certificate


_encoder = msgspec.msgpack.Encoder()
_said = msgspec.msgpack.Decoder(Said)
_body = msgspec.msgpack.Decoder(SaidBody)
_call = msgspec.msgpack.Decoder(Call)


class NotBelieved(KamizeroError):
    """It does not read, or nobody of this house said it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a display of this house; whether it is fresh is the hearer's question."""

    body: SaidBody
    room: RoomCertificate


def sign_said(sign: Sign, spki: bytes, certificate: bytes, body: SaidBody) -> bytes:
    """The message as it travels."""
    data = _encoder.encode(body)
    return _encoder.encode(Said(data, sign(_SAID_LABEL + data), spki, certificate))


def sign_call(sign: Sign, spki: bytes, certificate: bytes, nonce: bytes) -> bytes:
    """The call as it travels."""
    return _encoder.encode(Call(nonce, sign(_CALL_LABEL + nonce), spki, certificate))


def read_said(frame: bytes, facilities: Facilities) -> Heard:
    """What a display said; `NotBelieved`."""
    try:
        said = _said.decode(frame)
        body = _body.decode(said.body)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise NotBelieved("does not read") from error
    key = load_p256(said.spki)
    room = facilities.room_of(said.certificate, said.spki)
    if key is None or room is None or body.device != device_id(said.spki):
        raise NotBelieved("not registered")
    if not signature_holds(key, said.signature, _SAID_LABEL + said.body):
        raise NotBelieved("not signed")
    return Heard(body, room)


def read_call(frame: bytes, facilities: Facilities) -> tuple[ConsoleCertificate, bytes]:
    """Which console calls, and its nonce; `NotBelieved`."""
    try:
        call = _call.decode(frame)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise NotBelieved("does not read") from error
    key = load_p256(call.spki)
    console = facilities.console_of(call.certificate, call.spki)
    if key is None or console is None:
        raise NotBelieved("not registered")
    if not signature_holds(key, call.signature, _CALL_LABEL + call.nonce):
        raise NotBelieved("not signed")
    return console, call.nonce


class Calls:
    """What a display echoes: the newest call of each of the last consoles that called."""

    def __init__(self) -> None:
        self._newest: dict[bytes, bytes] = {}

    def take(self, console: ConsoleCertificate, nonce: bytes) -> bool:
        """Whether it is another one than before."""
        if self._newest.pop(console.device, None) == nonce:
            self._newest[console.device] = nonce
            return False
        self._newest[console.device] = nonce
        while len(self._newest) > CALLS:
            del self._newest[next(iter(self._newest))]
        return True

    def all(self) -> tuple[bytes, ...]:
        return tuple(self._newest.values())


class Liveness:
    """What a console believes of displays that it hears through a broker. Seconds are monotonic.

    A message is fresh when it echoes this console's present call or the one before; it makes its display live
    for ``life``. Anything else only tells of a display that may be there.
    """

    def __init__(self, life: float) -> None:
        self._life = life
        self._calls: tuple[bytes, ...] = ()
        self._live: dict[bytes, tuple[bytes, int, float]] = {}
        """By device: run, newest serial, when it was last fresh."""

    def calling(self, nonce: bytes) -> None:
        """From now on this call is echoed."""
        self._calls = (nonce, *self._calls[:1])

    def is_live(self, device: bytes) -> bool:
        return device in self._live

    def run_of(self, device: bytes) -> bytes | None:
        """The run of a live display."""
        known = self._live.get(device)
        return None if known is None else known[0]

    def hear(self, body: SaidBody, now: float) -> bool:
        """Whether it is fresh and newer than all before; its display is live then."""
        if not set(self._calls).intersection(body.calls):
            return False
        run, serial, _ = self._live.get(body.device, (b"", -1, 0.0))
        if run == body.run and body.serial <= serial:
            return False
        self._live[body.device] = (body.run, body.serial, now)
        return True

    def gone(self, body: SaidBody) -> bool:
        """Its last will came; whether it was live in that run until now."""
        if self.run_of(body.device) != body.run:
            return False
        del self._live[body.device]
        return True

    def expired(self, now: float) -> Iterable[bytes]:
        """Those that have not been fresh for too long; they are not live any more."""
        return self.drop(device for device, (_, _, last) in self._live.items() if now - last > self._life)

    def clear(self) -> Iterable[bytes]:
        """The broker is away: nobody is live through it. Who was."""
        return self.drop(self._live)

    def drop(self, devices: Iterable[bytes]) -> Iterable[bytes]:
        """These are not live any more. Who of them was."""
        return [device for device in tuple(devices) if self._live.pop(device, None) is not None]


class Pulses:
    """Who of the live displays is missed, because its pulse has not come for ``patience`` seconds; monotonic.

    A pulse is signed by nobody and makes nothing alive (`Liveness`): it only shows sooner than a broker's
    last will that a link is dead. A display that has none is never missed here.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._last: dict[bytes, float] = {}
        self._missed: set[bytes] = set()

    def came(self, device: bytes, now: float) -> bool:
        """The pulse of a live display; whether that had been missed."""
        self._last[device] = now
        was_missed = device in self._missed
        self._missed.discard(device)
        return was_missed

    def heard(self, device: bytes, now: float) -> None:
        """It has said something else, just now."""
        if device in self._last:
            self.came(device, now)

    def is_missed(self, device: bytes) -> bool:
        return device in self._missed

    def late(self, now: float) -> list[bytes]:
        """Those that are missed from now on."""
        found = [each for each, last in self._last.items() if now - last > self._patience]
        late = [each for each in found if each not in self._missed]
        self._missed.update(late)
        return late

    def excuse(self, now: float) -> None:
        """Nobody was listened to for a while: everybody has the whole time again."""
        self._last = dict.fromkeys(self._last, now)

    def drop(self, device: bytes) -> None:
        """It is not live any more."""
        self._last.pop(device, None)
        self._missed.discard(device)
