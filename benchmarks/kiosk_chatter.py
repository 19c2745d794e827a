"""What one idle display says and hears: bytes a second of everything on its network, a console watching.

The real program and a console are two machines on a wire of their own (namespaces, Linux), where nobody else
speaks; every byte on that wire is counted, headers and mDNS with it. What the display says to itself in its
morning's self-test is on no wire.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.fleet_house import console, enrolled
from benchmarks.harness import Figure, Limit, figure
from presenter.stage import Program, screen_environment
from protocol.transport.manage_events import ManageEvent, StatusSeen
from tests.net.house import House, address, why_not

REACH = 1_000.0
SETTLE_S = 20.0
SAMPLE_S = 10.0
SAMPLES = 13
"""The self-test of a display that has just started begins within two minutes, and is among them."""
COUNTERS = Path("/proc/thread-self/net/dev")
DISPLAY, CONSOLE = 1, 2


def run() -> Iterable[Figure]:
    """Bytes in a second."""
    why = why_not()
    if why:
        raise SystemExit(f"kiosk_chatter: {why}")
    how = "none: absolute; the program on standby with a console, alone on a wire, its self-test with it"
    yield figure("kiosk_chatter", "B/s", _measure(), Limit("max", REACH), how=how)


def _measure() -> list[float]:
    with tempfile.TemporaryDirectory() as name, House() as house:
        folder = Path(name)
        config = enrolled(folder / "kiosk")
        words = ["kiosk", "--config", str(config), "--state", str(config.parent), "--windowed", "1280x720"]
        with house.inside(DISPLAY):
            kiosk = Program("kiosk", words, screen_environment(folder, "1280x720"))
        with kiosk:
            kiosk.wait("code")
            with house.inside(CONSOLE):
                return asyncio.run(_watch(folder))


async def _watch(folder: Path) -> list[float]:
    seen = asyncio.Event()

    def take(event: ManageEvent) -> None:
        if isinstance(event, StatusSeen):
            seen.set()

    watching = console(folder, (), take, address(CONSOLE))
    watching.start()
    try:
        await asyncio.wait_for(seen.wait(), 20)
        await asyncio.sleep(SETTLE_S)
        return [await _sample() for _ in range(SAMPLES)]
    finally:
        await watching.stop()


async def _sample() -> float:
    before, begun = _bytes(), time.perf_counter()
    await asyncio.sleep(SAMPLE_S)
    return (_bytes() - before) / (time.perf_counter() - begun)


def _bytes() -> int:
    """Received and sent so far at the console, which hears all that is on the wire."""
    line = next(line for line in COUNTERS.read_text().splitlines() if line.strip().startswith("lan0:"))
    columns = line.partition(":")[2].split()
    return int(columns[0]) + int(columns[8])
