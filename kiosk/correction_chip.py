"""修正3 入力中: beside the line that is being typed, in the letterbox, joined to the page by a tick (W2)."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kiosk.canvas import Canvas, Scale
from kiosk.panel import Panel
from kiosk.wall_state import Box, WallState
from pageview.theme import Kiosk
from pageview.wording import say

WIDE, HIGH, TICK = 164.0, 168.0, 16.0
NARROWEST = 120.0 + TICK


class CorrectionChip(Panel):
    """Nothing where the letterbox has no room for it: the red words stand for themselves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = 0
        self._left = True

    def show_state(self, state: WallState, scale: Scale, letterbox: tuple[float, float]) -> None:
        """``letterbox``: units left and right of the page."""
        on_left = state.side == "right"
        room = letterbox[0 if on_left else 1]
        typed = state.typed[0] if state.typed else None
        if typed is None or room < NARROWEST:
            self.put(scale, None)
            return
        number, at = typed
        wide = min(WIDE, room - TICK)
        top = min(max(8.0, at * scale.height - HIGH / 2), scale.height - HIGH - 8.0)
        left = room - wide - TICK if on_left else scale.width - room
        self.put(scale, Box(left, top, wide + TICK, HIGH))
        if (number, on_left) != (self._number, self._left):
            self._number, self._left = number, on_left
            self.setAccessibleName(say("修正{number}を入力中", number=number))
            self.refresh()
        self.raise_()

    def draw(self, canvas: Canvas) -> None:
        wide, high = self.units
        start = 0.0 if self._left else TICK
        body = wide - TICK
        canvas.panel(start, 0, body, high, 24, Kiosk.RAIL)
        x0, x1 = (body, wide) if self._left else (0.0, TICK)
        canvas.line(x0, high / 2, x1, high / 2, Kiosk.FIX, 4)
        middle = start + body / 2
        canvas.text(
            say("修正{number}", number="").rstrip(),
            start + 18,
            48,
            36,
            Kiosk.TEXT,
            bold=True,
            width=body - 76,
            fixed=True,
        )
        canvas.disc(start + body - 40, 48, 48, Kiosk.FIX)
        number = str(self._number)
        size = 32 if len(number) < 3 else 22
        canvas.text(number, start + body - 40, 48, size, "#1A0000", bold=True, align="centre", fixed=True)
        canvas.text(say("入力中"), middle, 104, 32, Kiosk.TEXT2, align="centre", width=body - 12, fixed=True)
        for place, shade in enumerate(("#7A5560", "#B87A80", Kiosk.FIX)):
            canvas.disc(middle - 22 + 22 * place, 144, 11, shade)
