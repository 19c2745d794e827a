"""What is asked of the process that reads a calendar, and what it answers; without what reads."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class Wanted(msgspec.Struct, frozen=True):
    """``show``: time, organizer or title. ``today``: the first of the days that are read."""

    source: str
    show: str
    ca: str
    own_networks: tuple[str, ...]
    today: date


class Read(msgspec.Struct, frozen=True):
    """One booking in the room's own time; ``whole_day``: from midnight to midnight."""

    start: datetime
    end: datetime
    who: str
    whole_day: bool = False


class Found(msgspec.Struct, frozen=True):
    """``problem``: "" or why it could not be read, for the log."""

    bookings: tuple[Read, ...]
    problem: str = ""
