"""The session owner's side of a bulk connection: serves one follower's wants, newest first, at its pace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from protocol.codec import decode_bulk, encode
from protocol.errors import PeerFault
from protocol.messages import CHUNK, BulkMessage, Chunk, Missing, Want
from protocol.transfer import Wants
from protocol.transport.link import LinkClosed
from protocol.transport.loopback import AnyLink
from protocol.transport.pace import Pace
from protocol.transport.wire_log import WireLog

BREATH = 0.25
"""Seconds after a page that a wall waited for: it draws that now, and nothing else shall keep it from it."""


class BulkServer:
    """Serves until the link is over; then `run` returns.

    ``blob(sha256)`` gives the bytes or None. ``expected(sha256)``: they are only not there yet, and a want
    for them waits for ``added``. ``urgent(sha256)``: a page that the wall waits for with nothing to show,
    which goes as fast as the link takes it. ``on_want`` tells what was asked for, ``on_sent`` what has gone
    out whole, ``on_busy`` whether anything is under way.
    """

    def __init__(
        self,
        link: AnyLink,
        pace: Pace,
        blob: Callable[[bytes], memoryview | None],
        expected: Callable[[bytes], bool],
        urgent: Callable[[bytes], bool],
        on_want: Callable[[bytes], None],
        on_sent: Callable[[bytes], None],
        on_busy: Callable[[bool], None],
        wire_log: WireLog | None = None,
        who: str = "",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._link = link
        self._pace = pace
        self._blob = blob
        self._expected = expected
        self._urgent = urgent
        self._on_want = on_want
        self._on_sent = on_sent
        self._on_busy = on_busy
        self._wire_log = wire_log
        self._who = who
        self._clock = clock
        self._wants = Wants()
        self._early: dict[bytes, Want] = {}
        self._news = asyncio.Event()
        self._quiet_until = 0.0

    async def run(self) -> None:
        """Reads wants and sends chunks until the link is over."""
        sender = asyncio.get_running_loop().create_task(self._send())
        try:
            while True:
                self._take_in(decode_bulk(await self._link.recv()))
        except LinkClosed:
            return
        except PeerFault as fault:
            self._link.fail(fault.close_code)
        except asyncio.CancelledError:
            # Nobody else holds this link: left alone, it would stay open for as long as the wall likes.
            self._link.abort()
            raise
        finally:
            sender.cancel()
            self._on_busy(False)

    def _take_in(self, message: BulkMessage) -> None:
        if self._wire_log is not None:
            self._wire_log.message(True, self._who, message)
        if isinstance(message, Want):
            self._on_want(message.sha256)
            if self._blob(message.sha256) is None and self._expected(message.sha256):
                self._early[message.sha256] = message
                return
        self._wants.receive(message)
        self._news.set()

    def added(self, sha256: bytes) -> None:
        """The bytes of this blob are there now."""
        early = self._early.pop(sha256, None)
        if early is not None:
            self._wants.receive(early)
            self._news.set()

    async def _send(self) -> None:
        try:
            while True:
                sha256 = self._wants.newest
                if sha256 is None:
                    self._on_busy(False)
                    self._news.clear()
                    await self._news.wait()
                    self._on_busy(True)
                elif self._urgent(sha256):
                    await self._send_next(CHUNK)
                    self._quiet_until = self._clock() + BREATH
                elif await self._its_time():
                    await self._send_next(self._pace.frame)
        except LinkClosed:
            return

    async def _its_time(self) -> bool:
        """Waits for the next chunk's turn; False when a want came meanwhile, which may be more urgent."""
        self._news.clear()
        now = self._clock()
        wait = max(self._pace.wait(now), self._quiet_until - now)
        if wait > 0:
            try:
                await asyncio.wait_for(self._news.wait(), wait)
            except TimeoutError:
                return True
            return False
        return True

    async def _send_next(self, most: int) -> None:
        part = self._wants.next(self._length_of, most)
        if part is None or isinstance(part, Missing):
            if part is not None:
                await self._say(part)
            return
        data = self._blob(part.sha256)
        if data is None:
            return
        await self._say(Chunk(part.sha256, part.offset, bytes(data[part.offset : part.offset + part.length])))
        self._pace.sent(part.length, self._clock())
        if part.last:
            self._on_sent(part.sha256)

    def _length_of(self, sha256: bytes) -> int | None:
        data = self._blob(sha256)
        return None if data is None else len(data)

    async def _say(self, message: BulkMessage) -> None:
        if self._wire_log is not None:
            self._wire_log.message(False, self._who, message)
        await self._link.send(encode(message))
