"""The door before TLS: how many strangers may stand in it at once.

When it is full, the one who has stood there longest goes, never the one who comes: somebody who means it is
through in a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

PER_ADDRESS = 4
ALTOGETHER = 32
WHILE_JOINING = 40
"""Altogether, at a presenter whom people may join."""


@dataclass(frozen=True, eq=False, slots=True)
class Visitor:
    """One link that is not authenticated yet; ``drop`` ends it."""

    address: str
    drop: Callable[[], None]


class Gate:
    """Who stands in the door, in the order of arrival. ``altogether`` counts every address.

    Addresses of this machine itself are counted altogether, but not apiece.
    """

    def __init__(self, per_address: int = PER_ADDRESS, altogether: int = ALTOGETHER) -> None:
        self._per_address = per_address
        self.altogether = altogether
        self._visitors: list[Visitor] = []

    def enter(self, address: str, drop: Callable[[], None]) -> Visitor:
        """A new link from there. Whoever has to go for it is dropped within the call."""
        same = [visitor for visitor in self._visitors if visitor.address == address]
        if len(same) >= self._per_address and not is_loopback(address):
            self._turn_out(same[0])
        elif len(self._visitors) >= self.altogether:
            self._turn_out(self._visitors[0])
        visitor = Visitor(address, drop)
        self._visitors.append(visitor)
        return visitor

    def leave(self, visitor: Visitor) -> None:
        """It is authenticated, or gone."""
        if visitor in self._visitors:
            self._visitors.remove(visitor)

    def close(self) -> None:
        """Everybody out."""
        while self._visitors:
            self._turn_out(self._visitors[0])

    def __len__(self) -> int:
        return len(self._visitors)

    def _turn_out(self, visitor: Visitor) -> None:
        self._visitors.remove(visitor)
        visitor.drop()


def source_address(peername: tuple[object, ...]) -> str:
    """The address of a socket's other end, for counting: without scope, IPv4 always as IPv4."""
    text = str(peername[0]).partition("%")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(address)


def is_loopback(address: str) -> bool:
    """Whether this is the machine itself."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
