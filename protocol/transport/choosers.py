"""How many machines have chosen this room and not typed its code yet: a count, never a name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LINGER = 1.0


class ChooserCount:
    """Counts devices with a link that waits for its code. Such links die after 5 s and come back at once, so
    a device counts for a second longer than its last link."""

    def __init__(self, on_count: Callable[[int], None]) -> None:
        self._on_count = on_count
        self._links: dict[bytes, int] = {}
        self._told = 0

    def came(self, device: bytes) -> None:
        """A link of this device waits."""
        self._links[device] = self._links.get(device, 0) + 1
        self._tell()

    def went(self, device: bytes) -> None:
        """That link waits no more."""
        asyncio.get_running_loop().call_later(LINGER, self._count_off, device)

    def _count_off(self, device: bytes) -> None:
        self._links[device] -= 1
        if not self._links[device]:
            del self._links[device]
        self._tell()

    def _tell(self) -> None:
        if len(self._links) != self._told:
            self._told = len(self._links)
            self._on_count(self._told)
