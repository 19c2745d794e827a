"""One authenticated control link at work: what waits goes out, what comes in is decoded and handed on, and a
heartbeat says whether the other end still lives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Protocol

from protocol.codec import decode_control, encode
from protocol.errors import CloseCode, PeerFault
from protocol.messages import Message, Ping, Pong
from protocol.rate import Rate
from protocol.transport.link import LinkClosed
from protocol.transport.loopback import AnyLink
from protocol.transport.settings import Deadlines
from protocol.transport.wire_log import WireLog
from protocol.transport.writer import HIGH_WATER, Framed

DRAIN_LOOK = 0.005
OFTEN = 0.1
SILENT = 1006
HEARTBEATS = (200, 10.0)
"""Each is answered whatever waits already: of one that sends them without end and reads nothing, the answers
would fill the memory. Ten seconds: what a peer said while this side stood still comes in one piece."""


class LinkUser(Protocol):
    """Whose messages a pump moves. All are called in the loop."""

    def take(self, budget: int) -> Sequence[Message]:
        """Messages that wait, of about so many bytes. With 0, what is true for a moment only is dropped."""

    def receive(self, message: Message) -> None:
        """A message came. `PeerFault` ends the link with its close code."""

    def round_trip(self, seconds: float, answered: bool) -> None:
        """A heartbeat's time there and back; or how long the oldest one has been out without an answer."""

    def link_over(self, closed: LinkClosed) -> None:
        """The link is over, once, unless `Pump.close` ended it."""


def framed(message: Message) -> Framed:
    """For one link alone."""
    return Framed(encode(message))


class Encoder:
    """Encodes a message once for all links it goes to in one fan-out."""

    def __init__(self) -> None:
        self._frames: dict[int, tuple[Message, Framed]] = {}

    def __call__(self, message: Message) -> Framed:
        known = self._frames.get(id(message))
        if known is None:
            known = self._frames[id(message)] = (message, framed(message))
        return known[1]

    def clear(self) -> None:
        """The fan-out is over."""
        self._frames.clear()


class Pump:
    """Sends and receives on one link for its ``user`` until the link is over. The user may be exchanged."""

    def __init__(
        self,
        link: AnyLink,
        user: LinkUser,
        deadlines: Deadlines,
        wire_log: WireLog | None = None,
        who: str = "",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.user = user
        self.link = link
        self.open = True
        self.over = asyncio.Event()
        self._deadlines = deadlines
        self._wire_log = wire_log
        self._who = who
        self._clock = clock
        self._heard = clock()
        self._often = False
        self._count = 0
        self._out: dict[int, float] = {}
        self._heartbeats = Rate(*HEARTBEATS)
        self._beat: asyncio.TimerHandle | None = None
        self._drain: asyncio.TimerHandle | None = None
        self._reader: asyncio.Task[None] | None = None

    # --- sending ------------------------------------------------------------------------------------------

    def flush(self, encoder: Callable[[Message], Framed] = framed) -> None:
        """Sends what waits, as far as the link takes it now, in one write; the rest follows by itself."""
        if not self.open:
            return
        room = HIGH_WATER - self.link.waiting_bytes()
        out: list[Framed] = []
        while messages := self.user.take(max(room, 0)):
            for message in messages:
                out.append(encoder(message))
                room -= len(out[-1].data)
                self._log(message)
        if out:
            self.link.post_framed(out)
        if room <= 0 and self._drain is None:
            self._drain = asyncio.get_running_loop().call_later(DRAIN_LOOK, self._drained)

    def show(self, moment: Framed) -> None:
        """What is true for a moment, where nothing else waits: goes now or never."""
        if self.open:
            self.link.show(moment)
            self._log(decode_control(moment.data))

    def say(self, message: Message) -> None:
        """One message past what waits: greetings, heartbeat, the end."""
        if self.open:
            self.link.post(encode(message))
            self._log(message)

    def _log(self, message: Message) -> None:
        if self._wire_log is not None:
            self._wire_log.message(False, self._who, message)

    def _drained(self) -> None:
        self._drain = None
        self.flush()

    # --- receiving ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins in the running loop."""
        loop = asyncio.get_running_loop()
        self._reader = loop.create_task(self._read())
        self._reader.add_done_callback(self._read_done)
        self._beat = loop.call_later(0, self._tick)

    async def _read(self) -> None:
        try:
            while self.open:
                frame = await self.link.recv()
                self._heard = self._clock()
                self._take_in(decode_control(frame))
        except LinkClosed as closed:
            self._end(closed)
        except PeerFault as fault:
            if self._wire_log is not None:
                self._wire_log.error(self._who, fault.reason)
            self.link.fail(fault.close_code)
            self._end(LinkClosed(fault.close_code, ours=True, reason=fault.reason))

    def _read_done(self, reader: asyncio.Task[None]) -> None:
        error = None if reader.cancelled() else reader.exception()
        if error is not None:
            # A mistake of ours, not of the peer: it must be seen, and this link cannot go on.
            self.cut()
            raise error

    def _take_in(self, message: Message) -> None:
        if self._wire_log is not None:
            self._wire_log.message(True, self._who, message)
        if type(message) is Ping:
            if self._heartbeats.exceeded(self._heard):
                raise PeerFault(CloseCode.PROTOCOL, "too many heartbeats")
            self.say(Pong(message.n))
        elif type(message) is Pong:
            sent = self._out.pop(message.n, None)
            if sent is not None:
                self.user.round_trip(self._heard - sent, True)
        else:
            self.user.receive(message)

    # --- heartbeat ----------------------------------------------------------------------------------------

    def beat_often(self, often: bool) -> None:
        """Ten times a second while papers travel, whose pace follows the round trips."""
        if often and not self._often:
            self._often = True
            self._tick()
        self._often = often

    def check(self) -> None:
        """One heartbeat at once: something may have happened to the network."""
        if self.open:
            self._tick()

    def _tick(self) -> None:
        now = self._clock()
        if not self.open:
            return
        if now - self._heard > self._deadlines.dead:
            self.cut()
            return
        if self._out:
            self.user.round_trip(now - min(self._out.values()), False)
        self._count += 1
        self._out[self._count] = now
        self.say(Ping(self._count))
        if self._beat is not None:
            self._beat.cancel()
        pause = min(OFTEN, self._deadlines.ping) if self._often else self._deadlines.ping
        self._beat = asyncio.get_running_loop().call_later(pause, self._tick)

    # --- the end ------------------------------------------------------------------------------------------

    def cut(self) -> None:
        """Ends the link without a word, as if the network had; the user is told."""
        self.link.abort()
        self._end(LinkClosed(SILENT, ours=True))

    def drop(self) -> None:
        """Ends the link without a word; the user is not told."""
        self._stop()
        self.link.abort()

    async def close(self, code: int = 1000) -> None:
        """Ends the link politely; the user is not told."""
        self._stop()
        await self.link.close(code)

    def _end(self, closed: LinkClosed) -> None:
        if self.open:
            self._stop()
            self.user.link_over(closed)

    def _stop(self) -> None:
        self.open = False
        self.over.set()
        for handle in (self._beat, self._drain):
            if handle is not None:
                handle.cancel()
        if self._reader is not None and self._reader is not asyncio.current_task():
            self._reader.cancel()
