"""A display from its box into service and through the facilities' orders, in real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from benchmarks.staging import free_port
from kiosk.enrolment import NotKept, keep
from kiosk.installed import installed_file
from kiosk.options import parse
from kiosk.settings_trial import TRIAL_FILE
from presenter.stage import Program
from protocol.facilities import RoomCertificate, device_id, sign_room
from protocol.manage import (
    Activity,
    ChangeSettings,
    Command,
    Enrol,
    FetchLog,
    Identify,
    Notice,
    Outcome,
    RestartMachine,
    RestartProgram,
    SetService,
    Setting,
)
from protocol.orders import OrderMaker
from protocol.pairing_checks import HandshakeRefused
from protocol.transport import console as console_module
from protocol.transport.addresses import Endpoint
from protocol.transport.console import Console, Place
from protocol.transport.manage_events import Measured, OrderAnswered, Silent, StatusSeen
from protocol.transport.tls import DeviceKey
from tests.kiosk.desk import Desk as Presenter
from tests.kiosk.rooms import ROOM, SETTINGS, has_one_address, kiosk, screen_process
from tests.protocol.handshakes import certificate_for, console_certificate, device, facilities
from tests.protocol.transport.briefings import Inbox, run, settings


class Desk:
    """A console in this process, which knows where one display listens."""

    def __init__(self, folder: Path, address: str, known: bool = True) -> None:
        host, _, port = address.rpartition(":")
        self.at = Endpoint(host, int(port))
        self.inbox = Inbox()
        key = DeviceKey.load_or_create(folder / "console")
        certificate = console_certificate(key)
        self.console = Console(
            key,
            certificate,
            facilities(),
            None,
            OrderMaker(key.sign, key.spki, certificate),
            settings(),
            lambda event: self.inbox.take((event,)),
            [(bytes(32), Place(ROOM, (self.at,)))] if known else [],
        )

    async def told(self, command: Command) -> OrderAnswered:
        seen = self.inbox.of(StatusSeen)[-1]
        serial = self.console.order(seen.device, command)
        return await self.inbox.until(OrderAnswered, lambda answered: answered.serial == serial)


@asynccontextmanager
async def console(folder: Path, address: str, known: bool = True) -> AsyncIterator[Desk]:
    desk = Desk(folder, address, known)
    desk.console.start()
    try:
        yield desk
    finally:
        await desk.console.stop()


def enrolment(spki: bytes, number: int = ROOM) -> Enrol:
    certificate = sign_room(device("facilities").sign, RoomCertificate(device_id(spki), number, "第三会議室"))
    return Enrol(device("facilities").pem, certificate, None, SETTINGS, b"paper")


def test_a_new_display_shows_its_code_and_is_a_room_when_the_console_has_sent_all(tmp_path: Path) -> None:
    (tmp_path / "kiosk").mkdir()
    with kiosk(tmp_path / "kiosk", "--enrol", "--port", str(free_port()), settings="") as room:
        assert room.wait("screen")["screen"] == "enrolment"
        shown = room.wait("enrolment")

        async def test() -> None:
            async with console(tmp_path, shown["address"], known=False) as desk:
                other = await desk.console.enrol(desk.at, shown["code"], lambda d: enrolment(d, ROOM + 1))
                assert other.outcome is Outcome.NOT_REGISTERED
                assert not (tmp_path / "kiosk" / "state" / "room.cert").exists()
                again = await asyncio.to_thread(room.wait, "enrolment", lambda e: e["code"] != shown["code"])
                assert (await desk.console.enrol(desk.at, again["code"], enrolment)).outcome is Outcome.DONE
                seen = await desk.inbox.until(StatusSeen)
                assert seen.status.number == ROOM, "found where it was enrolled, whatever mDNS brings"

        run(test, 60)
        assert room.wait("screen")["screen"] == "standby"
        assert room.wait("code")["room"] == ROOM
    assert tomllib.loads((tmp_path / "kiosk" / "kiosk.toml").read_text("utf-8"))["room"]["number"] == ROOM


def test_another_house_does_not_take_in_a_display_whose_settings_name_its_own_key(tmp_path: Path) -> None:
    named = tmp_path / "house.pem"
    named.write_bytes(device("another house").pem)
    settings = f"{SETTINGS}[network]\nfacilities = '{named}'\n"
    with kiosk(tmp_path / "kiosk", settings=settings) as room:
        shown = room.wait("enrolment")

        async def test() -> None:
            async with console(tmp_path, shown["address"]) as desk:
                with pytest.raises(HandshakeRefused):
                    await desk.console.enrol(desk.at, shown["code"], enrolment)

        run(test)
    assert not (tmp_path / "kiosk" / "state" / "room.cert").exists()


def test_no_enrolment_is_kept_whose_settings_look_for_another_key_than_it_brings(tmp_path: Path) -> None:
    named, spki = tmp_path / "house.pem", device("kiosk").spki
    named.write_bytes(device("another house").pem)
    options = parse(["--config", str(tmp_path / "kiosk.toml"), "--state", str(tmp_path / "state")])
    options.state.mkdir()
    options.config.write_text(f"[network]\nfacilities = '{named}'\n", "utf-8")  # no settings as yet
    assert installed_file(None, options) == named
    no_place = f"{SETTINGS}[network]\nfacilities = '/{'x' * 300}/house.pem'\n"
    for other in (f"{SETTINGS}[network]\nfacilities = '{named}'\n", no_place):
        with pytest.raises(NotKept):
            keep(replace(enrolment(spki), settings=other), options, spki, None)
    assert not (options.state / "room.cert").exists()
    own_place = f"{SETTINGS}[network]\nfacilities = '{options.state / 'facilities.pem'}'\n"
    keep(replace(enrolment(spki), settings=own_place), options, spki, None)
    assert (options.state / "room.cert").exists(), "the enrolment itself puts the key there"


def test_no_enrolment_is_kept_whose_settings_leave_the_display_outside_of_its_house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_one_address(monkeypatch)
    spki = device("kiosk").spki
    options = parse(["--config", str(tmp_path / "kiosk.toml"), "--state", str(tmp_path / "state")])
    options.state.mkdir()
    elsewhere = f"{SETTINGS}[network]\nown_networks = ['192.168.0.0/16']\n"
    with pytest.raises(NotKept, match=r"10\.1\.6\.27"):
        keep(replace(enrolment(spki), settings=elsewhere), options, spki, None)
    assert not options.config.exists()


def test_what_the_facilities_order_is_done_at_the_wall_and_told(tmp_path: Path) -> None:
    folder, port = tmp_path / "kiosk", free_port()
    with registered(folder, port) as room:
        room.wait("code")

        async def test() -> None:
            async with console(tmp_path, f"127.0.0.1:{port}") as desk:
                seen = (await desk.inbox.until(StatusSeen)).status
                assert (seen.number, seen.name, seen.activity) == (ROOM, "第三会議室", Activity.STANDBY)
                assert seen.memory > seen.memory_free > 0
                for command in (Identify(5), Notice("16時から停電します", 10, emergency=False)):
                    assert (await desk.told(command)).outcome is Outcome.DONE
                log = await desk.told(FetchLog())
                assert "Identify ordered by the console" in log.text
                assert "停電" not in log.text
                for changes in (
                    (Setting("room.number", 5),),
                    (Setting("room.name", "第四会議室"), Setting("display.inches", "wide")),
                    (Setting("nothing.such", 1),),
                ):
                    refused = await desk.told(ChangeSettings(changes, over_briefing=False))
                    assert refused.outcome is Outcome.SETTINGS
                    assert changes[-1].key.split(".")[-1] in refused.text or "nothing" in refused.text
                assert (folder / "kiosk.toml").read_text("utf-8") == SETTINGS
                name = Setting("room.name", "第四会議室")
                assert (await desk.told(ChangeSettings((name,), over_briefing=False))).outcome is Outcome.DONE
                new = await desk.inbox.until(StatusSeen, lambda seen: seen.status.name == "第四会議室")
                assert new.status.on_trial
                assert (await desk.told(SetService(out=True, over_briefing=False))).outcome is Outcome.DONE
                out = await desk.inbox.until(
                    StatusSeen, lambda seen: seen.status.activity is Activity.OUT_OF_SERVICE
                )
                assert not out.status.on_trial, "an order has arrived under the new settings"
                assert not (folder / "state" / TRIAL_FILE).exists()
                assert (await desk.told(SetService(out=False, over_briefing=False))).outcome is Outcome.DONE
                await desk.inbox.until(StatusSeen, lambda seen: seen.status.activity is Activity.STANDBY)
                assert (await desk.told(RestartProgram(over_briefing=False))).outcome is Outcome.DONE
                await desk.inbox.until(StatusSeen, lambda seen: seen.status.run != out.status.run)

        run(test, 60)


def test_a_display_that_no_console_reaches_any_more_takes_its_former_settings_back(tmp_path: Path) -> None:
    folder, port = tmp_path / "kiosk", free_port()
    former = f"{SETTINGS}[deadlines]\ntrial = 0.2\n"
    with registered(folder, port, former) as room:
        room.wait("code")

        async def change(key: str, value: str, returned: bool) -> None:
            async with console(tmp_path, f"127.0.0.1:{port}") as desk:
                seen = await desk.inbox.until(StatusSeen, lambda seen: (seen.status.returned > 0) == returned)
                assert (seen.status.name, seen.status.on_trial) == ("第三会議室", False)
                assert (folder / "kiosk.toml").read_text("utf-8") == former
                done = await desk.told(ChangeSettings((Setting(key, value),), over_briefing=False))
                assert done.outcome is Outcome.DONE

        run(lambda: change("room.name", "第四会議室", returned=False), 60)
        for _ in range(2):  # to the new settings, under which no console comes, and back
            room.wait("wiped")
        run(lambda: change("network.facilities", str(folder / "kiosk.toml"), returned=True), 60)
        room.wait("screen", lambda event: event["screen"] == "fault")  # its network does not even begin
        room.wait("screen", lambda event: event["screen"] == "standby")
        assert (folder / "kiosk.toml").read_text("utf-8") == former


def registered(folder: Path, port: int, settings: str = SETTINGS) -> Program:
    """A display in service, as the facilities have registered it."""
    state = folder / "state"
    key = DeviceKey.load_or_create(state)
    (state / "facilities.pem").write_bytes(device("facilities").pem)
    (state / "room.cert").write_bytes(certificate_for(key, ROOM))
    return kiosk(folder, "--port", str(port), settings=settings)


def test_a_briefing_is_disturbed_only_by_who_says_so(tmp_path: Path) -> None:
    port = free_port()
    with registered(tmp_path / "kiosk", port) as room, Presenter(tmp_path / "desk") as presenter:
        presenter.offer()
        presenter.pair(ROOM, room.wait("code")["code"], f"127.0.0.1:{port}")
        presenter.start(ROOM)
        room.wait("screen", lambda event: event["screen"] == "show")

        async def test() -> None:
            async with console(tmp_path, f"127.0.0.1:{port}") as desk:
                seen = (await desk.inbox.until(StatusSeen)).status
                assert seen.activity is Activity.BRIEFING
                for command in (
                    Identify(5),
                    Notice("停電します", 5, emergency=False),
                    RestartProgram(over_briefing=False),
                    RestartMachine(over_briefing=False),
                    SetService(out=True, over_briefing=False),
                    ChangeSettings((Setting("room.name", "別"),), over_briefing=False),
                ):
                    assert (await desk.told(command)).outcome is Outcome.BRIEFING
                assert (
                    await desk.told(Notice("避難してください", 5, emergency=True))
                ).outcome is Outcome.DONE
                await asyncio.to_thread(presenter.wall, lambda told: told.position.covered)
                assert (await desk.told(Notice("", 1, emergency=False))).outcome is Outcome.DONE
                await asyncio.to_thread(presenter.wall, lambda told: not told.position.covered)
                assert not room.has("screen", lambda event: event["screen"] != "show")
                assert (await desk.told(RestartProgram(over_briefing=True))).outcome is Outcome.DONE
                await desk.inbox.until(StatusSeen, lambda seen: seen.status.activity is Activity.STANDBY)

        run(test, 60)
        room.known("wiped")


def test_a_display_that_stands_still_is_silent_soon_and_back_when_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_module, "PING", 0.2)
    monkeypatch.setattr(console_module, "DEAD", 1.0)
    port = free_port()
    with registered(tmp_path / "kiosk", port) as room:
        room.wait("code")
        screen = screen_process(room)

        async def test() -> None:
            async with console(tmp_path, f"127.0.0.1:{port}") as desk:
                await desk.inbox.until(Measured)
                os.kill(screen, signal.SIGSTOP)  # as a cable that is out: no word, and no end of the link
                try:
                    await desk.inbox.until(Silent)
                finally:
                    os.kill(screen, signal.SIGCONT)
                await desk.inbox.until(StatusSeen)

        run(test, 60)
