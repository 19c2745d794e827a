"""Notices that the network under us changed: interfaces come and go, or the machine slept.

A sleep shows as a jump: the clock that counts sleep went on much further than the look-out interval.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from protocol.transport.addresses import Interface

LOOK_OUT = 2.0
JUMP = 3.0


def clock_with_sleep() -> float:
    """Seconds that go on while the machine sleeps, and that nobody can set."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class NetworkWatch:
    """Calls ``on_interfaces(interfaces)`` at each change of them, and ``on_wake()`` after a sleep."""

    def __init__(
        self,
        read_interfaces: Callable[[], tuple[Interface, ...]],
        on_interfaces: Callable[[tuple[Interface, ...]], None],
        on_wake: Callable[[], None],
        clock: Callable[[], float] = clock_with_sleep,
    ) -> None:
        self._read = read_interfaces
        self._on_interfaces = on_interfaces
        self._on_wake = on_wake
        self._clock = clock
        self._looked = clock()
        self._interfaces: tuple[Interface, ...] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Looks at once, and from then on every two seconds, in the running loop."""
        self._looked = self._clock()
        self._tick()

    def stop(self) -> None:
        """Looks no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _tick(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(LOOK_OUT, self._tick)
        self.look()

    def look(self) -> None:
        """One look: first the interfaces, then whether there was a sleep."""
        now = self._clock()
        slept = now - self._looked > LOOK_OUT + JUMP
        self._looked = now
        interfaces = self._read()
        if interfaces != self._interfaces:
            self._interfaces = interfaces
            self._on_interfaces(interfaces)
        if slept:
            self._on_wake()
