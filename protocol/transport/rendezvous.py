"""Where participants and their presenter meet, since neither can dial the other: the wall joins two streams.

A guest just dials and speaks TLS, as to the presenter itself. Its stream waits; the presenter is told a
token over the wall's control link, dials the same port, says the token, and from then on each byte goes to
the other side. TLS, code and roles are theirs: nothing here can be read, and nothing is kept.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from time import monotonic

from protocol.errors import Unavailable
from protocol.messages import GuestWaiting
from protocol.rate import Rate
from protocol.transport.gate import Gate, Visitor, is_loopback, source_address
from protocol.transport.link import PATIENCE, tune
from protocol.transport.listen import listening_sockets, stop_accepting
from protocol.transport.settings import Deadlines

log = logging.getLogger(__name__)

PREAMBLE = b"kamizero.v1 rendezvous "
TOKEN = 32
TLS_HANDSHAKE = 22
"""The first byte of whoever speaks TLS."""
PAIRS, WAITING, STRANGERS = 64, 8, 32
WAITING_EACH, STRANGERS_EACH = 4, 16
FIRST_LIMIT = 4_096
GUESTS_OF_A_SOURCE = (60, 3.0)
GUESTS = (200, 2.0)
SOURCES = 1_000
LISTEN_AGAIN = 5.0
LINGER = 10.0
"""Seconds that joined streams live on after the end: both sides still say goodbye over them."""
PIPE_BUFFER = 64 * 1024
"""Papers come this way too, at 2 MB/s through the 16 kB of a control link; they cannot be told apart."""


class Rendezvous:
    """Of one wall. Closed until it is wanted; ``port``: where it listens, 0 while it does not. ``announce``
    tells the presenter."""

    def __init__(
        self,
        addresses: Sequence[str],
        port: int,
        announce: Callable[[GuestWaiting], None],
        deadlines: Deadlines,
    ) -> None:
        self.port = 0
        self.strangers = Gate(STRANGERS_EACH, STRANGERS)
        self.pairs: set[Stream] = set()
        self.deadlines = deadlines
        self._addresses = addresses
        self._wanted_port = port
        self._announce = announce
        self._streams: set[Stream] = set()
        self._gone = asyncio.Event()
        self._outside: list[Stream] = []
        self._waiting: dict[bytes, Stream] = {}
        self._rate = Rate(*GUESTS)
        self._rates: dict[str, Rate] = {}
        self._servers: list[asyncio.Server] = []
        self._listening: asyncio.Task[None] | None = None

    def want(self, wanted: bool) -> None:
        """Open, or close: nobody new; who is joined gets a moment to finish."""
        if wanted and self._listening is None:
            self._listening = asyncio.get_running_loop().create_task(self._listen())
        elif not wanted and self._listening is not None:
            self._listening.cancel()
            self._listening = None
            self._stop_listening()
            for guest in self.pairs:
                guest.expect(LINGER)

    async def opened(self) -> None:
        """Returns once it listens, if it is wanted."""
        if self._listening is not None:
            await asyncio.shield(self._listening)

    async def stop(self) -> None:
        """Everything is cut, and over when this returns."""
        self.want(False)
        for stream in tuple(self._streams):
            stream.cut()
        while self._streams:
            self._gone.clear()
            await self._gone.wait()

    # --- listening --------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        while not self.port:
            try:
                await self._open_sockets()
            except Unavailable as error:
                log.info("rendezvous: %s; tried again in %d s", error, LISTEN_AGAIN)
                await asyncio.sleep(LISTEN_AGAIN)

    async def _open_sockets(self) -> None:
        """One port for every address that can be had; a free one, once found, stays: guests know it."""
        failure = Unavailable("no address to listen on")
        for address in self._addresses:
            try:
                (sock,) = listening_sockets((address,), self._wanted_port)
            except Unavailable as error:
                failure = error
                continue
            loop = asyncio.get_running_loop()
            self._servers.append(await loop.create_server(lambda: Stream(self), sock=sock))
            self.port = self._wanted_port = sock.getsockname()[1]
        if not self.port:
            raise failure

    def _stop_listening(self) -> None:
        for server in self._servers:
            stop_accepting(server.sockets)
            asyncio.get_running_loop().call_soon(server.close)
        self._servers.clear()
        self.port = 0
        self.strangers.close()
        for guest in tuple(self._waiting.values()):
            guest.cut()

    # --- what streams say -------------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """How many guests the presenter was told of and has not met."""
        return len(self._waiting)

    def guest_came(self, guest: Stream) -> None:
        """It speaks TLS: it gets in line for the presenter as soon as there is room."""
        if self._too_often(guest.source):
            guest.cut()
            return
        self._outside.append(guest)
        self._let_into_line()

    def tell_again(self) -> None:
        """The presenter may not have heard of those who wait: its link was dead."""
        for token, guest in self._waiting.items():
            self._announce(GuestWaiting(token, guest.source, self.port))

    def _let_into_line(self) -> None:
        for guest in tuple(self._outside):
            same = sum(each.source == guest.source for each in self._waiting.values())
            if len(self._waiting) >= min(WAITING, PAIRS - len(self.pairs)):
                return
            if same < WAITING_EACH or is_loopback(guest.source):
                self._outside.remove(guest)
                token = secrets.token_bytes(TOKEN)
                self._waiting[token] = guest
                guest.wait(token)
                self._announce(GuestWaiting(token, guest.source, self.port))

    def presenter_came(self, presenter: Stream, token: bytes) -> None:
        """Whoever says the token of a guest that waits is joined with it. A token is good once."""
        guest = self._waiting.pop(token, None)
        if guest is None:
            presenter.cut()
            return
        self.pairs.add(guest)
        guest.join(presenter)
        self._let_into_line()

    def came(self, stream: Stream) -> None:
        """Somebody dialled."""
        self._streams.add(stream)

    def went(self, stream: Stream, token: bytes) -> None:
        """This stream is over, wherever it stood."""
        self._streams.discard(stream)
        self._gone.set()
        if stream in self._outside:
            self._outside.remove(stream)
        if stream in self.pairs or self._waiting.pop(token, None) is not None:
            self.pairs.discard(stream)
            self._let_into_line()

    def _too_often(self, source: str) -> bool:
        if len(self._rates) >= SOURCES and source not in self._rates:
            self._rates.pop(next(iter(self._rates)))
        now = monotonic()
        if is_loopback(source):
            return self._rate.exceeded(now)
        mine = self._rates.setdefault(source, Rate(*GUESTS_OF_A_SOURCE))
        return mine.exceeded(now) or self._rate.exceeded(now)


class Stream(asyncio.Protocol):
    """One end: a stranger until its first bytes say what it is, then in line, then joined with ``other``."""

    def __init__(self, rendezvous: Rendezvous) -> None:
        self.source = ""
        self._rendezvous = rendezvous
        self._transport: asyncio.Transport
        self._other: Stream | None = None
        self._first = b""
        self._token = b""
        self._gate: tuple[Gate, Visitor] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        tune(transport.get_extra_info("socket"), PIPE_BUFFER)
        self.source = source_address(transport.get_extra_info("peername") or ("",))
        self._rendezvous.came(self)
        self._stand_in(self._rendezvous.strangers)
        self.expect(self._rendezvous.deadlines.step)

    def data_received(self, data: bytes) -> None:
        if self._other is not None:
            self._other.send(data)
            return
        self._first += data
        if len(self._first) > FIRST_LIMIT:
            self.cut()
        elif self._first[0] == TLS_HANDSHAKE:
            self._transport.pause_reading()
            self._rendezvous.guest_came(self)
        elif not self._first.startswith(PREAMBLE[: len(self._first)]):
            self.cut()
        elif len(self._first) >= len(PREAMBLE) + TOKEN:
            said = self._first.removeprefix(PREAMBLE)
            self._first = said[TOKEN:]
            self._rendezvous.presenter_came(self, said[:TOKEN])

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.expect(None)
        self._stand_in(None)
        other, self._other = self._other, None
        self._rendezvous.went(self, self._token)
        if other is not None:
            other.finish()

    def pause_writing(self) -> None:
        if self._other is not None:
            self._other._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._other is not None:
            self._other._transport.resume_reading()

    # --- what the rendezvous does with it ---------------------------------------------------------------

    def wait(self, token: bytes) -> None:
        """In line until the presenter comes."""
        self._token = token
        self._stand_in(None)
        self.expect(self._rendezvous.deadlines.rendezvous)

    def join(self, other: Stream) -> None:
        """From now on each byte goes to the other side."""
        self._other, other._other = other, self
        for stream in (self, other):
            stream.expect(None)
            stream._stand_in(None)
        other.send(self._first)
        self.send(other._first)
        self._first = other._first = b""
        self._transport.resume_reading()

    def send(self, data: bytes) -> None:
        """To this end of the pair."""
        if data:
            self._transport.write(data)

    def finish(self) -> None:
        """The other side is gone: what is on its way arrives, then this one ends too."""
        self._other = None
        self._transport.close()
        self.expect(PATIENCE)

    def cut(self) -> None:
        """At once."""
        self._transport.abort()

    def expect(self, seconds: float | None) -> None:
        """After so many seconds it is cut."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self.cut)

    def _stand_in(self, gate: Gate | None) -> None:
        if self._gate is not None:
            self._gate[0].leave(self._gate[1])
        self._gate = None if gate is None else (gate, gate.enter(self.source, self.cut))
