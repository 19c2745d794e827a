"""Five of thirty walls read a kilobyte a second: the others notice nothing, and little waits for the five."""

from __future__ import annotations

import asyncio
import fcntl
import json
import secrets
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fan_out import OwnLoop
from protocol.ops import OfferPaper
from protocol.registers import ShowView
from protocol.transport.events import Event, Found, Paired, RoomLinkState
from protocol.transport.owner import Owner
from protocol.transport.settings import Profile, TransportSettings
from protocol.transport.tls import DeviceKey
from protocol.values import Blob, EditionPage, PageRef, Rect, View
from tests.protocol.transport.slow_walls import DEADLINES, SLOW

ROOT = Path(__file__).parents[3]
PAGES = 400
PAPERS = 40
STALE = 128 * 1024


class Thirty:
    """An owner here, and thirty walls in another process."""

    def __init__(
        self, owner: Owner, walls: subprocess.Popen[str], states: asyncio.Queue[RoomLinkState]
    ) -> None:
        self.owner, self._walls, self._states = owner, walls, states
        self._turn = 0

    async def line(self) -> Any:
        assert self._walls.stdout is not None
        return json.loads(await asyncio.to_thread(self._walls.stdout.readline))

    async def say(self, word: str) -> int:
        assert self._walls.stdin is not None
        self._walls.stdin.write(word + "\n")
        self._walls.stdin.flush()
        return int(await self.line())

    async def pair(self) -> None:
        for number, (port, code) in enumerate(await self.line(), start=1):
            self.owner.connect(number, f"127.0.0.1:{port}")
            await self._until(Found)
            self.owner.submit_code(number, code)
            await self._until(Paired)
            self.owner.start(number)

    async def _until(self, kind: type) -> None:
        while not isinstance((await self._states.get()).state, kind):
            pass

    def offer(self, number: int) -> None:
        """A paper of many pages: some 20 kB in the log that everybody must have."""
        data = secrets.token_bytes(100)
        blob = Blob(secrets.token_bytes(32), len(data))
        self.owner.add_blob(blob.sha256, data)
        first = number * PAGES
        pages = tuple(EditionPage(first + n, PageRef(blob.sha256, n), 96_000, 54_000) for n in range(PAGES))
        self.owner.edit(OfferPaper(number, "資料", blob, pages))

    async def turn(self) -> float:
        """Milliseconds from the presenter's word until the last of the quick walls has the page."""
        await self.say("count")
        await asyncio.sleep(0.01)
        self._turn += 1
        began = time.monotonic_ns()
        self.owner.set(ShowView(View(self._turn % PAGES, Rect(0, 0, 96_000, 54_000))))
        return float(await self.line() - began) / 1e6

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
@pytest.mark.parametrize("turns", [30, pytest.param(200, marks=pytest.mark.long)])
def test_slow_walls_hold_up_nobody(tmp_path: Path, figure: Callable[..., None], turns: int) -> None:
    words = [sys.executable, "-m", "tests.protocol.transport.slow_walls", str(tmp_path / "walls")]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as walls:
        before, after, stale = asyncio.run(played(tmp_path, walls, turns))
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


async def played(
    folder: Path, walls: subprocess.Popen[str], turns: int
) -> tuple[list[float], list[float], int]:
    states: asyncio.Queue[RoomLinkState] = asyncio.Queue()

    def heard(events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, RoomLinkState):
                states.put_nowait(event)

    owner = Owner(
        OwnLoop(),  # type: ignore[arg-type]
        DeviceKey.load_or_create(folder / "presenter"),
        Profile("佐藤", "財政課"),
        TransportSettings(port=0, listen_addresses=("127.0.0.1",), mdns=False, deadlines=DEADLINES),
        heard,
    )
    owner.open()
    thirty = Thirty(owner, walls, states)
    await thirty.pair()
    thirty.offer(0)
    await thirty.turn()
    before = [await thirty.turn() for _ in range(turns)]
    await thirty.say("slow")
    for number in range(1, PAPERS):
        thirty.offer(number)
        await asyncio.sleep(0.02)
    stale = await thirty.stale()
    await asyncio.sleep(1.0)
    after = []
    for _ in range(turns):
        after.append(await thirty.turn())
        stale = max(stale, await thirty.stale())
    await owner.stop()
    return before, after, stale
