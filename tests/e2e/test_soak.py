"""Nothing grows over many briefings: the scene of `benchmarks.soak`, as long as ``--soak MINUTES`` says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import soak
from benchmarks.x_display import HAS_X


@pytest.mark.long
@pytest.mark.skipif(not HAS_X, reason="needs Xvfb and xrandr")
def test_nothing_grows(tmp_path: Path, pytestconfig: pytest.Config, figure: Callable[..., None]) -> None:
    minutes = soak.play(tmp_path, pytestconfig.getoption("--soak"))
    growth = soak.grown(minutes)
    got = {"minutes": len(minutes), "first": rounded(minutes[1]), "growth": rounded(growth)}
    counted = {name: ratio for name, ratio in growth.items() if not name.endswith("_ms")}
    assert max(counted.values()) <= soak.GROWTH, growth
    ok = max(growth.values()) <= soak.GROWTH
    figure("soak", reach="memory, handles, threads, latency flat: ≤ 5 %", got=got, ok=ok, speed=True)


def rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}
