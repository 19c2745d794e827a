"""A whole session for tests: real owners and room sides, over real sockets on loopback, in one loop."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.many_walls import OwnLoop
from protocol.errors import Unavailable
from protocol.messages import RoomFacts
from protocol.model import Briefing
from protocol.ops import OfferPaper
from protocol.registers import SetScreen, ShowView
from protocol.transport.events import (
    Changed,
    CodeShown,
    Event,
    Found,
    LinkState,
    NetworkState,
    Paired,
    RoomLinkState,
)
from protocol.transport.owner import Owner
from protocol.transport.owner_session import Recovered
from protocol.transport.room_side import RoomSide
from protocol.transport.settings import Deadlines, Profile, TransportSettings
from protocol.transport.tls import DeviceKey
from protocol.values import Blob, EditionPage, PageRef, Rect, Screen, View

ROOM = 10_000 + os.getpid() % 80_000
"""Of this process alone: others may be heard on the same loopback interface."""
PATIENCE = 20.0
DEADLINES = Deadlines(answer_floor=0.0, redial_first=0.01, redial_soon=0.05, no_answer=10.0)
WHOLE = Rect(0, 0, 60_000, 84_000)

E = TypeVar("E")


class Inbox:
    """Events in the order in which they were told; a test waits for one, not for a time."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._read = 0
        self._news = asyncio.Event()

    def take(self, events: tuple[Event, ...]) -> None:
        self.events.extend(events)
        self._news.set()

    async def until(self, kind: type[E], holds: Callable[[E], bool] = lambda event: True) -> E:
        """The next event of that kind for which that holds, behind the last one that was waited for."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while self._read < len(self.events):
                    event = self.events[self._read]
                    self._read += 1
                    if isinstance(event, kind) and holds(event):
                        return event
                self._news.clear()
                await self._news.wait()

    async def settled(self, holds: Callable[[], bool]) -> None:
        """Returns when that holds, which is looked at with each event."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def state(self, kind: type[E]) -> E:
        """The next state of a room's link of that kind."""
        told = await self.until(RoomLinkState, lambda told: isinstance(told.state, kind))
        assert isinstance(told.state, kind)
        return told.state

    def of(self, kind: type[E]) -> list[E]:
        """All of that kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def states(self) -> list[LinkState]:
        """All states of rooms' links so far."""
        return [told.state for told in self.of(RoomLinkState)]


class MemoryStore:
    """A `BlobStore` in plain memory."""

    def __init__(self, limit: int = 2**30) -> None:
        self.blobs: dict[bytes, bytearray] = {}
        self.whole: set[bytes] = set()
        self.limit = limit

    def allocate(self, sha256: bytes, length: int) -> memoryview:
        if length > self.limit:
            raise Unavailable("no room")
        self.blobs[sha256] = bytearray(length)
        return memoryview(self.blobs[sha256])

    def complete(self, sha256: bytes) -> bool:
        right = hashlib.sha256(self.blobs[sha256]).digest() == sha256
        if right:
            self.whole.add(sha256)
        else:
            del self.blobs[sha256]
        return right

    def drop(self, sha256: bytes) -> None:
        self.blobs.pop(sha256, None)
        self.whole.discard(sha256)


class Kiosk:
    """A room side with its inbox and store."""

    def __init__(self, folder: Path, settings: TransportSettings, number: int = ROOM, **kept: Any) -> None:
        self.inbox = Inbox()
        self.store = MemoryStore()
        self.side = RoomSide(
            OwnLoop(),  # type: ignore[arg-type]
            DeviceKey.load_or_create(folder / f"kiosk{number}"),
            facts(number),
            settings,
            self.inbox.take,
            self.store,
            **kept,
        )

    @property
    def briefing(self) -> Briefing:
        return self.inbox.of(Changed)[-1].briefing

    @property
    def code(self) -> str:
        return self.inbox.of(CodeShown)[-1].code

    @property
    def address(self) -> str:
        return self.inbox.of(NetworkState)[-1].addresses[0]

    async def listening(self) -> Kiosk:
        await self.inbox.until(NetworkState, lambda state: bool(state.addresses))
        return self


class Presenter:
    """An owner with its inbox."""

    def __init__(
        self,
        folder: Path,
        settings: TransportSettings,
        name: str = "佐藤",
        recovered: Recovered | None = None,
        **more: Any,
    ) -> None:
        self.inbox = Inbox()
        self.records: list[bytes] = []
        self.owner = Owner(
            OwnLoop(),  # type: ignore[arg-type]
            DeviceKey.load_or_create(folder / name),
            Profile(name, "財政課"),
            settings,
            self.inbox.take,
            recovered,
            self.records.append,
            **more,
        )

    @property
    def briefing(self) -> Briefing:
        return self.inbox.of(Changed)[-1].briefing

    async def pair(self, kiosk: Kiosk, address: str | None = None, number: int = ROOM) -> Paired:
        """Finds the room by its address, types the code, and is paired."""
        self.owner.connect(number, address or kiosk.address)
        await self.inbox.state(Found)
        self.owner.submit_code(number, kiosk.code)
        return await self.inbox.state(Paired)

    def offer(self, paper: int, data: bytes, pages: int = 3) -> tuple[PageRef, ...]:
        """Offers a paper of so many pages with these bytes; page ids count from paper * 100."""
        blob = Blob(hashlib.sha256(data).digest(), len(data))
        refs = tuple(PageRef(blob.sha256, index) for index in range(pages))
        self.owner.session.add_blob(blob.sha256, data)
        self.owner.session.edit(
            OfferPaper(
                paper,
                "令和8年度 当初予算案",
                blob,
                tuple(EditionPage(paper * 100 + ref.index, ref, 59_500, 84_200) for ref in refs),
            )
        )
        return refs

    async def brief(self, kiosk: Kiosk) -> None:
        """Pairs, and the wall shows page 100, the first of a small paper."""
        await self.pair(kiosk)
        self.offer(1, os.urandom(1_000))
        self.show(100)
        self.begin()
        await showing(kiosk, 100)

    def show(self, page_id: int) -> None:
        self.owner.session.set(ShowView(View(page_id, WHOLE)))

    def begin(self, number: int = ROOM) -> None:
        self.owner.start(number)
        self.owner.session.set(SetScreen(Screen.SHOW))


async def showing(kiosk: Kiosk, page_id: int) -> Changed:
    """The wall follows that page, and has it."""

    def is_there(changed: Changed) -> bool:
        view = changed.briefing.registers.view
        return view is not None and view.page_id == page_id and changed.briefing.page(page_id) is not None

    return await kiosk.inbox.until(Changed, is_there)


def facts(number: int) -> RoomFacts:
    places = "本庁舎6階", "Main Building, 6th floor"
    return RoomFacts(number, "第三会議室", "Conference Room 3", *places, 3840, 2160, 55, 300, True)


def settings(deadlines: Deadlines = DEADLINES, **more: Any) -> TransportSettings:
    return TransportSettings(
        port=0,
        listen_addresses=("127.0.0.1",),
        mdns=more.pop("mdns", False),
        mdns_interfaces=("127.0.0.1",),
        deadlines=deadlines,
        **more,
    )


@asynccontextmanager
async def running(*programs: Kiosk | Presenter) -> AsyncIterator[None]:
    """Starts them, and stops them at the end whatever happens."""
    for program in programs:
        if isinstance(program, Kiosk):
            program.side.start()
            await program.listening()
        else:
            program.owner.open()
    try:
        yield
    finally:
        for program in programs:
            await (program.side if isinstance(program, Kiosk) else program.owner).stop()


def run(test: Callable[[], Coroutine[Any, Any, None]], seconds: float = 2 * PATIENCE) -> None:
    """Runs a test's coroutine; one that hangs fails."""

    async def bounded() -> None:
        async with asyncio.timeout(seconds):
            try:
                await test()
            finally:
                # As a runner does when it stops: what is still closing politely is cut.
                loop = asyncio.get_running_loop()
                for transport in list(getattr(loop, "_transports", {}).values()):
                    transport.abort()
                await asyncio.sleep(0)

    asyncio.run(bounded())
