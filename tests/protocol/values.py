"""Papers and sessions that the tests of the core are about."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.authority import Authority
from protocol.changes import Change
from protocol.codec import decode_control, encode
from protocol.messages import Message
from protocol.model import Briefing
from protocol.ops import OfferPaper, Op
from protocol.replica import Replica
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, PeerId, Rect, Role, View

EPOCH = b"the log of a day"
A4 = (59_500, 84_200)
WHOLE = Rect(0, 0, *A4)


def sha(name: str) -> bytes:
    return name.encode().ljust(32, b".")


def blob(name: str, length: int = 1_000) -> Blob:
    return Blob(sha(name), length)


def page(page_id: int, name: str, index: int = 0) -> EditionPage:
    return EditionPage(page_id, PageRef(sha(name), index), *A4)


def offer(paper: int, first: int, count: int, name: str | None = None) -> OfferPaper:
    """Paper ``paper`` with ``count`` pages, ids from ``first``, all of one blob."""
    name = name or f"paper {paper}"
    return OfferPaper(paper, "補正予算案", blob(name), tuple(page(first + n, name, n) for n in range(count)))


def applied(*ops: Op) -> Briefing:
    briefing = Briefing(EPOCH)
    for n, op in enumerate(ops):
        briefing = briefing.apply(op, OpId(OWNER, n))
    return briefing


def view(page_id: int, y0: int = 0) -> View:
    return View(page_id, Rect(0, y0, *A4))


def sent(message: Message) -> Message:
    """What arrives of it."""
    return decode_control(encode(message))


class Pair:
    """An authority and replicas that are linked to it; a frame takes no time, unless nobody moves it."""

    def __init__(self, *roles: Role, **settings: object) -> None:
        self.authority = Authority(EPOCH, **settings)
        self.now = 0.0
        self.replicas: dict[PeerId, Replica] = {}
        for role in roles:
            self.arrive(role)

    def arrive(self, role: Role) -> PeerId:
        peer = self.authority.admit(role)
        self.replicas[peer] = Replica()
        self.join(peer)
        self.move()
        return peer

    def join(self, peer: PeerId) -> None:
        self.authority.receive(peer, sent(self.replicas[peer].join()), self.now)

    def up(self, peer: PeerId) -> tuple[Change, ...]:
        """What this replica has to say reaches the authority."""
        changed: tuple[Change, ...] = ()
        for message in self.replicas[peer].outbox.take(10**6):
            changed += self.authority.receive(peer, sent(message), self.now)
        return changed

    def down(self, peer: PeerId, budget: int = 10**6) -> tuple[Change, ...]:
        """What waits for this replica reaches it."""
        return self.take_in(peer, self.authority.outbox(peer).take(budget))

    def take_in(self, peer: PeerId, messages: Sequence[Message]) -> tuple[Change, ...]:
        changed: tuple[Change, ...] = ()
        for message in messages:
            changed += self.replicas[peer].receive(sent(message))
        return changed

    def move(self) -> None:
        """Everything arrives."""
        for _ in range(10):
            for peer in self.replicas:
                self.up(peer)
                self.down(peer)
