"""What the facilities put over the wall: its number, a notice on standby, an emergency over everything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from kiosk.canvas import Canvas, Placed, Scale
from kiosk.wrapping import wrap
from pageview.theme import Kiosk
from pageview.wording import say

BAND = 200.0
"""Height of a notice on standby, at the foot; the room's name, its code and its bookings stay in sight."""
_LEAST = 24.0
_PITCH = 1.36
"""From one line to the next, in sizes."""
EMERGENCY_GROUND = "#8A0000"


class Kind(Enum):
    NUMBER = auto()
    NOTICE = auto()
    EMERGENCY = auto()


@dataclass(frozen=True, slots=True)
class NoticeState:
    """``text``: the room's name, or the words."""

    kind: Kind
    text: str
    number: int = 0


class NoticeLayer(QWidget):
    """Above every screen of the glass; lets touches through to what it does not cover."""

    def __init__(self, inches: float, distance_m: float) -> None:
        super().__init__()
        self._glass = (inches, distance_m)
        self.state: NoticeState | None = None
        self.placed: list[Placed] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_state(self, state: NoticeState | None) -> None:
        """Shows this from now on; None: nothing."""
        self.state = state
        self.setVisible(state is not None)
        if state is not None:
            self.setAccessibleName(f"{state.number} {state.text}" if state.number else state.text)
            self._mask()
            self.raise_()
            self.update()

    def _scale(self) -> Scale:
        return Scale.of(self.width(), self.height(), self.devicePixelRatioF(), *self._glass)

    def _mask(self) -> None:
        """A notice covers the foot alone."""
        if self.state is not None and self.state.kind is Kind.NOTICE:
            scale = self._scale()
            area = scale.rect(0, scale.height - BAND, scale.width, BAND)
            self.setMask(QRegion(area.toAlignedRect()))
        else:
            self.clearMask()

    def resizeEvent(self, _event: object) -> None:
        self._mask()

    def paintEvent(self, _event: QPaintEvent) -> None:
        state = self.state
        if state is None:
            return
        with QPainter(self) as painter:
            scale = self._scale()
            canvas = Canvas(painter, scale, QRectF(self.rect()))
            match state.kind:
                case Kind.NUMBER:
                    _draw_number(canvas, state)
                case Kind.NOTICE:
                    top = scale.height - BAND
                    canvas.panel(0, top, scale.width, BAND, 0, Kiosk.WARN)
                    canvas.icon("info", 150, top + BAND / 2, 84, Kiosk.CARD_TEXT)
                    width, height = scale.width - 326, BAND - 24
                    _draw_words(canvas, state.text, 230, top + BAND / 2, width, 56, height, Kiosk.CARD_TEXT)
                case Kind.EMERGENCY:
                    _draw_emergency(canvas, state)
            self.placed = canvas.placed


def _draw_number(canvas: Canvas, state: NoticeState) -> None:
    scale = canvas.scale
    middle, width = scale.width / 2, scale.width - 192
    canvas.panel(0, 0, scale.width, scale.height, 0, Kiosk.INK_900)
    words = say("会議室番号")
    canvas.text(words, middle, scale.height / 2 - 300, 56, Kiosk.TEXT2, align="centre", width=width)
    size = 420.0
    canvas.text(
        str(state.number),
        middle,
        scale.height / 2 - 10,
        size,
        Kiosk.TEXT,
        bold=True,
        align="centre",
        width=width,
        fixed=True,
    )
    canvas.text(state.text, middle, scale.height / 2 + 290, 88, Kiosk.TEXT, align="centre", width=width)


def _draw_emergency(canvas: Canvas, state: NoticeState) -> None:
    scale = canvas.scale
    canvas.panel(0, 0, scale.width, scale.height, 0, EMERGENCY_GROUND)
    canvas.icon("warning-fill", 190, 190, 140, Kiosk.WARN)
    canvas.text(say("緊急のお知らせ"), 300, 190, 72, Kiosk.TEXT, bold=True, width=scale.width - 400)
    width, height = scale.width - 240, scale.height - 400
    _draw_words(canvas, state.text, 120, scale.height / 2 + 120, width, 112, height, Kiosk.TEXT)


def _draw_words(
    canvas: Canvas, text: str, x: float, middle: float, width: float, size: float, height: float, color: str
) -> None:
    """On as many lines as they need, their middle at ``middle``; smaller until they fit into ``height``. A
    phrase or an address longer than a line is broken: to make all the rest smaller for it helps nobody."""
    made = wrap(canvas, text, size, True, width, size, size)
    while len(made.lines) * made.size * _PITCH > height and size > _LEAST:
        size -= 2
        made = wrap(canvas, text, size, True, width, size, size)
    y = middle - (len(made.lines) - 1) * made.size * _PITCH / 2
    for line in made.lines:
        canvas.text(line, x, y, made.size, color, bold=True, width=width, fixed=True)
        y += made.size * _PITCH
