"""Where on a stepped page the wall is: a mini page with a frame, the step's name, the page's number (W4)."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.canvas import Canvas, Scale
from kiosk.panel import Panel
from kiosk.wall_state import Box, WallState
from pageview.theme import Kiosk
from pageview.wording import say

_MINI = Box(28, 24, 92, 130)


class StepPanel(Panel):
    """Touching a part of the mini page asks for the step there."""

    step_touched = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._state: WallState | None = None

    def show_state(self, state: WallState, scale: Scale, box: Box | None) -> None:
        """Shows this there."""
        former, self._state = self._state, state
        self.put(scale, box)
        if former is None or _words(former) != _words(state):
            self.refresh()
        self.setAccessibleName(state.step_label)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        state = self._state
        y = event.position().y() / self.scale.unit - _MINI.y
        if state is None or not state.touch or not 0 <= y <= _MINI.height:
            event.ignore()
            return
        self.step_touched.emit(min(state.steps - 1, int(y / _MINI.height * state.steps)))

    def draw(self, canvas: Canvas) -> None:
        state = self._state
        if state is None:
            return
        wide, high = self.units
        canvas.panel(0, 0, wide, high, 24, Kiosk.RAIL)
        self._draw_mini(canvas, state)
        middle = wide / 2
        canvas.text(
            state.step_label,
            middle,
            198,
            Kiosk.BODY,
            Kiosk.TEXT,
            bold=True,
            align="centre",
            width=wide - 16,
            fixed=True,
        )
        if state.page is not None:
            of = f"{state.page[0]} / {state.page[1]}"
            canvas.text(
                of, middle, 249, Kiosk.SECONDARY, Kiosk.TEXT2, align="centre", width=wide - 16, fixed=True
            )

    def _draw_mini(self, canvas: Canvas, state: WallState) -> None:
        canvas.panel(_MINI.x, _MINI.y, _MINI.width, _MINI.height, 3, "#3A4258")
        for number in range(11):
            y = _MINI.y + 13 + 10.6 * number
            end = _MINI.x + _MINI.width - (42 if number in (4, 10) else 12)
            canvas.line(_MINI.x + 12, y, end, y, "#6E7A9C", 3)
        top, bottom = (_MINI.y + _MINI.height * share for share in state.part)
        u = canvas.scale.unit
        rect = canvas.scale.rect(_MINI.x - 3, top, _MINI.width + 6, bottom - top)
        pen = QPen(QColor(Kiosk.TEXT), 5 * u)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        canvas.painter.setPen(pen)
        canvas.painter.setBrush(QColor(255, 255, 255, 46))
        canvas.painter.drawRoundedRect(rect, 4 * u, 4 * u)


class ContinuationMark(Panel):
    """「‹ 続き」: where on the glass the former step ended. Points at the page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.points_left = True
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def draw(self, canvas: Canvas) -> None:
        wide, high = self.units
        x = min(18.0, wide / 2) if self.points_left else max(wide - 18, wide / 2)
        tip = -5 if self.points_left else 5
        u = canvas.scale.unit
        pen = QPen(QColor(Kiosk.MUTED), 3.5 * u)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        canvas.painter.setPen(pen)
        points = [(x - tip, high / 2 - 10), (x + tip, high / 2), (x - tip, high / 2 + 10)]
        canvas.painter.drawPolyline([QPointF(px * u, py * u) for px, py in points])
        if wide < 120:
            return
        at, align = (38.0, "left") if self.points_left else (wide - 38, "right")
        canvas.text(
            say("続き"),
            at,
            high / 2,
            Kiosk.SECONDARY,
            Kiosk.MUTED,
            align="left" if align == "left" else "right",
            width=wide - 44,
            fixed=True,
        )


def _words(state: WallState) -> tuple[object, ...]:
    return state.page, state.part, state.steps, state.step_label, state.touch
