"""What a display writes down and gives out: whole lines, bounded, machine-readable, and no content."""

from __future__ import annotations

import json
import logging
import socket
import struct
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from benchmarks.staging import free_port
from kiosk import log_file, metrics
from kiosk.health import Health
from kiosk.log_file import LogFile, line, read_plain
from kiosk.log_lines import LogLines
from kiosk.metrics import Figures, MetricsServer, PageTimes, exposition
from presenter.stage import Program
from tests.kiosk.desk import Desk
from tests.kiosk.rooms import ROOM, SETTINGS, kill_screen, kiosk

FIELDS = {"t", "level", "source", "text", "pid", "error", "at"}


def test_lines_wait_for_their_folder_and_the_oldest_piece_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "PIECE", 2_000)
    log = LogFile()
    log.add(line("ERROR", "kiosk.supervisor", "before", 1))
    log.open(tmp_path / "state")
    for n in range(100):
        log.add(line("INFO", "kiosk", f"line {n} 会議室", 1))
    log.close()
    pieces = sorted((tmp_path / "state").iterdir())
    assert len(pieces) == log_file.PIECES
    assert all(json.loads(each) for piece in pieces for each in piece.read_text("utf-8").splitlines())
    plain = read_plain(tmp_path / "state", 10**6).splitlines()
    assert plain[-1].endswith("INFO kiosk: line 99 会議室")
    assert "before" not in plain[0]
    assert len(read_plain(tmp_path / "state", 500).encode()) <= 500


def test_a_line_stays_one_whatever_it_quotes(tmp_path: Path) -> None:
    log = LogFile()
    log.open(tmp_path)
    log.add(line("INFO", "kiosk", "one\u2028ERROR kiosk: two\x85three", 1))
    log.close()
    assert len(read_plain(tmp_path, 10**6).split("\n")) == 1
    assert read_plain(tmp_path, 10**6).endswith("INFO kiosk: one\u2028ERROR kiosk: two\x85three")


def test_a_log_that_cannot_be_written_holds_up_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    log = LogFile()
    log.open(tmp_path / "file" / "state")
    for _ in range(3):
        log.add(line("INFO", "kiosk", "text", 1))
    log.close()
    assert capsys.readouterr().err.count("the log cannot be written") == 1


@pytest.mark.expected_logs("unexpected")
def test_an_exception_is_told_by_its_kind_and_place_and_not_by_its_words() -> None:
    told: list[dict[str, object]] = []
    handler, log = LogLines(told.append), logging.getLogger("kiosk.test")
    log.addHandler(handler)
    try:
        log_file.line(None)  # type: ignore[arg-type, call-arg]
    except TypeError:
        log.error("unexpected\nsecret words of a draft", exc_info=True)
    finally:
        log.removeHandler(handler)
    handler.emit(logging.makeLogRecord({"name": "websockets", "msg": "may quote anything"}))
    assert len(told) == 1
    assert set(told[0]) <= FIELDS
    assert (told[0]["text"], told[0]["error"]) == ("unexpected", "TypeError")
    assert str(told[0]["at"]).startswith("kiosk/test_log_and_metrics.py:")
    assert "draft" not in str(told)


def test_the_figures_are_what_prometheus_reads() -> None:
    pages = PageTimes()
    for seconds in (0.04, 0.3, 9.0):
        pages = pages.with_one(seconds)
    health = Health(8_000, 5_000, 20_000, None)
    text = exposition(Figures("1.0", 27, "briefing", True, 1_700_000_000, 2, 5, 10**8, health), pages)
    values = dict(each.rsplit(" ", 1) for each in text.splitlines() if not each.startswith("#"))
    assert values['kamizero_state{state="briefing"}'] == "1"
    assert values['kamizero_state{state="standby"}'] == "0"
    assert values['kamizero_info{version="1.0",room="27"}'] == "1"
    buckets = [values[name] for name in values if "_bucket" in name]
    assert buckets == ["1", "1", "1", "2", "2", "2", "2", "3"], "each holds those before it"
    assert "kamizero_temperature_celsius" not in values, "what is not measured is not given out"
    typed = {each.split()[2] for each in text.splitlines() if each.startswith("# TYPE")}
    assert {name.partition("{")[0].removesuffix("_bucket") for name in values} - typed <= {
        "kamizero_page_seconds_sum",
        "kamizero_page_seconds_count",
    }


def test_two_screens_may_give_out_at_once_and_nothing_but_figures() -> None:
    first = MetricsServer("127.0.0.1", 0, lambda: "figures\n")
    first.open()
    second = MetricsServer("127.0.0.1", first.port, lambda: "figures\n")
    try:
        second.open()
        base = f"http://127.0.0.1:{first.port}"
        with urllib.request.urlopen(f"{base}/metrics", timeout=10) as answer:
            assert answer.read() == b"figures\n"
            assert answer.headers["Server"] is None
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{base}/../etc/passwd", timeout=10)
    finally:
        first.close()
        second.close()


def test_who_asks_without_end_holds_up_no_end_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "PATIENCE", 1_000.0)
    served = threading.Event()

    class Watched(metrics._InTime):
        def readinto(self, buffer: object) -> int:
            served.set()
            return super().readinto(buffer)

    monkeypatch.setattr(metrics, "_InTime", Watched)
    server = MetricsServer("127.0.0.1", 0, lambda: "figures\n")
    server.open()
    with socket.create_connection(("127.0.0.1", server.port)) as asking:
        asking.sendall(b"G")
        assert served.wait(20)
        server.close()


def test_who_asks_slowly_or_goes_away_is_left_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = MetricsServer("127.0.0.1", 0, lambda: "figures\n")
    server.open()
    try:
        with socket.create_connection(("127.0.0.1", server.port)) as asking:
            asking.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
            asking.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        monkeypatch.setattr(metrics, "PATIENCE", 0.0)
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as asking:
            assert asking.recv(1) == b""
    finally:
        server.close()
    assert not capsys.readouterr().err


def figures(port: int) -> dict[str, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return dict(each.rsplit(" ", 1) for each in lines if not each.startswith("#"))


def begin(wall: Program, desk: Desk) -> None:
    desk.pair(ROOM, wall.known("code")["code"])
    desk.offer()
    desk.start(ROOM)
    wall.wait("painted", lambda event: event["sharp"])


@pytest.mark.long
def test_a_display_counts_its_briefings_and_its_crashes_and_its_log_outlives_them(tmp_path: Path) -> None:
    port = free_port()
    settings = f"{SETTINGS}[network]\nrendezvous_port = 0\nmetrics_port = {port}\n"
    with kiosk(tmp_path / "kiosk", settings=settings) as wall, Desk(tmp_path / "desk") as desk:
        begin(wall, desk)
        kill_screen(wall)
        wall.wait("painted", lambda event: event["sharp"])
        told = figures(port)
        assert told["kamizero_screen_restarts_total"] == "1"
        assert told["kamizero_briefings_total"] == "1"
        assert told['kamizero_state{state="briefing"}'] == "1"
        assert float(told["kamizero_memory_bytes"]) > 50 * 2**20
        desk.end()
        wall.wait("code")
    lines = [
        json.loads(each) for each in (tmp_path / "kiosk/state/kiosk.jsonl").read_text("utf-8").splitlines()
    ]
    assert all(set(each) <= FIELDS for each in lines)
    assert "the screen ended with status -9" in [each["text"] for each in lines]
    assert len({each["pid"] for each in lines}) >= 3, "supervisor and both screens"
    content = json.dumps(lines, ensure_ascii=False)
    assert not [word for word in ("予算", "佐藤", "budget") if word in content]
