"""People who join, for tests: real participants' programs over real sockets, through a real wall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from protocol.model import Briefing
from protocol.transport.events import Changed
from protocol.transport.join_events import (
    JoinCodeShown,
    Joined,
    JoinState,
    ParticipantFacts,
    ParticipantSeen,
    State,
)
from protocol.transport.participant import Participant
from protocol.transport.settings import TransportSettings
from protocol.transport.tls import DeviceKey
from tests.protocol.transport.briefings import (
    DEADLINES,
    PATIENCE,
    ROOM,
    Inbox,
    Kiosk,
    MemoryStore,
    OwnLoop,
    Presenter,
    running,
    settings,
)

S = TypeVar("S", bound=State)
T = TypeVar("T")


class Watched(set[T]):
    """A set that a test may wait for."""

    def __init__(self) -> None:
        super().__init__()
        self._moved = asyncio.Event()

    def add(self, one: T) -> None:
        super().add(one)
        self._moved.set()

    def discard(self, one: T) -> None:
        super().discard(one)
        self._moved.set()

    async def until(self, size: int) -> None:
        """Returns when it has so many elements."""
        async with asyncio.timeout(PATIENCE):
            while len(self) != size:
                self._moved.clear()
                await self._moved.wait()


class Joiner:
    """A participant's program with its inbox and store."""

    def __init__(self, folder: Path, ours: TransportSettings, name: str = "鈴木") -> None:
        self.inbox = Inbox()
        self.store = MemoryStore()
        self.name = name
        self.side = Participant(
            OwnLoop(),  # type: ignore[arg-type]
            DeviceKey.load_or_create(folder / f"joiner {name}"),
            ours,
            self.inbox.take,
            self.store,
        )

    @property
    def briefing(self) -> Briefing:
        return self.inbox.of(Changed)[-1].briefing

    async def state(self, kind: type[S]) -> S:
        """The next state of that kind."""
        told = await self.inbox.until(JoinState, lambda told: isinstance(told.state, kind))
        assert isinstance(told.state, kind)
        return told.state

    async def join(self, kiosk: Kiosk, code: str) -> Joined:
        """Types room and code, goes through that wall, and is in."""
        self.side.join(ROOM, code, self.name, rendezvous(kiosk))
        return await self.state(Joined)


def rendezvous(kiosk: Kiosk) -> str:
    """The address of that wall's rendezvous."""
    return f"127.0.0.1:{kiosk.side._rendezvous.port}"


async def opened(kiosk: Kiosk, presenter: Presenter, approval: bool = False) -> str:
    """The join code, once the wall takes people."""
    presenter.owner.participants.open(approval)
    told = await kiosk.inbox.until(JoinCodeShown, lambda told: told.code is not None)
    await kiosk.side._rendezvous.opened()
    assert told.code is not None
    return told.code


@asynccontextmanager
async def joining(*joiners: Joiner) -> AsyncIterator[None]:
    """Starts them, and stops them at the end whatever happens."""
    for joiner in joiners:
        joiner.side.start()
    try:
        yield
    finally:
        for joiner in joiners:
            await joiner.side.stop()


@asynccontextmanager
async def briefing(
    kiosk: Kiosk, presenter: Presenter, *joiners: Joiner, approval: bool = False
) -> AsyncIterator[str]:
    """A wall that follows a presenter with one paper shown, open to joiners; gives the join code."""
    async with running(kiosk, presenter), joining(*joiners):
        await presenter.pair(kiosk)
        presenter.offer(1, b"the paper's bytes" * 100)
        presenter.show(100)
        presenter.begin()
        await kiosk.inbox.until(Changed, lambda c: c.briefing.page(100) is not None)
        yield await opened(kiosk, presenter, approval)


def programs(folder: Path, *names: str, deadlines=DEADLINES) -> tuple[Kiosk, Presenter, list[Joiner]]:
    ours = settings(deadlines, rendezvous_port=0)
    joiners = [Joiner(folder, ours, name) for name in names or ("鈴木",)]
    return Kiosk(folder, ours), Presenter(folder, ours), joiners


async def seen(presenter: Presenter, **fields: object) -> ParticipantFacts:
    """The next word about a participant that says so."""
    told = await presenter.inbox.until(
        ParticipantSeen,
        lambda told: all(getattr(told.participant, name) == value for name, value in fields.items()),
    )
    return told.participant
