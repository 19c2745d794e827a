"""What a house decides about its displays beside briefings: the morning's self-test, bookings, what stands on
standby, and the hours in which a screen is lit.

Part of the settings file (`kiosk.settings`); standard library only, as there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Literal
from urllib.parse import urlsplit

from kiosk import settings_checks as allowed
from kiosk.settings_checks import Field, Wrong
from pageview.wording import say

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Shows = Literal["time", "organizer", "title"]
Off = Literal["never", "black", "dpms", "cec"]


@dataclass(frozen=True, slots=True)
class SelfTest:
    """``days``: 0 is Monday; without any the display tests itself only when it is told to."""

    time: time = time(8, 15)
    days: tuple[int, ...] = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Calendar:
    """This room's bookings. ``source``: an .ics file, a folder of them, an http(s) address, or "" for none;
    ``{number}`` in it is the room's.

    ``show``: what stands beside the time; titles only where the house wants them seen by who passes by.
    ``ca``: the certificate file that the address's server is known by, "" for the system's own.
    """

    source: str = ""
    show: Shows = "organizer"
    refresh_minutes: float = 10.0
    stale_minutes: float = 120.0
    ca: str = ""


@dataclass(frozen=True, slots=True)
class StandbyContent:
    """``message``: a line of the house's that stays. ``pictures``: a file or a folder, shown in turn."""

    message: str = ""
    message_en: str = ""
    pictures: str = ""
    picture_seconds: float = 30.0
    between_seconds: float = 60.0


DAY = 1_440
"""Minutes."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes since the midnight on which the day begins; ``end`` beyond `DAY`: on the day after."""

    start: int
    end: int


_OFFICE = Hours(7 * 60 + 30, 19 * 60)


@dataclass(frozen=True, slots=True)
class Timetable:
    """When the screen is lit, by day of the week; None: all day dark. ``off``: how it is dark.

    ``holidays``: the country's holidays are dark, like ``closed``. A wall that was woken stays lit so long.
    """

    off: Off = "never"
    mon: Hours | None = _OFFICE
    tue: Hours | None = _OFFICE
    wed: Hours | None = _OFFICE
    thu: Hours | None = _OFFICE
    fri: Hours | None = _OFFICE
    sat: Hours | None = None
    sun: Hours | None = None
    holidays: bool = False
    closed: tuple[date, ...] = ()
    awake_minutes: float = 10.0

    def hours(self, day: date) -> Hours | None:
        """Of that day of the week."""
        hours: Hours | None = getattr(self, DAYS[day.weekday()])
        return hours


# --- checks -------------------------------------------------------------------------------------------------


def _minutes(text: str) -> int | None:
    """Of 08:15, up to 24:00."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text)
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if int(found[2]) < 60 and minutes <= DAY else None


def _time(value: Any) -> time:
    minutes = _minutes(value) if isinstance(value, str) else None
    if minutes is None or minutes == DAY:
        raise Wrong(say("「08:15」のような時刻にしてください。"))
    return time(*divmod(minutes, 60))


def _days(value: Any) -> tuple[int, ...]:
    words = value.split() if isinstance(value, str) else None
    if words is None or not set(words) <= set(DAYS):
        raise Wrong(
            say("曜日 {days} を空白で区切って並べてください。空なら行いません。", days=" ".join(DAYS))
        )
    return tuple(sorted({DAYS.index(word) for word in words}))


def _hours(value: Any) -> Hours | None:
    if value == "":
        return None
    start, _, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    found = _minutes(start.strip()), _minutes(end.strip())
    if found[0] is None or found[1] is None or found[0] in (found[1], DAY):
        raise Wrong(
            say("「07:30-19:00」のように、点ける時刻と消す時刻を書いてください。空なら一日じゅう消えます。")
        )
    return Hours(found[0], found[1] if found[0] < found[1] else found[1] + DAY)


def _dates(value: Any) -> tuple[date, ...]:
    allowed_here = say("「2026-12-29」のような日付の文字列の並びにしてください（400個まで）。")
    if not isinstance(value, list) or len(value) > 400:
        raise Wrong(allowed_here)
    try:
        return tuple(sorted(date.fromisoformat(each) for each in value))
    except (TypeError, ValueError):
        raise Wrong(allowed_here) from None


def _source(value: Any) -> str:
    source = allowed.text(400)(value)
    if "://" in source:
        try:
            parts = urlsplit(source)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise Wrong(
                say(
                    "ファイル、フォルダ、または「https://」か「http://」で始まる庁内のアドレスにしてください。"
                )
            )
    return source


_WAIT = allowed.number(0.1, 10_080)
_SHOWN = allowed.number(5, 86_400)
SECTIONS: dict[str, tuple[type, dict[str, Field]]] = {
    "self_test": (SelfTest, {"time": Field(_time), "days": Field(_days)}),
    "calendar": (
        Calendar,
        {
            "source": Field(_source),
            "show": Field(allowed.one_of("time", "organizer", "title")),
            "refresh_minutes": Field(_WAIT),
            "stale_minutes": Field(_WAIT),
            "ca": Field(allowed.text(400)),
        },
    ),
    "standby": (
        StandbyContent,
        {
            "message": Field(allowed.text(60)),
            "message_en": Field(allowed.text(120)),
            "pictures": Field(allowed.text(400)),
            "picture_seconds": Field(_SHOWN),
            "between_seconds": Field(_SHOWN),
        },
    ),
    "timetable": (
        Timetable,
        {
            "off": Field(allowed.one_of("never", "black", "dpms", "cec")),
            **{day: Field(_hours) for day in DAYS},
            "holidays": Field(allowed.yes_or_no),
            "closed": Field(_dates),
            "awake_minutes": Field(_WAIT),
        },
    ),
}
