"""Who announces itself on the network: the reading of an mDNS announcement, and a bounded list of them.

Everything here was said by a stranger. An announcement is exactly what security.md §5 allows, or it is
dropped; nothing of it is ever shown to a person but a room's number.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass

from protocol.transport.addresses import Endpoint

SERVICE = "_kamizero._tcp.local."
LIMIT = 256
PER_ROOM_AND_SECOND = 3
PER_SOURCE_AND_ROOM = 4
"""More than one, as a kiosk that was switched off announces under another name afterwards."""
ADDRESSES_EACH = 8
ASKED_LIMIT = 100

_INSTANCE = re.compile(r"[0-9a-f]{16}\._kamizero\._tcp\.local\.")
_TEXT = re.compile(rb"\x03v=1(?P<klen>[\x03-\x07])k=(?P<k>[1-9][0-9]{0,4})(?:\x03s=(?P<s>[012]))?")


@dataclass(frozen=True, slots=True)
class Announcement:
    """``in_use`` None: a presenter that waits for room ``number``; else the kiosk of that room. ``closed``: a
    kiosk that is not for presenters, because it is out of service or waits to be enrolled."""

    number: int
    in_use: bool | None
    closed: bool = False

    @property
    def text(self) -> bytes:
        """The TXT record: v, k and, of a kiosk, s."""
        parts = [b"v=1", b"k=%d" % self.number]
        if self.in_use is not None:
            parts.append(b"s=%d" % (2 if self.closed else self.in_use))
        return b"".join(bytes((len(part),)) + part for part in parts)


def is_instance(name: str) -> bool:
    """Whether this could be one of ours: 16 hexadecimal digits and the service, nothing else."""
    return _INSTANCE.fullmatch(name) is not None


def read_announcement(text: bytes) -> Announcement | None:
    """The announcement, or None when the TXT record is not exactly what we announce."""
    match = _TEXT.fullmatch(text)
    if match is None or match["klen"][0] != len(match["k"]) + 2:
        return None
    in_use = None if match["s"] is None else match["s"] == b"1"
    return Announcement(int(match["k"]), in_use, match["s"] == b"2")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who announces, and where (already filtered: every endpoint may be dialled).

    ``source``: the address from which it was heard; one machine, or one relay of a network, is one source.
    """

    instance: str
    announcement: Announcement
    endpoints: tuple[Endpoint, ...]
    source: str = ""

    @property
    def number(self) -> int:
        """The room that it is about."""
        return self.announcement.number


class Candidates:
    """At most 256 announcements; per room at most 3 new ones become known in a second, the rest wait.

    Pure: time is a parameter (seconds, monotonic). Whoever floods loses by it: of one room and source there
    are at most 4, the newest; when all is full, the source with the most makes room for others, and a room
    that somebody asked for is worth more than any other.
    """

    def __init__(self) -> None:
        self._known: dict[str, Candidate] = {}
        self._waiting: dict[str, Candidate] = {}
        self._promoted: dict[int, deque[float]] = {}
        self._asked: dict[int, None] = {}

    def __len__(self) -> int:
        return len(self._known) + len(self._waiting)

    def __contains__(self, instance: str) -> bool:
        return instance in self._known or instance in self._waiting

    def hear(self, candidate: Candidate) -> bool:
        """An announcement, new or changed, known from the next ``promote`` on. False: no room for it."""
        present = self._known.get(candidate.instance)
        if present is not None and present.number == candidate.number:
            self._known[candidate.instance] = candidate
            return True
        if candidate.instance not in self and not self._make_room(candidate):
            return False
        self._known.pop(candidate.instance, None)
        self._waiting[candidate.instance] = candidate
        return True

    def _make_room(self, newcomer: Candidate) -> bool:
        everybody = [*self._known.values(), *self._waiting.values()]
        same = [c for c in everybody if (c.source, c.number) == (newcomer.source, newcomer.number)]
        if len(same) >= PER_SOURCE_AND_ROOM:
            self.forget(same[0].instance)
        elif len(everybody) >= LIMIT:
            asked = newcomer.number in self._asked
            lesser = [c for c in reversed(everybody) if asked and c.number not in self._asked]
            peers = lesser or [c for c in reversed(everybody) if (c.number in self._asked) <= asked]
            of_source = Counter(c.source for c in everybody)
            gives_way = max(peers, key=lambda c: of_source[c.source], default=None)
            if gives_way is None:
                return False
            if not lesser and of_source[gives_way.source] <= of_source[newcomer.source] + 1:
                return False
            self.forget(gives_way.instance)
        return True

    def forget(self, instance: str) -> None:
        """It announces no more."""
        self._known.pop(instance, None)
        self._waiting.pop(instance, None)

    def promote(self, now: float) -> float | None:
        """Makes waiting ones known as far as the rate allows, first those of sources that have the fewest;
        returns when to call again, None: never."""
        for number in [n for n, times in self._promoted.items() if times[-1] <= now - 1]:
            del self._promoted[number]
        of_source = Counter((c.source, c.number) for c in self._known.values())
        for candidate in sorted(self._waiting.values(), key=lambda c: of_source[c.source, c.number]):
            times = self._promoted.setdefault(candidate.number, deque())
            while times and times[0] <= now - 1:
                times.popleft()
            if len(times) < PER_ROOM_AND_SECOND:
                times.append(now)
                self._known[candidate.instance] = self._waiting.pop(candidate.instance)
        if not self._waiting:
            return None
        return min(self._promoted[c.number][0] for c in self._waiting.values()) + 1

    def known(self) -> Iterable[Candidate]:
        """Those that may be shown and dialled."""
        return self._known.values()

    def kiosks(self, number: int) -> tuple[Candidate, ...]:
        """Kiosks of room ``number`` that announce and are for presenters; the room counts as asked for."""
        self._ask(number)
        return tuple(c for c in self.displays() if c.number == number and not c.announcement.closed)

    def displays(self) -> tuple[Candidate, ...]:
        """Every kiosk that announces, also one that is not for presenters."""
        return tuple(c for c in self._known.values() if c.announcement.in_use is not None)

    def presenters(self, number: int) -> tuple[Candidate, ...]:
        """Presenters that wait for room ``number``, which counts as asked for."""
        self._ask(number)
        presenters = (c for c in self._known.values() if c.announcement.in_use is None)
        return tuple(c for c in presenters if c.number == number)

    def _ask(self, number: int) -> None:
        self._asked[number] = None
        if len(self._asked) > ASKED_LIMIT:
            del self._asked[next(iter(self._asked))]
