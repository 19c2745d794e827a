"""Beside briefings: bookings of any calendar, pictures, hours in the dark, switching the display."""

from __future__ import annotations

import http.server
import multiprocessing
import os
import stat
import struct
import sys
import threading
import zlib
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk import calendar_reader, picture_reader, pictures
from kiosk.bookings import Bookings
from kiosk.calendar_found import Wanted
from kiosk.calendar_reader import NotReadable
from kiosk.darkness import Darkness
from kiosk.display_power import DisplayPower, Switch, found_switch
from kiosk.house_settings import Calendar, Hours, StandbyContent, Timetable
from kiosk.kiosk_state import Standby
from kiosk.machine import Machine
from kiosk.managing import Managing
from kiosk.notice import Kind
from kiosk.picture_reader import PictureReader
from kiosk.picture_screen import PictureScreen
from kiosk.pictures import Pictures
from kiosk.screen_hours import is_lit, next_turn
from kiosk.settings import Deadlines, Room, Settings, check
from kiosk.settings_trial import TRIAL_FILE, SettingsTrial
from kiosk.standby_feed import Facts, standby_state
from protocol.facilities import ConsoleCertificate, ConsoleRole, RevocationList, sign_revocations
from protocol.manage import Check, CheckResult, Notice, RestartMachine, Verdict
from protocol.orders import Accepted
from protocol.transport.facilities_file import load_facilities
from protocol.transport.manage_events import OrderCame, RevocationsCame
from tests.kiosk.screens import NOW, kiosk_app, standby
from tests.protocol.handshakes import device
from tests.protocol.test_facilities import PEM

__all__ = ["kiosk_app"]

TODAY = date(2026, 11, 24)
ROOM = Room(27, "第三会議室")


# --- calendars ----------------------------------------------------------------------------------------------


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{hash(lines)}", *lines, "END:VEVENT", ""])


def calendar(*events: str) -> bytes:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//house//rooms//JA\r\n"
    return (head + "".join(events) + "END:VCALENDAR\r\n").encode()


MEETING = event(
    "DTSTART:20261124T140000",
    "DTEND:20261124T143000",
    "SUMMARY:予算の内示（秘）",
    'ORGANIZER;CN="財政課":mailto:zaisei@example.jp',
)


def read(tmp_path: Path, data: bytes, show: str = "organizer", source: str = "") -> list[tuple]:
    (tmp_path / "room.ics").write_bytes(data)
    wanted = Wanted(source or str(tmp_path), show, "", ("10.0.0.0/8",), TODAY)
    return [
        (f"{each.start:%d %H:%M}", f"{each.end:%d %H:%M}", each.who)
        for each in calendar_reader.bookings(wanted)
    ]


def test_a_title_is_shown_only_where_the_house_says_so(tmp_path: Path) -> None:
    assert read(tmp_path, calendar(MEETING)) == [("24 14:00", "24 14:30", "財政課")]
    assert read(tmp_path, calendar(MEETING), "time")[0][2] == ""
    assert read(tmp_path, calendar(MEETING), "title")[0][2] == "予算の内示（秘）"
    secret = MEETING.replace("SUMMARY", "CLASS:PRIVATE\r\nSUMMARY")
    assert read(tmp_path, calendar(secret), "title")[0][2] == ""


def test_recurrences_time_zones_and_whole_days_come_out_in_the_rooms_own_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        daily = event(
            "DTSTART;TZID=Asia/Tokyo:20251101T090000",
            "DTEND;TZID=Asia/Tokyo:20251101T093000",
            "RRULE:FREQ=WEEKLY;BYDAY=TU,WE",
            "EXDATE;TZID=Asia/Tokyo:20261125T090000",
        )
        elsewhere = event("DTSTART:20261124T010000Z", "DURATION:PT1H")
        whole_day = event("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261125")
        cancelled = event("DTSTART:20261124T160000", "DTEND:20261124T170000", "STATUS:CANCELLED")
        assert read(tmp_path, calendar(daily, elsewhere, whole_day, cancelled)) == [
            ("24 00:00", "25 00:00", ""),
            ("24 09:00", "24 09:30", ""),
            ("24 10:00", "24 11:00", ""),
        ]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_one_event_of_nonsense_spoils_nothing_and_no_calendar_is_said_to_be_none(tmp_path: Path) -> None:
    nonsense = event("DTSTART:yesterday", "RRULE:FREQ=OFTEN")
    timeless = event("SUMMARY:x")
    signs = MEETING.replace("財政課", "財\u202e政課" + "長" * 100)
    ever = event("DTSTART:19700101T000000", "DTEND:19700101T000001", "RRULE:FREQ=SECONDLY")
    found = read(tmp_path, calendar(nonsense, timeless, signs, ever))
    assert [len(each[2]) for each in found] == [40]
    assert "\u202e" not in found[0][2]
    for data in (b"", b"<html>", b"BEGIN:VCALENDAR\r\n", b"\xff" * 100):
        with pytest.raises(NotReadable):
            read(tmp_path, data)
    with pytest.raises(NotReadable, match="MiB"):
        read(tmp_path, calendar(MEETING) + b" " * calendar_reader.FILE_LIMIT)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", (24,)),
        ("FREQ=DAILY;COUNT=2", ()),
        ("FREQ=DAILY;UNTIL=20261125T235959", (24, 25)),
        ("FREQ=DAILY;UNTIL=20261123", ()),
        ("FREQ=DAILY;UNTIL=99991231T235959", (24, 25, 26, 27, 28, 29, 30)),
        ("FREQ=DAILY;INTERVAL=2", (24, 26, 28, 30)),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=2", ()),
    ],
)
def test_a_series_ends_with_its_count_or_its_last_day_and_leaves_out_days_between(
    tmp_path: Path, rule: str, days: tuple[int, ...]
) -> None:
    series = event("DTSTART:20261122T090000", "DTEND:20261122T093000", f"RRULE:{rule}")
    assert read(tmp_path, calendar(series)) == [(f"{day} 09:00", f"{day} 09:30", "") for day in days]


EVERY = {n: ",".join(map(str, range(n))) for n in (24, 60)}


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=99999999999999999999",
        "FREQ=DAILY;UNTIL=20261199",
        "FREQ=DAILY;UNTIL=00000000",
        f"FREQ=DAILY;BYHOUR={EVERY[24]};BYMINUTE={EVERY[60]};BYSECOND={EVERY[60]}",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
    ],
)
def test_a_series_beyond_all_limits_is_left_out_and_costs_the_others_nothing(
    tmp_path: Path, rule: str
) -> None:
    series = event("DTSTART:19700101T090000", "DTEND:19700101T093000", f"RRULE:{rule}")
    assert read(tmp_path, calendar(series, MEETING)) == [("24 14:00", "24 14:30", "財政課")]


class _Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/other":
            self.wfile.write(b"budget of a draft\r\n")
            return
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://192.0.2.1/room.ics")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(calendar(MEETING) if self.path == "/room.ics" else b"x" * 5_000_000)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
        thread.join()


def test_an_address_is_read_inside_the_house_and_nowhere_else(tmp_path: Path, server: str) -> None:
    assert read(tmp_path, b"", source=f"{server}/room.ics") == [("24 14:00", "24 14:30", "財政課")]
    for place in (f"{server}/away", f"{server}/huge", "http://192.0.2.1/room.ics"):
        with pytest.raises(NotReadable):
            read(tmp_path, b"", source=place)
    for place in (f"{server}/other", f"{server}/a room"):
        with pytest.raises(NotReadable, match=r"no HTTP: \w+$"):
            read(tmp_path, b"", source=place)


def test_the_last_good_bookings_stay_and_are_said_to_be_old(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path
) -> None:
    now = [datetime(2026, 11, 24, 9, 15).timestamp()]
    file = tmp_path / "27.ics"
    file.write_bytes(calendar(MEETING))
    settings = Settings(ROOM, calendar=Calendar(str(tmp_path / "{number}.ics")))
    made = Bookings(settings, tmp_path, clock=lambda: now[0])
    with qtbot.waitSignal(made.changed, timeout=30_000):
        made.start()
    assert ([each.department for each in made.bookings], made.stale) == (["財政課"], False)
    made.close()
    file.unlink()
    now[0] += 3 * 3_600
    later = Bookings(settings, tmp_path, clock=lambda: now[0])  # the next screen, with the file gone
    with qtbot.waitSignal(later.changed, timeout=30_000):
        later.start()
    later.close()
    assert [each.department for each in later.bookings] == ["財政課"]
    assert [each.verdict for each in later.result()] == [Verdict.LOOK]
    facts = Facts(bookings=later.bookings, bookings_read=later.read_at, bookings_stale=later.stale)
    assert standby_state(settings, facts, NOW, 100.0).bookings_of == "予約は09:15のものです"
    assert Bookings(Settings(ROOM), tmp_path, clock=lambda: now[0]).bookings == ()  # no calendar is set


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


# --- pictures -----------------------------------------------------------------------------------------------


def test_pictures_come_in_turn_and_what_is_none_is_passed_over(
    kiosk_app: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name, size in (("b.png", (4_000, 1_000)), ("d.jpg", (200, 100))):
        picture = QImage(*size, QImage.Format.Format_RGB32)
        picture.fill(QColor("navy"))
        picture.save(str(tmp_path / name))
    (tmp_path / "a.png").write_bytes(b"no picture")
    # Drawn, it would have any other file of the machine read.
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    (tmp_path / "aa.png").write_text(svg, encoding="ascii")
    (tmp_path / "ab.png").write_bytes(huge_png(60_000))
    (tmp_path / "c.gif").write_bytes(b"GIF89a")
    reader = PictureReader(tmp_path)
    seen = []
    with caplog.at_level("INFO"):
        for _ in range(3):
            picture, left_out = reader.read_next(1_920, 884)
            assert picture is not None and left_out == 3
            assert len(picture.pixels) == 4 * picture.width * picture.height
            seen.append((picture.width, picture.height))
            assert abs(picture.pixels[0] - QColor("navy").blue()) < 4 and picture.pixels[3] == 255
    assert seen == [(1_920, 480), (200, 100), (1_920, 480)]
    told = [record.getMessage() for record in caplog.records if record.name == "kiosk.picture_reader"]
    assert told == [f"a picture is left out: {name}.png" for name in ("a", "aa", "ab")], "each was tried once"
    assert not multiprocessing.active_children()
    assert PictureReader(tmp_path / "gone").read_next(100, 100) == (None, 0)


def huge_png(side: int) -> bytes:
    """It says that it has so many pixels each way, and has a line of them."""
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1 + 4 * side))), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_picture_that_takes_its_process_with_it_is_left_out_and_the_console_is_told(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = QImage(64, 36, QImage.Format.Format_RGB32)
    picture.save(str(tmp_path / "a.png"))
    screen = PictureScreen(55, 3.0)
    qtbot.addWidget(screen)
    made = Pictures(StandbyContent(pictures=str(tmp_path)), screen)
    assert made.result() == ()
    monkeypatch.setattr(picture_reader, "DECODE_S", 0.0)
    with qtbot.waitSignal(made.judged, timeout=10_000):
        made._next()
    assert made.front() is None and made._reading is not None
    assert made.result() == (CheckResult(Check.PICTURES, Verdict.LOOK, 1),)
    made._reading.join()
    monkeypatch.undo()
    picture.save(str(tmp_path / "a.png"))  # put there again: it is another file
    os.utime(tmp_path / "a.png", (1, 1))
    with qtbot.waitSignal(made.judged, timeout=10_000):
        made._next()
    assert made.front() is screen
    assert made.result() == (CheckResult(Check.PICTURES, Verdict.GOOD, 0),)
    made.close()


def test_a_picture_gives_way_to_whoever_comes(qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path) -> None:
    picture = QImage(64, 36, QImage.Format.Format_RGB32)
    picture.save(str(tmp_path / "a.png"))
    screen = PictureScreen(55, 3.0)
    qtbot.addWidget(screen)
    held = [False]
    made = Pictures(StandbyContent(pictures=str(tmp_path)), screen, lambda: held[0])
    made.start()
    for comes in (lambda: made.standby_says(standby(choosers=1)), screen.touched.emit, made.rest):
        made._next()
        qtbot.waitUntil(lambda: made.front() is screen, timeout=10_000)
        made.standby_says(standby())
        assert made.front() is screen
        comes()
        assert made.front() is None
    held[0] = True  # a notice stands there
    made._next()
    assert made._reading is not None and not made._reading.is_alive()
    made.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_share_that_hangs_holds_nothing_up(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "CLOSE", 0.0)
    os.mkfifo(tmp_path / "a.png")
    screen = PictureScreen(55, 3.0)
    qtbot.addWidget(screen)
    made = Pictures(StandbyContent(pictures=str(tmp_path)), screen)
    made.start()
    made._next()
    made.close()
    assert made._reading is not None and made._reading.is_alive() and made._reading.daemon
    with (tmp_path / "a.png").open("wb") as answers:  # at last
        answers.write(b"no picture")
    made._reading.join()
