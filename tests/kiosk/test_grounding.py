"""When a ground is started and ended, and which screen waits for it. The processes are real."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from kiosk import display_server, grounding
from kiosk.child import Child, Inbox
from kiosk.grounding import Grounding, Way, way
from pageview.theme import Kiosk

WAYLAND = {"QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": "wayland-0"}
X11 = {"DISPLAY": ":0", "QT_QPA_PLATFORM": "xcb"}
LATE, SILENCE = 1_000.0, 2_000.0


class House:
    """A supervisor's share in it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._inbox: Inbox = SimpleQueue()
        self.grounding = Grounding(
            [],
            self._inbox,
            late=LATE,
            silence=SILENCE,
            display=1.0,
            say=self.said.append,
            module="tests.kiosk.mute",
        )

    def hears(self) -> tuple[Child, Any]:
        """Who said what next; None at its end."""
        kind, child, *line = self._inbox.get(timeout=20)
        return child, json.loads(line[0]) if kind == "said" else None

    def clear(self) -> None:
        """Until nobody is left."""
        while threads := [each for each in threading.enumerate() if each.name == "tests.kiosk.mute listener"]:
            threads[0].join()
        while not self._inbox.empty():
            kind, child, *_ = self._inbox.get()
            if kind == "ended":
                child.close()

    def told(self) -> tuple[Child, Any]:
        """Who was told what next."""
        while (heard := self.hears())[1] is None:
            heard[0].close()
        return heard


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.grounding.close()
    made.clear()


def found(monkeypatch: pytest.MonkeyPatch, chosen: Way) -> None:
    monkeypatch.setattr(grounding, "way", lambda *_: chosen)


def test_where_windows_cannot_lie_above_each_other_there_is_no_ground(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "swaymsg" else f"/usr/bin/{name}")
    compositors: dict[frozenset[str], Way | None] = {
        frozenset({"zwlr_layer_shell_v1", "zwlr_screencopy_manager_v1"}): Way.BACKGROUND,
        frozenset({"xdg_wm_base", "zwlr_screencopy_manager_v1"}): Way.FIRST,
        frozenset({"xdg_wm_base", "gtk_shell1"}): None,
        frozenset(): None,
    }
    for has, expected in compositors.items():
        monkeypatch.setattr(display_server, "offers", lambda *_, has=has: has)
        assert way([], WAYLAND, 1.0) is expected
        assert way([], X11, 1.0) is Way.LOWERED
    monkeypatch.setattr(display_server, "offers", lambda *_: {"zwlr_layer_shell_v1"})
    assert way([], {**WAYLAND, "SWAYSOCK": "x"}, 1.0) is None
    for words, environment in (
        (["--windowed", "800x600"], X11),
        (["--windowed=800x600"], WAYLAND),
        ([], {**X11, "QT_QPA_PLATFORM": "offscreen:configfile=x"}),
        ([], {"QT_QPA_PLATFORM": "linuxfb"}),
        ([], {"QT_QPA_PLATFORM": "eglfs"}),
    ):
        assert way(words, environment, 1.0) is None


def test_a_display_that_is_stopped_looks_as_before_its_program_came() -> None:
    config = Path(__file__).parents[2] / "deploy" / "linux" / "sway.config"
    assert " ".join(grounding._PLAIN[2:]) in config.read_text().splitlines()
    assert Kiosk.INK_900 in grounding._PLAIN


def test_where_the_newest_lies_on_top_a_screen_waits_for_the_ground_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    found(monkeypatch, Way.FIRST)
    kept = house.grounding
    kept.before_screen()
    first, told = house.told()
    assert told == {"room": {}}
    assert kept.holds
    kept.said(first, b'{"there": true}')
    assert not kept.holds
    kept.after_paint()
    kept.before_screen()
    assert not kept.holds, "it is there already"
    first.process.kill()
    first.process.wait()
    kept.before_screen()
    assert kept.holds, "another one, before another screen"
    second, _ = house.told()
    kept.check(time.monotonic() + 1.5 * LATE)
    assert kept.holds, "the screen itself is not ready"
    kept.screen_waits()
    kept.check(time.monotonic() + LATE / 2)
    assert kept.holds
    kept.check(time.monotonic() + LATE)
    assert not kept.holds
    assert second.process.wait(20), "what is late must not come up over the screen"


def test_a_ground_that_ended_comes_again_with_the_next_screen_only(
    monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    found(monkeypatch, Way.LOWERED)
    kept = house.grounding
    kept.before_screen()
    assert not kept.holds
    kept.after_paint()
    first, _ = house.told()
    kept.know({"number": 27})
    assert house.hears() == (first, {"room": {"number": 27}})
    os.kill(first.process.pid, signal.SIGKILL)
    assert house.hears() == (first, None)
    kept.ended(first)
    kept.check(time.monotonic() + 10 * SILENCE)
    assert house.said == ["the ground ended with status -9"]
    kept.before_screen()
    kept.after_paint()
    second, told = house.told()
    assert second is not first
    assert told == {"room": {"number": 27}}, "what is known of the room outlives it"


@pytest.mark.parametrize("began", [True, False])
def test_a_ground_that_stands_still_is_noticed(
    monkeypatch: pytest.MonkeyPatch, house: House, began: bool
) -> None:
    found(monkeypatch, Way.LOWERED)
    kept = house.grounding
    kept.before_screen()
    kept.after_paint()
    ground, _ = house.told()
    if began:
        kept.said(ground, b'{"alive": true}')
    os.kill(ground.process.pid, signal.SIGSTOP)
    kept.check(time.monotonic() + SILENCE / 2)
    assert ground.process.poll() is None
    kept.forgive(SILENCE)
    kept.check(time.monotonic() + 1.5 * SILENCE)
    assert ground.process.poll() is None, "the whole machine stood still"
    kept.check(time.monotonic() + 3 * SILENCE)
    assert ground.process.wait(20) == -signal.SIGKILL


@pytest.mark.parametrize("chosen", [Way.FIRST, Way.LOWERED])
def test_where_none_can_be_started_the_screen_does_without(
    monkeypatch: pytest.MonkeyPatch, house: House, chosen: Way
) -> None:
    found(monkeypatch, chosen)

    def refused(*_: object) -> None:
        raise BlockingIOError(11, "no more processes")

    monkeypatch.setattr(grounding, "Ground", refused)
    house.grounding.before_screen()
    house.grounding.after_paint()
    assert not house.grounding.holds
    assert len(house.said) == 1
