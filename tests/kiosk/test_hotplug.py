"""Row 59: the cable is pulled, the presenter goes on, it comes back at 720p: the right page, the new size."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from benchmarks.x_display import HAS_X, SMALL, display, xrandr
from presenter.stage import Program
from protocol.transport.events import Paired, WallFacts
from tests.kiosk.desk import Desk
from tests.kiosk.rooms import ROOM, SETTINGS


@pytest.mark.long
@pytest.mark.skipif(not HAS_X, reason="needs Xvfb and xrandr")
@pytest.mark.bad_input(row=59)
def test_a_pulled_cable_comes_back_with_the_right_page_at_the_new_size(tmp_path: Path) -> None:
    config, shots = tmp_path / "kiosk.toml", tmp_path / "shots"
    config.write_text(SETTINGS, encoding="utf-8")
    words = ["--config", str(config), "--state", str(tmp_path / "state"), "--evidence", str(shots)]
    words += ["--port", "0", "--mdns-interface", "127.0.0.1"]
    with display() as x:
        xrandr(x, "--newmode", "small", *SMALL)
        xrandr(x, "--addmode", "screen", "small")
        with Program("kiosk", ["kiosk", *words], x) as wall, Desk(tmp_path / "desk") as desk:
            assert isinstance(desk.pair(ROOM, wall.wait("code")["code"]), Paired)
            assert desk.until(WallFacts).facts.width == 1920
            desk.offer()
            desk.start(ROOM)
            wall.wait("painted", lambda e: e["sharp"] and e["page"] == 1)
            xrandr(x, "--fb", "1920x1080", "--output", "screen", "--off")
            desk.show(3)
            xrandr(x, "--fb", "1280x720", "--output", "screen", "--mode", "small")
            assert desk.until(WallFacts, lambda told: told.facts.width == 1280).facts.height == 720
            wall.wait("painted", lambda e: e["sharp"] and e["page"] == 4)
            wall.tell("shot", name="small")
            glass = QImage(wall.wait("shot")["file"])
            assert (glass.width(), glass.height()) == (1280, 720)
            assert not [e for e in wall.events if e["event"] == "screen" and e["screen"] == "standby"][1:]
