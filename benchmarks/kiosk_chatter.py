"""What one idle display says and hears: bytes a second of everything on its network, a console watching.

The real program and a console have a network of their own (a namespace, Linux), where nobody else speaks;
every byte of it is counted, headers and mDNS with it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.fleet_house import console, enrolled
from benchmarks.harness import Figure, Limit, figure
from presenter.stage import Program, screen_environment
from protocol.transport.manage_events import ManageEvent, StatusSeen

REACH = 1_000.0
SETTLE_S = 20.0
SAMPLE_S = 10.0
SAMPLES = 4
COUNTERS = Path("/proc/self/net/dev")


def run() -> Iterable[Figure]:
    """Bytes in a second."""
    words = ["unshare", "--net", sys.executable, "-m", "benchmarks.kiosk_chatter"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parents[1], check=False)
    if done.returncode:
        raise SystemExit(f"kiosk_chatter needs a network namespace of its own: {done.stderr.strip()[-300:]}")
    how = "none: absolute; the program on standby with a console, alone in a network namespace"
    yield figure("kiosk_chatter", "B/s", json.loads(done.stdout), Limit("max", REACH), how=how)


def _measure() -> list[float]:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = enrolled(folder / "kiosk")
        words = ["kiosk", "--config", str(config), "--state", str(config.parent), "--port", "47400"]
        words += ["--mdns-interface", "127.0.0.1", "--windowed", "1280x720"]
        with Program("kiosk", words, screen_environment(folder, "1280x720")) as kiosk:
            kiosk.wait("code")
            return asyncio.run(_watch(folder))


async def _watch(folder: Path) -> list[float]:
    seen = asyncio.Event()

    def take(event: ManageEvent) -> None:
        if isinstance(event, StatusSeen):
            seen.set()

    watching = console(folder, [47_400], take)
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
    """Received so far on loopback, which is what was sent there too."""
    line = next(line for line in COUNTERS.read_text().splitlines() if line.strip().startswith("lo:"))
    return int(line.partition(":")[2].split()[0])


if __name__ == "__main__":
    print(json.dumps(_measure()), flush=True)
