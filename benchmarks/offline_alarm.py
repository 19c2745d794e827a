"""A display falls silent as with its cable out: until the console shows it red, with the reason.

Its process is stopped (SIGSTOP): no word, and no end of the connection. Then it is watched that it never
counts as there until it goes on.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.fleet_house import console, house
from benchmarks.harness import Figure, Limit, figure
from kiosk.fleet.model import Cause, Condition, Fleet
from protocol.transport.manage_events import ManageEvent, Silent, StatusSeen

RUNS = 3
REACH_S = 20.0
WATCH_S = 8.0
GIVE_UP_S = 60.0


def run() -> Iterable[Figure]:
    """Seconds; one that was called there while it was not counts as never noticed."""
    with tempfile.TemporaryDirectory() as name, house(Path(name), 1) as (process, ports):
        samples = [asyncio.run(_cut(Path(name), process, ports)) for _ in range(RUNS)]
    how = "none: absolute; its process stopped, loopback; then watched for 8 s that it is not called there"
    yield figure("offline_alarm", "s", samples, Limit("max", REACH_S), how=how)


async def _cut(folder: Path, process: int, ports: Iterable[int]) -> float:
    fleet = Fleet()
    changed = asyncio.Event()

    def take(event: ManageEvent) -> None:
        if isinstance(event, StatusSeen):
            fleet.saw(event.device, event.status, str(event.endpoint), event.clock_off, time.time())
        elif isinstance(event, Silent):
            fleet.went_silent(event.device, time.time())
        changed.set()

    async def until(condition: Condition) -> None:
        while not any(fleet.condition(device) is condition for device in fleet.displays):
            changed.clear()
            await changed.wait()

    watching = console(folder, ports, take)
    watching.start()
    try:
        async with asyncio.timeout(GIVE_UP_S):
            await until(Condition.READY)
            os.kill(process, signal.SIGSTOP)
            cut = time.perf_counter()
            await until(Condition.SILENT)
            took = time.perf_counter() - cut
        (device,) = fleet.displays
        assert [concern.cause for concern in fleet.concerns_of(device)] == [Cause.SILENT]
        turns = fleet.turns
        await asyncio.sleep(WATCH_S)
        return took if fleet.turns == turns else GIVE_UP_S
    except TimeoutError:
        return GIVE_UP_S
    finally:
        os.kill(process, signal.SIGCONT)
        await watching.stop()
