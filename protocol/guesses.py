"""How guesses at a code are counted and served: each source so many a minute, all together twenty a second.

First come, first served; nobody can lock anybody else out. Times are seconds of one monotonic clock, given by
the caller.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Protocol

MINUTE = 60.0
SERVICE = 1 / 20

Below = Callable[[int], int]
"""A random number from 0 up to, but without, that one; fit for secrets."""


@dataclass(eq=False, slots=True)
class ShownCode:
    """One code that people may read somewhere."""

    digits: str
    used: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess that counts: it may be tested against ``codes`` (newest first), at ``serve_at``."""

    source: str
    codes: tuple[ShownCode, ...]
    serve_at: float
    arrived: float

    @property
    def digits(self) -> tuple[str, ...]:
        return tuple(code.digits for code in self.codes)


class Codes(Protocol):
    """A code that others type, as the side that shows it keeps it."""

    @property
    def code(self) -> str:
        """The digits; "" while none is good."""

    def busy(self, source: str, now: float) -> bool:
        """Whether a guess of this source should wait until others of it are settled."""

    def guess(self, source: str, now: float) -> Guess | None:
        """Count a guess as it arrives, before anything is computed. None: not tested, to be refused."""

    def redeem(self, guess: Guess, slot: int, now: float) -> bool:
        """The guess knew the code of that slot. False: that code is no longer good."""

    def missed(self, guess: Guess) -> None:
        """The guess was wrong, or nothing came of it."""


class GuessCount:
    """``limit``: guesses of one source a minute. Nobody waits longer than ``longest_wait`` for its turn: what
    comes in faster than that is refused. ``share``: so much of that time one network may fill."""

    def __init__(self, limit: int, longest_wait: float, share: float = 1.0) -> None:
        self._limit = limit
        self._longest_wait = longest_wait
        self._share = share
        self._by_source: dict[str, deque[float]] = {}
        """When each guessed; who guessed last stands last: the old ones are forgotten without a search."""
        self._next_service = float("-inf")
        self._next_of_network: dict[str, float] = {}

    def full(self, source: str, now: float) -> bool:
        """Whether this source has no guess left this minute."""
        times = self._by_source.get(source, ())
        return sum(time > now - MINUTE for time in times) >= self._limit

    def count(self, source: str, now: float) -> float | None:
        """One more guess of this source: when it is served, None when it is refused. Refused ones of a source
        that has none left do not count further."""
        if self.full(source, now):
            return None
        times = self._by_source.pop(source, deque(maxlen=self._limit))
        times.append(now)
        self._by_source[source] = times
        self._forget(now)
        network = network_of(source)
        serve_at = max(now, self._next_service)
        of_network = max(now, self._next_of_network.get(network, now))
        if max(serve_at, of_network) - now > self._longest_wait:
            return None
        self._next_service = serve_at + SERVICE
        self._next_of_network[network] = of_network + SERVICE / self._share
        return serve_at

    def forgive(self, source: str, arrived: float) -> None:
        """That guess was right: it does not count."""
        times = self._by_source.get(source)
        if times is not None and arrived in times:
            times.remove(arrived)

    def _forget(self, now: float) -> None:
        while (first := next(iter(self._by_source.items()), None)) is not None:
            source, times = first
            if times and times[-1] > now - MINUTE:
                break  # those behind it guessed later
            del self._by_source[source]
        for network in [key for key, until in self._next_of_network.items() if until <= now]:
            del self._next_of_network[network]


def network_of(source: str) -> str:
    """What one machine can fill with addresses of its own: 64 bits of IPv6; of IPv4 it is the address."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> 64 << 64))
    return source
