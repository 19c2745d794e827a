"""The room code on the wall: six digits, ten minutes, and what wrong guesses may and may not do to it.

Wrong guesses never change the code, with one exception: the 30th within an hour replaces it by one of ten
digits, and codes keep ten digits until an hour has seen fewer. A source has three guesses a minute; all
sources together twenty a second, first come, first served. Nobody can lock a room. Times are seconds of one
monotonic clock, given by the caller.
"""

from __future__ import annotations

from collections import deque

from protocol.guesses import MINUTE, Below, Guess, GuessCount, ShownCode

SHORT, LONG = 6, 10
GUESSES_A_MINUTE = 3
HOUR = 60 * MINUTE
LONGEST_WAIT = 2.0
SHARE = 0.5
"""Of the turns, for one IPv6 network: a machine has as many addresses there as it likes."""
REMEMBERED = 1_000
WRONG_AN_HOUR = 30


class RoomCodes:
    """The codes of one room. ``life`` and ``former_life`` in seconds."""

    def __init__(self, now: float, below: Below, life: float = 600.0, former_life: float = 60.0) -> None:
        self._below = below
        self._life = life
        self._former_life = former_life
        self._former: ShownCode | None = None
        self._former_until = now
        self._count = GuessCount(GUESSES_A_MINUTE, LONGEST_WAIT, SHARE)
        self._tested: deque[float] = deque(maxlen=REMEMBERED)
        self._make(now)

    def _make(self, now: float) -> None:
        length = LONG if self.wrong_guesses(now) >= WRONG_AN_HOUR else SHORT
        self._current = ShownCode(str(self._below(10**length)).zfill(length))
        self.expires_at = now + self._life

    @property
    def code(self) -> str:
        """The digits on the wall."""
        return self._current.digits

    def wrong_guesses(self, now: float) -> int:
        """Codes tried in vain within the last hour (at most 1,000 are remembered)."""
        while self._tested and self._tested[0] <= now - HOUR:
            self._tested.popleft()
        return len(self._tested)

    def tick(self, now: float) -> bool:
        """Let time pass; True when the code on the wall changed. The former one stays good for a while."""
        changed = now >= self.expires_at
        if changed:
            self._former, self._former_until = self._current, self.expires_at + self._former_life
            self._make(now)
        if now >= self._former_until:
            self._former = None
        return changed

    def renew(self, now: float) -> None:
        """A new code at once; no older one is good any more."""
        self._former = None
        self._make(now)

    def busy(self, source: str, now: float) -> bool:
        """Nobody waits for others of the same source: a guess too many is refused."""
        return False

    def guess(self, source: str, now: float) -> Guess | None:
        """Count a guess as it arrives, before anything is computed. None: not tested, to be refused.

        Each code it is tested against counts towards the hour.
        """
        serve_at = self._count.count(source, now)
        if serve_at is None:
            return None
        self.tick(now)
        codes = (self._current,) if self._former is None else (self._current, self._former)
        self._tested.extend([now] * len(codes))
        if self.wrong_guesses(now) >= WRONG_AN_HOUR and len(self.code) == SHORT:
            self.renew(now)
        return Guess(source, codes, serve_at, now)

    def redeem(self, guess: Guess, slot: int, now: float) -> bool:
        """The guess knew the code of that slot: use it up. False: another guess had used it.

        A right guess is no wrong one, and not even the 30th wrong one of others takes its code away.
        """
        code = guess.codes[slot]
        if code.used:
            return False
        code.used = True
        for _ in guess.codes:
            if guess.arrived in self._tested:
                self._tested.remove(guess.arrived)
        self.renew(now)
        return True

    def missed(self, guess: Guess) -> None:
        """It was counted when it arrived."""
