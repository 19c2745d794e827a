"""Marks as they are painted."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication

from pageview.ink_painting import paint_mark
from protocol.ink import WORDS_LIMIT, Colour, Words

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
