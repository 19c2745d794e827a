"""The demo for a person: both windows are to be seen at once on the desktops that people have."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QRect

from pageview.window_place import WindowPlace
from presenter.demo_windows import beside


def rect(text: str) -> QRect:
    place = WindowPlace.parse(text)
    assert place.at is not None
    return QRect(*place.at, place.width, place.height)


@pytest.mark.parametrize(
    "desktop", [(0, 0, 1366, 728), (0, 0, 1920, 1040), (64, 32, 2496, 1408), (0, 0, 3840, 2160)]
)
def test_neither_window_covers_the_other(desktop: tuple[int, int, int, int]) -> None:
    for_desk, for_wall, scale = beside(*desktop)
    own, wall = rect(for_desk), rect(for_wall)
    assert own.width() >= 1280, "the console is whole"
    assert own.height() >= 672
    desk = QRect(*(int(side * scale) for side in own.getRect()))
    assert not desk.intersects(wall)
    assert QRect(*desktop).contains(desk)
    assert QRect(*desktop).contains(wall)
    assert desk.width() >= 1024
    assert wall.width() / wall.height() == pytest.approx(16 / 9, rel=0.01)


@pytest.mark.parametrize("text", ["1280", "1280x", "100x100", "1280x720+4", "x720", "1280x720+-4+0"])
def test_other_words_than_a_size_and_a_place_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        WindowPlace.parse(text)
