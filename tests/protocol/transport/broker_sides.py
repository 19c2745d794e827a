"""Displays, consoles and others at a broker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from protocol.manage import Status
from protocol.orders import OrderMaker
from protocol.transport.addresses import Endpoint
from protocol.transport.broker import BrokerLink, Came
from protocol.transport.broker_console import BrokerConsole
from protocol.transport.broker_display import BrokerDisplay
from protocol.transport.managed import Managed
from protocol.transport.tls import DeviceKey
from tests.kiosk.fleet_rooms import status as told
from tests.protocol.handshakes import certificate_for, console_certificate, facilities
from tests.protocol.transport.briefings import Inbox
from tests.protocol.transport.mosquitto import paper

ROOM = 27


class Wall:
    """A display at the broker."""

    def __init__(self, folder: Path, at: Endpoint, name: str = "wall") -> None:
        self.inbox = Inbox()
        self.key = DeviceKey.load_or_create(folder / name)
        self.managed = Managed(self.key.device_id, facilities(), lambda event: self.inbox.take((event,)))
        own = certificate_for(self.key, ROOM)
        self.side = BrokerDisplay(at, self.key, own, paper(folder, self.key), self.managed, spread=0.0)

    def status(self, **changes: object) -> Status:
        now = time.time()
        changes = {"run": self.managed.run, **changes}
        return told(ROOM, "第三会議室", "本庁舎 3階", now, **changes)


class Desk:
    """A console at the broker."""

    def __init__(
        self, folder: Path, at: Endpoint, name: str = "console", revocations: bytes | None = None
    ) -> None:
        self.inbox = Inbox()
        self.key = DeviceKey.load_or_create(folder / name)
        certificate = console_certificate(self.key)
        known = facilities() if revocations is None else facilities().with_revocations(revocations)
        self.side = BrokerConsole(
            at,
            self.key,
            certificate,
            known,
            revocations,
            OrderMaker(self.key.sign, self.key.spki, certificate),
            paper(folder, self.key, console=True),
            lambda event: self.inbox.take((event,)),
        )


@asynccontextmanager
async def at_work(*sides: Wall | Desk) -> AsyncIterator[None]:
    for each in sides:
        each.side.start()
    try:
        yield
    finally:
        for each in reversed(sides):
            await each.side.stop()


class Peer:
    """Somebody at the broker, who says and hears what it likes."""

    def __init__(self, at: Endpoint, *topics: str, key: DeviceKey | None = None, file: Path | None = None):
        self.heard: asyncio.Queue[Came] = asyncio.Queue()
        self.up = asyncio.Event()
        self.link = BrokerLink(
            at,
            facilities(),
            dict.fromkeys(topics, 1),
            self.up.set,
            lambda: None,
            self.heard.put_nowait,
            certificate=file,
            key=None if key is None else key.path,
        )

    async def __aenter__(self) -> Peer:
        self.link.start()
        async with asyncio.timeout(20):
            await self.up.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.link.stop()
