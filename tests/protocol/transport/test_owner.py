"""The presenter's side: finding rooms, states of their links, crashes, sleep, and walls that misbehave."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from protocol import journal
from protocol.facilities import Facilities, RoomCertificate, device_id, sign_room
from protocol.messages import Committed, Message, Now, Set, Submit, TakeoverAsked
from protocol.ops import WithdrawPaper
from protocol.presence import Position
from protocol.registers import SetScreen, ShowView
from protocol.transport.addresses import Endpoint, networks, read_endpoint
from protocol.transport.broker_rooms import BrokerRoom
from protocol.transport.candidates import Announcement, Candidate, Candidates
from protocol.transport.events import (
    Back,
    BlobReady,
    BriefingEnded,
    Changed,
    Ended,
    Failed,
    FailureReason,
    Finding,
    Found,
    Gone,
    GoneReason,
    LinkBack,
    LinkLost,
    Lost,
    Paired,
    PairedWith,
    RoomLost,
    RoomSeen,
    TakeoverRequested,
    WallPosition,
)
from protocol.transport.ladder import Ladder
from protocol.transport.owner_session import Recovered
from protocol.transport.redial import Schedule
from protocol.transport.resuming import Secrets
from protocol.transport.rooms_file import FILE, SIGNATURE, RoomEntry, sign_rooms
from protocol.transport.settings import PRIVATE_NETWORKS, Deadlines
from protocol.transport.tls import DeviceKey
from protocol.values import OpId, Rect, Screen, View
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

OWN = networks(PRIVATE_NETWORKS)
KEY = ec.generate_private_key(ec.SECP256R1())
FACILITIES = Facilities(KEY.public_key())


def sign(data: bytes) -> bytes:
    return KEY.sign(data, ec.ECDSA(hashes.SHA256()))


# --- where a room is ----------------------------------------------------------------------------------------


def test_the_ladder_typed_then_heard_then_the_room_file() -> None:
    candidates = Candidates()
    ladder = Ladder(candidates, OWN, 47_400, "")
    heard, filed, typed = (Endpoint(f"10.1.6.{n}", 47_400) for n in (1, 2, 3))
    assert ladder.endpoints(27) == ()
    ladder.set_rooms({27: RoomEntry(27, "第三会議室", "", "6階", filed)})
    assert ladder.endpoints(27) == (filed,)
    candidates.hear(Candidate("a", Announcement(27, in_use=True), (heard,)))
    candidates.promote(0.0)
    assert ladder.endpoints(27) == (heard, filed)
    ladder.type_address(27, typed)
    assert ladder.endpoints(27) == (typed,)
    ladder.type_address(27, None)
    assert ladder.news() == (RoomSeen(27, "第三会議室", "6階", True, "10.1.6.1:47400"),)
    assert ladder.news() == ()
    candidates.forget("a")
    assert ladder.news() == (RoomSeen(27, "第三会議室", "6階", False, "10.1.6.2:47400"),)
    ladder.set_rooms({})
    assert ladder.news() == (RoomLost(27),)


def test_a_display_that_starts_anew_is_as_it_says_now() -> None:
    """Its program died without a goodbye; another display of that number is another place."""
    candidates = Candidates()
    ladder = Ladder(candidates, OWN, 47_400, "")
    here, other = (Endpoint(f"10.1.6.{n}", 47_400) for n in (1, 2))
    for name, place, in_use, told in (
        ("a", here, True, True),
        ("b", here, False, False),
        ("c", other, True, True),
    ):
        candidates.hear(Candidate(name, Announcement(27, in_use), (place,)))
        candidates.promote(0.0)
        assert [seen.in_use for seen in ladder.news() if isinstance(seen, RoomSeen)] == [told]


def test_a_display_that_died_in_use_and_is_out_of_service_now_is_no_room_to_choose() -> None:
    candidates = Candidates()
    ladder = Ladder(candidates, OWN, 47_400, "")
    here = Endpoint("10.1.6.1", 47_400)
    for name, said, source, told in (
        ("a", Announcement(27, in_use=True), "10.1.6.1", [RoomSeen]),
        ("b", Announcement(27, in_use=False, closed=True), "10.1.6.66", []),
        ("c", Announcement(27, in_use=False, closed=True), "10.1.6.1", [RoomLost]),
        ("d", Announcement(27, in_use=False), "10.1.6.1", [RoomSeen]),
    ):
        candidates.hear(Candidate(name, said, (here,), source))
        candidates.promote(float(ord(name)))
        news = ladder.news()
        assert [type(each) for each in news] == told, "another machine takes nobody's room away"
    assert news == (RoomSeen(27, None, None, False, "10.1.6.1:47400"),)


def test_a_room_that_its_display_told_the_broker_is_listed_by_its_certified_name() -> None:
    candidates = Candidates()
    ladder = Ladder(candidates, OWN, 47_400, "")
    near, far = Endpoint("10.1.6.1", 47_400), Endpoint("10.2.6.1", 47_400)
    ladder.set_broker_rooms({27: BrokerRoom(27, "第三会議室", False, (far,))})
    assert ladder.endpoints(27) == (far,)
    assert ladder.news() == (RoomSeen(27, "第三会議室", None, False, "10.2.6.1:47400"),)
    candidates.hear(Candidate("a", Announcement(27, in_use=True), (near,)))
    candidates.promote(0.0)
    assert ladder.endpoints(27) == (near, far)
    assert ladder.news() == (RoomSeen(27, "第三会議室", None, True, "10.1.6.1:47400"),)
    ladder.set_broker_rooms({})
    candidates.forget("a")
    assert ladder.news() == (RoomLost(27),)


def test_a_dns_name_is_asked_and_only_the_houses_own_addresses_are_taken() -> None:
    async def test() -> None:
        ladder = Ladder(Candidates(), networks(["127.0.0.0/8"]), 47_400, "localhost")
        assert not await ladder.look_up(27)
        assert ladder.endpoints(27) == ()
        asked: list[str] = []

        async def answers(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
            asked.append(host)
            return [(2, 1, 6, "", ("8.8.8.8", port)), (2, 1, 6, "", ("10.1.6.27", port))]

        asyncio.get_running_loop().getaddrinfo = answers  # type: ignore[method-assign, assignment]
        ladder = Ladder(Candidates(), OWN, 47_400, "room{number}.pref.example")
        assert await ladder.look_up(27)
        assert asked == ["room27.pref.example"]
        assert ladder.endpoints(27) == (Endpoint("10.1.6.27", 47_400),)
        assert not await ladder.look_up(27)
        assert len(asked) == 1

    run(test)


def test_pauses_between_dials() -> None:
    middle = Schedule(Deadlines(), lambda: 0.5)
    assert [round(middle.pause(), 3) for _ in range(6)] == [0.05, 0.1, 0.2, 0.4, 0.5, 0.5]
    for _ in range(20):
        middle.pause()
    assert middle.pause() == 5.0
    assert middle.pause(missed=True) == 0.5, "a session waits"
    middle.reset()
    assert middle.pause() == pytest.approx(0.05)
    assert Schedule(Deadlines(), lambda: 0.0).pause() == pytest.approx(0.04)
    assert Schedule(Deadlines(), lambda: 1.0).pause() == pytest.approx(0.06)


def test_rooms_are_listed_from_the_signed_file_and_found_by_it(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings())
        async with running(kiosk):
            text = f'[[room]]\nnumber = {ROOM}\nname = "知事室"\naddress = "{kiosk.address}"\n'.encode()
            (tmp_path / FILE).write_bytes(text)
            (tmp_path / SIGNATURE).write_bytes(sign_rooms(sign, text))
            presenter = Presenter(tmp_path, settings(room_file=tmp_path), facilities=FACILITIES)
            async with running(presenter):
                presenter.owner.look_for_rooms()
                seen = await presenter.inbox.until(RoomSeen)
                assert (seen.number, seen.name, seen.address) == (ROOM, "知事室", kiosk.address)
                presenter.owner.connect(ROOM)
                # Row 25: with the facilities' key installed, a wall without their certificate is refused.
                failed = await presenter.inbox.state(Failed)
                assert failed == Failed(FailureReason.NOT_REGISTERED)

    run(test)


def test_a_registered_wall_is_named_by_its_certificate(tmp_path: Path) -> None:
    async def test() -> None:
        spki = DeviceKey.load_or_create(tmp_path / f"kiosk{ROOM}").spki
        certificate = sign_room(sign, RoomCertificate(device_id(spki), ROOM, "知事室"))
        kiosk = Kiosk(tmp_path, settings(), certificate=certificate)
        presenter = Presenter(tmp_path, settings(), facilities=FACILITIES)
        async with running(kiosk, presenter):
            assert await presenter.pair(kiosk) == Paired("知事室", "本庁舎6階", registered=True)

    run(test)


def test_a_room_that_nobody_answers_for_is_told_and_still_looked_for(tmp_path: Path) -> None:
    async def test() -> None:
        impatient = replace(DEADLINES, no_answer=0.05)
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings(impatient))
        async with running(presenter):
            async with running(kiosk):
                address = kiosk.address
            presenter.owner.connect(ROOM, address)
            await presenter.inbox.state(Finding)
            assert await presenter.inbox.state(Failed) == Failed(FailureReason.NO_ANSWER)
            late = Kiosk(tmp_path, replace(settings(), port=read_endpoint(address, 0).port))
            async with running(late):
                await presenter.inbox.state(Found)

    run(test)


# --- crashes, sleep, cuts -----------------------------------------------------------------------------------


def test_after_a_crash_of_the_presenter_the_room_returns_without_typing(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings())
        secrets: list[Secrets] = []
        presenter = Presenter(tmp_path, settings(), on_secrets=secrets.append)
        async with running(kiosk):
            async with running(presenter):
                await presenter.pair(kiosk)
                data = os.urandom(900_000)
                refs = presenter.offer(1, data)
                presenter.show(101)
                presenter.begin()
                await kiosk.inbox.until(Changed, lambda c: c.briefing.registers.screen is Screen.SHOW)
                shown = kiosk.briefing
            await kiosk.inbox.until(LinkLost)
            chain = journal.Chain()
            kept = journal.read([chain.add(entry) for entry in presenter.records])
            recovered = Recovered(kept.log, kept.registers, secrets[-1])
            again = Presenter(tmp_path, settings(), recovered=recovered, on_secrets=secrets.append)
            async with running(again):
                await kiosk.inbox.until(LinkBack)
                await again.inbox.state(Back)
                again.show(102)
                await kiosk.inbox.settled(lambda: kiosk.briefing == again.briefing)
                assert kiosk.briefing.papers == shown.papers
                assert kiosk.briefing.registers.view == View(102, WHOLE)
                assert kiosk.briefing.registers.screen is Screen.SHOW
                # The paper's bytes were lost with the presenter, and are read again from its journal's copy.
                again.owner.session.add_blob(refs[0].blob, data)
                await kiosk.inbox.until(BlobReady, lambda event: event.sha256 == refs[0].blob)
                assert len(kiosk.inbox.of(PairedWith)) == 1
                # Only what is new goes to the journal: that the room is back, and the page turned to.
                chain = journal.Chain()
                told = journal.read([chain.add(record) for record in again.records])
                kinds = sorted(type(entry.record).__name__ for entry in told.entries)
                assert (kinds, told.registers) == (["Attended", "Noted"], again.briefing.registers)
                again.owner.end()
                await kiosk.inbox.until(Ended)
                kiosk.side.wiped()
                await again.inbox.until(BriefingEnded)
                assert not secrets[-1]

    run(test)


def test_after_sleep_every_link_is_renewed(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.pair(kiosk)
            presenter.owner.woke()
            await presenter.inbox.state(Lost)
            await presenter.inbox.state(Back)
            await kiosk.inbox.until(LinkBack)

    run(test)


def test_a_link_is_cut_for_real_and_comes_back(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.pair(kiosk)
            for side in (presenter.owner, kiosk.side):
                side.cut(0.05)
                await presenter.inbox.state(Lost)
                await presenter.inbox.state(Back)
                await kiosk.inbox.until(LinkBack)

    run(test)


# --- walls that misbehave -----------------------------------------------------------------------------------


def wall_says(kiosk: Kiosk, message: Message) -> None:
    """What a wall that was taken over by somebody might send."""
    session = kiosk.side._session
    assert session is not None
    session.say(message)


@pytest.mark.expected_logs("broke the protocol")
@pytest.mark.parametrize(
    "message",
    [
        Set(0, ShowView(View(101, WHOLE))),
        Set(0, SetScreen(Screen.WHITE)),
        Submit(OpId(1, 0), 1, WithdrawPaper(1)),
        Submit(OpId(0, 7), 1, WithdrawPaper(1)),
        Committed(9, OpId(0, 9), WithdrawPaper(1)),
        Now(0, 1, Position(True, 100, WHOLE, True)),
    ],
)
@pytest.mark.bad_input(row=31)
def test_a_wall_that_does_what_only_the_presenter_may_is_out(tmp_path: Path, message: Message) -> None:
    """Row 31: a page turn, an edit, another's name: 4403, and the briefing is as it was."""

    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.brief(kiosk)
            before = presenter.briefing
            wall_says(kiosk, message)
            assert await presenter.inbox.state(Gone) == Gone(GoneReason.FAULT)
            await kiosk.inbox.until(LinkLost)
            assert presenter.briefing == before

    run(test)


@pytest.mark.expected_logs("broke the protocol")
@pytest.mark.bad_input(row=36)
def test_positions_that_cannot_be_are_refused_and_twenty_in_a_minute_are_too_many(tmp_path: Path) -> None:
    """Row 36."""

    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.brief(kiosk)
            peer = kiosk.side._session.replica.peer  # type: ignore[union-attr]
            assert peer is not None
            outside = Rect(900_000, 900_000, 900_001, 900_001)
            for n in range(20):
                where = Position(True, 4_711, WHOLE, True) if n % 2 else Position(True, 100, outside, True)
                wall_says(kiosk, Now(peer, n, where))
            right = Position(True, 100, WHOLE, True)
            wall_says(kiosk, Now(peer, 100, right))
            assert (await presenter.inbox.until(WallPosition)).position == right
            assert len(presenter.inbox.of(WallPosition)) == 1
            wall_says(kiosk, Now(peer, 101, Position(True, 4_711, WHOLE, True)))
            assert await presenter.inbox.state(Gone) == Gone(GoneReason.FAULT)

    run(test)


@pytest.mark.expected_logs("broke the protocol")
def test_before_it_is_started_a_wall_may_say_what_it_is_and_nothing_else(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.pair(kiosk)
            wall_says(kiosk, TakeoverAsked("田中", "企画課"))
            await presenter.inbox.until(TakeoverRequested)
            wall_says(kiosk, Now(1, 1, Position(True, 100, WHOLE, True)))
            assert await presenter.inbox.state(Gone) == Gone(GoneReason.FAULT)

    run(test)
