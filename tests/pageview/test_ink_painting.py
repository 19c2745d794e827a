"""Marks as they are painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication

from pageview.ink_layer import AT_A_STROKE, WET_PIECE, WetStroke
from pageview.ink_painting import paint_mark
from protocol.ink import WORDS_LIMIT, Colour, Pen, Tool, Words

SCALE = 100
"""Units of page space in a pixel."""


@pytest.mark.bad_input(row=38)
def test_a_letter_with_ten_thousand_accents_stays_on_its_line(qapp: QApplication) -> None:
    size, left, top = 1_200, 20_000, 30_000
    accents = Words(False, Colour.RED, size, left, top, 9_000, "金" + "\u0301" * (WORDS_LIMIT - 1))
    picture = QImage(400, 1_000, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    paint_mark(painter, accents, QTransform.fromScale(1 / SCALE, 1 / SCALE))
    painter.end()
    rows = picture.width() * 4
    bits = bytes(picture.constBits())
    inked = [y for y in range(picture.height()) if any(bits[y * rows : (y + 1) * rows])]
    assert inked[0] >= top // SCALE - 1
    assert inked[-1] <= (top + 2 * size) // SCALE


def test_a_long_wet_line_is_drawn_in_pieces_that_leave_none_of_it_out() -> None:
    """In one, a line that crosses itself again and again costs the square of its length."""
    xs = [20_000 + 9_000 * (n % 2) for n in range(1_003)]
    line = WetStroke(1, Pen(Tool.PEN, Colour.RED, 300), xs, [10_000 + 40 * n for n in range(1_003)])
    pieces = list(line.bends(QRectF(0, 0, 80_000, 60_000)))
    assert [first for first, _ in pieces] == [1, *(last for _, last in pieces[:-1])]
    assert pieces[-1][1] >= 1_002
    assert max(last - first for first, last in pieces) <= AT_A_STROKE + WET_PIECE
    few = list(line.bends(QRectF(0, 30_000, 80_000, 1)))
    assert len(few) == 1 and few[0][0] < 500 < few[0][1] < few[0][0] + AT_A_STROKE
