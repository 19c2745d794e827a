"""The presenter's half of a rendezvous: it dials the wall back, and is then spoken to as if dialled."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine
from typing import Any

from protocol.messages import GuestWaiting
from protocol.transport.dial import connect
from protocol.transport.gate import source_address
from protocol.transport.rendezvous import PREAMBLE

log = logging.getLogger(__name__)

AT_ONCE = 32
"""Rendezvous dialled back at one moment. A wall tells of eight at most."""


class DialBack:
    """``adopt(socket, source)`` takes the stream that somebody at ``source`` speaks over. ``step``: seconds
    that a wall has to answer."""

    def __init__(
        self,
        spawn: Callable[[Coroutine[Any, Any, object]], None],
        adopt: Callable[[socket.socket, str], Coroutine[Any, Any, None]],
        step: float,
    ) -> None:
        self._spawn = spawn
        self._adopt = adopt
        self._step = step
        self._under_way = 0

    def to(self, wall: str, waiting: GuestWaiting) -> None:
        """Somebody waits at the rendezvous of the wall with this address."""
        if self._under_way < AT_ONCE:
            self._under_way += 1
            self._spawn(self._meet(wall, waiting))

    async def _meet(self, wall: str, waiting: GuestWaiting) -> None:
        try:
            async with asyncio.timeout(self._step):
                sock = await connect(wall, waiting.port)
                try:
                    await asyncio.get_running_loop().sock_sendall(sock, PREAMBLE + waiting.token)
                    await self._adopt(sock, source_address((waiting.source,)))
                except BaseException:
                    sock.close()
                    raise
        except (OSError, TimeoutError) as error:
            log.info("rendezvous at %s port %d: %s", wall, waiting.port, error)
        finally:
            self._under_way -= 1
