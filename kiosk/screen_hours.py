"""When the screen is lit: by day of the week, dark on days that the house names. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kiosk.house_settings import Hours, Timetable


def hours_of(timetable: Timetable, day: date) -> Hours | None:
    """None: dark all day."""
    if day in timetable.closed or (timetable.holidays and _is_holiday(day)):
        return None
    return timetable.hours(day)


def is_lit(timetable: Timetable, now: datetime, awake_until: datetime | None = None) -> bool:
    """Whether the screen is lit; ``awake_until``: somebody woke it."""
    if timetable.off == "never" or (awake_until is not None and now < awake_until):
        return True
    hours = hours_of(timetable, now.date())
    minutes = now.hour * 60 + now.minute
    return hours is not None and hours.start <= minutes < hours.end


def next_turn(timetable: Timetable, now: datetime) -> datetime:
    """The next moment at which that may be otherwise by the clock alone."""
    midnight = datetime.combine(now.date(), datetime.min.time())
    hours = hours_of(timetable, now.date())
    edges = () if hours is None else (hours.start, hours.end)
    times = [midnight + timedelta(minutes=edge) for edge in (*edges, 1_440)]
    return next(each for each in times if each > now)


def _is_holiday(day: date) -> bool:
    import jpholiday  # only where a house asks for it

    return bool(jpholiday.is_holiday(day))
