"""One WebSocket over TLS, before and after it is authenticated: what may come over it, and how it ends.

`SecureServer` and `SecureClient` are the library's connections that speak TLS from the first byte and enforce
the framing rules of PROTOCOL.md. `Link` is what the rest of the program sees of an authenticated one.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import logging
import socket
import ssl
import sys
from asyncio import sslproto
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import OPEN, State

from protocol.errors import CloseCode, KamizeroError
from protocol.messages import CHUNK, CONTROL_LIMIT
from protocol.pairing import PeerFacts
from protocol.pairing_messages import Mode
from protocol.transport.addresses import host_of
from protocol.transport.gate import Gate, source_address
from protocol.transport.writer import HIGH_WATER, Framed, Writer

log = logging.getLogger(__name__)

# What strangers do at the door is no news for our log; what goes wrong in our own part is told all the same.
logging.getLogger("websockets").setLevel(logging.WARNING)

PATH = "/k1"
SUBPROTOCOL = "kamizero.v1"
GREETING_LIMIT = 4 * 1024
BULK_LIMIT = CHUNK + 1_024
SEND_BUFFER = 16 * 1024
RECEIVE_BUFFER = 16 * 1024
"""Of a control link: what waits unread in the kernel is as stale as what waits unsent."""
BULK_SEND_BUFFER = 256 * 1024
TLS_BUFFER = 64 * 1024
"""Of each connection, for what comes in. asyncio takes 256 KiB and fills it with zeros, so that a crowd of
strangers at the door cost 50 MB. A paper takes a twentieth more of the processor with this."""
sslproto.SSLProtocol.max_size = TLS_BUFFER
QUEUE = 64
PINGS_A_SECOND = 20
PATIENCE = 1.0
"""Seconds that an ending connection gets to end politely."""

LOST = 1006


class LinkClosed(KamizeroError):
    """The link is over. ``code``: the close code, 1006 when there was none; ``ours``: this side closed it."""

    def __init__(self, code: int, ours: bool, reason: str = "") -> None:
        super().__init__(f"link closed {'here' if ours else 'there'} with {code} {reason}".rstrip())
        self.code = code
        self.ours = ours


def link_closed(error: ConnectionClosed) -> LinkClosed:
    """What the library says of an ended connection, in our words."""
    theirs_first = error.rcvd is not None and (error.sent is None or bool(error.rcvd_then_sent))
    close = error.rcvd if theirs_first else error.sent
    if close is None:
        return LinkClosed(LOST, ours=False)
    return LinkClosed(close.code, ours=not theirs_first, reason=close.reason)


@dataclass(frozen=True, slots=True)
class Door:
    """What every connection of one listener, or one dial, passes: TLS, its deadline, and the gate if any."""

    tls: ssl.SSLContext
    step: float
    whole: float
    gate: Gate | None = None


class _Secured(Connection):
    """TLS before the first byte, and the framing rules. Mixed into both kinds of connection."""

    masks: bool
    """Whether what it sends is masked: who dialled does so."""

    def __init__(self, door: Door, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door = door
        self.raw: asyncio.Transport
        self.secured = False
        self._lost = False
        self.writer: Writer
        self._early: list[bytes] = []
        self._pings: collections.deque[float] = collections.deque(maxlen=PINGS_A_SECOND)
        self._failed = False
        self._impatient: asyncio.TimerHandle | None = None

    def _start(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.raw = self.transport = transport
        transport.pause_reading()
        tune(transport.get_extra_info("socket"), SEND_BUFFER)

    async def _secure(self, *, server_side: bool) -> None:
        """Raises what ``start_tls`` raises: ``OSError``, ``ssl.SSLError`` and ``TimeoutError`` among them."""
        transport = await self.loop.start_tls(
            self.raw,
            self,
            self.door.tls,
            server_side=server_side,
            server_hostname=None if server_side else SUBPROTOCOL,
            ssl_handshake_timeout=self.door.step,
            ssl_shutdown_timeout=PATIENCE,
        )
        if transport is None or self._lost:
            raise ConnectionAbortedError("closed during the TLS handshake")
        self.raw.set_write_buffer_limits(HIGH_WATER)
        # That of TLS fails once it was closed twice (CPython 3.11.2); ending TCP ends it as well.
        transport.abort = self.raw.abort  # type: ignore[method-assign]
        self.writer = Writer(transport, self.raw, masks=self.masks)
        super().connection_made(transport)
        self.secured = True
        early, self._early = self._early, []
        for data in early:
            self.data_received(data)

    def data_received(self, data: bytes) -> None:
        # What came in one piece with the end of the TLS handshake is handed over before start_tls returns.
        if not self.secured:
            self._early.append(bytes(data))
            return
        super().data_received(data)
        self._limit_patience()

    def eof_received(self) -> None:
        if self.secured:
            super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._impatient is not None:
            self._impatient.cancel()
        self._lost = True
        if self.secured:
            self.writer.open = False
            super().connection_lost(exc)

    def process_event(self, event: Request | Response | Frame) -> None:
        if self._failed:
            return
        if isinstance(event, Frame):
            fault = self._fault(event)
            if fault is not None:
                self.fail(fault)
                return
        super().process_event(event)

    def _fault(self, frame: Frame) -> int | None:
        if frame.opcode is Opcode.TEXT:
            return CloseCode.PROTOCOL
        if frame.opcode is Opcode.CONT or (frame.opcode is Opcode.BINARY and not frame.fin):
            return CloseCode.SIZE
        if frame.opcode is Opcode.PING:
            now = self.loop.time()
            if len(self._pings) == PINGS_A_SECOND and now - self._pings[0] < 1.0:
                return CloseCode.PROTOCOL
            self._pings.append(now)
        return None

    def fail(self, code: int, reason: str = "") -> None:
        """End the connection at once with this close code; nothing that comes after is looked at."""
        self._failed = True
        if not self.secured or self.protocol.state is not State.OPEN:
            self.raw.abort()
            return
        self.protocol.fail(code, reason)
        self.send_data()
        self._limit_patience()

    def _limit_patience(self) -> None:
        """The library leaves it to the server to end TCP, and waits; we do not wait for ever."""
        if self._impatient is None and self.protocol.close_expected():
            self._impatient = self.loop.call_later(PATIENCE, self.transport.abort)

    def abort(self) -> None:
        """Cut the connection without a word."""
        if self.secured:
            self.writer.open = False
        self.transport.abort()

    def allow(self, mode: Mode) -> None:
        """From now on messages as large as this kind of link carries."""
        self.protocol.max_message_size = BULK_LIMIT if mode is Mode.BULK else CONTROL_LIMIT

    def send_data(self) -> None:
        super().send_data()
        # No message goes behind what ends the connection.
        self.writer.open = self.protocol.state is OPEN


def tune(sock: Any, send_buffer: int) -> None:
    """Send at once; and for control, keep little in the kernel: what waits there cannot be replaced."""
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    except OSError as error:
        log.debug("the socket is over already: %s", error)
    for option, value in _AFTER_A_CUT:
        with contextlib.suppress(OSError):  # a kernel that does not know it goes on as it did
            sock.setsockopt(socket.IPPROTO_TCP, option, value)


_AFTER_A_CUT = ((16, 1), (44, 1_000)) if sys.platform == "linux" else ()
"""TCP_THIN_LINEAR_TIMEOUTS, TCP_RTO_MAX_MS: what was lost is sent again at least each second. With the usual
doubling a wire that was cut for four seconds and is mended stays silent for three more."""


class SecureServer(_Secured, ServerConnection):
    """A connection that somebody opened to us: through the gate first, then TLS.

    ``source``: the address that its guesses count for; set before the connection is made where that is not
    the other end of the socket (a wall's rendezvous stands between).
    """

    masks = False
    source = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._start(transport)
        assert self.door.gate is not None
        self.source = self.source or source_address(transport.get_extra_info("peername") or ("",))
        self.opened = self.loop.time()
        self.standing = True
        self._visitor = self.door.gate.enter(self.source, self.raw.abort)
        self._late = self.loop.call_later(self.door.whole, self.raw.abort)
        self.securing = self.loop.create_task(self._admit())

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        asked = self.request is not None and self.response is None
        if asked and self.protocol.eof_sent:
            # Who asks may speak before we have answered; who ended it so gets no answer, with which the
            # library would end it once more, and fail.
            self.protocol.receive_eof()
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.leave_door()
        super().connection_lost(exc)

    def leave_gate(self) -> None:
        """It stands in the queue of guesses, bounded itself: newcomers do not push it out."""
        assert self.door.gate is not None
        self.door.gate.leave(self._visitor)

    def leave_door(self) -> None:
        """It is authenticated, or over: it no longer stands in the door."""
        self.leave_gate()
        self.standing = False
        self._late.cancel()

    async def _admit(self) -> None:
        spare: socket.socket | None = None
        try:
            spare = self.raw.get_extra_info("socket").dup()
            await self._secure(server_side=True)
        except (OSError, TimeoutError) as error:
            if spare is not None and isinstance(error, ssl.SSLError) and error.reason in _OLD_TLS:
                _send_alert(spare)
            log.debug("no TLS: %s", error)
        finally:
            if spare is not None:
                spare.close()
            if not self.secured:
                self.raw.abort()
                self.leave_door()


_OLD_TLS = ("UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW", "NO_PROTOCOLS_AVAILABLE")
_ALERT_PROTOCOL_VERSION = bytes([21, 3, 3, 0, 2, 2, 70])


def _send_alert(sock: socket.socket) -> None:
    """asyncio ends a failed TLS handshake without the alert that would tell an old client why."""
    try:
        sock.send(_ALERT_PROTOCOL_VERSION)
    except OSError as error:
        log.debug("no TLS alert: %s", error)


class SecureClient(_Secured, ClientConnection):
    """A connection that we open. ``first``: our first frame, which goes in one piece with the request: a
    round trip less, and on a bad wire one packet less to be lost."""

    masks = True

    def __init__(self, door: Door, first: Framed, *args: Any, **kwargs: Any) -> None:
        super().__init__(door, *args, **kwargs)
        self._first: Framed | None = first

    @property
    def source(self) -> str:
        """The address of the other end, for counting."""
        return source_address(self.remote_address or ("",))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._start(transport)

    def shown_certificate(self) -> bytes:
        """The listener's certificate as TLS was shown it (DER)."""
        certificate = self.transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
        assert isinstance(certificate, bytes)
        return certificate

    async def handshake(self, *args: Any, **kwargs: Any) -> None:
        await self._secure(server_side=False)
        await super().handshake(*args, **kwargs)

    def send_data(self) -> None:
        if self._first is None or self.request is None:
            super().send_data()
            return
        first, self._first = self._first, None
        self.transport.write(b"".join((*self.protocol.data_to_send(), first.frame(masked=True))))


class Link:
    """An authenticated link. ``secret`` is the session's; ``mode`` says what the link is for.

    Heartbeat and meaning of the frames belong to those who use it.
    """

    def __init__(
        self, connection: SecureServer | SecureClient, peer: PeerFacts, mode: Mode, secret: bytes
    ) -> None:
        self._connection = connection
        self.peer = peer
        self.mode = mode
        self.secret = secret
        self.address = host_of(connection.remote_address)
        self.show = connection.writer.show
        """`post` what is true for a moment only: dropped where too much is waiting already."""
        connection.allow(mode)
        if isinstance(connection, SecureServer):
            connection.leave_door()
        sock = connection.raw.get_extra_info("socket")
        if mode is Mode.BULK:
            tune(sock, BULK_SEND_BUFFER)
        else:
            with contextlib.suppress(OSError):  # over already
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)

    async def send(self, frame: bytes) -> None:
        """Send one frame; waits while too much is waiting already. `LinkClosed` when it is over."""
        try:
            await self._connection.send(frame)
        except ConnectionClosed as error:
            raise link_closed(error) from error

    def post(self, frame: bytes) -> None:
        """Send one frame without waiting; no effect when the link is over. Look at `waiting_bytes` first."""
        self._connection.writer.write(Framed(frame))

    def post_framed(self, messages: Sequence[Framed]) -> None:
        """`post` for several at once, of which each may go to other links too."""
        self._connection.writer.write(*messages)

    async def recv(self) -> bytes:
        """The next frame. `LinkClosed` when the link is over."""
        try:
            return await self._connection.recv(decode=False)
        except ConnectionClosed as error:
            raise link_closed(error) from error

    def waiting_bytes(self) -> int:
        """Bytes sent here that the system has not taken yet; what it has taken is at most 32 kB more."""
        return self._connection.writer.waiting_bytes()

    def fail(self, code: int, reason: str = "") -> None:
        """End the link at once for the peer's fault; frames that came behind it are not looked at."""
        self._connection.fail(code, reason)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End the link and wait until it has ended. Safe to call twice."""
        await self._connection.close(code, reason)

    def abort(self) -> None:
        """Cut the link without a word, as a pulled cable would."""
        self._connection.abort()
