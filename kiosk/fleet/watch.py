"""How long the members of a wave take until they are back, and well for long enough. Pure; seconds are
given."""

from __future__ import annotations

from kiosk.fleet.model import Display
from kiosk.fleet.waves import Pace


class Watch:
    """Of one wave; `clear` before the next."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._since: dict[bytes, float] = {}
        self._well: dict[bytes, tuple[bytes, float]] = {}
        """In which run, and since when."""

    def is_steady(self, display: Display, well: bool, now: float) -> bool:
        """It has been well for long enough, in one run."""
        if not well or display.status is None:
            self._well.pop(display.device, None)
            return False
        run, since = self._well.get(display.device, (b"", now))
        if run != display.status.run:
            since = now
        self._well[display.device] = display.status.run, since
        return now - since >= self.pace.steady

    def is_late(self, device: bytes, now: float) -> bool:
        """It has been looked at for longer than it may take."""
        return now - self._since.setdefault(device, now) > self.pace.back_within

    def begin_again(self, device: bytes | None = None) -> None:
        """That display, or all, may take the whole time from now on."""
        if device is None:
            self._since.clear()
        else:
            self._since.pop(device, None)

    def clear(self) -> None:
        """Nobody is watched."""
        self._since.clear()
        self._well.clear()
