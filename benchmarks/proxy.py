"""A slow wire: a TCP proxy with a token bucket, a delay each way, a short queue and a switch.

It stands in for Wi-Fi in benchmarks and end-to-end tests without root: bytes leave at ``rate`` bits a second
after ``delay`` seconds; at most ``queue`` seconds of bytes wait inside it, then it stops reading, as a full
router queue makes TCP do. ``cut`` drops every connection and refuses new ones until ``mend``.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass

PIECE = 8 * 1024
"""Bytes taken at a time: a page turn may wait behind one piece, so pieces are a few packets long."""


@dataclass(frozen=True)
class Wire:
    """Rate in bits a second (0: unbounded), delay in seconds each way, queue in seconds of bytes."""

    rate: float = 0.0
    delay: float = 0.0
    queue: float = 0.2


class Proxy:
    """One listening port in front of one target; every connection of a direction shares its bucket."""

    def __init__(self, target_host: str, target_port: int, wire: Wire) -> None:
        self.target = (target_host, target_port)
        self.wire = wire
        self.port = 0
        self.carried = [0, 0]
        self._free_at = [0.0, 0.0]
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> int:
        """Listen on 127.0.0.1; the port is returned."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port, limit=PIECE)
        self.port = self._server.sockets[0].getsockname()[1]
        return self.port

    async def cut(self) -> None:
        """Drop every connection as a pulled cable's resets would, and refuse new ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def mend(self) -> None:
        """Listen again on the same port."""
        await self.start(self.port)

    async def stop(self) -> None:
        """Cut, and wait until nothing of this proxy runs."""
        await self.cut()
        if self._running:
            await asyncio.wait(self._running, timeout=5)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target, limit=PIECE)
        except OSError:
            writer.transport.abort()
        else:
            self._writers.add(far_writer)
            await asyncio.gather(
                self._pump(reader, far_writer, 0), self._pump(far_reader, writer, 1), return_exceptions=True
            )
            self._writers.discard(far_writer)
            far_writer.transport.abort()
            writer.transport.abort()
        finally:
            self._writers.discard(writer)
            self._running.discard(task)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: int) -> None:
        loop = asyncio.get_running_loop()
        waiting: deque[tuple[float, bytes]] = deque()
        arrived = asyncio.Event()
        room = asyncio.Event()
        room.set()
        ended = False

        async def deliver() -> None:
            while True:
                while not waiting:
                    if ended:
                        return
                    arrived.clear()
                    await arrived.wait()
                due, piece = waiting[0]
                await asyncio.sleep(max(0.0, due - loop.time()))
                waiting.popleft()
                room.set()
                self.carried[way] += len(piece)
                writer.write(piece)
                await writer.drain()

        delivery = asyncio.ensure_future(deliver())
        try:
            while piece := await reader.read(PIECE):
                now = loop.time()
                leaves = max(now, self._free_at[way])
                if self.wire.rate:
                    leaves += len(piece) * 8 / self.wire.rate
                self._free_at[way] = leaves
                waiting.append((leaves + self.wire.delay, piece))
                arrived.set()
                while self._free_at[way] - loop.time() > self.wire.queue:
                    room.clear()
                    await room.wait()
        except ConnectionError:
            pass  # the far side is gone; the caller closes both
        finally:
            ended = True
            arrived.set()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await delivery
