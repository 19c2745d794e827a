"""Seventy-nine displays are up; a console is opened. Until it knows how each of them is.

The displays are the real network side of a kiosk, all in one process, on the loopback interface: found over
mDNS by a console that knows nobody, and dialled by one that knew them before.
"""

from __future__ import annotations

import asyncio
import functools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.harness import Figure, Limit, figure
from benchmarks.many_walls import OwnLoop
from protocol.errors import Unavailable
from protocol.facilities import (
    ConsoleCertificate,
    ConsoleRole,
    Facilities,
    RoomCertificate,
    sign_console,
    sign_room,
)
from protocol.manage import Activity, Status
from protocol.messages import RoomFacts
from protocol.transport import mdns
from protocol.transport.addresses import Endpoint
from protocol.transport.console import Console, Place
from protocol.transport.events import Event, NetworkState
from protocol.transport.guest import RoomSide
from protocol.transport.manage_events import ManageEvent, StatusSeen
from protocol.transport.settings import TransportSettings
from protocol.transport.tls import DeviceKey

NAMES = ("fleet_seen", "fleet_seen_known")
DISPLAYS = 79
RUNS = 5
FIRST = 52_000
REACH_S = 2.0
QUIET_S = 15
GIVE_UP_S = 60.0
_KEY = ec.derive_private_key(20_261_127, ec.SECP256R1())


def run() -> Iterable[Figure]:
    """Seconds until the last of them is seen."""
    # Of one address 50 datagrams are read in a second. Here all displays have one; in a house each has its
    # own.
    mdns.SOURCE_PER_SECOND = mdns.DATAGRAMS_PER_SECOND
    with tempfile.TemporaryDirectory() as folder:
        displays = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.fleet_seen", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        assert displays.stdin is not None
        assert displays.stdout is not None
        try:
            ports: list[int] = json.loads(displays.stdout.readline())
            found = [_in_a_quiet_house(Path(folder)) for _ in range(RUNS)]
            known = [asyncio.run(_open(Path(folder), ports)) for _ in range(RUNS)]
        finally:
            displays.stdin.close()
            displays.wait(60)
            displays.stdout.close()
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
    key = DeviceKey.load_or_create(folder / "console")
    certificate = sign_console(_sign, ConsoleCertificate(key.device_id, ConsoleRole.FACILITIES, "管財課"))
    seen: set[bytes] = set()
    everybody = asyncio.Event()

    def take(event: ManageEvent) -> None:
        if isinstance(event, StatusSeen):
            seen.add(event.device)
            if len(seen) == DISPLAYS:
                everybody.set()

    known = [
        (n.to_bytes(32, "big"), Place(FIRST + n, (Endpoint("127.0.0.1", port),)))
        for n, port in enumerate(ports)
    ]
    settings = TransportSettings(mdns=not known, mdns_interfaces=("127.0.0.1",), listen_addresses=())
    console = Console(key, certificate, Facilities(_KEY.public_key()), None, settings, take, known)
    begun = time.perf_counter()
    console.start()
    try:
        async with asyncio.timeout(GIVE_UP_S):
            await everybody.wait()
        return time.perf_counter() - begun
    except TimeoutError:
        return GIVE_UP_S
    finally:
        await console.stop()


# --- the displays -------------------------------------------------------------------------------------------


class _NoStore:
    """Nobody is briefed here."""

    def allocate(self, sha256: bytes, length: int) -> memoryview:
        raise Unavailable("no paper comes here")

    def complete(self, sha256: bytes) -> bool:
        return False

    def drop(self, sha256: bytes) -> None:
        return None


def _sign(data: bytes) -> bytes:
    return _KEY.sign(data, ec.ECDSA(hashes.SHA256()))


async def _displays(folder: Path) -> None:
    ports: dict[int, int] = {}
    ready = asyncio.Event()

    def told(number: int, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, NetworkState) and event.addresses:
                ports[number] = int(event.addresses[0].rpartition(":")[2])
                if len(ports) == DISPLAYS:
                    ready.set()

    settings = TransportSettings(port=0, listen_addresses=("127.0.0.1",), mdns_interfaces=("127.0.0.1",))
    sides = []
    for n in range(DISPLAYS):
        number = FIRST + n
        key = DeviceKey.load_or_create(folder / str(number))
        side = RoomSide(
            OwnLoop(),  # type: ignore[arg-type]
            key,
            RoomFacts(number, f"{number}", "", "", "", 1920, 1080, 55, 300, False),
            settings,
            functools.partial(told, number),
            _NoStore(),
            None,
            sign_room(_sign, RoomCertificate(key.device_id, number, f"{number}")),
            Facilities(_KEY.public_key()),
        )
        side.start()
        side.managed.set_status(_status(side, number))
        sides.append(side)
    await ready.wait()
    print(json.dumps([ports[FIRST + n] for n in range(DISPLAYS)]), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await asyncio.gather(*(side.stop() for side in sides))


def _status(side: RoomSide, number: int) -> Status:
    now = int(time.time())
    name = f"{number}"
    run = side.managed.run
    return Status(
        run, now, Activity.STANDBY, now, number, name, "", "", "", "0", now, 0, 0, False, 0, 0, 9_000, None, 0
    )


if __name__ == "__main__":
    asyncio.run(_displays(Path(sys.argv[1])))
