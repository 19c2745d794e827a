"""Many rooms over real sockets: the page on each wall is the page of who typed that wall's code."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from protocol.transport.events import Changed, Ended, Failed, Found, Gone, Paired
from tests.protocol.transport.briefings import Kiosk, Presenter, running, settings

FIRST = 50_000
PAGES = 3


class Desk:
    """A presenter with a paper of its own, and the walls that are its own."""

    def __init__(self, folder: Path, place: int) -> None:
        self.presenter = Presenter(folder, settings(), f"発表者{place}")
        self.paper = b"paper of presenter %d" % place
        self.blob = b""
        self.page_id = -1
        self.walls: list[Kiosk] = []

    def open_paper(self) -> None:
        self.blob = self.presenter.offer(1, self.paper, PAGES)[0].blob

    async def pair(self, kiosk: Kiosk, number: int, wrong: str | None) -> None:
        """By the wall's address and code; ``wrong``: a code of another wall, typed first."""
        owner, inbox = self.presenter.owner, self.presenter.inbox
        for typed in (wrong, kiosk.code):
            if typed is None:
                continue
            owner.connect(number, kiosk.address)
            await inbox.state(Found)
            owner.submit_code(number, typed)
            await inbox.state(Failed if typed is wrong else Paired)
        self.walls.append(kiosk)
        self.presenter.begin(number)

    async def turn(self, page_id: int) -> None:
        """Returns when every wall of this desk has the page."""
        self.page_id = page_id
        self.presenter.show(page_id)
        for kiosk in self.walls:
            await kiosk.inbox.settled(lambda k=kiosk: shown(k) == (self.blob, page_id))

    async def let_go(self, kiosk: Kiosk, number: int) -> None:
        self.walls.remove(kiosk)
        self.presenter.owner.drop(number)
        await kiosk.inbox.until(Ended)
        kiosk.side.wiped()
        await self.presenter.inbox.state(Gone)


def shown(kiosk: Kiosk) -> tuple[bytes, int] | None:
    """Whose paper and which page is on that wall, as its last event tells."""
    changed = kiosk.inbox.of(Changed)
    view = changed[-1].briefing.registers.view if changed else None
    place = None if view is None else changed[-1].briefing.page(view.page_id)
    return None if view is None or place is None else (place[2].ref.blob, view.page_id)


async def house(folder: Path, kiosks: int, presenters: int, pairings: int) -> tuple[int, int]:
    """Wrong screens, and wrong codes that were typed."""
    random = Random(kiosks)
    walls = [Kiosk(folder, settings(), FIRST + place) for place in range(kiosks)]
    desks = [Desk(folder, place) for place in range(presenters)]
    wrong = mistyped = 0
    async with running(*walls, *(desk.presenter for desk in desks)):
        for desk in desks:
            desk.open_paper()
        for turn in range(pairings):
            place = turn % kiosks
            holder = next((desk for desk in desks if walls[place] in desk.walls), None)
            if holder is not None:
                await holder.let_go(walls[place], FIRST + place)
            desk = random.choice([each for each in desks if each is not holder])
            # Once a wall: three guesses a minute is all that one address has.
            astray = turn < kiosks and random.random() < 0.2
            other = walls[(place + 1) % kiosks].code if astray else None
            mistyped += other is not None
            await desk.pair(walls[place], FIRST + place, other)
            await desk.turn(100 + random.randrange(PAGES))
            held = {id(wall): each for each in desks for wall in each.walls}
            for wall in walls:
                owner = held.get(id(wall))
                wrong += owner is not None and shown(wall) != (owner.blob, owner.page_id)
    return wrong, mistyped


def live(kiosks: int, presenters: int, pairings: int, folder: Path, figure: Callable[..., None]) -> None:
    async def bounded() -> tuple[int, int]:
        async with asyncio.timeout(300):
            return await house(folder, kiosks, presenters, pairings)

    wrong, mistyped = asyncio.run(bounded())
    figure(
        f"{kiosks} kiosks, {presenters} presenters, real sockets",
        reach=f"0 wrong screens in {pairings} pairings",
        got=f"{wrong} wrong screens in {pairings} pairings; {mistyped} with another wall's code first",
        ok=wrong == 0,
    )


def test_a_few_rooms_over_sockets(tmp_path: Path, figure: Callable[..., None]) -> None:
    live(4, 2, 6, tmp_path, figure)


@pytest.mark.long
def test_eighty_rooms_over_sockets(tmp_path: Path, figure: Callable[..., None]) -> None:
    live(80, 12, 100, tmp_path, figure)
