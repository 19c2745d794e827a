"""From the log of a briefing to the facts of its record: who was there, which page how long, what else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from presenter.correction_words import STATE_WORDS, last_told, new_words
from presenter.record.facts import (
    Answered,
    Attendee,
    Carried,
    CorrectionFact,
    Done,
    Former,
    How,
    Kind,
    MinutesFact,
    PageTime,
    PaperFact,
    Place,
    RecordFacts,
    Turned,
    Withdrawn,
)
from protocol import minutes
from protocol.corrections import CorrectionState
from protocol.journal import Attended, Entry, Noted
from protocol.minutes import MinutesKind
from protocol.model import Briefing
from protocol.values import OWNER, PageId, PeerId, Role, Screen

KINDS = {
    MinutesKind.SAID: Kind.SAID,
    MinutesKind.QUESTION: Kind.QUESTION,
    MinutesKind.DECISION: Kind.DECISION,
    MinutesKind.INSTRUCTION: Kind.INSTRUCTION,
    MinutesKind.HOMEWORK: Kind.HOMEWORK,
    MinutesKind.NOTE: Kind.REMARK,
}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the log does not know. ``subject``: in place of the log's; without both it is the first paper's
    title. ``typed``: names of people who were there without a machine of their own. ``ended`` None: with the
    last entry of the log."""

    department: str = ""
    presenter: str = ""
    subject: str = ""
    typed: tuple[str, ...] = ()
    ended: datetime | None = None


def facts_of(briefing: Briefing, entries: Sequence[Entry], occasion: Occasion) -> RecordFacts:
    """The facts of a briefing and the entries of its journal; ValueError when there are none."""
    if not entries:
        raise ValueError("a briefing without entries")
    ended = occasion.ended or _local(entries[-1].at)
    places = Places(briefing)
    here = _attendees(entries, ended)
    presenter = Attendee(" ".join(filter(None, (occasion.department, occasion.presenter))), How.PRESENTING)
    typed = tuple(Attendee(name, How.TYPED) for name in occasion.typed)
    papers = tuple(
        PaperFact(paper.title, len(paper.edition.pages), paper.edition.number, paper.minutes, paper.explainer)
        for paper in briefing.papers
    )
    names = {**briefing.names, OWNER: occasion.presenter}
    return RecordFacts(
        subject=occasion.subject or briefing.subject or (papers[0].title if papers else ""),
        department=occasion.department,
        presenter=occasion.presenter,
        began=_local(entries[0].at),
        ended=ended,
        rooms=tuple(dict.fromkeys(each.name for each in here if each.how is How.ROOM)),
        planned_minutes=briefing.registers.timer.planned // 60_000,
        attendees=(*((presenter,) if presenter.name else ()), *here, *typed),
        papers=papers,
        page_times=_page_times(entries, places, ended),
        corrections=_corrections(briefing, places, names),
        minutes=tuple(_minutes(briefing, places, names)),
        turns=tuple(Turned(_local(at), places.of(page_id)) for at, page_id in _views(entries)),
    )


class Places:
    """The number of every page that the papers of a briefing have or had."""

    def __init__(self, briefing: Briefing) -> None:
        self._places: dict[PageId, Place] = {}
        for paper in briefing.papers:
            for edition in paper.editions:
                for index, page in enumerate(edition.pages):
                    gone = edition is not paper.edition
                    self._places[page.page_id] = Place(paper.title, index + 1, gone)

    def of(self, page_id: PageId | None) -> Place | None:
        """None for a page of a paper that was taken out, or of none."""
        return None if page_id is None else self._places.get(page_id)


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000)


def _attendees(entries: Sequence[Entry], ended: datetime) -> tuple[Attendee, ...]:
    """Everybody in the order of coming; whoever came back was there from first to last."""
    came: dict[PeerId, Attendee] = {}
    here: set[PeerId] = set()
    for entry in entries:
        told = entry.record
        if not isinstance(told, Attended):
            continue
        how = How.ROOM if told.role is Role.DISPLAY else How.LINKED
        known = came.get(told.peer, Attendee(told.name, how, _local(entry.at)))
        came[told.peer] = replace(known, name=told.name, left=None if told.there else _local(entry.at))
        (here.add if told.there else here.discard)(told.peer)
    return tuple(replace(each, left=ended) if peer in here else each for peer, each in came.items())


def _views(entries: Sequence[Entry]) -> Iterator[tuple[int, PageId | None]]:
    """When the walls showed another page, or none: one that is hidden or covered shows none."""
    shown: PageId | None = None
    for entry in entries:
        if isinstance(entry.record, Noted):
            registers = entry.record.registers
            view = registers.view if registers.screen is Screen.SHOW else None
            page_id = None if view is None else view.page_id
            if page_id != shown:
                shown = page_id
                yield entry.at, page_id


def _page_times(entries: Sequence[Entry], places: Places, ended: datetime) -> tuple[PageTime, ...]:
    """Pages in the order in which they were first seen."""
    first: dict[PageId, int] = {}
    shown: dict[PageId, int] = {}
    now: PageId | None = None
    since = 0
    end = max(entries[-1].at, round(ended.timestamp() * 1000))
    for at, page_id in [*_views(entries), (end, None)]:
        if now is not None:
            shown[now] = shown.get(now, 0) + max(0, at - since)
        now, since = page_id, at
        if now is not None:
            first.setdefault(now, at)
    found = ((places.of(page_id), page_id) for page_id in first)
    return tuple(
        PageTime(place, _local(first[page_id]), shown[page_id] / 1000)
        for place, page_id in found
        if place is not None
    )


def _corrections(
    briefing: Briefing, places: Places, names: Mapping[PeerId, str]
) -> tuple[CorrectionFact, ...]:
    made = []
    for each in sorted(briefing.corrections.values(), key=lambda each: each.number):
        by, when = last_told(each)
        made.append(
            CorrectionFact(
                number=each.number,
                place=places.of(each.page_id),
                before=each.before,
                after=new_words(briefing, each),
                by=names.get(by, ""),
                when=datetime.fromtimestamp(when) if when else None,
                state=STATE_WORDS[CorrectionState(each.state)],
                settled=each.is_settled,
                open=each.is_open,
                owner=each.owner,
                due=each.due,
                card=card_of(each.item, each.when),
            )
        )
    return tuple(made)


def _minutes(briefing: Briefing, places: Places, names: Mapping[PeerId, str]) -> Iterator[MinutesFact]:
    """Those that say something, in the order in which they were begun."""
    for each in briefing.minutes.values():
        text = briefing.items[each.item].text.strip()
        if not text:
            continue
        former = each.former
        yield MinutesFact(
            kind=KINDS[each.kind],
            text=text,
            at=_when(each.when),
            place=places.of(each.page_id),
            speaker=each.speaker,
            owner=each.owner,
            due=each.due,
            reply=_reply(each, places, names),
            card=former.card.hex() if former is not None else card_of(each.item, each.when),
            former=Former(datetime.fromtimestamp(former.when), former.source) if former is not None else None,
        )


def _reply(
    item: minutes.MinutesItem, places: Places, names: Mapping[PeerId, str]
) -> Answered | Carried | Done | Withdrawn | None:
    by, when = names.get(item.reply_by, ""), _when(item.reply_when)
    match item.reply:
        case minutes.Answered(page_id, words):
            return Answered(words, places.of(page_id))
        case minutes.Carried():
            return Carried()
        case minutes.Done():
            return Done(by, when)
        case minutes.Withdrawn():
            return Withdrawn(by, when)
        case None:
            return None


def _when(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds) if seconds else None


def card_of(item: int, when: int) -> str:
    """What an item, or a correction, is wherever it is carried: the same also where somebody went on with the
    briefing from a replica, in a log of another epoch. 16 bytes as hexadecimal."""
    return hashlib.sha256(f"card {item} {when}".encode()).digest()[: minutes.CARD_LENGTH].hex()
