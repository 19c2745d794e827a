"""What the network tells of mode manage: at a display, and at the facilities' console."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.facilities import Facilities
from protocol.manage import Enrol, Outcome, SelfTest, Status
from protocol.orders import Accepted
from protocol.transport.addresses import Endpoint
from protocol.transport.candidates import Candidate

# --- at the display -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderCame:
    """An order that counts; the program does it and answers with `Managed.answer(asker, …)`."""

    asker: int
    order: Accepted


@dataclass(frozen=True, slots=True)
class RevocationsCame:
    """A list of the facilities that told something new, to be kept. ``whole``: it names everybody who was
    named before, so that no other list need be kept."""

    frame: bytes
    number: int
    whole: bool


def revocations_in(frame: bytes, known: Facilities) -> RevocationsCame | None:
    """That list, if the facilities signed it and it tells anything new."""
    told = known.list_in(frame)
    if told is None or known.with_revocations(frame) is known:
        return None
    return RevocationsCame(frame, told.number, set(known.revoked.devices) <= set(told.devices))


@dataclass(frozen=True, slots=True)
class EnrolCame:
    """A console that typed the code says whose display this is; answered with `Enrolling.answer`."""

    enrol: Enrol


# --- at the console -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatusSeen:
    """A display says how it is. ``clock_off``: seconds that its clock is ahead of ours; ``endpoint`` None: it
    came through a broker."""

    device: bytes
    status: Status
    endpoint: Endpoint | None
    clock_off: int


@dataclass(frozen=True, slots=True)
class StatusKept:
    """How a display was when a broker last heard of it: it may be there."""

    device: bytes
    status: Status


@dataclass(frozen=True, slots=True)
class SelfTestSeen:
    """A display tells of its self-test."""

    device: bytes
    test: SelfTest


@dataclass(frozen=True, slots=True)
class Measured:
    """There and back to a display, in milliseconds."""

    device: bytes
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Silent:
    """The link to that display is gone; it is dialled again."""

    device: bytes


@dataclass(frozen=True, slots=True)
class AtBroker:
    """Whether the broker of the house is reached. While it is not, nothing is known of displays beyond."""

    up: bool


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order goes out, and will be answered under that serial; 0: the display is not there. ``key``: what
    the caller knows it by."""

    device: bytes
    serial: int
    key: object


@dataclass(frozen=True, slots=True)
class OrderAnswered:
    """What became of an order; ``outcome`` None: the link ended before an answer came."""

    device: bytes
    serial: int
    outcome: Outcome | None
    text: str


@dataclass(frozen=True, slots=True)
class Unregistered:
    """Somebody announces a display of that number and is refused: no certificate of these facilities."""

    number: int
    address: str


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """That display, as its key has shown, is there and does not take this console; it does not say why."""

    device: bytes


@dataclass(frozen=True, slots=True)
class Full:
    """That display serves as many consoles as it can, and this one not. ``number``, ``name``: by which the
    facilities have registered it."""

    device: bytes
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Copied:
    """A second machine has the key of that display, and was met at ``address``; "": it is there no longer."""

    device: bytes
    address: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The displays that announce themselves and are not for presenters, those to be enrolled among them."""

    candidates: tuple[Candidate, ...]


ManageEvent = (
    OrderCame
    | RevocationsCame
    | EnrolCame
    | StatusSeen
    | StatusKept
    | SelfTestSeen
    | Measured
    | Silent
    | AtBroker
    | Ordered
    | OrderAnswered
    | Unregistered
    | TurnedAway
    | Full
    | Copied
    | Waiting
)
