"""Words of a page, those that were looked for on yellow."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from pageview import theme
from pageview.theme import Desk


def paint_hits(painter: QPainter, area: QRectF, text: str, marks: Iterable[tuple[int, int]]) -> None:
    """As many lines of ``text`` as the area has room for; ``marks``: (start, end) of the found words."""
    layout = QTextLayout(text, theme.font(16))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    formats = []
    for start, end in marks:
        mark = QTextLayout.FormatRange()
        # Qt counts UTF-16, and a mark may stand behind signs that take two of them.
        mark.start = _utf16(text[:start])
        mark.length = _utf16(text[start:end])
        ground = QTextCharFormat()
        ground.setBackground(QColor(Desk.HIT))
        ground.setForeground(QColor(Desk.TEXT))
        mark.format = ground
        formats.append(mark)
    layout.setFormats(formats)
    layout.beginLayout()
    top, height = 0.0, QFontMetricsF(layout.font()).height()
    while top + height <= area.height() and (line := layout.createLine()).isValid():
        line.setLineWidth(area.width())
        line.setPosition(QPointF(0, top))
        top += line.height()
    layout.endLayout()
    painter.save()
    painter.setPen(QColor(Desk.BODY))
    painter.setClipRect(area)
    layout.draw(painter, area.topLeft())
    painter.restore()


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
