"""Authenticated links: pairing, resume and bulk over real TLS, both ways of dialling, and how links end."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from protocol.pairing import PeerFacts
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.pairing_messages import Mode
from protocol.room_codes import RoomCodes
from protocol.transport.dial import dial
from protocol.transport.handshake import CodeEvent, Greeted, NoAnswer, Party
from protocol.transport.link import SEND_BUFFER, TLS_BUFFER, Link, LinkClosed
from protocol.transport.listen import serve
from protocol.transport.writer import HIGH_WATER, Framed, Writer
from protocol.values import Role
from tests.protocol.handshakes import certificate_for, facilities
from tests.protocol.transport.rooms import PATIENT, ROOM, device, room, run


def test_the_right_code_links_both_sides_and_is_used_up(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            code = kiosk.code
            ours, theirs = await kiosk.paired()
            assert ours.secret == theirs.secret
            assert ours.peer.device_id == kiosk.kiosk.device.device_id
            assert theirs.peer.device_id == kiosk.presenter.device.device_id
            assert (ours.peer.role, ours.peer.room_number) == (Role.DISPLAY, ROOM)
            assert kiosk.code != code
            assert kiosk.events == ["greeted", CodeEvent.CHANGED, "linked"]
            await ours.send(b"view")
            assert await theirs.recv() == b"view"
            await theirs.send(b"position")
            assert await ours.recv() == b"position"
            await ours.close()
            with pytest.raises(HandshakeRefused):
                await (await kiosk.dialled()).prove_code(code)

    run(look())


def test_the_hello_says_how_many_digits_the_wall_shows(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            greeted = await kiosk.dialled()
            assert greeted.peer.code_length == 6
            await greeted.close()
            assert kiosk.kiosk.codes is not None
            now = asyncio.get_running_loop().time()
            for n in range(30):
                kiosk.kiosk.codes.guess(str(n), now)
            greeted = await kiosk.dialled()
            assert greeted.peer.code_length == 10
            link = await greeted.prove_code(kiosk.code)
            await link.close()

    run(look())


@pytest.mark.parametrize("mode", [Mode.RESUME, Mode.BULK])
def test_a_live_session_gets_further_links_without_a_code(mode: Mode, tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            ours, _ = await kiosk.paired()
            ours.abort()
            again = await (await kiosk.dialled(mode)).prove_secret()
            theirs = await kiosk.links.get()
            assert again.secret == theirs.secret == ours.secret
            assert again.mode is theirs.mode is mode
            largest = (256 + (1 if mode is Mode.BULK else 0)) * 1024
            await again.send(bytes(largest))
            assert len(await theirs.recv()) == largest
            await again.close()

    run(look())


def test_a_kiosk_that_dials_is_paired_by_the_presenter_who_types(tmp_path: Path) -> None:
    """A firewall on either machine may allow one direction only; who types decides anyway."""

    async def look() -> None:
        loop = asyncio.get_running_loop()
        codes = RoomCodes(loop.time(), lambda below: 7)
        secrets: dict[bytes, bytes] = {}

        def secret_for(peer: PeerFacts) -> bytes | None:
            return secrets.get(peer.device_id)

        kiosk = Party(device(tmp_path, "kiosk"), Role.DISPLAY, PATIENT, secret_for, ROOM, codes)
        presenter = Party(device(tmp_path, "presenter"), Role.PRESENTER, PATIENT, secret_for)
        linked: asyncio.Queue[Link] = asyncio.Queue()

        async def typed(greeted: Greeted) -> None:
            assert (greeted.peer.room_number, greeted.dialed) == (ROOM, False)
            resumes = greeted.mode is Mode.RESUME
            linked.put_nowait(await (greeted.prove_secret() if resumes else greeted.prove_code("000007")))
            await greeted.ended()

        listener = await serve(presenter, typed, ["127.0.0.1"], 0)
        theirs = await (await dial(kiosk, "127.0.0.1", listener.ports[0], Mode.PAIR, ROOM)).answer()
        ours = await linked.get()
        assert ours.secret == theirs.secret
        secrets[ours.peer.device_id] = secrets[theirs.peer.device_id] = ours.secret
        ours.abort()
        with pytest.raises(LinkClosed):
            await theirs.recv()
        back = await (await dial(kiosk, "127.0.0.1", listener.ports[0], Mode.RESUME, ROOM)).answer()
        ours = await linked.get()
        await ours.send(b"view")
        assert await back.recv() == b"view"
        await listener.close()

    run(look())


def test_the_side_that_types_speaks_on_one_link_and_closes_the_others_with_4409(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            first, second = await kiosk.dialled(), await kiosk.dialled()
            ours = await second.prove_code(kiosk.code)
            await first.close()
            loser = await kiosk.failures.get()
            assert isinstance(loser, LinkClosed)
            assert (loser.code, loser.ours) == (4409, False)
            assert kiosk.events.count(CodeEvent.WRONG) == 0
            await ours.close()

    run(look())


def test_two_presenters_with_one_code_only_the_first_gets_in(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            other = replace(kiosk.presenter, device=device(tmp_path, "other"))
            greeted = [await kiosk.dialled(), await kiosk.dialled(party=other)]
            results = await asyncio.gather(
                *(one.prove_code(kiosk.code) for one in greeted), return_exceptions=True
            )
            links = [result for result in results if isinstance(result, Link)]
            refused = [result for result in results if isinstance(result, HandshakeRefused)]
            assert (len(links), len(refused)) == (1, 1)
            await links[0].close()

    run(look())


@pytest.mark.bad_input(row=25)
def test_a_registered_kiosk_is_known_by_its_certified_name_others_are_refused(tmp_path: Path) -> None:
    async def look() -> None:
        certificate = certificate_for(device(tmp_path, "kiosk"))
        async with room(tmp_path, certificate=certificate) as kiosk:
            careful = replace(kiosk.presenter, facilities=facilities())
            greeted = await kiosk.dialled(party=careful)
            assert (greeted.peer.registered, greeted.peer.room_name) == (True, "第一応接室")
            link = await greeted.prove_code(kiosk.code)
            await link.close()
        async with room(tmp_path) as kiosk:
            with pytest.raises(HandshakeRefused) as refused:
                await kiosk.dialled(party=careful)
            assert refused.value.why is Why.NOT_REGISTERED
            while not kiosk.failures.empty():
                kiosk.failures.get_nowait()

    run(look())


def test_sockets_send_at_once_and_links_keep_little_in_memory(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            for link in await kiosk.paired():
                sock = link._connection.raw.get_extra_info("socket")
                assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 2 * SEND_BUFFER
                assert len(link._connection.transport._ssl_protocol._ssl_buffer) == TLS_BUFFER

    run(look())


@pytest.mark.parametrize("short", [True, False])
def test_frames_arrive_whole_and_in_order_however_they_are_written(
    short: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small ones and such as take several records of TLS, while nothing waits and while much does."""
    if not short:
        monkeypatch.setattr(Writer, "_parts", staticmethod(lambda _transport: (None, None, None)))

    async def look() -> None:
        async with room(tmp_path) as kiosk:
            both = await kiosk.paired()
            for ours, theirs in (both, both[::-1]):
                assert ours._connection.writer.short == short
                sent = []
                for n, size in enumerate((5, 20_000, 60, 200_000, 250_000, 7, 33_000, 400, 0)):
                    sent.append(bytes([n]) * size)
                    if n % 3 == 2:
                        sending = asyncio.ensure_future(ours.send(sent[-1]))
                        await asyncio.sleep(0)
                    else:
                        ours.post(sent[-1])
                assert [await theirs.recv() for _ in sent] == sent
                await sending
                ours.show(Framed(b"now"))
                assert await theirs.recv() == b"now"
            await ours.close()

    run(look())


@pytest.mark.parametrize("seed", range(2))
def test_what_is_written_in_any_way_arrives_once_and_in_order(seed: int, tmp_path: Path) -> None:
    """Posted, sent, shown, with the library's own frames between, to a peer that reads now and then."""
    sizes = (0, 1, 60, 125, 126, 1_400, 16_383, 16_384, 16_385, 33_000)

    async def look() -> None:
        async with room(tmp_path) as kiosk:
            random, pings, sending = Random(seed), 15, set[asyncio.Future[None]]()
            ours, theirs = await kiosk.paired()
            ends = ((ours, theirs, list[bytes]()), (theirs, ours, list[bytes]()))
            for _ in range(120):
                link, other, due = random.choice(ends)
                data = random.randbytes(random.choice(sizes))
                match random.choice(("post", "post", "send", "show", "show", "ping", "read", "turn")):
                    case "post":
                        due += [data, b"and this"]
                        link.post_framed([Framed(data), Framed(b"and this")])
                    case "send":
                        due.append(data)
                        sending.add(asyncio.ensure_future(link.send(data)))
                        await asyncio.sleep(0)
                    case "show":
                        due += [data] if link.waiting_bytes() < HIGH_WATER else []
                        link.show(Framed(data))
                    case "ping" if pings:
                        pings -= 1
                        await link._connection.ping()
                    case "read" if due:
                        assert await other.recv() == due.pop(0)
                    case _:
                        await asyncio.sleep(0)
            for _, other, due in ends:
                assert [await other.recv() for _ in due] == due
            await asyncio.gather(*sending)
            assert (ours.waiting_bytes(), theirs.waiting_bytes()) == (0, 0)
            await ours.close()

    run(look())


def test_waiting_bytes_tell_of_a_peer_that_does_not_read_and_sending_waits_for_it(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            ours, theirs = await kiosk.paired()
            assert ours.waiting_bytes() == 0
            for _ in range(80):
                ours.post(bytes(200_000))
            stuck = ours.waiting_bytes()
            assert stuck > 80 * 200_000 - 8_000_000
            beneath = ours._connection.raw.get_write_buffer_size()
            ours.show(Framed(b"now or never"))
            assert ours.waiting_bytes() == stuck
            assert stuck - beneath == ours._connection.transport.get_write_buffer_size() < stuck
            sending = asyncio.ensure_future(ours.send(b"last"))
            received = [len(await theirs.recv()) for _ in range(80)]
            assert received == [200_000] * 80
            assert await theirs.recv() == b"last"
            await sending
            assert ours.waiting_bytes() == 0
            await ours.close()

    run(look())


@pytest.mark.parametrize("kiosk_ends", [False, True])
def test_both_sides_learn_the_code_of_a_close_and_who_closed(kiosk_ends: bool, tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            ours, theirs = await kiosk.paired()
            ending, other = (theirs, ours) if kiosk_ends else (ours, theirs)
            await ending.send(b"last word")
            await ending.close(4403, "role")
            assert await other.recv() == b"last word"
            for link, by_itself in ((ending, True), (other, False)):
                with pytest.raises(LinkClosed) as closed:
                    await link.recv()
                assert (closed.value.code, closed.value.ours) == (4403, by_itself)
            with pytest.raises(LinkClosed):
                await other.send(b"too late")
            other.post(b"no effect")
            await other.close()

    run(look())


@pytest.mark.parametrize("closes", [0, 2])
def test_a_pulled_cable_is_a_close_without_a_code(closes: int, tmp_path: Path) -> None:
    """Also where TLS was asked to close before: the library does so at each end of its own."""

    async def look() -> None:
        async with room(tmp_path) as kiosk:
            ours, theirs = await kiosk.paired()
            for _ in range(closes):
                ours._connection.transport.close()
            ours.abort()
            with pytest.raises(LinkClosed) as closed:
                await theirs.recv()
            assert (closed.value.code, closed.value.ours) == (1006, False)

    run(look())


def test_a_link_that_ends_while_much_waits_can_still_be_asked(tmp_path: Path) -> None:
    """Its pump learns of the end only when TCP is over."""

    async def look() -> None:
        async with room(tmp_path) as kiosk:
            ours, theirs = await kiosk.paired()
            theirs._connection.raw.pause_reading()
            for _ in range(40):
                ours.post(bytes(200_000))
            ours.fail(4400)
            for _ in range(2):
                ours._connection.transport.close()
            waiting = ours.waiting_bytes()
            ours.post(b"no effect")
            ours.show(Framed(b"no effect"))
            assert ours.waiting_bytes() == waiting > 0
            ours.abort()
            theirs.abort()

    run(look())


def test_a_peer_that_does_not_answer_a_close_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A TLS client ends a link for its peer's fault; the peer keeps TCP open and says nothing."""
    monkeypatch.setattr("protocol.transport.link.PATIENCE", 0.05)

    async def look() -> None:
        async with room(tmp_path) as kiosk:
            ours, theirs = await kiosk.paired()
            theirs._connection.raw.pause_reading()
            ours.fail(4400)
            with pytest.raises(LinkClosed) as closed:
                await ours.recv()
            assert (closed.value.code, closed.value.ours) == (4400, True)
            theirs.abort()

    run(look())


def test_an_authenticated_link_no_longer_stands_in_the_door(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path) as kiosk:
            ours, theirs = await kiosk.paired()
            assert kiosk.listener is not None
            assert len(kiosk.listener.gate) == 0
            assert theirs._connection._late.cancelled()
            await ours.close()

    run(look())


def test_a_kiosk_gives_up_a_greeted_link_that_says_nothing(tmp_path: Path) -> None:
    async def look() -> None:
        async with room(tmp_path, deadlines=replace(PATIENT, step=0.3)) as kiosk:
            greeted = await kiosk.dialled()
            await greeted.ended()
            assert isinstance(await kiosk.failures.get(), NoAnswer)
            assert CodeEvent.WRONG not in kiosk.events
            with pytest.raises((HandshakeRefused, NoAnswer)):
                await greeted.prove_code(kiosk.code)

    run(look())


def test_a_presenter_keeps_nobody_in_the_door_while_a_person_types(tmp_path: Path) -> None:
    """A kiosk that dialled waits for the code; it is dropped in the end, and may dial again."""

    async def look() -> None:
        short = replace(PATIENT, handshake=0.6)
        presenter = Party(device(tmp_path, "presenter"), Role.PRESENTER, short, lambda device_id: None)
        codes = RoomCodes(asyncio.get_running_loop().time(), lambda below: 7)
        kiosk = Party(device(tmp_path, "kiosk"), Role.DISPLAY, PATIENT, lambda device_id: None, ROOM, codes)
        order: list[str] = []

        async def nobody_types(greeted: Greeted) -> None:
            order.append("greeted")
            await greeted.ended()

        listener = await serve(presenter, nobody_types, ["127.0.0.1"], 0)
        greeted = await dial(kiosk, "127.0.0.1", listener.ports[0], Mode.PAIR, ROOM)
        with pytest.raises(NoAnswer):
            await greeted.answer()
        assert order == ["greeted"]
        assert len(listener.gate) == 0
        await listener.close()

    run(look())
