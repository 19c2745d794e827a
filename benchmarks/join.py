"""People who join: a late one, one whose pages come through the wall, and a house full within a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from benchmarks.crowd import Meeting, meeting, state_of
from benchmarks.harness import Figure, Limit, figure
from protocol.ops import AddItem, SpliceText

NAMES = ("join", "rendezvous", "join_storm", "join_storm_wall")
PAGES, ENTRIES = 60, 5_000
JOINS, TURNS, WARM_UP, STORMS = 20, 200, 20, 3
CROWD, WALL_CROWD = 79, 60
GUESSES_A_SECOND = 20


def run() -> Iterable[Figure]:
    """Milliseconds."""
    late, early = asyncio.run(late_joins())
    how = "the same joins before the log was filled, in the same run; state only, papers follow on their own"
    yield figure("join", "ms", late, Limit("max", 1_000), reference=early, how=how)
    through, direct = asyncio.run(turns())
    how = "the same turns at a participant who is linked straight, in the same process"
    yield figure("rendezvous", "ms", through, Limit("ratio", 1.5), reference=direct, how=how)
    for name, count, walls in (("join_storm", CROWD, False), ("join_storm_wall", WALL_CROWD, True)):
        last, alone = asyncio.run(storms(count, walls))
        queue = (count - 1) / GUESSES_A_SECOND * 1_000
        how = f"one join alone, in the same run, behind the {queue:g} ms that 20 guesses a second cost"
        yield figure(name, "ms", last, Limit("max", 5_000), reference=alone + queue, how=how)


async def join(there: Meeting, first: int, count: int, address: str, within_s: float = 0.0) -> list[float]:
    briefing = there.briefing
    there.people.tell(
        do="join",
        first=first,
        count=count,
        code=there.code,
        address=address,
        state=state_of(briefing),
        revision=briefing.revision,
        within_s=within_s,
    )
    return list(await there.people.hear())


async def leave(there: Meeting, first: int, count: int) -> None:
    there.people.tell(do="leave", first=first, count=count)
    await there.people.hear()


async def come(there: Meeting, count: int) -> None:
    there.people.tell(do="come", count=count)
    await there.people.hear()


async def late_joins() -> tuple[list[float], list[float]]:
    async with meeting(PAGES, 1_000) as there:
        await come(there, 1)
        early: list[float] = []
        late: list[float] = []
        for samples in (early, late):
            for n in range(JOINS + 1):
                (taken,) = await join(there, 0, 1, there.direct)
                if n:
                    samples.append(taken)
                await leave(there, 0, 1)
            if samples is early:
                fill(there)
        return late, early


def fill(there: Meeting) -> None:
    """The log of a long briefing: texts, and what people typed into them."""
    items = 100
    for item in range(items):
        there.owner.session.edit(AddItem(item, item % PAGES, ""))
    while there.briefing.revision < ENTRIES:
        there.owner.session.edit(SpliceText(there.briefing.revision % items, ("予算の考え方を改める。",)))


async def turns() -> tuple[list[float], list[float]]:
    async with meeting(PAGES, 1_000) as there:
        await come(there, 2)
        await join(there, 0, 1, there.direct)
        await join(there, 1, 1, there.through)
        await asyncio.sleep(2)
        direct, through = [], []
        for n in range(WARM_UP + TURNS):
            there.people.tell(do="see", first=0, count=2, page=n % 2 + 1)
            await there.people.hear()
            await asyncio.sleep(0.02)
            start = time.monotonic_ns()
            there.turn(n % 2 + 1)
            arrived = await there.people.hear()
            if n >= WARM_UP:
                direct.append((arrived[0] - start) / 1e6)
                through.append((arrived[1] - start) / 1e6)
        return through, direct


async def storms(count: int, through: bool) -> tuple[list[float], float]:
    """Milliseconds from the first one's wish to the last one's following; and of one alone."""
    last = []
    async with meeting(PAGES, 1_000) as there:
        address = there.through if through else there.direct
        await come(there, count)
        (alone,) = await join(there, 0, 1, address)
        await leave(there, 0, 1)
        for _ in range(STORMS):
            await asyncio.sleep(2)
            last.append(max(await join(there, 0, count, address, within_s=1.0)))
            await leave(there, 0, count)
    return last, alone
