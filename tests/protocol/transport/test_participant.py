"""Participants on their way in: real sockets and TLS on loopback, through a real wall."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.messages import Introduction
from protocol.transfer import Rank
from protocol.transport.addresses import Endpoint
from protocol.transport.events import (
    BlobFailed,
    BlobFault,
    BlobReady,
    Changed,
    Choosers,
    FloorRequested,
    IntroduceSeen,
    LinkBack,
)
from protocol.transport.join_connector import Ways
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
    ParticipantSeen,
    Refused,
)
from protocol.values import Role, View
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
from tests.protocol.transport.joiners import Joiner, Watched, briefing, joining, programs, rendezvous, seen

OURS = settings(rendezvous_port=0)


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
            presenter.owner.participants.new_code()
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
            presenter.owner.participants.close()
            await kiosk.inbox.until(JoinCodeShown, lambda told: told.code is None)
            late.side.join(ROOM, code, "田中", rendezvous(kiosk))
            await late.state(NoAnswer)
            first.side.cut(0.0)
            await first.inbox.until(LinkBack)
            presenter.owner.participants.remove(1 + 1)
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
            presenter.owner.participants.approve(facts.peer)
            await first.state(Joined)
            await first.inbox.until(BlobReady)
            second.side.join(ROOM, code, "田中", rendezvous(kiosk))
            await second.state(AwaitingApproval)
            facts = await seen(presenter, name="田中", approved=False)
            presenter.owner.participants.decline(facts.peer)
            assert await second.state(Left) == Left(LeftReason.DECLINED)
            second.side.wiped()
            gone = await presenter.inbox.until(ParticipantGone)
            assert gone == ParticipantGone(facts.peer, "田中", LeftReason.DECLINED)
            assert second.inbox.of(Changed) == []
            presenter.owner.participants.ask_approval(False)
            second.side.join(ROOM, code, "田中", rendezvous(kiosk))
            await second.state(AwaitingApproval)
            assert presenter.inbox.of(FloorRequested) == []

    run(test)


def test_who_comes_before_the_briefing_begins_in_that_room_waits_for_it(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with running(kiosk, presenter), joining(joiner):
            await presenter.pair(kiosk)
            presenter.owner.participants.open()
            code = presenter.owner.participants.code
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


def test_a_way_that_becomes_known_late_does_not_wait_for_one_that_hangs(tmp_path: Path) -> None:
    """The presenter's own firewall answers nothing, and the wall is heard a moment after the presenter."""

    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path, deadlines=replace(DEADLINES, step=60.0))
        async with briefing(kiosk, presenter, joiner) as code:
            with socket.create_server(("127.0.0.1", 0)) as silent:
                silent.setblocking(False)
                hangs = Endpoint("127.0.0.1", silent.getsockname()[1])
                ways = [Ways((hangs,), ())]
                joiner.side._ways = lambda: ways[-1]  # type: ignore[method-assign]
                joiner.side.join(ROOM, code, "鈴木")
                dialled, _ = await asyncio.get_running_loop().sock_accept(silent)
                with dialled:
                    wall = Endpoint("127.0.0.1", kiosk.side._rendezvous.port)
                    ways.append(Ways((hangs,), (wall,)))
                    joiner.side.heard()
                    await joiner.state(Joined)

    run(test)


def test_a_name_is_one_line_that_upsets_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, (joiner,) = programs(tmp_path)
        async with briefing(kiosk, presenter, joiner) as code:
            joiner.side.join(ROOM, code, "鈴\u202e木\n\x00 一郎" + "長" * 200, rendezvous(kiosk))
            await joiner.state(Joined)
            facts = (await presenter.inbox.until(ParticipantSeen)).participant
            assert facts.name == ("鈴木 一郎" + "長" * 200)[:80]
            session = joiner.side._session
            assert session is not None
            session.say(Introduction("田\u202e中\n 花子"))  # as a program says that is none of ours
            await seen(presenter, name="田中 花子")

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


@pytest.mark.usefixtures("products_kept")
def test_seventy_nine_join_within_a_moment_and_all_follow(tmp_path: Path) -> None:
    """The door has room for forty: who is pushed out comes back no sooner than in the field, or on a slow
    machine the crowd does nothing else."""

    async def test() -> None:
        deadlines = replace(DEADLINES, redial_first=0.5, redial_soon=0.5)
        kiosk, presenter, joiners = programs(
            tmp_path, *(f"参加者{n}" for n in range(79)), deadlines=deadlines
        )
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
