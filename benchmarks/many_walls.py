"""One owner here and many walls in a process of their own, which authenticate and then only read.

The process: arguments are a folder for its key, how many walls there are, and the first one's number (1).
Standard output, first line:
``[[port, code], …]``. Then one line of standard input, one line out. ``count N`` counts frames anew: when N
walls have had one that is no heartbeat, the moment is told in a line of its own.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from protocol.codec import decode_control, encode
from protocol.messages import Join, Ping, Pong, RoomFacts
from protocol.ops import OfferPaper
from protocol.pairing import PeerFacts
from protocol.pairing_messages import Mode
from protocol.room_codes import RoomCodes
from protocol.transport.events import Event, Found, Paired, RoomLinkState
from protocol.transport.handshake import Greeted, Party
from protocol.transport.link import Link, LinkClosed
from protocol.transport.listen import serve
from protocol.transport.owner import Owner
from protocol.transport.settings import Deadlines, Profile, TransportSettings
from protocol.transport.tls import DeviceKey
from protocol.values import Blob, EditionPage, PageRef, Rect, Role, View

DEADLINES = Deadlines(answer_floor=0.0)
WHOLE = Rect(0, 0, 96_000, 54_000)
HEARTBEAT = len(encode(Ping(2**16))) + 4
"""No frame up to this many bytes is a view."""


class OwnLoop:
    """What the owner uses of a runner, in the loop of whoever measures."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class ManyWalls:
    """The owner's side: a session with each wall of that process."""

    def __init__(self, folder: Path, walls: subprocess.Popen[str]) -> None:
        self._walls = walls
        self._states: asyncio.Queue[RoomLinkState] = asyncio.Queue()
        self.owner = Owner(
            OwnLoop(),  # type: ignore[arg-type]
            DeviceKey.load_or_create(folder / "presenter"),
            Profile("佐藤", "財政課"),
            TransportSettings(port=0, listen_addresses=("127.0.0.1",), mdns=False, deadlines=DEADLINES),
            self._heard,
        )

    def _heard(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, RoomLinkState):
                self._states.put_nowait(event)

    async def pair(self) -> None:
        """Every wall follows."""
        self.owner.open()
        for number, (port, code) in enumerate(await self.line(), start=1):
            self.owner.connect(number, f"127.0.0.1:{port}")
            await self._until(Found)
            self.owner.submit_code(number, code)
            await self._until(Paired)
            self.owner.start(number)

    async def _until(self, kind: type) -> None:
        while not isinstance((await self._states.get()).state, kind):
            pass

    def offer(self, paper: int, pages: int) -> list[View]:
        """Commits a paper of so many pages; the whole of each. Bytes of it are nowhere."""
        blob = Blob(secrets.token_bytes(32), 1_000)
        self.owner.session.add_blob(blob.sha256, bytes(blob.length))
        first = paper * pages
        offered = [EditionPage(first + n, PageRef(blob.sha256, n), WHOLE.x1, WHOLE.y1) for n in range(pages)]
        self.owner.session.edit(OfferPaper(paper, "資料", blob, tuple(offered)))
        return [View(page.page_id, WHOLE) for page in offered]

    async def line(self) -> Any:
        """What the walls say next."""
        assert self._walls.stdout is not None
        return json.loads(await asyncio.to_thread(self._walls.stdout.readline))

    async def say(self, words: str) -> int:
        """Asks the walls; their answer."""
        assert self._walls.stdin is not None
        self._walls.stdin.write(words + "\n")
        self._walls.stdin.flush()
        return int(await self.line())


class Walls:
    """All the walls of the process."""

    def __init__(self, first: int = 1) -> None:
        self.first = first
        self.links: list[Link] = []
        self.awaited = 0

    def counts(self, number: int) -> bool:
        """Whether that wall, counted from 0, is among those that are waited for."""
        return True

    def obey(self, word: str, count: int) -> int:
        """A line of standard input."""
        assert word == "count", word
        self.awaited = count
        return 0

    async def read(self, room: int, link: Link) -> None:
        """The wall of that room, until its link is over."""
        number = len(self.links)
        self.links.append(link)
        await link.send(encode(RoomFacts(room, "会議室", "Room", "", "", 1920, 1080, 55, 300, False)))
        await link.send(encode(Join(None, 0, False)))
        try:
            while True:
                frame = await link.recv()
                if len(frame) <= HEARTBEAT:
                    message = decode_control(frame)
                    if isinstance(message, Ping):
                        link.post(encode(Pong(message.n)))
                elif self.awaited and self.counts(number):
                    self.awaited -= 1
                    if not self.awaited:
                        print(time.monotonic_ns(), flush=True)
        except LinkClosed:
            return

    async def listen(self, folder: Path, count: int) -> None:
        """Takes one owner at each of so many ports, until it is killed."""
        loop = asyncio.get_running_loop()
        key, rooms = DeviceKey.load_or_create(folder / "walls"), []
        for number in range(self.first, self.first + count):
            codes, known = RoomCodes(loop.time(), secrets.randbelow), dict[bytes, bytes]()

            def secret_for(peer: PeerFacts, known: dict[bytes, bytes] = known) -> bytes | None:
                return known.get(peer.device_id)

            async def greeted(one: Greeted, number: int = number, known: dict[bytes, bytes] = known) -> None:
                link = await one.answer()
                if link.mode is Mode.BULK:
                    await one.ended()
                else:
                    known[link.peer.device_id] = link.secret
                    await self.read(number, link)

            party = Party(key, Role.DISPLAY, DEADLINES, secret_for, number, codes)
            listener = await serve(party, greeted, ["127.0.0.1"], 0)
            rooms.append((listener.ports[0], codes.code))
        print(json.dumps(rooms), flush=True)
        loop.add_reader(sys.stdin.fileno(), self._obey)
        await asyncio.Event().wait()

    def _obey(self) -> None:
        word, *count = sys.stdin.readline().split() or [""]
        if not word:
            asyncio.get_running_loop().stop()
            return
        print(self.obey(word, int(count[0]) if count else 0), flush=True)


if __name__ == "__main__":
    asyncio.run(Walls(*map(int, sys.argv[3:])).listen(Path(sys.argv[1]), int(sys.argv[2])))
