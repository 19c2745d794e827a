"""The wall's rendezvous against whoever dials it: floods, silence, wrong and old tokens, half of a word."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from protocol.messages import GuestWaiting
from protocol.transport import rendezvous as module
from protocol.transport.rendezvous import PREAMBLE, TOKEN, Rendezvous, Stream
from tests.protocol.transport.rooms import PATIENT, run

HELLO = b"\x16\x03\x01 as TLS begins"


@dataclass
class Caller:
    """Somebody with a stream to the rendezvous."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def over(self) -> bytes:
        """What comes until the stream ends, however it does."""
        try:
            return await self.reader.read()
        except ConnectionError:
            return b""

    def hang_up(self) -> None:
        self.writer.transport.abort()


@dataclass
class Meeting:
    """A rendezvous that listens, and what it told its presenter."""

    place: Rendezvous
    told: asyncio.Queue[GuestWaiting] = field(default_factory=asyncio.Queue)
    callers: list[Caller] = field(default_factory=list)

    async def dial(self, said: bytes = b"") -> Caller:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.place.port)
        caller = Caller(reader, writer)
        self.callers.append(caller)
        writer.write(said)
        return caller

    async def pair(self) -> tuple[Caller, Caller]:
        """A guest and its presenter, joined."""
        guest = await self.dial(HELLO)
        presenter = await self.dial(PREAMBLE + (await self.told.get()).token)
        assert await presenter.reader.readexactly(len(HELLO)) == HELLO
        return guest, presenter


@asynccontextmanager
async def meeting(**deadlines: float) -> AsyncIterator[Meeting]:
    told: asyncio.Queue[GuestWaiting] = asyncio.Queue()
    place = Rendezvous(("127.0.0.1",), 0, told.put_nowait, replace(PATIENT, **deadlines))
    place.want(True)
    await place.opened()
    made = Meeting(place, told)
    try:
        yield made
    finally:
        for caller in made.callers:
            caller.hang_up()
        await place.stop()


def test_two_streams_are_joined_byte_for_byte_and_end_together() -> None:
    async def look() -> None:
        async with meeting() as there:
            guest, presenter = await there.pair()
            waiting = "127.0.0.1"
            up, down = os.urandom(3_000_000), os.urandom(2_000_000)
            presenter.writer.write(down)
            guest.writer.write(up)
            got = await asyncio.gather(
                presenter.reader.readexactly(len(up)), guest.reader.readexactly(len(down))
            )
            assert got == [up, down]
            assert there.place.pairs
            assert {stream.source for stream in there.place.pairs} == {waiting}
            guest.writer.write(b"the last word")
            guest.writer.close()
            assert await presenter.over() == b"the last word"
            assert not there.place.pairs

    run(look())


def test_what_a_presenter_says_right_behind_its_token_belongs_to_the_guest() -> None:
    async def look() -> None:
        async with meeting() as there:
            guest = await there.dial(HELLO)
            told = await there.told.get()
            assert (told.source, told.port) == ("127.0.0.1", there.place.port)
            await there.dial(PREAMBLE + told.token + b"\x16 and on")
            assert await guest.reader.readexactly(8) == b"\x16 and on"

    run(look())


def test_a_slow_reader_stops_the_writer_instead_of_filling_the_walls_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def look() -> None:
        full, pause = asyncio.Event(), Stream.pause_writing
        read_on: list[bool] = []

        def pause_writing(stream: Stream) -> None:
            pause(stream)
            assert stream._other is not None
            read_on.append(stream._other._transport.is_reading())
            full.set()

        monkeypatch.setattr(Stream, "pause_writing", pause_writing)
        async with meeting() as there:
            guest, presenter = await there.pair()
            presenter.writer.write(bytes(30_000_000))
            await full.wait()
            (stream,) = there.place.pairs
            assert stream._transport.get_write_buffer_size() < 1_000_000
            assert await guest.reader.readexactly(30_000_000) == bytes(30_000_000)
            assert not any(read_on)

    run(look())


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="HTTP"),
        pytest.param(PREAMBLE + bytes(TOKEN), id="a wrong token"),
        pytest.param(PREAMBLE[:-1] + b"x" + bytes(TOKEN), id="nearly the preamble"),
        pytest.param(b"\x00" * 10_000, id="noise"),
        pytest.param(b"\x15\x03\x01", id="another kind of TLS record"),
    ],
)
def test_who_is_neither_guest_nor_presenter_gets_no_word_and_no_guest(said: bytes) -> None:
    async def attack() -> None:
        async with meeting() as there:
            guest = await there.dial(HELLO)
            token = (await there.told.get()).token
            assert await (await there.dial(said)).over() == b""
            presenter = await there.dial(PREAMBLE + token)
            assert await presenter.reader.readexactly(len(HELLO)) == HELLO
            assert not guest.reader.at_eof()

    run(attack())


def test_a_token_is_good_once_and_only_for_its_guest() -> None:
    async def attack() -> None:
        async with meeting() as there:
            first, second = await there.dial(HELLO + b" first"), await there.dial(HELLO + b" second")
            tokens = [(await there.told.get()).token for _ in (first, second)]
            presenter = await there.dial(PREAMBLE + tokens[1])
            assert (await presenter.reader.readexactly(len(HELLO) + 7)).endswith(b"second")
            assert await (await there.dial(PREAMBLE + tokens[1])).over() == b""
            first.hang_up()
            late = await there.dial(PREAMBLE + tokens[0])
            late.writer.close()
            assert not (await late.over()).endswith(b"second")

    run(attack())


@pytest.mark.parametrize(
    "said", [b"", PREAMBLE[:9], PREAMBLE, PREAMBLE + bytes(TOKEN - 1)], ids=("silence", "9", "23", "54")
)
def test_who_stops_in_the_middle_is_dropped(said: bytes) -> None:
    async def attack() -> None:
        async with meeting(step=0.1) as there:
            assert await (await there.dial(said)).over() == b""
            assert len(there.place.strangers) == 0

    run(attack())


def test_a_guest_whose_presenter_does_not_come_is_dropped_and_its_token_is_void() -> None:
    async def attack() -> None:
        async with meeting(rendezvous=0.1, step=1_000.0) as there:
            guest = await there.dial(HELLO)
            token = (await there.told.get()).token
            assert await guest.over() == b""
            assert there.place.waiting == 0
            assert await (await there.dial(PREAMBLE + token)).over() == b""

    run(attack())


def test_eight_wait_the_others_stand_outside_and_follow_one_by_one() -> None:
    async def look() -> None:
        async with meeting() as there:
            for _ in range(12):
                await there.dial(HELLO)
            told = [await there.told.get() for _ in range(8)]
            assert there.place.waiting == 8
            presenter = await there.dial(PREAMBLE + told[0].token)
            await presenter.reader.readexactly(len(HELLO))
            told.append(await there.told.get())
            presenter = await there.dial(PREAMBLE + told[5].token)
            told.append(await there.told.get())
            assert there.told.empty()
            assert there.place.waiting == 8

    run(look())


def test_when_one_who_waited_is_dropped_the_next_gets_its_place() -> None:
    async def look() -> None:
        async with meeting(rendezvous=0.2) as there:
            for _ in range(9):
                await there.dial(HELLO)
            for _ in range(8):
                await there.told.get()
            await there.told.get()

    run(look())


def test_who_waits_has_a_pair_to_come_and_the_next_stands_outside() -> None:
    async def attack() -> None:
        async with meeting() as there:
            pairs = [await there.pair() for _ in range(63)]
            guests = [await there.dial(HELLO) for _ in range(2)]
            token = (await there.told.get()).token
            presenter = await there.dial(PREAMBLE + token)
            assert await presenter.reader.readexactly(len(HELLO)) == HELLO
            assert there.told.empty() and there.place.waiting == 0
            assert len(there.place.pairs) == 64
            pairs[0][0].hang_up()
            assert (await there.told.get()).token
            assert not guests[1].reader.at_eof()

    run(attack())


def test_the_sixty_fifth_pair_waits_outside_until_one_ends_and_not_for_ever() -> None:
    async def attack() -> None:
        async with meeting(step=1.0) as there:
            pairs = [await there.pair() for _ in range(64)]
            late, next_one = await there.dial(HELLO), await there.dial(HELLO)
            assert there.told.empty()
            pairs[7][1].hang_up()
            presenter = await there.dial(PREAMBLE + (await there.told.get()).token)
            assert await presenter.reader.readexactly(len(HELLO)) == HELLO
            assert await next_one.over() == b""
            assert not late.reader.at_eof() and there.told.empty()

    run(attack())


def test_through_a_flood_of_silence_a_guest_and_its_presenter_still_meet() -> None:
    async def attack() -> None:
        async with meeting() as there:
            for _ in range(200):
                await there.dial()
            await there.pair()
            assert len(there.place.strangers) <= module.STRANGERS

    run(attack())


def test_a_flood_of_guests_of_one_address_is_told_to_the_presenter_only_so_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "is_loopback", lambda source: False)
    monkeypatch.setattr(module, "GUESTS_OF_A_SOURCE", (5, 1_000.0))

    async def attack() -> None:
        async with meeting() as there:
            for _ in range(4):
                (await there.dial(HELLO)).writer.write(b"")
                await there.told.get()
            fifth = await there.dial(HELLO)
            assert await (await there.dial(HELLO)).over() == b""
            assert there.place.waiting == 4, "four of one address wait at most"
            assert there.told.empty()
            assert not fifth.reader.at_eof()

    run(attack())


def test_closed_it_takes_nobody_and_leaves_the_joined_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINGER", 0.2)

    async def look() -> None:
        async with meeting() as there:
            guest, presenter = await there.pair()
            waiting = await there.dial(HELLO)
            await there.told.get()
            port = there.place.port
            there.place.want(False)
            assert await waiting.over() == b""
            with pytest.raises(ConnectionError):
                await asyncio.open_connection("127.0.0.1", port)
            presenter.writer.write(b"End")
            assert await guest.reader.readexactly(3) == b"End"
            assert await guest.over() == b""
            there.place.want(True)
            await there.place.opened()
            assert there.place.port == port, "guests come back to where it was"

    run(look())


def test_every_address_has_the_same_port_and_one_that_cannot_be_had_is_left_out() -> None:
    async def look() -> None:
        place = Rendezvous(("127.0.0.2", "192.0.2.1", "127.0.0.1"), 0, lambda waiting: None, PATIENT)
        place.want(True)
        await place.opened()
        for address in ("127.0.0.1", "127.0.0.2"):
            _, writer = await asyncio.open_connection(address, place.port)
            writer.transport.abort()
        await place.stop()

    run(look())
