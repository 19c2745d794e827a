"""Papers on their own connection: the pace, what goes first, cuts, and bytes that are not the right ones."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable

import pytest

from protocol.codec import decode_bulk, encode
from protocol.errors import CloseCode
from protocol.messages import CHUNK, Chunk, Missing, Unwant, Want
from protocol.pairing import Mode
from protocol.transfer import Rank
from protocol.transport.bulk import BulkServer
from protocol.transport.events import BlobFailed, BlobFault, BlobReady
from protocol.transport.fetch import Fetcher
from protocol.transport.link import LinkClosed
from protocol.transport.loopback import LoopbackLink, loopback
from protocol.transport.pace import FRAME_LEAST, LEAST, START, Pace
from protocol.values import Blob
from tests.protocol.transport.briefings import Inbox, MemoryStore, run

FAST = Pace(CHUNK)
FAST.rate = 1e12


def blob_of(data: bytes) -> Blob:
    return Blob(hashlib.sha256(data).digest(), len(data))


class Desk:
    """Serves blobs over loopback links."""

    def __init__(self, *papers: bytes, pace: Pace = FAST) -> None:
        self.papers = {blob_of(data).sha256: memoryview(data) for data in papers}
        self.pace = pace
        self.urgent: set[bytes] = set()
        self.expected: set[bytes] = set()
        self.sent: list[bytes] = []
        self.wanted: list[bytes] = []
        self.clock: Callable[[], float] = asyncio.get_running_loop().time

    def serve(self) -> tuple[asyncio.Task[None], LoopbackLink, LoopbackLink]:
        ours, theirs = loopback(27, mode=Mode.BULK)
        server = BulkServer(
            ours,
            self.pace,
            self.papers.get,
            self.expected.__contains__,
            self.urgent.__contains__,
            self.wanted.append,
            self.sent.append,
            lambda busy: None,
            clock=self.clock,
        )
        return asyncio.get_running_loop().create_task(server.run()), ours, theirs


async def chunks(link: LoopbackLink, count: int) -> list[Chunk]:
    taken = []
    for _ in range(count):
        message = decode_bulk(await link.recv())
        assert isinstance(message, Chunk)
        taken.append(message)
    return taken


# --- the pace -----------------------------------------------------------------------------------------------


def feed(pace: Pace, round_trips: list[float], now: float = 0.0) -> float:
    for round_trip in round_trips:
        now += 0.1
        pace.sent(int(pace.rate * 0.1), now)
        pace.measured(round_trip, now)
    return now


def test_the_rate_starts_at_2_mb_and_grows_while_the_round_trip_is_idle() -> None:
    pace = Pace(CHUNK)
    assert pace.rate == START
    feed(pace, [0.020] * 20)
    assert pace.rate > 10 * START


def test_a_queue_takes_30_percent_and_one_odd_round_trip_nothing() -> None:
    pace = Pace(CHUNK)
    now = feed(pace, [0.020] * 5)
    before = pace.rate
    now = feed(pace, [0.400], now)
    assert pace.rate > before
    before = pace.rate
    feed(pace, [0.060, 0.060], now)
    assert pace.rate == pytest.approx(before * 0.7 * 0.7)


def test_behind_a_limit_that_was_met_it_grows_gently_and_it_never_stops() -> None:
    pace = Pace(CHUNK)
    now = feed(pace, [0.020] * 5)
    now = feed(pace, [0.060, 0.060], now)
    met = pace.rate / 0.7
    now = feed(pace, [0.020, 0.020], now)
    for _ in range(10):
        before = pace.rate
        now = feed(pace, [0.020], now)
        assert pace.rate <= before * 1.25 if before < 0.8 * met else pace.rate <= before * 1.011
    feed(pace, [2.0] * 20, now)
    assert pace.rate == LEAST


def test_a_rate_that_is_not_used_does_not_grow() -> None:
    pace = Pace(CHUNK)
    for n in range(20):
        pace.measured(0.020, n * 0.1)
    assert pace.rate == START


def test_frames_are_short_on_a_slow_link_and_whole_on_a_fast_one() -> None:
    pace = Pace(CHUNK)
    assert pace.frame == FRAME_LEAST
    pace.rate = 1e9
    assert pace.frame == CHUNK
    pace.rate = 1_000_000
    pace.sent(100_000, 10.0)
    assert pace.wait(10.0) == pytest.approx(0.095)


# --- serving ------------------------------------------------------------------------------------------------


def test_the_newest_want_goes_first_then_the_former_from_its_offset_on() -> None:
    async def test() -> None:
        paper, page = os.urandom(5 * CHUNK), os.urandom(1_000)
        desk = Desk(paper, page)
        serving, _, link = desk.serve()
        link.post(encode(Want(blob_of(paper).sha256, CHUNK)))
        link.post(encode(Want(blob_of(page).sha256, 0)))
        first, *rest = await chunks(link, 5)
        assert (first.sha256, first.data) == (blob_of(page).sha256, page)
        assert [chunk.offset for chunk in rest] == [n * CHUNK for n in range(1, 5)]
        assert b"".join(chunk.data for chunk in rest) == paper[CHUNK:]
        assert desk.sent == [blob_of(page).sha256, blob_of(paper).sha256]
        serving.cancel()

    run(test)


def test_an_urgent_page_does_not_wait_for_the_pace() -> None:
    async def test() -> None:
        paper, page = os.urandom(4 * CHUNK), os.urandom(3 * CHUNK)
        slow = Pace(CHUNK)
        desk = Desk(paper, page, pace=slow)
        desk.clock = lambda: 0.0
        desk.urgent.add(blob_of(page).sha256)
        serving, _, link = desk.serve()
        link.post(encode(Want(blob_of(paper).sha256, 0)))
        assert len((await chunks(link, 1))[0].data) == FRAME_LEAST
        link.post(encode(Want(blob_of(page).sha256, 0)))
        urgent = await chunks(link, 3)
        assert [len(c.data) for c in urgent] == [CHUNK] * 3
        serving.cancel()

    run(test)


def test_what_is_not_there_is_missing_and_what_is_not_wanted_any_more_stops() -> None:
    async def test() -> None:
        paper = os.urandom(2 * CHUNK)
        desk = Desk(paper)
        serving, _, link = desk.serve()
        link.post(encode(Want(bytes(32), 0)))
        assert decode_bulk(await link.recv()) == Missing(bytes(32))
        link.post(encode(Want(blob_of(paper).sha256, 0)))
        link.post(encode(Unwant(blob_of(paper).sha256)))
        link.post(encode(Want(bytes(32), 0)))
        assert decode_bulk(await link.recv()) == Missing(bytes(32))
        serving.cancel()

    run(test)


def test_a_follower_that_sends_chunks_is_cut_off() -> None:
    async def test() -> None:
        desk = Desk()
        serving, _, link = desk.serve()
        link.post(encode(Chunk(bytes(32), 0, b"x")))
        with pytest.raises(LinkClosed) as closed:
            await link.recv()
        assert closed.value.code == CloseCode.ROLE
        await serving

    run(test)


def test_a_desk_that_stops_serving_cuts_the_link_with_it() -> None:
    """Nobody else holds a bulk link; left open, it would outlive the briefing."""

    async def test() -> None:
        serving, _, link = Desk().serve()
        await asyncio.sleep(0)
        serving.cancel()
        with pytest.raises(LinkClosed):
            await asyncio.wait_for(link.recv(), 5)

    run(test)


# --- fetching -----------------------------------------------------------------------------------------------


class Wall:
    """Fetches over loopback links."""

    def __init__(self, limit: int = 2**30) -> None:
        self.inbox = Inbox()
        self.store = MemoryStore(limit)
        self.fetcher = Fetcher(self.store, lambda event: self.inbox.take((event,)))

    def fetch(self, link: LoopbackLink) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(self.fetcher.run(link))


def test_several_walls_get_the_same_paper_whole() -> None:
    async def test() -> None:
        paper = os.urandom(3 * CHUNK + 17)
        desk = Desk(paper)
        walls = [Wall(), Wall(), Wall()]
        tasks = []
        for wall in walls:
            serving, _, link = desk.serve()
            tasks += [serving, wall.fetch(link)]
            wall.fetcher.want(blob_of(paper), Rank.LATER)
        for wall in walls:
            assert (await wall.inbox.until(BlobReady)).sha256 == blob_of(paper).sha256
            assert bytes(wall.store.blobs[blob_of(paper).sha256]) == paper
        for task in tasks:
            task.cancel()

    run(test)


def test_after_a_cut_it_goes_on_at_its_offset() -> None:
    async def test() -> None:
        paper = os.urandom(6 * CHUNK)
        blob = blob_of(paper)
        wall = Wall()
        ours, theirs = loopback(27, mode=Mode.BULK)
        fetching = wall.fetch(theirs)
        wall.fetcher.want(blob, Rank.LATER)
        assert decode_bulk(await ours.recv()) == Want(blob.sha256, 0)
        for offset in (0, CHUNK):
            ours.post(encode(Chunk(blob.sha256, offset, paper[offset : offset + CHUNK])))
        await ours.close()
        await fetching
        ours, theirs = loopback(27, mode=Mode.BULK)
        fetching = wall.fetch(theirs)
        assert decode_bulk(await ours.recv()) == Want(blob.sha256, 2 * CHUNK)
        for offset in range(2 * CHUNK, len(paper), CHUNK):
            ours.post(encode(Chunk(blob.sha256, offset, paper[offset : offset + CHUNK])))
        await wall.inbox.until(BlobReady)
        assert bytes(wall.store.blobs[blob.sha256]) == paper
        fetching.cancel()

    run(test)


@pytest.mark.bad_input(row=42)
def test_a_wrong_hash_is_asked_for_once_more_and_then_given_up() -> None:
    """Row 42."""

    async def test() -> None:
        paper = os.urandom(CHUNK + 5)
        blob = blob_of(paper)
        for lies, outcome in ((1, BlobReady), (2, BlobFailed)):
            wall = Wall()
            ours, theirs = loopback(27, mode=Mode.BULK)
            fetching = wall.fetch(theirs)
            wall.fetcher.want(blob, Rank.LATER)
            for n in range(2):
                wanted = decode_bulk(await ours.recv())
                while isinstance(wanted, Unwant):
                    wanted = decode_bulk(await ours.recv())
                assert wanted == Want(blob.sha256, 0)
                data = bytes(len(paper)) if n < lies else paper
                ours.post(encode(Chunk(blob.sha256, 0, data[:CHUNK])))
                ours.post(encode(Chunk(blob.sha256, CHUNK, data[CHUNK:])))
            event = await wall.inbox.until(outcome)
            assert event == (
                BlobReady(blob.sha256)
                if outcome is BlobReady
                else BlobFailed(blob.sha256, BlobFault.WRONG_HASH)
            )
            assert (blob.sha256 in wall.store.whole) == (outcome is BlobReady)
            fetching.cancel()

    run(test)


@pytest.mark.bad_input(row=43)
def test_a_paper_that_is_too_large_is_refused_and_the_others_come() -> None:
    """Row 43: no room for it here. (10 GB does not even decode: `BlobLength`.)"""

    async def test() -> None:
        small, large = os.urandom(1_000), os.urandom(5_000)
        desk = Desk(small, large)
        wall = Wall(limit=2_000)
        serving, _, link = desk.serve()
        fetching = wall.fetch(link)
        wall.fetcher.want(blob_of(large), Rank.LATER)
        wall.fetcher.want(blob_of(small), Rank.LATER)
        await wall.inbox.settled(lambda: len(wall.inbox.of((BlobReady, BlobFailed))) == 2)  # type: ignore[arg-type]
        assert wall.inbox.of(BlobFailed) == [BlobFailed(blob_of(large).sha256, BlobFault.TOO_LARGE)]
        assert wall.inbox.of(BlobReady) == [BlobReady(blob_of(small).sha256)]
        huge = Blob(bytes(32), 500 * 2**20)
        for n in range(3):
            wall.fetcher.want(Blob(bytes([n]) * 32, huge.length), Rank.LATER)
        assert BlobFailed(b"\x02" * 32, BlobFault.TOO_LARGE) in wall.inbox.events
        for task in (serving, fetching):
            task.cancel()

    run(test)


def test_a_snapshot_is_loaded_and_never_reaches_the_store() -> None:
    async def test() -> None:
        snapshot = os.urandom(CHUNK * 2)
        desk = Desk(snapshot)
        wall = Wall()
        serving, _, link = desk.serve()
        fetching = wall.fetch(link)
        loaded = asyncio.get_running_loop().create_future()
        wall.fetcher.load(blob_of(snapshot), loaded.set_result)
        assert bytes(await loaded) == snapshot
        assert wall.store.blobs == {}
        for task in (serving, fetching):
            task.cancel()

    run(test)
