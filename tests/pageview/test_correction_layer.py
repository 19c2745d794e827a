"""Where the preview of a correction stands when its words have no room on their line."""

from __future__ import annotations

from itertools import product

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pageview import theme
from pageview.correction_layer import Typed, aside, beside, paint, rows_of
from pageview.correction_places import ranges_at
from pageview.geometry import Placement
from pageview.page_text import PageText, Style, TextLine, TextRange
from protocol.corrections import Correction, CorrectionState, Line
from protocol.values import OWNER, Rect

SIZE = 40.0


@pytest.mark.parametrize("top", [4.0, 30.0, 500.0, 1_030.0])
@pytest.mark.parametrize("page_top", [0, 120, -700])
def test_the_new_words_stand_on_none_of_the_old_ones_and_on_the_page(top: float, page_top: int) -> None:
    page = Placement(Rect(0, 0, 1, 1), 196, page_top, 1_528, 1_080 if page_top >= 0 else 2_160)
    first = max(page_top, 0) + top
    one = [QRectF(1_500, first, 220, 44)]
    several = [*one, QRectF(260, first + 60, 1_400, 44), QRectF(260, first + 120, 180, 44)]
    for boxes, wide in product((one, several), (90.0, 700.0)):
        behind, above = aside(boxes, page, wide, SIZE)
        assert not [box for box in boxes if box.intersects(behind)]
        assert behind.right() <= page.x + page.width
        assert behind.top() >= max(page_top, 0)
        assert above == (top >= SIZE)


@pytest.mark.parametrize(("left", "right_of_it"), [(300.0, True), (1_650.0, False)])
def test_beside_words_that_run_down_new_ones_are_as_large_and_beside_them(
    left: float, right_of_it: bool
) -> None:
    page = Placement(Rect(0, 0, 1, 1), 196, 0, 1_528, 1_080)
    column = QRectF(left, 200, 44, 600)
    behind = beside([column], page, 300.0, SIZE)
    assert not column.intersects(behind) and behind.height() < 44 and behind.top() == column.top()
    assert (behind.left() > column.right()) is right_of_it
    assert page.x <= behind.left() and behind.right() <= page.x + page.width
    at_foot = beside([QRectF(left, 960, 44, 110)], page, 300.0, SIZE, 5)
    assert page.y <= at_foot.top() and at_foot.bottom() <= page.y + page.height


def test_words_that_run_down_the_page_are_found_again_where_they_were() -> None:
    edges = tuple(edge for n in range(8) for edge in (500, 100 * n, 600, 100 * n + 100))
    line = TextLine(0, "縦書きの文である", edges, (500, 100), (0, 0), (0, 1000), vertical=True)
    style = Style("Mincho", 1_000, 0, bold=False, serif=True)
    chosen = TextRange(1, 4, 6)
    page = PageText((replace(line, edges=tuple(edge + 120 for edge in edges)), line), (style,))
    assert ranges_at(page, page.boxes((chosen,)), "文で") == (chosen,)


def test_words_that_are_wider_than_the_page_stand_in_rows_on_it() -> None:
    def rows(count: int, at: int) -> list[tuple[int, int]]:
        return rows_of("あ" * count, 100.0, lambda _sign: 10.0, at)

    assert rows(0, 0) == [(0, 0)]
    assert rows(25, 25) == [(0, 10), (10, 20), (20, 25)]
    assert rows(200, 200)[0][0] == 150 and rows(200, 200)[-1] == (190, 200), "of many those that are typed in"
    assert rows(200, 0) == [(n, n + 10) for n in range(0, 50, 10)]
    for words, parts in (
        ("the budget of the year", ["the budget ", "of the year"]),
        ("国道 十二号の全ての区間はJICAが", ["国道 十二号の全ての区間", "はJICAが"]),
        ("国道十二号の全ての区間JICA", ["国道十二号の全ての区間", "JICA"]),
        ("a" * 20, ["a" * 12, "a" * 8]),
    ):
        ends = rows_of(words, 120.0, lambda _sign: 10.0, len(words))
        assert [words[start:end] for start, end in ends] == parts
    page = Placement(Rect(0, 0, 1, 1), 196, 0, 1_528, 1_080)
    for top, stands_above in ((500.0, True), (90.0, False)):
        old = QRectF(1_500, top, 220, 44)
        behind, above = aside([old], page, 1_500.0, SIZE, 3)
        assert above is stands_above and not behind.intersects(old)
        assert page.x <= behind.left() and behind.right() <= page.x + page.width and behind.top() >= 0


@pytest.mark.parametrize("top", [500, 30_000], ids=["below the old words", "above them"])
@pytest.mark.parametrize("line", [Line(1_200, 1_700, None, 0), None], ids=["level", "running down"])
def test_nothing_is_painted_outside_of_what_is_said_to_be_covered(
    qapp: QApplication, top: int, line: Line | None
) -> None:
    """Only that is painted anew when the correction goes."""
    wide, high = (4_000, 1_500) if line is not None else (1_200, 9_000)
    old = Rect(40_000, top, 40_000 + wide, top + high)
    correction = Correction(1, 1, 4, 1, (old,), "旧", line, OWNER, 0, CorrectionState.TYPING)
    place = Placement(Rect(0, 0, 84_200, 59_500), 0, 0, 764, 540)
    glass = QImage(764, 540, QImage.Format.Format_RGB32)
    glass.fill(QColor("white"))
    with QPainter(glass) as painter:
        typed = Typed(correction, "新しい言葉" * 30, 0)
        covered = paint(painter, typed, place, None, QPointF(), 1.0).toAlignedRect()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.fillRect(covered, QColor("white"))
    blank = glass.copy()
    blank.fill(QColor("white"))
    assert glass == blank


class Glass(QWidget):
    """Whose own letters stand close, as those of both programs do."""

    def __init__(self, typed: Typed) -> None:
        super().__init__()
        self._typed = typed
        self.setFont(theme.font(20))
        self.resize(600, 200)

    def paintEvent(self, _event: QPaintEvent) -> None:
        place = Placement(Rect(0, 0, 60_000, 20_000), 0, 0, 600, 200)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor("#FFFFFF"))
            paint(painter, self._typed, place, None, QPointF(), 1.0)


def test_the_letters_end_where_their_underline_does(qtbot: QtBot) -> None:
    theme.load_fonts()
    line = Line(4_000, 10_000, None, 50_000)
    old = Rect(1_000, 7_000, 3_000, 11_000)
    correction = Correction(1, 1, 0, 1, (old,), "旧", line, OWNER, 0, CorrectionState.TYPING)
    glass = Glass(Typed(correction, "、、、、国"))
    qtbot.addWidget(glass)
    image = glass.grab().toImage()
    letters = [
        x for x in range(40, 600) for y in range(70, 98) if image.pixelColor(x, y) == QColor("#CE0000")
    ]
    underline = [x for x in range(40, 600) if image.pixelColor(x, 105) == QColor("#CE0000")]
    assert 0 <= max(underline) - max(letters) < 10
