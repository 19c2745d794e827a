"""How a change goes through a house: to one display first, then to ever more, each time when all are back.

Pure: who is next follows from who is there and who has come back so far.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from heapq import nsmallest

from kiosk.fleet.model import Cause, Condition, Display, causes
from kiosk.fleet.templates import Value, Values
from kiosk.fleet.words import booked
from protocol.errors import Misuse
from protocol.transport.addresses import read_endpoint

SOON = 1_800
"""Seconds: a room that is wanted sooner is not the first to be changed."""
_NOT_OF_SETTINGS = (Cause.SLOW, Cause.RETURNED, Cause.COPIED)
"""The first answers of a fresh program are slow; and that it has gone back has its own word."""
_READINESS = {Condition.READY: 0, Condition.OUT: 1, Condition.CAUTION: 2}


Neighbourhood = tuple[str, str]
"""What a wrong value would hit at once: the building, and the subnet ("" where it is not known)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """``growth``: a wave is at most so many times as large as what has come back. Seconds: ``back_within``,
    from the order to a display that is well; ``steady``, for which it has to be."""

    growth: int = 5
    back_within: float = 120.0
    steady: float = 10.0


USUAL = Pace()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A display that could be changed now. ``rank``: the lowest is missed least."""

    device: bytes
    place: Neighbourhood
    rank: tuple[float, ...]


class Why(IntEnum):
    """What a rollout was halted by."""

    BY_HAND = 0
    REFUSED = 1
    LATE = 2
    RETURNED = 3
    """The display took its former settings back by itself."""
    DIFFERS = 4
    TROUBLE = 5
    ELSEWHERE = 6
    """It was changed at another console, and nobody here has seen that."""
    SECOND = 7
    """Another console's rollout began before this one."""


@dataclass(frozen=True, slots=True)
class Halted:
    """``text``: the display's own words when it refused, or who changed it elsewhere;
    ``cause`` and ``value``: of its trouble."""

    why: Why
    device: bytes = b""
    text: str = ""
    cause: int = 0
    value: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """A display as it was when its wave began. ``former``: what stood in its file, None: nothing; ``put``:
    what templates had put there; ``causes``: what was wrong with it already."""

    run: bytes
    causes: tuple[int, ...]
    former: Mapping[str, Value | None]
    put: Values


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a rollout has come. ``members``: of the present wave, not back yet; ``back``: to be given what
    stood in their files before; ``left``: so many for whom that was given up."""

    wave: int = 0
    size: int = 0
    members: frozenset[bytes] = frozenset()
    passed: frozenset[bytes] = frozenset()
    reached: Mapping[bytes, Reached] = field(default_factory=dict)
    halted: Halted | None = None
    back: frozenset[bytes] = frozenset()
    left: int = 0


@dataclass(frozen=True, slots=True)
class WaveBegun:
    wave: int
    devices: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Through:
    """Nothing waits any more: so many displays came back with the new settings, or with the former ones
    (``back``); then ``left`` is how many were to and have not."""

    count: int
    back: bool = False
    left: int = 0


News = WaveBegun | Halted | Through


def next_wave(
    candidates: Iterable[Candidate], passed: Iterable[Neighbourhood], growth: int
) -> tuple[bytes, ...]:
    """Who is next. ``passed``: the place of each display that has come back. The first of each place goes
    before the second of any, and one of each building before its other places; neither house nor place has
    more out than ``growth`` times what came back there."""
    back = Counter(passed)
    places_of: Counter[str] = Counter()
    of_place: dict[Neighbourhood, list[Candidate]] = {}
    for each in candidates:
        of_place.setdefault(each.place, []).append(each)
    turns: list[tuple[int, int, int, tuple[float, ...], int, bytes]] = []
    for order, (place, waiting) in enumerate(of_place.items()):
        allowed = nsmallest(max(1, growth * back[place]), waiting, key=lambda each: each.rank)
        nth, places_of[place[0]] = places_of[place[0]], places_of[place[0]] + 1
        turns += [
            (turn, back[place], nth, each.rank, order, each.device) for turn, each in enumerate(allowed)
        ]
    return tuple(turn[-1] for turn in sorted(turns)[: max(1, growth * back.total())])


def judge(display: Display, reached: Reached, is_new: bool | None) -> Halted | bool:
    """Of a display that was changed: what halts the rollout, or whether it is back and well. ``is_new``:
    whether the settings stand in its file; None: it has not yet been asked."""
    status = display.status
    if not display.linked or status is None or status.run == reached.run:
        return False
    if status.returned:
        return Halted(Why.RETURNED, display.device)
    for cause, value in sorted(causes(display).items()):
        if cause not in reached.causes and cause not in _NOT_OF_SETTINGS:
            return Halted(Why.TROUBLE, display.device, cause=cause, value=value)
    return Halted(Why.DIFFERS, display.device) if is_new is False else is_new is True


def candidate(display: Display, condition: Condition, now: float) -> Candidate | None:
    """As one that could be changed now; None where somebody uses it, or nobody answers. The room that has
    stood empty longest is missed least, one that is booked soon most."""
    readiness, status = _READINESS.get(condition), display.status
    if readiness is None or not display.linked or status is None:
        return None
    wanted = booked(display, now)
    soon = wanted is not None and wanted[0] < now + SOON
    return Candidate(
        display.device, neighbourhood(display), (soon, readiness, display.our_time(status.since))
    )


def neighbourhood(display: Display) -> Neighbourhood:
    """Where it stands."""
    return display.building, _subnet(display.address)


@lru_cache(20_000)
def _subnet(address: str) -> str:
    try:
        host = ipaddress.ip_address(read_endpoint(address, 0).host)
    except (Misuse, ValueError):
        return ""
    return str(ipaddress.ip_network((host, 24 if host.version == 4 else 64), strict=False))
