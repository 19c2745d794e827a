"""How far a process gives way: once, whoever began it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pageview.priority import IDLING, YIELDING

TOLD = "import os; from pageview.priority import give_way; {}; print(os.nice(0))"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes instead")
def test_a_reader_begun_by_an_indexer_gives_way_no_further_than_it() -> None:
    """Twice as far is a seventieth of a busy processor: a page of the archive took minutes."""
    for calls, wanted in (
        ("give_way(idle=False)", YIELDING),
        ("give_way(idle=True); give_way(idle=True); give_way(idle=False)", IDLING),
    ):
        done = subprocess.run([sys.executable, "-c", TOLD.format(calls)], capture_output=True, check=True)
        assert int(done.stdout) == wanted
