"""What each role may send, what of it is refused, and for what the link is closed."""

from __future__ import annotations

from itertools import islice

import pytest

from protocol import messages as m
from protocol.authority import Authority
from protocol.changes import PeersChanged, PresenceSeen
from protocol.errors import PeerFault, Reason, Refusal
from protocol.finds import FindAnswered, OfferFind, Outcome, WantFind, WithdrawFind
from protocol.ink import Colour, Pen, Tool
from protocol.minutes import MinutesKind
from protocol.ops import AddItem, Allow, NewEdition, OpenMinutes, RemoveItem
from protocol.presence import Pointer, PointerAway, Position, Wet
from protocol.registers import Registers, SetFloor, SetHold, SetScreen, SetTimer, SetViewing, SetWriting
from protocol.snapshot import read_snapshot, snapshot
from protocol.texts import splice
from protocol.values import OWNER, OpId, PageRef, Rect, Role, Screen, Viewing
from tests.protocol.authority_rooms import ITEM, TURN, room, said
from tests.protocol.test_codec import FACTS
from tests.protocol.values import EPOCH, WHOLE, offer, sha

PEN = Pen(Tool.PEN, Colour.RED, 150)


# --- roles (rows 31 and 33 of docs/bad-input.md) ----------------------------------------------------------

SUBMITTED = m.Submit(OpId(1, 0), 2, splice(ITEM, 0, 0, "x"))
ALLOWED = {
    #                                                 presenter display participant annotator
    m.Wish(1, TURN): (True, False, False, False),
    m.Wish(1, SetScreen(Screen.HIDDEN)): (True, False, False, False),
    m.Wish(1, SetHold(True)): (True, False, False, False),
    m.Wish(1, SetTimer(0, 0, True)): (True, False, False, False),
    m.Wish(1, SetFloor(1)): (False, False, False, False),
    m.Set(1, TURN): (False, False, False, False),
    SUBMITTED: (True, False, True, True),
    m.Submit(OpId(1, 0), 2, RemoveItem(ITEM)): (True, False, False, True),
    m.Submit(OpId(1, 0), 2, offer(9, 9, 1)): (False, False, False, False),
    m.Submit(OpId(1, 0), 2, NewEdition(1, 1, 0, 1, (), ())): (False, False, False, False),
    m.Now(1, 1, Pointer(0, 1, 1)): (True, False, True, True),
    m.Now(1, 1, PointerAway()): (True, False, True, True),
    m.Now(1, 1, Position(True, 0, WHOLE, True)): (True, True, True, True),
    m.FloorAsked(): (True, False, True, True),
    m.FloorReturned(): (True, False, True, True),
    m.FloorDeclined(): (False, False, False, False),
    OfferFind(1, "", "", sha("f"), 9): (True, False, True, True),
    WithdrawFind(1): (True, False, True, True),
    WantFind(1, 0): (False, False, False, False),
    FindAnswered(1, Outcome.SHOWN, ""): (False, False, False, False),
    m.Walls(()): (False, False, False, False),
    FACTS: (False, True, False, False),
    m.WallReport(PageRef(sha("p"), 0), 101): (False, True, False, False),
    m.TakeoverAsked("田中", "企画課"): (False, True, False, False),
    m.Wiped(): (True, True, True, True),
    m.Leave(): (True, True, True, True),
    m.Committed(1, OpId(0, 0), RemoveItem(ITEM)): (False, False, False, False),
    m.Welcome(EPOCH, 1, Role.PRESENTER, 0, Registers()): (False, False, False, False),
    m.Granted(Role.PRESENTER): (False, False, False, False),
    m.Submit(OpId(1, 0), 2, Allow(1, "鈴木", True, True)): (False, False, False, False),
    m.Introduction("鈴木"): (True, False, True, True),
    m.GuestWaiting(bytes(32), "10.1.6.40", 47_401): (False, True, False, False),
    m.Waiting(True): (False, False, False, False),
    m.Joining("481903", True): (False, False, False, False),
    m.Wish(1, SetViewing(Viewing.LOCKED)): (True, False, False, False),
    m.End(): (False, False, False, False),
    m.WallKey("hide"): (False, False, False, False),
    m.StandIn(PageRef(sha("p"), 0), sha("s"), 1, 1, 1): (False, False, False, False),
    m.Introduce("", "", 0): (False, False, False, False),
}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CONSOLE])
@pytest.mark.parametrize("message", ALLOWED, ids=lambda message: type(message).__name__)
@pytest.mark.bad_input(row=31)
def test_what_is_outside_a_row_of_the_table_closes_the_link(message: m.Message, role: Role) -> None:
    pair = room(role)
    pair.now = 100.0
    if ALLOWED[message][role]:
        pair.authority.receive(1, message, pair.now)
        return
    before = pair.authority.briefing
    with pytest.raises(PeerFault) as fault:
        pair.authority.receive(1, message, pair.now)
    assert fault.value.close_code == 4403
    assert pair.authority.briefing is before


def test_the_facilities_console_is_never_in_a_briefing() -> None:
    with pytest.raises(PeerFault) as fault:
        room(Role.CONSOLE)
    assert fault.value.close_code == 4403


def test_people_may_write_on_a_wall_where_that_is_allowed() -> None:
    pair = room(Role.DISPLAY, touch=True)
    pair.replicas[1].edit(splice(ITEM, 3, 0, "え"))
    pair.move()
    assert pair.authority.briefing.items[ITEM].text == "あいうえ"


@pytest.mark.parametrize(
    "message", [m.Submit(OpId(2, 0), 2, splice(ITEM, 0, 0, "x")), m.Now(2, 1, Pointer(0, 1, 1))]
)
@pytest.mark.bad_input(row=31)
def test_nobody_writes_or_points_in_anothers_name(message: m.Message) -> None:
    pair = room(Role.ANNOTATOR, Role.ANNOTATOR)
    with pytest.raises(PeerFault) as fault:
        pair.authority.receive(1, message, 0.0)
    assert fault.value.close_code == 4403


def test_what_a_former_role_allowed_is_refused_for_a_while_and_then_closes_the_link() -> None:
    pair = room(Role.ANNOTATOR)
    former = m.Submit(OpId(1, 0), 2, RemoveItem(ITEM))
    assert pair.authority.grant(1, Role.PARTICIPANT, 50.0) == (PeersChanged(),)
    pair.now = 54.0
    assert said(pair, 1, former) == [m.Granted(Role.PARTICIPANT), m.Refused(OpId(1, 0), "not_allowed")]
    with pytest.raises(PeerFault, match="4403"):
        pair.authority.receive(1, former, 56.0)


def wet(n: int) -> m.Now:
    return m.Now(1, n, Wet(0, n, PEN, False, 5, 5, bytes(8)))


def test_ink_on_its_way_when_writing_ends_throws_nobody_out() -> None:
    """A link that takes a second: a stroke is under way, sixty pieces of it."""
    pair = room(Role.DISPLAY, touch=True)
    pair.authority.set(SetWriting(False), 50.0)
    for n in range(60):
        pair.authority.receive(1, wet(n), 50.0 + n / 60)
    with pytest.raises(PeerFault, match="4403"):
        pair.authority.receive(1, wet(60), 56.0)


def test_turns_on_their_way_when_the_floor_goes_throw_nobody_out_and_later_ones_do() -> None:
    pair = room(Role.PRESENTER)
    pair.authority.give_floor(1, 0.0)
    pair.authority.take_floor(50.0)
    for n in range(60):
        (settled,) = said(pair, 1, m.Wish(n, TURN))[-1:]
        assert isinstance(settled, m.Settled) and settled.reason == Reason.NOT_PRESENTING
        pair.now = 50.0 + n / 60
    pair.now = 56.0
    with pytest.raises(PeerFault, match="4400"):
        said(pair, 1, *(m.Wish(n, TURN) for n in range(60, 81)))


def test_what_was_written_while_away_may_all_be_refused_and_what_is_written_then_may_not() -> None:
    """The presenter took the minutes from somebody whose link was dead, and who went on typing."""
    pair = room(Role.PARTICIPANT)
    pair.authority.edit(Allow(1, "鈴木", False, False, True))
    pair.move()
    away = pair.replicas[1]
    pair.authority.disconnect(1, 0.0)
    for n in range(60):
        away.edit(OpenMinutes(100 + n, MinutesKind.QUESTION, 0, "額は", 0))
    pair.authority.edit(Allow(1, "鈴木", False, False, False))
    pair.join(1)
    pair.move()
    assert away.pending == 0 and not away.briefing.minutes and pair.authority.guests[1].joined
    late = (
        m.Submit(OpId(1, 100 + n), 4, OpenMinutes(200 + n, MinutesKind.QUESTION, 0, "", 0)) for n in range(21)
    )
    with pytest.raises(PeerFault, match="4400"):
        said(pair, 1, *late)


def test_who_only_says_that_it_was_away_is_not_refused_without_end() -> None:
    pair = room(Role.PARTICIPANT)
    old = pair.authority.briefing.revision - 1

    def refused(count: int, now: float) -> None:
        pair.authority.receive(1, m.Join(EPOCH, 0, True), now)
        for n in range(count):
            never = OpenMinutes(1_000 + n, MinutesKind.QUESTION, 0, "", 0)
            pair.authority.receive(1, m.Submit(OpId(1, n), old, never), now)

    refused(500, 0.0)
    refused(500, 1.0)
    with pytest.raises(PeerFault, match="4400"):
        refused(21, 2.0)


def test_before_its_join_a_guest_has_nothing_to_say_and_hears_nothing() -> None:
    pair = room()
    peer = pair.authority.admit(Role.ANNOTATOR)
    pair.authority.set(TURN, 0.0)
    assert pair.authority.outbox(peer).take(10**6) == []
    for message in (m.Submit(OpId(peer, 0), 0, SUBMITTED.op), m.Now(peer, 1, Pointer(0, 1, 1))):
        with pytest.raises(PeerFault, match="4400"):
            pair.authority.receive(peer, message, 0.0)


# --- refusals (rows 36, 39, 40, 41) -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submit", "reason"),
    [
        (m.Submit(OpId(1, 0), 2, splice(ITEM, 4, 0, "x")), Reason.OUTSIDE_TEXT),
        (m.Submit(OpId(1, 0), 99, splice(ITEM, 0, 0, "x")), Reason.UNKNOWN_REVISION),
        (m.Submit(OpId(1, 0), 2, splice(6, 0, 0, "x")), Reason.UNKNOWN_ITEM),
        (m.Submit(OpId(1, 0), 2, AddItem(6, 77, "")), Reason.UNKNOWN_PAGE),
        (m.Submit(OpId(1, 0), 2, splice(ITEM, 0, 0, "\u202e")), Reason.CHARACTERS),
    ],
)
@pytest.mark.bad_input(row=36)
@pytest.mark.bad_input(row=39)
def test_an_edit_that_does_not_apply_is_refused_twenty_times_a_minute(
    submit: m.Submit, reason: Reason
) -> None:
    pair = room(Role.ANNOTATOR)
    before = pair.authority.briefing
    for n in range(20):
        pair.now = float(n)
        assert said(pair, 1, submit) == [m.Refused(OpId(1, 0), reason)]
    with pytest.raises(PeerFault) as fault:
        pair.authority.receive(1, submit, 59.9)
    assert fault.value.close_code == 4400
    assert pair.authority.briefing is before
    pair.now = 60.1
    assert said(pair, 1, submit), "the first of them is a minute ago"


@pytest.mark.parametrize(
    ("position", "reason"),
    [
        (Position(True, 77, WHOLE, True), "unknown_page"),
        (Position(True, 0, Rect(60_000, 0, 90_000, 9), True), "outside_page"),
        (Position(True, 0, Rect(5, 5, 5, 5), True), "outside_page"),
    ],
)
@pytest.mark.bad_input(row=36)
def test_a_wall_that_shows_what_does_not_exist_is_refused_and_then_closed(
    position: Position, reason: str
) -> None:
    pair = room(Role.DISPLAY)
    for n in range(20):
        assert said(pair, 1, m.Now(1, n, position)) == [m.Refused(None, reason)]
    with pytest.raises(PeerFault, match="4400"):
        pair.authority.receive(1, m.Now(1, 21, position), 1.0)


def test_a_wall_may_still_show_a_page_that_has_just_gone() -> None:
    pair = room(Role.DISPLAY)
    pair.authority.edit(NewEdition(1, 1, 1, 1, (), ()))
    position = Position(True, 1, WHOLE, True)
    assert pair.authority.receive(1, m.Now(1, 1, position), 0.0) == (PresenceSeen(1, position),)


@pytest.mark.bad_input(row=41)
def test_the_same_op_a_thousand_times_has_no_effect() -> None:
    pair = room(Role.ANNOTATOR)
    for n in range(1_000):
        pair.authority.receive(1, m.Submit(OpId(1, 7), 2, splice(ITEM, 0, 0, "x")), n / 10)
    assert pair.authority.briefing.items[ITEM].text == "xあいう"
    assert len(pair.authority.log) == 3


@pytest.mark.bad_input(row=40)
def test_a_burst_of_edits_closes_the_link() -> None:
    pair = room(Role.ANNOTATOR)
    flood = (m.Submit(OpId(1, n), 2 + n, splice(ITEM, 0, n % 2, "x" * ((n + 1) % 2))) for n in range(10**6))
    with pytest.raises(PeerFault) as fault:
        said(pair, 1, *islice(flood, 3_000))
    assert fault.value.close_code == 4400
    assert len(pair.authority.log) == 2_002


def test_a_participants_pointer_comes_ten_times_a_second() -> None:
    pair = room(Role.PARTICIPANT)
    seen = [pair.authority.receive(1, m.Now(1, n, Pointer(0, n, n)), n / 100) for n in range(100)]
    assert sum(map(bool, seen)) == 10


# --- allowances ------------------------------------------------------------------------------------------


def test_what_a_follower_may_do_beyond_its_role_stands_in_the_log_under_its_name() -> None:
    pair = room(Role.PARTICIPANT, Role.DISPLAY)
    allow = Allow(1, "鈴木", saving=True, takeover=False)
    assert pair.authority.edit(allow) == (PeersChanged(),)
    pair.move()
    for briefing in (pair.authority.briefing, pair.replicas[1].briefing, pair.replicas[2].briefing):
        assert briefing.allowances == {1: allow}
    assert read_snapshot(snapshot(pair.authority.briefing)).allowances == {1: allow}
    again = Authority(b"another epoch 16", [m.Committed(1, OpId(OWNER, 0), Allow(7, "田中", True, True))])
    assert again.admit(Role.PARTICIPANT) == 8, "nobody else gets the number that something was allowed to"
    pair.authority.edit(Allow(1, "鈴木", saving=False, takeover=False))
    assert pair.authority.briefing.allowances == {}


@pytest.mark.parametrize("op", [Allow(OWNER, "", True, True), Allow(1, "\u202eevil", True, True)])
def test_an_allowance_for_the_owner_or_with_a_name_that_turns_is_refused(op: Allow) -> None:
    with pytest.raises(Refusal):
        room(Role.PARTICIPANT).authority.edit(op)
