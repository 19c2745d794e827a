"""Everything that standby shows, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto


class Availability(Enum):
    """What the pill says."""

    FREE = auto()
    BOOKED_SOON = auto()
    OUT_OF_SERVICE = auto()


class CodeNote(Enum):
    """What the line beside 接続番号 says."""

    CHANGES = auto()
    SOON = auto()
    LONG = auto()
    WRONG = auto()
    NONE_YET = auto()


@dataclass(frozen=True, slots=True)
class NextBooking:
    """Time and department; a title only where the house shows them: people pass by."""

    start: datetime
    end: datetime
    department: str
    running: bool = False
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class StandbyState:
    """Words of the room are already in the language of the wall. `shift`: units, against burn-in.

    `other_language` stands on the language key; it is empty where nothing can be touched.
    """

    number: int
    name: str
    other_name: str
    place: str
    now: datetime
    code: str = ""
    note: CodeNote = CodeNote.NONE_YET
    fading: bool = False
    availability: Availability = Availability.FREE
    minutes_left: int = 0
    choosers: int = 0
    booking: NextBooking | None = None
    later: tuple[NextBooking, ...] = ()
    bookings_of: str = ""
    """What is said of bookings that are old, or cannot be read."""
    message: str = ""
    contact: str = ""
    extension: str = ""
    network_ok: bool = True
    address: str = ""
    other_language: str = ""
    shift: tuple[int, int] = (0, 0)
