"""Marks as they are painted."""

from __future__ import annotations

import math
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication

from pageview import ink_painting
from pageview.geometry import Placement
from pageview.ink_layer import AT_A_HAND, InkLayer
from pageview.ink_painting import paint_mark
from pageview.marks_at import ground_box
from pageview.wet_stroke import Glass, WetStroke
from protocol.ink import POINTS_LIMIT, WORDS_LIMIT, Colour, MarkId, Pen, Stroke, Tool, Words, packed
from protocol.presence import Wet
from protocol.values import Rect

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


def test_the_ground_of_words_hides_what_is_behind_it_and_colours_nothing_beside_it(
    qapp: QApplication,
) -> None:
    note = Words(False, Colour.RED, 1_200, 10_000, 5_000, 9_000, "1,250\n万円", ground=True)
    picture = QImage(400, 200, QImage.Format.Format_RGB32)
    picture.fill(0xFF0000FF)
    painter = QPainter(picture)
    paint_mark(painter, note, QTransform.fromScale(1 / SCALE, 1 / SCALE))
    painter.end()
    box, whole = ground_box(note), ink_painting.extent(note)
    inside = QRect(box.x0 // SCALE + 1, box.y0 // SCALE + 1, (box.x1 - box.x0) // SCALE - 2, 30)
    blue = [
        (x, y) for x in range(400) for y in range(200) if picture.pixelColor(x, y).getRgb()[:3] == (0, 0, 255)
    ]
    around = QRect(
        int(whole.left()) // SCALE - 1,
        int(whole.top()) // SCALE - 1,
        int(whole.width()) // SCALE + 4,
        int(whole.height()) // SCALE + 4,
    )
    assert not any(inside.contains(x, y) for x, y in blue)
    assert len(blue) >= 400 * 200 - around.width() * around.height()


@pytest.mark.parametrize("tool", Tool)
def test_a_wet_line_is_drawn_point_by_point_and_looks_as_when_it_is_dry(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tool: Tool
) -> None:
    """Drawn as a whole each time, one that crosses itself again and again costs the square of its length; in
    parts that lie over each other a highlighter would be darker where they meet."""
    drawn = 0
    whole = ink_painting.paint_line

    def counted(*words: Any) -> None:
        nonlocal drawn
        first, last = words[5]
        drawn += min(last, len(words[2])) - first
        whole(*words)

    monkeypatch.setattr(ink_painting, "paint_line", counted)
    bounds, wide = QRect(0, 0, 900, 700), 1_500 if tool else 300
    glass = Glass(1, Placement(Rect(0, 0, 90_000, 70_000), 0, 0, bounds.width(), bounds.height()))
    xs = [round(45_000 + 30_000 * math.cos(0.3 * n)) for n in range(80)]
    ys = [round(35_000 + 30_000 * math.sin(0.31 * n)) for n in range(80)]
    stroke = Stroke(Pen(tool, Colour.YELLOW if tool else Colour.RED, wide), xs[0], ys[0], packed(xs, ys))
    wet = WetStroke(1, stroke.pen, xs[:1], ys[:1])
    pictures = [QImage(bounds.size(), QImage.Format.Format_ARGB32_Premultiplied) for _ in range(2)]
    for picture in pictures:
        picture.fill(0xFFFFFFFF)
    for x, y in zip(xs[1:], ys[1:], strict=True):
        wet.xs.append(x)
        wet.ys.append(y)
        painter = QPainter(pictures[0])
        painter.setClipRect(QRect(0, 0, 1, 1))
        wet.paint(painter, glass, bounds, QRect(0, 0, 1, 1))
        painter.end()
    assert drawn < 12 * len(xs), "each event draws a few points"
    painter = QPainter(pictures[0])
    wet.paint(painter, glass, bounds, bounds)
    painter.end()
    monkeypatch.undo()
    painter = QPainter(pictures[1])
    if tool:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    paint_mark(painter, stroke, QTransform.fromScale(1 / SCALE, 1 / SCALE))
    painter.end()
    one, other = (bytes(picture.constBits()) for picture in pictures[:2])
    unlike = sum(abs(p - q) > 40 for p, q in zip(one, other, strict=True))
    assert unlike < len(one) / 2_000, "but for the edge where pieces meet"
    assert min(one[0::4]) >= min(other[0::4]) - 2, "nowhere darker"


def test_nobody_has_more_strokes_under_way_than_a_hand_draws_nor_one_without_end(qapp: QApplication) -> None:
    layer = InkLayer()
    pen, path = Pen(Tool.PEN, Colour.RED, 300), packed([5, 9], [5, 9])
    for n in range(100):
        layer.wet(7, Wet(1, n, pen, True, 5, 5, path))
    layer.wet(8, Wet(1, 0, pen, True, 5, 5, path))
    for _ in range(POINTS_LIMIT + 9):
        layer.wet(8, Wet(1, 0, pen, False, 9, 9, path))
    assert list(layer._wet) == [*(MarkId(7, n) for n in range(100 - AT_A_HAND, 100)), MarkId(8, 0)]
    assert len(layer._wet[MarkId(8, 0)].xs) <= POINTS_LIMIT
