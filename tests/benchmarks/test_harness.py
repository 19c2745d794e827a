"""How a figure is told: what counts as reached, and what a line says."""

from __future__ import annotations

import json
import os
import sys

import pytest

from benchmarks.__main__ import main
from benchmarks.harness import (
    Limit,
    cpu_seconds,
    figure,
    json_line,
    owned_mib,
    percentile,
    process_tree,
    pss_mib,
    table_row,
)


def test_percentiles_are_samples_that_were_taken() -> None:
    samples = [float(n) for n in range(100, 0, -1)]
    assert [percentile(samples, percent) for percent in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert percentile([7.0], 99) == 7.0


def test_a_figure_is_reached_only_when_every_limit_holds() -> None:
    told = figure(
        "turn", "ms", [1.0, 2.0, 3.0], Limit("ratio", 1.0), Limit("max", 3), reference=[1, 2, 9], how="x"
    )
    assert told.ok
    assert told.reference == 2
    fields = json.loads(json_line(told))
    quantities = ["p50", "p95", "p99", "max"]
    assert list(fields) == ["name", "unit", "n", *quantities, "reference", "ratio", "reach", "ok", "how"]
    assert (fields["n"], fields["p50"], fields["ratio"], fields["reach"]) == (
        3,
        2.0,
        1.0,
        "ratio ≤ 1×, max ≤ 3",
    )
    assert " yes " in table_row(told)
    assert not figure("turn", "ms", [1.0], Limit("ratio", 9.0), how="no reference").ok
    assert not figure("turn", "ms", [1.0, 5.0], Limit("p50", 2), Limit("p99", 2), how="a slow one").ok


def test_an_unknown_name_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no_such_figure"]) == 2
    assert "cold_turn_text" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_memory_and_time_of_this_process_are_told() -> None:
    assert os.getpid() in process_tree(os.getppid())
    assert 5 < owned_mib([os.getpid()]) < pss_mib([os.getpid()]) < 2_000
    assert cpu_seconds([os.getpid()]) > 0
