"""Which displays take this console, counted: whether it is the console itself that is cut off. Pure."""

from __future__ import annotations

from collections import Counter
from enum import IntEnum

SEVERAL = 3
"""So many displays do not fall silent at once by themselves."""


class Refusal(IntEnum):
    """Why there is no link with a display."""

    SILENT = 0
    UNTOLD = 1
    """It is there, and does not take this console."""
    FULL = 2
    """It has links with as many consoles as it serves at a time."""
    REVOKED = 3
    """This console is registered no longer; the facilities have said so."""


class Answers:
    """One of each display of this house."""

    def __init__(self) -> None:
        self._given: dict[bytes, Refusal | None] = {}
        self._count: Counter[Refusal | None] = Counter()

    def put(self, device: bytes, refusal: Refusal | None) -> None:
        """Of that display, from now on. None: it tells how it is, or may still do so."""
        self.forget(device)
        self._given[device] = refusal
        self._count[refusal] += 1

    def forget(self, device: bytes) -> None:
        """It is no display of this house any more."""
        if device in self._given:
            self._count[self._given.pop(device)] -= 1

    @property
    def refusal(self) -> Refusal | None:
        """What most displays say, where none takes this console and fewer are silent; else None."""
        untold, full = self._count[Refusal.UNTOLD], self._count[Refusal.FULL]
        if self._count[None] or untold + full <= self._count[Refusal.SILENT]:
            return None
        return Refusal.FULL if full > untold else Refusal.UNTOLD

    @property
    def missing(self) -> int:
        """How many there are, where none of several answers at all; else 0."""
        missing = self._count[Refusal.SILENT]
        return missing if missing >= SEVERAL and missing == len(self._given) else 0
