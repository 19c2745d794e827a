"""How marks look: colours with names, pens, and a stroke's smooth line. May run in any thread that has a
QImage of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QTextOption, QTransform

from pageview import ink_look
from pageview.geometry import Placement, height_of, width_of
from pageview.marks_at import ground_box, words_box
from pageview.theme import BOLD, REGULAR, font_on_paper
from protocol import ink
from protocol.ink import Drawn, Mark, Stroke, Tool, Words

RGB: Final = {colour: QColor(number) for colour, number in ink_look.RGB.items()}
HIGHLIGHT: Final = {colour: QColor(number) for colour, number in ink_look.HIGHLIGHT.items()}
UNSENT: Final = 0.45
"""The strength of a stroke that has not arrived yet."""
LINE_HEIGHT: Final = 1.4


def colour_of(pen: ink.Pen) -> QColor:
    """What a pen leaves on the page."""
    colour = QColor(ink_look.rgb_of(pen))
    if pen.tool is Tool.HIGHLIGHTER:
        colour.setAlphaF(ink_look.HIGHLIGHT_SHARE)
    return colour


def to_pixels(place: Placement) -> QTransform:
    """Page space (1/100 point) to the pixels that ``place`` is in."""
    across, down = place.width / width_of(place.rect), place.height / height_of(place.rect)
    return QTransform(across, 0, 0, down, place.x - place.rect.x0 * across, place.y - place.rect.y0 * down)


def moved(placement: ink.Placement) -> QTransform:
    """Where a mark was drawn to where it lies."""
    p = placement
    return QTransform(p.a / 10_000, p.b / 10_000, p.c / 10_000, p.d / 10_000, p.e, p.f)


def is_highlight(mark: Mark) -> bool:
    """Whether it lies under the black of the text."""
    return isinstance(mark, Stroke) and mark.pen.tool is Tool.HIGHLIGHTER


def extent(mark: Mark, placement: ink.Placement = ink.AS_DRAWN) -> QRectF:
    """All that it may colour, in page space."""
    if isinstance(mark, Words):
        return moved(placement).mapRect(_ground_rect(mark) if mark.ground else words_rect(mark))
    xs, ys = ink.unpacked(mark.x, mark.y, mark.path)
    reach = mark.pen.width * (ink_look.PRESSED[1] if mark.pressures else 1.0) / 2 + 50
    box = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)).adjusted(
        -reach, -reach, reach, reach
    )
    return moved(placement).mapRect(box)


def paint_drawn(painter: QPainter, drawn: Drawn, onto: QTransform) -> None:
    """Paints a mark where it lies; ``onto``: page space to the painter's pixels."""
    paint_mark(painter, drawn.mark, moved(drawn.placement) * onto)


def paint_mark(painter: QPainter, mark: Mark, onto: QTransform) -> None:
    """Paints a mark as it was drawn; ``onto``: where it was drawn to the painter's pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if isinstance(mark, Words):
        painter.setTransform(onto)
        _paint_words(painter, mark)
        return
    xs, ys = ink.unpacked(mark.x, mark.y, mark.path)
    if mark.pressures and mark.pen.tool is Tool.PEN:
        _paint_pressed(painter, mark, xs, ys, onto)
    else:
        paint_line(painter, mark.pen, xs, ys, onto)


def _scale_of(onto: QTransform) -> float:
    return math.sqrt(abs(onto.determinant()))


@lru_cache(maxsize=256)
def _qt_pen(pen: ink.Pen, width: float) -> QPen:
    made = QPen(colour_of(pen), width)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return made


def paint_line(
    painter: QPainter,
    pen: ink.Pen,
    xs: Sequence[float],
    ys: Sequence[float],
    onto: QTransform,
    bends: tuple[int, int] | None = None,
) -> None:
    """A smooth line through points of the page, or a part of it; of one point, a dot. ``onto``: page space to
    the painter's pixels."""
    # Mapped before it is drawn: in page space Qt splits a curve into pieces of a hundredth of a point, which
    # takes three times as long and looks the same.
    painter.setTransform(QTransform())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_qt_pen(pen, pen.width * _scale_of(onto)))
    if len(xs) < 3 and xs[0] == xs[-1] and ys[0] == ys[-1]:
        painter.drawPoint(onto.map(QPointF(xs[0], ys[0])))
        return
    painter.drawPath(onto.map(smooth(xs, ys, *bends or ())))


def smooth(xs: Sequence[float], ys: Sequence[float], first: int = 1, last: int | None = None) -> QPainterPath:
    """A curve that bends at each point and runs straight to the first and from the last: a mouse that is
    asked a hundred times a second leaves corners, a hand does not.

    Of the whole, the part from the bend at point ``first`` to before that at ``last``.
    """
    ends = len(xs) - 1
    start = (
        (xs[0], ys[0]) if first == 1 else ((xs[first - 1] + xs[first]) / 2, (ys[first - 1] + ys[first]) / 2)
    )
    path = QPainterPath(QPointF(*start))
    for at in range(first, ends if last is None else min(last, ends)):
        x, y = xs[at], ys[at]
        path.quadTo(x, y, (x + xs[at + 1]) / 2, (y + ys[at + 1]) / 2)
    if last is None or last >= ends:
        path.lineTo(xs[-1], ys[-1])
    return path


def _paint_pressed(
    painter: QPainter, stroke: Stroke, xs: Sequence[int], ys: Sequence[int], onto: QTransform
) -> None:
    painter.setTransform(QTransform())
    low, high = ink_look.PRESSED
    full = stroke.pen.width * _scale_of(onto)
    widths = [full * (low + (high - low) * each / 255) for each in stroke.pressures]
    spots = [onto.map(QPointF(x, y)) for x, y in zip(xs, ys, strict=True)]
    for at in range(max(1, len(xs) - 1)):
        to = min(at + 1, len(xs) - 1)
        painter.setPen(_qt_pen(stroke.pen, (widths[at] + widths[to]) / 2))
        if spots[at] == spots[to]:
            painter.drawPoint(spots[at])
        else:
            painter.drawLine(spots[at], spots[to])


# --- words and stamps ---------------------------------------------------------------------------------------


def words_font(mark: Words) -> QFont:
    """The face of its letters, in page space."""
    return font_on_paper(mark.size, BOLD if mark.stamp else REGULAR)


def words_rect(mark: Words) -> QRectF:
    """What its letters, or its frame, take up, in page space."""
    box = words_box(mark)
    return QRectF(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0)


def _ground_rect(mark: Words) -> QRectF:
    """The ground of words with its frame, in page space."""
    box, half = ground_box(mark), mark.size * ink_look.EDGE / 2
    return QRectF(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0).adjusted(-half, -half, half, half)


def _paint_ground(painter: QPainter, mark: Words) -> None:
    edge, rect = QPen(RGB[mark.colour], mark.size * ink_look.EDGE), _ground_rect(mark)
    edge.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(edge)
    painter.setBrush(QColor(ink_look.RGB[ink.Colour.WHITE]))
    half = edge.widthF() / 2
    painter.drawRect(rect.adjusted(half, half, -half, -half))


def _paint_words(painter: QPainter, mark: Words) -> None:
    colour = RGB[mark.colour]
    rect = words_rect(mark)
    if mark.ground:
        _paint_ground(painter, mark)
    painter.setFont(words_font(mark))
    if mark.stamp:
        edge = QPen(colour, mark.size * 0.09)
        edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inside = rect.adjusted(mark.size * 0.05, mark.size * 0.05, -mark.size * 0.05, -mark.size * 0.05)
        painter.drawRoundedRect(inside, mark.size * 0.3, mark.size * 0.3)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, mark.text)
        return
    painter.setPen(QPen(colour))
    wrap = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    wrap.setWrapMode(QTextOption.WrapMode.WrapAnywhere if mark.width else QTextOption.WrapMode.NoWrap)
    painter.drawText(rect.adjusted(0, 0, 0, mark.size * LINE_HEIGHT * 50), mark.text, wrap)
