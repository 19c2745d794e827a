"""How often something may happen. The time is the caller's."""

from __future__ import annotations

from collections import deque


class Rate:
    """At most ``limit`` times in any ``seconds``."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._times: deque[float] = deque()

    def exceeded(self, now: float) -> bool:
        """Counts one more, at ``now``; True when that is one too many, which is not counted."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        if len(self._times) >= self._limit:
            return True
        self._times.append(now)
        return False
