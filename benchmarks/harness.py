"""How a figure is told: samples beside a reference taken in the same run, and what was to be reached.

A benchmark is a module of this package with ``run() -> Iterable[Figure]``; its figures bear its name unless
it says others in ``NAMES``. ``python -m benchmarks [NAME…] [--table]`` runs them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Quantity = Literal["p50", "p95", "p99", "max", "ratio"]
TABLE = "{:<22} {:>6} {:>5} {:>9} {:>9} {:>9} {:>9} {:>10} {:>6}  {:<4} {}"


@dataclass(frozen=True)
class Limit:
    """A quantity of a figure may be at most this much: in its unit, or times its reference for ``ratio``."""

    quantity: Quantity
    at_most: float

    def __str__(self) -> str:
        return f"{self.quantity} ≤ {self.at_most:g}{'×' if self.quantity == 'ratio' else ''}"


@dataclass(frozen=True)
class Figure:
    """One named figure. ``ratio`` is the median of the samples over the reference."""

    name: str
    unit: str
    samples: tuple[float, ...]
    reference: float | None
    reach: tuple[Limit, ...]
    how: str
    """How the reference was taken, and in which conditions the samples."""

    def quantity(self, which: Quantity) -> float | None:
        """One number of the figure; None for the ratio to no reference."""
        if which == "ratio":
            return self.quantity("p50") / self.reference if self.reference else None  # type: ignore[operator]
        if which == "max":
            return max(self.samples)
        return percentile(self.samples, int(which[1:]))

    @property
    def ok(self) -> bool:
        """Whether everything that was to be reached is; a ratio without a reference is not."""
        values = [(self.quantity(limit.quantity), limit.at_most) for limit in self.reach]
        return all(value is not None and value <= most for value, most in values)

    def as_dict(self) -> dict[str, object]:
        """The fields of one line of JSON, in their order."""
        numbers = {which: _rounded(self.quantity(which)) for which in ("p50", "p95", "p99", "max")}
        return {
            "name": self.name,
            "unit": self.unit,
            "n": len(self.samples),
            **numbers,
            "reference": _rounded(self.reference),
            "ratio": _rounded(self.quantity("ratio")),
            "reach": ", ".join(map(str, self.reach)),
            "ok": self.ok,
            "how": self.how,
        }


def figure(
    name: str,
    unit: str,
    samples: Sequence[float],
    *reach: Limit,
    reference: float | Sequence[float] | None = None,
    how: str,
) -> Figure:
    """A figure of samples; a reference given as samples counts by its median."""
    if isinstance(reference, Sequence):
        reference = statistics.median(reference)
    return Figure(name, unit, tuple(samples), reference, reach, how)


def percentile(samples: Sequence[float], percent: int) -> float:
    """The smallest sample that ``percent`` of all do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def json_line(told: Figure) -> str:
    """A figure as one JSON object."""
    return json.dumps(told.as_dict(), ensure_ascii=False)


def table_head() -> str:
    """The head of the table for people."""
    names = ("name", "unit", "n", "p50", "p95", "p99", "max", "reference", "ratio", "ok", "reach")
    return TABLE.format(*names)


def table_row(told: Figure) -> str:
    """A figure as a row of that table."""
    fields = told.as_dict()
    keys = ("name", "unit", "n", "p50", "p95", "p99", "max", "reference", "ratio")
    cells = ["–" if fields[key] is None else fields[key] for key in keys]
    return TABLE.format(*cells, "yes" if told.ok else "NO", fields["reach"])


def told_by(module: str) -> Any:
    """The last line (JSON) of a module of this package, run in a process of its own with its windows on no
    screen."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[1],
    )
    return json.loads(done.stdout.splitlines()[-1])


def process_tree(root: int) -> list[int]:
    """A process and all that descend from it, as long as they live (Linux)."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found = [root]
    for parent in found:
        found += children.get(parent, ())
    return found


def pss_mib(processes: Iterable[int]) -> float:
    """Memory of processes in MiB, each shared page counted once among those that share it (Linux)."""
    return _mapped_mib(processes, "Pss:")


def owned_mib(processes: Iterable[int]) -> float:
    """Memory in MiB that processes have asked for: what grows by a leak (Linux).

    Their parts of files are left out. A library's pages count the more for each the fewer programs of this
    machine share them, so that `pss_mib` grows when some other program ends.
    """
    return _mapped_mib(processes, "Pss_Anon:", "Pss_Shmem:", "SwapPss:")


def _mapped_mib(processes: Iterable[int], *kinds: str) -> float:
    total = 0
    for process in processes:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith(kinds))
    return total / 1024


def cpu_seconds(processes: Iterable[int]) -> float:
    """Processor time that processes have used so far (Linux)."""
    ticks = 0
    for process in processes:
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
