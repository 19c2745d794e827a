"""A picture of the house's on standby: large, and what people need to begin in a strip below it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent

from kiosk.canvas import Canvas, Placed, Scale
from kiosk.code_panel import groups
from kiosk.standby_parts import pill
from kiosk.standby_state import StandbyState
from kiosk.touchable import Touchable
from kiosk.wrapping import wrap
from pageview.theme import Kiosk
from pageview.wording import say

STRIP, CODE_ROOM = 196.0, 580.0
"""Units: how high the strip is, how wide the code in it."""


class PictureScreen(Touchable):
    """`show_picture`, then `show_state` as standby gets it; `touched` brings standby back."""

    def __init__(self, inches: float, distance_m: float) -> None:
        super().__init__()
        self._glass = (inches, distance_m)
        self._picture: QImage | None = None
        self._state: StandbyState | None = None
        self.placed: list[Placed] = []
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def picture_px(self) -> tuple[int, int]:
        """Device pixels that a picture may fill, also before this screen was ever shown."""
        ratio, window = self.devicePixelRatioF(), self.window()
        strip = STRIP * Scale.of(window.width(), window.height(), ratio, *self._glass).unit
        return max(64, round(window.width() * ratio)), max(64, round((window.height() - strip) * ratio))

    def show_picture(self, picture: QImage | None) -> None:
        self._picture = picture
        self.update()

    def show_state(self, state: StandbyState) -> None:
        if state != self._state:
            self._state = state
            self.setAccessibleName(f"{state.name} {state.number}")
            self.update()

    def _scale(self) -> Scale:
        return Scale.of(self.width(), self.height(), self.devicePixelRatioF(), *self._glass)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(Kiosk.INK_950))
            scale = self._scale()
            if self._picture is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(self._place(self._picture, scale), self._picture)
            canvas = Canvas(painter, scale, QRectF(self.rect()))
            if self._state is not None:
                draw_strip(canvas, self._state)
            self.placed = canvas.placed

    def _place(self, picture: QImage, scale: Scale) -> QRectF:
        """Whole and unstretched, in the middle of what the strip leaves."""
        wide, high = float(self.width()), self.height() - STRIP * scale.unit
        share = min(wide / picture.width(), high / picture.height())
        width, height = picture.width() * share, picture.height() * share
        return QRectF((wide - width) / 2, (high - height) / 2, width, height)


def draw_strip(canvas: Canvas, state: StandbyState) -> None:
    """Room and whether it is free at the left, the code in the middle, the time at the right."""
    scale = canvas.scale
    dx, dy = state.shift  # against burn-in, as on standby
    top = scale.height - STRIP
    canvas.panel(0, top, scale.width, STRIP, 0, Kiosk.INK_900)
    middle, right = top + STRIP / 2 + dy, scale.width - 72 + dx
    clock = f"{state.now:%H:%M}"
    right -= canvas.text(clock, right, middle, 84, Kiosk.TEXT, bold=True, align="right", fixed=True)
    code_left = right - 96 - CODE_ROOM
    canvas.text(say("接続番号"), code_left, middle - 50, Kiosk.SECONDARY, Kiosk.TEXT2, width=CODE_ROOM)
    _draw_code(canvas, state, code_left, middle + 24)
    _draw_room(canvas, state, 72 + dx, middle, code_left - 72 - dx - 64)


def _draw_code(canvas: Canvas, state: StandbyState, x: float, y: float) -> None:
    """Regular, a thin rule, bold, as on standby's card."""
    size, number, secret = 76.0, str(state.number), groups(state.code)
    while size > 50 and (
        canvas.width_of(number, size, k=1.0) + canvas.width_of(secret, size, True, k=1.0) + 64 > CODE_ROOM
    ):
        size -= 2
    x += canvas.text(number, x, y, size, Kiosk.TEXT2, fixed=True) + 32
    canvas.line(x, y - 0.45 * size, x, y + 0.45 * size, Kiosk.MUTED, 3)
    if secret:
        canvas.text(secret, x + 32, y, size, Kiosk.TEXT, bold=True, fixed=True)


def _draw_room(canvas: Canvas, state: StandbyState, x: float, middle: float, room: float) -> None:
    size, lines = 64.0, [state.name]
    if canvas.width_of(state.name, size, True, k=1.0) > room:
        made = wrap(canvas, state.name, 40 / canvas.scale.k, True, room)
        size, lines = made.size, list(made.lines)
    y = middle - 30 - (len(lines) - 1) * 0.5 * size
    for line in lines:
        canvas.text(line, x, y, size, Kiosk.TEXT, bold=True, width=room, fixed=True)
        y += 1.2 * size
    icon, color, words = pill(state)
    below = middle + 52 + (len(lines) > 1) * 10
    canvas.icon(icon, x + 18, below, 36, color)
    canvas.text(words, x + 52, below, Kiosk.SECONDARY, Kiosk.TEXT2, width=room - 52)
