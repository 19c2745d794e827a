"""The session owner's side of a bulk connection: serves one follower's wants, newest first, at its pace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from protocol.codec import decode_bulk, encode
from protocol.errors import CloseCode, PeerFault
from protocol.messages import CHUNK, BulkMessage, Chunk, Missing, Unwant, Want
from protocol.transport.link import LinkClosed
from protocol.transport.loopback import AnyLink
from protocol.transport.pace import Pace
from protocol.transport.wire_log import WireLog

WANTS_LIMIT = 10_000


class BulkServer:
    """Serves until the link is over; then `run` returns.

    ``blob(sha256)`` gives the bytes or None. ``urgent(sha256)``: a page that the wall waits for with nothing
    to show, which goes as fast as the link takes it. ``on_want`` tells what was asked for, ``on_sent`` what
    has gone out whole, ``on_busy`` whether anything is under way.
    """

    def __init__(
        self,
        link: AnyLink,
        pace: Pace,
        blob: Callable[[bytes], memoryview | None],
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
        self._urgent = urgent
        self._on_want = on_want
        self._on_sent = on_sent
        self._on_busy = on_busy
        self._wire_log = wire_log
        self._who = who
        self._clock = clock
        self._wants: dict[bytes, int] = {}
        self._news = asyncio.Event()

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
        finally:
            sender.cancel()
            self._on_busy(False)

    def _take_in(self, message: BulkMessage) -> None:
        if self._wire_log is not None:
            self._wire_log.message(True, self._who, message)
        if type(message) is Want:
            if len(self._wants) >= WANTS_LIMIT:
                raise PeerFault(CloseCode.PROTOCOL, "too many wants")
            # What is under way on this very connection goes on where it is: nothing of it was lost.
            self._wants[message.sha256] = self._wants.pop(message.sha256, message.offset)
            self._on_want(message.sha256)
        elif type(message) is Unwant:
            self._wants.pop(message.sha256, None)
        else:
            raise PeerFault(CloseCode.ROLE, "not a message of this side")
        self._news.set()

    async def _send(self) -> None:
        try:
            while True:
                if self._wants:
                    await self._send_next()
                else:
                    self._on_busy(False)
                    self._news.clear()
                    await self._news.wait()
                    self._on_busy(True)
        except LinkClosed:
            return

    async def _send_next(self) -> None:
        sha256 = next(reversed(self._wants))
        data = self._blob(sha256)
        if data is None:
            del self._wants[sha256]
            await self._say(Missing(sha256))
            return
        urgent = self._urgent(sha256)
        wait = 0.0 if urgent else self._pace.wait(self._clock())
        if wait > 0:
            self._news.clear()
            try:
                # A want that comes in the meantime may be more urgent.
                await asyncio.wait_for(self._news.wait(), wait)
            except TimeoutError:
                pass
            else:
                return
        offset = self._wants[sha256]
        part = bytes(data[offset : offset + (CHUNK if urgent else self._pace.frame)])
        if part:
            self._wants[sha256] = offset + len(part)
            await self._say(Chunk(sha256, offset, part))
            self._pace.sent(len(part), self._clock())
        if offset + len(part) >= len(data) and self._wants.get(sha256) == offset + len(part):
            del self._wants[sha256]
            self._on_sent(sha256)

    async def _say(self, message: BulkMessage) -> None:
        if self._wire_log is not None:
            self._wire_log.message(False, self._who, message)
        await self._link.send(encode(message))
