"""Five of thirty walls read a kilobyte a second: the others notice nothing, and little waits for the five."""

from __future__ import annotations

import asyncio
import fcntl
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.many_walls import ManyWalls
from protocol.registers import ShowView
from protocol.values import View
from tests.protocol.transport.slow_walls import SLOW, WALLS

ROOT = Path(__file__).parents[3]
PAGES = 400
"""A paper of so many is some 20 kB in the log that everybody must have."""
PAPERS = 40
STALE = 128 * 1024


class Thirty(ManyWalls):
    """An owner that turns pages, and thirty walls."""

    def begin(self) -> None:
        self._views = self.offer(0, PAGES)
        self._turn = 0

    async def turn(self) -> float:
        """Milliseconds from the presenter's word until the last of the quick walls has the page."""
        await self.say(f"count {WALLS - SLOW}")
        await asyncio.sleep(0.01)
        self._turn += 1
        began = time.monotonic_ns()
        self.owner.session.set(ShowView(self._next()))
        return float(await self.line() - began) / 1e6

    def _next(self) -> View:
        return self._views[self._turn % PAGES]

    async def stale(self) -> int:
        """Bytes for the slowest wall that are on their way: here, in this system, and unread there."""
        waits = []
        for number in range(1, SLOW + 1):
            pump = self.owner._rooms[number]._pump
            assert pump is not None, "a slow wall is not thrown out"
            sock = pump.link._connection.raw.get_extra_info("socket")
            unsent = struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0]
            waits.append(pump.link.waiting_bytes() + unsent)
        return max(waits) + await self.say("stale")


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel what waits")
@pytest.mark.parametrize("turns", [15, pytest.param(200, marks=pytest.mark.long)])
def test_slow_walls_hold_up_nobody(tmp_path: Path, figure: Callable[..., None], turns: int) -> None:
    words = [sys.executable, "-m", "tests.protocol.transport.slow_walls", str(tmp_path)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as walls:
        before, after, stale = asyncio.run(played(Thirty(tmp_path, walls), turns))
        walls.terminate()
    ratio = statistics.median(after) / statistics.median(before)
    got = {
        "before_ms": round(statistics.median(before), 2),
        "after_ms": round(statistics.median(after), 2),
        "ratio": round(ratio, 2),
        "stale_bytes": stale,
    }
    assert stale <= STALE
    figure("slow_readers", reach="ratio ≤ 1.1, stale ≤ 128 kB each", got=got, ok=ratio <= 1.1, speed=True)


async def played(thirty: Thirty, turns: int) -> tuple[list[float], list[float], int]:
    await thirty.pair()
    thirty.begin()
    await thirty.turn()
    before = [await thirty.turn() for _ in range(turns)]
    await thirty.say("slow")
    for number in range(1, PAPERS):
        thirty.offer(number, PAGES)
        await asyncio.sleep(0.02)
    stale = await thirty.stale()
    await asyncio.sleep(1.0)
    after = []
    for _ in range(turns):
        after.append(await thirty.turn())
        stale = max(stale, await thirty.stale())
    await thirty.owner.stop()
    return before, after, stale
