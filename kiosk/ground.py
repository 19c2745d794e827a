"""What lies beneath the screen, and is seen while one that died is started again. Nothing of a briefing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from kiosk.backdrop import draw_place, paint_art
from kiosk.canvas import Canvas, Scale
from kiosk.room_name import draw_room_name
from pageview.theme import Kiosk
from pageview.wording import in_both, say


@dataclass(frozen=True, slots=True)
class GroundState:
    """The room, as far as it is known (`number` 0: not at all), and its glass (inches, metres away).

    `english`: the wall speaks English first.
    """

    number: int = 0
    name: str = ""
    place: str = ""
    inches: float = 55.0
    distance_m: float = 3.0
    english: bool = False


def paint_ground(painter: QPainter, width: int, height: int, dpr: float, state: GroundState) -> None:
    """All of it, on so many logical pixels, with so many of the device to each."""
    area = QRectF(0, 0, width, height)
    scale = Scale.of(width, height, dpr, state.inches, state.distance_m)
    paint_art(painter, scale, area)
    draw_ground(Canvas(painter, scale, area), state)


def draw_ground(canvas: Canvas, state: GroundState) -> None:
    """The words, where standby and cover have theirs; in both languages, as who stands there is not known."""
    down, width = max(0.0, (canvas.scale.height - 1080) / 2), canvas.scale.width - 2 * Kiosk.MARGIN
    draw_place(canvas, state.place)
    first, second = in_both("画面を準備しています。このままお待ちください。")
    base = 470 + down
    if state.number:
        words = say("会議室番号 {number}", number=state.number)
        canvas.text(words, 96, 267 + down, Kiosk.STATUS, Kiosk.TEXT2, width=width)
        # On one line: to break it well takes a model of the language, which this process does not load.
        base, _ = draw_room_name(canvas, state.name, 320 + down, width, most_lines=1)
    canvas.icon("hourglass_empty", 120, base + 95, 46, Kiosk.MUTED)
    canvas.text(first, 165, base + 96, Kiosk.TITLE, Kiosk.TEXT, width=width - 69, least=32)
    canvas.text(second, 165, base + 172, Kiosk.SECONDARY, Kiosk.MUTED, width=width - 69)
