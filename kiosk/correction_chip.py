"""修正3 入力中: in the letterbox, joined to the line of the page that is being typed (W2)."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from kiosk.canvas import Canvas, Scale
from kiosk.panel import Panel
from kiosk.wall_state import ChipPlaces, WallState
from pageview.theme import Kiosk
from pageview.wording import say


class CorrectionTick(Panel):
    """From the chip's middle along the page to the height of the line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ends = (0.0, 0.0)
        self._on_left = True
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_places(self, places: ChipPlaces, scale: Scale, on_left: bool) -> None:
        """Joins them."""
        ends = places.chip.y + places.chip.height / 2 - places.tick.y, places.at - places.tick.y
        changed = (ends, on_left) != (self._ends, self._on_left)
        self._ends, self._on_left = ends, on_left
        self.put(scale, places.tick)
        if changed:
            self.refresh()

    def draw(self, canvas: Canvas) -> None:
        wide, _high = self.units
        chip, page = (0.0, wide) if self._on_left else (wide, 0.0)
        u, (start, end) = canvas.scale.unit, self._ends
        pen = QPen(QColor(Kiosk.FIX), 4 * u)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        canvas.painter.setPen(pen)
        points = ((chip, start), (wide / 2, start), (wide / 2, end), (page, end))
        canvas.painter.drawPolyline([QPointF(x * u, y * u) for x, y in points])


class CorrectionChip(Panel):
    """``tick``: what joins it to its line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tick = CorrectionTick(parent)
        self._shows = (0, 0)

    def show_state(self, state: WallState, scale: Scale, places: ChipPlaces | None) -> None:
        """Shows the first one that is typed, there."""
        if places is None:
            self.hide()
            self.tick.hide()
            return
        self.put(scale, places.chip)
        shows = state.typed[0][0], state.open_corrections if places.in_column else 0
        if shows != self._shows:
            self._shows = shows
            self.setAccessibleName(say("修正{number}を入力中", number=shows[0]))
            self.refresh()
        self.tick.show_places(places, scale, on_left=state.side == "right")
        self.tick.raise_()
        self.raise_()

    def draw(self, canvas: Canvas) -> None:
        wide, high = self.units
        number, still_open = self._shows
        canvas.panel(0, 0, wide, high, 24, Kiosk.RAIL)
        word = say("修正{number}", number="").rstrip()
        middle, room = wide / 2, wide - 12
        beside = canvas.width_of(word, 36, True, k=1.0) <= wide - 72
        if beside:
            canvas.text(word, 14, 42, 36, Kiosk.TEXT, bold=True, width=wide - 72, fixed=True)
            self._draw_number(canvas, wide - 35, 42, 44, str(number))
        else:
            canvas.text(
                word, middle, 26, 26, Kiosk.TEXT, bold=True, align="centre", width=room, least=20, fixed=True
            )
            self._draw_number(canvas, middle, 68, 44, str(number))
        second, third, size = (94.0, 138.0, 32.0) if beside else (110.0, 145.0, 26.0)
        canvas.text(say("入力中"), middle, second, size, Kiosk.TEXT2, align="centre", width=room, fixed=True)
        if still_open:
            words = say("未修正 {count}", count=still_open)
            canvas.text(words, middle, third, size - 2, Kiosk.FIX, align="centre", width=room, fixed=True)
            return
        for place, shade in enumerate(("#7A5560", "#B87A80", Kiosk.FIX)):
            canvas.disc(middle - 22 + 22 * place, third, 11, shade)

    @staticmethod
    def _draw_number(canvas: Canvas, x: float, y: float, across: float, number: str) -> None:
        canvas.disc(x, y, across, Kiosk.FIX)
        size = 32 if len(number) < 3 else 22
        canvas.text(
            number, x, y, size, "#1A0000", bold=True, align="centre", width=across - 4, least=18, fixed=True
        )
