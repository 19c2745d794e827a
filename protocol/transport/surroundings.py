"""What both programs need of the network around them: interfaces, mDNS, and sockets to listen on."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import Iterable, Mapping
from typing import Protocol

from protocol.errors import Unavailable
from protocol.transport.addresses import Endpoint, Interface, networks, own_interfaces
from protocol.transport.candidates import Announcement, Candidates
from protocol.transport.discovery import Discovery
from protocol.transport.events import NetworkState
from protocol.transport.gate import Gate
from protocol.transport.handshake import Greeted, Party
from protocol.transport.listen import Listener, serve
from protocol.transport.network_watch import NetworkWatch
from protocol.transport.settings import TransportSettings

log = logging.getLogger(__name__)

LISTEN_AGAIN = 5.0


class Inhabitant(Protocol):
    """Who lives in these surroundings. All are called in the loop."""

    async def greeted(self, greeted: Greeted) -> None:
        """Somebody dialled us; the link ends when this returns."""

    def heard(self) -> None:
        """The candidates changed."""

    def moved(self, interfaces: tuple[Interface, ...], endpoints: tuple[Endpoint, ...]) -> None:
        """The interfaces changed, or where we listen became known. ``endpoints``: our own."""

    def woke(self) -> None:
        """The machine slept: every link may be dead."""


class Surroundings:
    """Listening and mDNS of one program, over whatever interfaces there are at the moment. Without an address
    to listen on it only looks."""

    def __init__(self, settings: TransportSettings, party: Party, inhabitant: Inhabitant) -> None:
        self.own = networks(settings.own_networks)
        self.port = 0
        self._settings = settings
        self._party = party
        self._inhabitant = inhabitant
        self._discovery = Discovery(self.own, inhabitant.heard)
        self._watch = NetworkWatch(self._read_interfaces, self._moved, self._woke)
        self._interfaces: tuple[Interface, ...] = ()
        self._announcements: tuple[Announcement, ...] = ()
        self._gate = Gate()
        self._listeners: list[Listener] = []
        self._listening: asyncio.Task[None] | None = None

    @property
    def candidates(self) -> Candidates:
        """Who announces at the moment."""
        return self._discovery.candidates

    def start(self) -> None:
        """Begins in the running loop."""
        if self._settings.mdns:
            self._discovery.start()
        self._watch.start()
        if self._settings.listen_addresses:
            self._listening = asyncio.get_running_loop().create_task(self._listen())

    async def stop(self) -> None:
        """Goodbye; every link that somebody opened to us ends."""
        self._watch.stop()
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        await asyncio.gather(self._discovery.stop(), *(listener.close() for listener in self._listeners))

    async def look_again(self) -> None:
        """Ask over mDNS, as if it began just now, who is there."""
        await self._discovery.look_again()

    async def adopt(self, sock: socket.socket, source: str) -> None:
        """A socket that we connected, but whose other end speaks as if it had dialled us."""
        if not self._listeners:
            sock.close()
            return
        await self._listeners[0].adopt(sock, source)

    def widen_gate(self, altogether: int) -> None:
        """So many strangers may stand in the door."""
        self._gate.altogether = altogether

    def announce(
        self, announcements: Iterable[Announcement], again_until: Mapping[int, float] | None = None
    ) -> None:
        """Say just these over mDNS, as soon as we listen. ``again_until``: of these numbers again and again
        until then (monotonic), while a session waits for who should hear it, as nobody knows when the wire
        between will be mended."""
        self._announcements = tuple(announcements)
        self._discovery.repeat(self._settings.deadlines.redial_soon, again_until or {})
        if self.port:
            self._discovery.announce(self._announcements, self.port)

    def _read_interfaces(self) -> tuple[Interface, ...]:
        return own_interfaces(self.own, self._settings.mdns_interfaces)

    def _moved(self, interfaces: tuple[Interface, ...]) -> None:
        self._interfaces = interfaces
        self._discovery.set_interfaces(interfaces)
        self._tell()

    def _tell(self) -> None:
        addresses = [address for interface in self._interfaces for address in interface.addresses]
        endpoints = tuple(Endpoint(address, self.port) for address in addresses) if self.port else ()
        self._inhabitant.moved(self._interfaces, endpoints)

    def _woke(self) -> None:
        log.info("awake again: links and announcements are renewed")
        self._discovery.renew()
        self._inhabitant.woke()

    async def _listen(self) -> None:
        """An address whose port another program holds at the moment is tried until it can be had; any port
        may be the near end of somebody's connection. Others only until there is one to listen on."""
        missing = self._settings.listen_addresses
        while missing:
            heard_before = self.port
            missing = tuple([address for address in missing if not await self._listen_on(address)])
            if self.port != heard_before:
                self._discovery.announce(self._announcements, self.port)
                self._tell()
            if missing:
                await asyncio.sleep(LISTEN_AGAIN)

    async def _listen_on(self, address: str) -> bool:
        """Whether there is nothing more to be done for it. One port for all, also where any free one does."""
        port = self.port or self._settings.port
        try:
            listener = await serve(self._party, self._inhabitant.greeted, (address,), port, self._gate)
        except Unavailable as error:
            taken = isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE
            return bool(self.port) and not taken
        self._listeners.append(listener)
        self.port = listener.ports[0]
        return True


def network_state(
    settings: TransportSettings, interfaces: tuple[Interface, ...], endpoints: tuple[Endpoint, ...]
) -> NetworkState:
    """What a wall says of the network; loopback is one where the settings speak mDNS there."""
    # Not by where we listen: before that is known, or while the port is another program's, we dial.
    wanted = bool(settings.mdns_interfaces)
    house = any(wanted or not each.loopback for each in interfaces)
    return NetworkState(house, tuple(map(str, endpoints)))
