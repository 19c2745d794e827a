"""A peer that may say anything at any layer: bytes on TCP, TLS of any version, HTTP, single frames."""

from __future__ import annotations

import asyncio
import os
import ssl
import struct
from dataclasses import dataclass

import msgspec

from protocol.pairing import Dialing, Us
from protocol.pairing_messages import Mode
from protocol.values import Role
from tests.protocol.handshakes import Device, device

TEXT, BINARY, CLOSE, PING, PONG, CONT = 1, 2, 8, 9, 10, 0
UPGRADE = {
    "Host": "kamizero.v1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "kamizero.v1",
}


def client_tls(version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = version
    return context


def request(path: str = "/k1", method: str = "GET", **headers: str | None) -> bytes:
    """An HTTP request; a header given as None is left out, an underscore in a name is a hyphen."""
    merged: dict[str, str | None] = UPGRADE | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = [f"{name}: {value}" for name, value in merged.items() if value is not None]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()


def frame(opcode: int, payload: bytes, *, fin: bool = True) -> bytes:
    """A masked client frame (the mask is zero, which masks nothing and is allowed)."""
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65_536:
        length = bytes([0x80 | 126]) + struct.pack("!H", size)
    else:
        length = bytes([0x80 | 127]) + struct.pack("!Q", size)
    return bytes([(0x80 if fin else 0) | opcode]) + length + bytes(4) + payload


@dataclass
class RawPeer:
    """One connection, spoken to by hand."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def tcp(cls, port: int) -> RawPeer:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    @classmethod
    async def tls(cls, port: int, context: ssl.SSLContext | None = None) -> RawPeer:
        tls = context or client_tls()
        return cls(*await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname="x"))

    @classmethod
    async def upgraded(cls, port: int) -> RawPeer:
        peer = await cls.tls(port)
        response = await peer.http(request())
        assert response.startswith(b"HTTP/1.1 101"), response
        return peer

    async def http(self, content: bytes) -> bytes:
        """Send a request, return the head of the response and its body."""
        self.writer.write(content)
        head = await self.reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 101"):
            return head
        return head + await self.rest()

    async def send(self, opcode: int, payload: bytes, *, fin: bool = True) -> None:
        self.writer.write(frame(opcode, payload, fin=fin))
        await self.writer.drain()

    async def receive(self) -> tuple[int, bytes]:
        """The next frame of the server: opcode and payload."""
        first, size = await self.reader.readexactly(2)
        if size == 126:
            (size,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self.reader.readexactly(8))
        return first & 0x0F, await self.reader.readexactly(size)

    async def close_code(self) -> int:
        """The code of the close frame that comes, whatever comes before it."""
        while True:
            opcode, payload = await self.receive()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big")

    async def rest(self) -> bytes:
        """Everything until the connection is over."""
        try:
            return await self.reader.read(-1)
        except OSError:
            return b""

    async def hang_up(self) -> None:
        self.writer.transport.abort()
        try:
            await self.writer.wait_closed()
        except OSError:
            return


def hello(holder: Device | None = None, **changes: object) -> bytes:
    """A presenter's HELLO for room 27 that would do, but for ``changes``."""
    who = holder or device("presenter")
    us = Us(Role.PRESENTER, 27, who.spki, who.sign)
    made = Dialing(us, Mode.PAIR, os.urandom(32))
    if not changes:
        return made.frame
    return msgspec.msgpack.encode(msgspec.structs.replace(made._hello, **changes))
