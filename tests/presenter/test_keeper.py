"""Rooms come back after a crash of the desk, by a secret that was only ever in memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from presenter.keeper import Keeper, address, take_over

PASSWORD = b"p" * 32

DESK = """
import sys, time
from pathlib import Path
from presenter.keeper import Keeper
keeper = Keeper(Path(sys.argv[1]), b"p" * 32)
keeper.keep(b"first")
keeper.keep(b"session secret of room 27")
print(keeper._process.pid, flush=True)
sys.stdin.read()
"""


def crashed_desk(state: Path) -> int:
    """A desk that kept a secret and was killed; its keeper's process id."""
    desk = subprocess.Popen(
        [sys.executable, "-c", DESK, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert desk.stdout is not None
    pid = int(desk.stdout.readline())
    desk.send_signal(signal.SIGKILL)
    desk.communicate()
    return pid


def taken(qtbot, state: Path, password: bytes) -> bytes:
    found: list[bytes] = []

    def ask() -> bool:
        held = take_over(state, password, lambda _held: None)
        if held is not None:
            found.append(held)
        return bool(found)

    qtbot.waitUntil(ask, timeout=10_000)
    return found[0]


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]


def test_after_a_crash_the_newest_secret_is_handed_over_once(qapp, qtbot, tmp_path: Path) -> None:
    pid = crashed_desk(tmp_path)
    assert taken(qtbot, tmp_path, PASSWORD) == b"session secret of room 27"
    assert take_over(tmp_path, PASSWORD, print) is None
    qtbot.waitUntil(lambda: gone(pid), timeout=10_000)


def test_a_desk_that_crashes_before_it_keeps_them_itself_leaves_them_to_the_next(
    qapp, qtbot, tmp_path: Path
) -> None:
    crashed_desk(tmp_path)

    def crash(_held: bytes) -> None:
        raise EOFError

    qtbot.waitUntil(lambda: Path(address(tmp_path)).exists(), timeout=10_000)
    assert take_over(tmp_path, PASSWORD, crash) is None
    assert taken(qtbot, tmp_path, PASSWORD) == b"session secret of room 27"


def test_another_password_gets_nothing_and_takes_nothing_away(qapp, qtbot, tmp_path: Path) -> None:
    crashed_desk(tmp_path)
    qtbot.waitUntil(lambda: Path(address(tmp_path)).exists(), timeout=10_000)
    assert take_over(tmp_path, b"q" * 32, print) is None
    assert taken(qtbot, tmp_path, PASSWORD) == b"session secret of room 27"


def test_a_briefing_that_was_ended_leaves_nothing(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, PASSWORD)
    keeper.keep(b"secret")
    keeper.forget()
    assert take_over(tmp_path, PASSWORD, print) is None
    assert not Path(address(tmp_path)).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_keeper_is_small_and_not_to_be_looked_into(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, PASSWORD)
    keeper.keep(b"secret of the room")
    assert keeper._process is not None
    pid = keeper._process.pid
    assert b"secret" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    assert (
        b"secret" not in Path(f"/proc/{pid}/environ").read_bytes()
        if os.access(f"/proc/{pid}/environ", os.R_OK)
        else True
    )
    keeper.forget()
