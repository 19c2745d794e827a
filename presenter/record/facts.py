"""Everything that a record tells of a briefing, as plain frozen values. Times are local, for people only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

import msgspec

from presenter.correction_words import DELETED


class How(Enum):
    """How somebody took part; the value is the word for it in a record."""

    PRESENTING = "説明者"
    ROOM = "会議室"
    LINKED = "端末から参加"
    TYPED = "同席"


class Kind(Enum):
    """What an item of the minutes is; the value is its word."""

    SAID = "発言"
    QUESTION = "質問"
    DECISION = "決定"
    INSTRUCTION = "指示"
    HOMEWORK = "宿題"
    REMARK = "備考"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the briefing something was: the paper's title and the page's number from 1.

    ``gone``: a later edition has that page no more, and the number is the last it had.
    """

    paper: str
    page: int
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody, or a room. ``came``, ``left``: None where nobody took the time."""

    name: str
    how: How
    came: datetime | None = None
    left: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaperFact:
    """A paper with its pages now and the number of its newest edition; 1: it is as it was opened.

    ``minutes``, ``explainer``: what the agenda said; 0 and "": nothing.
    """

    title: str
    pages: int
    edition: int
    minutes: int = 0
    explainer: str = ""


@dataclass(frozen=True, slots=True)
class PageTime:
    """How long a page was on the walls in all, and when it was first."""

    place: Place
    first: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Turned:
    """From that moment on the walls showed this page; None: none."""

    at: datetime
    place: Place | None


@dataclass(frozen=True, slots=True)
class CorrectionFact:
    """A correction. ``after`` is "" while nobody has said what it is to be. ``state``: its word."""

    number: int
    place: Place | None
    before: str
    after: str
    by: str
    when: datetime | None
    state: str
    settled: bool
    open: bool
    owner: str = ""
    due: str = ""
    card: str = ""


class Answered(msgspec.Struct, frozen=True, tag=True):
    """A question was answered here, with these words (perhaps none) and with this page as evidence."""

    text: str = ""
    evidence: Place | None = None


class Carried(msgspec.Struct, frozen=True, tag=True):
    """A question was taken back; the item's ``owner`` answers it until ``due``."""


class Done(msgspec.Struct, frozen=True, tag=True):
    """Homework was done: by whom that was said, and when."""

    by: str = ""
    when: datetime | None = None


class Withdrawn(msgspec.Struct, frozen=True, tag=True):
    """Nobody needs to see to it any more: by whom that was said, and when."""

    by: str = ""
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Former:
    """A former briefing left it open: when it was first said, and where."""

    when: datetime
    source: str


@dataclass(frozen=True, slots=True)
class MinutesFact:
    """An item of the minutes. ``reply``: what became of a question or of homework; None: nothing.

    ``owner``, ``due``: who sees to it and until when, as people wrote them; "" where nobody said. ``card``:
    what it is in every briefing that it is carried to, "" where that is not known. ``imported``: the file of
    a transcript that it comes from, "" for what people typed.
    """

    kind: Kind
    text: str
    at: datetime | None = None
    place: Place | None = None
    speaker: str = ""
    owner: str = ""
    due: str = ""
    reply: Answered | Carried | Done | Withdrawn | None = None
    card: str = ""
    former: Former | None = None
    imported: str = ""

    @property
    def to_do(self) -> bool:
        """Whether it is left for afterwards (持ち帰り): a question that was not answered here, homework that
        nobody has done."""
        if self.kind is Kind.QUESTION:
            return self.reply is None or isinstance(self.reply, Carried)
        return self.kind is Kind.HOMEWORK and self.reply is None


def day_due(due: str) -> str:
    """Until when, without the まで or までに that some write behind it."""
    return due.removesuffix("に").removesuffix("まで")


@dataclass(frozen=True, slots=True)
class Open:
    """What is left for afterwards (持ち帰り). ``kind``: its word; ``key``: which item or correction it is;
    ``number``: of a correction, 0 for an item. ``card``, ``former``, ``speaker``:
    as of `MinutesFact`."""

    key: tuple[str, int]
    kind: str
    text: str
    place: Place | None
    owner: str
    due: str
    number: int = 0
    card: str = ""
    former: Former | None = None
    speaker: str = ""

    @property
    def assigned(self) -> bool:
        """Whether it says who, and until when."""
        return bool(self.owner and self.due)

    @property
    def day(self) -> str:
        """Until when, as `day_due` has it."""
        return day_due(self.due)


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A briefing from its beginning to its end. ``ended`` is None while it runs."""

    subject: str
    department: str
    presenter: str
    began: datetime
    ended: datetime | None
    rooms: tuple[str, ...] = ()
    planned_minutes: int = 0
    attendees: tuple[Attendee, ...] = ()
    papers: tuple[PaperFact, ...] = ()
    page_times: tuple[PageTime, ...] = ()
    corrections: tuple[CorrectionFact, ...] = ()
    minutes: tuple[MinutesFact, ...] = ()
    turns: tuple[Turned, ...] = ()

    @property
    def people(self) -> tuple[Attendee, ...]:
        """Who took part, the presenter last, after those who were told: first who was typed, in the order in
        which people put them. A room is nobody."""
        order = (How.TYPED, How.LINKED, How.PRESENTING)
        return tuple(each for how in order for each in self.attendees if each.how is how)

    @property
    def open(self) -> tuple[Open, ...]:
        """What is left for afterwards: items of the minutes, then corrections that are still open."""
        items = [
            Open(
                ("item", n),
                item.kind.value,
                item.text,
                item.place,
                item.owner,
                item.due,
                0,
                item.card,
                item.former,
                item.speaker,
            )
            for n, item in enumerate(self.minutes)
            if item.to_do
        ]
        corrections = [
            Open(
                ("correction", n),
                f"修正{each.number}",
                _asked(each),
                each.place,
                each.owner,
                each.due,
                each.number,
                each.card,
            )
            for n, each in enumerate(self.corrections)
            if each.open
        ]
        return (*items, *corrections)

    def assigned(self, key: tuple[str, int], owner: str, due: str) -> RecordFacts:
        """With who sees to that `Open`, and until when."""
        which, n = key
        if which == "item":
            items = list(self.minutes)
            items[n] = replace(items[n], owner=owner, due=due)
            return replace(self, minutes=tuple(items))
        corrections = list(self.corrections)
        corrections[n] = replace(corrections[n], owner=owner, due=due)
        return replace(self, corrections=tuple(corrections))


def _asked(correction: CorrectionFact) -> str:
    before, after = correction.before, correction.after
    if before and after == DELETED:
        return f"「{before}」を削る。"
    if before and after:
        within = after if before.endswith("。") else after.removesuffix("。")
        return f"「{before}」を「{within}」に改める。"
    if after:
        return after
    return f"「{before}」を改める。" if before else "示した箇所を改める。"
