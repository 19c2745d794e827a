"""When the screen is lit: by day of the week, dark on days that the house names. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kiosk.house_settings import DAY, Hours, Timetable


def hours_of(timetable: Timetable, day: date) -> Hours | None:
    """None: dark all day."""
    if day in timetable.closed or (timetable.holidays and _is_holiday(day)):
        return None
    return timetable.hours(day)


def is_lit(timetable: Timetable, now: datetime, awake_until: datetime | None = None) -> bool:
    """Whether the screen is lit; ``awake_until``: somebody woke it."""
    if timetable.off == "never" or (awake_until is not None and now < awake_until):
        return True
    today, before = _hours_about(timetable, now.date())
    minutes = now.hour * 60 + now.minute
    if today is not None and today.start <= minutes < today.end:
        return True
    return before is not None and minutes < before.end - DAY


def next_turn(timetable: Timetable, now: datetime) -> datetime:
    """The next moment at which that may be otherwise by the clock alone."""
    midnight = datetime.combine(now.date(), datetime.min.time())
    today, before = _hours_about(timetable, now.date())
    edges = () if today is None else (today.start, today.end)
    night = () if before is None else (before.end - DAY,)
    times = (midnight + timedelta(minutes=edge) for edge in (*edges, *night, DAY))
    return min(each for each in times if each > now)


def _hours_about(timetable: Timetable, day: date) -> tuple[Hours | None, Hours | None]:
    """Of that day, and of the day before, whose hours may reach into it."""
    return hours_of(timetable, day), hours_of(timetable, day - timedelta(days=1))


def _is_holiday(day: date) -> bool:
    import jpholiday  # only where a house asks for it

    return bool(jpholiday.is_holiday(day))
