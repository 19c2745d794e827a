"""What displays give this console, counted: whether it is the console itself that is cut off. Pure."""

from __future__ import annotations

from collections import Counter
from enum import Enum, auto

SEVERAL = 3
"""So many displays do not fall silent at once by themselves."""


class Answer(Enum):
    """What a display gives."""

    NEWS = auto()
    NOTHING_YET = auto()
    NOTHING = auto()
    REFUSAL = auto()
    """It is there, and does not take this console."""


class Answers:
    """One of each display."""

    def __init__(self) -> None:
        self._given: dict[bytes, Answer] = {}
        self._count: Counter[Answer] = Counter()

    def put(self, device: bytes, *, linked: bool, asking: bool, refuses: bool) -> bool:
        """Of that display, from now on; whether it is another one than before."""
        if linked:
            given = Answer.NEWS
        elif asking:
            given = Answer.NOTHING_YET
        else:
            given = Answer.REFUSAL if refuses else Answer.NOTHING
        if self._given.get(device) is given:
            return False
        self.forget(device)
        self._given[device] = given
        self._count[given] += 1
        return True

    def forget(self, device: bytes) -> None:
        """It is no display of this house any more."""
        former = self._given.pop(device, None)
        if former is not None:
            self._count[former] -= 1

    @property
    def _none(self) -> bool:
        return not self._count[Answer.NEWS] and not self._count[Answer.NOTHING_YET]

    @property
    def are_refusals(self) -> bool:
        """No display takes this console, and most of them say so."""
        return self._none and self._count[Answer.REFUSAL] > self._count[Answer.NOTHING]

    @property
    def missing(self) -> int:
        """How many there are, where none of several answers at all; else 0."""
        missing = self._count[Answer.NOTHING]
        return missing if self._none and not self._count[Answer.REFUSAL] and missing >= SEVERAL else 0
