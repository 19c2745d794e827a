"""Messages in their frames, and how they are written to a connection in few steps.

A pen that goes to eighty walls writes ten thousand times a second. A step costs less by what it does than by
the memory that it looks at, which is another connection's each time; so what a write needs lies together.
"""

from __future__ import annotations

import asyncio
import math
import ssl
from typing import Any

from websockets.frames import Frame, Opcode

HIGH_WATER = 32 * 1024
"""Bytes that wait to be sent, at most, before what may be dropped is dropped."""


class Framed:
    """A message in its WebSocket frame, which is made once for all links that carry it.

    Who dialled masks. One mask serves all: it is there for proxies that do not know the protocol, and TLS
    lets none of them see it.
    """

    __slots__ = ("_frames", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._frames: dict[bool, bytes] = {}

    def frame(self, masked: bool) -> bytes:
        """As it goes over the wire."""
        frame = self._frames.get(masked)
        if frame is None:
            frame = self._frames[masked] = Frame(Opcode.BINARY, self.data).serialize(mask=masked)
        return frame


class Writer:
    """Writes to ``transport``, which speaks TLS over ``raw``, in order with what it writes by itself.

    Where nothing waits, bytes are sealed and handed to ``raw`` here, in a fraction of asyncio's steps. All
    else is asyncio's: what waits, an end that has begun, an error. So is everything with an asyncio that is
    built otherwise than is known here; then it is not ``short``. ``masks``: whether frames are masked.
    """

    __slots__ = ("_masks", "_raw", "_seal", "_take", "_transport", "_unsealed", "open", "short")

    def __init__(self, transport: asyncio.Transport, raw: asyncio.Transport, *, masks: bool) -> None:
        self._transport, self._raw, self._masks = transport, raw, masks
        self._unsealed, self._seal, self._take = parts = self._parts(transport)
        self.short = None not in parts
        self.open = False
        """Whether frames of messages may go: behind the upgrade, until the end of the connection was said."""

    @staticmethod
    def _parts(transport: asyncio.Transport) -> tuple[Any, Any, Any]:
        """Of asyncio's TLS: what it has not sealed yet, what seals, and what gives out what is sealed."""
        inside = getattr(transport, "_ssl_protocol", None)
        seal = getattr(transport.get_extra_info("ssl_object"), "write", None)
        take = getattr(getattr(inside, "_outgoing", None), "read", None)
        return getattr(inside, "_write_backlog", None), seal, take

    def waiting_bytes(self) -> int:
        """Bytes written that the system has not taken yet."""
        sealed = self._raw.get_write_buffer_size()
        # TLS keeps nothing back but behind what the system has not taken; asked to close twice, it fails.
        return sealed + self._transport.get_write_buffer_size() if sealed and self.open else sealed

    def write(self, *messages: Framed) -> bool:
        """All of them in one write, without waiting; False, and no effect, when the connection is over.

        Past the library, which frames each message for each connection anew. No message is ever in parts
        here, so there is no state of its own that this could upset.
        """
        if self.open:
            self._write(b"".join([message.frame(self._masks) for message in messages]))
        return self.open

    def show(self, message: Framed) -> None:
        """One that is true for a moment: dropped where too much waits already."""
        if self.open:
            self._write(message.frame(self._masks), HIGH_WATER)

    def _write(self, data: bytes, behind: float = math.inf) -> None:
        """``behind``: so many bytes that wait, and it is dropped."""
        raw = self._raw
        if not self.short or self._unsealed or raw.get_write_buffer_size():
            if self.waiting_bytes() < behind:
                self._transport.write(data)
            return
        try:
            count = self._seal(data)
        except ssl.SSLError:
            self._transport.write(data)
            return
        if count < len(data):
            self._transport.write(data[count:])  # which takes along what is sealed
        else:
            raw.write(self._take())
