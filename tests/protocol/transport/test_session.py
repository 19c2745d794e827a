"""A briefing over real links: pairing from either end, following, cuts and returns, and how it ends."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.proxy import Proxy, Wire
from protocol.ops import AddItem, NewEdition, SpliceText
from protocol.presence import Pointer, Position
from protocol.transport.addresses import read_endpoint
from protocol.transport.events import (
    Back,
    BlobProgress,
    BlobReady,
    BriefingEnded,
    Changed,
    Choosers,
    CodeWrong,
    Ended,
    Failed,
    FailureReason,
    Found,
    Gone,
    GoneReason,
    IntroduceSeen,
    JoinedAs,
    KeyPressed,
    LinkBack,
    LinkLost,
    Lost,
    Paired,
    PairedWith,
    SecretKept,
    StandInOffered,
    StandInWanted,
    TakeoverRequested,
    TakeoverState,
    WallPosition,
    WallWiped,
)
from protocol.transport.join_events import LeftReason
from protocol.values import Blob, EditionPage, PageRef, View
from tests.protocol.transport.briefings import (
    DEADLINES,
    ROOM,
    WHOLE,
    Kiosk,
    Presenter,
    run,
    running,
    settings,
    showing,
)

SHORT = replace(DEADLINES, takeover_question=0.3, takeover_dead=0.2, wiped=0.2)


def same(kiosk: Kiosk, presenter: Presenter) -> None:
    """The wall's briefing and the desk's are one."""
    assert kiosk.briefing == presenter.briefing


def test_the_code_pairs_and_nothing_of_the_briefing_goes_before_it_is_started(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            presenter.offer(1, os.urandom(600_000))
            presenter.show(100)
            assert await presenter.pair(kiosk) == Paired("第三会議室", "本庁舎6階", registered=False)
            await kiosk.inbox.until(PairedWith, lambda event: event.name == "佐藤")
            wanted = await presenter.inbox.until(StandInWanted)
            presenter.owner.introduce("佐藤", "財政課 予算係")
            await kiosk.inbox.until(IntroduceSeen, lambda e: e.introduce.department == "財政課 予算係")
            assert not kiosk.inbox.of(Changed)

            presenter.owner.session.add_stand_in(wanted.ref, b"%PDF of one page", 59_500, 84_200)
            presenter.begin()
            await showing(kiosk, 100)
            same(kiosk, presenter)
            offered = await kiosk.inbox.until(StandInOffered)
            assert offered.stand_in.ref == wanted.ref
            ready = await kiosk.inbox.until(BlobReady)
            assert ready.sha256 == offered.stand_in.sha256
            assert bytes(kiosk.store.blobs[ready.sha256]) == b"%PDF of one page"
            await kiosk.inbox.until(BlobReady, lambda event: event.sha256 == wanted.ref.blob)

    run(test)


@pytest.mark.parametrize("happens", ["moved", "cut"])
def test_a_room_that_went_while_its_link_still_stands_goes_with_that_link(
    happens: str, tmp_path: Path
) -> None:
    """Another presenter took the wall over; then the network is another one, or is cut."""

    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.brief(kiosk)
            owner = presenter.owner
            room = owner._rooms[ROOM]
            room.gone = True
            if happens == "cut":
                owner.cut(60.0)
            else:
                assert room._pump is not None
                room._pump._heard = -1e9
                owner.moved((), ())
            assert not owner._rooms

    run(test)


def test_the_next_item_of_the_agenda_is_at_the_wall_before_its_turn(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            first, *_ = presenter.offer(1, os.urandom(300_000))
            following, *_ = presenter.offer(2, os.urandom(300_000))
            presenter.show(100)
            await presenter.pair(kiosk)
            presenter.begin()
            await showing(kiosk, 100)
            ready = [(await kiosk.inbox.until(BlobReady)).sha256 for _ in range(2)]
            assert ready == [first.blob, following.blob], "what is shown, then what comes next"
            assert kiosk.briefing.registers.view == presenter.briefing.registers.view
            assert kiosk.briefing.registers.view.page_id == 100

    run(test)


def test_a_wrong_code_is_told_and_the_right_one_still_works(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            presenter.owner.connect(ROOM, kiosk.address)
            await kiosk.inbox.until(Choosers, lambda event: event.count == 1)
            assert await presenter.inbox.state(Found) == Found(6)
            code = kiosk.code
            presenter.owner.submit_code(ROOM, f"{(int(code) + 1) % 1_000_000:06}")
            assert await presenter.inbox.state(Failed) == Failed(FailureReason.REFUSED)
            await kiosk.inbox.until(CodeWrong)
            assert kiosk.code == code
            presenter.owner.submit_code(ROOM, code)
            await presenter.inbox.state(Paired)

    run(test)


def test_either_side_may_be_the_only_one_that_can_dial(tmp_path: Path) -> None:
    """The kiosk's port is closed to everybody: it finds the presenter over mDNS and dials it."""

    async def test() -> None:
        elsewhere = replace(settings(mdns=True), listen_addresses=("127.0.0.2",))
        kiosk, presenter = Kiosk(tmp_path, elsewhere), Presenter(tmp_path, settings(mdns=True))
        async with running(kiosk, presenter):
            presenter.owner.connect(ROOM)
            await presenter.inbox.state(Found)
            presenter.owner.submit_code(ROOM, kiosk.code)
            await presenter.inbox.state(Paired)
            data = os.urandom(300_000)
            refs = presenter.offer(1, data)
            presenter.show(101)
            presenter.begin()
            await showing(kiosk, 101)
            await kiosk.inbox.until(BlobReady, lambda event: event.sha256 == refs[0].blob)
            presenter.owner.cut(0.0)
            await kiosk.inbox.until(LinkBack)
            await presenter.inbox.state(Back)
            presenter.show(102)
            await showing(kiosk, 102)

    run(test)


def test_with_both_dialling_one_link_is_chosen(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings(mdns=True)), Presenter(tmp_path, settings(mdns=True))
        async with running(kiosk, presenter):
            presenter.owner.connect(ROOM)
            await presenter.inbox.state(Found)
            presenter.owner.submit_code(ROOM, kiosk.code)
            await presenter.inbox.state(Paired)
            presenter.offer(1, os.urandom(1_000))
            presenter.show(100)
            presenter.begin()
            await showing(kiosk, 100)
            assert len(kiosk.inbox.of(PairedWith)) == 1
            await kiosk.inbox.until(Choosers, lambda event: event.count == 0)
            assert not kiosk.inbox.of(CodeWrong)

    run(test)


def test_a_cut_in_the_middle_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """Edits and page turns go on while the link is cut; the paper goes on at its offset afterwards."""

    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            own = read_endpoint(kiosk.address, 0)
            proxy = Proxy(own.host, own.port, Wire(rate=80_000_000))
            await proxy.start()
            await presenter.pair(kiosk, f"127.0.0.1:{proxy.port}")
            data = os.urandom(6_000_000)
            refs = presenter.offer(1, data)
            presenter.show(100)
            presenter.begin()
            await kiosk.inbox.until(BlobProgress, lambda progress: progress.received > 1_000_000)
            carried = sum(proxy.carried)
            await proxy.cut()
            await kiosk.inbox.until(LinkLost)
            await presenter.inbox.state(Lost)
            had = kiosk.inbox.of(BlobProgress)[-1].received

            presenter.owner.session.edit(AddItem(1, 100, "三億円"))
            presenter.owner.session.edit(SpliceText(1, (-1, "四")))
            edit = os.urandom(5_000)
            blob = Blob(hashlib.sha256(edit).digest(), len(edit))
            presenter.owner.session.add_blob(blob.sha256, edit)
            page = EditionPage(101, PageRef(blob.sha256, 0), 59_500, 84_200)
            presenter.owner.session.edit(NewEdition(1, 1, 1, 1, (page,), (blob,)))
            for page_id in (101, 102, 101):
                presenter.show(page_id)

            await proxy.mend()
            await presenter.inbox.state(Back)
            await kiosk.inbox.until(LinkBack)
            await kiosk.inbox.until(BlobReady, lambda event: event.sha256 == refs[0].blob)
            await kiosk.inbox.settled(lambda: kiosk.briefing == presenter.briefing)
            assert kiosk.briefing.registers.view == View(101, WHOLE)
            assert kiosk.briefing.items[1].text == "四億円"
            assert bytes(kiosk.store.blobs[refs[0].blob]) == data
            received = [p.received for p in kiosk.inbox.of(BlobProgress) if p.sha256 == refs[0].blob]
            assert received == sorted(received)
            assert sum(proxy.carried) - carried < len(data) - had + 500_000
        await proxy.stop()

    run(test)


def test_a_restarted_screen_resumes_with_what_the_supervisor_kept(tmp_path: Path) -> None:
    async def test() -> None:
        presenter = Presenter(tmp_path, settings())
        kiosk = Kiosk(tmp_path, settings())
        async with running(presenter):
            async with running(kiosk):
                await presenter.brief(kiosk)
                kept = kiosk.inbox.of(SecretKept)[-1].blob
                port = read_endpoint(kiosk.address, 0).port
            await presenter.inbox.state(Lost)
            again = Kiosk(tmp_path, replace(settings(), port=port), kept_secret=kept)
            async with running(again):
                assert [event.name for event in again.inbox.of(PairedWith)] == ["佐藤"]
                await again.inbox.until(LinkBack)
                await showing(again, 100)
                same(again, presenter)
                assert not again.inbox.of(CodeWrong)

    run(test)


@pytest.mark.bad_input(row=29)
def test_a_room_that_forgot_after_a_power_cut_is_paired_by_its_code_again(tmp_path: Path) -> None:
    """Rows 28 and 29: no secret, no resume; the code is asked for, because the device itself says so."""

    async def test() -> None:
        presenter = Presenter(tmp_path, settings())
        kiosk = Kiosk(tmp_path, settings())
        async with running(presenter):
            async with running(kiosk):
                await presenter.brief(kiosk)
                port = read_endpoint(kiosk.address, 0).port
            await presenter.inbox.state(Lost)
            again = Kiosk(tmp_path, replace(settings(), port=port))
            async with running(again):
                assert await presenter.inbox.state(Gone) == Gone(GoneReason.FORGOTTEN)
                await presenter.inbox.state(Found)
                presenter.owner.submit_code(ROOM, again.code)
                await presenter.inbox.state(Paired)
                assert not again.inbox.of(Changed)
                presenter.begin()
                await showing(again, 100)

    run(test)


def test_the_end_wipes_every_wall_and_says_which_did_not_answer(tmp_path: Path) -> None:
    async def test() -> None:
        first, second = Kiosk(tmp_path, settings()), Kiosk(tmp_path, settings(), 28)
        presenter = Presenter(tmp_path, settings(SHORT))
        async with running(first, second, presenter):
            await presenter.pair(first)
            await presenter.pair(second, number=28)
            presenter.offer(1, os.urandom(1_000))
            presenter.show(100)
            presenter.begin()
            presenter.begin(28)
            await showing(first, 100)
            await showing(second, 100)
            code = first.code
            presenter.owner.end()
            assert (await first.inbox.until(Ended)).reason is LeftReason.ENDED
            assert (await second.inbox.until(Ended)).reason is LeftReason.ENDED
            assert first.inbox.of(SecretKept)[-1].blob is None
            first.side.wiped()
            await presenter.inbox.until(WallWiped, lambda event: event.number == ROOM)
            assert await presenter.inbox.until(BriefingEnded) == BriefingEnded((ROOM,), (28,))
            assert first.code != code
            second.side.wiped()
            # Nothing is left of the session: the next briefing begins with the code.
            await presenter.pair(first)
            assert len(first.inbox.of(PairedWith)) == 2

    run(test)


def test_a_wall_leaves_and_a_wall_is_dropped(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.pair(kiosk)
            presenter.begin()
            presenter.owner.press_wall_key(ROOM, "hide")
            assert (await kiosk.inbox.until(KeyPressed)).action == "hide"
            kiosk.side.disconnect()
            assert (await kiosk.inbox.until(Ended)).reason is LeftReason.HERE
            kiosk.side.wiped()
            assert await presenter.inbox.state(Gone) == Gone(GoneReason.LEFT)
            await presenter.inbox.until(WallWiped)

            await presenter.pair(kiosk)
            presenter.begin()
            await kiosk.inbox.until(JoinedAs)
            presenter.owner.drop(ROOM)
            kiosk.side.present(Position(True, None, None, True))  # before it can know
            assert (await kiosk.inbox.until(Ended)).reason is LeftReason.ENDED
            kiosk.side.wiped()
            await presenter.inbox.until(WallWiped)
            assert await presenter.inbox.state(Gone) == Gone(GoneReason.DROPPED)

    run(test)


def test_the_pointer_and_the_walls_own_word_on_what_it_shows(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.brief(kiosk)
            painted = Position(True, 100, WHOLE, sharp=True)
            kiosk.side.present(painted)
            assert await presenter.inbox.until(WallPosition) == WallPosition(ROOM, painted)
            at = Pointer(100, 30_000, 42_000)
            presenter.owner.session.present(at)
            await kiosk.inbox.until(
                Changed,
                lambda changed: any(getattr(each, "presence", None) == at for each in changed.changes),
            )

    run(test)


# --- two presenters for one wall (row 30) -------------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, False, True])
@pytest.mark.bad_input(row=30)
def test_while_the_first_presenter_lives_it_is_asked_and_the_default_is_no(
    tmp_path: Path, answer: bool | None
) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings(SHORT if answer is None else DEADLINES))
        first = Presenter(tmp_path, settings())
        second = Presenter(tmp_path, settings(), "田中")
        async with running(kiosk, first, second):
            await first.pair(kiosk)
            first.offer(1, os.urandom(1_000))
            first.show(100)
            first.begin()
            await showing(kiosk, 100)
            second.owner.connect(ROOM, kiosk.address)
            await second.inbox.state(Found)
            second.owner.submit_code(ROOM, kiosk.code)
            asked = await first.inbox.until(TakeoverRequested)
            assert (asked.name, asked.department) == ("田中", "財政課")
            question = await kiosk.inbox.until(TakeoverState)
            assert question.name == "田中"
            if answer is not None:
                first.owner.answer_takeover(ROOM, answer)
            assert (await kiosk.inbox.until(TakeoverState)).name is None
            if not answer:
                assert await second.inbox.state(Failed) == Failed(FailureReason.TAKEN)
                first.show(101)
                await showing(kiosk, 101)
                assert not kiosk.inbox.of(Ended)
                return
            assert (await kiosk.inbox.until(Ended)).reason is LeftReason.TAKEOVER
            assert not second.inbox.of(Paired)
            assert len(kiosk.inbox.of(PairedWith)) == 1
            kiosk.side.wiped()
            assert (await kiosk.inbox.until(PairedWith)).name == "田中"
            await second.inbox.state(Paired)
            assert await first.inbox.state(Gone) == Gone(GoneReason.TAKEN_OVER)

    run(test)


@pytest.mark.bad_input(row=30)
def test_when_the_first_presenter_is_dead_the_right_code_wins_after_cover_and_wipe(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings(SHORT))
        first, second = Presenter(tmp_path, settings()), Presenter(tmp_path, settings(), "田中")
        async with running(kiosk, second):
            async with running(first):
                await first.pair(kiosk)
                first.offer(1, os.urandom(1_000))
                first.show(100)
                first.begin()
                await showing(kiosk, 100)
            await kiosk.inbox.until(LinkLost)
            second.owner.connect(ROOM, kiosk.address)
            await second.inbox.state(Found)
            second.owner.submit_code(ROOM, kiosk.code)
            assert (await kiosk.inbox.until(Ended)).reason is LeftReason.TAKEOVER
            assert len(kiosk.inbox.of(PairedWith)) == 1
            kiosk.side.wiped()
            await second.inbox.state(Paired)

    run(test)
