"""What waits to be sent to one peer, by the three deliveries, in bounded memory.

EVERY is read from the log itself, from the peer's place in it on: a slow follower costs no memory, a commit
costs nothing per follower. LATEST is replaced while it waits. MAYBE goes with the next ``take`` or never.
Messages are shared between outboxes, so that whoever sends can encode each only once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence

from protocol.codec import encode
from protocol.messages import Committed, Message

OVERRUN = 512 * 1024
"""More own messages than this and the link is of no use: close it, the peer joins again."""
_SMALL = 64
"""What a register or a presence counts for; they have 20 to 60 bytes."""


class Outbox:
    """Of one peer. ``log``: the authority's, of which this peer is sent what it has not; none for a guest."""

    def __init__(self, log: Sequence[Committed] = ()) -> None:
        self._log = log
        self._place: int | None = None
        self._every: deque[tuple[Message, int]] = deque()
        self._latest: dict[Hashable, Message] = {}
        self._maybe: dict[Hashable, Message] = {}
        self._moment = 0
        """How long the log was when the first of these was put."""
        self.bytes_waiting = 0
        """Of the messages put by ``put_every``."""

    def put_every(self, message: Message) -> None:
        """In order, never dropped. For what is not in the log: answers, and what the desk tells one room."""
        size = len(encode(message))
        self._every.append((message, size))
        self.bytes_waiting += size

    def put_latest(self, key: Hashable, message: Message) -> None:
        """Replaces what waits under the same key. What was put last goes last: order keeps its sense."""
        self._latest.pop(key, None)
        self._latest[key] = message

    def put_maybe(self, key: Hashable, message: Message) -> None:
        """As `put_latest`, but dropped when there is no room for it at the next ``take``."""
        if not self._maybe:
            self._moment = len(self._log)
        self._maybe[key] = message

    def follow(self, revision: int | None) -> None:
        """The log goes to this peer, from behind ``revision`` on; None: it does not."""
        self._place = revision

    def clear(self) -> None:
        """The link is gone: nothing waits, nothing is followed. The next one begins with a Join."""
        self._place = None
        self._every.clear()
        self._latest.clear()
        self._maybe.clear()
        self.bytes_waiting = 0

    @property
    def behind(self) -> int:
        """How many ops of the log wait."""
        return 0 if self._place is None else len(self._log) - self._place

    @property
    def lagging(self) -> bool:
        """Whether anything waits that must arrive."""
        return bool(self._every or self._latest or self.behind)

    @property
    def overrun(self) -> bool:
        """Whether the peer takes so little that its link should be closed."""
        return self.bytes_waiting > OVERRUN

    def take_moment(self) -> Message | None:
        """What `put_maybe` put, if it is one message and nothing else waits; None: `take` must decide.

        For a pen, which asks this for each wall at each of its events.
        """
        if len(self._maybe) != 1 or self._place != len(self._log) or self._every or self._latest:
            return None
        return self._maybe.popitem()[1]

    def take(self, budget: int) -> list[Message]:
        """The next messages, of about ``budget`` bytes: answers, registers, the log, presence; but presence
        goes before what was logged after it: a piece of wet ink behind its own mark would never dry.

        Call it after every change, also with no room (0): presence that does not go now never goes.
        """
        out: list[Message] = []
        while budget > 0 and self._every:
            message, size = self._every.popleft()
            self.bytes_waiting -= size
            budget -= size
            out.append(message)
        while budget > 0 and self._latest:
            # A page turn overtakes the log: what people look at first.
            out.append(self._latest.pop(next(iter(self._latest))))
            budget -= _SMALL
        if budget > 0 and self._place == self._moment:
            out += self._maybe.values()
            self._maybe.clear()
        while budget > 0 and self._place is not None and self._place < len(self._log):
            committed = self._log[self._place]
            self._place += 1
            budget -= _size(committed)
            out.append(committed)
        if budget > 0 and self._moment == len(self._log):
            out += self._maybe.values()
        self._maybe.clear()
        return out


def _size(committed: Committed) -> int:
    # Most ops are small; of those with pages each page takes about as much as a register.
    return _SMALL * (1 + len(getattr(committed.op, "pages", ())))
