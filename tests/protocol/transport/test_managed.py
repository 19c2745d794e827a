"""Mode manage over real sockets: status, orders, revocation, enrolment (security.md §3, rows 27, 33, 54)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.codec import encode
from protocol.facilities import (
    ConsoleRole,
    Facilities,
    RevocationList,
    RoomCertificate,
    device_id,
    sign_revocations,
    sign_room,
)
from protocol.manage import (
    Activity,
    Check,
    CheckResult,
    Enrol,
    Enrolled,
    FetchLog,
    Hindrance,
    Identify,
    Outcome,
    Phase,
    SelfTest,
    Status,
    Verdict,
)
from protocol.messages import Want
from protocol.orders import OrderMaker
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Mode
from protocol.transport import console as console_module
from protocol.transport import managed as managed_module
from protocol.transport.addresses import Endpoint
from protocol.transport.console import Console, Place
from protocol.transport.dial import dial
from protocol.transport.enrolling import Enrolling
from protocol.transport.events import CodeShown, NetworkState
from protocol.transport.handshake import Party
from protocol.transport.manage_events import (
    Copied,
    EnrolCame,
    Full,
    Measured,
    OrderAnswered,
    OrderCame,
    RevocationsCame,
    SelfTestSeen,
    Silent,
    StatusSeen,
    TurnedAway,
    Unregistered,
    Waiting,
)
from protocol.transport.tls import DeviceKey
from protocol.values import Role
from tests.protocol.handshakes import certificate_for, console_certificate, device, facilities
from tests.protocol.transport.briefings import (
    DEADLINES,
    ROOM,
    Inbox,
    Kiosk,
    Presenter,
    run,
    running,
    settings,
)

SIGN = device("facilities").sign


def status(side: Kiosk, **changes: object) -> Status:
    values = {
        "run": side.side.managed.run,
        "clock": 1_000,
        "activity": Activity.STANDBY,
        "since": 900,
        "number": ROOM,
        "name": "第三会議室",
        "name_en": "",
        "place": "本庁舎 3階",
        "place_en": "",
        "version": "0.1.0",
        "started": 100,
        "width": 1920,
        "height": 1080,
        "touch": False,
        "memory": 8_000,
        "memory_free": 4_000,
        "disk_free": 9_000,
        "temperature": 512,
        "revocations": 0,
    }
    return Status(**{**values, **changes})


def kiosk(folder: Path, number: int = ROOM, name: str = "one", **more: object) -> Kiosk:
    """As the facilities have registered it."""
    key = DeviceKey.load_or_create(folder / name / f"kiosk{number}")
    own = {"certificate": certificate_for(key, number), "facilities": facilities(), **more}
    return Kiosk(folder / name, settings(), number, **own)


class Desk:
    """A console with its inbox."""

    def __init__(
        self,
        folder: Path,
        *kiosks: Kiosk,
        role: ConsoleRole = ConsoleRole.FACILITIES,
        number: int = ROOM,
        mdns: bool = False,
        revocations: bytes | None = None,
        known: Facilities | None = None,
    ) -> None:
        self.inbox = Inbox()
        self.key = DeviceKey.load_or_create(folder / "console")
        certificate = console_certificate(self.key, role)
        places = [(bytes([n]) * 32, Place(number, (endpoint(each),))) for n, each in enumerate(kiosks)]
        self.console = Console(
            self.key,
            certificate,
            known or facilities(),
            revocations,
            OrderMaker(self.key.sign, self.key.spki, certificate),
            settings(mdns=mdns),
            lambda event: self.inbox.take((event,)),
            places,
        )


def endpoint(kiosk: Kiosk) -> Endpoint:
    host, _, port = kiosk.address.rpartition(":")
    return Endpoint(host, int(port))


@asynccontextmanager
async def watching(desk: Desk) -> AsyncIterator[Desk]:
    desk.console.start()
    try:
        yield desk
    finally:
        await desk.console.stop()


@pytest.mark.expected_logs("was refused")
def test_a_console_sees_a_display_and_what_it_orders_is_done_once(tmp_path: Path) -> None:
    async def test() -> None:
        room = kiosk(tmp_path)
        async with running(room):
            room.side.managed.set_status(status(room))
            async with watching(Desk(tmp_path, room)) as desk:
                seen = await desk.inbox.until(StatusSeen)
                assert (seen.status.name, seen.status.activity) == ("第三会議室", Activity.STANDBY)
                room.side.managed.set_status(status(room, activity=Activity.BRIEFING))
                await desk.inbox.until(StatusSeen, lambda seen: seen.status.activity is Activity.BRIEFING)
                found = CheckResult(Check.DISK, Verdict.LOOK, 412)
                told = SelfTest(Phase.DONE, Hindrance.NOTHING, 900, 950, (found,))
                room.side.managed.set_self_test(told)
                assert (await desk.inbox.until(SelfTestSeen)).test == told
                serial = desk.console.order(seen.device, Identify(10))
                # The display's clock stands at 1970: only its own word about it counts.
                answered = await desk.inbox.until(OrderAnswered)
                assert (answered.serial, answered.outcome) == (serial, Outcome.EXPIRED)

    run(test)


def test_an_order_reaches_the_program_with_who_gave_it_and_the_answer_comes_back(tmp_path: Path) -> None:
    async def test() -> None:
        room = kiosk(tmp_path)
        async with running(room):
            room.side.managed.set_status(status(room, clock=now()))
            async with watching(Desk(tmp_path, room)) as desk:
                seen = await desk.inbox.until(StatusSeen)
                serial = desk.console.order(seen.device, FetchLog())
                came = await room.inbox.until(OrderCame)
                assert (came.order.command, came.order.console.name) == (FetchLog(), "管財課 設備担当")
                room.side.managed.answer(came.asker, serial, Outcome.DONE, "started\n")
                answered = await desk.inbox.until(OrderAnswered)
                assert (answered.serial, answered.outcome, answered.text) == (
                    serial,
                    Outcome.DONE,
                    "started\n",
                )

    run(test)


@pytest.mark.bad_input(row=54)
def test_a_machine_with_a_copy_of_a_displays_key_is_told_and_another_address_of_the_same_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_module, "PING", 0.05)
    monkeypatch.setattr(console_module, "COPY_GONE", 0.2)

    async def test() -> None:
        room, copy = kiosk(tmp_path), kiosk(tmp_path)
        async with running(room):
            room.side.managed.set_status(status(room))
            async with watching(Desk(tmp_path, room, room)) as desk:
                await desk.inbox.until(StatusSeen)
                met = asyncio.get_running_loop().create_future()
                real = desk.console._compare

                async def compare(*words: object) -> None:
                    await real(*words)
                    met.done() or met.set_result(None)

                desk.console._compare = compare
                desk.console._reached.clear()  # as if it had another address
                await met
                for _ in range(3):
                    await desk.inbox.until(Measured)
                assert not desk.inbox.of(Copied)
            async with running(copy):
                copy.side.managed.set_status(status(copy))
                async with watching(Desk(tmp_path, room, copy)) as desk:
                    told = await desk.inbox.until(Copied)
                    assert told.address in (str(endpoint(room)), str(endpoint(copy)))
                    linked = desk.console._displays[told.device].endpoint
                    twin = room if linked == endpoint(copy) else copy
                    await twin.side.stop()
                    await desk.inbox.until(Copied, lambda told: not told.address)

    run(test)


@pytest.mark.expected_logs("was refused")
def test_a_read_only_console_sees_and_orders_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        room = kiosk(tmp_path)
        async with running(room):
            room.side.managed.set_status(status(room, clock=now()))
            async with watching(Desk(tmp_path, room, role=ConsoleRole.READ_ONLY)) as desk:
                seen = await desk.inbox.until(StatusSeen)
                desk.console.order(seen.device, Identify(10))
                assert (await desk.inbox.until(OrderAnswered)).outcome is Outcome.ROLE
                assert not room.inbox.of(OrderCame)

    run(test)


@pytest.mark.expected_logs("a message of a briefing on a link that manages")
@pytest.mark.bad_input(row=33)
def test_a_console_that_asks_for_a_page_is_shown_out(tmp_path: Path) -> None:
    async def test() -> None:
        room = kiosk(tmp_path)
        async with running(room):
            desk = Desk(tmp_path, room)
            party = Party(
                desk.key,
                Role.CONSOLE,
                DEADLINES,
                lambda peer: None,
                certificate=console_certificate(desk.key),
                facilities=facilities(),
            )
            at = endpoint(room)
            link = await (await dial(party, at.host, at.port, Mode.MANAGE, ROOM)).prove_key()
            link.post(encode(Want(bytes(32), 0)))
            with pytest.raises(Exception, match="4403"):
                await link.recv()

    run(test)


@pytest.mark.parametrize("what", ["other facilities", "another room", "revoked"])
@pytest.mark.bad_input(row=27)
def test_a_display_with_no_good_certificate_is_told_and_not_believed(tmp_path: Path, what: str) -> None:
    async def test() -> None:
        key = DeviceKey.load_or_create(tmp_path / "one" / f"kiosk{ROOM}")
        thief = sign_room(device("thief").sign, RoomCertificate(key.device_id, ROOM, "偽"))
        own = {"other facilities": thief, "another room": certificate_for(key, ROOM + 1)}
        room = kiosk(tmp_path, certificate=own.get(what, certificate_for(key)))
        revoked = Facilities(facilities().key, RevocationList(1, (key.device_id,)))
        async with running(room):
            room.side.managed.set_status(status(room))
            known = revoked if what == "revoked" else None
            async with watching(Desk(tmp_path, room, known=known)) as desk:
                assert (await desk.inbox.until(Unregistered)).number == ROOM
                assert not desk.inbox.of(StatusSeen)

    run(test)


def test_a_revoked_console_is_out_at_once_and_stays_out(tmp_path: Path) -> None:
    async def test() -> None:
        room = kiosk(tmp_path)
        async with running(room):
            room.side.managed.set_status(status(room))
            desk = Desk(tmp_path, room)
            out = sign_revocations(SIGN, RevocationList(4, (desk.key.device_id,)))
            other = Desk(tmp_path / "other", room, revocations=out, known=facilities().with_revocations(out))
            async with watching(desk):
                await desk.inbox.until(StatusSeen)
                async with watching(other):
                    await other.inbox.until(StatusSeen)
                    assert (await room.inbox.until(RevocationsCame)).frame == out
                    await desk.inbox.until(Silent)
                    assert len(desk.inbox.of(StatusSeen)) == 1
                    assert [each.frame for each in desk.inbox.of(RevocationsCame)] == [out], "it hears why"
                    assert not other.inbox.of(RevocationsCame)
            async with watching(Desk(tmp_path / "third", room)) as late:
                came = await late.inbox.until(RevocationsCame)
                assert (came.frame, came.whole) == (out, True), "it had an older one"
            async with watching(Desk(tmp_path, room)) as again:
                assert (await again.inbox.until(RevocationsCame)).frame == out, "it hears why, each time"
        anew = kiosk(tmp_path, facilities=facilities().with_revocations(out))
        async with running(anew), watching(Desk(tmp_path, anew)) as again:
            own = DeviceKey.load_or_create(tmp_path / "one" / f"kiosk{ROOM}")
            assert (await again.inbox.until(TurnedAway)).device == own.device_id
            assert not again.inbox.of(StatusSeen)

    run(test)


def test_a_console_too_many_hears_that_and_is_let_in_as_soon_as_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(managed_module, "CONSOLES", 1)

    async def test() -> None:
        room = kiosk(tmp_path)
        async with running(room):
            room.side.managed.set_status(status(room))
            first, second = (Desk(tmp_path / name, room) for name in ("first", "second"))
            async with watching(first):
                device = (await first.inbox.until(StatusSeen)).device
                second.console.start()
                assert await second.inbox.until(Full) == Full(device, ROOM, "第一応接室")
                assert not second.inbox.of(StatusSeen)
            await second.inbox.until(StatusSeen)
            await second.console.stop()

    run(test)


@pytest.mark.bad_input(row=54)
def test_two_displays_of_one_number_are_two(tmp_path: Path) -> None:
    """Each is itself, by its key."""

    async def test() -> None:
        one, other = kiosk(tmp_path, name="one"), kiosk(tmp_path, name="other")
        async with running(one, other):
            for room in (one, other):
                room.side.managed.set_status(status(room))
            async with watching(Desk(tmp_path, one, other)) as desk:
                first = await desk.inbox.until(StatusSeen)
                second = await desk.inbox.until(StatusSeen)
                assert first.device != second.device
                assert first.status.number == second.status.number

    run(test)


def test_out_of_service_a_display_takes_consoles_and_no_presenter(tmp_path: Path) -> None:
    async def test() -> None:
        room = kiosk(tmp_path, out_of_service=True)
        presenter = Presenter(tmp_path, settings(replace(DEADLINES, no_answer=0.3)))
        async with running(room, presenter):
            room.side.managed.set_status(status(room))
            async with watching(Desk(tmp_path, room)) as desk:
                await desk.inbox.until(StatusSeen)
                presenter.owner.connect(ROOM, room.address)
                await presenter.inbox.settled(lambda: bool(presenter.inbox.states()[1:]))
                assert type(presenter.inbox.states()[-1]).__name__ != "Found"

    run(test)


def test_a_display_is_enrolled_by_the_code_on_its_screen(tmp_path: Path) -> None:
    async def test() -> None:
        inbox = Inbox()
        key = DeviceKey.load_or_create(tmp_path / "new")
        waiting = Enrolling(settings(mdns=True), key, None, lambda event: inbox.take((event,)))
        waiting.start()
        desk = Desk(tmp_path, mdns=True)
        try:
            async with watching(desk):
                code = (await inbox.until(CodeShown)).code
                state = await inbox.until(NetworkState, lambda state: bool(state.addresses))
                host, _, port = state.addresses[0].rpartition(":")
                at = Endpoint(host, int(port))
                ours = lambda found: any(at in each.endpoints for each in found.candidates)  # noqa: E731
                await desk.inbox.until(Waiting, ours)
                wrong = "000000" if code != "000000" else "111111"
                with pytest.raises(HandshakeRefused):
                    await desk.console.enrol(at, wrong, enrol)
                work = asyncio.create_task(desk.console.enrol(at, code, enrol))
                came = await inbox.until(EnrolCame)
                assert facilities().room_of(came.enrol.certificate, key.spki) is not None
                waiting.answer(Outcome.DONE)
                assert await work == Enrolled(Outcome.DONE, "")
        finally:
            await waiting.stop()

    run(test)


def enrol(spki: bytes) -> Enrol:
    certificate = sign_room(SIGN, RoomCertificate(device_id(spki), 27, "第三会議室"))
    return Enrol(b"PEM", certificate, None, "[room]\nnumber = 27\n", None)


def now() -> int:

    return int(time.time())
