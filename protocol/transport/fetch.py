"""A follower's side of the bulk connection: what it lacks comes straight into its store, most urgent first.

What is asked for and what a chunk means is `protocol.transfer`; here are the memory, the hashes and the link.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Set
from time import monotonic

from protocol.codec import decode_bulk, encode
from protocol.errors import CloseCode, PeerFault, Unavailable
from protocol.transfer import Failure, Fetches, GiveUp, Rank, Restart, Step, Write
from protocol.transport.events import BlobFailed, BlobFault, BlobProgress, BlobReady, Event
from protocol.transport.link import LinkClosed
from protocol.transport.loopback import AnyLink
from protocol.transport.settings import BlobStore
from protocol.transport.wire_log import WireLog
from protocol.values import Blob

LOAD_LIMIT = 64 * 2**20
PROGRESS_EACH = 0.1
FAULTS = {
    Failure.TOO_LARGE: BlobFault.TOO_LARGE,
    Failure.WRONG_HASH: BlobFault.WRONG_HASH,
    Failure.MISSING: BlobFault.MISSING,
}
Loaded = Callable[[memoryview], None]


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
        self._fetches = Fetches()
        self._blobs: dict[bytes, Blob] = {}
        self._memory: dict[bytes, memoryview] = {}
        self._loads: dict[bytes, Loaded] = {}
        self._ready: set[bytes] = set()
        self._told: dict[bytes, float] = {}
        self._link: AnyLink | None = None
        self._lacking = asyncio.Event()
        self._idle: asyncio.TimerHandle | None = None
        self._patience: float | None = None
        self._checks: set[asyncio.Task[None]] = set()

    # --- wishes -------------------------------------------------------------------------------------------

    def want(self, blob: Blob, rank: Rank) -> None:
        """Fetch this, or fetch it sooner. Has no effect on what is here already."""
        self._blobs[blob.sha256] = blob
        self._step(self._fetches.want(blob, rank))
        self._say()

    def load(self, blob: Blob, loaded: Loaded) -> None:
        """Fetch this at once, not into the store but for ``loaded``, called when its hash is right."""
        if blob.length > LOAD_LIMIT:
            raise PeerFault(CloseCode.SIZE, "a snapshot too large")
        self._loads[blob.sha256] = loaded
        self.want(blob, Rank.NOW)

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
        for sha256 in [known for known in self._blobs if known not in wanted and known not in self._loads]:
            self.unwant(sha256)

    def unwant(self, sha256: bytes) -> None:
        """This is not needed any more."""
        self._blobs.pop(sha256, None)
        self._fetches.unwant(sha256)
        self._drop(sha256)
        self._say()

    def forget(self) -> None:
        """The session is over: nothing further is written anywhere. The store is wiped by its owner."""
        self._fetches = Fetches()
        for known in (self._blobs, self._memory, self._loads, self._ready):
            known.clear()
        self._lacking.clear()
        for check in self._checks:
            check.cancel()
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    # --- the connection -----------------------------------------------------------------------------------

    async def lacking(self) -> None:
        """Returns when something has to be fetched."""
        await self._lacking.wait()

    def end_when_idle(self, seconds: float) -> None:
        """The connection ends after so long without anything to fetch; the next `lacking` wants another."""
        self._patience = seconds

    async def run(self, link: AnyLink) -> None:
        """Receives over this connection until it is over; it takes the place of an older one."""
        if self._link is not None:
            self._link.abort()
        self._link = link
        self._fetches.connected()
        self._say()
        try:
            while True:
                message = decode_bulk(await link.recv())
                if self._wire_log is not None:
                    self._wire_log.message(True, "bulk", message)
                self._step(self._fetches.receive(message))
                self._say()
        except LinkClosed:
            return
        except PeerFault as fault:
            link.fail(fault.close_code)
        finally:
            if self._link is link:
                self._link = None

    def _say(self) -> None:
        self._mind_idleness()
        if self._link is None:
            return
        for message in self._fetches.take():
            self._link.post(encode(message))
            if self._wire_log is not None:
                self._wire_log.message(False, "bulk", message)

    def _mind_idleness(self) -> None:
        if self._fetches.lacking:
            self._lacking.set()
            if self._idle is not None:
                self._idle.cancel()
                self._idle = None
            return
        self._lacking.clear()
        if self._idle is None and self._patience is not None and self._link is not None:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._patience, self._end_idle, self._link)

    def _end_idle(self, link: AnyLink) -> None:
        self._idle = None
        if link is self._link:
            link.abort()

    # --- what is to be done -------------------------------------------------------------------------------

    def _step(self, step: Step | None) -> None:
        match step:
            case Write():
                self._write(step)
            case Restart(sha256):
                self._drop(sha256)
            case GiveUp(sha256, failure):
                self._fail(sha256, failure)

    def _write(self, step: Write) -> None:
        memory = self._memory.get(step.sha256)
        if memory is None:
            try:
                memory = self._memory[step.sha256] = self._allocate(self._blobs[step.sha256])
            except Unavailable:
                self._fetches.unwant(step.sha256)
                self._fail(step.sha256, Failure.TOO_LARGE)
                return
        end = step.offset + len(step.data)
        memory[step.offset : end] = step.data
        now = self._clock()
        if step.whole or now - self._told.get(step.sha256, 0.0) >= PROGRESS_EACH:
            self._told[step.sha256] = now
            self._emit(BlobProgress(step.sha256, end, len(memory)))
        if step.whole:
            check = asyncio.get_running_loop().create_task(self._check(step.sha256, memory))
            self._checks.add(check)
            check.add_done_callback(self._checks.discard)

    def _allocate(self, blob: Blob) -> memoryview:
        if blob.sha256 in self._loads:
            return memoryview(bytearray(blob.length))
        return self._store.allocate(blob.sha256, blob.length)

    async def _check(self, sha256: bytes, memory: memoryview) -> None:
        loaded = self._loads.get(sha256)
        if loaded is None:
            right = await asyncio.to_thread(self._store.complete, sha256)
        else:
            right = (await asyncio.to_thread(hashlib.sha256, memory)).digest() == sha256
        if self._memory.get(sha256) is not memory:
            return
        del self._memory[sha256]
        self._step(self._fetches.checked(sha256, right))
        self._say()
        if right and loaded is not None:
            del self._loads[sha256]
            self.unwant(sha256)
            loaded(memory)
        elif right:
            self._ready.add(sha256)
            self._emit(BlobReady(sha256))

    def _fail(self, sha256: bytes, failure: Failure) -> None:
        self._drop(sha256)
        if self._loads.pop(sha256, None) is not None and self._link is not None:
            # Without its snapshot a follower cannot go on: the next link begins with another Join.
            self._link.fail(CloseCode.PROTOCOL)
        else:
            self._emit(BlobFailed(sha256, FAULTS[failure]))

    def _drop(self, sha256: bytes) -> None:
        self._memory.pop(sha256, None)
        self._ready.discard(sha256)
        self._told.pop(sha256, None)
        if sha256 not in self._loads:
            self._store.drop(sha256)
