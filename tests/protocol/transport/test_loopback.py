"""Pumps over links in one process: heartbeat, slow and dead peers, what overtakes and what is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from protocol.codec import encode
from protocol.errors import CloseCode, PeerFault
from protocol.messages import FloorAsked, Leave, Message, Now, Ping, Pong, Set
from protocol.outbox import Outbox
from protocol.presence import PointerAway
from protocol.registers import SetHold, ShowView
from protocol.transport.link import LinkClosed
from protocol.transport.loopback import LoopbackLink, loopback
from protocol.transport.pump import Encoder, Pump
from protocol.transport.settings import Deadlines
from protocol.transport.writer import HIGH_WATER
from protocol.values import Rect, View
from tests.protocol.transport.briefings import run

QUICK = Deadlines(ping=0.01, dead=0.1)
CALM = Deadlines(ping=600.0, dead=1_200.0)


class User:
    """Remembers what a pump told it; sends what its outbox holds."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.received: list[Message] = []
        self.trips: list[tuple[float, bool]] = []
        self.fault: PeerFault | None = None
        self.closed: LinkClosed | None = None
        self.news = asyncio.Event()

    def take(self, budget: int) -> Sequence[Message]:
        return self.outbox.take(budget)

    def receive(self, message: Message) -> None:
        self.received.append(message)
        self.news.set()
        if self.fault is not None:
            raise self.fault

    def round_trip(self, seconds: float, answered: bool) -> None:
        self.trips.append((seconds, answered))
        self.news.set()

    def link_over(self, closed: LinkClosed) -> None:
        self.closed = closed
        self.news.set()

    async def until(self, holds: object) -> None:
        async with asyncio.timeout(5):
            while not holds():  # type: ignore[operator]
                self.news.clear()
                await self.news.wait()


def pumps(deadlines: Deadlines) -> tuple[Pump, User, LoopbackLink, Pump, User, LoopbackLink]:
    owner_end, guest_end = loopback(27)
    owner, guest = User(), User()
    one, other = Pump(owner_end, owner, deadlines), Pump(guest_end, guest, deadlines)
    return one, owner, owner_end, other, guest, guest_end


def test_messages_arrive_encoded_and_in_order() -> None:
    async def test() -> None:
        one, owner, _, other, guest, _ = pumps(CALM)
        other.start()
        owner.outbox.put_every(FloorAsked())
        owner.outbox.put_latest("hold", Set(1, SetHold(True)))
        owner.outbox.put_latest("hold", Set(2, SetHold(False)))
        one.flush()
        one.say(Leave())
        await guest.until(lambda: len(guest.received) == 3)
        assert guest.received == [FloorAsked(), Set(2, SetHold(False)), Leave()]
        other.drop()
        one.drop()

    run(test)


def test_a_ping_is_answered_at_once_and_its_time_is_told() -> None:
    async def test() -> None:
        one, owner, _, other, guest, _ = pumps(QUICK)
        one.start()
        other.start()
        await owner.until(lambda: sum(answered for _, answered in owner.trips) >= 3)
        assert not [message for message in guest.received if isinstance(message, Ping | Pong)]
        one.drop()
        other.drop()

    run(test)


def test_a_silent_peer_is_told_slow_and_then_dead() -> None:
    async def test() -> None:
        one, owner, _, other, guest, guest_end = pumps(QUICK)
        guest_end.held = True
        one.start()
        other.start()
        await owner.until(lambda: owner.closed is not None)
        waited = [seconds for seconds, answered in owner.trips if not answered]
        assert waited == sorted(waited)
        assert owner.closed is not None
        assert owner.closed.ours
        await guest.until(lambda: guest.closed is not None)
        other.drop()

    run(test)


def test_a_slow_follower_gets_the_newest_view_and_no_stale_moment() -> None:
    """What waits behind a link that takes nothing is bounded: registers are replaced, moments dropped."""

    async def test() -> None:
        one, owner, owner_end, other, guest, _ = pumps(CALM)
        other.start()
        owner_end.held = True
        filler = Set(0, SetHold(True))
        while owner_end.waiting_bytes() < HIGH_WATER:
            one.say(filler)
        for n in range(1, 1_000):
            owner.outbox.put_latest("view", Set(n, ShowView(View(n, Rect(0, 0, 9, 9)))))
            owner.outbox.put_maybe("pointer", Now(0, n, PointerAway()))
            one.flush()
        assert owner_end.waiting_bytes() < HIGH_WATER + 1_000
        owner_end.release()
        await guest.until(lambda: any(getattr(message, "number", 0) == 999 for message in guest.received))
        behind = [message for message in guest.received if message != filler]
        assert behind == [Set(999, ShowView(View(999, Rect(0, 0, 9, 9))))]
        one.drop()
        other.drop()

    run(test)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"", CloseCode.PROTOCOL),
        (b"\xc0", CloseCode.PROTOCOL),
        (b"\x91" * 4_000, CloseCode.PROTOCOL),
        (encode(Leave())[:-1], CloseCode.PROTOCOL),
        (bytes(300 * 1024), CloseCode.SIZE),
    ],
)
def test_what_does_not_decode_ends_the_link(frame: bytes, code: CloseCode) -> None:
    async def test() -> None:
        one, owner, _, _, _, guest_end = pumps(CALM)
        one.start()
        guest_end.post(frame)
        guest_end.post(encode(Leave()))
        await owner.until(lambda: owner.closed is not None)
        assert owner.closed is not None
        assert (owner.closed.code, owner.closed.ours) == (code, True)
        assert owner.received == []
        with pytest.raises(LinkClosed) as closed:
            await guest_end.recv()
        assert closed.value.code == code

    run(test)


def test_a_peer_fault_ends_the_link_with_its_code_and_nothing_behind_it_counts() -> None:
    async def test() -> None:
        one, owner, _, other, guest, _ = pumps(CALM)
        owner.fault = PeerFault(CloseCode.ROLE, "not yours to send")
        one.start()
        other.start()
        other.say(FloorAsked())
        other.say(Leave())
        await guest.until(lambda: guest.closed is not None)
        assert owner.received == [FloorAsked()]
        assert guest.closed is not None
        assert guest.closed.code == CloseCode.ROLE

    run(test)


def test_one_fan_out_encodes_a_message_once() -> None:
    encoder = Encoder()
    message = Set(1, SetHold(True))
    assert encoder(message) is encoder(message)
    assert encoder(message).data == encode(message)
    first = encoder(message)
    encoder.clear()
    assert encoder(message) is not first
