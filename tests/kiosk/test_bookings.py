"""Bookings of any calendar: what is read, what is left out, what stands on standby."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk import calendar_reader
from kiosk.bookings import Bookings
from kiosk.calendar_found import Wanted
from kiosk.calendar_reader import NotReadable
from kiosk.house_settings import Calendar
from kiosk.settings import Room, Settings
from kiosk.standby_feed import Facts, standby_state
from protocol.manage import Verdict
from tests.kiosk.screens import NOW, kiosk_app

__all__ = ["kiosk_app"]

TODAY = date(2026, 11, 24)
ROOM = Room(27, "第三会議室")


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


OFFICE = MEETING.replace(
    "財政課", "総務部能登表ソ課"
)  # their second bytes are signs in the encodings of Windows


@pytest.mark.parametrize(
    "data",
    [
        calendar(OFFICE).decode().encode("cp932"),
        calendar(OFFICE).decode().encode("utf-16"),
        b"\xef\xbb\xbf" + calendar(OFFICE),
        calendar(OFFICE).replace(b"\r\n", b"\n"),
        calendar(OFFICE).replace(b"\r\n", b"\r\r\n"),
        calendar(OFFICE).replace("能".encode(), b"\r\n ".join(bytes([each]) for each in "能".encode())),
        calendar(OFFICE.replace('"総務部能登表ソ課"', "総務部能登表ソ課")),
    ],
    ids=["cp932", "utf-16", "bom", "lf", "crcrlf", "folded within a character", "no quotes"],
)
def test_what_programs_of_offices_write_is_read_as_it_was_meant(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == [("24 14:00", "24 14:30", "総務部能登表ソ課")]


def test_megabytes_of_line_ends_are_read_at_once(tmp_path: Path) -> None:
    """Looked at again from each of them, they would take an hour."""
    assert read(tmp_path, calendar(MEETING) + b"\r" * 3_000_000) == [("24 14:00", "24 14:30", "財政課")]


def test_words_that_cannot_be_read_are_no_words(tmp_path: Path) -> None:
    broken = calendar(MEETING).replace("政".encode(), b"\xff")
    assert read(tmp_path, broken) == [("24 14:00", "24 14:30", "")]
    several = calendar(MEETING.replace('CN="財政課"', "CN=財政課, 予算係"))
    assert read(tmp_path, several) == [("24 14:00", "24 14:30", "財政課、 予算係")]


def test_a_day_may_be_named_by_its_own_date_alone(tmp_path: Path) -> None:
    whole_day = event("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261124")
    assert read(tmp_path, calendar(whole_day)) == [("24 00:00", "25 00:00", "")]


def test_a_share_that_is_not_there_is_not_taken_for_a_day_without_bookings(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    with pytest.raises(NotReadable, match=r"no \.ics file"):
        read(tmp_path, b"", source=str(tmp_path / "share"))
    (tmp_path / "share" / "ROOM.ICS").write_bytes(calendar(MEETING))
    assert read(tmp_path, b"", source=str(tmp_path / "share")) == [("24 14:00", "24 14:30", "財政課")]


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
        if self.path == "/drip":  # one letter, and then nothing for as long as anybody waits
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\nB")
            self.connection.recv(1)
            return
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://192.0.2.1/room.ics")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        rooms = ("/room.ics", "/%E4%BC%9A%E8%AD%B0%E5%AE%A4/27.ics?key=a%2Fb")
        self.wfile.write(calendar(MEETING) if self.path in rooms else b"x" * 5_000_000)

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
    in_japanese = f"{server}/会議室/27.ics?key=a%2Fb"
    assert read(tmp_path, b"", source=in_japanese) == [("24 14:00", "24 14:30", "財政課")]
    for place in (f"{server}/away", f"{server}/huge", "http://192.0.2.1/room.ics"):
        with pytest.raises(NotReadable):
            read(tmp_path, b"", source=place)
    for place in (f"{server}/other",):
        with pytest.raises(NotReadable, match=r"no HTTP: \w+$"):
            read(tmp_path, b"", source=place)


def test_a_server_that_drips_is_not_waited_for_without_end(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_reader, "READ_SECONDS", 0.0)
    with pytest.raises(NotReadable, match="too slow"):
        read(tmp_path, b"", source=f"{server}/drip")


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
