"""How fast papers may travel beside the control link, learned from the control link's own round trips.

Papers must never be felt in a page turn. While the round trip stays near its idle value the rate grows:
fast at first, and gently once a limit was met; when a queue shows, it shrinks. Pure: time is a parameter.
"""

from __future__ import annotations

from collections import deque

START = 2_000_000
LEAST = 250_000
MOST = 2_000_000_000
UP_BELOW = 0.010
DOWN_ABOVE = 0.030
IDLE_SPAN = 10.0
IDLE_SPANS = 6
FRAME_SECONDS = 0.005
FRAME_LEAST = 16 * 1024


class Pace:
    """The rate of one follower's bulk link, in bytes a second. Round trips are seconds."""

    def __init__(self, frame_limit: int) -> None:
        self.rate = float(START)
        self._frame_limit = frame_limit
        self._limit = float(MOST)
        self._idle: deque[tuple[float, float]] = deque(maxlen=IDLE_SPANS)
        self._recent: deque[float] = deque(maxlen=2)
        self._due = 0.0
        self._sent = 0
        self._sent_at_measure = 0
        self._measured_at: float | None = None

    def measured(self, round_trip: float, now: float) -> None:
        """One round trip of the control link, while papers travel or not."""
        self._recent.append(round_trip)
        used = self._used(now)
        # A queue lasts, noise does not: the lesser of two neighbours counts.
        queued = min(self._recent) - self._idle_round_trip(round_trip, now)
        if queued > DOWN_ABOVE:
            self._limit = self.rate
            self.rate *= 0.7
        elif queued > UP_BELOW:
            self._limit = self.rate
            self.rate *= 0.9
        elif used:
            self.rate *= 1.25 if self.rate < 0.8 * self._limit else 1.01
        self.rate = min(max(self.rate, float(LEAST)), float(MOST))

    def _used(self, now: float) -> bool:
        """Whether about as much went as might have gone since the last measure."""
        before, sent = self._measured_at, self._sent - self._sent_at_measure
        self._measured_at, self._sent_at_measure = now, self._sent
        return before is not None and sent >= 0.5 * self.rate * min(now - before, 1.0)

    def _idle_round_trip(self, round_trip: float, now: float) -> float:
        """The shortest of the last minute: so long that a queue of our own making never counts as idle."""
        if not self._idle or now - self._idle[-1][0] > IDLE_SPAN:
            self._idle.append((now, round_trip))
        else:
            began, least = self._idle[-1]
            self._idle[-1] = (began, min(least, round_trip))
        return min(least for _, least in self._idle)

    @property
    def frame(self) -> int:
        """Bytes for the next chunk: small on a slow link, where a large one is a queue by itself."""
        return max(FRAME_LEAST, min(self._frame_limit, int(self.rate * FRAME_SECONDS)))

    def wait(self, now: float) -> float:
        """Seconds until the next chunk may go."""
        return max(0.0, self._due - now)

    def sent(self, count: int, now: float) -> None:
        """So many bytes went. Lost time is caught up for one frame's length at most."""
        self._sent += count
        self._due = max(self._due, now - FRAME_SECONDS) + count / self.rate
