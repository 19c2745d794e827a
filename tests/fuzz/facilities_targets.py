"""Targets of what the facilities' consoles and brokers bring, and their seeds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from protocol.by_broker import (
    Gone,
    NotBelieved,
    RoomHere,
    SaidBody,
    read_call,
    read_said,
    sign_call,
    sign_said,
    whose_pulse,
)
from protocol.codec import as_json, decode_manage, encode
from protocol.errors import PeerFault
from protocol.facilities import device_id
from protocol.manage import (
    MARK,
    Announced,
    AnnounceRollout,
    Answered,
    ChangeSettings,
    Check,
    CheckResult,
    FetchSettings,
    Hindrance,
    Identify,
    Notice,
    Order,
    OrderBody,
    Outcome,
    Phase,
    Revocations,
    SelfTest,
    Setting,
    Verdict,
)
from protocol.orders import OrderRefused, Orders, sign_order
from tests.fuzz.pieces import joined, split
from tests.kiosk.fleet_rooms import status
from tests.protocol.handshakes import certificate_for, console_certificate, device, facilities

FACILITIES = facilities()
RUN, ORDERED = b"r" * 16, device_id(device("kiosk").spki)


def manage(data: bytes) -> None:
    """Frames of a link in mode manage; behind an odd byte a body, which the console signs whatever it is."""
    orders, holder = Orders(ORDERED, RUN), device("console")
    for each in split(data):
        who, body = each[:1], each[1:]
        try:
            message = decode_manage(body)
        except PeerFault:
            message = None
        if message is not None:
            as_json(message)
            assert decode_manage(encode(message)) == message
        if who == b"\1":
            signature = holder.sign(b"kamizero.v1 order\0" + body)
            message = Order(body, signature, holder.spki, console_certificate(holder))
        if isinstance(message, Order):
            with contextlib.suppress(OrderRefused):
                taken = orders.take(message, FACILITIES, 1_000)
                assert taken.console.device == device_id(holder.spki)
                assert _again(orders, message) is Outcome.REPLAYED


def _again(orders: Orders, order: Order) -> Outcome:
    try:
        orders.take(order, FACILITIES, 1_000)
    except OrderRefused as refused:
        return refused.outcome
    return Outcome.DONE


def manage_seeds() -> Iterator[bytes]:
    holder = device("console")
    for command in (
        Identify(5),
        Notice("停電", 5, True),
        ChangeSettings((Setting("room.name", "x"), Setting("network.own_networks", ("10.0.0.0/8",))), False),
        ChangeSettings((Setting("display.touch", None),), False, bytes(MARK)),
        FetchSettings(),
        AnnounceRollout(120, 900, True, 6, 80),
    ):
        body = OrderBody(ORDERED, RUN, 1, 1_020, command)
        order = sign_order(holder.sign, holder.spki, console_certificate(holder), body)
        yield joined([b"\0" + encode(order), b"\1" + order.body])
    yield joined([b"\0" + encode(Revocations(b"x")), b"\0" + encode(Answered(1, Outcome.DONE, "text"))])
    rollouts = (Announced("管財課", bytes(32), 900, 1_020, True, 6, 80),)
    about = {"run": RUN, "on_trial": True, "returned": 800, "rollouts": rollouts}
    told = status(27, "第三会議室", "本庁舎 3階", 1_000_000, **about)
    yield joined([b"\0" + encode(told)])
    found = CheckResult(Check.DISK, Verdict.LOOK, 400)
    yield joined([b"\0" + encode(SelfTest(Phase.DONE, Hindrance.NOTHING, 900, 1_000, (found,)))])


def broker(data: bytes) -> None:
    """What a broker brings to a console, to a display and to a presenter."""
    for piece in split(data):
        for read in (read_said, read_call):
            with contextlib.suppress(NotBelieved):
                read(piece, FACILITIES)
        with contextlib.suppress(NotBelieved):
            whose_pulse(piece.decode("utf-8", "replace"))


def broker_seeds() -> Iterator[bytes]:
    wall, desk = device("kiosk"), device("console")
    here = RoomHere(True, False, ("10.1.6.27:47400",))
    for word in (here, Gone(), Answered(1, Outcome.DONE, "text")):
        body = SaidBody(device_id(wall.spki), RUN, 1, (bytes(16),), word)
        yield joined([sign_said(wall.sign, wall.spki, certificate_for(wall), body)])
    yield joined([sign_call(desk.sign, desk.spki, console_certificate(desk), bytes(16))])
