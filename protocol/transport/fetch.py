"""A follower's side of the bulk connection: what it still lacks, most urgent first, straight into its store.

A cut loses nothing: the next connection goes on at each offset. A blob whose hash is wrong is asked for once
more, from its beginning, and then given up.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import IntEnum
from time import monotonic

from protocol.codec import decode_bulk, encode
from protocol.errors import CloseCode, PeerFault, Unavailable
from protocol.messages import BulkMessage, Chunk, Missing, Unwant, Want
from protocol.transport.events import BlobFailed, BlobFault, BlobProgress, BlobReady, Event
from protocol.transport.link import LinkClosed
from protocol.transport.loopback import AnyLink
from protocol.transport.settings import BlobStore
from protocol.transport.wire_log import WireLog
from protocol.values import Blob

BRIEFING_LIMIT = 2**30
LOAD_LIMIT = 64 * 2**20
PROGRESS_EACH = 0.1


class Rank(IntEnum):
    """How urgent a blob is; within a rank, what was wanted first goes first."""

    NOW = 0
    SOON = 1
    LATER = 2


@dataclass(slots=True)
class _Fetch:
    blob: Blob
    rank: Rank
    memory: memoryview | None
    received: int = 0
    told: float = 0.0
    again: bool = False
    loaded: Callable[[memoryview], None] | None = None
    """For what does not go to the store."""
    skipping: bool = False
    """Asked anew: what is still on its way from before does not count."""


class Fetcher:
    """What one session's follower fetches. ``emit`` is called in the loop."""

    def __init__(
        self,
        store: BlobStore,
        emit: Callable[[Event], None],
        wire_log: WireLog | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._store = store
        self._emit = emit
        self._wire_log = wire_log
        self._clock = clock
        self._fetches: dict[bytes, _Fetch] = {}
        self._lengths: dict[bytes, int] = {}
        self._blobs: dict[bytes, Blob] = {}
        self._ready: set[bytes] = set()
        self._link: AnyLink | None = None
        self._checks: set[asyncio.Task[None]] = set()

    # --- wishes -------------------------------------------------------------------------------------------

    def want(self, blob: Blob, rank: Rank) -> None:
        """Fetch this, or fetch it sooner. Has no effect on what is here already."""
        self._blobs[blob.sha256] = blob
        fetch = self._fetches.get(blob.sha256)
        if fetch is not None:
            if rank < fetch.rank:
                fetch.rank = rank
                self._ask(fetch)
            return
        if blob.sha256 in self._ready:
            return
        fetch = self._begin(blob, rank)
        if fetch is not None:
            self._ask(fetch)

    def load(self, blob: Blob, loaded: Callable[[memoryview], None]) -> None:
        """Fetch this at once, not into the store but for ``loaded``, called when its hash is right."""
        if blob.length > LOAD_LIMIT:
            raise PeerFault(CloseCode.SIZE, "a snapshot too large")
        memory = memoryview(bytearray(blob.length))
        fetch = self._fetches[blob.sha256] = _Fetch(blob, Rank.NOW, memory, loaded=loaded)
        self._ask(fetch)

    def want_once(self, blob: Blob) -> None:
        """Fetch this in its turn, unless it was wanted before."""
        if blob.sha256 not in self._blobs:
            self.want(blob, Rank.LATER)

    def hurry(self, sha256: bytes, rank: Rank) -> None:
        """Like ``want``, for a blob that was wanted before, also if it failed since."""
        blob = self._blobs.get(sha256)
        if blob is not None:
            self.want(blob, rank)

    def has(self, sha256: bytes) -> bool:
        """Whether it is here, whole and checked."""
        return sha256 in self._ready

    def keep(self, wanted: Set[bytes]) -> None:
        """Everything else is needed no more."""
        for sha256 in [known for known in self._blobs if known not in wanted]:
            self.unwant(sha256)

    def unwant(self, sha256: bytes) -> None:
        """This is not needed any more."""
        if self._fetches.pop(sha256, None) is not None:
            self._say(Unwant(sha256))
        self._ready.discard(sha256)
        self._blobs.pop(sha256, None)
        self._lengths.pop(sha256, None)
        self._store.drop(sha256)

    def forget(self) -> None:
        """The session is over: nothing further is written anywhere. The store is wiped by its owner."""
        self._fetches.clear()
        self._blobs.clear()
        self._ready.clear()
        self._lengths.clear()
        for check in self._checks:
            check.cancel()

    def _begin(self, blob: Blob, rank: Rank, again: bool = False) -> _Fetch | None:
        self._lengths[blob.sha256] = blob.length
        try:
            if sum(self._lengths.values()) > BRIEFING_LIMIT:
                raise Unavailable("a briefing has 1 GB at most")
            memory = self._store.allocate(blob.sha256, blob.length)
        except Unavailable:
            del self._lengths[blob.sha256]
            self._emit(BlobFailed(blob.sha256, BlobFault.TOO_LARGE))
            return None
        fetch = self._fetches[blob.sha256] = _Fetch(blob, rank, memory, again=again)
        return fetch

    # --- the connection -----------------------------------------------------------------------------------

    async def run(self, link: AnyLink) -> None:
        """Receives over this connection until it is over; it takes the place of an older one."""
        if self._link is not None:
            self._link.abort()
        self._link = link
        for fetch in self._by_urgency(reverse=True):
            self._say(Want(fetch.blob.sha256, fetch.received))
        try:
            while True:
                self._take_in(decode_bulk(await link.recv()))
        except LinkClosed:
            return
        except PeerFault as fault:
            link.fail(fault.close_code)
        finally:
            if self._link is link:
                self._link = None

    def _by_urgency(self, reverse: bool = False) -> list[_Fetch]:
        waiting = [fetch for fetch in self._fetches.values() if fetch.memory is not None]
        waiting.sort(key=lambda fetch: fetch.rank)
        return waiting[::-1] if reverse else waiting

    def _ask(self, fetch: _Fetch) -> None:
        """The newest want goes first: so this one is said, and then again what is more urgent than it."""
        order = self._by_urgency()
        for each in reversed(order[: order.index(fetch) + 1]):
            self._say(Want(each.blob.sha256, each.received))

    def _say(self, message: BulkMessage) -> None:
        if self._link is not None:
            self._link.post(encode(message))
            if self._wire_log is not None:
                self._wire_log.message(False, "bulk", message)

    # --- receiving ----------------------------------------------------------------------------------------

    def _take_in(self, message: BulkMessage) -> None:
        if self._wire_log is not None:
            self._wire_log.message(True, "bulk", message)
        if type(message) is Chunk:
            self._write(message)
        elif type(message) is Missing:
            if self._fetches.pop(message.sha256, None) is not None:
                self._give_up(message.sha256, BlobFault.MISSING)
        else:
            raise PeerFault(CloseCode.ROLE, "not a message of this side")

    def _write(self, chunk: Chunk) -> None:
        fetch = self._fetches.get(chunk.sha256)
        if fetch is None or fetch.memory is None:
            return
        end = chunk.offset + len(chunk.data)
        if fetch.skipping and chunk.offset != fetch.received:
            return
        fetch.skipping = False
        if chunk.offset != fetch.received or end > fetch.blob.length or not chunk.data:
            self._once_more(fetch)
            return
        fetch.memory[chunk.offset : end] = chunk.data
        fetch.received = end
        now = self._clock()
        if end == fetch.blob.length:
            whole, fetch.memory = fetch.memory, None
            check = asyncio.get_running_loop().create_task(self._check(fetch, whole))
            self._checks.add(check)
            check.add_done_callback(self._checks.discard)
        if end == fetch.blob.length or now - fetch.told >= PROGRESS_EACH:
            fetch.told = now
            self._emit(BlobProgress(chunk.sha256, end, fetch.blob.length))

    async def _check(self, fetch: _Fetch, whole: memoryview) -> None:
        sha256 = fetch.blob.sha256
        if fetch.loaded is None:
            right = await asyncio.to_thread(self._store.complete, sha256)
        else:
            right = (await asyncio.to_thread(hashlib.sha256, whole)).digest() == sha256
        if self._fetches.get(sha256) is not fetch:
            return
        if right and fetch.loaded is not None:
            del self._fetches[sha256]
            fetch.loaded(whole)
        elif right:
            del self._fetches[sha256]
            self._ready.add(sha256)
            self._emit(BlobReady(sha256))
        else:
            self._once_more(fetch)

    def _once_more(self, fetch: _Fetch) -> None:
        sha256 = fetch.blob.sha256
        del self._fetches[sha256]
        if fetch.loaded is not None:
            # The whole link is no good: the next one begins with another Join.
            if self._link is not None:
                self._link.fail(CloseCode.PROTOCOL)
            return
        self._store.drop(sha256)
        if fetch.again:
            self._give_up(sha256, BlobFault.WRONG_HASH)
            return
        self._say(Unwant(sha256))
        fresh = self._begin(fetch.blob, fetch.rank, again=True)
        if fresh is not None:
            fresh.skipping = True
            self._ask(fresh)

    def _give_up(self, sha256: bytes, fault: BlobFault) -> None:
        self._lengths.pop(sha256, None)
        self._store.drop(sha256)
        self._emit(BlobFailed(sha256, fault))
