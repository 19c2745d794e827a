"""Bad frames against a real listener (docs/bad-input.md, rows 7, 11-23, 28, 29, 32, 34, 35)."""

from __future__ import annotations

import asyncio
import os
import struct
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from spake2.ed25519_basic import Base

from protocol.codec import encode
from protocol.messages import Chunk
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.pairing_messages import Guess, Mode
from protocol.transport.handshake import CodeEvent, NoAnswer
from protocol.transport.link import LinkClosed
from protocol.values import Role
from tests.protocol.elements import BAD_ELEMENTS
from tests.protocol.handshakes import device as key_of
from tests.protocol.handshakes import seeded
from tests.protocol.test_codec import BULK, CONTROL
from tests.protocol.test_pairing import BAD_HELLOS
from tests.protocol.transport.raw_peer import BINARY, CLOSE, CONT, PING, TEXT, RawPeer, hello
from tests.protocol.transport.rooms import PATIENT, Room, room, run

SHORT = replace(PATIENT, step=0.15)
A_GUESS = msgspec.msgpack.encode(
    Guess((b"A" + Base.scalarmult(5).to_bytes(), b"A" + Base.scalarmult(7).to_bytes()))
)


# --- rows 7, 11-18, 32: the first frame -------------------------------------------------------------------


async def first_frame(kiosk: Room, opcode: int, payload: bytes) -> int:
    peer = await RawPeer.upgraded(kiosk.port)
    await peer.send(opcode, payload)
    code = await peer.close_code()
    await peer.hang_up()
    return code


# These need the listener's key or nonce, or are too long for a first frame; they have rows of their own.
ELSEWHERE = ("own key back", "own nonce back", "nested 4,000 deep inside")


@pytest.mark.parametrize("name", [name for name in BAD_HELLOS if name not in ELSEWHERE])
@pytest.mark.bad_input(row=12)
@pytest.mark.bad_input(row=13)
@pytest.mark.bad_input(row=14)
@pytest.mark.bad_input(row=15)
@pytest.mark.bad_input(row=16)
@pytest.mark.bad_input(row=18)
def test_a_bad_hello_closes_with_4401_and_gets_no_hello_back(name: str, tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            peer = await RawPeer.upgraded(kiosk.port)
            await peer.send(BINARY, BAD_HELLOS[name]())
            opcode, payload = await peer.receive()
            assert (opcode, payload) == (CLOSE, struct.pack("!H", 4401) + b"auth")
            await peer.hang_up()
            assert kiosk.events == []

    run(attack())


@pytest.mark.bad_input(row=7)
@pytest.mark.bad_input(row=11)
@pytest.mark.bad_input(row=14)
@pytest.mark.bad_input(row=17)
def test_other_first_frames_close_with_their_codes(tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            reflected = hello(spki=kiosk.kiosk.device.spki)
            chunk = msgspec.msgpack.encode(Chunk(bytes(32), 0, b"%PDF"))
            newer = msgspec.msgpack.encode([192, 2, 9, "of later"])
            assert await first_frame(kiosk, BINARY, bytes(4_097)) == 1009
            assert await first_frame(kiosk, BINARY, hello() + bytes(4_096)) == 1009
            assert await first_frame(kiosk, TEXT, b"hello") == 4400
            assert await first_frame(kiosk, BINARY, reflected) == 4401
            assert await first_frame(kiosk, BINARY, hello(role=Role.DISPLAY)) == 4401
            assert await first_frame(kiosk, BINARY, hello(mode=Mode.RESUME)) == 4401
            assert await first_frame(kiosk, BINARY, hello(mode=Mode.BULK)) == 4401
            assert await first_frame(kiosk, BINARY, chunk) == 4401
            peer = await RawPeer.upgraded(kiosk.port)
            await peer.send(BINARY, newer)
            opcode, ours = await peer.receive()
            assert (opcode, msgspec.msgpack.decode(ours)[1:3]) == (BINARY, [1, 1])
            assert await peer.close_code() == 4426
            await peer.hang_up()
            assert kiosk.events == []

    run(attack())


@pytest.mark.bad_input(row=32)
def test_no_message_of_a_briefing_is_heard_before_the_handshake(tmp_path: Path) -> None:
    """Row 32, with every kind of message there is."""

    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            frames = [encode(message) for message in (*CONTROL, *BULK)]
            short = [frame for frame in frames if len(frame) <= 4_096]
            assert len(short) > 30
            for frame in short:
                assert await first_frame(kiosk, BINARY, frame) == 4401
            assert kiosk.events == []

    run(attack())


# --- rows 20-23: guesses ----------------------------------------------------------------------------------


async def after_hello(kiosk: Room, payload: bytes) -> tuple[int, bytes]:
    """The first frame that comes back for ``payload`` sent behind a good HELLO."""
    peer = await RawPeer.upgraded(kiosk.port)
    await peer.send(BINARY, hello())
    assert (await peer.receive())[0] == BINARY
    await peer.send(BINARY, payload)
    answer = await peer.receive()
    await peer.hang_up()
    return answer


def wrong_guesses(kiosk: Room) -> int:
    assert kiosk.kiosk.codes is not None
    return kiosk.kiosk.codes.wrong_guesses(asyncio.get_running_loop().time())


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"", id="empty"),
        pytest.param(A_GUESS[:-1], id="cut"),
        pytest.param(msgspec.msgpack.encode(Chunk(bytes(32), 0, b"%PDF")), id="a paper's bytes"),
        *(
            pytest.param(msgspec.msgpack.encode([193, [element, element]]), id=name)
            for name, element in BAD_ELEMENTS.items()
        ),
    ],
)
@pytest.mark.bad_input(row=22)
def test_a_bad_guess_closes_with_4401_and_is_counted(payload: bytes, tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            assert await after_hello(kiosk, payload) == (CLOSE, struct.pack("!H", 4401) + b"auth")
            assert wrong_guesses(kiosk) == 1
            assert kiosk.events[:2] == ["greeted", CodeEvent.WRONG]

    run(attack())


@pytest.mark.bad_input(row=20)
def test_a_wrong_code_is_refused_counted_and_leaves_the_code_on_the_wall(tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            code = kiosk.code
            greeted = await kiosk.dialled()
            with pytest.raises(HandshakeRefused) as refused:
                await greeted.prove_code("x" * 6)
            assert refused.value.why is Why.REFUSED
            assert wrong_guesses(kiosk) == 1
            assert kiosk.code == code
            await kiosk.paired()

    run(attack())


@pytest.mark.bad_input(row=21)
def test_a_link_that_is_dropped_after_its_guess_is_counted(tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            opcode, _ = await after_hello(kiosk, A_GUESS)
            assert opcode == BINARY
            assert isinstance(await kiosk.failures.get(), NoAnswer)
            assert wrong_guesses(kiosk) == 1

    run(attack())


def test_the_guess_is_counted_before_anything_is_computed(tmp_path: Path) -> None:
    async def attack() -> None:
        seen: list[int] = []

        def entropy(size: int) -> bytes:
            assert kiosk.kiosk.codes is not None
            seen.append(len(kiosk.kiosk.codes._tested))
            return os.urandom(size)

        async with room(tmp_path, entropy=entropy) as kiosk:
            await after_hello(kiosk, A_GUESS)
            assert seen[0] == 0  # the nonce of the HELLO
            assert set(seen[1:]) == {1}

    run(attack())


def test_the_fourth_guess_of_a_source_within_a_minute_is_refused_even_with_the_right_code(
    tmp_path: Path,
) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            for _ in range(3):
                assert (await after_hello(kiosk, A_GUESS))[0] == BINARY
            greeted = await kiosk.dialled()
            with pytest.raises(HandshakeRefused):
                await greeted.prove_code(kiosk.code)
            assert wrong_guesses(kiosk) == 3

    run(attack())


def test_the_answer_waits_for_its_fixed_moment_whether_the_guess_was_good_or_bad(tmp_path: Path) -> None:
    """The floor is injected so long that the answer cannot come by accident; the order of events tells."""

    async def attack() -> None:
        floors = replace(PATIENT, answer_floor=0.25)
        async with room(tmp_path, deadlines=floors) as kiosk:
            loop = asyncio.get_running_loop()
            for payload in (A_GUESS, b"", A_GUESS, b"the fourth of this source"):
                order: list[str] = []
                timer = loop.call_later(0.2, order.append, "nearly the floor")
                await after_hello(kiosk, payload)
                order.append("answer")
                assert order == ["nearly the floor", "answer"]
                timer.cancel()

    run(attack())


@pytest.mark.bad_input(row=23)
def test_a_recorded_pairing_replayed_is_refused_and_counted(tmp_path: Path) -> None:
    async def attack() -> None:
        fixed = seeded(11)
        async with room(tmp_path) as kiosk:
            sent: list[bytes] = []
            greeted = await kiosk.dialled(party=replace(kiosk.presenter, entropy=fixed))
            connection = greeted._wire.connection
            send = connection.send

            async def recorded(message: bytes) -> None:
                sent.append(message)
                await send(message)

            connection.send = recorded
            link = await greeted.prove_code(kiosk.code)
            await link.close()
            peer = await RawPeer.upgraded(kiosk.port)
            await peer.send(BINARY, hello(key_of("presenter")))
            assert (await peer.receive())[0] == BINARY
            for message in sent:
                await peer.send(BINARY, message)
            assert await peer.close_code() == 4401
            await peer.hang_up()
            assert wrong_guesses(kiosk) == 1

    run(attack())


# --- rows 28-29: resuming what is no more -----------------------------------------------------------------


@pytest.mark.parametrize("mode", [Mode.RESUME, Mode.BULK])
@pytest.mark.bad_input(row=28)
@pytest.mark.bad_input(row=29)
def test_after_the_end_or_a_power_cut_only_the_code_helps(mode: Mode, tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            ours, _ = await kiosk.paired()
            await ours.close()
            secret = kiosk.secrets.pop(kiosk.presenter.device.device_id)
            keeper = replace(kiosk.presenter, secret_for=lambda peer: secret)
            with pytest.raises(HandshakeRefused) as refused:
                await kiosk.dialled(mode, keeper)
            assert refused.value.why is Why.REFUSED
            again, _ = await kiosk.paired()
            await again.close()

    run(attack())


@pytest.mark.bad_input(row=29)
def test_the_secret_of_an_older_session_is_refused(tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            ours, _ = await kiosk.paired()
            await ours.close()
            keeper = replace(kiosk.presenter, secret_for=lambda peer: b"old" + bytes(29))
            greeted = await kiosk.dialled(Mode.RESUME, keeper)
            with pytest.raises(HandshakeRefused):
                await greeted.prove_secret()
            assert isinstance(await kiosk.failures.get(), HandshakeRefused)

    run(attack())


# --- rows 34-35: after authentication, in both directions -------------------------------------------------


BEHIND = b"\x91\x00"


@pytest.mark.parametrize("towards_kiosk", [True, False])
@pytest.mark.parametrize(
    ("frames", "code"),
    [
        pytest.param([(BINARY, bytes(256 * 1024 + 1), True)], 1009, id="over 256 KiB"),
        pytest.param([(BINARY, bytes(300 * 1024), True)], 1009, id="300 KiB"),
        pytest.param([(BINARY, b"a", False), (CONT, b"b", True)], 1009, id="fragments"),
        pytest.param([(PING, b"", True)] * 21, 4400, id="21 pings in a second"),
        pytest.param([(TEXT, b"{}", True)], 4400, id="text"),
        pytest.param([(TEXT, b"\xff", True)], 4400, id="text that is none"),
    ],
)
@pytest.mark.bad_input(row=34)
@pytest.mark.bad_input(row=35)
def test_an_authenticated_peer_that_breaks_the_framing_is_closed_and_nothing_behind_it_is_heard(
    frames: list[tuple[int, bytes, bool]], code: int, towards_kiosk: bool, tmp_path: Path
) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            ours, theirs = await kiosk.paired()
            attacker, victim = (ours, theirs) if towards_kiosk else (theirs, ours)
            protocol = attacker._connection.protocol
            for opcode, payload, fin in frames:
                send_raw(protocol, opcode, payload, fin)
            send_raw(protocol, BINARY, BEHIND, True)
            attacker._connection.send_data()
            with pytest.raises(LinkClosed) as closed:
                await victim.recv()
            assert (closed.value.code, closed.value.ours) == (code, True)
            with pytest.raises(LinkClosed) as closed:
                await attacker.recv()
            assert (closed.value.code, closed.value.ours) == (code, False)

    run(attack())


def send_raw(protocol, opcode: int, payload: bytes, fin: bool) -> None:
    from websockets.frames import Frame, Opcode

    protocol.send_frame(Frame(Opcode(opcode), payload, fin))


def test_twenty_pings_and_a_message_of_256_kib_are_fine(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            ours, theirs = await kiosk.paired()
            for _ in range(20):
                send_raw(ours._connection.protocol, PING, b"", True)
            await ours.send(bytes(256 * 1024))
            assert len(await theirs.recv()) == 256 * 1024
            await ours.close()

    run(look())


def test_large_messages_are_taken_from_the_first_moment_of_both_ends(tmp_path: Path) -> None:
    """Each end may send 256 KiB as soon as it holds its link, even in one piece with the handshake's end."""

    async def look() -> None:
        async with room(tmp_path) as kiosk:
            greeted = await kiosk.dialled()
            ours = await greeted.prove_code(kiosk.code)
            ours.post(bytes(200_000))
            theirs = await kiosk.links.get()
            theirs.post(bytes(200_001))
            assert (len(await theirs.recv()), len(await ours.recv())) == (200_000, 200_001)
            await ours.close()

    run(look())
