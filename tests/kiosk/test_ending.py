"""The order in which a briefing ends on a wall."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from kiosk.ending import Ending, Steps

NAMES = ("cover", "wipe", "drop", "replace", "tell", "part", "leave")


def ending(done: list[str]) -> Ending:
    return Ending(Steps(**{name: lambda name=name: done.append(name) for name in NAMES}))


def test_cover_wipe_drop_fresh_screen_then_the_presenter_is_told(qtbot: QtBot) -> None:
    done: list[str] = []
    end = ending(done)
    end.begin(takes_over=False)
    assert done == ["cover", "wipe", "drop", "replace", "tell"]
    end.begin(takes_over=False)
    end.secret_kept()
    qtbot.waitUntil(lambda: "leave" in done)
    assert done == list(NAMES)


def test_after_a_take_over_the_fresh_screen_gets_the_second_presenters_secret(qtbot: QtBot) -> None:
    done: list[str] = []
    end = ending(done)
    end.begin(takes_over=True)
    assert done == ["cover", "wipe", "drop", "tell"]
    end.secret_kept()
    qtbot.waitUntil(lambda: "leave" in done)
    assert done[4:] == ["replace", "part", "leave"]
