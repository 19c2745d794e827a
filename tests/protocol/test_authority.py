"""The floor, and what the session owner tells everybody."""

from __future__ import annotations

import pytest

from protocol import messages as m
from protocol.authority import Authority
from protocol.changes import PresenceSeen, RegisterSet
from protocol.errors import Reason, Refusal
from protocol.ops import AddItem, NewEdition, OfferPaper, RemoveItem, SpliceText
from protocol.presence import Pointer, Position
from protocol.registers import SetFloor, SetTimer, SetViewing, ShowView
from protocol.texts import splice
from protocol.values import OWNER, OpId, Role, Viewing
from tests.protocol.authority_rooms import ITEM, TURN, room, said
from tests.protocol.values import WHOLE, blob, page, view

# --- the floor --------------------------------------------------------------------------------------------


def test_only_who_has_the_floor_turns_the_page() -> None:
    pair = room(Role.PRESENTER)
    with pytest.raises(Refusal) as refused:
        pair.replicas[1].set(TURN)
    assert refused.value.reason is Reason.NOT_PRESENTING
    assert pair.authority.give_floor(1, 0.0) == (RegisterSet(SetFloor(1)),)
    pair.move()
    assert pair.replicas[1].set(TURN) == (RegisterSet(TURN),)
    pair.move()
    assert pair.authority.briefing.registers.view == view(1)
    with pytest.raises(Refusal):
        pair.authority.set(ShowView(view(2)), 0.0)
    pair.authority.take_floor(0.0)
    pair.authority.set(ShowView(view(2)), 0.0)
    pair.move()
    assert pair.replicas[1].briefing.registers.view == view(2)


def test_a_wish_that_came_too_late_is_taken_back() -> None:
    pair = room(Role.PRESENTER)
    pair.authority.give_floor(1, 0.0)
    pair.move()
    pair.authority.take_floor(0.0)
    pair.replicas[1].set(TURN)
    pair.up(1)
    assert pair.authority.briefing.registers.view is None
    pair.move()
    assert pair.replicas[1].briefing.registers.view is None


def test_a_dead_holder_holds_nothing_up() -> None:
    for gone in (Authority.disconnect, Authority.leave):
        pair = room(Role.PRESENTER)
        pair.authority.give_floor(1, 0.0)
        assert RegisterSet(SetFloor(OWNER)) in gone(pair.authority, 1, 0.0)
        pair.authority.set(TURN, 0.0)


def test_the_floor_goes_to_a_presenter_who_is_there() -> None:
    pair = room(Role.ANNOTATOR, Role.PRESENTER)
    pair.authority.disconnect(2, 0.0)
    for peer in (1, 2):
        with pytest.raises(Refusal):
            pair.authority.give_floor(peer, 0.0)
    with pytest.raises(Refusal):
        pair.authority.set(SetFloor(1), 0.0)
    assert pair.authority.briefing.registers.floor == OWNER


def test_who_loses_the_presenters_role_loses_the_floor() -> None:
    pair = room(Role.PRESENTER)
    pair.authority.give_floor(1, 0.0)
    pair.authority.grant(1, Role.PARTICIPANT, 0.0)
    assert pair.authority.briefing.registers.floor == OWNER


# --- what everybody is told -------------------------------------------------------------------------------


def test_a_view_is_one_message_for_all() -> None:
    pair = room(Role.DISPLAY, Role.DISPLAY, Role.PARTICIPANT)
    pair.authority.set(TURN, 0.0)
    (first,), (second,), (third,) = (pair.authority.outbox(peer).take(10**6) for peer in (1, 2, 3))
    assert first is second is third


def test_fifty_flips_are_one_message_to_who_was_busy() -> None:
    pair = room(Role.DISPLAY)
    for n in range(50):
        pair.authority.set(ShowView(view(n % 3)), 0.0)
    assert pair.authority.outbox(1).take(10**6) == [m.Set(50, ShowView(view(1)))]


def test_positions_are_for_the_owner_and_pointers_for_all_others() -> None:
    pair = room(Role.DISPLAY, Role.ANNOTATOR, Role.DISPLAY)
    pair.replicas[1].present(Position(True, 0, WHOLE, True))
    pair.replicas[2].present(Pointer(0, 5, 5))
    assert pair.up(1) == (PresenceSeen(1, Position(True, 0, WHOLE, True)),)
    assert pair.up(2) == (PresenceSeen(2, Pointer(0, 5, 5)),)
    assert [pair.down(peer) for peer in (1, 2, 3)] == [
        (PresenceSeen(2, Pointer(0, 5, 5)),),
        (),
        (PresenceSeen(2, Pointer(0, 5, 5)),),
    ]


def test_a_running_timer_is_as_late_as_the_joiner() -> None:
    pair = room()
    pair.authority.set(SetTimer(1_000, 60_000, True, 40_000), 10.0)
    pair.now = 15.5
    peer = pair.arrive(Role.DISPLAY)
    assert pair.replicas[peer].briefing.registers.timer == SetTimer(6_500, 60_000, True, 40_000)


def test_a_recovered_log_goes_on_under_another_epoch() -> None:
    pair = room(Role.ANNOTATOR)
    pair.replicas[1].edit(splice(ITEM, 0, 0, "x"))
    pair.authority.set(TURN, 0.0)
    pair.move()
    was = pair.authority.briefing
    again = Authority(b"another epoch 16", pair.authority.log, was.registers)
    assert again.briefing.items == was.items
    assert again.briefing.papers == was.papers
    assert again.briefing.registers.view == view(1)
    assert again.admit(Role.DISPLAY) == 2, "the ids of the old log stay taken"
    again.edit(OfferPaper(2, "", blob("b"), (page(again.briefing.next_page_id, "b"),)))
    assert again.log[-1].id.n == 2


def test_splices_of_two_authors_are_rebased_in_the_authoritys_order() -> None:
    pair = room(Role.ANNOTATOR)
    pair.authority.edit(splice(ITEM, 0, 0, "「"))
    pair.authority.receive(1, m.Submit(OpId(1, 0), 2, splice(ITEM, 3, 0, "」")), 0.0)
    assert pair.authority.log[-1].op == SpliceText(ITEM, (4, "」"))
    assert pair.authority.briefing.items[ITEM].text == "「あいう」"


def test_a_splice_of_a_text_that_went_meanwhile_is_refused_even_if_it_came_back() -> None:
    pair = room(Role.ANNOTATOR)
    pair.authority.edit(RemoveItem(ITEM))
    pair.authority.edit(AddItem(ITEM, None, "別の文"))
    answer = said(pair, 1, m.Submit(OpId(1, 0), 2, splice(ITEM, 3, 0, "え")))
    assert m.Refused(OpId(1, 0), "unknown_item") in answer


def test_a_recovered_view_of_a_page_that_is_gone_and_a_timer_that_ran_do_no_harm() -> None:
    pair = room()
    pair.authority.set(TURN, 0.0)
    pair.authority.set(SetTimer(7_000, 60_000, True), 0.0)
    pair.authority.edit(NewEdition(1, 1, 1, 1, (), ()))
    again = Authority(b"another epoch 16", pair.authority.log, pair.authority.briefing.registers)
    assert again.briefing.registers.view is None
    assert again.briefing.registers.timer == SetTimer(7_000, 60_000, False)


def test_a_wish_on_its_way_while_the_role_is_taken_is_answered() -> None:
    pair = room(Role.PRESENTER)
    pair.authority.give_floor(1, 0.0)
    pair.move()
    pair.authority.grant(1, Role.ANNOTATOR, 10.0)
    pair.now = 11.0
    pair.replicas[1].set(TURN)
    pair.move()
    assert pair.authority.briefing.registers.view is None
    assert pair.replicas[1].briefing.registers.view is None


@pytest.mark.parametrize(
    ("viewing", "may"),
    [
        (Viewing.FREE, [True, True, True]),
        (Viewing.LOCKED, [False, True, False]),
        (Viewing.NOT_AHEAD, [True, True, False]),
    ],
)
def test_what_one_may_look_at_on_ones_own_follows_what_is_presented(
    viewing: Viewing, may: list[bool]
) -> None:
    pair = room(Role.PARTICIPANT)
    pair.authority.set(SetViewing(viewing), 0.0)
    pair.authority.set(TURN, 0.0)
    pair.move()
    assert [pair.replicas[1].briefing.may_look_at(page_id) for page_id in range(3)] == may
    assert not (viewing is Viewing.NOT_AHEAD and pair.authority.briefing.may_look_at(77))
