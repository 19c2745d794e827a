"""Peers that were let in, or that we dial, and then misbehave beyond docs/bad-input.md."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from protocol.codec import encode
from protocol.messages import Message, Ping, WallReport
from protocol.pairing import Mode
from protocol.pairing_checks import HandshakeRefused
from protocol.transport.addresses import Endpoint, read_endpoint
from protocol.transport.dial import dial
from protocol.transport.events import (
    Changed,
    Choosers,
    Found,
    Gone,
    GoneReason,
    LinkLost,
    Paired,
    WallReported,
)
from protocol.transport.handshake import Party
from protocol.transport.redial import Redialer
from protocol.transport.room_connector import WAITING_LIMIT
from protocol.transport.tls import DeviceKey
from protocol.values import PageRef, Role
from tests.protocol.transport.briefings import (
    DEADLINES,
    ROOM,
    Kiosk,
    Presenter,
    facts,
    run,
    running,
    settings,
    showing,
)


async def briefing(kiosk: Kiosk, presenter: Presenter) -> None:
    await presenter.brief(kiosk)


@pytest.mark.parametrize("mode", [Mode.RESUME, Mode.BULK])
def test_a_stolen_secret_is_good_for_no_other_device(mode: Mode, tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.brief(kiosk)
            secret = kiosk.side._session.kept.secret
            key = DeviceKey.load_or_create(tmp_path / "thief")
            thief = Party(key, Role.PRESENTER, DEADLINES, lambda peer: secret)
            at = read_endpoint(kiosk.address, 0)
            with pytest.raises(HandshakeRefused):
                await dial(thief, at.host, at.port, mode, ROOM)
            presenter.show(101)
            await showing(kiosk, 101)

    run(test)


@pytest.mark.expected_logs("broke the protocol")
@pytest.mark.parametrize("towards_presenter", [True, False])
def test_heartbeats_without_end_from_one_that_reads_nothing_end_the_link(
    towards_presenter: bool, tmp_path: Path
) -> None:
    """Each heartbeat is answered past what waits: the answers must not fill the other's memory."""

    async def test() -> None:
        patient = settings(replace(DEADLINES, dead=60.0))
        kiosk, presenter = Kiosk(tmp_path, patient), Presenter(tmp_path, patient)
        async with running(kiosk, presenter):
            await briefing(kiosk, presenter)
            wall, desk = kiosk.side._session._pump, presenter.owner._rooms[ROOM]._pump
            attacker, victim = (wall, desk) if towards_presenter else (desk, wall)
            attacker.link._connection.raw.pause_reading()
            for n in range(1_000):
                attacker.link.post(encode(Ping(n)))
            await victim.over.wait()
            assert victim.link.waiting_bytes() < 10_000
            if towards_presenter:
                assert await presenter.inbox.state(Gone) == Gone(GoneReason.FAULT)
            else:
                await kiosk.inbox.until(LinkLost)
            attacker.link.abort()

    run(test)


def test_the_heartbeats_of_five_seconds_in_one_piece_are_fine(tmp_path: Path) -> None:
    """While papers travel they come ten times a second; who stood still gets them all at once."""

    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await briefing(kiosk, presenter)
            wall = kiosk.side._session._pump
            for n in range(100):
                wall.link.post(encode(Ping(n)))
            presenter.show(102)
            await kiosk.inbox.until(Changed, lambda c: c.briefing.registers.view.page_id == 102)
            assert wall.open
            assert presenter.owner._rooms[ROOM].linked

    run(test)


@pytest.mark.expected_logs("broke the protocol")
def test_a_wall_that_talks_without_end_is_out(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await briefing(kiosk, presenter)
            flood: list[Message] = [WallReport(PageRef(bytes(32), n), 106) for n in range(6_000)]
            for message in flood:
                kiosk.side._session.say(message)
            assert await presenter.inbox.state(Gone) == Gone(GoneReason.FAULT)
            assert len(presenter.inbox.of(WallReported)) < 5_000

    run(test)


@pytest.mark.expected_logs("broke the protocol")
def test_a_wall_that_calls_itself_something_else_without_end_is_out(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await briefing(kiosk, presenter)
            for n in range(20):
                kiosk.side._session.say(structs.replace(facts(ROOM), name=f"第{n}会議室"))
            assert await presenter.inbox.state(Gone) == Gone(GoneReason.FAULT)
            assert presenter.briefing.names == {1: "第9会議室"}

    run(test)


# --- strangers --------------------------------------------------------------------------------------------


def test_strangers_who_stand_in_for_the_room_do_not_keep_it_out(tmp_path: Path) -> None:
    """Of those who wait for the code the oldest goes, not the one who comes; so the room itself is heard."""

    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings())
        presenter = Presenter(tmp_path, settings(replace(DEADLINES, handshake=60.0)))
        async with running(kiosk, presenter):
            kiosk.side.cut(60.0)
            presenter.owner.connect(ROOM, kiosk.address)
            connector = presenter.owner._rooms[ROOM]._connector
            await presenter.inbox.state(Found)
            for n in range(WAITING_LIMIT + 2):
                key = DeviceKey.load_or_create(tmp_path / f"stranger{n}")
                stranger = Party(key, Role.DISPLAY, DEADLINES, lambda device: None, ROOM)
                await dial(stranger, "127.0.0.1", presenter.owner._surroundings.port, Mode.PAIR, ROOM)
            kiosk.side._doorway._reopen()
            await kiosk.inbox.until(Choosers)
            while not any(endpoint for _, endpoint in connector._waiting):
                connector._arrived.clear()
                await connector._arrived.wait()
            presenter.owner.submit_code(ROOM, kiosk.code)
            await presenter.inbox.state(Paired)

    run(test)


def test_a_mistake_in_one_dial_is_seen_and_the_others_are_dialled_all_the_same() -> None:
    async def test() -> None:
        good, bad = Endpoint("10.0.0.1", 1), Endpoint("10.0.0.2", 1)
        seen: list[BaseException] = []
        dialled: asyncio.Queue[Endpoint] = asyncio.Queue()

        async def once(endpoint: Endpoint, _: float) -> bool:
            dialled.put_nowait(endpoint)
            if endpoint == bad:
                raise ValueError("what nobody thought of")
            return False

        asyncio.get_running_loop().set_exception_handler(lambda _, context: seen.append(context["exception"]))
        redialer = Redialer(lambda: (bad, good), once, lambda: False, DEADLINES)
        redialer.start()
        assert [await dialled.get() for _ in range(4)] == [bad, good, bad, good]
        redialer.stop()
        assert [type(error) for error in seen] == [ValueError, ValueError]

    run(test)
