"""A follower: what its person sees, what is pending, and what a cut, a snapshot or another log does to it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from protocol import messages as m
from protocol.authority import Authority
from protocol.changes import (
    ItemChanged,
    OpRefused,
    PaperOffered,
    PeersChanged,
    PresenceSeen,
    RegisterSet,
    Reloaded,
)
from protocol.errors import PeerFault, Reason, Refusal
from protocol.ink import Colour, NewMark, Pen, Stroke, Tool, packed
from protocol.model import Briefing
from protocol.ops import AddItem, Draw, NewEdition, RemoveItem, SpliceText
from protocol.pending import PendingEdits
from protocol.presence import Pointer, Position
from protocol.registers import Registers, SetHold, SetScreen, SetWriting, ShowView
from protocol.replica import Replica
from protocol.texts import splice
from protocol.values import OpId, Role, Screen
from tests.protocol.values import EPOCH, WHOLE, Pair, offer, sent, view

ITEM = 5
TURN = ShowView(view(1))
DOT = Stroke(Pen(Tool.PEN, Colour.RED, 150), 100, 100, packed([100], [100]))


def room(*roles: Role, replay: int = 2_000) -> Pair:
    pair = Pair(replay=replay)
    pair.authority.edit(offer(1, 0, 3))
    pair.authority.edit(AddItem(ITEM, 0, ""))
    for role in roles:
        pair.arrive(role)
    return pair


def text(side: Authority | Replica) -> str:
    return side.briefing.items[ITEM].text


# --- joining ----------------------------------------------------------------------------------------------


def test_the_first_thing_seen_is_the_whole_state() -> None:
    pair = room()
    pair.authority.set(TURN, 0.0)
    peer = pair.authority.admit(Role.DISPLAY)
    replica = pair.replicas[peer] = Replica()
    pair.join(peer)
    told = pair.authority.outbox(peer).take(10**6)
    assert [type(message) for message in told] == [m.Welcome, m.CatchUp, m.Committed, m.Committed]
    assert pair.take_in(peer, told[:-1]) == (PeersChanged(),)
    assert replica.briefing.papers == ()
    assert not replica.caught_up
    assert pair.take_in(peer, told[-1:]) == (Reloaded(), RegisterSet(TURN))
    assert replica.caught_up
    assert replica.briefing == pair.authority.briefing


def test_a_view_that_overtakes_its_paper_waits_for_it() -> None:
    pair = room(Role.DISPLAY)
    pair.authority.edit(offer(2, 3, 2))
    pair.authority.set(ShowView(view(4)), 0.0)
    first, second = pair.authority.outbox(1).take(10**6)
    assert (type(first), type(second)) == (m.Set, m.Committed)
    assert pair.take_in(1, [first]) == ()
    assert pair.replicas[1].briefing.registers.view is None
    paper = pair.authority.briefing.papers[1]
    assert pair.take_in(1, [second]) == (PaperOffered(paper), RegisterSet(ShowView(view(4))))


def test_after_a_cut_the_view_comes_before_the_log() -> None:
    pair = room(Role.DISPLAY)
    pair.authority.disconnect(1, 0.0)
    pair.authority.edit(splice(ITEM, 0, 0, "あ"))
    pair.authority.set(TURN, 0.0)
    pair.join(1)
    told = pair.authority.outbox(1).take(10**6)
    assert [type(message) for message in told] == [m.Welcome, m.CatchUp, m.Committed]
    assert pair.take_in(1, told[:1]) == (RegisterSet(TURN),)
    assert pair.take_in(1, told[1:]) == (ItemChanged(ITEM, 0, ("あ",)),)


def test_own_edits_that_come_back_as_they_were_made_are_not_applied_all_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a cut a thousand may wait: applied anew for each that comes back, they held up the window."""
    pair = room(Role.ANNOTATOR, Role.ANNOTATOR)
    pair.authority.set(SetWriting(True), 0.0)
    pair.move()
    replica, other = pair.replicas[1], pair.replicas[2]
    folds: list[int] = []
    fold = PendingEdits.on_top_of

    def counted(edits: PendingEdits, confirmed: Briefing) -> Briefing:
        folds.append(len(edits))
        return fold(edits, confirmed)

    monkeypatch.setattr(PendingEdits, "on_top_of", counted)
    random, total = Random(4), 0
    for round in range(12):
        for n in range(8):
            replica.edit(Draw(0, 1, 0, (NewMark(8 * round + n, DOT),), ()))
        if round % 3 == 1:
            for at in range(3):
                replica.edit(splice(ITEM, at, 0, "あ"))
        if round % 3 == 2:
            other.edit(splice(ITEM, 0, 0, "い"))
        for peer in random.sample((1, 2), 2):
            pair.up(peer)
        for message in pair.authority.outbox(1).take(10**6):
            pair.take_in(1, [message])
            expected = fold(replica._pending, replica._confirmed)
            assert replica.briefing == replace(expected, registers=replica.briefing.registers)
        pair.move()
        total += 8
    assert replica.briefing == pair.authority.briefing
    assert sum(folds) < total


def test_what_comes_before_the_answer_to_join_is_void() -> None:
    pair = room(Role.DISPLAY)
    pair.authority.edit(splice(ITEM, 0, 0, "あ"))
    pair.authority.set(TURN, 0.0)
    late = pair.authority.outbox(1).take(10**6)
    join = pair.replicas[1].join()
    assert pair.take_in(1, late) == ()
    assert text(pair.replicas[1]) == ""
    pair.authority.receive(1, join, 0.0)
    pair.move()
    assert pair.replicas[1].briefing == pair.authority.briefing


def test_an_op_out_of_turn_closes_the_link() -> None:
    pair = room(Role.DISPLAY)
    for revision in (2, 4):
        with pytest.raises(PeerFault, match="4400"):
            pair.replicas[1].receive(m.Committed(revision, OpId(0, 9), RemoveItem(ITEM)))
    with pytest.raises(PeerFault, match="4400"):
        pair.replicas[1].receive(m.Committed(3, OpId(0, 9), RemoveItem(77)))


def test_a_guest_takes_only_what_an_owner_sends() -> None:
    pair = room(Role.DISPLAY)
    for message in (m.Submit(OpId(0, 0), 0, RemoveItem(1)), m.Wish(1, TURN), m.Join(None, 0, False)):
        with pytest.raises(PeerFault, match="4403"):
            pair.replicas[1].receive(message)


# --- snapshots --------------------------------------------------------------------------------------------


def long_room(*roles: Role) -> Pair:
    pair = room(*roles, replay=20)
    for n in range(30):
        pair.authority.edit(splice(ITEM, n, 0, chr(0x3041 + n)))
    pair.authority.edit(NewEdition(1, 1, 1, 1, (), ()))
    pair.authority.set(ShowView(view(2)), 0.0)
    return pair


def load(pair: Pair, peer: int) -> None:
    wanted = pair.replicas[peer].snapshot_wanted
    assert wanted is not None
    data = pair.authority.snapshot(wanted.sha256)
    assert data is not None
    pair.replicas[peer].load(data)


def test_who_lacks_too_much_fetches_a_snapshot_and_joins_from_there() -> None:
    pair = long_room()
    peer = pair.arrive(Role.DISPLAY)
    replica = pair.replicas[peer]
    pair.authority.edit(splice(ITEM, 0, 0, "後"))
    load(pair, peer)
    assert replica.briefing.registers.view == view(2)
    assert not replica.caught_up
    pair.move()
    assert replica.caught_up
    assert replica.briefing == pair.authority.briefing
    assert replica.briefing.nearest_page(1) == 0


def test_who_falls_too_far_behind_gets_a_snapshot_too() -> None:
    pair = long_room(Role.DISPLAY)
    told = pair.authority.outbox(1).take(10**6)
    assert [type(message) for message in told] == [m.SnapshotAt, m.Set], "the log itself waits no more"
    pair.take_in(1, told)
    load(pair, 1)
    pair.move()
    assert pair.replicas[1].briefing == pair.authority.briefing


def test_who_has_edits_of_its_own_gets_the_log_however_long() -> None:
    pair = room(Role.ANNOTATOR, replay=20)
    pair.authority.disconnect(1, 0.0)
    pair.replicas[1].edit(splice(ITEM, 0, 0, "我"))
    for n in range(30):
        pair.authority.edit(splice(ITEM, n, 0, "彼"))
    pair.join(1)
    pair.move()
    assert pair.replicas[1].snapshot_wanted is None
    assert text(pair.authority) == text(pair.replicas[1]) == "彼" * 30 + "我"


def test_edits_made_while_a_snapshot_travels_are_not_lost() -> None:
    pair = room(Role.ANNOTATOR, replay=20)
    pair.authority.disconnect(1, 0.0)
    for n in range(30):
        pair.authority.edit(splice(ITEM, n, 0, "彼"))
    pair.join(1)
    pair.down(1)
    pair.replicas[1].edit(splice(ITEM, 0, 0, "我"))
    load(pair, 1)
    pair.move()
    assert text(pair.authority) == text(pair.replicas[1]) == "彼" * 30 + "我"


def test_a_snapshot_that_is_none_closes_the_link() -> None:
    pair = long_room()
    peer = pair.arrive(Role.DISPLAY)
    random = Random(3)
    with pytest.raises(PeerFault):
        pair.replicas[peer].load(random.randbytes(200))


# --- pending edits ----------------------------------------------------------------------------------------


def test_typing_is_seen_at_once_and_waits_for_its_echo() -> None:
    pair = room(Role.ANNOTATOR)
    replica = pair.replicas[1]
    assert replica.edit(splice(ITEM, 0, 0, "𠮷")) == (ItemChanged(ITEM, 1, ("𠮷",)),)
    replica.edit(splice(ITEM, 1, 0, "野"))
    replica.edit(splice(ITEM, 2, 0, "家"))
    assert (text(replica), replica.pending) == ("𠮷野家", 2)
    assert [type(message) for message in replica.outbox.take(10**6)] == [m.Submit], "one is under way"
    pair.authority.receive(1, m.Submit(OpId(1, 0), 2, SpliceText(ITEM, ("𠮷",))), 0.0)
    assert pair.down(1) == (), "the echo changes nothing that is seen"
    pair.move()
    assert (text(pair.authority), replica.pending) == ("𠮷野家", 0)


def test_edits_of_two_texts_do_not_wait_for_each_other() -> None:
    pair = room(Role.ANNOTATOR)
    pair.replicas[1].edit(AddItem(6, None, ""))
    pair.replicas[1].edit(splice(6, 0, 0, "あ"))
    pair.replicas[1].edit(splice(ITEM, 0, 0, "い"))
    assert len(pair.replicas[1].outbox.take(10**6)) == 3


def test_what_was_under_way_when_the_link_broke_is_neither_lost_nor_doubled() -> None:
    for arrived in (True, False):
        pair = room(Role.ANNOTATOR)
        pair.replicas[1].edit(splice(ITEM, 0, 0, "あ"))
        said = pair.replicas[1].outbox.take(10**6)
        if arrived:
            pair.authority.receive(1, said[0], 0.0)
        pair.authority.disconnect(1, 0.0)
        pair.authority.edit(splice(ITEM, 0, 0, "前"))
        pair.replicas[1].edit(splice(ITEM, 1, 0, "い"))
        pair.join(1)
        pair.move()
        assert text(pair.authority) == text(pair.replicas[1])
        assert text(pair.authority).replace("前", "") == "あい"
        assert pair.replicas[1].pending == 0


def test_a_restarted_guest_does_not_use_its_numbers_twice() -> None:
    pair = room(Role.ANNOTATOR)
    pair.replicas[1].edit(splice(ITEM, 0, 0, "あ"))
    pair.move()
    pair.authority.disconnect(1, 0.0)
    pair.replicas[1] = Replica()
    pair.join(1)
    pair.move()
    pair.replicas[1].edit(splice(ITEM, 1, 0, "い"))
    pair.move()
    assert text(pair.authority) == "あい"


def test_a_refused_edit_and_what_was_typed_on_it_are_given_back_to_the_person() -> None:
    pair = room(Role.ANNOTATOR)
    replica = pair.replicas[1]
    first, second = splice(ITEM, 0, 0, "あ"), splice(ITEM, 1, 0, "い")
    replica.edit(first)
    replica.edit(second)
    pair.authority.edit(RemoveItem(ITEM))
    pair.up(1)
    changed = pair.down(1)
    assert [change for change in changed if isinstance(change, OpRefused)] == [
        OpRefused(OpId(1, 0), first, "unknown_item"),
        OpRefused(OpId(1, 1), second, "unknown_item"),
    ]
    assert replica.pending == 0
    assert replica.briefing == pair.authority.briefing


def test_edits_for_a_log_that_is_no_more_are_given_back() -> None:
    pair = room(Role.ANNOTATOR)
    replica = pair.replicas[1]
    op = splice(ITEM, 0, 0, "あ")
    replica.edit(op)
    again = Authority(b"another epoch 16", pair.authority.log)
    assert again.admit(Role.ANNOTATOR) == 1
    again.receive(1, sent(replica.join()), 0.0)
    changed = tuple(change for message in again.outbox(1).take(10**6) for change in replica.receive(message))
    assert OpRefused(OpId(1, 0), op, Reason.OTHER_BRIEFING) in changed
    assert changed[-1] == Reloaded()
    assert replica.briefing == again.briefing


def test_edits_for_another_log_are_given_back_before_its_snapshot_is_fetched() -> None:
    pair = long_room(Role.ANNOTATOR)
    pair.move()
    load(pair, 1)
    pair.move()
    op = splice(ITEM, 0, 0, "我")
    pair.replicas[1].edit(op)
    again = Pair()
    again.authority = Authority(b"another epoch 16", pair.authority.log, replay=20)
    again.authority.admit(Role.ANNOTATOR)
    again.replicas = pair.replicas
    again.join(1)
    assert OpRefused(OpId(1, 0), op, Reason.OTHER_BRIEFING) in again.down(1)
    load(again, 1)
    again.move()
    assert pair.replicas[1].briefing == again.authority.briefing


def test_while_another_log_is_loaded_the_old_state_stays_in_sight() -> None:
    pair = room(Role.DISPLAY)
    pair.authority.set(TURN, 0.0)
    pair.move()
    replica, before = pair.replicas[1], pair.replicas[1].briefing
    again = Authority(b"another epoch 16", pair.authority.log, pair.authority.briefing.registers)
    again.admit(Role.DISPLAY)
    again.receive(1, sent(replica.join()), 0.0)
    told = again.outbox(1).take(10**6)
    for message in told[:-1]:
        assert replica.receive(message) == ()
        assert replica.briefing.papers == before.papers
        assert replica.briefing.registers.view == view(1)
    assert replica.receive(told[-1]) == (Reloaded(),)


def test_nothing_is_edited_or_set_before_there_is_a_session() -> None:
    replica = Replica()
    for attempt in (lambda: replica.edit(splice(ITEM, 0, 0, "あ")), lambda: replica.set(TURN)):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.reason is Reason.NOT_JOINED
    replica.present(Pointer(0, 1, 1))
    assert replica.outbox.take(10**6) == []


def test_a_participant_is_told_here_that_it_may_not_write() -> None:
    pair = room(Role.PARTICIPANT)
    with pytest.raises(Refusal) as refused:
        pair.replicas[1].edit(splice(ITEM, 0, 0, "あ"))
    assert refused.value.reason is Reason.NOT_ALLOWED
    pair.authority.grant(1, Role.ANNOTATOR, 0.0)
    assert pair.down(1) == (PeersChanged(),)
    pair.replicas[1].edit(splice(ITEM, 0, 0, "あ"))


def test_what_others_type_elsewhere_makes_nothing_of_ones_own_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a cut much of it comes behind much of one's own: one by one, each over all would take seconds."""
    pair = room(Role.ANNOTATOR)
    replica, made_anew = pair.replicas[1], PendingEdits.on_top_of
    for n in range(3):
        replica.edit(Draw(1, 1, 0, (NewMark(n, DOT),), ()))
    monkeypatch.setattr(PendingEdits, "on_top_of", None)
    for letter in "あい":
        pair.authority.edit(splice(ITEM, 0, 0, letter))
        pair.down(1)
    monkeypatch.undo()
    assert (text(replica), replica.pending) == ("いあ", 3)
    seen = made_anew(replica._pending, replica._confirmed)
    assert replica.briefing == replace(seen, registers=replica.briefing.registers)
    replica.edit(splice(ITEM, 2, 0, "う"))
    pair.authority.edit(splice(ITEM, 2, 0, "え"))
    pair.down(1)
    assert text(replica) == made_anew(replica._pending, replica._confirmed).items[ITEM].text == "いあえう"


# --- registers and presence -------------------------------------------------------------------------------


def test_an_older_answer_does_not_undo_a_newer_wish() -> None:
    pair = room(Role.PRESENTER)
    pair.authority.give_floor(1, 0.0)
    pair.move()
    replica = pair.replicas[1]
    replica.set(SetScreen(Screen.SHOW))
    pair.up(1)
    replica.set(SetScreen(Screen.WHITE))
    assert pair.down(1) == ()
    assert replica.briefing.registers.screen is Screen.WHITE
    pair.move()
    assert pair.authority.briefing.registers.screen is Screen.WHITE
    pair.authority.take_floor(0.0)
    pair.authority.set(SetHold(True), 0.0)
    pair.move()
    assert replica.briefing == pair.authority.briefing


def test_a_position_is_told_again_after_a_cut_and_a_pointer_is_not() -> None:
    pair = room(Role.ANNOTATOR)
    position = Position(True, 0, WHOLE, True)
    pair.authority.disconnect(1, 0.0)
    pair.replicas[1].join()
    pair.replicas[1].present(position)
    pair.replicas[1].present(Pointer(0, 1, 1))
    pair.join(1)
    pair.down(1)
    assert pair.up(1) == (PresenceSeen(1, position),)


def test_registers_that_stay_the_same_are_no_news() -> None:
    pair = room(Role.DISPLAY)
    welcome = m.Welcome(EPOCH, 1, Role.DISPLAY, 0, Registers())
    pair.replicas[1].join()
    assert pair.replicas[1].receive(welcome) == ()
