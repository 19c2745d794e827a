"""What would change if templates were put into effect now, and where it would begin: found in pieces, as ten
thousand displays are looked at. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiosk.fleet.model import Condition, Display, Fleet
from kiosk.fleet.planning import PIECE
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.templates import Difference
from kiosk.fleet.waves import Candidate, candidate, next_wave


class Forecast:
    """`work` fills it: counts are of displays, but ``places`` and ``by_others`` (of settings).

    ``displays``: all that are asked about; ``now``: seconds since 1970.
    """

    def __init__(self, fleet: Fleet, rollout: Rollout, displays: Sequence[Display], now: float) -> None:
        self._fleet, self._rollout, self.displays, self._now = fleet, rollout, displays, now
        self.looked_at = 0
        self.rooms: list[tuple[Display, tuple[Difference, ...]]] = []
        """Where something changes."""
        self.places = self.by_others = self.busy = self.away = self.unknown = 0
        self.first: Display | None = None
        """The display that would be changed first."""

    def work(self) -> Iterator[None]:
        """Stops after each piece of a few milliseconds."""
        free: list[Candidate] = []
        for display in self.displays:
            one = self._look_at(display)
            free += [] if one is None else [one]
            self.looked_at += 1
            if self.looked_at % PIECE == 0:
                yield
        for device in next_wave(free, (), 1):
            self.first = self._fleet.displays.get(device)

    def _look_at(self, display: Display) -> Candidate | None:
        device, rollout = display.device, self._rollout
        condition = self._fleet.condition(device) if device in self._fleet.displays else Condition.SILENT
        self.away += not display.linked
        self.unknown += display.linked and rollout.files.values(device) is None
        found = rollout.differences(display)
        if not found:
            return None
        self.rooms.append((display, found))
        self.places += len(found)
        hands = rollout.files.hands_of(device)
        self.by_others += sum(each.key in hands for each in found) if hands else 0
        self.busy += condition is Condition.BRIEFING
        return candidate(display, condition, self._now)
