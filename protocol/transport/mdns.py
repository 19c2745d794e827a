"""mDNS on one network interface: announce, browse, resolve; with a gate before the zeroconf library.

One zeroconf instance for each interface, so that it is known where something was heard. The library's sockets
hear datagrams of every interface, therefore the gate looks at each datagram's source: a loopback source is
let through on the loopback interface alone (the kernel refuses such a source from a wire).
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from zeroconf import DNSQuestionType, IPVersion, ServiceInfo, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from protocol.transport.addresses import Endpoint, Interface, IPNetwork, dialable
from protocol.transport.candidates import (
    ADDRESSES_EACH,
    LIMIT,
    SERVICE,
    Announcement,
    Candidate,
    is_instance,
    read_announcement,
)

DATAGRAM_LIMIT = 1_500
"""Bytes. Ours are smaller; the library keeps up to 10,000 records, as large as they may come."""
DATAGRAMS_PER_SECOND = 200
SOURCE_PER_SECOND = 50
SOURCES_LIMIT = 512
RESOLVES_PER_SECOND = 5
RESOLVE_TIMEOUT_MS = 1_500
TYPE_TXT, CLASS_IN = 16, 1

# What strangers send to port 5353 is no news for our log.
logging.getLogger("zeroconf").setLevel(logging.CRITICAL)


class Allowance:
    """So many in a second, and as many at once after a pause. Seconds are monotonic."""

    def __init__(self, per_second: int, now: float) -> None:
        self._per_second = per_second
        self._left = float(per_second)
        self._refilled = now

    def take(self, now: float) -> bool:
        """Whether there is one left; it is gone then."""
        grown = self._left + (now - self._refilled) * self._per_second
        self._left, self._refilled = min(grown, float(self._per_second)), now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class DatagramGate(asyncio.DatagramProtocol):
    """Stands before a zeroconf listener: drops what is too large, too much, or from another interface.

    One source that floods uses up its own allowance, not that of all. ``source``: whose datagram is being
    read just now.
    """

    def __init__(self, listener: Any, interface: Interface, clock: Callable[[], float]) -> None:
        self._listener = listener
        self._loopback = interface.loopback
        self._clock = clock
        self._all = Allowance(DATAGRAMS_PER_SECOND, clock())
        self._sources: dict[str, Allowance] = {}
        self.source = ""

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Called by the loop for each datagram."""
        source = str(addr[0]).partition("%")[0]
        if ipaddress.ip_address(source).is_loopback != self._loopback or len(data) > DATAGRAM_LIMIT:
            return
        now = self._clock()
        if not self._allowance(source, now).take(now) or not self._all.take(now):
            return
        self.source = source
        self._listener.datagram_received(data, addr)
        self.source = ""

    def _allowance(self, source: str, now: float) -> Allowance:
        """Kept in the order of the last datagram; only so many are known."""
        allowance = self._sources.pop(source, None) or Allowance(SOURCE_PER_SECOND, now)
        self._sources[source] = allowance
        if len(self._sources) > SOURCES_LIMIT:
            del self._sources[next(iter(self._sources))]
        return allowance

    def error_received(self, exc: Exception) -> None:
        """The library counts its own errors."""
        self._listener.error_received(exc)

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket was closed."""
        self._listener.connection_lost(exc)


class InterfaceSpeaker:
    """Announces and browses on one interface. ``hear`` and ``forget`` are called in the loop."""

    def __init__(
        self,
        interface: Interface,
        own: Sequence[IPNetwork],
        hear: Callable[[Candidate], None],
        forget: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self.interface = interface
        self._own = own
        self._hear = hear
        self._forget = forget
        self._clock = clock
        self._zeroconf: AsyncZeroconf | None = None
        self._browser: AsyncServiceBrowser | None = None
        self._announced: dict[str, ServiceInfo] = {}
        self._saying: dict[str, asyncio.Future[Any]] = {}
        self._gates: list[DatagramGate] = []
        self._sources: dict[str, str] = {}
        """Who said that there is this instance: of those that the library knows, and it has a limit."""
        self._unresolved: asyncio.Queue[tuple[str, str]] = asyncio.Queue(maxsize=LIMIT)
        self._resolver: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Joins the multicast groups; ``OSError`` when the interface does not let us."""
        choice: list[str | int] = [a for a in self.interface.addresses if ":" not in a]
        if self.interface.speaks_ipv6:
            choice.append(self.interface.index)
        versions = (IPVersion.V4Only, IPVersion.V6Only, IPVersion.All)
        version = versions[
            2 if len(choice) > 1 and self.interface.speaks_ipv6 else self.interface.speaks_ipv6
        ]
        self._zeroconf = AsyncZeroconf(interfaces=choice, ip_version=version)
        await self._zeroconf.zeroconf.async_wait_for_start()
        for reader in self._zeroconf.zeroconf.engine.readers:
            transport = reader.transport
            gate = DatagramGate(transport.get_protocol(), self.interface, self._clock)
            self._gates.append(gate)
            transport.set_protocol(gate)
        self._browse()
        self._resolver = asyncio.get_running_loop().create_task(self._resolve())

    def _browse(self) -> None:
        """Begins to ask who is there. An answer goes to everybody (QM): one to us alone (QU) reaches one
        program of those that share this machine's port 5353, and maybe another one."""
        assert self._zeroconf is not None
        self._browser = AsyncServiceBrowser(
            self._zeroconf.zeroconf, SERVICE, handlers=[self._seen], question_type=DNSQuestionType.QM
        )

    async def look_again(self) -> None:
        """As if it began just now. The library asks four times within 14 s and then never again: whose
        answers were lost, or found no room here, would stay unknown."""
        if self._browser is not None:
            await self._browser.async_cancel()
            self._browse()

    async def announce(self, said: Mapping[str, Announcement], host: str, port: int) -> None:
        """Says these, by instance name; takes back, with a goodbye, what is not among them any more."""
        assert self._zeroconf is not None
        for instance in [name for name in self._announced if name not in said]:
            self._say_no_more(instance)
            await (await self._zeroconf.async_unregister_service(self._announced.pop(instance)))
        for instance, announcement in said.items():
            info = ServiceInfo(
                SERVICE,
                f"{instance}.{SERVICE}",
                port=port,
                properties=announcement.text,
                server=f"{host}.local.",
                parsed_addresses=list(self.interface.addresses),
            )
            former = self._announced.get(instance)
            if former is None:
                saying = await self._zeroconf.async_register_service(info, cooperating_responders=True)
            elif (former.text, former.port) != (info.text, info.port):
                self._say_no_more(instance)
                saying = await self._zeroconf.async_update_service(info)
            else:
                continue
            self._announced[instance], self._saying[instance] = info, asyncio.ensure_future(saying)

    def _say_no_more(self, instance: str) -> None:
        """Nothing that is no longer true is said after what is: who hears it last believes it for an hour.

        The library says each thing three times within half a second, and answers up to 1.2 s after it was
        asked (RFC 6762, 6) with what was true then. Who asked hears what is said now.
        """
        assert self._zeroconf is not None
        saying = self._saying.pop(instance, None)
        if saying is not None:
            saying.cancel()
        for answers in (self._zeroconf.zeroconf.out_queue, self._zeroconf.zeroconf.out_delay_queue):
            answers.queue.clear()

    def repeat(self, instances: Set[str]) -> None:
        """Says once more what was announced under these names."""
        if self._zeroconf is not None:
            speaker = self._zeroconf.zeroconf
            for instance in instances & self._announced.keys():
                speaker.async_send(speaker.generate_service_broadcast(self._announced[instance], None))

    async def close(self) -> None:
        """Goodbye, and the sockets closed. Never raises for what the network does."""
        if self._resolver is not None:
            self._resolver.cancel()
        if self._browser is not None:
            await self._browser.async_cancel()
        if self._zeroconf is not None:
            for instance in list(self._saying):
                self._say_no_more(instance)
            await self._zeroconf.async_close()

    # --- hearing ------------------------------------------------------------------------------------------

    def _seen(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        if not is_instance(name):
            return
        if state_change is ServiceStateChange.Removed:
            self._sources.pop(name, None)
            self._forget(name)
            return
        # It speaks while the datagram that made it speak is being read; of what it knows already, later.
        reading = (gate.source for gate in self._gates if gate.source)
        source = self._sources[name] = next(reading, self._sources.get(name, ""))
        info = AsyncServiceInfo(SERVICE, name)
        if info.load_from_cache(zeroconf):
            self._heard(info, source)
        elif not self._unresolved.full():
            self._unresolved.put_nowait((name, source))

    async def _resolve(self) -> None:
        """Asks for the addresses of those that did not come with them, 5 in a second."""
        async with asyncio.TaskGroup() as asking:
            while True:
                asking.create_task(self._ask(*await self._unresolved.get()))
                await asyncio.sleep(1 / RESOLVES_PER_SECOND)

    async def _ask(self, name: str, source: str) -> None:
        assert self._zeroconf is not None
        info = AsyncServiceInfo(SERVICE, name)
        if await info.async_request(self._zeroconf.zeroconf, RESOLVE_TIMEOUT_MS):
            self._heard(info, source)

    def _heard(self, info: AsyncServiceInfo, source: str) -> None:
        assert self._zeroconf is not None
        announcement = read_announcement(newest_text(self._zeroconf.zeroconf, info))
        if announcement is None or not info.port:
            return
        addresses = info.parsed_scoped_addresses()[:ADDRESSES_EACH]
        endpoints = tuple(
            Endpoint(address, info.port)
            for address in addresses
            if dialable(address, self._own, self.interface)
        )
        if endpoints:
            self._hear(Candidate(info.name, announcement, endpoints, source))


def newest_text(zeroconf: Zeroconf, info: ServiceInfo) -> bytes:
    """What was announced last under that name. A former text stays in the library's cache for a while, and
    where one comes again that was there before, the library reads the one in between. What the newest one has
    put out is dated as that one is (RFC 6762, 10.2), but has a second left to live."""
    records: list[Any] = list(zeroconf.cache.get_all_by_details(info.name, TYPE_TXT, CLASS_IN))
    newest = max(records, key=lambda record: (record.created, record.ttl), default=info)
    return bytes(newest.text or b"")


def random_name() -> str:
    """16 hexadecimal digits that say nothing about who announces."""
    return secrets.token_hex(8)
