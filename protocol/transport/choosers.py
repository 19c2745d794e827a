"""How many machines have chosen this room and not typed its code yet: a count, never a name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LINGER = 1.0
DOUBT = 0.5
"""Seconds after which a machine that we have dialled has chosen us: one that looks for another display turns
us out at once."""


class ChooserCount:
    """Counts devices with a link that waits for its code. Such links die after 5 s and come back at once, so
    a device counts for a second longer than its last link."""

    def __init__(self, on_count: Callable[[int], None]) -> None:
        self._on_count = on_count
        self._links: dict[bytes, int] = {}
        self._told = 0

    @contextmanager
    def waits(self, device: bytes, *, dialed: bool) -> Iterator[None]:
        """A link of this device, ``dialed`` by us or by it, waits meanwhile."""
        loop = asyncio.get_running_loop()
        counted = not dialed
        if counted:
            self._count_on(device)

        def no_doubt() -> None:
            nonlocal counted
            counted = True
            self._count_on(device)

        doubt = loop.call_later(DOUBT, no_doubt) if dialed else None
        try:
            yield
        finally:
            if doubt is not None:
                doubt.cancel()
            if counted:
                loop.call_later(LINGER, self._count_off, device)

    def _count_on(self, device: bytes) -> None:
        self._links[device] = self._links.get(device, 0) + 1
        self._tell()

    def _count_off(self, device: bytes) -> None:
        self._links[device] -= 1
        if not self._links[device]:
            del self._links[device]
        self._tell()

    def _tell(self) -> None:
        if len(self._links) != self._told:
            self._told = len(self._links)
            self._on_count(self._told)
