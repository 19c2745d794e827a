"""A screen on the cable: real windows on a real X server, plugged in and pulled out while a briefing runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import assets
from presenter import stage

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xrandr")), reason="Xvfb or xrandr is not installed"
)


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An X server of 3200×1080, of which the desk has the left part."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "3200x1080x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    monkeypatch.setenv("DISPLAY", f":{number}")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    yield f":{number}"
    server.terminate()
    server.wait()


def plug_in(height: int = 1080) -> None:
    """A monitor of 1280 × ``height`` at the right."""
    where = f"1280/700x{height}/400+1920+0"
    subprocess.run(["xrandr", "--setmonitor", "HDMI", where, "none"], check=True, capture_output=True)


def pull_out() -> None:
    subprocess.run(["xrandr", "--delmonitor", "HDMI"], check=True, capture_output=True)


def test_the_cable_in_out_and_in_again_without_a_room(display: str, tmp_path: Path) -> None:
    words = ("--no-mdns", "--windowed", "1280x720", str(assets.SAMPLE_MEMO))
    with stage.presenter(tmp_path / "desk", *words) as desk:
        desk.wait("opened")
        desk.tell("rehearse")
        desk.wait("showing")
        desk.tell("action", name="second_screen")
        assert desk.wait("refused_action")["name"] == "second_screen", "no screen but the desk's own"
        plug_in()
        desk.wait("attachable", lambda e: e["screens"] == 1)
        desk.tell("action", name="second_screen")
        assert "HDMI" in desk.wait("attached")["screen"]
        desk.wait("attached_painted", lambda e: e["page"] == 1 and e["sharp"])
        desk.tell("key", key="Shift+Right")
        desk.wait("attached_painted", lambda e: e["page"] == 2 and e["sharp"])
        pull_out()
        assert desk.wait("attached")["screen"] == ""
        desk.tell("key", key="Shift+Right")
        plug_in(720)
        assert "720" in desk.wait("attached", lambda e: e["screen"])["screen"]
        desk.wait("attached_painted", lambda e: e["page"] == 3 and e["sharp"])
        desk.tell("key", key="B")
        desk.wait("attached_painted", lambda e: e["page"] == 0)
        desk.tell("action", name="second_screen")
        assert desk.wait("attached")["screen"] == ""
