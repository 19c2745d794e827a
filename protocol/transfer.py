"""Papers on the bulk connection: what a follower still lacks, and what an owner sends next.

Blobs go by their SHA-256, in order of their bytes, resumable at any offset, newest want first. Neither side
touches the bytes or checks a hash: each says what is to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum, auto

from protocol.errors import CloseCode, PeerFault
from protocol.messages import BulkMessage, Chunk, Missing, Unwant, Want
from protocol.values import Blob

BRIEFING_LIMIT = 2**30
WANTS_LIMIT = 10_000


class Rank(IntEnum):
    """How urgent a blob is; within a rank, what was wanted first goes first."""

    NOW = 0
    """Without it the page in view cannot be shown."""
    SOON = 1
    """A page near it."""
    PAPER = 2
    """The whole paper in view."""
    LATER = 3


class Failure(Enum):
    """Why a blob will not come. WRONG_HASH: wrong twice."""

    TOO_LARGE = auto()
    WRONG_HASH = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class Write:
    """Put these bytes at that offset; ``whole``: now all is there, check it and say `Fetches.checked`."""

    sha256: bytes
    offset: int
    data: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class Restart:
    """What came does not fit together: forget its bytes, it comes once more from its beginning."""

    sha256: bytes


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Forget this blob: it does not come."""

    sha256: bytes
    failure: Failure


Step = Write | Restart | GiveUp


@dataclass(slots=True)
class _Fetch:
    blob: Blob
    rank: Rank
    received: int = 0
    again: bool = False
    skipping: bool = False
    """Asked anew: what is still on its way from before does not count."""

    @property
    def whole(self) -> bool:
        return self.received == self.blob.length


class Fetches:
    """A follower's side. What it says waits in `take`, for the connection of the moment or for none."""

    def __init__(self) -> None:
        self._fetches: dict[bytes, _Fetch] = {}
        self._here: dict[bytes, int] = {}
        self._out: list[BulkMessage] = []

    def want(self, blob: Blob, rank: Rank) -> GiveUp | None:
        """Fetch this, or fetch it sooner; no effect on what is here. Refused when it is too large."""
        fetch = self._fetches.get(blob.sha256)
        if blob.sha256 in self._here or (fetch is not None and fetch.rank <= rank):
            return None
        if fetch is None:
            under_way = sum(each.blob.length for each in self._fetches.values())
            if sum(self._here.values()) + under_way + blob.length > BRIEFING_LIMIT:
                return GiveUp(blob.sha256, Failure.TOO_LARGE)
            fetch = self._fetches[blob.sha256] = _Fetch(blob, rank)
        fetch.rank = rank
        self._ask(fetch)
        return None

    def unwant(self, sha256: bytes) -> None:
        """This is not needed any more, or cannot be kept."""
        if self._fetches.pop(sha256, None) is not None:
            self._out.append(Unwant(sha256))
        self._here.pop(sha256, None)

    @property
    def lacking(self) -> bool:
        """Whether anything has still to come."""
        return any(not fetch.whole for fetch in self._fetches.values())

    def connected(self) -> None:
        """A new connection: what waited for the former is void, everything lacking is asked for again."""
        self._out = [_want(fetch) for fetch in reversed(self._by_urgency())]

    def take(self) -> list[BulkMessage]:
        """What is to be said now."""
        out, self._out = self._out, []
        return out

    def progress(self, sha256: bytes) -> tuple[int, int]:
        """(bytes that are here, length) of a blob being fetched; (0, 0) of any other."""
        fetch = self._fetches.get(sha256)
        return (0, 0) if fetch is None else (fetch.received, fetch.blob.length)

    def receive(self, message: BulkMessage) -> Step | None:
        """Take in a message. `PeerFault` when it is not the owner's to send."""
        match message:
            case Chunk():
                return self._chunk(message)
            case Missing(sha256):
                known = self._fetches.pop(sha256, None)
                return None if known is None else GiveUp(sha256, Failure.MISSING)
            case _:
                raise PeerFault(CloseCode.ROLE, type(message).__name__)

    def checked(self, sha256: bytes, right: bool) -> Step | None:
        """The SHA-256 of a whole blob is right, or not: then it is asked for once more, and then given up."""
        fetch = self._fetches.get(sha256)
        if fetch is None or not fetch.whole:
            return None
        if not right:
            return self._once_more(fetch)
        del self._fetches[sha256]
        self._here[sha256] = fetch.blob.length
        return None

    def _chunk(self, chunk: Chunk) -> Step | None:
        fetch = self._fetches.get(chunk.sha256)
        if fetch is None or fetch.whole or (fetch.skipping and chunk.offset != fetch.received):
            return None
        fetch.skipping = False
        end = chunk.offset + len(chunk.data)
        if chunk.offset != fetch.received or not chunk.data or end > fetch.blob.length:
            return self._once_more(fetch)
        fetch.received = end
        return Write(chunk.sha256, chunk.offset, chunk.data, fetch.whole)

    def _once_more(self, fetch: _Fetch) -> Step:
        sha256 = fetch.blob.sha256
        self._out.append(Unwant(sha256))
        if fetch.again:
            del self._fetches[sha256]
            return GiveUp(sha256, Failure.WRONG_HASH)
        fetch.received, fetch.again, fetch.skipping = 0, True, True
        self._ask(fetch)
        return Restart(sha256)

    def _by_urgency(self) -> list[_Fetch]:
        lacking = [fetch for fetch in self._fetches.values() if not fetch.whole]
        return sorted(lacking, key=lambda fetch: fetch.rank)

    def _ask(self, fetch: _Fetch) -> None:
        """The newest want goes first: so this one is said, and then again what is more urgent."""
        order = self._by_urgency()
        self._out += [_want(each) for each in reversed(order[: order.index(fetch) + 1])]


def _want(fetch: _Fetch) -> Want:
    return Want(fetch.blob.sha256, fetch.received)


@dataclass(frozen=True, slots=True)
class Part:
    """Send these bytes of a blob; ``last``: then all of it has gone out."""

    sha256: bytes
    offset: int
    length: int
    last: bool


class Wants:
    """An owner's side, of one connection: what was asked for, newest last."""

    def __init__(self) -> None:
        self._wants: dict[bytes, int] = {}

    def __bool__(self) -> bool:
        return bool(self._wants)

    @property
    def newest(self) -> bytes | None:
        """What goes next."""
        return next(reversed(self._wants), None)

    def receive(self, message: BulkMessage) -> None:
        """Take in a message. `PeerFault` when it is not a follower's to send, or wants without end."""
        match message:
            case Want(sha256, offset):
                if len(self._wants) >= WANTS_LIMIT:
                    raise PeerFault(CloseCode.PROTOCOL, "too many wants")
                # What is under way on this very connection goes on where it is: nothing of it was lost.
                self._wants[sha256] = self._wants.pop(sha256, offset)
            case Unwant(sha256):
                self._wants.pop(sha256, None)
            case _:
                raise PeerFault(CloseCode.ROLE, type(message).__name__)

    def next(self, length_of: Callable[[bytes], int | None], most: int) -> Part | Missing | None:
        """What to send now, at most ``most`` bytes; None when nothing is wanted."""
        sha256 = self.newest
        if sha256 is None:
            return None
        offset, length = self._wants[sha256], length_of(sha256)
        if length is None or offset >= length:
            del self._wants[sha256]
            return Missing(sha256)
        end = min(length, offset + most)
        self._wants[sha256] = end
        if end == length:
            del self._wants[sha256]
        return Part(sha256, offset, end - offset, end == length)
