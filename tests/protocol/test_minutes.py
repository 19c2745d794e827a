"""Minutes: their order, what a question is, who may write in them, several people in one text."""

from __future__ import annotations

import pytest

from presenter.inherited import Inherited
from protocol import messages as m
from protocol.authority import Authority
from protocol.changes import AgendaChanged, ItemChanged, MinutesChanged, OpRefused
from protocol.codec import decode_control, encode
from protocol.errors import Reason, Refusal
from protocol.minutes import (
    MINUTES_LIMIT,
    Answered,
    Carried,
    Done,
    Former,
    ItemState,
    MinutesKind,
    Withdrawn,
)
from protocol.ops import (
    Allow,
    AssignMinutes,
    NameSubject,
    OpenMinutes,
    PlanPaper,
    RemoveItem,
    RemoveMinutes,
    SetMinutes,
    SetReply,
)
from protocol.presence import Typing
from protocol.replica import Replica
from protocol.snapshot import read_snapshot, snapshot
from protocol.texts import splice
from protocol.values import OWNER, OpId, Role
from tests.protocol.values import Pair, applied, offer

KIND = MinutesKind
PAGE = 1


def asked(item: int, text: str = "", kind: MinutesKind = KIND.QUESTION) -> OpenMinutes:
    return OpenMinutes(item, kind, PAGE, text, 100 + item, "副知事")


def room(*roles: Role, granted: bool = True) -> Pair:
    pair = Pair(*roles)
    pair.authority.edit(offer(1, 0, 3))
    if granted:
        for peer in pair.replicas:
            pair.authority.edit(Allow(peer, f"参加者{peer}", False, False, True))
    pair.move()
    return pair


def texts(side: Authority | Replica) -> list[str]:
    return [side.briefing.items[item].text for item in side.briefing.minutes]


def refused(side: Authority | Replica, op: object) -> Reason:
    with pytest.raises(Refusal) as refusal:
        side.edit(op)
    return refusal.value.reason


def test_what_was_typed_by_two_at_once_stands_whole_and_the_same_at_everybody() -> None:
    pair = room(Role.PARTICIPANT, Role.PARTICIPANT)
    pair.authority.edit(asked(11))
    pair.move()
    for at, (one, two, own) in enumerate(zip("令和八年𠮷", "補正予算額", "土木事務所", strict=True)):
        pair.replicas[1].edit(splice(11, at, 0, one))
        pair.replicas[2].edit(splice(11, at, 0, two))
        pair.authority.edit(splice(11, at, 0, own))
    pair.move()
    (text,) = texts(pair.authority)
    assert texts(pair.replicas[1]) == texts(pair.replicas[2]) == [text]
    for typed in ("令和八年𠮷", "補正予算額", "土木事務所"):
        assert [each for each in text if each in typed] == list(typed)


def test_a_question_waits_then_is_answered_with_its_evidence_or_carried() -> None:
    owner = room().authority
    owner.edit(asked(11))
    item = owner.briefing.minutes[11]
    assert (item.number, item.state, item.is_carried) == (1, ItemState.WAITING, False)
    owner.edit(SetReply(11, Answered(2, "8か所"), 7))
    assert owner.briefing.minutes[11].state is ItemState.ANSWERED
    assert refused(owner, SetReply(11, Answered(2, "8か所"), 8)) is Reason.NOTHING_CHANGED
    assert refused(owner, SetMinutes(11, KIND.NOTE, PAGE, "")) is Reason.SETTLED
    owner.edit(SetReply(11, Carried(), 9))
    owner.edit(AssignMinutes(11, "財政課 佐藤", "11月27日まで"))
    item = owner.briefing.minutes[11]
    assert (item.is_carried, item.owner, item.reply_when) == (True, "財政課 佐藤", 9)
    for _ in range(3):
        owner.undo()
    item = owner.briefing.minutes[11]
    assert (item.state, item.owner) == (ItemState.WAITING, "")
    owner.edit(SetMinutes(11, KIND.HOMEWORK, None, ""))
    assert owner.briefing.minutes[11].state is ItemState.TO_DO
    assert refused(owner, SetReply(11, Carried(), 1)) is Reason.NOT_ALLOWED
    owner.edit(SetMinutes(11, KIND.INSTRUCTION, None, ""))
    assert not owner.briefing.minutes[11].is_carried, "an instruction does not count as 持ち帰り"


def test_homework_is_done_or_withdrawn_by_whom_and_when_and_counts_no_more() -> None:
    pair = room(Role.PARTICIPANT)
    pair.authority.edit(asked(11, "額をまとめる", KIND.HOMEWORK))
    pair.move()
    pair.replicas[1].edit(SetReply(11, Done(), 77))
    pair.move()
    item = pair.authority.briefing.minutes[11]
    assert (item.state, item.is_carried, item.reply_by, item.reply_when) == (ItemState.DONE, False, 1, 77)
    assert refused(pair.authority, SetMinutes(11, KIND.QUESTION, PAGE, "")) is Reason.SETTLED
    pair.replicas[1].undo()
    pair.move()
    assert pair.authority.briefing.minutes[11].is_carried
    pair.authority.edit(SetReply(11, Withdrawn(), 78))
    assert not pair.authority.briefing.minutes[11].is_carried


def test_what_a_former_briefing_left_open_comes_in_once_and_by_the_owner_alone() -> None:
    pair = room(Role.PARTICIPANT)
    former = Former(b"c" * 16, 1_700_000_000, "河川改修　7ページ")
    one = OpenMinutes(11, KIND.HOMEWORK, None, "額をまとめる", 1_700_000_000, "", former, "中村", "12月1日")
    assert refused(pair.replicas[1], one) is Reason.NOT_ALLOWED
    pair.authority.edit(OpenMinutes(10, KIND.NOTE, None, "書いたもの", 0))
    pair.authority.undo()
    pair.authority.edit(one)
    again = OpenMinutes(12, KIND.QUESTION, None, "額は", 0, "", former)
    assert refused(pair.authority, again) is Reason.ALREADY_THERE
    pair.authority.undo()
    pair.move()
    there = pair.replicas[1].briefing.minutes[11]
    assert there.former == former, "nobody typed it: Ctrl+Z leaves it"
    assert (there.owner, there.due) == ("中村", "12月1日")
    assert pair.authority.redo(), "what a person took back can still be had again"
    pair.authority.edit(RemoveMinutes(11, True))
    assert refused(pair.authority, again) is Reason.ALREADY_THERE


def test_the_agenda_is_everybodys_and_stays_when_edits_are_undone() -> None:
    pair = room(Role.DISPLAY)
    owner = pair.authority
    assert owner.edit(PlanPaper(1, 15, "河川課 𠮷田")) == (AgendaChanged(),)
    owner.edit(NameSubject("河川改修計画"))
    assert refused(owner, PlanPaper(1, 15, "河川課 𠮷田")) is Reason.NOTHING_CHANGED
    assert refused(owner, PlanPaper(9, 15, "")) is Reason.UNKNOWN_PAPER
    owner.undo()
    pair.move()
    for briefing in (pair.replicas[1].briefing, read_snapshot(snapshot(owner.briefing))):
        paper = briefing.papers[0]
        assert (paper.minutes, paper.explainer, briefing.subject) == (15, "河川課 𠮷田", "河川改修計画")


def test_what_is_taken_out_keeps_its_text_its_place_and_everything_else() -> None:
    pair = room(Role.PARTICIPANT)
    replica = pair.replicas[1]
    for item in (11, 12, 13):
        replica.edit(asked(item, f"質問{item}"))
    replica.edit(SetReply(12, Carried(), 1))
    pair.move()
    before = pair.authority.briefing.minutes
    assert replica.edit(RemoveMinutes(12, True)) == (ItemChanged(12, 1, None), MinutesChanged((12,)))
    pair.move()
    assert list(pair.authority.briefing.minutes) == [11, 13]
    assert refused(pair.authority, splice(12, 0, 0, "あ")) is Reason.UNKNOWN_ITEM
    assert refused(pair.authority, RemoveItem(12)) is Reason.NOT_ALLOWED
    pair.authority.edit(asked(14))
    replica.undo()
    pair.move()
    assert list(pair.authority.briefing.minutes) == [11, 12, 13, 14]
    assert {item: pair.authority.briefing.minutes[item] for item in before} == before
    assert texts(replica) == ["質問11", "質問12", "質問13", ""]


def test_ctrl_z_takes_back_what_oneself_typed_and_nothing_of_others() -> None:
    pair = room(Role.PARTICIPANT)
    pair.authority.edit(asked(11, "額は"))
    pair.move()
    pair.replicas[1].edit(splice(11, 2, 0, "幾らか"))
    pair.move()
    pair.authority.edit(splice(11, 0, 0, "補正"))
    pair.move()
    pair.replicas[1].undo()
    pair.move()
    assert texts(pair.authority) == texts(pair.replicas[1]) == ["補正額は"]
    pair.replicas[1].edit(asked(12))
    pair.replicas[1].undo()
    pair.move()
    assert list(pair.authority.briefing.minutes) == [11]
    pair.replicas[1].redo()
    pair.move()
    assert list(pair.authority.briefing.minutes) == [11, 12]


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.ANNOTATOR])
def test_only_who_was_granted_it_writes_in_the_minutes(role: Role) -> None:
    pair = room(role, granted=False)
    replica = pair.replicas[1]
    pair.authority.edit(Allow(1, "鈴木", True, True))
    pair.authority.edit(asked(11, "額"))
    pair.move()
    before = pair.authority.briefing
    ops = [
        asked(12),
        splice(11, 0, 0, "x"),
        SetMinutes(11, KIND.NOTE, PAGE, ""),
        SetReply(11, Carried(), 0),
        AssignMinutes(11, "佐藤", ""),
        RemoveMinutes(11, True),
    ]
    for n, op in enumerate(ops):
        assert refused(replica, op) is Reason.NOT_ALLOWED
        pair.authority.receive(1, m.Submit(OpId(1, n), 3, op), 0.0)
    pair.authority.receive(1, m.Now(1, 1, Typing(11, 0)), 0.0)
    assert pair.authority.briefing is before
    answers = [each for each in pair.authority.outbox(1).take(10**6) if isinstance(each, m.Refused)]
    assert [each.reason for each in answers] == [Reason.NOT_ALLOWED] * 7
    pair.authority.edit(Allow(1, "鈴木", False, False, True))
    pair.move()
    replica.edit(splice(11, 1, 0, "は"))
    replica.present(Typing(11, 2))
    pair.move()
    assert texts(pair.authority) == ["額は"]
    assert refused(replica, RemoveMinutes(11, True)) is Reason.NOT_ALLOWED, "it is not its own"


def test_a_grant_taken_back_hands_back_what_was_on_its_way() -> None:
    pair = room(Role.PARTICIPANT)
    pair.authority.edit(asked(11))
    pair.move()
    pair.replicas[1].edit(splice(11, 0, 0, "夜間は"))
    pair.authority.edit(Allow(1, "鈴木", False, False))
    pair.up(1)
    told = pair.down(1)
    assert [change.op.parts for change in told if isinstance(change, OpRefused)] == [("夜間は",)]
    assert texts(pair.replicas[1]) == texts(pair.authority) == [""]


def test_opening_tells_of_the_text_and_of_the_item() -> None:
    owner = room().authority
    assert owner.edit(asked(11)) == (ItemChanged(11, OWNER, None), MinutesChanged((11,)))


def test_snapshot_and_wire_carry_everything() -> None:
    owner = room().authority
    for item in (11, 12, 13):
        owner.edit(asked(item, "𠮷"))
    owner.edit(SetReply(11, Answered(2, "12ページ"), 3))
    owner.edit(SetReply(12, Carried(), 3))
    owner.edit(RemoveMinutes(13, True))
    owner.edit(OpenMinutes(14, KIND.HOMEWORK, None, "額", 0, "", Former(b"c" * 16, 5, "前回")))
    owner.edit(SetReply(14, Done(), 3))
    read = read_snapshot(snapshot(owner.briefing))
    assert read.minutes == owner.briefing.minutes
    assert read.removed_minutes == owner.briefing.removed_minutes
    assert [decode_control(encode(each)) for each in owner.log] == owner.log


def test_who_goes_on_with_a_briefing_keeps_its_minutes() -> None:
    pair = room(Role.PARTICIPANT)
    for item in range(11, 61):
        pair.replicas[1].edit(asked(item, f"質問{item}"))
    pair.replicas[1].edit(SetReply(12, Answered(2, "8か所"), 3))
    pair.replicas[1].edit(RemoveMinutes(20, True))
    pair.move()
    former = pair.replicas[1].briefing
    # Its paper is not whole there: the page is forgotten, the words are not.
    renewed = Inherited(former, {}, None).renewed()
    assert list(renewed.minutes) == list(former.minutes)
    assert [renewed.items[item].text for item in renewed.minutes] == texts(pair.replicas[1])
    assert renewed.minutes[12].reply == Answered(None, "8か所")
    assert (renewed.minutes[11].author, renewed.minutes[11].page_id) == (2, None)
    again = renewed.apply(OpenMinutes(99, KIND.NOTE, None, "", 0), OpId(OWNER, 0))
    assert again.minutes[99].number == 51


def test_there_is_an_end_to_what_is_taken_in() -> None:
    ops = [offer(1, 0, 3), *(asked(item) for item in range(MINUTES_LIMIT))]
    briefing = applied(*ops)
    with pytest.raises(Refusal, match=Reason.TOO_MANY):
        briefing.apply(asked(MINUTES_LIMIT), OpId(OWNER, 9_999))
