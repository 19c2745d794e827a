"""States of the screens for tests, and how clipped or overlapping words are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.canvas import Canvas, Placed, Scale
from kiosk.english import ENGLISH
from kiosk.standby_state import Availability, CodeNote, NextBooking, StandbyState
from kiosk.wall import Wall
from kiosk.wall_state import WallState
from pageview import theme, wording
from pageview.english import ENGLISH as SHARED

LONG_ROOM = "総合政策局デジタル推進課第二打合せ室"
LONG_ROOM_EN = "Second Meeting Room, Digital Promotion Division"
NOW = datetime(2026, 11, 24, 13, 42)
BOOKING = NextBooking(datetime(2026, 11, 24, 14), datetime(2026, 11, 24, 14, 30), "財政課")
SIZES = [(1920, 1080), (3840, 2160), (1366, 768), (1024, 768), (1080, 1920)]


@pytest.fixture(scope="module")
def kiosk_app(qapp: QApplication) -> Iterator[QApplication]:
    """Fonts and words of the kiosk; no style, so that other tests keep theirs."""
    theme.load_fonts()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "_english", SHARED | ENGLISH)
        yield qapp


@contextmanager
def shown(widget: QWidget, size: tuple[int, int]) -> Iterator[None]:
    widget.resize(*size)
    widget.show()
    assert QTest.qWaitForWindowExposed(widget)
    try:
        yield
    finally:
        widget.close()
        widget.deleteLater()


def drawn(draw: Callable[[Canvas], None], size: tuple[int, int], glass: tuple[float, float]) -> list[Placed]:
    """The words that `draw` sets on a screen of this size (pixels) and glass (inches, metres away)."""
    scale = Scale.of(*size, 1.0, *glass)
    nowhere = QPixmap(1, 1)
    with QPainter(nowhere) as painter:
        canvas = Canvas(painter, scale, QRectF(0, 0, *size))
        draw(canvas)
    return canvas.placed


def clipped(placed: Sequence[Placed]) -> list[str]:
    """Words that were shortened, or that leave their box."""
    return [
        f"{words.text!r} {words.rect} not in {words.within}"
        for words in placed
        if words.elided or not words.within.adjusted(-1.5, -1.5, 1.5, 1.5).contains(words.rect)
    ]


def overlapping(placed: Sequence[Placed]) -> list[str]:
    """Pairs of words that cover each other. Their extent is the em box, a little larger than the ink."""
    found = []
    for i, one in enumerate(placed):
        inner = one.rect.adjusted(2, 0.16 * one.pixels, -2, -0.1 * one.pixels)
        for other in placed[i + 1 :]:
            if inner.intersects(other.rect.adjusted(2, 0.16 * other.pixels, -2, -0.1 * other.pixels)):
                found.append(f"{one.text!r} over {other.text!r}")
    return found


def standby(**changes: object) -> StandbyState:
    values: dict[str, object] = {
        "number": 27,
        "name": "第三会議室",
        "other_name": "Conference Room 3",
        "place": "県庁 本庁舎 3階",
        "now": NOW,
        "code": "481903",
        "note": CodeNote.CHANGES,
        "booking": BOOKING,
        "contact": "管財課",
        "extension": "2345",
        "address": "10.20.3.27:47400",
        "other_language": "English",
    }
    return StandbyState(**{**values, **changes})  # type: ignore[arg-type]


LATER = (
    NextBooking(datetime(2026, 11, 24, 15), datetime(2026, 11, 24, 16), "道路課"),
    NextBooking(datetime(2026, 11, 24), datetime(2026, 11, 25), "管財課", running=True, whole_day=True),
)
OLD = {"bookings_of": "予約は09:15のものです", "message": "室内での飲食はご遠慮ください"}
STANDBY = {
    "free": standby(),
    "wrong": standby(note=CodeNote.WRONG),
    "long code": standby(code="4819035217", note=CodeNote.LONG, number=99_999),
    "changing": standby(note=CodeNote.SOON, fading=True, shift=(8, -8)),
    "booked": standby(availability=Availability.BOOKED_SOON, minutes_left=10),
    "out": standby(availability=Availability.OUT_OF_SERVICE),
    "chosen": standby(choosers=12),
    "no network": standby(network_ok=False, address=""),
    "starting": standby(code="", note=CodeNote.NONE_YET, booking=None, other_name="", address=""),
    "all bookings": standby(later=LATER, **OLD),
    "long bookings": standby(name=LONG_ROOM, other_name=LONG_ROOM_EN, later=LATER, **OLD),
    "long message": standby(
        message="室内での飲食はご遠慮ください。お帰りの際は、" * 2 + "空調と照明をお切りください。ま"
    ),
    "long english message": standby(
        message="Please take your cups and your papers with you. " * 2 + "Thank you."
    ),
    "long name": standby(name=LONG_ROOM, other_name=LONG_ROOM_EN, number=12_345, choosers=2),
    "long english": standby(name=LONG_ROOM_EN, other_name=LONG_ROOM, place="Main Building, 3rd floor"),
}
WALL = WallState(
    NOW, 27, "危機管理防災課", "佐藤", (7, 24), back=True, forward=True, touch=True, code="4819035217"
)


def untouched(wall: Wall) -> None:
    """No finger was there for the rail's time."""
    assert wall._hide_rail.isActive()
    wall._hide_rail.stop()
    wall._hide_rail.timeout.emit()
