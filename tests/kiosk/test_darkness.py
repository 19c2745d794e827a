"""Hours in the dark, and the commands that switch the display."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.darkness import Darkness
from kiosk.display_power import DisplayPower, Switch, found_switch
from kiosk.house_settings import Hours, Timetable
from kiosk.screen_hours import is_lit, next_turn
from kiosk.settings import check
from tests.kiosk.screens import kiosk_app

__all__ = ["kiosk_app"]

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
