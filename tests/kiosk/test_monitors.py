"""Which of several monitors becomes the wall."""

from __future__ import annotations

import pytest

from kiosk.monitors import Monitor, choose

DESK = Monitor("DP-1", "A1", "Desk24", 1920 * 1080, 530 * 300, primary=True)
WALL = Monitor("HDMI-1", "B2", "Wall65", 3840 * 2160, 1430 * 800, primary=False)
SILENT = Monitor("HDMI-2", "", "", 1280 * 720, 0, primary=False)
PLACEHOLDER = Monitor("", "", "", 0, 0, primary=True)


@pytest.mark.parametrize(
    ("wanted", "monitors", "chosen"),
    [
        ("largest", [DESK, WALL], WALL),
        ("primary", [WALL, DESK], DESK),
        ("HDMI-1", [DESK, WALL], WALL),
        ("A1", [WALL, DESK], DESK),
        ("Wall65", [DESK, WALL], WALL),
        ("HDMI-9", [DESK, WALL], WALL),
        ("largest", [SILENT, PLACEHOLDER], SILENT),
        ("HDMI-1", [PLACEHOLDER], None),
    ],
)
def test_the_wanted_monitor_else_the_largest(
    wanted: str, monitors: list[Monitor], chosen: Monitor | None
) -> None:
    index = choose(wanted, monitors)
    assert (None if index is None else monitors[index]) == chosen
