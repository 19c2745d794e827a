"""The least of an MQTT 5 client: connects, subscribes, publishes at quality 0, counts what comes. For figures
with thousands of connections; it believes its broker."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable

CONNECT, PUBLISH, SUBSCRIBE = 0x10, 0x30, 0x82


class MqttClient(asyncio.Protocol):
    """``take(payload)`` for each message; ``ready`` is set when it is connected and subscribed."""

    def __init__(self, name: str, topics: tuple[str, ...], take: Callable[[bytes], None], keep_alive: int):
        self.ready = asyncio.Event()
        self._name, self._topics, self._take, self._keep_alive = name, topics, take, keep_alive
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> None:
        self._send(PUBLISH | retain, _text(topic) + b"\0" + payload)

    # --- asyncio.Protocol -------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        head = _text("MQTT") + bytes((5, 0x02)) + struct.pack("!H", self._keep_alive) + b"\0"
        self._send(CONNECT, head + _text(self._name))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (packet := self._packet()) is not None:
            kind, body = packet
            match kind & 0xF0:
                case 0x20:
                    self._connected(body)
                case 0x90:
                    self.ready.set()
                case 0x30:
                    self._take(_payload(body))

    def _connected(self, body: bytes) -> None:
        if body[1]:
            raise ConnectionError(f"the broker refused: {body[1]}")
        if not self._topics:
            self.ready.set()
            return
        wishes = b"".join(_text(topic) + b"\0" for topic in self._topics)
        self._send(SUBSCRIBE, b"\0\1\0" + wishes)

    def _packet(self) -> tuple[int, bytes] | None:
        length, shift, at = 0, 0, 1
        while True:
            if at >= len(self._buffer):
                return None
            digit = self._buffer[at]
            length |= (digit & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if digit < 0x80:
                break
        if len(self._buffer) < at + length:
            return None
        kind, body = self._buffer[0], self._buffer[at : at + length]
        self._buffer = self._buffer[at + length :]
        return kind, body

    def _send(self, kind: int, body: bytes) -> None:
        assert self._transport is not None
        self._transport.write(bytes((kind,)) + _length(len(body)) + body)


def _payload(body: bytes) -> bytes:
    topic = 2 + int.from_bytes(body[:2], "big")
    return body[topic + 1 + body[topic] :]


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("!H", len(data)) + data


def _length(number: int) -> bytes:
    digits = bytearray()
    while True:
        number, digit = divmod(number, 128)
        digits.append(digit | (0x80 if number else 0))
        if not number:
            return bytes(digits)
