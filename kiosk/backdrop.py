"""The ground that standby, cover and fault share: still art, and the head with place, date and clock."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen, QRadialGradient, QTransform

from kiosk.canvas import Canvas, Scale
from pageview.theme import Kiosk
from pageview.wording import era_date

HEAD_BASELINE = 142.0
_ARCS = (329, 429, 539, 659, 789, 929, 1078, 1239)


def paint_art(painter: QPainter, scale: Scale, dirty: QRectF) -> None:
    """The quiet picture behind the words; only `dirty` (logical pixels) is filled."""
    u = scale.unit
    w, h = scale.width * u, scale.height * u
    ground = QLinearGradient(0, 0, w, h)
    ground.setColorAt(0, QColor(Kiosk.INK_900))
    ground.setColorAt(1, QColor(Kiosk.INK_950))
    painter.fillRect(dirty, QBrush(ground))
    _glow(painter, dirty, QPointF(230 * u, h + 90 * u), 900 * u, 680 * u, "#1C40AC")
    _glow(painter, dirty, QPointF(w + 40 * u, -60 * u), 620 * u, 520 * u, "#14377A")
    centre = QPointF(120 * u, h + 160 * u)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for number, radius in enumerate(_ARCS):
        color = QColor("#8FB0FF")
        color.setAlphaF(0.24 - 0.026 * number)
        painter.setPen(QPen(color, max(1.0, 1.5 * u)))
        painter.drawEllipse(centre, radius * u, radius * u)


def _glow(painter: QPainter, dirty: QRectF, centre: QPointF, across: float, up: float, color: str) -> None:
    """An elliptic light that fades to nothing."""
    gradient = QRadialGradient(QPointF(0, 0), 1.0)
    for at, strength in ((0.0, 0.92), (0.35, 0.66), (0.6, 0.34), (0.8, 0.12), (1.0, 0.0)):
        light = QColor(color)
        light.setAlphaF(strength)
        gradient.setColorAt(at, light)
    brush = QBrush(gradient)
    brush.setTransform(QTransform().translate(centre.x(), centre.y()).scale(across, up))
    area = QRectF(centre.x() - across, centre.y() - up, 2 * across, 2 * up) & dirty
    if not area.isEmpty():
        painter.fillRect(area, brush)


def draw_place(canvas: Canvas, place: str) -> None:
    """Door sign and place, top left."""
    if not place:
        return
    canvas.disc(126, 110, 60, None, "#6A7FB5")
    canvas.icon("meeting_room", 126, 110, 32, Kiosk.TEXT)
    canvas.text(place, 177, 112, Kiosk.BODY, Kiosk.TEXT2, width=canvas.scale.width * 0.5 - 200)


def draw_clock(canvas: Canvas, now: datetime) -> None:
    """Date and clock, top right on one line."""
    right = canvas.scale.width - Kiosk.MARGIN
    clock = f"{now.hour}:{now.minute:02d}"
    used = canvas.text(
        clock, right, HEAD_BASELINE, Kiosk.CLOCK, Kiosk.TEXT, bold=True, align="right", on_baseline=True
    )
    canvas.text(
        era_date(now.date()),
        right - used - 36,
        HEAD_BASELINE,
        Kiosk.BODY,
        Kiosk.TEXT2,
        align="right",
        width=canvas.scale.width * 0.5 - used - 160,
        on_baseline=True,
    )
