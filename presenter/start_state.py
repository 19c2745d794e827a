"""What the start screen shows, as frozen values: the papers chosen, those of before, an unclosed briefing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from pathlib import Path

from pageview.wording import era_date, say
from presenter.archive.cards import CarriedOver
from presenter.console_state import Words

NOTHING_CARRIED = CarriedOver()


class Stage(Enum):
    """How far a chosen file is."""

    READING = auto()
    CONVERTING = auto()
    READY = auto()
    LOCKED = auto()
    WRONG_PASSWORD = auto()
    UNLOCKING = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """``short``: on the paper's row, where it is what matters most; "" for what is only worth a look when
    somebody looks. ``sentences``: what it is, and what to do."""

    short: Words
    sentences: tuple[Words, ...]
    right: str = ""
    """Of a name that breaks the rule: the one that does not, by which the paper can be called."""

    @property
    def matters(self) -> bool:
        """Whether it is said without being asked for."""
        return bool(self.short[0])


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One chosen file. ``why``, of a refusal, is said with `say`; ``findings``: what to
    know of it before it is shown.

    ``steps`` is the most parts that a page of it is shown in (1: every page whole). ``office``: it is made a
    PDF first, since so many ``seconds``.
    """

    key: int
    name: str
    stage: Stage
    pages: int = 0
    steps: int = 1
    findings: tuple[Finding, ...] = ()
    saved_over: bool = False
    why: str = ""
    office: bool = False
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class RecentRow:
    """A file opened before: its cleaned name, the folders it stands in, and when."""

    path: Path
    name: str
    folder: str
    when: str


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A briefing that was not closed by its person."""

    when: datetime
    title: str
    rooms: tuple[str, ...]
    papers: int
    pages: int

    def sentence(self) -> str:
        """When, what, where, how much and why."""
        when = f"{era_date(self.when.date(), year=False, weekday=False)} {self.when:%H:%M}"
        what = (
            say("「{title}」ほか{n}点の説明", title=self.title, n=self.papers - 1)
            if self.papers > 1
            else say("「{title}」の説明", title=self.title)
        )
        where = say("・").join(self.rooms) if self.rooms else say("会議室なし")
        return say(
            "{when}{what}　{where}　{pages}。終わる前に紙ゼロが閉じました。",
            when=when,
            what=what,
            where=where,
            pages=say("{n}ページ", n=self.pages),
        )


@dataclass(frozen=True, slots=True)
class StartState:
    """The whole start screen. ``notices``: words and their values. ``hurry``: more pages than minutes.

    ``carried``: what former briefings left open, and whether it goes into this one's minutes.
    """

    papers: tuple[PaperRow, ...] = ()
    recent: tuple[RecentRow, ...] = ()
    unclosed: Unclosed | None = None
    notices: tuple[Words, ...] = ()
    hurry: Words | None = None
    carried: CarriedOver = NOTHING_CARRIED
    takes_carried: bool = True

    @property
    def can_go_on(self) -> bool:
        """Whether there is something to show, and nothing still being read."""
        return not self.why_not

    @property
    def why_not(self) -> str:
        """The sentence that says why one cannot go on yet; "" when one can."""
        stages = {row.stage for row in self.papers}
        if Stage.CONVERTING in stages:
            return "資料を変換しています"
        if stages & {Stage.READING, Stage.UNLOCKING}:
            return "資料を読み込んでいます"
        return "" if Stage.READY in stages else "映せる資料を1つ以上選んでください"


def how_much(papers: int, pages: int) -> str:
    """3点　36ページ."""
    return say("{papers}　{pages}", papers=say("{n}点", n=papers), pages=say("{n}ページ", n=pages))


def when_used(day: date, today: date) -> str:
    """きょう, きのう, or the day."""
    days = (today - day).days
    if days in (0, 1):
        return say(("きょう", "きのう")[days])
    return era_date(day, year=day.year != today.year, weekday=False)
