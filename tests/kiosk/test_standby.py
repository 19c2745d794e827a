"""W0: no word is clipped in any state, language, screen or distance; the clock repaints its own box."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication

from kiosk import settings as kiosk_settings
from kiosk.canvas import Canvas
from kiosk.settings import Booking, Settings
from kiosk.standby import Standby
from kiosk.standby_feed import Facts, next_look, standby_state
from kiosk.standby_parts import PARTS
from kiosk.standby_state import Availability, CodeNote, NextBooking, StandbyState
from pageview import wording
from tests.kiosk.screens import NOW, SIZES, STANDBY, clipped, drawn, kiosk_app, overlapping, shown, standby

__all__ = ["kiosk_app"]

NEAR, BASE, FAR = (75, 1.0), (55, 3.0), (43, 4.0)
ROOM = kiosk_settings.Room(27, "第三会議室", "Conference Room 3", "県庁 本庁舎 3階")
SETTINGS = Settings(
    ROOM, bookings=(Booking(datetime(2026, 11, 24, 14), datetime(2026, 11, 24, 15), "財政課"),)
)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("glass", [NEAR, BASE, FAR], ids=["near", "base", "far"])
def test_no_word_is_clipped_or_covered(
    kiosk_app: QApplication, size: tuple[int, int], glass: tuple[float, float], language: wording.Language
) -> None:
    wording.set_language(language)
    for name, state in STANDBY.items():
        words = drawn(partial(_draw, state=state), size, glass)
        assert not clipped(words), name
        assert not overlapping(words), name


def _draw(canvas: Canvas, state: StandbyState) -> None:
    for part in PARTS:
        canvas.within(part.box(canvas.scale))
        part.draw(canvas, state)


def test_must_read_words_keep_their_size_from_the_last_row(kiosk_app: QApplication) -> None:
    """36 px on 55″ at 3 m is the least for what must be read, 32 for the rest."""
    placed = drawn(lambda canvas: _draw(canvas, STANDBY["long name"]), (1920, 1080), BASE)
    sizes = {words.text: words.pixels for words in placed}
    assert min(pixels for text, pixels in sizes.items() if text != "10.20.3.27:47400") >= 32
    assert sizes["第二打合せ室"] >= 96
    assert sizes["481 903"] >= 80


def test_the_times_of_bookings_stay_as_large_beside_a_name_that_is_too_long(kiosk_app: QApplication) -> None:
    hour = timedelta(hours=1)
    names = ("財政課", "総務部財政課予算第一係および企画調整課合同", "防災課")
    rows = [NextBooking(NOW + n * hour, NOW + (n + 1) * hour, name) for n, name in enumerate(names)]
    state = standby(booking=rows[0], later=tuple(rows[1:]))
    placed = drawn(lambda canvas: _draw(canvas, state), (1920, 1080), BASE)
    sizes = {each.text: each.pixels for each in placed}
    first, second = (sizes[f"{row.start:%H:%M}"] for row in rows[1:])
    assert first == second >= 32
    assert [each.elided for each in placed if each.text == names[1]] == [True]


class _Repaints(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def test_a_new_minute_repaints_the_clocks_box_only(kiosk_app: QApplication) -> None:
    screen = Standby(*BASE)
    with shown(screen, (1920, 1080)):
        screen.show_state(standby())
        QApplication.processEvents()
        repaints = _Repaints()
        screen.installEventFilter(repaints)
        screen.show_state(standby(now=NOW + timedelta(minutes=1)))
        QApplication.processEvents()
        box = repaints.region.boundingRect()
        screen.removeEventFilter(repaints)
    assert not box.isEmpty()
    assert box.left() >= 960
    assert box.bottom() <= 175


def test_a_language_key_only_where_one_can_touch(kiosk_app: QApplication) -> None:
    screen = Standby(*BASE)
    with shown(screen, (1920, 1080)):
        for other, seen in (("English", True), ("", False)):
            screen.show_state(standby(other_language=other))
            assert [key.isVisible() for key in screen.findChildren(type(screen._language))] == [seen]


# --- from settings, clock and network to that state ---------------------------------------------------------


def at(facts: Facts, clock: float = 100.0, now: datetime = NOW, using: Settings = SETTINGS) -> StandbyState:
    return standby_state(using, facts, now, clock)


def test_the_notes_about_the_code_follow_the_clock() -> None:
    facts = Facts(code="481903", code_until=700.0, wrong_until=105.0)
    assert at(facts, 104.9).note is CodeNote.WRONG
    assert at(facts, 105.0).note is CodeNote.CHANGES
    assert at(replace(facts, code="4819035217"), 106).note is CodeNote.LONG
    assert (at(facts, 689.9).fading, at(facts, 690.0).fading) == (False, True)
    assert at(facts, 690.0).note is CodeNote.SOON
    assert at(Facts()).note is CodeNote.NONE_YET
    assert next_look(facts, NOW, 100.0) == pytest.approx(5.01)
    assert next_look(facts, NOW.replace(second=58), 106.0) == pytest.approx(2.01)


def test_the_next_booking_and_the_time_before_it() -> None:
    free = at(Facts())
    assert free.booking is not None
    assert (free.booking.department, free.availability) == ("財政課", Availability.FREE)
    soon = at(Facts(), now=NOW.replace(minute=54, second=30))
    assert (soon.availability, soon.minutes_left) == (Availability.BOOKED_SOON, 6)
    running = at(Facts(), now=NOW.replace(hour=14, minute=20))
    assert running.booking is not None
    assert running.booking.running
    assert at(Facts(), now=NOW.replace(hour=15, minute=0)).booking is None
    assert at(Facts(), now=NOW - timedelta(days=1)).booking is None


def test_against_burn_in_everything_moves_a_little_every_five_minutes() -> None:
    shifts = [at(Facts(), clock=300.0 * n).shift for n in range(40)]
    assert all(max(abs(x), abs(y)) <= 8 for x, y in shifts)
    assert all(former != later for former, later in pairwise(shifts))
    assert at(Facts(), clock=301).shift == at(Facts(), clock=599).shift


def test_names_follow_the_language_and_fall_back() -> None:
    wording.set_language("en")
    state = at(Facts(touch=True))
    assert (state.name, state.other_name, state.other_language) == (
        "Conference Room 3",
        "第三会議室",
        "日本語",
    )
    assert state.place == "県庁 本庁舎 3階"
