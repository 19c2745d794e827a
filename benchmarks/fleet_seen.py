"""Seventy-nine displays are up; a console is opened. Until it knows how each of them is.

The displays are the real network side of a kiosk, all in one process, on the loopback interface: found over
mDNS by a console that knows nobody, and dialled by one that knew them before.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.fleet_house import console, house, one_address_counts_as_many
from benchmarks.harness import Figure, Limit, figure
from protocol.transport.manage_events import ManageEvent, StatusSeen

NAMES = ("fleet_seen", "fleet_seen_known")
DISPLAYS = 79
RUNS = 5
REACH_S = 2.0
QUIET_S = 15
GIVE_UP_S = 60.0


def run() -> Iterable[Figure]:
    """Seconds until the last of them is seen."""
    one_address_counts_as_many()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with house(folder, DISPLAYS) as (_, ports):
            found = [_in_a_quiet_house(folder) for _ in range(RUNS)]
            known = [asyncio.run(_open(folder, ports)) for _ in range(RUNS)]
    how = f"none: absolute; {DISPLAYS} displays in one process, loopback"
    yield figure(
        "fleet_seen",
        "s",
        found,
        Limit("max", REACH_S),
        how=f"{how}, found over mDNS (their one address counts as many)",
    )
    yield figure("fleet_seen_known", "s", known, Limit("max", REACH_S), how=f"{how}, known from before")


def _in_a_quiet_house(folder: Path) -> float:
    """What was just asked for over mDNS is not said again so soon, whoever asks: a moment without a
    console."""
    time.sleep(QUIET_S)
    return asyncio.run(_open(folder, ()))


async def _open(folder: Path, ports: Iterable[int]) -> float:
    """Seconds from the console's start until every display has said how it is."""
    seen: set[bytes] = set()
    everybody = asyncio.Event()

    def take(event: ManageEvent) -> None:
        if isinstance(event, StatusSeen):
            seen.add(event.device)
            if len(seen) == DISPLAYS:
                everybody.set()

    opened = console(folder, ports, take)
    begun = time.perf_counter()
    opened.start()
    try:
        async with asyncio.timeout(GIVE_UP_S):
            await everybody.wait()
        return time.perf_counter() - begun
    except TimeoutError:
        return GIVE_UP_S
    finally:
        await opened.stop()
