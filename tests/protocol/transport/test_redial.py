"""Being reached again: dials that hang make room, a proof that hangs keeps nobody waiting, a port that
somebody had for a while is listened on afterwards."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from zeroconf import DNSIncoming, DNSText

from protocol.pairing import Mode
from protocol.transport import doorway, surroundings
from protocol.transport.addresses import Endpoint
from protocol.transport.candidates import Announcement
from protocol.transport.events import Back, Found, LinkBack, Lost, Paired
from protocol.transport.handshake import Greeted, Party
from protocol.transport.redial import MISSED_LIMIT, Redialer
from protocol.transport.room_connector import RoomConnector
from tests.protocol.transport.briefings import (
    DEADLINES,
    PATIENCE,
    ROOM,
    Kiosk,
    Presenter,
    run,
    running,
    settings,
)
from tests.protocol.transport.mdns_attacker import GROUP

PLACE, OTHER = Endpoint("10.0.0.1", 1), Endpoint("fe80::1%2", 1)


def test_while_a_session_waits_dials_that_hang_in_a_dead_wire_make_room_for_fresh_ones() -> None:
    """TCP asks again after 1, 2 and 4 s: a wire that is mended would stay silent as long again."""
    deadlines = replace(DEADLINES, step=60.0, redial_soon=0.02, redial_missed=0.01)

    async def test() -> None:
        under_way = most = 0
        patiences: asyncio.Queue[float] = asyncio.Queue()
        dialled: list[Endpoint] = []

        async def hang(place: Endpoint, patience: float) -> bool:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            dialled.append(place)
            patiences.put_nowait(patience)
            await asyncio.sleep(patience)
            under_way -= 1
            return False

        redialer = Redialer(lambda: (PLACE, OTHER), hang, lambda: True, deadlines)
        redialer.start()
        assert [await patiences.get() for _ in range(20)] == [60.0] + [0.02] * 19
        assert most <= MISSED_LIMIT
        assert dialled[:20] == [PLACE, OTHER] * 10, "none is left out while there is no room"
        redialer.stop()

    run(test)


def test_while_a_session_waits_each_place_is_dialled_at_once_when_something_is_new() -> None:
    deadlines = replace(DEADLINES, step=600.0, redial_first=0.01, redial_missed=600.0)

    async def test() -> None:
        dials: asyncio.Queue[Endpoint] = asyncio.Queue()

        async def hang(place: Endpoint, patience: float) -> bool:
            dials.put_nowait(place)
            await asyncio.sleep(patience)
            return False

        redialer = Redialer(lambda: (PLACE, OTHER), hang, lambda: True, deadlines)
        redialer.start()
        assert [await dials.get(), await dials.get()] == [PLACE, OTHER]
        redialer.stop()

    run(test)


def test_dials_that_the_system_broke_off_are_followed_by_a_fresh_one_at_once() -> None:
    """It asks for the machine that has an address three times, a second apart, then fails all that wait for
    it, and asks again with the next dial: without one nobody would know that the wire is mended."""
    deadlines = replace(DEADLINES, step=600.0, redial_soon=600.0, redial_missed=0.01)

    async def test() -> None:
        broken = asyncio.Event()
        dials: asyncio.Queue[float] = asyncio.Queue()

        async def hang(_: Endpoint, patience: float) -> bool:
            dials.put_nowait(patience)
            await broken.wait()
            return False

        redialer = Redialer(lambda: (PLACE,), hang, lambda: True, deadlines)
        redialer.start()
        for _ in range(MISSED_LIMIT):
            await dials.get()
        # From now on whatever is waited for only because it is time comes too late for this test.
        redialer._deadlines = replace(deadlines, redial_soon=0.0, redial_missed=600.0, redial_first=600.0)
        broken.set()
        await dials.get()
        redialer.stop()

    run(test)


class Wire:
    """Stands between a desk and its wall; the next connection after `stall` falls silent when the wall has
    said so many things: its TLS, its answer to the upgrade, …"""

    def __init__(self, port: int) -> None:
        self._port = port
        self._room_for: int | None = None
        self.stalled = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        for end in self._ends:
            end.transport.abort()

    def stall(self, after: int) -> None:
        self._room_for = after

    async def _carry(self, desk: asyncio.StreamReader, to_desk: asyncio.StreamWriter) -> None:
        room_for, self._room_for = self._room_for, None
        wall, to_wall = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends += (to_desk, to_wall)
        for words in ((desk, to_wall, None), (wall, to_desk, room_for)):
            task = asyncio.ensure_future(self._pass_on(*words))
            self._tasks.add(task)

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, room_for: int | None
    ) -> None:
        count = 0
        while data := await source.read(65_536):
            count += 1
            if room_for is not None and count > room_for:
                self.stalled.set()
                return
            sink.write(data)
        sink.close()


def test_a_link_that_hangs_while_it_is_proven_keeps_no_other_waiting(tmp_path: Path) -> None:
    ours = settings(replace(DEADLINES, step=60.0, handshake=60.0))

    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, ours), Presenter(tmp_path, ours)
        async with running(kiosk, presenter):
            wire = Wire(int(kiosk.address.rpartition(":")[2]))
            async with wire as address:
                await presenter.pair(kiosk, address)
                for said in (1, 2):
                    while not wire.stalled.is_set():  # the next connection may be the one for papers, and cut
                        wire.stall(said)
                        presenter.owner.cut(0.02)
                        await presenter.inbox.state(Lost)
                        await presenter.inbox.state(Back)
                    wire.stalled.clear()
                assert presenter.owner._rooms[ROOM]._connector.looking is False

    run(test)


class Listening(asyncio.DatagramProtocol):
    """Everything that is said over mDNS on loopback; ``heard``: presenters that wait for our room."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[float] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        wanted = Announcement(ROOM, None).text
        for record in DNSIncoming(data).answers():
            if isinstance(record, DNSText) and record.text == wanted and record.ttl:
                self.heard.put_nowait(record.ttl)

    @classmethod
    async def begin(cls) -> tuple[asyncio.DatagramTransport, Listening]:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            sock.setsockopt(socket.SOL_SOCKET, option, 1)
        sock.bind(GROUP)
        member = socket.inet_aton(GROUP[0]) + socket.inet_aton("127.0.0.1")
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        return await asyncio.get_running_loop().create_datagram_endpoint(cls, sock=sock)


def test_a_missed_room_is_told_where_its_presenter_is_until_it_is_back(tmp_path: Path) -> None:
    """An announcement is said three times and never again: behind a wire that was dead then, a wall that
    nobody can dial would never be back."""
    often = settings(replace(DEADLINES, redial_soon=0.02), mdns=True)

    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, often), Presenter(tmp_path, often)
        transport, listening = await Listening.begin()
        async with running(kiosk, presenter):
            await presenter.pair(kiosk)
            kiosk.side.cut(3_600.0)
            await presenter.inbox.state(Lost)
            async with asyncio.timeout(PATIENCE):
                for _ in range(20):
                    await listening.heard.get()
            kiosk.side._doorway._reopen()
            await presenter.inbox.state(Back)
        transport.close()

    run(test)


def test_a_wall_that_misses_its_link_sooner_than_the_presenter_goes_on_dialling_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The presenter thinks the link alive and turns out a wall that nobody can dial."""
    often = settings(replace(DEADLINES, redial_soon=0.02), mdns=True, rendezvous_port=0)
    real, resume, dials, several = doorway.dial, RoomConnector.resume, list[Any](), asyncio.Event()

    async def counted(party: Party, *more: Any) -> Greeted:
        if Mode.RESUME in more:
            dials.append(more)
        if len(dials) == 20:
            several.set()
        return await real(party, *more)

    monkeypatch.setattr(doorway, "dial", counted)
    monkeypatch.setattr(RoomConnector, "resume", lambda *_: None)

    async def test() -> None:
        kiosk = Kiosk(tmp_path, replace(often, listen_addresses=("127.0.0.2",)))
        presenter = Presenter(tmp_path, often)
        async with running(kiosk, presenter):
            presenter.owner.connect(ROOM)
            await presenter.inbox.state(Found)
            presenter.owner.submit_code(ROOM, kiosk.code)
            await presenter.inbox.state(Paired)
            presenter.begin()
            presenter.owner.participants.open()
            kiosk.side.cut(0.0)
            await several.wait()
            room = presenter.owner._rooms[ROOM]
            assert room.secret is not None
            resume(room._connector, room.secret.device_id, None)
            await kiosk.inbox.until(LinkBack)

    run(test)


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_an_address_whose_port_was_taken_for_a_while_is_listened_on_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The near end of any connection may be that port, on one of the two kinds of address."""
    monkeypatch.setattr(surroundings, "LISTEN_AGAIN", 0.02)

    async def test() -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            ours = replace(settings(), listen_addresses=("127.0.0.1", "::1"), port=port)
            kiosk, presenter = Kiosk(tmp_path, ours), Presenter(tmp_path, settings())
            async with running(kiosk, presenter):
                other.close()
                await presenter.pair(kiosk, f"127.0.0.1:{port}")

    run(test)
