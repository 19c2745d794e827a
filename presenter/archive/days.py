"""Days in names: how they are written, and finding those that are written in another way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from pageview.wording import era_year

YEAR = "年"
ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}


class DayStyle(Enum):
    """How a day is written; the value is the example that a rule names it by."""

    DIGITS = "20261124"
    DASHES = "2026-11-24"
    SHORT = "261124"
    ERA = "令和8年11月24日"
    ERA_SHORT = "R8.11.24"


@dataclass(frozen=True, slots=True)
class DayFound:
    """A day in a name, from ``start`` to ``end``. ``style`` None: in a way that no rule names."""

    day: date
    style: DayStyle | None
    start: int
    end: int


def written(day: date, style: DayStyle, year_of: str = "") -> str:
    """A day in that style; ``year_of``: a fiscal year (令和8年度), whose era's year alone is wanted (R8)."""
    era = era_year(day)
    letter = "R" if era.startswith("令和") else "H"
    number = re.sub(r"\D", "", (year_of or era).replace("元", "1"))
    if year_of:
        return f"{'R' if year_of.startswith('令和') else 'H'}{number}"
    match style:
        case DayStyle.DIGITS:
            return f"{day:%Y%m%d}"
        case DayStyle.DASHES:
            return f"{day:%Y-%m-%d}"
        case DayStyle.SHORT:
            return f"{day:%y%m%d}"
        case DayStyle.ERA:
            return f"{era}{day.month}月{day.day}日"
        case DayStyle.ERA_SHORT:
            return f"{letter}{number}.{day.month}.{day.day}"


def edition_name(edition: int) -> str:
    """第1版"""
    return f"第{edition}版"


def fiscal_year(day: date) -> str:
    """令和8年度: from April to March, by the era of most of it."""
    year = day.year if day.month >= 4 else day.year - 1
    return f"{era_year(date(year, 10, 1))}度"


_FORMS: tuple[tuple[re.Pattern[str], DayStyle | None], ...] = (
    (re.compile(r"(?P<e>令和|平成)(?P<y>\d{1,2}|元)年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"), DayStyle.ERA),
    (re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"), None),
    (
        re.compile(r"(?P<e>[RH])(?P<y>\d{1,2})[.\-_](?P<m>\d{1,2})[.\-_](?P<d>\d{1,2})(?!\d)"),
        DayStyle.ERA_SHORT,
    ),
    (re.compile(r"(?<!\d)(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)"), DayStyle.DASHES),
    (re.compile(r"(?<!\d)(?P<y>20\d\d)[./_](?P<m>\d{1,2})[./_](?P<d>\d{1,2})(?!\d)"), None),
    (re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)"), DayStyle.DIGITS),
    (re.compile(r"(?<![^_\-　 ])(?P<y>[23]\d)(?P<m>\d\d)(?P<d>\d\d)(?![^_\-　 ])"), DayStyle.SHORT),
)


def days_in(name: str) -> Iterator[DayFound]:
    """Every day that a name writes, in their order."""
    taken: list[DayFound] = []
    for form, style in _FORMS:
        for found in form.finditer(name):
            day = _day(found)
            start, end = found.span()
            if day is not None and not any(start < other.end and other.start < end for other in taken):
                taken.append(DayFound(day, style, start, end))
    yield from sorted(taken, key=lambda each: each.start)


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    year = 1 if parts["y"] == "元" else int(parts["y"])
    year += ERAS[parts["e"]] if parts.get("e") else 2000 if year < 100 else 0
    try:
        return date(year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None
