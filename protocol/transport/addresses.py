"""Addresses and interfaces: what counts as the house's own, and what may be dialled.

An address heard over mDNS is a stranger's claim. It is dialled only inside the house's own networks, and a
loopback address only when it was heard on the loopback interface. What a person typed, and what the signed
room file says, is dialled as it stands.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import ifaddr

from protocol.errors import Misuse

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
IPV6_ADDRESSES = Path("/proc/net/if_inet6")
_TENTATIVE = 0x40
"""Linux tells there of each IPv6 address whether it may be used yet (IFA_F_TENTATIVE: not yet)."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to dial. ``host``: an IP address (a link-local IPv6 one with ``%scope``) or a DNS name."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Interface:
    """One network interface with its usable addresses, as text without a scope."""

    name: str
    index: int
    addresses: tuple[str, ...]
    loopback: bool

    @property
    def speaks_ipv6(self) -> bool:
        """Whether link-local IPv6 is there, on which mDNS speaks as well."""
        return any(ipaddress.ip_address(address).version == 6 for address in self.addresses)


def networks(own: Iterable[str]) -> tuple[IPNetwork, ...]:
    """The setting ``own_networks`` read; ``Misuse`` names the one that is no network."""
    read = []
    for text in own:
        try:
            read.append(ipaddress.ip_network(text))
        except ValueError as error:
            raise Misuse(f"own_networks: {text!r} is not a network such as 10.0.0.0/8") from error
    return tuple(read)


def read_endpoint(text: str, port: int) -> Endpoint:
    """``10.1.6.27``, ``10.1.6.27:47400``, ``[fe80::1%eth0]:47400`` or a DNS name; ``Misuse`` when it is none.

    ``port`` is used where the text names none.
    """
    text = text.strip()
    host, named = text, ""
    if text.startswith("["):
        host, closed, named = text[1:].partition("]")
        named = named.removeprefix(":")
        if not closed:
            raise Misuse(f"no address: {text!r}")
    elif text.count(":") == 1:
        host, _, named = text.partition(":")
    if named:
        if not (named.isascii() and named.isdigit() and 1 <= int(named) <= 65_535):
            raise Misuse(f"no port: {named!r}")
        port = int(named)
    if not host or len(host) > 253 or not host.isprintable() or any(sign in host for sign in " /@?#"):
        raise Misuse(f"no address: {text!r}")
    return Endpoint(host, port)


def on_each_link(endpoint: Endpoint, own: Sequence[IPNetwork]) -> tuple[Endpoint, ...]:
    """A link-local IPv6 address without its scope, as a person reads it on a wall: with that of each of our
    interfaces, for nobody else can say which. Any other is itself.
    """
    try:
        address = ipaddress.ip_address(endpoint.host)
    except ValueError:
        return (endpoint,)
    if isinstance(address, ipaddress.IPv4Address) or not address.is_link_local or address.scope_id:
        return (endpoint,)
    links = (each.index for each in own_interfaces(own) if each.speaks_ipv6)
    return tuple(Endpoint(f"{endpoint.host}%{index}", endpoint.port) for index in links) or (endpoint,)


def host_of(peername: Sequence[object]) -> str:
    """The address of a socket's other end, as it can be dialled: a link-local IPv6 one with its scope."""
    host = str(peername[0])
    scope = peername[3] if len(peername) > 3 else 0
    return f"{host}%{scope}" if scope and "%" not in host else host


def dialable(host: str, own: Sequence[IPNetwork], heard_on: Interface | None = None) -> bool:
    """Whether an address that nobody of ours wrote down may be dialled. ``heard_on`` None: it came by DNS."""
    bare, _, scope = host.partition("%")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return False
    if address.is_loopback:
        return heard_on is not None and heard_on.loopback
    if heard_on is not None and heard_on.loopback:
        return False
    if address.version == 6 and address.is_link_local and not scope:
        return False
    return not address.is_multicast and any(address in network for network in own)


def own_interfaces(own: Sequence[IPNetwork], only: Sequence[str] = ()) -> tuple[Interface, ...]:
    """The interfaces of this machine that belong to the house, sorted by name.

    ``only`` names addresses: then just their interfaces, with just those addresses. Without it, loopback is
    taken only where there is nothing else (a machine, or a network namespace, by itself).
    """
    found = []
    unsettled = _unsettled()
    for adapter in ifaddr.get_adapters():
        heard = [ip.ip if ip.is_IPv4 else ip.ip[0] for ip in adapter.ips]
        addresses = tuple(
            text for text in map(str, heard) if text not in unsettled and _usable(text, own, only)
        )
        if addresses:
            loopback = all(ipaddress.ip_address(text).is_loopback for text in addresses)
            found.append(Interface(adapter.name, adapter.index or 0, addresses, loopback))
    found.sort(key=lambda interface: interface.name)
    outside = tuple(interface for interface in found if not interface.loopback)
    return tuple(found) if only or not outside else outside


def _unsettled() -> frozenset[str]:
    """IPv6 addresses that the system still asks about: for a second or two after a cable was plugged in
    nothing can be bound to them, and mDNS would do without IPv6 for as long as the cable stays."""
    try:
        lines = IPV6_ADDRESSES.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()  # another system, which does not tell
    return frozenset(
        str(ipaddress.IPv6Address(bytes.fromhex(digits)))
        for digits, _, _, _, flags, _ in map(str.split, lines)
        if int(flags, 16) & _TENTATIVE
    )


def _usable(text: str, own: Sequence[IPNetwork], only: Sequence[str]) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if only:
        return text in only
    if address.is_loopback:
        return address.version == 4
    return any(address in network for network in own)
