"""From a journal to facts: who was there, how long each page was seen, what was corrected."""

from __future__ import annotations

from datetime import datetime

import pytest

import assets
from presenter.record.facts import Attendee, How, Place
from presenter.record.gathering import Occasion, facts_of
from protocol.journal import Attended, Chain, Entry, Noted, entry, read
from protocol.model import Briefing
from protocol.registers import Registers, SetScreen, ShowView, replaced
from protocol.values import Rect, Role, Screen, View
from tests.presenter.corrected import corrected

START = 1_795_750_000_000


def when(second: int) -> datetime:
    return datetime.fromtimestamp(START / 1000 + second)


def showing(page_id: int, screen: Screen = Screen.SHOW) -> Noted:
    registers = replaced(Registers(), ShowView(View(page_id, Rect(0, 0, 9, 9))), 1)
    return Noted(replaced(registers, SetScreen(screen), 2))


def test_a_journal_tells_who_was_there_and_how_long_each_page_was_seen() -> None:
    with corrected() as made:
        made.offer(assets.SAMPLE_MEMO, "メモ")
        made.correct(0, "災害", "非常災害", settle=False)
        entries = (
            Entry(START, made.log[0]),
            Entry(START + 1_000, Attended(1, "第三会議室", Role.DISPLAY, True)),
            Entry(START + 2_000, showing(0)),
            Entry(START + 12_000, showing(3)),
            Entry(START + 15_000, Attended(2, "中村", Role.PARTICIPANT, True)),
            Entry(START + 20_000, Attended(2, "中村", Role.PARTICIPANT, False)),
            Entry(START + 22_000, showing(3, Screen.HIDDEN)),
            Entry(START + 30_000, Attended(2, "中村", Role.PARTICIPANT, True)),
            Entry(START + 32_000, showing(0)),
            Entry(START + 35_000, Attended(2, "中村", Role.PARTICIPANT, False)),
        )
        occasion = Occasion("財政課", "佐藤", typed=("副知事",), ended=when(40))
        facts = facts_of(made.briefing, entries, occasion)
    assert facts.attendees == (
        Attendee("財政課 佐藤", How.PRESENTING),
        Attendee("第三会議室", How.ROOM, when(1), when(40)),
        Attendee("中村", How.LINKED, when(15), when(35)),
        Attendee("副知事", How.TYPED),
    )
    assert [(each.place, each.first, each.seconds) for each in facts.page_times] == [
        (Place("メモ", 1), when(2), 18.0),
        (Place("メモ", 4), when(12), 10.0),
    ]
    assert (facts.subject, facts.rooms, facts.began, facts.ended) == (
        "メモ",
        ("第三会議室",),
        when(0),
        when(40),
    )
    (correction,) = facts.corrections
    assert (correction.before, correction.after, correction.by, correction.open) == (
        "災害",
        "非常災害",
        "佐藤",
        True,
    )


def test_who_was_there_is_in_the_chain_like_everything_else() -> None:
    chain = Chain()
    told = Attended(2, "髙𠮷", Role.PARTICIPANT, True)
    content = read([chain.add(entry(told, START)), chain.add(entry(Registers(), START + 1))])
    assert [each.record for each in content.entries] == [told, Noted(Registers())]
    assert content.log == ()


def test_a_briefing_of_which_nothing_was_written_has_no_record() -> None:
    with pytest.raises(ValueError):
        facts_of(Briefing(), (), Occasion())
