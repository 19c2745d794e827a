"""Bad inputs below the frames, against a real listener (docs/bad-input.md, rows 1-6 and 8-10)."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import msgspec
import pytest
from spake2.ed25519_basic import Base

from protocol.pairing_messages import Guess
from protocol.transport.gate import Gate, Visitor
from protocol.transport.settings import Deadlines
from tests.protocol.transport.raw_peer import (
    BINARY,
    CLOSE,
    RawPeer,
    client_tls,
    frame,
    hello,
    request,
)
from tests.protocol.transport.rooms import PATIENT, room, run

SHORT = replace(PATIENT, step=0.3)
A_GUESS = msgspec.msgpack.encode(
    Guess((b"A" + Base.scalarmult(5).to_bytes(), b"A" + Base.scalarmult(7).to_bytes()))
)


def test_the_deadlines_are_those_of_the_design() -> None:
    ours = Deadlines()
    assert (ours.step, ours.handshake, ours.answer_floor) == (5.0, 15.0, 0.05)
    assert (ours.ping, ours.dead, ours.unstarted, ours.wipe) == (2.0, 5.0, 180.0, 900.0)
    assert (ours.takeover_question, ours.takeover_dead) == (15.0, 10.0)
    assert (ours.code_life, ours.former_code_life) == (600.0, 60.0)


# --- rows 1-6: what is not TLS 1.3 with our WebSocket on it ---------------------------------------------


@pytest.mark.bad_input(row=1)
def test_plain_http_to_the_tls_port_gets_no_reply(tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            peer = await RawPeer.tcp(kiosk.port)
            peer.writer.write(request())
            assert await peer.rest() == b""
            await peer.hang_up()
            assert kiosk.events == []

    run(attack())


@pytest.mark.bad_input(row=2)
def test_tls_1_2_is_refused_with_an_alert(tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            with pytest.raises(ssl.SSLError, match=r"(?i)protocol version"):
                await RawPeer.tls(kiosk.port, client_tls(ssl.TLSVersion.TLSv1_2))

    run(attack())


def test_a_listener_gives_no_session_tickets(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            peer = await RawPeer.upgraded(kiosk.port)
            session = peer.writer.get_extra_info("ssl_object").session
            assert peer.writer.get_extra_info("ssl_object").version() == "TLSv1.3"
            assert session is None or not session.has_ticket
            await peer.hang_up()

    run(look())


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(request(Sec_WebSocket_Protocol=None), 400, id="no subprotocol"),
        pytest.param(request(Sec_WebSocket_Protocol="kamizero.v2"), 400, id="other subprotocol"),
        pytest.param(request(Origin="null"), 403, id="Origin null"),
        pytest.param(request(Origin="https://kamizero.v1"), 403, id="Origin"),
        pytest.param(request("/", Upgrade=None, Connection=None), 426, id="GET /"),
        pytest.param(request("/", "POST"), 405, id="POST /"),
        pytest.param(request("/k2"), 403, id="wrong path"),
        pytest.param(request("/k1/"), 403, id="path with more"),
        pytest.param(request("/k1?x=1"), 403, id="path with query"),
    ],
)
@pytest.mark.bad_input(row=3)
@pytest.mark.bad_input(row=4)
@pytest.mark.bad_input(row=5)
def test_http_that_is_not_ours_is_answered_without_saying_who_we_are(
    sent: bytes, status: int, tmp_path: Path
) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            peer = await RawPeer.tls(kiosk.port)
            response = await peer.http(sent)
            assert response.startswith(b"HTTP/1.1 %d " % status)
            assert b"\r\nserver:" not in response.lower()
            await peer.hang_up()
            assert kiosk.events == []

    run(attack())


@pytest.mark.bad_input(row=6)
def test_compression_is_not_negotiated(tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            peer = await RawPeer.tls(kiosk.port)
            response = await peer.http(request(Sec_WebSocket_Extensions="permessage-deflate"))
            assert response.startswith(b"HTTP/1.1 101")
            assert b"extensions" not in response.lower()
            await peer.hang_up()

    run(attack())


def test_an_upgrade_in_one_piece_with_the_end_of_tls_is_understood(tmp_path: Path) -> None:
    """What a client sends behind its last TLS handshake message arrives before asyncio says TLS is up."""

    async def look() -> None:
        async with room(tmp_path) as kiosk:
            peer = await RawPeer.tcp(kiosk.port)
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = client_tls().wrap_bio(incoming, outgoing)
            with pytest.raises(ssl.SSLWantReadError):
                tls.do_handshake()
            peer.writer.write(outgoing.read())
            while True:
                incoming.write(await peer.reader.read(65_536))
                try:
                    tls.do_handshake()
                except ssl.SSLWantReadError:
                    continue
                break
            tls.write(request())
            peer.writer.write(outgoing.read())
            response = b""
            while not response:
                incoming.write(await peer.reader.read(65_536))
                try:
                    response = tls.read(4_096)
                except ssl.SSLWantReadError:
                    continue
            assert response.startswith(b"HTTP/1.1 101")
            await peer.hang_up()

    run(look())


class WatchedGate(Gate):
    """``left``: somebody has left the door since it was cleared."""

    def __init__(self) -> None:
        super().__init__()
        self.left = asyncio.Event()

    def leave(self, visitor: Visitor) -> None:
        super().leave(visitor)
        self.left.set()


def test_strangers_write_nothing_into_our_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever is on the network could fill the disk of a room's display with it."""
    caplog.set_level(logging.INFO)

    async def attack() -> None:
        gate = WatchedGate()
        async with room(tmp_path, gate=gate) as kiosk:
            for sent in (request("/k2"), b"x" * 100_000, request("/", "POST")):
                peer = await RawPeer.tls(kiosk.port)
                peer.writer.write(sent)
                await peer.rest()
                await peer.hang_up()
            peer = await RawPeer.upgraded(kiosk.port)
            await peer.send(BINARY, b"hello")
            await peer.close_code()
            await peer.hang_up()
            # A frame may come before the answer: one that ends the connection, whose end of TLS waits, too.
            for asked, early in product((request("/k2"), request()), (frame(CLOSE, b""), b"\x82\x00")):
                gate.left.clear()
                peer = await RawPeer.tls(kiosk.port)
                peer.writer.transport.pause_reading()
                peer.writer.write(asked + early)
                await gate.left.wait()
                await peer.hang_up()

    run(attack())
    assert caplog.messages == []


# --- rows 8-10: slow and silent ones ----------------------------------------------------------------------


async def silent_tcp(port: int) -> RawPeer:
    return await RawPeer.tcp(port)


async def silent_tls(port: int) -> RawPeer:
    return await RawPeer.tls(port)


async def dripping_header(port: int) -> RawPeer:
    """One byte of the header at a time, ten of them in each step's time, for as long as they are taken."""
    peer = await RawPeer.tls(port)

    async def drip() -> None:
        for byte in request(X_Padding="x" * 10_000):
            peer.writer.write(bytes([byte]))
            await asyncio.wait([over], timeout=SHORT.step / 10)
            if over.done():
                over.exception()  # an end or a reset: dropped is dropped
                return

    over = asyncio.ensure_future(peer.reader.read(1))
    await drip()
    return peer


async def silent_websocket(port: int) -> RawPeer:
    return await RawPeer.upgraded(port)


async def hello_then_silence(port: int) -> RawPeer:
    peer = await RawPeer.upgraded(port)
    await peer.send(BINARY, hello())
    opcode, _ = await peer.receive()
    assert opcode == BINARY
    return peer


@pytest.mark.parametrize(
    "stranger", [silent_tcp, silent_tls, dripping_header, silent_websocket, hello_then_silence]
)
@pytest.mark.bad_input(row=8)
@pytest.mark.bad_input(row=9)
@pytest.mark.bad_input(row=10)
def test_who_makes_no_step_in_time_is_dropped_and_leaves_the_door(
    stranger: Callable[[int], Awaitable[RawPeer]], tmp_path: Path
) -> None:
    async def attack() -> None:
        async with room(tmp_path, deadlines=SHORT) as kiosk:
            order: list[str] = []
            loop = asyncio.get_running_loop()
            loop.call_later(SHORT.step * 0.7, order.append, "most of a step")
            late = loop.call_later(SHORT.step * 30, order.append, "thirty steps")
            peer = await stranger(kiosk.port)
            await peer.rest()
            order.append("dropped")
            assert order == ["most of a step", "dropped"]
            late.cancel()
            assert kiosk.listener is not None
            assert len(kiosk.listener.gate) == 0
            await peer.hang_up()
            if stranger is hello_then_silence:
                await kiosk.failures.get()
                assert kiosk.events == ["greeted", "failed"]

    run(attack())


def test_who_makes_every_step_in_time_but_is_not_through_in_all_is_dropped(tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path, deadlines=replace(PATIENT, handshake=0.6)) as kiosk:
            peer = await hello_then_silence(kiosk.port)
            await peer.rest()
            assert kiosk.events[0] == "greeted"
            assert kiosk.listener is not None
            assert len(kiosk.listener.gate) == 0
            await peer.hang_up()

    run(attack())


class Outside(Gate):
    """A gate that counts this machine's own addresses as others'."""

    def enter(self, address, drop):
        return super().enter("203.0.113.9", drop)


@pytest.mark.parametrize(
    ("gate", "room_for"), [(lambda: Outside(), 4), (lambda: Gate(altogether=32), 32)], ids=["address", "all"]
)
@pytest.mark.bad_input(row=9)
def test_when_the_door_is_full_the_oldest_goes_and_the_newest_gets_in(gate, room_for, tmp_path) -> None:
    async def attack() -> None:
        async with room(tmp_path, gate=gate()) as kiosk:
            silent = [await RawPeer.tcp(kiosk.port) for _ in range(room_for)]
            ours, _ = await kiosk.paired()
            assert await silent[0].rest() == b""
            assert not any(peer.reader.at_eof() for peer in silent[1:])
            await ours.close()
            for peer in silent:
                await peer.hang_up()

    run(attack())


def test_who_has_a_guess_that_counts_is_not_pushed_out_by_newcomers(tmp_path: Path) -> None:
    """Three a minute are all that a person has: strangers who only come must not use them up."""

    async def attack() -> None:
        async with room(tmp_path, gate=Outside()) as kiosk:
            guesser = await hello_then_silence(kiosk.port)
            await guesser.send(BINARY, A_GUESS)
            opcode, _ = await guesser.receive()
            assert opcode == BINARY
            silent = [await RawPeer.tcp(kiosk.port) for _ in range(9)]
            assert await silent[4].rest() == b""
            assert not guesser.reader.at_eof()
            for peer in (guesser, *silent):
                await peer.hang_up()

    run(attack())
