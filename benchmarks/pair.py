"""The handshake between two processes: from the dial to an authenticated link at both ends.

With a code it contains one deliberate floor of 50 ms for each answer of the displaying side (security.md §3);
resuming has none. The reference is a bare asyncio TLS 1.3 connect to another process plus one round trip.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.harness import Figure, Limit, figure
from benchmarks.references import TlsEcho
from protocol.pairing_messages import Mode
from protocol.room_codes import RoomCodes
from protocol.transport.dial import dial
from protocol.transport.handshake import Greeted, Party
from protocol.transport.listen import serve
from protocol.transport.settings import Deadlines
from protocol.transport.tls import DeviceKey
from protocol.values import Role

NAMES = ("pair", "resume")
ROOM = 27
TIMES = 40


def run() -> Iterable[Figure]:
    """Milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.pair", folder]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as kiosk:
            pairs, resumes, connects = asyncio.run(measured(Path(folder), kiosk))
    how = "a bare asyncio TLS 1.3 connect and one round trip between two processes, between the samples"
    yield figure("pair", "ms", pairs, Limit("p95", 200), reference=connects, how=how)
    yield figure("resume", "ms", resumes, Limit("p95", 50), reference=connects, how=how)


def told(kiosk: subprocess.Popen[str]) -> dict[str, str | int]:
    assert kiosk.stdout is not None
    line: dict[str, str | int] = json.loads(kiosk.stdout.readline())
    return line


async def measured(
    folder: Path, kiosk: subprocess.Popen[str]
) -> tuple[list[float], list[float], list[float]]:
    known: dict[bytes, bytes] = {}
    key = DeviceKey.load_or_create(folder / "presenter")
    party = Party(key, Role.PRESENTER, Deadlines(), lambda peer: known.get(peer.device_id))
    pairs, resumes, connects = [], [], []
    for n in range(TIMES + 2):
        room = await asyncio.to_thread(told, kiosk)
        port, code = int(room["port"]), str(room["code"])
        start = time.perf_counter()
        link = await (await dial(party, "127.0.0.1", port, Mode.PAIR, ROOM)).prove_code(code)
        await link.recv()
        paired = time.perf_counter() - start
        known[link.peer.device_id] = link.secret
        await link.close()
        start = time.perf_counter()
        link = await (await dial(party, "127.0.0.1", port, Mode.RESUME, ROOM)).prove_secret()
        await link.recv()
        resumed = time.perf_counter() - start
        await link.close()
        connected = await asyncio.to_thread(bare_connect)
        if n >= 2:
            pairs.append(paired * 1000)
            resumes.append(resumed * 1000)
            connects.append(connected * 1000)
    kiosk.terminate()
    return pairs, resumes, connects


def bare_connect() -> float:
    with TlsEcho() as echo:
        return echo.connect_seconds + echo.once()


async def display(folder: Path) -> None:
    """The kiosk's side. Each pairing has a room and a port of its own: three guesses a minute are allowed."""
    key, known = DeviceKey.load_or_create(folder / "kiosk"), dict[bytes, bytes]()
    loop = asyncio.get_running_loop()
    while True:
        codes, resumed = RoomCodes(loop.time(), secrets.randbelow), asyncio.Event()
        party = Party(key, Role.DISPLAY, Deadlines(), lambda peer: known.get(peer.device_id), ROOM, codes)

        async def greeted(one: Greeted, resumed: asyncio.Event = resumed) -> None:
            link = await one.answer()
            mode = Mode.PAIR if link.peer.device_id not in known else Mode.RESUME
            known[link.peer.device_id] = link.secret
            await link.send(b"authenticated here too")
            await one.ended()
            if mode is Mode.RESUME:
                known.clear()
                resumed.set()

        listener = await serve(party, greeted, ["127.0.0.1"], 0)
        print(json.dumps({"port": listener.ports[0], "code": codes.code}), flush=True)
        await resumed.wait()
        await listener.close()


if __name__ == "__main__":
    asyncio.run(display(Path(sys.argv[1])))
