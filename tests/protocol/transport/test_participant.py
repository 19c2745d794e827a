"""Participants from the code to the end: real sockets and TLS on loopback, through a real wall."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.errors import Misuse
from protocol.messages import RoomFacts
from protocol.ops import AddItem, Allow
from protocol.presence import Pointer, Position
from protocol.registers import SetViewing, ShowView
from protocol.transfer import Rank
from protocol.transport.addresses import Endpoint
from protocol.transport.events import (
    BlobFailed,
    BlobFault,
    BlobReady,
    BriefingEnded,
    Changed,
    Choosers,
    FloorRequested,
    IntroduceSeen,
    LinkBack,
    LinkLost,
    StandInOffered,
    StandInWanted,
)
from protocol.transport.join_events import (
    AwaitingApproval,
    AwaitingStart,
    JoinCodeShown,
    JoinCodeWrong,
    Joined,
    JoinFailure,
    JoiningState,
    JoinState,
    Left,
    LeftReason,
    Looking,
    NoAnswer,
    ParticipantFacts,
    ParticipantGone,
    ParticipantLink,
    ParticipantPosition,
    ParticipantSeen,
    Refused,
)
from protocol.transport.rendezvous import Stream
from protocol.values import Role, View, Viewing
from tests.protocol.transport.briefings import (
    DEADLINES,
    ROOM,
    WHOLE,
    Kiosk,
    Presenter,
    run,
    running,
    settings,
)
from tests.protocol.transport.joiners import Joiner, Watched, briefing, joining, rendezvous

OURS = settings(rendezvous_port=0)


def programs(folder: Path, *names: str, deadlines=DEADLINES) -> tuple[Kiosk, Presenter, list[Joiner]]:
    ours = settings(deadlines, rendezvous_port=0)
    joiners = [Joiner(folder, ours, name) for name in names or ("鈴木",)]
    return Kiosk(folder, ours), Presenter(folder, ours), joiners


async def seen(presenter: Presenter, **fields: object) -> ParticipantFacts:
    """The next word about a participant that says so."""
    told = await presenter.inbox.until(
        ParticipantSeen,
        lambda told: all(getattr(told.participant, name) == value for name, value in fields.items()),
    )
    return told.participant


# --- coming in ----------------------------------------------------------------------------------------------


def test_a_participant_joins_through_the_wall_follows_and_has_the_papers(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            assert kiosk.inbox.of(JoinCodeShown)[-1] == JoinCodeShown(ROOM, code)
            joined = await joiner.join(kiosk, code)
            assert joined.role is Role.PARTICIPANT
            facts = await seen(presenter, name="鈴木")
            assert facts == ParticipantFacts(
                joined.peer,
                "鈴木",
                ROOM,
                facts.device,
                True,
                ParticipantLink.LINKED,
                Role.PARTICIPANT,
                False,
                False,
            )
            await joiner.inbox.until(BlobReady)
            presenter.show(102)
            await joiner.inbox.settled(lambda: joiner.briefing == presenter.briefing)
            await kiosk.inbox.until(IntroduceSeen, lambda told: told.introduce.participants == 1)
            assert (joiner.inbox.of(JoinState)[0].state, presenter.inbox.of(JoinCodeWrong)) == (Looking(), [])

    run(test)


def test_a_wrong_code_is_said_to_be_wrong_and_the_right_one_may_follow_at_once(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            for wrong in ("000000" if code != "000000" else "000001", kiosk.code, ""):
                joiner.side.join(ROOM, wrong, "鈴木", rendezvous(kiosk))
                assert await joiner.state(Refused) == Refused(JoinFailure.REFUSED)
                await presenter.inbox.until(JoinCodeWrong)
            await joiner.join(kiosk, code)
            assert presenter.inbox.of(JoiningState)[-1].code == code

    run(test)


def test_a_new_code_is_on_the_wall_at_once_and_leaves_who_is_in(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (first, second) = programs(tmp_path, "鈴木", "田中")
        async with briefing(kiosk, presenter, first, second) as code:
            await first.join(kiosk, code)
            presenter.owner.joining.new_code()
            told = await kiosk.inbox.until(JoinCodeShown, lambda told: told.code != code)
            second.side.join(ROOM, code, "田中", rendezvous(kiosk))
            await second.state(Refused)
            assert told.code is not None
            await second.join(kiosk, told.code)
            presenter.show(101)
            for one in (first, second):
                await one.inbox.settled(lambda one=one: one.briefing == presenter.briefing)

    run(test)


def test_after_closing_nobody_new_comes_but_who_is_in_stays_and_comes_back(tmp_path: Path) -> None:
    async def test() -> None:
        deadlines = replace(DEADLINES, no_answer=0.3)
        kiosk, presenter, (first, late) = programs(tmp_path, "鈴木", "田中", deadlines=deadlines)
        async with briefing(kiosk, presenter, first, late) as code:
            await first.join(kiosk, code)
            await kiosk.inbox.until(IntroduceSeen, lambda told: told.introduce.participants == 1)
            presenter.owner.joining.close()
            await kiosk.inbox.until(JoinCodeShown, lambda told: told.code is None)
            late.side.join(ROOM, code, "田中", rendezvous(kiosk))
            await late.state(NoAnswer)
            first.side.cut(0.0)
            await first.inbox.until(LinkBack)
            presenter.owner.joining.remove(1 + 1)
            await first.state(Left)
            first.side.wiped()
            await kiosk.inbox.settled(lambda: kiosk.side._rendezvous.port == 0)

    run(test)


def test_who_is_not_approved_waits_and_is_told_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (first, second) = programs(tmp_path, "鈴木", "田中")
        async with briefing(kiosk, presenter, first, second, approval=True) as code:
            first.side.join(ROOM, code, "鈴木", rendezvous(kiosk))
            await first.state(AwaitingApproval)
            facts = await seen(presenter, name="鈴木", approved=False)
            assert first.inbox.of(Changed) == []
            first.side.ask_floor()
            presenter.owner.joining.approve(facts.peer)
            await first.state(Joined)
            await first.inbox.until(BlobReady)
            second.side.join(ROOM, code, "田中", rendezvous(kiosk))
            await second.state(AwaitingApproval)
            facts = await seen(presenter, name="田中", approved=False)
            presenter.owner.joining.decline(facts.peer)
            assert await second.state(Left) == Left(LeftReason.DECLINED)
            second.side.wiped()
            gone = await presenter.inbox.until(ParticipantGone)
            assert gone == ParticipantGone(facts.peer, "田中", LeftReason.DECLINED)
            assert second.inbox.of(Changed) == []
            presenter.owner.joining.ask_approval(False)
            second.side.join(ROOM, code, "田中", rendezvous(kiosk))
            await second.state(AwaitingApproval)
            assert presenter.inbox.of(FloorRequested) == []

    run(test)


def test_who_comes_before_the_briefing_begins_in_that_room_waits_for_it(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with running(kiosk, presenter), joining(joiner):
            await presenter.pair(kiosk)
            presenter.owner.joining.open()
            code = presenter.owner.joining.code
            assert code is not None
            for _ in ("paired", "opened"):
                told = await kiosk.inbox.until(JoinCodeShown)
                assert told.code is None, "a wall that was not started is the way in, and is told no code"
            await kiosk.side._rendezvous.opened()
            straight = f"127.0.0.1:{presenter.owner._surroundings.port}"
            joiner.side.join(ROOM + 1, code, "鈴木", straight)
            await asyncio.sleep(0)
            joiner.side.join(ROOM, code, "鈴木", rendezvous(kiosk))
            await joiner.state(AwaitingStart)
            await kiosk.inbox.until(IntroduceSeen, lambda told: told.introduce.participants == 1)
            assert joiner.inbox.of(Changed) == []
            presenter.offer(1, b"x" * 1_000)
            presenter.begin()
            await joiner.state(Joined)
            await joiner.inbox.until(BlobReady)

    run(test)


def test_the_presenter_is_dialled_straight_where_that_works(tmp_path: Path) -> None:
    """It announces itself to participants; the wall that follows it already does not mind."""

    async def test() -> None:
        heard = settings(rendezvous_port=0, mdns=True)
        kiosk, presenter = Kiosk(tmp_path, heard), Presenter(tmp_path, heard)
        joiner = Joiner(tmp_path, replace(heard, rendezvous_port=9))
        known = kiosk.side._doorway._followed = Watched[Endpoint]()
        async with briefing(kiosk, presenter, joiner) as code:
            joiner.side.join(ROOM, code, "鈴木")
            await joiner.state(Joined)
            await joiner.inbox.until(BlobReady)
            assert kiosk.side._rendezvous.pairs == set()
            if not kiosk.side._doorway._connected:
                # The presenter had dialled: the wall finds the announcement, greets it once, and knows it.
                await known.until(1)
            assert [event.count for event in kiosk.inbox.of(Choosers)] in ([], [1], [1, 0])

    run(test)


# --- being in -----------------------------------------------------------------------------------------------


def test_after_a_cut_a_participant_is_back_without_typing(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            joined = await joiner.join(kiosk, code)
            await seen(presenter, link=ParticipantLink.LINKED)
            joiner.side.cut(0.2)
            await joiner.inbox.until(LinkLost)
            await seen(presenter, link=ParticipantLink.LOST)
            presenter.show(102)
            await joiner.inbox.until(LinkBack)
            await seen(presenter, link=ParticipantLink.LINKED)
            await joiner.inbox.settled(lambda: joiner.briefing == presenter.briefing)
            presenter.owner.cut(0.2)
            await joiner.inbox.until(LinkLost)
            await joiner.inbox.until(LinkBack)
            presenter.show(101)
            await joiner.inbox.settled(lambda: joiner.briefing == presenter.briefing)
            assert [told.state for told in joiner.inbox.of(JoinState)][1:] == [joined]

    run(test)


def test_a_large_paper_comes_page_first_and_its_link_ends_when_nothing_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("protocol.transport.participant.PAPERS_IDLE", 0.05)

    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        pairs = kiosk.side._rendezvous.pairs = Watched[Stream]()
        async with briefing(kiosk, presenter, joiner) as code:
            await joiner.join(kiosk, code)
            await joiner.inbox.until(BlobReady)
            await pairs.until(1)
            (ref, *_) = presenter.offer(2, os.urandom(3_000_000))
            presenter.show(200)
            await presenter.inbox.until(StandInWanted, lambda wanted: wanted.ref == ref)
            presenter.owner.add_stand_in(ref, b"one page", 59_500, 84_200)
            await joiner.inbox.until(StandInOffered)
            await joiner.inbox.until(BlobReady, lambda ready: ready.sha256 == ref.blob)
            assert ref.blob in joiner.store.whole

    run(test)


def test_the_presenter_sees_who_is_where_and_nobody_else_does(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (first, second) = programs(tmp_path, "鈴木", "田中")
        async with briefing(kiosk, presenter, first, second) as code:
            joined = await first.join(kiosk, code)
            await second.join(kiosk, code)
            position = Position(False, 101, WHOLE, True)
            first.side.present(position)
            told = await presenter.inbox.until(ParticipantPosition)
            assert told == ParticipantPosition(joined.peer, position)
            presenter.show(102)
            await second.inbox.settled(lambda: second.briefing.registers.view == View(102, WHOLE))
            assert not any("Position" in repr(event) for event in second.inbox.events)

    run(test)


def test_what_a_participant_may_not_do_it_does_not_and_with_a_grant_it_does(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            peer = (await joiner.join(kiosk, code)).peer
            joiner.side.submit(AddItem(5, 100, "質問"))
            refused = await joiner.inbox.until(Changed, lambda told: "OpRefused" in repr(told.changes))
            assert refused.changes[0].reason == "not_allowed"  # type: ignore[union-attr]
            joiner.side.set(ShowView(View(101, WHOLE)))
            presenter.owner.grant(peer, Role.ANNOTATOR)
            assert await joiner.state(Joined) == Joined(Role.ANNOTATOR, peer)
            assert (await seen(presenter, role=Role.ANNOTATOR)).peer == peer
            joiner.side.submit(AddItem(5, 100, "質問"))
            joiner.side.present(Pointer(100, 5, 5))
            await presenter.inbox.until(Changed, lambda told: 5 in told.briefing.items)
            presenter.owner.joining.allow(peer, saving=True, takeover=True)
            allowed = Allow(peer, "鈴木", True, True)
            assert (await seen(presenter, saving=True)).takeover
            await joiner.inbox.until(Changed, lambda told: told.briefing.allowances == {peer: allowed})
            assert presenter.briefing.registers.view == View(100, WHOLE)

    run(test)


def test_the_floor_is_asked_for_given_and_taken_back(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            peer = (await joiner.join(kiosk, code)).peer
            joiner.side.ask_floor()
            assert (await presenter.inbox.until(FloorRequested)).peer == peer
            presenter.owner.grant(peer, Role.PRESENTER)
            presenter.owner.give_floor(peer)
            await joiner.inbox.until(Changed, lambda told: told.briefing.registers.floor == peer)
            joiner.side.set(ShowView(View(102, WHOLE)))
            await kiosk.inbox.until(Changed, lambda told: told.briefing.registers.view == View(102, WHOLE))
            presenter.owner.take_floor()
            await joiner.inbox.until(Changed, lambda told: told.briefing.registers.floor == 0)
            presenter.owner.grant(999, Role.PRESENTER)
            presenter.owner.give_floor(999)

    run(test)


def test_following_modes_reach_everybody(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            await joiner.join(kiosk, code)
            presenter.owner.set(SetViewing(Viewing.NOT_AHEAD))
            await joiner.inbox.until(Changed, lambda told: not told.briefing.may_look_at(101))
            presenter.show(101)
            await joiner.inbox.until(Changed, lambda told: told.briefing.may_look_at(101))
            assert not joiner.briefing.may_look_at(102)

    run(test)


# --- going --------------------------------------------------------------------------------------------------


def test_who_is_removed_has_nothing_left_and_others_notice_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (first, second) = programs(tmp_path, "鈴木", "田中")
        async with briefing(kiosk, presenter, first, second) as code:
            peer = (await first.join(kiosk, code)).peer
            await second.join(kiosk, code)
            presenter.owner.joining.remove(peer)
            assert await first.state(Left) == Left(LeftReason.REMOVED)
            gone = await presenter.inbox.until(ParticipantGone)
            assert (gone.peer, gone.reason) == (peer, LeftReason.REMOVED)
            before = len(first.inbox.of(Changed))
            presenter.show(102)
            await second.inbox.settled(lambda: second.briefing == presenter.briefing)
            first.side.wiped()
            presenter.show(101)
            await second.inbox.settled(lambda: second.briefing == presenter.briefing)
            assert len(first.inbox.of(Changed)) == before
            assert second.inbox.of(LinkLost) == kiosk.inbox.of(LinkLost) == []

    run(test)


def test_leaving_is_told_and_one_may_join_again(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            first = await joiner.join(kiosk, code)
            with pytest.raises(Misuse):
                joiner.side.join(ROOM, code, "鈴木")
            joiner.side.leave()
            assert await joiner.state(Left) == Left(LeftReason.HERE)
            joiner.side.wiped()
            gone = await presenter.inbox.until(ParticipantGone)
            assert gone == ParticipantGone(first.peer, "鈴木", LeftReason.HERE)
            again = await joiner.join(kiosk, code)
            assert again.peer > first.peer

    run(test)


def test_at_the_end_every_participant_wipes_and_the_presenter_is_told_how_many(tmp_path: Path) -> None:
    async def test() -> None:
        deadlines = replace(DEADLINES, wiped=0.5)
        kiosk, presenter, (first, second, silent) = programs(
            tmp_path, "鈴木", "田中", "高橋", deadlines=deadlines
        )
        async with briefing(kiosk, presenter, first, second, silent) as code:
            for joiner in (first, second, silent):
                await joiner.join(kiosk, code)
            presenter.owner.end()
            for joiner in (first, second, silent):
                assert await joiner.state(Left) == Left(LeftReason.ENDED)
            first.side.wiped()
            second.side.wiped()
            kiosk.side.wiped()
            ended = await presenter.inbox.until(BriefingEnded)
            assert ended == BriefingEnded((ROOM,), (), participants_wiped=2, participants_silent=1)
            assert presenter.inbox.of(JoiningState)[-1] == JoiningState(None, False)
            presenter.owner.joining.open()
            assert presenter.owner.joining.code != code, "another briefing has another code"

    run(test)


def test_a_presenters_program_that_knows_nothing_any_more_is_no_mystery(tmp_path: Path) -> None:
    """It ended while this participant was away: the device itself says so, nobody else is believed."""

    async def test() -> None:
        deadlines = replace(DEADLINES, wiped=0.1)
        kiosk, presenter, (joiner,) = programs(tmp_path, deadlines=deadlines)
        async with briefing(kiosk, presenter, joiner) as code:
            peer = (await joiner.join(kiosk, code)).peer
            joiner.side.cut(0.3)
            await seen(presenter, link=ParticipantLink.LOST)
            presenter.owner.joining.remove(peer)
            assert await joiner.state(Left) == Left(LeftReason.FORGOTTEN)

    run(test)


def test_who_is_away_too_long_is_out_on_both_sides(tmp_path: Path) -> None:
    async def test() -> None:
        deadlines = replace(DEADLINES, wipe=0.2)
        kiosk, presenter, (joiner,) = programs(tmp_path, deadlines=deadlines)
        async with briefing(kiosk, presenter, joiner) as code:
            await joiner.join(kiosk, code)
            joiner.side.cut(60.0)
            assert await joiner.state(Left) == Left(LeftReason.TIMEOUT)
            assert (await presenter.inbox.until(ParticipantGone)).reason is LeftReason.TIMEOUT

    run(test)


# --- trouble ------------------------------------------------------------------------------------------------


@pytest.mark.expected_logs("participant .* broke the protocol")
def test_a_participant_that_breaks_the_rules_is_out_and_touches_nobody(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (bad, good) = programs(tmp_path, "鈴木", "田中")
        async with briefing(kiosk, presenter, bad, good) as code:
            await bad.join(kiosk, code)
            await good.join(kiosk, code)
            session = bad.side._session
            assert session is not None
            session.say(RoomFacts(ROOM, "", "", "", "", 100, 100, 0, 0, False))
            gone = await presenter.inbox.until(ParticipantGone)
            assert (gone.name, gone.reason) == ("鈴木", LeftReason.FAULT)
            presenter.show(102)
            await good.inbox.settled(lambda: good.briefing == presenter.briefing)
            assert good.inbox.of(LinkLost) == kiosk.inbox.of(LinkLost) == []

    run(test)


def test_a_name_is_one_line_that_upsets_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            joiner.side.join(ROOM, code, "鈴\u202e木\n\x00 一郎" + "長" * 200, rendezvous(kiosk))
            await joiner.state(Joined)
            facts = (await presenter.inbox.until(ParticipantSeen)).participant
            assert facts.name == ("鈴木 一郎" + "長" * 200)[:80]

    run(test)


def test_the_same_machine_by_its_code_again_is_the_same_participant(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        again = Joiner(tmp_path, OURS, "鈴木")
        async with briefing(kiosk, presenter, joiner, again) as code:
            first = await joiner.join(kiosk, code)
            second = await again.join(kiosk, code)
            assert first.peer == second.peer
            presenter.show(102)
            await again.inbox.settled(lambda: again.briefing == presenter.briefing)
            assert await joiner.state(Left) == Left(LeftReason.FORGOTTEN)

    run(test)


def test_no_such_room_is_no_answer_and_looking_goes_on(tmp_path: Path) -> None:
    async def test() -> None:
        ours = settings(replace(DEADLINES, no_answer=0.2), rendezvous_port=0)
        joiner = Joiner(tmp_path, ours)
        async with joining(joiner):
            joiner.side.join(ROOM, "123456", "鈴木", "127.0.0.1:9")
            await joiner.state(NoAnswer)
            joiner.side.leave()
            joiner.side.wiped()

    run(test)


def test_seventy_nine_join_within_a_moment_and_all_follow(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, joiners = programs(tmp_path, *(f"参加者{n}" for n in range(79)))
        async with briefing(kiosk, presenter, *joiners) as code:
            straight = f"127.0.0.1:{presenter.owner._surroundings.port}"
            for joiner in joiners:
                joiner.side.join(ROOM, code, joiner.name, straight)
            await asyncio.gather(*(joiner.state(Joined) for joiner in joiners))
            presenter.show(102)
            for joiner in joiners:
                await joiner.inbox.settled(lambda one=joiner: one.briefing.registers.view == View(102, WHOLE))
            await kiosk.inbox.until(IntroduceSeen, lambda told: told.introduce.participants == 79)

    run(test)


def test_who_waits_to_be_let_in_gets_no_byte_of_a_paper_it_knows_the_hash_of(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner, approval=True) as code:
            joiner.side.join(ROOM, code, "鈴木", rendezvous(kiosk))
            await joiner.state(AwaitingApproval)
            (blob,) = presenter.briefing.blobs().values()
            session = joiner.side._session
            assert session is not None
            session.fetcher.want(blob, Rank.NOW)
            assert (await joiner.inbox.until(BlobFailed)).fault is BlobFault.MISSING

    run(test)
