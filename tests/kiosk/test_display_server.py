"""Whether there is something that draws, asked of real ones; and the watchdog of a compositor that hangs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.x_display import HAS_X, display
from kiosk.display_server import answers, offers
from tests.kiosk import compositor
from tests.kiosk.compositor import Sway

ROOT = Path(__file__).parent.parent.parent
SECONDS = 10.0


def hear_out(manager: socket.socket) -> None:
    """All that is said, until nothing is said any more: `TimeoutError`."""
    while True:
        manager.recv(100)


def test_where_nobody_draws_for_us_nobody_is_asked() -> None:
    assert answers({"QT_QPA_PLATFORM": "offscreen:configfile=x", "WAYLAND_DISPLAY": "gone"}, SECONDS)
    assert answers({"QT_QPA_PLATFORM": "linuxfb"}, SECONDS)
    assert answers({"DISPLAY": "elsewhere:0"}, SECONDS), "the network's own business"


def test_a_server_that_is_not_there_does_not_answer(tmp_path: Path) -> None:
    gone = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0"}
    assert not offers(gone, SECONDS)
    assert not answers(gone, SECONDS)
    assert not answers({"DISPLAY": ":4097"}, SECONDS)


@pytest.mark.skipif(not HAS_X, reason="needs Xvfb and xrandr")
def test_an_x_server_answers_until_it_ends() -> None:
    with display() as environment:
        assert answers(environment, SECONDS)
    assert not answers(environment, SECONDS)


@pytest.mark.skipif(bool(compositor.why_not()), reason=compositor.why_not())
def test_a_compositor_is_ready_and_alive_as_long_as_it_answers(tmp_path: Path) -> None:
    """To a real notify socket, which hears nothing of one that hangs."""
    sway = Sway({"WLR_BACKENDS": "headless"})
    environment = {"WAYLAND_DISPLAY": sway.socket, "NOTIFY_SOCKET": str(tmp_path / "notify")}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(environment["NOTIFY_SOCKET"])
        manager.settimeout(SECONDS)
        client = subprocess.Popen(
            [sys.executable, "-m", "kiosk.display_server"],
            cwd=ROOT,
            env={**os.environ, **environment, "QT_QPA_PLATFORM": "", "WATCHDOG_USEC": "300000"},
        )
        try:
            sway.start()
            assert manager.recv(100) == b"READY=1\nWATCHDOG=1"
            assert {"wl_compositor", "xdg_wm_base", "zwlr_layer_shell_v1"} <= offers(environment, SECONDS)
            assert manager.recv(100) == b"WATCHDOG=1"
            sway.signal(signal.SIGSTOP)
            manager.settimeout(0.6)
            with pytest.raises(TimeoutError):
                hear_out(manager)
            sway.signal(signal.SIGCONT)
            manager.settimeout(SECONDS)
            assert manager.recv(100) == b"WATCHDOG=1"
        finally:
            sway.close()
            client.kill()
            client.wait()
