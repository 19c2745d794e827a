"""The morning's self-test: when it begins, what it gives way to, what it finds, what outlives the screen."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.page_proof import PageProof
from kiosk.proof_screen import ProofScreen
from kiosk.self_test import after_crash, due, judged, keep, read_kept
from kiosk.self_testing import SelfTesting
from kiosk.settings import Room, Settings
from protocol.manage import Check, CheckResult, Hindrance, Phase, SelfTest, Verdict
from tests.kiosk.screens import kiosk_app

__all__ = ["kiosk_app"]

SETTINGS = Settings(Room(27, "第三会議室"))
FRIDAY = datetime(2026, 11, 27, 8, 15)
DUE = int(FRIDAY.timestamp())
NEVER = SelfTest(Phase.NONE, Hindrance.NOTHING, 0, 0, ())
GOOD = (CheckResult(Check.PAGE, Verdict.GOOD),)
NONE, BRIEFING = Hindrance.NOTHING, Hindrance.BRIEFING


def test_it_is_due_from_its_hour_on_and_on_its_days_only() -> None:
    house = SETTINGS.self_test
    assert due(house, FRIDAY.replace(minute=14)) == 0
    assert due(house, FRIDAY) == due(house, FRIDAY.replace(hour=23)) == DUE
    assert due(house, FRIDAY.replace(day=28)) == 0  # Saturday
    assert due(replace(house, days=()), FRIDAY) == 0


def test_it_waits_for_a_briefing_and_is_left_out_when_the_day_is_over() -> None:
    known, begins = judged(NEVER, DUE, DUE + 5, BRIEFING)
    assert (known.phase, known.hindrance, begins) == (Phase.WAITING, BRIEFING, False)
    assert judged(known, DUE, DUE + 600, NONE)[1]
    after_it, begins = judged(known, DUE, DUE + 600, NONE, its_turn=False)  # a fresh screen
    assert (after_it.phase, after_it.hindrance, begins) == (Phase.WAITING, NONE, False)
    left_out, begins = judged(known, 0, DUE + 60_000, NONE)
    assert (left_out.phase, left_out.hindrance, begins) == (Phase.SKIPPED, BRIEFING, False)


def test_once_a_day_is_enough_and_a_clock_that_was_wrong_is_no_excuse() -> None:
    done = SelfTest(Phase.DONE, NONE, DUE, DUE + 9, GOOD)
    assert judged(done, DUE, DUE + 600, NONE) == (done, False)
    assert judged(done, DUE + 86_400, DUE + 86_400, NONE)[1]
    from_the_future = SelfTest(Phase.DONE, NONE, DUE, DUE + 10**8, GOOD)
    assert judged(from_the_future, DUE, DUE + 600, NONE)[1]


def test_what_is_known_outlives_the_screen_and_a_crash_is_not_repeated(tmp_path: Path) -> None:
    running = SelfTest(Phase.RUNNING, NONE, DUE, 0, ())
    keep(tmp_path, running)
    found = after_crash(read_kept(tmp_path), DUE + 30)
    assert (found.phase, found.results) == (Phase.DONE, (CheckResult(Check.PAGE, Verdict.BAD),))
    assert not judged(found, DUE, DUE + 60, NONE)[1]
    (tmp_path / "self-test.json").write_bytes(b"[206,")
    assert read_kept(tmp_path) == NEVER


class Wall:
    """A window with a self-test on it, at Friday's hour, and what it told."""

    def __init__(self, qtbot: QtBot, state: Path) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(640, 400)
        self.screen = ProofScreen(55, 3.0)
        self.screen.setParent(self.window)
        self.page = PageProof(self.screen, self.refresh, shown_ms=0)
        self.told: list[SelfTest] = []
        self.hindrance = NONE
        self.fronts: list[bool] = []
        self.now = DUE + 1.0
        state.mkdir()
        options = Namespace(state=state, no_mdns=True, mdns_interface=[])
        self.testing = SelfTesting(
            SETTINGS,
            options,
            self.page,
            lambda: self.hindrance,
            self.told.append,
            clock=lambda: self.now,
            spread=0.0,
            settle=0.0,
        )
        self.window.show()

    def refresh(self) -> None:
        front = self.page.front()
        self.fronts.append(front is not None)
        if front is not None:
            self.bring(front)

    def bring(self, screen: QWidget) -> None:
        screen.setGeometry(self.window.rect())
        screen.show()
        screen.repaint()

    @property
    def phase(self) -> Phase:
        return self.told[-1].phase


@pytest.fixture
def wall(qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Wall(qtbot, tmp_path / "state")
    yield made
    made.testing.close()


@pytest.mark.long
def test_it_finds_a_good_display_good(qtbot: QtBot, wall: Wall) -> None:
    """For real: pairing, page turn, cage, a page on the glass and in what the screen was given."""
    wall.testing.start()
    qtbot.waitUntil(lambda: wall.phase is Phase.DONE, timeout=60_000)
    results = {each.check: each for each in wall.told[-1].results}
    assert [each for each in results if results[each].verdict is Verdict.BAD] == []
    assert {Check.PAGE, Check.PAIRING, Check.CAGE, Check.DISK, Check.MEMORY, Check.CLOCK} <= set(results)
    assert wall.fronts == [True, False]  # for a moment


def test_it_gives_way_at_once_to_whoever_pairs_and_begins_anew_when_they_left(
    qtbot: QtBot, wall: Wall
) -> None:
    wall.testing.start()
    assert wall.phase is Phase.RUNNING
    wall.hindrance = BRIEFING
    wall.testing.look()
    assert wall.phase is Phase.WAITING
    assert not wall.testing._checks.under_way
    assert wall.page.front() is None
    wall.hindrance = NONE
    wall.testing.look()
    assert wall.phase is Phase.RUNNING


def test_a_page_that_is_not_on_the_screen_is_found_missing(qtbot: QtBot, wall: Wall) -> None:
    wall.bring(wall.screen)
    assert wall.screen.wrong_fields() == 32
    picture = wall.screen.grab().toImage()
    with QPainter(picture) as painter:
        painter.fillRect(picture.rect(), QColor("white"))
    wall.screen.picture = picture
    wall.screen.repaint()
    assert wall.screen.wrong_fields() == 28  # four of the fields are white
    wall.page.give_up()
    assert wall.fronts == [False]  # standby is brought back at once


def test_a_clock_that_is_set_back_makes_it_neither_wait_nor_begin_over_and_over(
    qtbot: QtBot, wall: Wall
) -> None:
    wall.now += 7_200
    wall.testing.start()
    wall.testing.touched()
    wall.testing.order()
    wall.now -= 3_600
    wall.testing.look()
    assert wall.phase is Phase.WAITING  # the hand on the wall keeps it off for a minute, not for an hour
    wall.now += 61
    wall.testing.look()
    assert wall.phase is Phase.RUNNING
    wall.testing._page_seen(0)
    assert wall.phase is Phase.DONE
    wall.testing.look()
    assert wall.phase is Phase.DONE
