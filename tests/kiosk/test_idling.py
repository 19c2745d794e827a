"""Beside briefings: hours in the dark, switching the display, what the facilities put over both."""

from __future__ import annotations

import os
import stat
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.darkness import Darkness
from kiosk.display_power import DisplayPower, Switch, found_switch
from kiosk.house_settings import Hours, Timetable
from kiosk.kiosk_state import Standby
from kiosk.machine import Machine
from kiosk.managing import Managing
from kiosk.notice import Kind
from kiosk.screen_hours import is_lit, next_turn
from kiosk.settings import Deadlines, Room, Settings, check
from kiosk.settings_trial import TRIAL_FILE, SettingsTrial
from protocol.facilities import ConsoleCertificate, ConsoleRole, RevocationList, sign_revocations
from protocol.manage import Notice, RestartMachine
from protocol.orders import Accepted
from protocol.transport.facilities_file import load_facilities
from protocol.transport.manage_events import OrderCame, RevocationsCame
from tests.kiosk.screens import NOW, kiosk_app
from tests.protocol.handshakes import device
from tests.protocol.test_facilities import PEM

__all__ = ["kiosk_app"]

ROOM = Room(27, "第三会議室")


# --- hours in the dark --------------------------------------------------------------------------------------

OFFICE = Timetable(off="black", closed=(date(2026, 12, 29),), holidays=True)


def test_the_screen_is_lit_by_its_hours_and_dark_on_holidays() -> None:
    tuesday, monday_off = datetime(2026, 11, 24, 7, 30), datetime(2026, 11, 23, 12)  # 勤労感謝の日
    assert [is_lit(OFFICE, tuesday + timedelta(minutes=m)) for m in (-1, 0, 689, 690)] == [
        False,
        True,
        True,
        False,
    ]
    assert not is_lit(OFFICE, monday_off)
    assert is_lit(replace(OFFICE, holidays=False), monday_off)
    assert not is_lit(OFFICE, datetime(2026, 12, 29, 12))
    assert not is_lit(OFFICE, datetime(2026, 11, 28, 12))  # Saturday
    assert is_lit(replace(OFFICE, off="never"), datetime(2026, 11, 28, 12))
    assert is_lit(OFFICE, monday_off, awake_until=monday_off + timedelta(minutes=1))
    assert next_turn(OFFICE, tuesday) == tuesday.replace(hour=19, minute=0)
    whole = replace(OFFICE, tue=Hours(0, 1_440))
    assert next_turn(whole, tuesday) == datetime(2026, 11, 25)


def test_hours_over_midnight_belong_to_the_day_they_begin_on() -> None:
    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 12, day, hour)

    night = check(
        {"room": {"number": 1, "name": "防災室"}, "timetable": {"off": "black", "mon": "22:00-06:00"}}
    )
    closed = replace(night.timetable, closed=(date(2026, 12, 8),))
    monday, tuesday = 7, 8
    for timetable in (night.timetable, closed):
        lit = [
            is_lit(timetable, at(*each)) for each in ((monday, 5), (monday, 21), (monday, 22), (tuesday, 5))
        ]
        assert lit == [False, False, True, True]
        assert next_turn(timetable, at(tuesday, 0)) == at(tuesday, 6)
    assert is_lit(night.timetable, at(tuesday, 8))
    assert not is_lit(closed, at(tuesday, 8))


class Commands:
    """Stand-ins for commands of the system, whose displays do not exist here: they write down what they were
    told."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "told"
        for name in ("wlopm", "cec-ctl", "xset"):
            command = folder / name
            command.write_text(f'#!/bin/sh\necho "{name} $*" >> {self.file}\n')
            command.chmod(command.stat().st_mode | stat.S_IXUSR)

    @property
    def told(self) -> list[str]:
        return self.file.read_text().splitlines() if self.file.exists() else []


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return Commands(tmp_path)


def test_a_dark_wall_wakes_for_a_hand_and_for_whoever_uses_it(
    qtbot: QtBot, kiosk_app: QApplication, commands: Commands, tmp_path: Path
) -> None:
    now, used, refreshed = [datetime(2026, 11, 24, 6)], [False], []
    power = DisplayPower(found_switch("dpms", "HDMI-A-1", {"WAYLAND_DISPLAY": "wayland-0"}), tmp_path)
    made = Darkness(
        replace(OFFICE, off="dpms"),
        power,
        lambda: used[0],
        lambda: refreshed.append(made.dark),
        lambda: now[0],
    )
    qtbot.addWidget(made.black)
    made.start()
    assert not commands.told  # nobody left it off
    assert not made.dark  # somebody has just switched it on
    now[0] -= timedelta(days=7)  # the clock was wrong, and is set back
    made.look()
    now[0] += timedelta(minutes=11)
    made.look()
    assert made.front() is made.black
    made.wake()
    assert made.front() is None
    now[0] += timedelta(minutes=11)
    used[0] = True
    made.look()
    assert not made.dark
    used[0] = False
    now[0] += timedelta(minutes=11)
    made.look()
    assert refreshed == [True, False, True]
    qtbot.waitUntil(lambda: commands.told[-1:] == ["wlopm --off HDMI-A-1"], timeout=10_000)
    made.close()  # a program that ends leaves no display dark
    qtbot.waitUntil(lambda: commands.told[-1:] == ["wlopm --on HDMI-A-1"], timeout=10_000)


CONSOLE = ConsoleCertificate(bytes(32), ConsoleRole.FACILITIES, "管財課")


class _NoNetwork:
    """Of the kiosk's network what `Managing` asks for; what goes out is not looked at here."""

    run, revocations = bytes(16), 0

    def answer_order(self, *_: object) -> None: ...

    def set_status(self, *_: object) -> None: ...


class _Glass(QWidget):
    resized = Signal()

    def lay_over(self, over: QWidget) -> None:
        over.setParent(self)

    def device_size(self) -> tuple[int, int]:
        return 640, 400


def _managing(glass: _Glass, state: Path, clock: Callable[[], float]) -> Managing:
    trial = SettingsTrial(state / "kiosk.toml", state)
    trial.begin_run(clock())
    return Managing(
        Settings(ROOM),
        Namespace(state=state),
        trial,
        _NoNetwork(),  # type: ignore[arg-type]
        glass,  # type: ignore[arg-type]
        Machine(Deadlines(), Standby()),
        restart=lambda: None,
        touch=lambda: False,
        test_itself=lambda: None,
        booked=lambda: (0, 0),
        reboot=(sys.executable, "-c", ""),
        clock=clock,
    )


def test_that_it_went_back_is_told_until_the_machine_is_started_anew(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path
) -> None:
    (tmp_path / TRIAL_FILE).write_text('{"before": "", "after": "", "starts": 0, "returned": 5}', "utf-8")
    glass = _Glass()
    qtbot.addWidget(glass)
    managing = _managing(glass, tmp_path, NOW.timestamp)
    assert managing._trial.returned == 5
    managing.take(OrderCame(1, Accepted(1, RestartMachine(over_briefing=False), CONSOLE)))
    qtbot.waitUntil(lambda: not managing._trial.returned)
    assert not (tmp_path / TRIAL_FILE).exists()


def test_revocations_outlive_the_program_also_those_that_a_later_list_does_not_name(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path
) -> None:
    glass, key = _Glass(), device("facilities")
    qtbot.addWidget(glass)
    managing = _managing(glass, tmp_path, NOW.timestamp)
    pem = tmp_path / "facilities.pem"
    pem.write_bytes(key.key.public_key().public_bytes(*PEM))
    stolen, lost = b"s" * 32, b"l" * 32
    for number, devices, whole in ((5, (stolen,), True), (6, (lost,), False), (7, (stolen, lost), True)):
        frame = sign_revocations(key.sign, RevocationList(number, devices))
        managing.take(RevocationsCame(frame, number, whole))
        known = load_facilities(pem).revoked
        assert known.number == number
        assert stolen in known.devices
    assert lost in known.devices
    assert [each.name for each in tmp_path.glob("*.list")] == ["revoked-7.list"]


def test_a_word_of_the_facilities_wakes_a_dark_wall_and_a_notice_goes_dark_with_it(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path
) -> None:
    now = [datetime(2026, 11, 24, 6)]
    glass = _Glass()
    qtbot.addWidget(glass)
    managing = _managing(glass, tmp_path, lambda: now[0].timestamp())
    dark = Darkness(
        OFFICE, DisplayPower(None, tmp_path), lambda: managing.holds_the_wall, lambda: None, lambda: now[0]
    )
    qtbot.addWidget(dark.black)
    dark.turned.connect(managing.set_dark)
    managing.put_up.connect(dark.wake)
    dark.look()
    assert dark.dark

    def ordered(notice: Notice) -> tuple[bool, Kind | None]:
        managing._do(notice, CONSOLE, [])
        return dark.dark, managing.layer.state.kind if managing.layer.state is not None else None

    assert ordered(Notice("停電します", 600, False)) == (False, Kind.NOTICE)
    now[0] += timedelta(minutes=11)
    dark.look()
    assert (dark.dark, managing.layer.state) == (True, None)
    assert ordered(Notice("地震です", 60, True)) == (False, Kind.EMERGENCY)
    now[0] += timedelta(minutes=11)
    dark.look()
    assert not dark.dark  # as long as it stands
    dark.close()


def test_only_what_the_system_has_is_used(tmp_path: Path, commands: Commands) -> None:
    wayland, x11 = {"WAYLAND_DISPLAY": "wayland-0"}, {"DISPLAY": ":0"}
    adapter = tmp_path / "cec0"
    assert found_switch("black", "A", wayland) is None
    assert found_switch("dpms", "A", {}) is None
    assert found_switch("dpms", "A", x11) == Switch(
        ("xset", "dpms", "force", "off"), ("xset", "dpms", "force", "on")
    )
    assert found_switch("cec", "A", wayland, adapter=adapter) is None
    adapter.touch()
    found = found_switch("cec", "A", wayland, adapter=adapter)
    assert found is not None
    assert (found.off[-1], found.on[-1]) == ("--standby", "--image-view-on")
    nothing = found_switch("dpms", "A", wayland, which=lambda _name: None)
    assert nothing is None


@pytest.mark.expected_logs("failed")
def test_a_command_that_fails_is_told_and_the_last_wish_counts(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fails, works = ("sh", "-c", "echo no such display; exit 3"), ("touch", str(tmp_path / "on"))
    power = DisplayPower(Switch(fails, works), tmp_path)
    power.turn(on=False)
    power.turn(on=True)
    qtbot.waitUntil((tmp_path / "on").exists, timeout=10_000)
    assert "no such display" in caplog.text
    power.close()
    (tmp_path / "on").unlink()
    (tmp_path / "display-off").touch()  # as a program leaves it that is killed in the dark
    gone = DisplayPower(Switch(("no such command",), works), tmp_path)
    gone.turn(on=True)
    gone.turn(on=False)
    gone.turn(on=True)
    qtbot.waitUntil((tmp_path / "on").exists, timeout=10_000)
    gone.close()
    (tmp_path / "on").unlink()
    (tmp_path / "display-off").touch()
    later = DisplayPower(Switch(fails, works), tmp_path)
    later.turn(on=True)
    qtbot.waitUntil((tmp_path / "on").exists, timeout=10_000)
    assert not (tmp_path / "display-off").exists()
    later.close()
