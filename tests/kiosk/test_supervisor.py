"""The supervisor without a screen: how soon it starts again, what it never loads, what the system hears."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.supervisor import Crashes, Limits, Supervisor
from tests.kiosk.rooms import SETTINGS, kill_screen, kiosk, screen_process

ROOT = Path(__file__).parent.parent.parent


def test_a_screen_is_started_again_within_three_seconds_until_it_crashes_in_a_loop() -> None:
    limits = Limits()
    crashes = Crashes(limits)
    delays = [crashes.delay_after(now=float(n)) for n in range(limits.crashes)]
    assert delays[-1] is None
    assert all(delay is not None and delay <= 2.5 for delay in delays[:-1])
    assert crashes.delay_after(now=100.0) == 0.0, "after the fault page it counts from the beginning"
    slow = Crashes(limits)
    assert all(slow.delay_after(now=61.0 * n) == 0.0 for n in range(20))


def test_what_a_screen_says_amiss_ends_nothing_where_nobody_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Started without a terminal, as by an icon of Windows, a program has nowhere to write."""
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", None)
    supervisor = Supervisor([])
    supervisor._said(object(), b"\xff not a message\n")  # type: ignore[arg-type]
    supervisor._say("nothing")


def test_where_no_process_can_be_started_it_tries_again_and_keeps_the_session(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(sys, "executable", str(ROOT / "nothing"))
    supervisor = Supervisor([])
    supervisor._secret = "ab" * 16
    supervisor._start()
    assert (supervisor._screen, supervisor._secret) == (None, "ab" * 16)
    assert supervisor._start_at is not None
    assert "no screen can be started" in capfd.readouterr().err


def test_the_supervisor_loads_nothing_but_the_standard_library() -> None:
    code = "import sys, kiosk.supervisor; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    words = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    foreign = {"PySide6", "pageview", "protocol", "msgspec", "asyncio", "websockets", "zeroconf", "pymupdf"}
    assert not foreign & set(words.stdout.split())


def test_the_system_hears_that_it_is_ready_and_alive(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(10)
        os.environ["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        os.environ["WATCHDOG_USEC"] = "300000"
        try:
            with kiosk(tmp_path / "kiosk", settings=SETTINGS + "out_of_service = true\n"):
                heard: set[bytes] = set()
                for _ in range(300):  # fed every 0.1 s, however late the first paint
                    heard.add(manager.recv(100))
                    if len(heard) == 2:
                        break
        finally:
            del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
    assert heard == {b"READY=1", b"WATCHDOG=1"}


def test_a_killed_screen_is_replaced_and_the_end_of_the_script_ends_all(tmp_path: Path) -> None:
    with kiosk(tmp_path / "kiosk", settings=SETTINGS + "out_of_service = true\n") as room:
        room.wait("screen")
        former = kill_screen(room)
        room.wait("screen")
        assert screen_process(room) != former
        os.kill(room.pid, signal.SIGTERM)
        assert room.stay() == 0
