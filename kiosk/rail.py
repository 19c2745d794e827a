"""The rail: what people in the room may do by touch, in the letterbox (W5's right side)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.actions import ACTIONS
from kiosk.canvas import Canvas, Scale
from kiosk.keys import Face, Key, Look
from kiosk.panel import Panel
from kiosk.wall_state import KEY_GAP, RAIL_PAD, RULE, Hidden, Places, WallState
from kiosk.writing import TOOLS
from pageview.hand import Use
from pageview.ink_painting import RGB
from pageview.theme import Kiosk
from pageview.wording import say
from protocol.ink import Colour

COLOURS = {
    Colour.RED: "赤",
    Colour.BLUE: "青",
    Colour.BLACK: "黒",
    Colour.GREEN: "緑",
    Colour.YELLOW: "黄",
}
_VIEWING = frozenset({"previous", "next", "page_list", "look_freely", "larger"})
"""What 各自の閲覧 不可 stops."""


class Rail(Panel):
    """Keys above each other, each an action by name."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys: dict[str, Key] = {}
        self._rules: tuple[float, ...] = ()

    def show_state(self, state: WallState, scale: Scale, found: Places) -> None:
        """Shows the keys where the rail has its place now."""
        box, height = found.rail, found.key_height
        self.put(scale, box)
        if box is None:
            return
        y, rules = RAIL_PAD, []
        for name in self._keys.keys() - set(found.keys):
            self._keys[name].hide()  # the others stay: a key that a finger is on would forget it
        for name in found.keys:
            if name == "|":
                rules.append(y - KEY_GAP / 2 + RULE / 2)
                y += RULE
                continue
            key = self._key(name)
            key.show_face(rail_face(name, state), name=ACTIONS[name].label)
            key.place(scale, 12, y, box.width - 24, height)
            key.show()
            y += height + KEY_GAP
        if tuple(rules) != self._rules:
            self._rules = tuple(rules)
            self.refresh()

    def _key(self, name: str) -> Key:
        if name not in self._keys:
            key = Key(Look.FLAT, self)
            key.clicked.connect(lambda _=False, name=name: self.pressed.emit(name))
            self._keys[name] = key
        return self._keys[name]

    def draw(self, canvas: Canvas) -> None:
        wide, high = self.units
        canvas.panel(0, 0, wide, high, 32, Kiosk.RAIL)
        for y in self._rules:
            canvas.line(20, y, wide - 20, y, "#3A4360", 2)


def rail_face(name: str, state: WallState) -> Face:
    """A key as it stands now: pressed in when its effect lasts, dimmed with the reason when it is locked."""
    action = ACTIONS[name]
    label = "\n".join(action.lines())
    if name == "colour":
        label = say("色：{colour}", colour=say(COLOURS[state.colour]))
        return Face(label, dot=RGB[state.colour].name())
    if name == "select" and state.words_chosen:
        return Face(say("修正にする"), "edit_note", on=True)
    if name == "stamp" and state.tool is Use.STAMP:
        return Face(state.stamp, action.icon, on=True)
    if name in TOOLS and state.writes:
        return Face(label, _filled(action.icon, TOOLS[name] is state.tool), on=TOOLS[name] is state.tool)
    on = {"show": True, "larger": state.larger, "invert": state.inverted, "follow": True}.get(name, False)
    icon = "chevron_left" if name == "put_away" and state.side == "left" else action.icon
    if name in _VIEWING and not state.free_viewing:
        return Face(label, icon, enabled=False, reason=say("説明者が止めています"))
    if name in _VIEWING and state.hidden is not Hidden.NO:
        return Face(label, icon, enabled=False, reason=say("画面を隠しています"))
    if name == "hide" and state.hidden in (Hidden.BY_PRESENTER, Hidden.WHITE):
        return Face(label, icon, enabled=False, reason=say("説明者が画面を隠しています"))
    moves = {"previous": state.back, "next": state.forward}
    return Face(label, icon, on=on, enabled=moves.get(name, True))


def _filled(icon: str, on: bool) -> str:
    return f"{icon}-fill" if on and icon.startswith("ink_") else icon
