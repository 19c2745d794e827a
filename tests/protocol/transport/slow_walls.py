"""Thirty walls in a process of their own, of which five read a kilobyte a second when they are told to.

Besides what `benchmarks.many_walls` obeys: ``slow``; ``stale``: the most bytes that wait unread at one.
"""

from __future__ import annotations

import asyncio
import fcntl
import struct
import sys
import termios
from pathlib import Path

from benchmarks.many_walls import Walls
from protocol.codec import encode
from protocol.messages import Ping
from protocol.transport.link import Link

WALLS, SLOW = 30, 5
A_SECOND = 1_024


class SlowWalls(Walls):
    """The first five to come are slow later, and not waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._tasks: list[asyncio.Task[None]] = []

    def counts(self, number: int) -> bool:
        return number >= SLOW

    def obey(self, word: str, count: int) -> int:
        if word == "slow":
            loop = asyncio.get_running_loop()
            self._tasks += [loop.create_task(self._beat(link)) for link in self.links[:SLOW]]
            self._tasks.append(loop.create_task(self._go_slow()))
            return 0
        return self._unread() if word == "stale" else super().obey(word, count)

    async def _beat(self, link: Link) -> None:
        """It lives, however late it hears of anything."""
        n = 0
        while True:
            n += 1
            link.post(encode(Ping(n)))
            await asyncio.sleep(2.0)

    async def _go_slow(self) -> None:
        """A kilobyte of the socket a second, and no more of it in the program than that."""
        loop = asyncio.get_running_loop()
        raws = [link._connection.raw for link in self.links[:SLOW]]
        for raw in raws:
            raw.pause_reading()
            raw.max_size = A_SECOND
        while True:
            for raw in raws:
                raw.resume_reading()
                loop.call_soon(loop.call_soon, raw.pause_reading)
            await asyncio.sleep(1.0)

    def _unread(self) -> int:
        sockets = [link._connection.raw.get_extra_info("socket") for link in self.links[:SLOW]]
        return max(
            struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.FIONREAD, b"\0" * 4))[0] for sock in sockets
        )


if __name__ == "__main__":
    asyncio.run(SlowWalls().listen(Path(sys.argv[1]), WALLS))
