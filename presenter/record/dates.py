"""Days and hours as a record writes them: Japanese, whatever language the windows speak."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pageview.wording import era_year
from presenter.record.facts import PaperFact, Place

DAYS = "月火水木金土日"


def day(when: date, *, year: bool = True) -> str:
    """令和8年11月24日（火）"""
    text = f"{day_alone(when)}（{DAYS[when.weekday()]}）"
    return _year(when) + text if year else text


def date_of(when: date) -> str:
    """令和8年11月24日, as a letter is dated."""
    return _year(when) + day_alone(when)


def _year(when: date) -> str:
    return era_year(date(when.year, when.month, when.day))


def day_alone(when: date) -> str:
    """11月24日, for what stands in brackets itself."""
    return f"{when.month}月{when.day}日"


def clock(when: datetime) -> str:
    """14時05分"""
    return f"{when.hour}時{when.minute:02}分"


def span(began: datetime, ended: datetime | None) -> str:
    """令和8年11月24日（火）14時00分から14時31分まで; the day is said again where it is another one."""
    start = f"{day(began)}{clock(began)}から"
    if ended is None:
        return start
    end = clock(ended) if ended.date() == began.date() else day(ended) + clock(ended)
    return f"{start}{end}まで"


def within(came: datetime, left: datetime) -> str:
    """14時02分から14時33分まで, on a day that is told beside it."""
    return f"{clock(came)}から{clock(left)}まで"


def short_span(began: datetime, ended: datetime | None) -> str:
    """11月24日（火）14:00〜14:31, for a chat."""
    return f"{day(began, year=False)}{began:%H:%M}〜" + (f"{ended:%H:%M}" if ended else "")


def minutes(seconds: float) -> str:
    """3分20秒"""
    whole = round(seconds)
    return f"{whole // 60}分{whole % 60:02}秒" if whole >= 60 else f"{whole}秒"


def shown(first: datetime, seconds: float) -> str:
    """14時05分から3分20秒, of a page."""
    return f"{clock(first)}から{minutes(seconds)}"


def page(place: Place | None, papers: Sequence[PaperFact]) -> str:
    """7ページ, or 資料2の7ページ where there are several papers; "" for none."""
    if place is None:
        return ""
    number = f"{place.page}ページ" + ("（削除）" if place.gone else "")
    titles = [paper.title for paper in papers]
    return (
        f"資料{titles.index(place.paper) + 1}の{number}" if titles[1:] and place.paper in titles else number
    )


def said_at(place: Place) -> str:
    """7ページ　予算案, for whoever has other papers before them."""
    return f"{place.page}ページ　{place.paper}"


def source(at: datetime | None, place: Place | None, papers: Sequence[PaperFact]) -> str:
    """Where in the log a sentence comes from: 14:05 7ページ"""
    return " ".join(part for part in (f"{at:%H:%M}" if at else "", page(place, papers)) if part)
