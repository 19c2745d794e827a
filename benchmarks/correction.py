"""A correction at the desk: from a typed character to its paint on the wall at 4K, and from 反映する to the
new edition sharp there.

The reference of the character is half of a bare TLS echo and one bare 4K blit; of the edition, the time that
a bare 4K render of the page takes in one process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from benchmarks.harness import Figure, Limit, figure
from benchmarks.references import BareRepaint, TlsEcho
from benchmarks.staging import BUDGET, FOUR_K, Staged, paired
from presenter.stage import Event, screen_environment

NAMES = ("keystroke_wall", "edit_applied")
PAGE = 7
WORDS = "見直した額とその考え方の案"
ROUNDS = 8
BARE = """
import statistics, sys, time
import pymupdf
took = []
for _ in range(5):
    page = pymupdf.open(sys.argv[1])[int(sys.argv[2])]
    start = time.perf_counter()
    scale = 2160 / page.rect.height
    page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=True)
    took.append(time.perf_counter() - start)
print(statistics.median(took))
"""


def run() -> Iterable[Figure]:
    """Milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **screen_environment(Path(folder), FOUR_K)}
        with TlsEcho() as echo, BareRepaint(3840, 2160, environment) as blit, paired((BUDGET,)) as staged:
            staged.start()
            staged.desk.tell("jump", page=PAGE)
            staged.wall.wait("painted", lambda e: e["page"] == PAGE and e["sharp"])
            time.sleep(2)
            keys, applied, floors = [], [], []
            for _ in range(ROUNDS):
                keys += typed(staged)
                applied.append(apply(staged))
                floors.append(echo.once() * 500 + blit.once() * 1000)
                staged.desk.tell("key", key="Ctrl+Z")
                staged.wall.wait("painted", lambda e: e["page"] == PAGE and e["sharp"])
                time.sleep(1)
    how = "half a bare TLS echo + one bare 4K blit, taken between the corrections"
    yield figure("keystroke_wall", "ms", keys, Limit("p95", 50), reference=statistics.median(floors), how=how)
    words = [sys.executable, "-c", BARE, str(BUDGET), str(PAGE - 1)]
    bare = float(subprocess.run(words, capture_output=True, text=True, check=True).stdout) * 1000
    how = "a bare 4K render of that page in one process"
    yield figure("edit_applied", "ms", applied, Limit("p95", 500), reference=bare, how=how)


def typed(staged: Staged) -> list[float]:
    """A correction is opened and typed; milliseconds of each character."""
    staged.desk.tell("action", name="select")
    staged.desk.tell("draw", points=[[0.21, 0.765], [0.36, 0.765]])
    time.sleep(0.5)
    staged.desk.tell("draw", points=[[0.21, 0.765], [0.36, 0.765]])
    staged.desk.tell("action", name="add_correction")
    staged.desk.wait("correction", lambda e: e["state"] == "TYPING")
    staged.wall.wait("corrections")
    time.sleep(0.5)
    took = []
    for count in range(1, len(WORDS) + 1):
        words = WORDS[:count]
        began = time.monotonic_ns()
        staged.desk.tell("wording", text=words)
        seen = staged.wall.wait("corrections", partial(reads, words))
        took.append((seen["t"] - began) / 1e6)
        time.sleep(0.1)
    return took


def reads(words: str, event: Event) -> bool:
    """Whether the wall shows just this wording."""
    return bool(event["typed"] == [words])


def apply(staged: Staged) -> float:
    """Milliseconds from 反映する to the new edition, sharp on the wall."""
    began = time.monotonic_ns()
    staged.desk.tell("wording", text=WORDS, apply=True)
    staged.desk.wait("correction", lambda e: e["state"] == "DONE")
    painted = staged.wall.wait("painted", lambda e: e["page"] == PAGE and e["sharp"])
    return float(painted["t"] - began) / 1e6
