"""Which one-page papers are made and told, and in which order."""

from __future__ import annotations

from protocol.messages import StandIn
from protocol.transport.stand_ins import GuestPapers, StandIns
from protocol.values import PageRef

PAPER = bytes(32)
AROUND = (PageRef(PAPER, 5), PageRef(PAPER, 6), PageRef(PAPER, 4))


def stand_in(ref: PageRef) -> StandIn:
    return StandIn(ref, bytes([ref.index]) * 32, 1_000, 96_000, 54_000)


def test_neighbours_are_made_when_the_page_in_view_has_gone_out_to_every_wall() -> None:
    made, walls = StandIns(), (GuestPapers(), GuestPapers())
    assert made.to_make(AROUND, walls) == AROUND[:1]
    assert made.to_make(AROUND, walls) == (), "asked for twice"
    first = stand_in(AROUND[0])
    made.add(first)
    assert [made.to_tell(AROUND, wall) for wall in walls] == [(first,), (first,)]
    walls[0].whole.add(first.sha256)
    assert made.to_make(AROUND, walls) == (), "the second wall still waits for its page"
    walls[1].whole.add(first.sha256)
    assert made.to_make(AROUND, walls) == AROUND[1:]


def test_a_wall_that_has_the_paper_needs_none() -> None:
    made, has = StandIns(), GuestPapers(whole={PAPER})
    assert made.to_make(AROUND, (has,)) == ()
    made.add(stand_in(AROUND[0]))
    assert made.to_tell(AROUND, has) == ()


def test_neighbours_do_not_wait_for_a_participant_that_is_slow() -> None:
    stand_ins, wall, slow = StandIns(), GuestPapers(), GuestPapers()
    (first, *others) = AROUND
    assert stand_ins.to_make(AROUND, [wall], [slow]) == (first,)
    wall.whole.add(first.blob)
    assert stand_ins.to_make(AROUND, [wall], [slow]) == tuple(others)
