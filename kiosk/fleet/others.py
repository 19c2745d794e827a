"""Rollouts at several consoles of one house: each has a few displays tell the others of its own, and sees
theirs. Pure; times are seconds since 1970 by this console's clock, given by the caller."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from kiosk.fleet.model import Display, Fleet
from protocol.manage import ANNOUNCED, Announced, AnnounceRollout

BEACONS = 3
"""So many displays tell of it."""
TOLD_FOR = 120
"""Seconds for which they do: a console that is closed half-way keeps nobody waiting for longer."""
TELL_AGAIN = 30


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A rollout at another console, kept by whom ``by`` says. ``begun``: by that console's clock; not
    ``active``: it waits for a decision, or for displays that are away. ``done`` of ``count`` are back."""

    by: str
    console: bytes
    begun: int
    active: bool
    done: int
    count: int


class Others:
    """What displays tell of other consoles' rollouts. ``own``: this console's device id."""

    def __init__(self, own: bytes) -> None:
        self._own = own
        self._told: dict[bytes, tuple[tuple[float, Elsewhere], ...]] = {}

    def saw(self, display: Display, now: float) -> None:
        """That display says how it is."""
        rollouts = () if display.status is None else display.status.rollouts
        self._told.pop(display.device, None)
        if rollouts:
            self._told[display.device] = self._read(display, rollouts, now + ANNOUNCED)

    def _read(
        self, display: Display, rollouts: tuple[Announced, ...], longest: float
    ) -> tuple[tuple[float, Elsewhere], ...]:
        return tuple(
            (
                min(longest, display.our_time(each.until)),
                Elsewhere(each.by, each.console, each.begun, each.active, each.done, each.count),
            )
            for each in rollouts
            if each.console != self._own
        )

    def rollouts(self, now: float) -> list[Elsewhere]:
        """One of each console, what was told last; the first that began is first."""
        newest: dict[bytes, tuple[float, Elsewhere]] = {}
        for until, each in (found for told in self._told.values() for found in told):
            if until > now and until > newest.get(each.console, (0.0,))[0]:
                newest[each.console] = until, each
        return sorted((each for _, each in newest.values()), key=lambda each: (each.begun, each.console))

    def running(self, now: float) -> Elsewhere | None:
        """The one to wait for; None: settings may be put into effect here."""
        return next((each for each in self.rollouts(now) if each.active), None)

    def goes_first(self, other: Elsewhere, begun: int) -> bool:
        """Of two that run at once, whether the other console's is the one that goes on: that which began
        first. Both consoles come to the same answer."""
        return (other.begun, other.console) < (begun, self._own)


@dataclass(frozen=True, slots=True)
class _Told:
    run: bytes
    active: bool
    at: float


class Beacons:
    """Which displays tell of this console's rollout."""

    def __init__(self) -> None:
        self._told: dict[bytes, _Told] = {}

    def news(
        self, said: AnnounceRollout | None, fleet: Fleet, busy: Collection[bytes], now: float
    ) -> list[tuple[bytes, AnnounceRollout]]:
        """Whom to tell what now. ``said``: the rollout as it is, None when there is none any more; ``busy``:
        who starts anew just now, and is chosen only where there is nobody else."""
        if said is None:
            over = [(device, AnnounceRollout(0, 0, False, 0, 0)) for device in self._told]
            self._told.clear()
            return over
        for device in [each for each in self._told if not _is_there(fleet.displays.get(each))]:
            del self._told[device]
        chosen = [*self._told, *islice(self._free(fleet, busy), BEACONS - len(self._told))]
        news = []
        for device in chosen:
            status, told = fleet.displays[device].status, self._told.get(device)
            assert status is not None
            stands = status.run, said.active
            if told is None or now - told.at >= TELL_AGAIN or (told.run, told.active) != stands:
                self._told[device] = _Told(status.run, said.active, now)
                news.append((device, said))
        return news

    def _free(self, fleet: Fleet, busy: Collection[bytes]) -> Iterator[bytes]:
        there = [
            each for each in fleet.displays.values() if _is_there(each) and each.device not in self._told
        ]
        yield from (each.device for each in there if each.device not in busy)
        yield from (each.device for each in there if each.device in busy)


def _is_there(display: Display | None) -> bool:
    return display is not None and display.linked and display.status is not None
