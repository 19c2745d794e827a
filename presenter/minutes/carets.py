"""How somebody else's caret looks: 2 px in their colour, and for a moment their name at it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from pageview import theme
from presenter.minutes.rows import Caret
from protocol.values import PeerId

COLOURS = ("#00706B", "#5C3DA8", "#8A5300", "#A3195B")
"""Teal, violet, ochre, rose: each at least 5:1 with white."""
FLAG = 22
"""Height of a flag with a name."""


def colour_of(peer: PeerId) -> QColor:
    """Whose caret it is, by colour."""
    return QColor(COLOURS[peer % len(COLOURS)])


def paint_caret(painter: QPainter, at: QRect, peer: PeerId) -> None:
    """``at``: the line's height at the caret's place."""
    painter.fillRect(QRect(at.left(), at.top(), 2, at.height()), colour_of(peer))


def paint_flag(painter: QPainter, at: QRect, caret: Caret, within: QRect, *, above: bool) -> None:
    """The name above its caret, or where there is no room behind it."""
    painter.setFont(theme.font(14))
    wide = painter.fontMetrics().horizontalAdvance(caret.name) + 16
    left = at.left() if above else at.left() + 3
    left = max(within.left(), min(left, within.right() - wide))
    top = at.top() - FLAG if above else at.center().y() - FLAG // 2
    flag = QRectF(left, top, wide, FLAG)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour_of(caret.peer))
    painter.drawRoundedRect(flag, 3, 3)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, caret.name)
    painter.restore()
