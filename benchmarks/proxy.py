"""A slow wire: a TCP proxy with a token bucket, a delay each way, a short queue and a switch.

It stands in for Wi-Fi in benchmarks and end-to-end tests without root: bytes leave at ``rate`` bits a second
after ``delay`` seconds; at most ``queue`` seconds of bytes wait inside it, then it stops reading, as a full
router queue makes TCP do. ``cut`` drops every connection and refuses new ones until ``mend``.
"""

from __future__ import annotations

import asyncio
import contextlib
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
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target, limit=PIECE)
        except OSError:
            writer.transport.abort()
            return
        finally:
            self._running.discard(task)
        self._writers.add(far_writer)

        def over(_: asyncio.Task[None]) -> None:
            writer.transport.abort()
            far_writer.transport.abort()

        for way, (source, sink) in enumerate(((reader, far_writer), (far_reader, writer))):
            pipe: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
            moves = (self._take_in(source, pipe, way), self._deliver(pipe, sink, way))
            for move in moves:
                running = asyncio.ensure_future(move)
                self._running.add(running)
                running.add_done_callback(self._running.discard)
                running.add_done_callback(over)

    async def _take_in(
        self, reader: asyncio.StreamReader, pipe: asyncio.Queue[tuple[float, bytes]], way: int
    ) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(PIECE):
                leaves = max(loop.time(), self._free_at[way])
                if self.wire.rate:
                    leaves += len(piece) * 8 / self.wire.rate
                self._free_at[way] = leaves
                pipe.put_nowait((leaves + self.wire.delay, piece))
                await asyncio.sleep(max(0.0, leaves - self.wire.queue - loop.time()))
        pipe.put_nowait((self._free_at[way] + self.wire.delay, b""))
        await asyncio.Event().wait()  # the other end of the pipe closes the connection, when all is delivered

    async def _deliver(
        self, pipe: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter, way: int
    ) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ConnectionError):
            while True:
                due, piece = await pipe.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                if not piece:
                    return
                self.carried[way] += len(piece)
                writer.write(piece)
                await writer.drain()
