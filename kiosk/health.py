"""How the machine is: memory, disk, temperature. What cannot be read is said to be unknown, never guessed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

_MIB = 1_024


@dataclass(frozen=True, slots=True)
class Health:
    """MiB; both memories 0: unknown. ``temperature``: tenths of a degree Celsius of the hottest part."""

    memory: int
    memory_free: int
    disk_free: int
    temperature: int | None


def read_health(
    state: Path, proc: Path = Path("/proc"), thermal: Path = Path("/sys/class/thermal")
) -> Health:
    """As it is now; ``state``: a folder on the disk that is meant."""
    memory, free = _memory(proc / "meminfo")
    return Health(memory, free, _disk(state), _temperature(thermal))


def _memory(file: Path) -> tuple[int, int]:
    try:
        lines = file.read_text("ascii").splitlines()
    except OSError:
        return 0, 0
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return kilobytes.get("MemTotal", 0) // _MIB, kilobytes.get("MemAvailable", 0) // _MIB


def _disk(state: Path) -> int:
    try:
        return shutil.disk_usage(state).free // 2**20
    except OSError:
        return 0


def _temperature(folder: Path) -> int | None:
    found = []
    for file in sorted(folder.glob("thermal_zone*/temp")):
        try:
            found.append(int(file.read_text("ascii")) // 100)
        except (OSError, ValueError):
            continue  # a sensor that is off
    hottest = max(found, default=None)
    return hottest if hottest is not None and -1_000 <= hottest <= 2_000 else None
