"""From settings, clock and what the network tells to what standby shows. Pure; times are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.settings import Booking, Settings
from kiosk.standby_state import Availability, CodeNote, NextBooking, StandbyState
from pageview.wording import language, say

FADE_S = 10.0
WRONG_S = 5.0
SHIFT_S = 300.0
LATER = 2
"""So many bookings stand below the next one, where there is room."""
_SOON = timedelta(minutes=10)
# Against burn-in: a slow walk of at most eight units, back where it began after 45 minutes.
_WALK = ((0, 0), (6, 0), (6, 6), (0, 8), (-6, 6), (-8, 0), (-6, -6), (0, -8), (6, -6))


@dataclass(frozen=True, slots=True)
class Facts:
    """What standby knows besides the settings. Monotonic seconds; `code_until` is when the code changes."""

    code: str = ""
    code_until: float = 0.0
    wrong_until: float = 0.0
    choosers: int = 0
    network_ok: bool = True
    address: str = ""
    touch: bool = False
    bookings: tuple[Booking, ...] = ()
    """Of the calendar; those of the settings come on top."""
    bookings_read: datetime | None = None
    bookings_stale: bool = False


def standby_state(settings: Settings, facts: Facts, now: datetime, clock: float) -> StandbyState:
    """What to show at this moment, in the language that `say` speaks."""
    room, english = settings.room, language() == "en"
    name, other = in_language(room.name, room.name_en, english)
    contact, _ = in_language(settings.help.contact, settings.help.contact_en, english)
    place, _ = in_language(room.place, room.place_en, english)
    today = bookings_of_today(settings, facts, now)
    booking = today[0] if today else None
    waits = booking is not None and not booking.running and not booking.whole_day
    left = booking.start - now if booking is not None and waits else None
    message, _ = in_language(settings.standby.message, settings.standby.message_en, english)
    soon = left is not None and left <= _SOON
    availability = Availability.BOOKED_SOON if soon else Availability.FREE
    return StandbyState(
        number=room.number,
        name=name,
        other_name=other,
        place=place,
        now=now.replace(second=0, microsecond=0),
        code=facts.code,
        note=_note(facts, clock),
        fading=bool(facts.code) and clock >= facts.code_until - FADE_S,
        availability=Availability.OUT_OF_SERVICE if room.out_of_service else availability,
        minutes_left=0 if left is None else -(-int(left.total_seconds()) // 60),
        choosers=facts.choosers,
        booking=booking,
        later=tuple(today[1 : 1 + LATER]),
        bookings_of=_said_of_bookings(facts, now),
        message=message,
        contact=contact,
        extension=settings.help.extension,
        network_ok=facts.network_ok,
        address=facts.address,
        other_language=(say("日本語") if english else "English") if facts.touch else "",
        shift=_WALK[int(clock // SHIFT_S) % len(_WALK)],
    )


def next_look(facts: Facts, now: datetime, clock: float) -> float:
    """Seconds until something changes by itself: the minute, the code's last seconds, the end of a notice."""
    waits = [60.0 - now.second - now.microsecond / 1e6 + 0.01]
    for at in (facts.code_until - FADE_S if facts.code else 0.0, facts.wrong_until):
        if at > clock:
            waits.append(at - clock + 0.01)
    return min(waits)


def in_language(japanese: str, english: str, wanted_english: bool) -> tuple[str, str]:
    """The text in the wall's language, and the other one; what is missing falls back."""
    if wanted_english and english:
        return english, japanese
    return japanese, english


def _note(facts: Facts, clock: float) -> CodeNote:
    if not facts.code:
        return CodeNote.NONE_YET
    if clock < facts.wrong_until:
        return CodeNote.WRONG
    if clock >= facts.code_until - FADE_S:
        return CodeNote.SOON
    return CodeNote.LONG if len(facts.code) > 6 else CodeNote.CHANGES


def bookings_of_today(settings: Settings, facts: Facts, now: datetime) -> list[NextBooking]:
    """Those that run or are still to come: by their time, and then what takes the whole day."""
    english, found = language() == "en", []
    for booking in (*settings.bookings, *facts.bookings):
        if booking.end > now and booking.start.date() <= now.date():
            department, _ = in_language(booking.department, booking.department_en, english)
            running = booking.start <= now
            found.append(NextBooking(booking.start, booking.end, department, running, booking.whole_day))
    return sorted(found, key=lambda each: (each.whole_day, each.start, each.end))


def _said_of_bookings(facts: Facts, now: datetime) -> str:
    if not facts.bookings_stale:
        return ""
    if facts.bookings_read is None:
        return say("予約を読めません")
    read = facts.bookings_read
    if read.date() == now.date():
        return say("予約は{time}のものです", time=f"{read:%H:%M}")
    return say("予約は{month}月{day}日のものです", month=read.month, day=read.day)
