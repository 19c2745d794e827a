"""A real kiosk listener and real presenters for the tests of links: sockets, TLS, short deadlines."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from protocol.errors import KamizeroError
from protocol.pairing import PeerFacts
from protocol.pairing_messages import Mode
from protocol.room_codes import RoomCodes
from protocol.transport.dial import dial
from protocol.transport.gate import Gate
from protocol.transport.handshake import CodeEvent, Greeted, Party
from protocol.transport.link import Link
from protocol.transport.listen import Listener, serve
from protocol.transport.settings import Deadlines
from protocol.transport.tls import DeviceKey
from protocol.values import Role

ROOM = 27
PATIENT = Deadlines(step=20.0, handshake=60.0, answer_floor=0.0)
"""Deadlines that no test runs into; a test of a deadline shortens the one it is about."""


@dataclass
class Room:
    """A kiosk that listens, everything that happened to it in order, and the keys of both sides."""

    kiosk: Party
    presenter: Party
    listener: Listener | None = None
    events: list[object] = field(default_factory=list)
    secrets: dict[bytes, bytes] = field(default_factory=dict)
    links: asyncio.Queue[Link] = field(default_factory=asyncio.Queue)
    failures: asyncio.Queue[KamizeroError] = field(default_factory=asyncio.Queue)

    @property
    def code(self) -> str:
        assert self.kiosk.codes is not None
        return self.kiosk.codes.code

    @property
    def port(self) -> int:
        assert self.listener is not None
        return self.listener.ports[0]

    async def dialled(self, mode: Mode = Mode.PAIR, party: Party | None = None, room: int = ROOM) -> Greeted:
        return await dial(party or self.presenter, "127.0.0.1", self.port, mode, room)

    async def paired(self) -> tuple[Link, Link]:
        """The presenter's end and the kiosk's end of a link that was paired by the code."""
        greeted = await self.dialled()
        ours = await greeted.prove_code(self.code)
        theirs = await self.links.get()
        self.secrets[ours.peer.device_id] = ours.secret
        self.secrets[theirs.peer.device_id] = theirs.secret
        return ours, theirs

    async def greeted(self, greeted: Greeted) -> None:
        """What this kiosk does with a link: answer, hand it over, keep it until it ends."""
        self.events.append("greeted")
        try:
            link = await greeted.answer()
        except KamizeroError as error:
            self.events.append("failed")
            self.failures.put_nowait(error)
            raise
        self.events.append("linked")
        self.links.put_nowait(link)
        await greeted.ended()
        self.events.append("ended")


def device(folder: Path, name: str) -> DeviceKey:
    return DeviceKey.load_or_create(folder / name)


@asynccontextmanager
async def room(
    folder: Path,
    *,
    deadlines: Deadlines = PATIENT,
    gate: Gate | None = None,
    below: Callable[[int], int] = secrets.randbelow,
    addresses: tuple[str, ...] = ("127.0.0.1",),
    **kiosk: Any,
) -> AsyncIterator[Room]:
    """A listening kiosk of room 27; ``kiosk``: further fields of its `Party`."""
    codes = RoomCodes(asyncio.get_running_loop().time(), below)
    known: dict[bytes, bytes] = {}

    def secret_for(peer: PeerFacts) -> bytes | None:
        return known.get(peer.device_id)

    made = Room(
        kiosk=Party(
            device(folder, "kiosk"),
            Role.DISPLAY,
            deadlines,
            secret_for,
            ROOM,
            codes,
        ),
        presenter=Party(device(folder, "presenter"), Role.PRESENTER, PATIENT, secret_for),
        secrets=known,
    )

    def on_code(event: CodeEvent) -> None:
        made.events.append(event)

    made.kiosk = replace(made.kiosk, on_code=on_code, **kiosk)
    made.listener = await serve(made.kiosk, made.greeted, addresses, 0, gate)
    try:
        yield made
    finally:
        await made.listener.close()


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a test's coroutine to its end; a test that hangs fails after a while."""

    async def bounded() -> None:
        async with asyncio.timeout(30):
            await work

    asyncio.run(bounded())
