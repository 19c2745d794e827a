"""What is read back of a journal: everything up to the first record that does not fit."""

from __future__ import annotations

import pytest

from protocol.authority import Authority
from protocol.journal import Chain, Content, entry, read
from protocol.messages import Committed
from protocol.model import Briefing
from protocol.registers import Registers, SetScreen, ShowView, replaced
from protocol.texts import splice
from protocol.values import OWNER, OpId, Screen
from tests.protocol.values import EPOCH, offer, view

MORNING = 1_793_500_000_000


def briefing() -> Authority:
    authority = Authority(EPOCH)
    authority.edit(offer(1, 0, 3))
    authority.set(ShowView(view(2)), 0.0)
    authority.set(SetScreen(Screen.SHOW), 0.0)
    return authority


def records(authority: Authority) -> list[bytes]:
    chain = Chain()
    noted = replaced(Registers(), ShowView(view(0)), 1)
    told = [*authority.log, noted, authority.briefing.registers]
    return [chain.add(entry(each, MORNING + n)) for n, each in enumerate(told)]


def test_a_journal_gives_back_the_log_and_the_newest_registers() -> None:
    authority = briefing()
    content = read(records(authority))
    assert content.log == tuple(authority.log)
    assert content.registers == authority.briefing.registers
    assert [each.at - MORNING for each in content.entries] == [0, 1, 2]
    again = Authority(b"another epoch 16", content.log, content.registers)
    assert again.briefing.papers == authority.briefing.papers
    assert again.briefing.registers.view == view(2)
    assert again.briefing.registers.screen is Screen.SHOW


def test_a_journal_goes_on_where_it_ended() -> None:
    authority = briefing()
    former = records(authority)
    more = Committed(2, OpId(OWNER, 1), splice(1, 0, 0, "x"))
    record = Chain(read(former).last).add(entry(more, MORNING))
    assert read([*former, record]).log[-1] == more
    assert read([*former, Chain().add(entry(more, MORNING))]).log == tuple(authority.log), "another journal's"


def test_one_changed_byte_anywhere_leaves_what_was_before_it() -> None:
    good = records(briefing())
    for at, record in enumerate(good):
        for place in range(len(record)):
            flipped = bytearray(record)
            flipped[place] ^= 1
            content = read([*good[:at], bytes(flipped), *good[at + 1 :]])
            assert content.entries == read(good).entries[:at], (at, place)


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2), (0, 0, 1, 2), (2,)])
def test_a_record_that_was_moved_taken_out_or_repeated_ends_the_reading(order: tuple[int, ...]) -> None:
    good = records(briefing())
    content = read([good[at] for at in order])
    kept = next((n for n, at in enumerate(order) if at != n), len(order))
    assert content.entries == read(good).entries[:kept]


@pytest.mark.parametrize("torn", [b"", b"x", bytes(32), bytes(40)])
def test_a_torn_record_is_no_record(torn: bytes) -> None:
    good = records(briefing())
    assert read([*good, torn]).entries == read(good).entries
    assert read([torn]) == Content((), bytes(32))


def test_nothing_written_is_nothing_told() -> None:
    content = read([])
    assert (content.log, content.registers) == ((), None)
    assert Authority(EPOCH, content.log, content.registers).briefing == Briefing(EPOCH)
