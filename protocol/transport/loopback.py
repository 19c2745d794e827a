"""Two ends of a link inside one process: for tests, and for practising without a room.

They carry the very frames that a socket would: whoever uses them encodes and decodes as ever.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from protocol.messages import VERSION
from protocol.pairing import Mode, PeerFacts
from protocol.transport.link import LOST, LinkClosed
from protocol.transport.writer import HIGH_WATER, Framed
from protocol.values import Role


class AnyLink(Protocol):
    """What owner and guest need of a link: `protocol.transport.link.Link`, or an end of a loopback."""

    peer: PeerFacts
    mode: Mode
    secret: bytes
    address: str

    async def send(self, frame: bytes) -> None:
        """Send one frame; waits while too much is waiting already. `LinkClosed` when it is over."""

    def post(self, frame: bytes) -> None:
        """Send one frame without waiting; no effect when the link is over."""

    def post_framed(self, messages: Sequence[Framed]) -> None:
        """`post` for several at once, of which each may go to other links too."""

    def show(self, message: Framed) -> None:
        """`post` what is true for a moment only: dropped where too much is waiting already."""

    async def recv(self) -> bytes:
        """The next frame. `LinkClosed` when the link is over."""
        raise NotImplementedError

    def waiting_bytes(self) -> int:
        """Bytes sent here that nobody has taken yet."""
        raise NotImplementedError

    def fail(self, code: int, reason: str = "") -> None:
        """End the link at once for the peer's fault."""

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End the link."""

    def abort(self) -> None:
        """Cut the link without a word."""


class LoopbackLink:
    """One end. ``held`` keeps its frames from arriving, as a network that stalls does."""

    def __init__(self, peer: PeerFacts, mode: Mode, secret: bytes) -> None:
        self.peer = peer
        self.mode = mode
        self.secret = secret
        self.address = "loopback"
        self.held = False
        self._other: LoopbackLink = self
        self._arrived: deque[bytes] = deque()
        self._waiting: deque[bytes] = deque()
        self._moved = asyncio.Event()
        self._over: LinkClosed | None = None

    async def send(self, frame: bytes) -> None:
        """Send one frame; waits while the other end has not taken the former ones."""
        self.post(frame)
        while self._over is None and self._waiting:
            self._other._moved.clear()
            await self._other._moved.wait()
        if self._over is not None:
            raise self._over

    def post(self, frame: bytes) -> None:
        """Send one frame without waiting; no effect when the link is over."""
        if self._over is None:
            self._waiting.append(frame)
            self._flow()

    def post_framed(self, messages: Sequence[Framed]) -> None:
        """`post` for several at once."""
        for message in messages:
            self.post(message.data)

    def show(self, message: Framed) -> None:
        """`post`, unless too much is held."""
        if self.waiting_bytes() < HIGH_WATER:
            self.post(message.data)

    def release(self) -> None:
        """What was held arrives now."""
        self.held = False
        self._flow()

    async def recv(self) -> bytes:
        """The next frame. `LinkClosed` when the link is over."""
        while not self._arrived:
            if self._over is not None:
                raise self._over
            self._moved.clear()
            await self._moved.wait()
        return self._arrived.popleft()

    def waiting_bytes(self) -> int:
        """Bytes that are held."""
        return sum(map(len, self._waiting))

    def fail(self, code: int, reason: str = "") -> None:
        """End both ends at once; what had arrived here is not looked at."""
        self._arrived.clear()
        self._end(code, reason)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """End both ends; what was sent before still arrives."""
        self._end(code, reason)

    def abort(self) -> None:
        """End both ends without a word."""
        self._end(LOST, "")

    def _flow(self) -> None:
        if not self.held and self._waiting:
            self._other._arrived.extend(self._waiting)
            self._waiting.clear()
            self._other._moved.set()

    def _end(self, code: int, reason: str) -> None:
        for end, ours in ((self, code != LOST), (self._other, False)):
            if end._over is None:
                end._over = LinkClosed(code, ours=ours, reason=reason)
                end._moved.set()


def loopback(
    room: int, room_name: str = "", mode: Mode = Mode.PAIR, secret: bytes | None = None
) -> tuple[LoopbackLink, LoopbackLink]:
    """An owner's end and the end of the display of ``room``. Belongs to the running loop."""
    secret = secret or secrets.token_bytes(32)

    def facts(role: Role, device: bytes, name: str | None) -> PeerFacts:
        return PeerFacts(role, device, name is not None, room, name, VERSION, 0, 0)

    owner = LoopbackLink(facts(Role.DISPLAY, b"d" * 32, room_name), mode, secret)
    guest = LoopbackLink(facts(Role.PRESENTER, b"p" * 32, None), mode, secret)
    owner._other, guest._other = guest, owner
    return owner, guest
