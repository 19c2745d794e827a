"""Participants who are in, until they go: real sockets and TLS on loopback, through a real wall."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.changes import InkChanged
from protocol.errors import Misuse
from protocol.ink import Colour, NewMark, Pen, Stroke, Tool, packed
from protocol.messages import RoomFacts
from protocol.ops import AddItem, Allow, Draw
from protocol.presence import Pointer, Position, Wet
from protocol.registers import SetViewing, ShowView
from protocol.transport import owner_session
from protocol.transport.events import (
    BlobReady,
    BriefingEnded,
    Changed,
    FloorRequested,
    LinkBack,
    LinkLost,
    StandInOffered,
    StandInWanted,
)
from protocol.transport.join_events import (
    Joined,
    JoiningState,
    JoinState,
    Left,
    LeftReason,
    ParticipantGone,
    ParticipantLink,
    ParticipantPosition,
)
from protocol.transport.rendezvous import Stream
from protocol.values import Role, View, Viewing
from tests.protocol.transport.briefings import (
    DEADLINES,
    ROOM,
    WHOLE,
    facts,
    run,
)
from tests.protocol.transport.joiners import Watched, briefing, programs, seen

# --- being in -----------------------------------------------------------------------------------------------


def test_after_a_cut_a_participant_is_back_without_typing(tmp_path: Path) -> None:
    """Also when the wall had no link itself at the moment when it knocked there."""

    async def test() -> None:
        patient = replace(DEADLINES, step=60.0, rendezvous=60.0)
        kiosk, presenter, (joiner,) = programs(tmp_path, deadlines=patient)
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
            presenter.owner.session.add_stand_in(ref, b"one page", 59_500, 84_200)
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
            joiner.side.edit(AddItem(5, 100, "質問"))
            refused = await joiner.inbox.until(Changed, lambda told: "OpRefused" in repr(told.changes))
            assert refused.changes[0].reason == "not_allowed"  # type: ignore[union-attr]
            joiner.side.set(ShowView(View(101, WHOLE)))
            assert peer not in presenter.briefing.names, "who may not write is not in the record"
            presenter.owner.participants.allow(peer, saving=False, takeover=False, minutes=True)
            await joiner.inbox.until(Changed, lambda told: told.briefing.names.get(peer) == "鈴木")
            presenter.owner.participants.let_write(peer, True)
            assert await joiner.state(Joined) == Joined(Role.ANNOTATOR, peer)
            assert (await seen(presenter, role=Role.ANNOTATOR)).peer == peer
            joiner.side.edit(AddItem(5, 100, "質問"))
            joiner.side.present(Pointer(100, 5, 5))
            await presenter.inbox.until(Changed, lambda told: 5 in told.briefing.items)
            presenter.owner.enter_name()
            named = {0: "佐藤", 1: facts(ROOM).name, peer: "鈴木"}
            await joiner.inbox.until(Changed, lambda told: told.briefing.names == named)
            presenter.owner.introduce("佐藤 花子", "秘書課")
            await joiner.inbox.until(Changed, lambda told: told.briefing.names[0] == "佐藤 花子")
            presenter.owner.participants.allow(peer, saving=True, takeover=True, minutes=True)
            allowed = Allow(peer, "鈴木", True, True, True)
            assert (await seen(presenter, saving=True)).takeover
            await joiner.inbox.until(Changed, lambda told: told.briefing.allowances == {peer: allowed})
            assert presenter.briefing.registers.view == View(100, WHOLE)

    run(test)


def test_a_moment_reaches_the_wall_at_once_and_people_together_with_what_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def saw(n: int) -> Callable[[Changed], bool]:
        return lambda told: any(
            getattr(each, "presence", None) == Pointer(100, n, n) for each in told.changes
        )

    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            await joiner.join(kiosk, code)
            monkeypatch.setattr(owner_session, "BUNDLE", 3_600.0)
            presenter.owner.session.present(Pointer(100, 1, 1))
            await kiosk.inbox.until(Changed, saw(1))
            assert not any(saw(1)(told) for told in joiner.inbox.events if isinstance(told, Changed))
            presenter.show(102)
            await joiner.inbox.until(Changed, saw(1))
            assert joiner.briefing.registers.view == View(102, WHOLE), "a page takes along what waits"
            stroke = Stroke(Pen(Tool.PEN, Colour.RED, 150), 1, 1, packed([1, 9], [1, 9]))
            presenter.owner.session.present(Wet(102, 0, stroke.pen, True, stroke.x, stroke.y, stroke.path))
            presenter.owner.session.edit(Draw(102, 1, 0, (NewMark(0, stroke),)))
            await joiner.inbox.until(Changed, lambda told: bool(told.briefing.ink.count))
            drawn = [each for told in joiner.inbox.of(Changed) for each in told.changes]
            kinds = [type(getattr(each, "presence", each)) for each in drawn]
            assert kinds[-2:] == [Wet, InkChanged], "wet ink behind its mark would never dry"

            presenter.owner.session._bundle = None
            monkeypatch.setattr(owner_session, "BUNDLE", 0.001)
            presenter.owner.session.present(Pointer(100, 2, 2))
            await joiner.inbox.until(Changed, saw(2))

    run(test)


def test_the_floor_is_asked_for_given_and_taken_back(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            peer = (await joiner.join(kiosk, code)).peer
            joiner.side.ask_floor()
            assert (await presenter.inbox.until(FloorRequested)).peer == peer
            presenter.owner.grant(peer, Role.PRESENTER)
            presenter.owner.session.give_floor(peer)
            await joiner.inbox.until(Changed, lambda told: told.briefing.registers.floor == peer)
            joiner.side.set(ShowView(View(102, WHOLE)))
            await kiosk.inbox.until(Changed, lambda told: told.briefing.registers.view == View(102, WHOLE))
            presenter.owner.participants.let_write(peer, True)
            presenter.owner.session.take_floor()
            await joiner.inbox.until(Changed, lambda told: told.briefing.registers.floor == 0)
            presenter.owner.participants.no_longer_presents(peer)
            assert (await joiner.state(Joined)).role is Role.ANNOTATOR, "granted while it presented"
            presenter.owner.grant(999, Role.PRESENTER)
            presenter.owner.session.give_floor(999)

    run(test)


def test_following_modes_reach_everybody(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            await joiner.join(kiosk, code)
            presenter.owner.session.set(SetViewing(Viewing.NOT_AHEAD))
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
            presenter.owner.participants.remove(peer)
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
            assert presenter.owner.introduction.participants == 0, "the next wall is told of nobody"
            presenter.owner.participants.open()
            assert presenter.owner.participants.code != code, "another briefing has another code"

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
            presenter.owner.participants.remove(peer)
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


@pytest.mark.expected_logs("participant .* broke the protocol")
@pytest.mark.bad_input(row=31)
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
