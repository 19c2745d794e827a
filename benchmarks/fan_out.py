"""One view to 79 walls over TLS: from the presenter's word to its arrival at the last of them.

The walls are one other process that authenticates 79 times and then only reads: it decodes nothing but
heartbeats. The reference is a frame of the same length written to the same streams in a loop, between the
samples.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from benchmarks.harness import Figure, Limit, figure
from protocol.codec import decode_control, encode
from protocol.messages import Join, Ping, Pong, RoomFacts, Set
from protocol.ops import OfferPaper
from protocol.pairing import PeerFacts
from protocol.pairing_messages import Mode
from protocol.registers import ShowView
from protocol.room_codes import RoomCodes
from protocol.transport.events import Event, Found, Paired, RoomLinkState
from protocol.transport.handshake import Greeted, Party
from protocol.transport.link import Link, LinkClosed
from protocol.transport.listen import serve
from protocol.transport.owner import Owner
from protocol.transport.settings import Deadlines, Profile, TransportSettings
from protocol.transport.tls import DeviceKey
from protocol.values import Blob, EditionPage, PageRef, Rect, Role, View

WALLS = 79
TIMES = 200
WARM_UP = 20
DEADLINES = Deadlines(answer_floor=0.0)
HEARTBEAT = len(encode(Ping(2**16))) + 4
"""No frame up to this many bytes is a view."""


def run() -> Iterable[Figure]:
    """Milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.fan_out", folder]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as walls:
            samples, references = asyncio.run(measured(Path(folder), walls))
    how = "the same number of bytes posted to the same 79 links in a loop, between the samples"
    limits = (Limit("ratio", 1.15), Limit("p99", 10))
    yield figure("fan_out", "ms", samples, *limits, reference=references, how=how)


class OwnLoop:
    """What the owner uses of a runner, in the loop of the benchmark."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def line(walls: subprocess.Popen[str]) -> Any:
    assert walls.stdout is not None
    return json.loads(walls.stdout.readline())


async def measured(folder: Path, walls: subprocess.Popen[str]) -> tuple[list[float], list[float]]:
    rooms = await asyncio.to_thread(line, walls)
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
    for number, (port, code) in enumerate(rooms, start=1):
        owner.connect(number, f"127.0.0.1:{port}")
        while not isinstance((await states.get()).state, Found):
            pass
        owner.submit_code(number, code)
        while not isinstance((await states.get()).state, Paired):
            pass
        owner.start(number)
    views = offered(owner)
    owner.set(ShowView(views[0]))
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
            (samples, lambda n=n: owner.set(ShowView(views[n % 2 + 1]))),
            (references, post_to_all),
        ):
            await expect(walls)
            start = time.monotonic_ns()
            say()
            last = await asyncio.to_thread(line, walls)
            if n >= WARM_UP:
                collected.append((last - start) / 1e6)
    await owner.stop()
    walls.terminate()
    return samples, references


async def expect(walls: subprocess.Popen[str]) -> None:
    """The walls count anew from here; the pipe's own time is over before the word is said."""
    assert walls.stdin is not None
    walls.stdin.write("\n")
    walls.stdin.flush()
    await asyncio.to_thread(line, walls)
    await asyncio.sleep(0.02)


def offered(owner: Owner) -> list[View]:
    data = secrets.token_bytes(1000)
    blob = Blob(secrets.token_bytes(32), len(data))
    owner.add_blob(blob.sha256, data)
    pages = tuple(EditionPage(n, PageRef(blob.sha256, n), 96_000, 54_000) for n in range(3))
    owner.edit(OfferPaper(0, "資料", blob, pages))
    return [View(n, Rect(0, 0, 96_000, 54_000)) for n in range(3)]


class Walls:
    """All the walls: when the last of them has had a frame, its moment is printed."""

    def __init__(self) -> None:
        self.links = 0
        self.arrived = 0

    async def read(self, link: Link) -> None:
        number = self.links = self.links + 1
        await link.send(encode(RoomFacts(number, "会議室", "Room", "", "", 1920, 1080, 55, 300, False)))
        await link.send(encode(Join(None, 0, False)))
        try:
            while True:
                frame = await link.recv()
                if len(frame) <= HEARTBEAT:
                    message = decode_control(frame)
                    if isinstance(message, Ping):
                        link.post(encode(Pong(message.n)))
                    continue
                self.arrived += 1
                if self.arrived == WALLS:
                    print(time.monotonic_ns(), flush=True)
        except LinkClosed:
            return


async def sink(folder: Path) -> None:
    walls, loop = Walls(), asyncio.get_running_loop()
    key = DeviceKey.load_or_create(folder / "walls")

    rooms = []
    for number in range(1, WALLS + 1):
        codes, known = RoomCodes(loop.time(), secrets.randbelow), dict[bytes, bytes]()

        def secret_for(peer: PeerFacts, known: dict[bytes, bytes] = known) -> bytes | None:
            return known.get(peer.device_id)

        party = Party(key, Role.DISPLAY, DEADLINES, secret_for, number, codes)

        async def greeted(one: Greeted, known: dict[bytes, bytes] = known) -> None:
            link = await one.answer()
            if link.mode is Mode.BULK:
                await one.ended()
            else:
                known[link.peer.device_id] = link.secret
                await walls.read(link)

        listener = await serve(party, greeted, ["127.0.0.1"], 0)
        rooms.append((listener.ports[0], codes.code))
    print(json.dumps(rooms), flush=True)

    def anew() -> None:
        sys.stdin.readline()
        walls.arrived = 0
        print(0, flush=True)

    loop.add_reader(sys.stdin.fileno(), anew)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(sink(Path(sys.argv[1])))
