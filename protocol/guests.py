"""A follower as the session owner sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

from protocol.errors import CloseCode, PeerFault, Reason
from protocol.messages import Message, Refused, SnapshotAt
from protocol.outbox import Outbox
from protocol.pending import LIMIT as PENDING
from protocol.presence import Wet
from protocol.rate import Rate
from protocol.roles import PARTICIPANT_POINTERS, may_send
from protocol.values import OpId, Role

REFUSALS = (20, 60.0)
SUBMITS = (2_000, 10.0)
ROLE_GRACE = 5.0
"""What the former role allowed is refused, not punished, for so long: it may have been on its way."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at one revision as a blob."""

    at: SnapshotAt
    data: bytes


@dataclass(slots=True)
class Guest:
    """``joined``: its link is up and it was welcomed. ``edits``: it holds edits of its own, made before the
    log had reached ``head``. ``snapshot``: what it was told to fetch, until it joins again."""

    role: Role
    outbox: Outbox
    joined: bool = False
    edits: bool = False
    head: int = 0
    snapshot: Snapshot | None = None
    wet: Wet | None = None
    """The last piece of the stroke that its pen drew."""
    _regraded: float = float("-inf")
    _refusals: Rate = field(default_factory=lambda: Rate(*REFUSALS))
    _excused: Rate = field(default_factory=lambda: Rate(PENDING, 60.0))
    _submits: Rate = field(default_factory=lambda: Rate(*SUBMITS))
    _pointers: Rate = field(default_factory=lambda: Rate(PARTICIPANT_POINTERS, 1.0))

    def regrade(self, role: Role, now: float) -> None:
        """Another role from now on, or the same without the floor."""
        self.role, self._regraded = role, now

    def just_regraded(self, now: float) -> bool:
        """Whether what it says may have been on its way since before it was told of that."""
        return now - self._regraded <= ROLE_GRACE

    def could_not_know(self, revision: int, now: float) -> bool:
        """Whether an edit made on that revision was made while it was away; counts it. Believed within a
        minute of no more than may wait at a follower's."""
        return self.edits and revision < self.head and not self._excused.exceeded(now)

    def may_send(self, message: Message, writing: bool, now: float) -> bool:
        """Whether its role allows this; `PeerFault` unless a role it had a moment ago may have done so."""
        if may_send(self.role, message, writing=writing):
            return True
        if not self.just_regraded(now):
            raise PeerFault(CloseCode.ROLE, type(message).__name__)
        return False

    def refuse(self, id: OpId | None, reason: Reason, now: float, *, excused: bool = False) -> None:
        """Tell it that an edit or a presence was not taken; `PeerFault` the 21st time within a minute that it
        was its own fault."""
        if not excused:
            self.count_refusal(reason, now)
        self.outbox.put_every(Refused(id, reason))

    def count_refusal(self, reason: Reason, now: float) -> None:
        """One more; `PeerFault` when it is one too many."""
        if self._refusals.exceeded(now):
            raise PeerFault(CloseCode.PROTOCOL, f"refused too often, at last {reason}")

    def count_submit(self, now: float) -> None:
        """One more; `PeerFault` when it is one too many."""
        if self._submits.exceeded(now):
            raise PeerFault(CloseCode.PROTOCOL, "too many edits")

    def points_too_often(self, now: float) -> bool:
        """Whether this pointer of a participant is dropped; counts it."""
        return self.role is Role.PARTICIPANT and self._pointers.exceeded(now)
