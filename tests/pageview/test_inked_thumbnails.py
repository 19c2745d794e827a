"""A page's thumbnail shows what is drawn on the page, also very much, and what was erased no more."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from pageview.inked_thumbnails import AT_ONCE, InkedThumbnails
from protocol.ink import Colour, MarkId, NewMark, Pen, Stroke, Tool, packed
from protocol.marks import Ink
from protocol.ops import Draw, Erase
from protocol.values import OWNER, EditionPage, PageRef

PAGE = EditionPage(4, PageRef(bytes(32), 0), 60_000, 40_000)


def lines(count: int) -> Ink:
    """Red lines across the page, each below the last."""
    across = [5_000, 55_000]
    marks = tuple(
        NewMark(n, Stroke(Pen(Tool.PEN, Colour.RED, 600), 5_000, y, packed(across, [y, y])))
        for n, y in ((n, 2_000 + n * 36_000 // count) for n in range(count))
    )
    return Ink().draw(Draw(4, 1, 0, marks, ()), OWNER, PAGE)


def blank() -> QImage:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    return image


def red(image: QImage) -> list[int]:
    """The rows with ink in them."""
    return [y for y in range(image.height()) if image.pixelColor(30, y).green() < 200]


def test_ink_that_came_is_told_and_painted_over_the_page(qtbot: QtBot) -> None:
    inked, image = InkedThumbnails(), blank()
    assert inked.of(PAGE, image) is image
    with qtbot.waitSignal(inked.ready) as told:
        inked.take(ink := lines(2))
    assert told.args == [4]
    assert red(inked.of(PAGE, image)) == [1, 2, 19, 20]
    inked.take(ink.erase(Erase(4, (MarkId(OWNER, 0),))))
    assert red(inked.of(PAGE, image)) == [19, 20]
    assert red(image) == [], "the page's own picture stays bare"


def test_very_much_ink_comes_a_little_at_a_time_until_all_is_there(qtbot: QtBot) -> None:
    inked, image = InkedThumbnails(), blank()
    inked.take(lines(2 * AT_ONCE + 1))
    lowest = [red(inked.of(PAGE, image))[-1]]
    for _ in range(2):
        with qtbot.waitSignal(inked.ready):
            pass
        lowest.append(red(inked.of(PAGE, image))[-1])
    assert lowest[0] < 21 < lowest[1] <= lowest[2] == 38
    assert not inked._more.isActive(), "nothing is left to do"
