"""Whose settings are asked for next: some at a time, what somebody looks at first. Pure; seconds are given by
the caller."""

from __future__ import annotations

from collections.abc import Iterable

TOGETHER = 60
"""Asked at one time, and not yet answered."""
FRESH = 300.0
"""Seconds for which an answer is good enough to look at; a change by an order is known at once anyway."""


class Asking:
    """Displays to be asked, each once."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, None] = {}
        self._under_way: set[bytes] = set()
        self._told: dict[bytes, float] = {}
        self.count = 0
        """All that were to be asked since nobody was."""

    @property
    def left(self) -> int:
        """Those that have not answered."""
        return len(self._waiting) + len(self._under_way)

    def is_fresh(self, device: bytes, now: float, seconds: float = FRESH) -> bool:
        """It has answered not long ago, or is about to."""
        return device in self._under_way or now - self._told.get(device, -FRESH) < seconds

    def want(self, devices: Iterable[bytes], first: bool = False) -> None:
        """These, too; ``first``: before all others."""
        new = {each: None for each in devices if each not in self._under_way}
        if not self.left:
            self.count = 0
        self.count += sum(each not in self._waiting for each in new)
        self._waiting = {**new, **self._waiting} if first else {**self._waiting, **new}

    def next(self, count: int) -> list[bytes]:
        """So many at the most, under way from now on."""
        some = list(self._waiting)[: min(count, TOGETHER - len(self._under_way))]
        for each in some:
            del self._waiting[each]
        self._under_way.update(some)
        return some

    def done(self, device: bytes, now: float | None) -> None:
        """It has answered, or (None) will not."""
        self._under_way.discard(device)
        if now is not None:
            self._told[device] = now
