"""What the end shows, as frozen values: places that are wiped, and what is kept of the briefing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from presenter.console_state import Words
from presenter.record.record import Record


class Wipe(Enum):
    """What is known of a place's memory."""

    WIPING = auto()
    WIPED = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class PlaceEnd:
    """One place where papers were shown; ``at`` is when it said that everything is gone.

    ``people``: not a room, but the screens of so many participants, of which ``silent`` did not answer.
    """

    name: str
    wipe: Wipe
    at: datetime | None = None
    people: int = 0
    silent: int = 0

    @property
    def title(self) -> Words:
        """What it is called."""
        if self.people:
            return "参加者{n}人の画面", {"n": self.people}
        return "{room}の画面", {"room": self.name}


@dataclass(frozen=True, slots=True)
class NotKept:
    """Nothing is kept: it was a rehearsal."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The record is being made."""


@dataclass(frozen=True, slots=True)
class KeepFailed:
    """Nothing could be kept; the briefing is still on this computer."""

    why: Words


@dataclass(frozen=True, slots=True)
class KeptHere:
    """It is safe. ``place``: where it is to be filed; ``away``: why that has to wait; ``changing``: the
    record is being written anew. ``told``: what a person should know."""

    record: Record
    place: str
    away: Words | None = None
    told: tuple[Words, ...] = ()
    changing: bool = False


Keep = NotKept | Keeping | KeepFailed | KeptHere


@dataclass(frozen=True, slots=True)
class EndState:
    """``visited`` of ``pages`` were shown. A rehearsal has no places."""

    title: str = ""
    rooms: tuple[str, ...] = ()
    began: datetime | None = None
    ended: datetime | None = None
    planned_minutes: int = 0
    visited: int = 0
    pages: int = 0
    places: tuple[PlaceEnd, ...] = ()
    keep: Keep = NotKept()

    @property
    def wiping(self) -> bool:
        """Whether an answer is still awaited."""
        return any(place.wipe is Wipe.WIPING for place in self.places)

    @property
    def busy(self) -> bool:
        """Whether something is under way that the next briefing must wait for."""
        working = isinstance(self.keep, Keeping) or (isinstance(self.keep, KeptHere) and self.keep.changing)
        return self.wiping or working
