"""A crowd of strangers at a kiosk's port: ``python -m tests.e2e.hostile_crowd PORT CLIENTS SECONDS``.

Each has an address of its own and comes back a moment after it was put out. Every second one line of JSON:
how often each kind has come so far.
"""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import sys
from collections import Counter
from collections.abc import Callable, Coroutine

import msgspec
from spake2.ed25519_basic import Base

from protocol.pairing_messages import Guess
from tests.protocol.handshakes import device
from tests.protocol.transport.raw_peer import BINARY, RawPeer, client_tls, hello, request

PAUSE_S = 1.0
ELEMENT = b"A" + Base.scalarmult(5).to_bytes()
GUESS = msgspec.msgpack.encode(Guess((ELEMENT, ELEMENT)))
TLS = client_tls()
ROOM = 27


async def connected(port: int, address: str, tls: ssl.SSLContext | None) -> RawPeer:
    name = "x" if tls else None
    streams = await asyncio.open_connection(
        "127.0.0.1", port, ssl=tls, server_hostname=name, local_addr=(address, 0)
    )
    return RawPeer(*streams)


async def upgraded(port: int, address: str) -> RawPeer:
    peer = await connected(port, address, TLS)
    await peer.http(request())
    return peer


async def silent_tcp(port: int, address: str) -> RawPeer:
    return await connected(port, address, None)


async def silent_tls(port: int, address: str) -> RawPeer:
    return await connected(port, address, TLS)


async def dripping(port: int, address: str) -> RawPeer:
    """A header without an end, a byte each fifth of a second."""
    peer = await connected(port, address, TLS)
    for byte in request(X_Padding="x" * 10_000):
        if peer.reader.at_eof() or peer.writer.is_closing():
            break
        peer.writer.write(bytes([byte]))
        await asyncio.sleep(0.2)
    return peer


async def garbage(port: int, address: str) -> RawPeer:
    peer = await upgraded(port, address)
    await peer.send(BINARY, random.randbytes(4_000))
    return peer


async def hello_then_silence(port: int, address: str) -> RawPeer:
    peer = await upgraded(port, address)
    await peer.send(BINARY, hello(device(address)))
    return peer


async def guessing(port: int, address: str) -> RawPeer:
    peer = await hello_then_silence(port, address)
    await peer.receive()
    await peer.send(BINARY, GUESS)
    return peer


KINDS: tuple[Callable[[int, str], Coroutine[None, None, RawPeer]], ...] = (
    silent_tcp,
    silent_tls,
    dripping,
    garbage,
    hello_then_silence,
    guessing,
)


async def stranger(number: int, port: int, came: Counter[str]) -> None:
    kind = KINDS[number % len(KINDS)]
    address = f"127.1.{number // 200}.{1 + number % 200}"
    await asyncio.sleep(random.random() * PAUSE_S)
    while True:
        try:
            came[kind.__name__] += 1
            peer = await kind(port, address)
            await peer.rest()
            await peer.hang_up()
        except (OSError, asyncio.IncompleteReadError):
            pass  # put out before it was done: what a stranger has to expect
        await asyncio.sleep(PAUSE_S * (0.5 + random.random()))


async def main(port: int, clients: int, seconds: int) -> None:
    came: Counter[str] = Counter()
    crowd = [asyncio.create_task(stranger(number, port, came)) for number in range(clients)]
    for _ in range(seconds):
        await asyncio.sleep(1)
        print(json.dumps(came), flush=True)
    for each in crowd:
        each.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:4])))
