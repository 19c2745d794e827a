"""The join code (参加番号): six digits that the presenter keeps, the same for every room of the briefing.

Many uses, no age: good until joining is closed or it is replaced. Right guesses cost nothing, so that many
people behind one address get in; wrong ones are five a minute for each address.
"""

from __future__ import annotations

from collections import Counter

from protocol.guesses import Below, Guess, GuessCount, ShownCode

DIGITS = 6
WRONG_A_MINUTE = 5
LONGEST_WAIT = 4.0
"""79 people who type at once are served within that."""


class JoinCodes:
    """The code of one briefing. Closed at first."""

    def __init__(self, below: Below) -> None:
        self._below = below
        self._current: ShownCode | None = None
        self._digits = ""
        self._count = GuessCount(WRONG_A_MINUTE, LONGEST_WAIT)
        self._under_way: Counter[str] = Counter()

    @property
    def code(self) -> str:
        """The digits; "" while joining is closed."""
        return "" if self._current is None else self._current.digits

    @property
    def kept(self) -> str:
        """The digits of this opening, or of the next one; "" when there were none yet."""
        return self._digits

    def open(self) -> None:
        """Let people join, by the code they had before if there was one."""
        if self._current is None:
            self._digits = self._digits or self._new_digits()
            self._current = ShownCode(self._digits)

    def recover(self, digits: str) -> None:
        """The code that was good before a crash; "" when there was none."""
        self._digits = digits

    def close(self) -> None:
        """Nobody new. The code stays, for the next opening."""
        self._current = None

    def forget(self) -> None:
        """The briefing is over: the next opening begins with another code."""
        self.close()
        self._digits = ""

    def renew(self) -> None:
        """Another code from now on, also for those who are being tested at this moment."""
        self._digits = self._new_digits()
        if self._current is not None:
            self._current = ShownCode(self._digits)

    def busy(self, source: str, now: float) -> bool:
        """As many guesses of this source are under way as it may have wrong: the next one waits for them."""
        return self._under_way[source] > 0 and self._count.full(source, now)

    def guess(self, source: str, now: float) -> Guess | None:
        """Count a guess as it arrives; it counts as wrong until it is redeemed. None: to be refused."""
        serve_at = self._count.count(source, now)
        if serve_at is None or self._current is None:
            return None
        self._under_way[source] += 1
        return Guess(source, (self._current,), serve_at, now)

    def redeem(self, guess: Guess, slot: int, now: float) -> bool:
        """The guess knew the code. False: the code is another by now, or joining is closed: it missed."""
        if guess.codes[slot] is not self._current:
            return False
        self._count.forgive(guess.source, guess.arrived)
        self._settle(guess)
        return True

    def missed(self, guess: Guess) -> None:
        """The guess was wrong, or nothing came of it."""
        self._settle(guess)

    def _settle(self, guess: Guess) -> None:
        self._under_way[guess.source] -= 1
        if self._under_way[guess.source] <= 0:
            del self._under_way[guess.source]

    def _new_digits(self) -> str:
        while True:
            digits = str(self._below(10**DIGITS)).zfill(DIGITS)
            if digits != self._digits:
                return digits
