"""What a display measured in the last hours. Pure; times are seconds since 1970."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from protocol.manage import Status

LENGTH = 360
EVERY = 60.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One point; None where nothing measured."""

    at: float
    temperature: int | None
    latency: int | None
    memory_free: int


class History:
    """Of every display by its device id, the oldest point first."""

    def __init__(self) -> None:
        self._samples: dict[bytes, deque[Sample]] = {}

    def of(self, device: bytes) -> tuple[Sample, ...]:
        return tuple(self._samples.get(device, ()))

    def saw(self, device: bytes, status: Status, latency: int | None, now: float) -> None:
        """It told this; one point a minute is kept."""
        kept = self._samples.setdefault(device, deque(maxlen=LENGTH))
        if not kept or now - kept[-1].at >= EVERY:
            kept.append(Sample(now, status.temperature, latency, status.memory_free))

    def forget(self, device: bytes) -> None:
        """It is no display of this house any more."""
        self._samples.pop(device, None)
