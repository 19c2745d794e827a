"""Marks on a page: who may do what with whose, and what the bytes of a stroke are."""

from __future__ import annotations

from random import Random

import msgspec
import pytest

from protocol.authority import Authority
from protocol.changes import InkChanged, PeersChanged, PresenceSeen
from protocol.codec import decode_control, encode
from protocol.errors import PeerFault, Reason, Refusal
from protocol.ink import (
    Colour,
    MarkId,
    NewMark,
    Pen,
    Placement,
    Stroke,
    Tool,
    Words,
    packed,
    placed,
    unpacked,
)
from protocol.messages import Submit
from protocol.ops import Draw, Erase, MoveMarks, Reanchor
from protocol.presence import Wet
from protocol.replica import Replica
from protocol.snapshot import read_snapshot, snapshot
from protocol.values import OWNER, OpId, Role
from tests.protocol.values import A4, Pair, offer

RED = Pen(Tool.PEN, Colour.RED, 150)
PAGE = 1


def stroke(x: int = 5_000, y: int = 5_000) -> Stroke:
    return Stroke(RED, x, y, packed([x, x + 300, x + 700], [y, y + 10, y - 20]))


def draw(n: int, *, page_id: int = PAGE, erased: tuple[MarkId, ...] = ()) -> Draw:
    return Draw(page_id, 1, 0, (NewMark(n, stroke()),), erased)


def room(*roles: Role) -> Pair:
    pair = Pair(*roles, writing=True)
    pair.authority.edit(offer(1, 0, 3))
    pair.move()
    return pair


def seen(side: Authority | Replica, page_id: int | None = PAGE) -> list[MarkId]:
    return [drawn.id for drawn in side.briefing.ink.seen(page_id)]


def test_points_come_back_as_they_were_also_from_far_apart() -> None:
    random = Random(1)
    for _ in range(200):
        xs = [random.randint(-200_000, 200_000) for _ in range(random.randint(1, 30))]
        ys = [random.randint(-99, 99) for _ in xs]
        points = list(zip(*unpacked(xs[0], ys[0], packed(xs, ys)), strict=True))
        kept = iter(points)
        assert all(point in kept for point in zip(xs, ys, strict=True)), (
            "in their order, perhaps with more between"
        )
        assert points[-1] == (xs[-1], ys[-1])


def test_a_point_of_handwriting_takes_four_bytes() -> None:
    xs = list(range(0, 20_000, 40))
    wet = encode(Wet(PAGE, 1, RED, False, 0, 0, packed(xs, xs)))
    assert len(wet) <= 4 * len(xs) + 20


@pytest.mark.parametrize(
    "mark",
    [
        Stroke(RED, 0, 0, packed([0, int(A4[0] * 1.5)], [0, 0])),
        Stroke(RED, -A4[0], 0),
        Stroke(RED, 0, 0, bytes(4), bytes(3)),
        Stroke(RED, 0, 0, bytes(5)),
        Words(False, Colour.BLACK, 1_000, A4[0] * 2, 0, 0, "外"),
    ],
)
@pytest.mark.bad_input(row=37)
def test_a_mark_beside_the_page_or_of_half_a_step_is_refused(mark: Stroke | Words) -> None:
    pair = room()
    with pytest.raises(Refusal, match=Reason.OUTSIDE_PAGE):
        pair.authority.edit(Draw(PAGE, 1, 0, (NewMark(0, mark),)))
    assert not seen(pair.authority)


@pytest.mark.bad_input(row=37)
def test_a_stroke_that_fills_the_page_over_and_over_is_refused() -> None:
    """It decodes, and would hold up every wall that paints it."""
    pair, (width, height) = room(), A4
    across = [0, width] * 1_000
    long = Stroke(RED, 0, 0, packed(across, [height * n // 2_000 for n in range(2_000)]))
    with pytest.raises(Refusal, match=Reason.TOO_LONG):
        pair.authority.edit(Draw(PAGE, 1, 0, (NewMark(0, long),)))
    assert not seen(pair.authority)


@pytest.mark.bad_input(row=37)
def test_a_stroke_of_a_million_points_or_a_width_of_a_billion_does_not_decode() -> None:
    long = Draw(PAGE, 1, 0, (NewMark(0, Stroke(RED, 0, 0, bytes(4_000_000))),))
    wide = Draw(PAGE, 1, 0, (NewMark(0, Stroke(Pen(Tool.PEN, Colour.RED, 10**9), 0, 0)),))
    for op in (long, wide):
        frame = msgspec.msgpack.encode(Submit(OpId(1, 0), 0, op))
        with pytest.raises(PeerFault):
            decode_control(frame)


@pytest.mark.bad_input(row=38)
def test_words_hold_no_controls_and_no_turned_writing() -> None:
    words = Words(False, Colour.BLACK, 1_000, 0, 0, 9_000, "金額\u202e逆")
    with pytest.raises(Refusal, match=Reason.CHARACTERS):
        room().authority.edit(Draw(PAGE, 1, 0, (NewMark(0, words),)))


def test_an_annotator_and_a_wall_erase_and_move_their_own_marks_only() -> None:
    pair = room(Role.ANNOTATOR, Role.DISPLAY, Role.PRESENTER)
    pair.authority.edit(draw(0))
    owners = MarkId(OWNER, 0)
    for peer in (1, 2):
        pair.replicas[peer].edit(draw(0))
        pair.move()
        replica = pair.replicas[peer]
        for op in (
            Erase(PAGE, (owners,)),
            Erase(PAGE, (), (owners,)),
            MoveMarks(PAGE, (owners, MarkId(peer, 0)), 5, 5),
            draw(1, erased=(owners,)),
        ):
            with pytest.raises(Refusal, match=Reason.NOT_ALLOWED):
                replica.edit(op)
            # A forged one that its own program did not stop.
            pair.authority.receive(peer, Submit(OpId(peer, 900), 0, op), pair.now)
        replica.edit(MoveMarks(PAGE, (MarkId(peer, 0),), 5, 5))
    pair.replicas[3].edit(Erase(PAGE, (owners, MarkId(1, 0))))
    pair.move()
    assert seen(pair.authority) == seen(pair.replicas[1]) == [MarkId(2, 0)]


def test_a_display_without_touch_draws_nothing() -> None:
    pair = Pair(Role.DISPLAY)
    pair.authority.edit(offer(1, 0, 3))
    pair.move()
    with pytest.raises(Refusal, match=Reason.NOT_ALLOWED):
        pair.replicas[1].edit(draw(0))


def test_undo_takes_back_the_own_strokes_one_by_one_without_limit_and_nobody_elses() -> None:
    pair = room(Role.ANNOTATOR)
    mine = pair.replicas[1]
    for n in range(300):
        mine.edit(draw(n))
        pair.authority.edit(draw(n))
    pair.move()
    for n in reversed(range(300)):
        mine.undo()
        assert seen(mine)[-1:] != [MarkId(1, n)]
    assert mine.undo() == ()
    pair.move()
    assert seen(pair.authority) == [MarkId(OWNER, n) for n in range(300)]
    for _ in range(300):
        mine.redo()
    pair.move()
    assert len(seen(pair.authority)) == 600


def test_undo_of_a_stroke_that_somebody_erased_goes_on_to_the_one_before() -> None:
    pair = room(Role.ANNOTATOR)
    mine = pair.replicas[1]
    mine.edit(draw(0))
    mine.edit(draw(1))
    pair.move()
    pair.authority.edit(Erase(PAGE, (MarkId(1, 1),)))
    pair.move()
    mine.undo()
    pair.move()
    assert seen(pair.authority) == []


def test_undo_brings_back_what_was_erased_and_moved_as_it_was() -> None:
    pair = room()
    owner = pair.authority
    owner.edit(draw(0))
    whole = owner.briefing.ink
    owner.edit(MoveMarks(PAGE, (MarkId(OWNER, 0),), 700, -300))
    owner.edit(draw(1, erased=(MarkId(OWNER, 0),)))
    assert seen(owner) == [MarkId(OWNER, 1)]
    owner.undo()
    owner.undo()
    assert owner.briefing.ink.at(PAGE)[MarkId(OWNER, 0)] == whole.at(PAGE)[MarkId(OWNER, 0)]
    assert seen(owner) == [MarkId(OWNER, 0)]


def test_the_same_number_twice_is_refused_also_when_its_mark_was_erased() -> None:
    owner = room().authority
    owner.edit(draw(0))
    owner.undo()
    with pytest.raises(Refusal, match=Reason.ALREADY_THERE):
        owner.edit(draw(0, page_id=2))


def test_a_new_edition_moves_marks_to_another_page_and_to_the_tray() -> None:
    pair = room(Role.DISPLAY)
    owner = pair.authority
    owner.edit(draw(0))
    turned = Placement(0, 10_000, -10_000, 0, 20_000, 0)
    owner.edit(Reanchor(PAGE, 2, (MarkId(OWNER, 0),), turned))
    assert (seen(owner), seen(owner, 2)) == ([], [MarkId(OWNER, 0)])
    assert placed(owner.briefing.ink.at(2)[MarkId(OWNER, 0)].placement, 100, 0) == (20_000, 100)
    owner.edit(Reanchor(2, None, (MarkId(OWNER, 0),), turned))
    pair.move()
    assert seen(pair.replicas[1], None) == [MarkId(OWNER, 0)]
    with pytest.raises(Refusal, match=Reason.UNKNOWN_MARK):
        owner.edit(Erase(PAGE, (MarkId(OWNER, 0),)))


def test_a_late_joiner_gets_all_of_it_in_a_snapshot() -> None:
    owner = room().authority
    owner.edit(draw(0))
    owner.edit(draw(1, erased=(MarkId(OWNER, 0),)))
    owner.edit(Reanchor(PAGE, None, (MarkId(OWNER, 0),), Placement(1, 2, 3, 4, 5, 6)))
    read = read_snapshot(snapshot(owner.briefing))
    assert (read.ink, read.names) == (owner.briefing.ink, owner.briefing.names)


def test_new_marks_are_told_as_such_so_that_they_are_painted_on_top() -> None:
    owner = room().authority
    assert owner.edit(draw(0)) == (InkChanged(PAGE, (MarkId(OWNER, 0),), True),)
    (changed,) = owner.edit(draw(1, erased=(MarkId(OWNER, 0),)))
    assert isinstance(changed, InkChanged)
    assert not changed.only_new


def test_no_piece_of_a_wet_stroke_takes_the_place_of_another_in_the_queue() -> None:
    pair = room(Role.ANNOTATOR, Role.DISPLAY)
    pieces = [Wet(PAGE, 7, RED, n == 0, n, n, packed([n, n + 1], [n, n + 1])) for n in range(5)]
    for piece in pieces:
        pair.replicas[1].present(piece)
    pair.up(1)
    told = [message.presence for message in pair.authority.outbox(2).take(10**6)]
    assert told == pieces


def test_a_stroke_under_way_goes_with_the_link_of_its_pen_unless_its_mark_has_come() -> None:
    pair = room(Role.ANNOTATOR, Role.DISPLAY)
    for n in range(2):
        pair.replicas[1].present(Wet(PAGE, n, RED, True, 5, 5, packed([5, 6], [5, 6])))
    pair.replicas[1].edit(draw(0))
    pair.move()
    void = PresenceSeen(1, Wet(PAGE, 1, RED, True, 5, 5, b""))
    assert pair.authority.disconnect(1, pair.now) == (void,)
    told = [message.presence for message in pair.authority.outbox(2).take(10**6)]
    assert told == [void.presence]
    assert pair.authority.leave(1, pair.now) == (PeersChanged(),), "once"
