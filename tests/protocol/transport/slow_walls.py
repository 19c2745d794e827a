"""Thirty walls in a process of their own, of which five read a kilobyte a second when they are told to.

Argument: a folder for the key. Standard output, first line: ``[[port, code], …]``. Then one line of standard
input, one line out: ``count`` begins to count frames anew, and the moment is told when the last of the quick
walls has had one that is no heartbeat; ``slow``; ``stale``: the most bytes that wait unread at a slow one.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import secrets
import struct
import sys
import termios
import time
from pathlib import Path

from protocol.codec import decode_control, encode
from protocol.messages import Join, Ping, Pong, RoomFacts
from protocol.pairing_messages import Mode
from protocol.room_codes import RoomCodes
from protocol.transport.handshake import Greeted, Party
from protocol.transport.link import Link, LinkClosed
from protocol.transport.listen import serve
from protocol.transport.settings import Deadlines
from protocol.transport.tls import DeviceKey
from protocol.values import Role

WALLS, SLOW = 30, 5
A_SECOND = 1_024
DEADLINES = Deadlines(answer_floor=0.0)
HEARTBEAT = len(encode(Ping(2**16))) + 4


class Walls:
    """The first five to come are slow later."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.awaited = 0

    async def read(self, link: Link) -> None:
        number = len(self.links)
        self.links.append(link)
        await link.send(encode(RoomFacts(number + 1, "会議室", "Room", "", "", 1920, 1080, 55, 300, False)))
        await link.send(encode(Join(None, 0, False)))
        asyncio.get_running_loop().create_task(self._beat(link))
        try:
            while True:
                frame = await link.recv()
                if len(frame) <= HEARTBEAT:
                    message = decode_control(frame)
                    if isinstance(message, Ping):
                        link.post(encode(Pong(message.n)))
                elif number >= SLOW and self.awaited:
                    self.awaited -= 1
                    if not self.awaited:
                        print(time.monotonic_ns(), flush=True)
        except LinkClosed as closed:
            print(f"wall {number}: {closed}", file=sys.stderr, flush=True)

    async def _beat(self, link: Link) -> None:
        n = 0
        while True:
            n += 1
            link.post(encode(Ping(n)))
            await asyncio.sleep(2.0)

    async def go_slow(self) -> None:
        """A kilobyte of the socket a second, and no more of it in the program than that."""
        loop = asyncio.get_running_loop()
        raws = [link._connection.raw for link in self.links[:SLOW]]
        for raw in raws:
            raw.pause_reading()
            raw.max_size = A_SECOND
        while True:
            for raw in raws:
                raw.resume_reading()
                loop.call_soon(loop.call_soon, raw.pause_reading)
            await asyncio.sleep(1.0)

    def unread(self) -> int:
        sockets = [link._connection.raw.get_extra_info("socket") for link in self.links[:SLOW]]
        return max(
            struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.FIONREAD, b"\0" * 4))[0] for sock in sockets
        )


async def main(folder: Path) -> None:
    walls, loop = Walls(), asyncio.get_running_loop()
    key, rooms, tasks = DeviceKey.load_or_create(folder), [], []
    for number in range(1, WALLS + 1):
        codes, known = RoomCodes(loop.time(), secrets.randbelow), dict[bytes, bytes]()
        party = Party(key, Role.DISPLAY, DEADLINES, known.get, number, codes)

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

    def told() -> None:
        word = sys.stdin.readline().strip()
        if word == "slow":
            tasks.append(loop.create_task(walls.go_slow()))
        if not word:
            loop.stop()
        walls.awaited = WALLS - SLOW if word == "count" else 0
        print(walls.unread() if word == "stale" else 0, flush=True)

    loop.add_reader(sys.stdin.fileno(), told)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
