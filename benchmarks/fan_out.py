"""One view to 79 walls over TLS: from the presenter's word to its arrival at the last of them.

The reference is a frame of the same length written to the same streams in a loop, between the samples.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.harness import Figure, Limit, figure
from benchmarks.many_walls import ManyWalls
from protocol.codec import encode
from protocol.messages import Set
from protocol.registers import ShowView

WALLS = 79
TIMES = 200
WARM_UP = 20


def run() -> Iterable[Figure]:
    """Milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.many_walls", folder, str(WALLS)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as walls:
            samples, references = asyncio.run(measured(ManyWalls(Path(folder), walls)))
            walls.terminate()
    how = "the same number of bytes posted to the same 79 links in a loop, between the samples"
    limits = (Limit("ratio", 1.15), Limit("p99", 10))
    yield figure("fan_out", "ms", samples, *limits, reference=references, how=how)


async def measured(walls: ManyWalls) -> tuple[list[float], list[float]]:
    owner = walls.owner
    await walls.pair()
    views = walls.offer(0, 3)
    owner.session.set(ShowView(views[0]))
    await asyncio.sleep(2)
    links = [room._pump.link for room in owner._rooms.values() if room._pump is not None]
    frame = b"\x00" * len(encode(Set(1000, ShowView(views[1]))))

    def post_to_all() -> None:
        for link in links:
            link.post(frame)

    samples: list[float] = []
    references: list[float] = []
    for n in range(WARM_UP + TIMES):
        for collected, say in (
            (samples, lambda n=n: owner.session.set(ShowView(views[n % 2 + 1]))),
            (references, post_to_all),
        ):
            await walls.say(f"count {WALLS}")
            await asyncio.sleep(0.02)  # the pipe's own time is over before the word is said
            start = time.monotonic_ns()
            say()
            last = await walls.line()
            if n >= WARM_UP:
                collected.append((last - start) / 1e6)
    await owner.stop()
    return samples, references
