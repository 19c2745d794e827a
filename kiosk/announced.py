"""Rollouts of settings that consoles have this display tell to all consoles of the house."""

from __future__ import annotations

from protocol.facilities import ConsoleCertificate
from protocol.manage import ANNOUNCED, ROLLOUTS, Announced, AnnounceRollout


class Announcements:
    """One of each console, the newest, until its time is over. Seconds are since 1970, by this display's
    clock."""

    def __init__(self) -> None:
        self._by_console: dict[bytes, Announced] = {}

    def take(self, console: ConsoleCertificate, said: AnnounceRollout, now: float) -> None:
        """That console says so, just now."""
        self._by_console.pop(console.device, None)
        if said.seconds:
            until = max(0, int(now)) + said.seconds
            self._by_console[console.device] = Announced(
                console.name, console.device, said.begun, until, said.active, said.done, said.count
            )
        while len(self._by_console) > ROLLOUTS:
            del self._by_console[next(iter(self._by_console))]

    def told(self, now: float) -> tuple[Announced, ...]:
        """What is to be told; nothing that a clock which was put back would keep for longer."""
        return tuple(each for each in self._by_console.values() if 0 < each.until - now <= ANNOUNCED)
