"""What participants found, on its way to the presenter: the messages, and both ends of it.

A find is one PDF. The owner asks for it piece by piece and keeps it in quarantine, bytes that nobody has
looked into and that are told to nobody else, until its person has decided.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Annotated

from msgspec import Meta

from protocol.errors import CloseCode, PeerFault, Reason, Refusal
from protocol.rate import Rate
from protocol.texts import one_line
from protocol.values import Counter, PeerId, Sha256, Value

FIND_LIMIT = 8 * 2**20
"""Bytes of one find."""
WAITING = 3
"""Finds of one participant that were not answered."""
HELD_LIMIT = 64 * 2**20
"""Bytes of all finds of everybody."""
PIECE = 64 * 1024
OFFERS = (12, 60.0)
"""Of one participant; more are refused."""
ANSWERS_KEPT = 16
"""Of one participant: an answer that a cut has swallowed is said again when the find is offered again."""

FindLength = Annotated[int, Meta(ge=1, le=FIND_LIMIT)]
FindTitle = Annotated[str, Meta(max_length=120)]
SourceWords = Annotated[str, Meta(max_length=200)]


class Outcome(IntEnum):
    """What became of a find."""

    SHOWN = 0
    KEPT = 1
    """The presenter has it among what is prepared."""
    DECLINED = 2
    TOO_MANY = 3
    """Too many wait, or too many came within a minute."""
    NOT_ALLOWED = 4
    UNREADABLE = 5


class OfferFind(Value, frozen=True, tag=164):
    """< I found this: a PDF of so many bytes. ``n`` is the guest's own number for it."""

    n: Counter
    title: FindTitle
    source: SourceWords
    sha256: Sha256
    length: FindLength


class WantFind(Value, frozen=True, tag=165):
    """> Send the piece of find ``n`` that begins there. One piece of each find is under way at a time."""

    n: Counter
    offset: Annotated[int, Meta(ge=0, le=FIND_LIMIT)]


class FindPiece(Value, frozen=True, tag=166):
    """< The piece that was wanted."""

    n: Counter
    offset: Annotated[int, Meta(ge=0, le=FIND_LIMIT)]
    data: Annotated[bytes, Meta(min_length=1, max_length=PIECE)]


class WithdrawFind(Value, frozen=True, tag=167):
    """< Never mind find ``n``."""

    n: Counter


class FindAnswered(Value, frozen=True, tag=168):
    """> What became of find ``n``; ``words``: what the presenter said to it."""

    n: Counter
    outcome: Outcome
    words: Annotated[str, Meta(max_length=200)]


@dataclass(frozen=True, slots=True)
class Find:
    """A find that is here whole, with what its finder calls it; nobody has looked into ``pdf``."""

    peer: PeerId
    n: int
    title: str
    source: str
    pdf: bytes


# --- the owner's end ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Waiting:
    """``again``: how often its next piece was asked for once more, so that it may come twice."""

    offer: OfferFind
    data: bytearray = field(default_factory=bytearray)
    again: int = 0

    @property
    def whole(self) -> bool:
        return len(self.data) == self.offer.length


@dataclass(slots=True)
class _Finder:
    waiting: dict[int, _Waiting] = field(default_factory=dict)
    answers: deque[tuple[OfferFind, FindAnswered]] = field(default_factory=lambda: deque(maxlen=ANSWERS_KEPT))
    offers: Rate = field(default_factory=lambda: Rate(*OFFERS))


class Quarantine:
    """Finds that nobody has decided on, by who found them. Each answer goes to that guest."""

    def __init__(self) -> None:
        self._finders: dict[PeerId, _Finder] = {}

    def offered(self, peer: PeerId, offer: OfferFind, now: float) -> WantFind | FindAnswered | None:
        """The guest has something, perhaps after a cut once more; `Refusal` TOO_MANY."""
        finder = self._finders.setdefault(peer, _Finder())
        answered = next((answer for known, answer in finder.answers if known == offer), None)
        if answered is not None:
            return answered
        known = finder.waiting.get(offer.n)
        if known is not None and known.offer != offer:
            raise PeerFault(CloseCode.PROTOCOL, "two finds of one number")
        if known is None:
            if finder.offers.exceeded(now) or not self._has_room_for(finder, offer.length):
                raise Refusal(Reason.TOO_MANY)
            known = finder.waiting[offer.n] = _Waiting(offer)
        else:
            known.again += 1
        return None if known.whole else WantFind(offer.n, len(known.data))

    def _has_room_for(self, finder: _Finder, length: int) -> bool:
        held = sum(each.offer.length for one in self._finders.values() for each in one.waiting.values())
        return len(finder.waiting) < WAITING and held + length <= HELD_LIMIT

    def came(self, peer: PeerId, piece: FindPiece) -> WantFind | FindAnswered | Find | None:
        """A piece: the next that is wanted, or the find; nothing when it came twice because it was offered
        twice. `Refusal` for one that nobody waits for any more."""
        finder = self._finders.get(peer)
        waiting = finder.waiting.get(piece.n) if finder is not None else None
        if waiting is None:
            raise Refusal(Reason.UNKNOWN_ITEM)
        offer, data = waiting.offer, waiting.data
        if waiting.again and piece.offset + len(piece.data) <= len(data):
            waiting.again -= 1
            return None
        if waiting.whole or piece.offset != len(data) or len(data) + len(piece.data) > offer.length:
            raise PeerFault(CloseCode.PROTOCOL, "a piece of a find that was not wanted")
        data += piece.data
        if not waiting.whole:
            return WantFind(piece.n, len(data))
        pdf = bytes(data)
        if sha256(pdf).digest() != offer.sha256:
            answer = self.answered(peer, piece.n, Outcome.UNREADABLE, "")
            assert answer is not None
            return answer
        return Find(peer, offer.n, one_line(offer.title), one_line(offer.source), pdf)

    def withdrawn(self, peer: PeerId, n: int) -> bool:
        """Its guest wants it no more; whether it was waiting here whole."""
        finder = self._finders.get(peer)
        waiting = finder.waiting.pop(n, None) if finder is not None else None
        return waiting is not None and waiting.whole

    def answered(self, peer: PeerId, n: int, outcome: Outcome, words: str) -> FindAnswered | None:
        """It leaves the quarantine; None when it is not there any more."""
        finder = self._finders.get(peer)
        waiting = finder.waiting.pop(n, None) if finder is not None else None
        if finder is None or waiting is None:
            return None
        answer = FindAnswered(n, outcome, words)
        finder.answers.append((waiting.offer, answer))
        return answer

    def gone(self, peer: PeerId) -> Iterator[int]:
        """That guest is out: all of it is forgotten. The numbers of what waited whole."""
        finder = self._finders.pop(peer, _Finder())
        return (n for n, waiting in finder.waiting.items() if waiting.whole)


# --- the finder's end ---------------------------------------------------------------------------------------


class Offers:
    """Own finds until they are answered. ``first``: a number that no earlier run of this program had."""

    def __init__(self, first: int) -> None:
        self._next = first
        self._waiting: dict[int, tuple[OfferFind, bytes]] = {}

    def offer(self, title: str, source: str, pdf: bytes) -> OfferFind:
        """One more, to be said; `Refusal` TOO_LARGE or TOO_MANY."""
        if not 0 < len(pdf) <= FIND_LIMIT:
            raise Refusal(Reason.TOO_LARGE)
        if len(self._waiting) >= WAITING:
            raise Refusal(Reason.TOO_MANY)
        n, self._next = self._next, self._next + 1
        offer = OfferFind(n, title[:120], source[:200], sha256(pdf).digest(), len(pdf))
        self._waiting[n] = offer, pdf
        return offer

    def again(self) -> list[OfferFind]:
        """To be said on each new link."""
        return [offer for offer, _ in self._waiting.values()]

    def wanted(self, want: WantFind) -> FindPiece | None:
        """The piece; None of what is offered no more. `PeerFault` for one behind the end."""
        _, pdf = self._waiting.get(want.n, (None, b""))
        if not pdf:
            return None
        if want.offset >= len(pdf):
            raise PeerFault(CloseCode.PROTOCOL, "a piece behind the end of a find")
        return FindPiece(want.n, want.offset, pdf[want.offset : want.offset + PIECE])

    def answered(self, answer: FindAnswered) -> bool:
        """Whether it was waited for; it is no more."""
        return self._waiting.pop(answer.n, None) is not None

    def withdraw(self, n: int) -> WithdrawFind | None:
        """To be said; None when it was answered already."""
        return WithdrawFind(n) if self._waiting.pop(n, None) is not None else None
