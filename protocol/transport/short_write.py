"""A write through TLS in a fraction of the steps of Python that asyncio takes for it.

A pen that goes to eighty walls writes ten thousand times a second. Of each write asyncio's own steps were the
dearest part: dearer than sealing the bytes, or than the system's ``send``.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any


def short_write(transport: asyncio.Transport, raw: asyncio.Transport) -> Callable[[bytes], None]:
    """How to write to ``transport``, which speaks TLS over ``raw``: in order with what it writes by itself.

    Where nothing waits the bytes are sealed and handed to ``raw`` here. Anything else is asyncio's: what
    waits, an end that has begun, an error. So is everything with an asyncio that is built otherwise.
    """
    inside: Any = getattr(transport, "_ssl_protocol", None)
    unsealed = getattr(inside, "_write_backlog", None)
    sealed = getattr(inside, "_outgoing", None)
    tls = transport.get_extra_info("ssl_object")
    if unsealed is None or tls is None or not isinstance(sealed, ssl.MemoryBIO):
        return transport.write
    seal, take, waiting = tls.write, sealed.read, raw.get_write_buffer_size

    def write(data: bytes) -> None:
        if unsealed or waiting():
            transport.write(data)
            return
        try:
            count = seal(data)
        except ssl.SSLError:
            transport.write(data)
            return
        if count < len(data):
            transport.write(data[count:])  # which takes along what is sealed
        else:
            raw.write(take())

    return write
