"""Displays for the benchmarks of the facilities: the real network side of a kiosk, many in one process, on
the loopback interface. ``python -m benchmarks.fleet_house FOLDER COUNT`` runs them until its input ends."""

from __future__ import annotations

import asyncio
import functools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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
from protocol.orders import OrderMaker
from protocol.transport import mdns
from protocol.transport.addresses import Endpoint
from protocol.transport.console import Console, Place
from protocol.transport.events import Event, NetworkState
from protocol.transport.manage_events import ManageEvent
from protocol.transport.room_side import RoomSide
from protocol.transport.settings import TransportSettings
from protocol.transport.tls import DeviceKey

FIRST = 52_000
KEY = ec.derive_private_key(20_261_127, ec.SECP256R1())
"""The facilities' key of that house."""


def sign(data: bytes) -> bytes:
    """With that key."""
    return KEY.sign(data, ec.ECDSA(hashes.SHA256()))


def one_address_counts_as_many() -> None:
    """Of one address 50 datagrams are read in a second. Here all displays have one, and in a house each its
    own."""
    mdns.SOURCE_PER_SECOND = mdns.DATAGRAMS_PER_SECOND


@contextmanager
def house(folder: Path, count: int) -> Iterator[tuple[int, list[int]]]:
    """So many displays in a process of their own: its id, and the port of each."""
    displays = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.fleet_house", str(folder), str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert displays.stdin is not None
    assert displays.stdout is not None
    try:
        yield displays.pid, json.loads(displays.stdout.readline())
    finally:
        displays.stdin.close()
        displays.wait(60)
        displays.stdout.close()


def console(
    folder: Path, ports: Iterable[int], take: Callable[[ManageEvent], None], interface: str = "127.0.0.1"
) -> Console:
    """The facilities' console of that house. Without ``ports`` it has to find the displays over mDNS, on the
    network of the address ``interface``."""
    key = DeviceKey.load_or_create(folder / "console")
    certificate = sign_console(sign, ConsoleCertificate(key.device_id, ConsoleRole.FACILITIES, "管財課"))
    known = [
        (n.to_bytes(32, "big"), Place(FIRST + n, (Endpoint("127.0.0.1", port),)))
        for n, port in enumerate(ports)
    ]
    settings = TransportSettings(mdns=not known, mdns_interfaces=(interface,), listen_addresses=())
    orders = OrderMaker(key.sign, key.spki, certificate)
    return Console(key, certificate, Facilities(KEY.public_key()), None, orders, settings, take, known)


def enrolled(state: Path) -> Path:
    """A state folder as that of a display of the house, brought in; its settings file."""
    key = DeviceKey.load_or_create(state)
    public = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    (state / "facilities.pem").write_bytes(KEY.public_key().public_bytes(*public))
    certificate = sign_room(sign, RoomCertificate(key.device_id, FIRST, f"{FIRST}"))
    (state / "room.cert").write_bytes(certificate)
    config = state / "kiosk.toml"
    config.write_text(f'[room]\nnumber = {FIRST}\nname = "{FIRST}"\n', encoding="utf-8")
    return config


# --- the displays -------------------------------------------------------------------------------------------


class _NoStore:
    """Nobody is briefed here."""

    def allocate(self, sha256: bytes, length: int) -> memoryview:
        raise Unavailable("no paper comes here")

    def complete(self, sha256: bytes) -> bool:
        return False

    def drop(self, sha256: bytes) -> None:
        return None


async def _displays(folder: Path, count: int) -> None:
    one_address_counts_as_many()
    ports: dict[int, int] = {}
    ready = asyncio.Event()

    def told(number: int, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, NetworkState) and event.addresses:
                ports[number] = int(event.addresses[0].rpartition(":")[2])
                if len(ports) == count:
                    ready.set()

    settings = TransportSettings(port=0, listen_addresses=("127.0.0.1",), mdns_interfaces=("127.0.0.1",))
    sides = []
    for n in range(count):
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
            sign_room(sign, RoomCertificate(key.device_id, number, f"{number}")),
            Facilities(KEY.public_key()),
        )
        side.start()
        side.managed.set_status(status_of(side.managed.run, number))
        sides.append(side)
    await ready.wait()
    print(json.dumps([ports[FIRST + n] for n in range(count)]), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await asyncio.gather(*(side.stop() for side in sides))


def status_of(run: bytes, number: int) -> Status:
    """A display on standby."""
    now = int(time.time())
    name = f"{number}"
    return Status(
        run, now, Activity.STANDBY, now, number, name, "", "", "", "0", now, 0, 0, False, 0, 0, 9_000, None, 0
    )


if __name__ == "__main__":
    asyncio.run(_displays(Path(sys.argv[1]), int(sys.argv[2])))
