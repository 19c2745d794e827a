"""From the key in the presenter's process to the end of the paint in the kiosk's, at 4K, over TLS.

Idle: the page is drawn ahead and nothing else happens. Busy: the next key comes 100 ms after the last, while
the renderer still draws ahead. Held: 30 keys a second; each key counts until its page, or a later one, is on
the wall. The reference is half of a bare TLS echo between two processes plus one bare blit of a 4K frame on
the same platform, both taken between the samples.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path

from benchmarks.harness import Figure, Limit, figure
from benchmarks.references import BareRepaint, TlsEcho
from benchmarks.staging import BUDGET, DECK, FOUR_K, Staged, paired
from presenter.stage import screen_environment

NAMES = ("page_turn", "page_turn_busy", "page_turn_held")
TURNS = 120
WARM_UP = 12
PAGES = 12
HOW = "half a bare TLS echo between two processes + one bare 4K blit, medians, taken between the samples"


def run() -> Iterable[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **screen_environment(Path(folder), FOUR_K)}
        with TlsEcho() as echo, BareRepaint(3840, 2160, environment) as blit:
            with paired((DECK,)) as staged:
                staged.start()
                yield idle(staged, echo, blit)
                yield busy(staged)
            with paired((BUDGET,)) as staged:
                staged.start()
                yield held(staged)


def to_and_fro() -> Iterator[tuple[str, int]]:
    """Keys and the pages (from 1) they lead to, for ever, from page 1 of the deck."""
    there = [("Right", page) for page in range(2, PAGES + 1)]
    back = [("Left", page) for page in range(PAGES - 1, 0, -1)]
    return cycle(there + back)


def idle(staged: Staged, echo: TlsEcho, blit: BareRepaint) -> Figure:
    samples, echoes, blits = [], [], []
    for n, (key, page) in zip(range(WARM_UP + TURNS), to_and_fro(), strict=False):
        time.sleep(0.35)  # the neighbours are drawn ahead in this time, at 4K
        took = staged.turn(key, page)
        time.sleep(0.05)
        if n >= WARM_UP:
            samples.append(took)
            echoes.append(echo.once() * 1000)
            blits.append(blit.once() * 1000)
    reference = sorted(echoes)[len(echoes) // 2] / 2 + sorted(blits)[len(blits) // 2]
    limits = (Limit("ratio", 1.2), Limit("p99", 12))
    return figure("page_turn", "ms", samples, *limits, reference=reference, how=HOW)


def busy(staged: Staged) -> Figure:
    staged.desk.tell("action", name="first")
    time.sleep(1)
    samples = []
    for _, (key, page) in zip(range(TURNS), to_and_fro(), strict=False):
        samples.append(staged.turn(key, page))
        time.sleep(0.1)
    how = "none: absolute; the renderer is drawing ahead all the time"
    return figure("page_turn_busy", "ms", samples, Limit("p99", 33), how=how)


def held(staged: Staged) -> Figure:
    """The 24 pages of the budget, thrice; a key each 33 ms."""
    samples: list[float] = []
    for _ in range(3):
        staged.desk.tell("action", name="first")
        staged.wall.known("painted", lambda e: e["page"] == 1)
        time.sleep(1.5)
        staged.wall.skip()
        began = len(staged.wall.events)
        pressed = []
        for _ in range(23):
            staged.desk.tell("key", key="Right")
            pressed.append(staged.desk.wait("key")["t"])
            time.sleep(1 / 30)
        staged.wall.wait("painted", lambda e: e["page"] == 24 and e["sharp"])
        painted = [e for e in staged.wall.events[began:] if e["event"] == "painted"]
        for page, moment in enumerate(pressed, start=2):
            shown = next(e["t"] for e in painted if e["page"] >= page)
            samples.append((shown - moment) / 1e6)
    how = "none: absolute; 30 keys a second, the first picture of that page or a later one"
    return figure("page_turn_held", "ms", samples, Limit("p99", 33), how=how)
