"""Corrections: their numbers, their states, and the wording that several people type."""

from __future__ import annotations

import pytest

from protocol.authority import Authority
from protocol.changes import OpRefused
from protocol.corrections import CorrectionState
from protocol.errors import Reason, Refusal
from protocol.messages import Submit
from protocol.ops import (
    AssignCorrection,
    NewEdition,
    OpenCorrection,
    PlaceCorrection,
    RemoveItem,
    SetCorrection,
)
from protocol.replica import Replica
from protocol.snapshot import read_snapshot, snapshot
from protocol.texts import splice
from protocol.values import OpId, Rect, Role
from tests.protocol.values import A4, Pair, blob, offer, page

STATE = CorrectionState
PLACE = (Rect(1_000, 1_000, 5_000, 2_000),)
PAGE = 1


def asked(item: int, text: str = "") -> OpenCorrection:
    return OpenCorrection(item, PAGE, 1, PLACE, "補正額", text, 0)


def room(*roles: Role) -> Pair:
    pair = Pair(*roles, writing=True)
    pair.authority.edit(offer(1, 0, 3))
    pair.move()
    return pair


def edition(base: int, *, settles: tuple[int, ...] = ()) -> NewEdition:
    name = f"edited {base}"
    return NewEdition(1, base, PAGE, 1, (page(PAGE, name),), (blob(name),), settles, when=9)


def state(side: Authority | Replica, item: int) -> CorrectionState:
    return side.briefing.corrections[item].state


def test_numbers_go_by_the_log_and_a_withdrawn_one_keeps_its_own() -> None:
    pair = room(Role.ANNOTATOR, Role.DISPLAY)
    pair.replicas[1].edit(asked(11))
    pair.replicas[2].edit(asked(12))
    pair.up(2)
    pair.move()
    pair.replicas[2].edit(SetCorrection(12, STATE.WITHDRAWN, 5))
    pair.authority.edit(asked(13))
    pair.move()
    for side in (pair.authority, *pair.replicas.values()):
        numbers = {item: each.number for item, each in side.briefing.corrections.items()}
        assert numbers == {12: 1, 11: 2, 13: 3}


def test_an_edition_settles_and_its_undo_opens_again_with_the_former_page() -> None:
    owner = room().authority
    owner.edit(asked(11, "補正予算額"))
    former = owner.briefing.page(PAGE)[2]
    owner.edit(SetCorrection(11, STATE.TYPING, 3))
    owner.edit(edition(1, settles=(11,)))
    done = owner.briefing.corrections[11]
    assert (done.state, done.settled, done.state_when) == (STATE.DONE, 2, 9)
    owner.undo()
    assert (state(owner, 11), owner.briefing.corrections[11].settled) == (STATE.OPEN, 0)
    assert owner.briefing.page(PAGE)[2] == former
    owner.redo()
    assert (state(owner, 11), owner.briefing.corrections[11].settled) == (STATE.DONE, 4)


@pytest.mark.parametrize("how", [STATE.DONE, STATE.WITHDRAWN])
def test_a_settled_wording_is_typed_no_more_and_what_came_late_goes_back(how: CorrectionState) -> None:
    pair = room(Role.ANNOTATOR)
    pair.authority.edit(asked(11, "額"))
    pair.move()
    pair.replicas[1].edit(splice(11, 1, 0, "円"))
    pair.authority.edit(edition(1, settles=(11,)) if how is STATE.DONE else SetCorrection(11, how, 4))
    pair.up(1)
    told = pair.down(1)
    assert [change.reason for change in told if isinstance(change, OpRefused)] == [Reason.SETTLED]
    assert pair.authority.briefing.items[11].text == pair.replicas[1].briefing.items[11].text == "額"


def test_two_type_in_the_same_wording_and_both_survive_in_order() -> None:
    pair = room(Role.ANNOTATOR, Role.ANNOTATOR)
    pair.authority.edit(asked(11))
    pair.move()
    for at, (one, two) in enumerate(zip("令和八年", "補正予算", strict=True)):
        pair.replicas[1].edit(splice(11, at, 0, one))
        pair.replicas[2].edit(splice(11, at, 0, two))
    pair.move()
    text = pair.authority.briefing.items[11].text
    assert text == pair.replicas[1].briefing.items[11].text == pair.replicas[2].briefing.items[11].text
    assert [each for each in text if each in "令和八年"] == list("令和八年")
    assert [each for each in text if each in "補正予算"] == list("補正予算")


def test_confirmed_only_after_done_and_typed_only_while_open() -> None:
    owner = room().authority
    owner.edit(asked(11))
    with pytest.raises(Refusal, match=Reason.NOT_ALLOWED):
        owner.edit(SetCorrection(11, STATE.CONFIRMED, 0))
    owner.edit(SetCorrection(11, STATE.DONE, 0))
    with pytest.raises(Refusal, match=Reason.SETTLED):
        owner.edit(SetCorrection(11, STATE.TYPING, 0))
    owner.edit(SetCorrection(11, STATE.CONFIRMED, 0))
    with pytest.raises(Refusal, match=Reason.SETTLED):
        owner.edit(edition(1, settles=(11,)))


def test_what_others_than_the_presenter_may_do_with_a_correction() -> None:
    pair = room(Role.ANNOTATOR, Role.DISPLAY, Role.PARTICIPANT)
    pair.authority.edit(asked(11))
    pair.move()
    for peer in (1, 2):
        for op in (SetCorrection(11, STATE.WITHDRAWN, 0), SetCorrection(11, STATE.DONE, 0)):
            with pytest.raises(Refusal, match=Reason.NOT_ALLOWED):
                pair.replicas[peer].edit(op)
            pair.authority.receive(peer, Submit(OpId(peer, 900), 0, op), pair.now)
    assert state(pair.authority, 11) is STATE.OPEN
    with pytest.raises(Refusal, match=Reason.NOT_ALLOWED):
        pair.replicas[3].edit(asked(12))
    pair.authority.edit(SetCorrection(11, STATE.DONE, 0))
    pair.move()
    pair.replicas[2].edit(SetCorrection(11, STATE.CONFIRMED, 0))
    pair.move()
    assert state(pair.authority, 11) is STATE.CONFIRMED


def test_the_text_of_a_correction_cannot_be_removed_under_it() -> None:
    owner = room().authority
    owner.edit(asked(11))
    with pytest.raises(Refusal, match=Reason.NOT_ALLOWED):
        owner.edit(RemoveItem(11))
    owner.undo()
    assert (state(owner, 11), 11 in owner.briefing.items) == (STATE.WITHDRAWN, True)


def test_undo_of_a_state_is_the_former_one_and_passes_typing_over() -> None:
    owner = room().authority
    owner.edit(asked(11))
    owner.edit(SetCorrection(11, STATE.TYPING, 0))
    owner.edit(SetCorrection(11, STATE.OPEN, 0))
    owner.edit(SetCorrection(11, STATE.DONE, 0))
    owner.undo()
    assert state(owner, 11) is STATE.OPEN
    owner.undo()
    assert state(owner, 11) is STATE.WITHDRAWN


def test_what_was_done_by_a_note_is_said_so_until_it_is_open_again() -> None:
    owner = room().authority
    noted = lambda: owner.briefing.corrections[11].noted  # noqa: E731
    owner.edit(asked(11))
    owner.edit(SetCorrection(11, STATE.TYPING, 0))
    owner.edit(SetCorrection(11, STATE.DONE, 0, noted=True))
    for each in (STATE.CONFIRMED, STATE.DONE):
        owner.edit(SetCorrection(11, each, 0))
        assert noted()
    for _ in range(3):
        owner.undo()
    assert (state(owner, 11), noted()) == (STATE.OPEN, False), "a note is a person's decision"
    owner.redo()
    assert (state(owner, 11), noted()) == (STATE.DONE, True)
    owner.undo()
    owner.edit(SetCorrection(11, STATE.DONE, 0))
    owner.edit(SetCorrection(11, STATE.CONFIRMED, 0, noted=True))
    assert not noted(), "it was declared done by hand"


def test_a_place_beside_the_page_is_refused() -> None:
    owner = room().authority
    beside = OpenCorrection(11, PAGE, 1, (Rect(0, 0, A4[0] * 2, 500),), "", "", 0)
    with pytest.raises(Refusal, match=Reason.OUTSIDE_PAGE):
        owner.edit(beside)
    assert 11 not in owner.briefing.items


def test_a_late_joiner_gets_them_in_a_snapshot() -> None:
    owner = room().authority
    owner.edit(asked(11, "予算額"))
    owner.edit(AssignCorrection(11, "佐藤", "12月1日"))
    owner.edit(PlaceCorrection(11, None, 2, ()))
    owner.edit(edition(1, settles=(11,)))
    assert read_snapshot(snapshot(owner.briefing)).corrections == owner.briefing.corrections
