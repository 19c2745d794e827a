"""The letterbox beside the page: clock, page keys and number, who presents (W5's left side)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.actions import ACTIONS
from kiosk.canvas import Canvas, Scale
from kiosk.keys import Face, Key, Look
from kiosk.kiosk_state import Trouble
from kiosk.panel import Panel
from kiosk.wall_state import (
    COLUMN_TOP,
    COLUMN_WIDTH,
    STATUS_ROOM,
    Box,
    Hidden,
    WallState,
    page_height,
)
from kiosk.wrapping import draw_lines, wrap
from pageview.theme import Kiosk
from pageview.wording import say


class InfoPanel(Panel):
    """Keys only where something can be touched; clock and number always."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._state: WallState | None = None
        self._chip = False
        self._keys = {name: Key(Look.RAISED, self) for name in ("previous", "next", "page_list")}
        for name, key in self._keys.items():
            key.clicked.connect(lambda _=False, name=name: self.pressed.emit(name))

    def show_state(self, state: WallState, scale: Scale, box: Box | None, *, chip: bool) -> None:
        """Shows this there. ``chip``: that of a correction has the place of the count."""
        changed = self._state is None or _words(self._state) != _words(state) or chip != self._chip
        self._state, self._chip = state, chip
        self.put(scale, box)
        if changed:
            self.refresh()
        if box is not None:
            self._place_keys(state, scale)

    def _place_keys(self, state: WallState, scale: Scale) -> None:
        left = (self.units[0] - 120) / 2
        can = {"previous": state.back, "next": state.forward, "page_list": state.page is not None}
        locked = not state.free_viewing
        for name, y, height in (("previous", 130, 132), ("next", 418, 132), ("page_list", 562, 108)):
            action, key = ACTIONS[name], self._keys[name]
            reason = say("説明者が止めています") if locked else ""
            label = action.label if name == "page_list" else ""
            face = Face(label, action.icon, enabled=can[name] and not locked, reason=reason)
            key.show_face(face, name=action.label)
            key.place(scale, left, y, 120, height)
            key.setVisible(state.touch and state.hidden is Hidden.NO)

    def draw(self, canvas: Canvas) -> None:
        state = self._state
        if state is None:
            return
        wide, high = self.units
        middle = wide / 2
        clock = f"{state.now.hour}:{state.now.minute:02d}"
        left = state.minutes_left if state.hidden is Hidden.NO else None
        y = 57 if left is None else 42
        canvas.text(clock, middle, y, 44, "#E3E9F8", bold=True, align="centre", width=wide - 8, fixed=True)
        if left is not None:
            words = say("残り{n}分", n=left) if left > 0 else say("超過{n}分", n=-left)
            color = Kiosk.TEXT2 if left > 1 else Kiosk.WARN if left > 0 else Kiosk.ERR
            canvas.text(words, middle, 92, 32, color, align="centre", width=wide - 8, fixed=True)
        if state.hidden is Hidden.NO and state.page is not None:
            self._draw_page(canvas, middle, state.touch, *state.page)
            if state.open_corrections and not self._chip:
                self._draw_open(canvas, middle, state.touch, state.open_corrections)
        self._draw_status(canvas, state, middle, wide, high)

    def _draw_page(self, canvas: Canvas, middle: float, touch: bool, number: int, count: int) -> None:
        canvas.panel(middle - COLUMN_WIDTH / 2, COLUMN_TOP, COLUMN_WIDTH, page_height(touch), 24, Kiosk.RAIL)
        y = COLUMN_TOP + (206 if touch else 54)
        canvas.text(
            str(number),
            middle,
            y,
            Kiosk.PAGE_NUMBER,
            Kiosk.TEXT,
            bold=True,
            align="centre",
            width=COLUMN_WIDTH - 12,
            fixed=True,
        )
        of = f"/ {count}"
        canvas.text(
            of,
            middle,
            y + 58,
            Kiosk.SECONDARY,
            Kiosk.TEXT2,
            align="centre",
            width=COLUMN_WIDTH - 12,
            fixed=True,
        )

    def _draw_open(self, canvas: Canvas, middle: float, touch: bool, count: int) -> None:
        """How many corrections are still open: it stays in sight."""
        top = COLUMN_TOP + page_height(touch) + 52
        canvas.panel(middle - COLUMN_WIDTH / 2, top, COLUMN_WIDTH, 132, 24, Kiosk.RAIL)
        wide = COLUMN_WIDTH - 12
        words = say("未修正")
        canvas.text(words, middle, top + 42, 32, Kiosk.TEXT2, align="centre", width=wide, fixed=True)
        canvas.text(
            str(count), middle, top + 92, 44, Kiosk.FIX, bold=True, align="centre", width=wide, fixed=True
        )

    def _draw_status(self, canvas: Canvas, state: WallState, middle: float, wide: float, high: float) -> None:
        color, words = (Kiosk.OK, say("説明中")) if state.following else (Kiosk.WARN, say("自分で見ています"))
        if state.following and state.trouble is not Trouble.NONE:
            color, words = Kiosk.WARN, say("通信待ち")
        below = [state.department, state.presenter]
        if not state.following and state.presenter_page is not None:
            below = [say("説明は{n}ページ", n=state.presenter_page)]
        room = wide - 16
        blocks = [wrap(canvas, words, Kiosk.SECONDARY, True, room - (32 if state.following else 0))]
        blocks += [wrap(canvas, line, Kiosk.SECONDARY, False, room) for line in below if line]
        top = high - 32 - sum(block.height for block in blocks)
        while self._chip and top < high - STATUS_ROOM and len(blocks) > 1:
            top += blocks.pop(1).height
        first = blocks[0]
        long = max(canvas.width_of(line, first.size, True, k=1.0) for line in first.lines)
        shift = 14.0 if long + 32 <= room else 0.0
        dot = middle - long / 2 - 12 if shift else middle
        canvas.disc(dot, top + first.size * 0.66 if shift else top - 16, 18, color)
        top = draw_lines(canvas, first, middle + shift, top, Kiosk.TEXT, room, bold=True)
        for block in blocks[1:]:
            top = draw_lines(canvas, block, middle, top, Kiosk.TEXT2, room)


def _words(state: WallState) -> tuple[object, ...]:
    who = state.department, state.presenter, state.presenter_page
    told = state.now, state.page, state.open_corrections, state.minutes_left
    return (told, state.following, state.trouble, state.touch, state.hidden, who)
