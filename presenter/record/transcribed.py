"""A transcript beside a briefing: each utterance at the page that was shown then, as items of its record.

Items of a transcript say which file they come from, so that they can be told from what people typed, and
taken out again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from presenter.record.draft import said_of
from presenter.record.facts import Kind, MinutesFact, Place, RecordFacts, Turned
from presenter.record.record import Record, Section, Sentence
from presenter.record.transcript import Transcript

ITEM_SIGNS, NEAR_S = 300, 20.0
"""Pieces of one speaker that follow each other so closely are one item, up to that length."""
ITEMS_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Aligned:
    """``at``, ``place``: None where the transcript has no times, or nothing was shown. ``first``: the
    number of the utterance that this begins with."""

    at: datetime | None
    place: Place | None
    speaker: str
    text: str
    first: int = 0


def aligned(transcript: Transcript, facts: RecordFacts, offset_s: float) -> tuple[Aligned, ...]:
    """The utterances at their pages, pieces of one breath together; cues of a file that has them in another
    order than that of their times are not.

    ``offset_s``: how long after the beginning of the briefing the recording began (of a transcript with times
    of the day: by how much its clock was slow).
    """
    midnight = facts.began.replace(hour=0, minute=0, second=0, microsecond=0)
    zero = (midnight if transcript.of_day else facts.began) + timedelta(seconds=offset_s)
    times = [each.at for each in facts.turns]
    made: list[Aligned] = []
    last = 0.0
    for n, each in enumerate(transcript.utterances):
        at = None if each.at is None else zero + timedelta(seconds=each.at)
        place = None if at is None else _shown(facts.turns, times, at)
        near = each.at is not None and 0 <= each.at - last <= NEAR_S
        last = each.at or last
        if made and near and _joins(made[-1], each.speaker, place, each.text):
            made[-1] = replace(made[-1], text=_joined(made[-1].text, each.text))
        else:
            made.append(Aligned(at, place, each.speaker, each.text, n))
    return tuple(made)


def _shown(turns: Sequence[Turned], times: Sequence[datetime], at: datetime) -> Place | None:
    n = bisect_right(times, at) - 1
    return turns[n].place if n >= 0 else None


def _joins(former: Aligned, speaker: str, place: Place | None, text: str) -> bool:
    if (former.speaker, former.place) != (speaker, place) or len(former.text) + len(text) > ITEM_SIGNS:
        return False
    return bool(speaker) or not former.text.endswith(("。", "？", "?", "."))


def _joined(former: str, text: str) -> str:
    between = " " if former[-1:].isascii() and text[:1].isascii() else ""
    return f"{former}{between}{text}"


# --- in the record ----------------------------------------------------------------------------------------


def with_transcript(record: Record, file: str, said: Sequence[Aligned], *, sentences: bool) -> Record:
    """The record with these as items (発言), marked as coming from ``file``; where that file was taken in
    before they take its place. ``sentences``: each is a sentence of the outline as well."""
    record = without_transcript(record, file)
    facts, first = record.facts, len(record.facts.minutes)
    items = tuple(
        MinutesFact(Kind.SAID, each.text, each.at, each.place, each.speaker, imported=file)
        for each in said[:ITEMS_LIMIT]
    )
    after = replace(facts, minutes=facts.minutes + items)
    if not sentences:
        return record.changed(after)
    told = [
        Sentence(Section.OUTLINE, said_of(item, after), item.at, item.place, n)
        for n, item in enumerate(items, first)
    ]
    outline = _merged(record.section(Section.OUTLINE), told)
    rest = tuple(each for each in record.sentences if each.section is not Section.OUTLINE)
    return record.changed(after, (*outline, *rest))


def without_transcript(record: Record, file: str) -> Record:
    """The record as if that file had never been taken in; nothing else of it changes."""
    kept = [n for n, item in enumerate(record.facts.minutes) if item.imported != file]
    if len(kept) == len(record.facts.minutes):
        return record
    number = {former: n for n, former in enumerate(kept)}
    sentences = tuple(
        replace(each, item=None if each.item is None else number[each.item])
        for each in record.sentences
        if each.item is None or each.item in number
    )
    minutes = tuple(record.facts.minutes[n] for n in kept)
    return record.changed(replace(record.facts, minutes=minutes), sentences)


def transcripts_in(record: Record) -> tuple[str, ...]:
    """The files that were taken in."""
    return tuple(dict.fromkeys(item.imported for item in record.facts.minutes if item.imported))


def _merged(there: Sequence[Sentence], new: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """What was there keeps its order, which people may have made; new ones stand before the first that is
    later, those without a time at the end."""
    timed = sorted((each for each in new if each.at is not None), key=lambda each: each.at or datetime.min)
    made: list[Sentence] = []
    for each in there:
        while timed and each.at is not None and (timed[0].at or datetime.min) < each.at:
            made.append(timed.pop(0))
        made.append(each)
    return (*made, *timed, *(each for each in new if each.at is None))
