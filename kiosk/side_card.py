"""The card at the rail's place: the link is being mended, a number, or a second presenter's question."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from kiosk.canvas import Canvas, Scale
from kiosk.code_panel import halves
from kiosk.keys import Face, Key, Look
from kiosk.kiosk_state import Trouble
from kiosk.panel import Panel
from kiosk.wall_state import CARD_WIDTH, Asker, Box, Code, Slot, WallState
from kiosk.wrapping import draw_lines, wrap
from pageview.theme import Kiosk
from pageview.wording import say

_ROOM = CARD_WIDTH - 16
_TOP = 24.0


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. `keys`: (what it means, its words), the safe one last."""

    icon: str
    color: str
    title: str
    line: str = ""
    number: int = 0
    code: str = ""
    keys: tuple[tuple[str, str], ...] = ()


def card_for(slot: Slot, state: WallState) -> Card | None:
    """The card of this slot; None when the slot has none."""
    match slot:
        case Slot.TROUBLE:
            code = state.code if state.trouble >= Trouble.CODE_TOO else ""
            checking = state.trouble >= Trouble.CHECK_NETWORK
            line = say("無線LANを確認してください") if checking else say("ページはこのまま見られます")
            return Card("link_off", Kiosk.WARN, say("つなぎ直しています"), line, state.number, code)
        case Slot.CODE:
            keys = (("close", say("しまう")),) if state.touch else ()
            if state.shown is Code.JOIN:
                return Card("group", Kiosk.MUTED, say("参加番号"), "", state.number, state.join_code, keys)
            return Card("computer", Kiosk.MUTED, say("接続番号"), "", state.number, state.code, keys)
        case Slot.QUESTION:
            return _question(state.asker, state.touch) if state.asker else None
    return None


def _question(asker: Asker, touch: bool) -> Card:
    who = say("{department} {name}さんが切替えを求めています", department=asker.department, name=asker.name)
    keys = (("yes", say("替わる")), ("no", say("断る"))) if touch else ()
    return Card("sync", Kiosk.WARN, who.strip(), say("あと{n}秒", n=asker.seconds), keys=keys)


class SideCard(Panel):
    """As high as its words."""

    answered = Signal(str)
    """yes, no or close."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._card: Card | None = None
        self._keys: list[Key] = []

    def show_card(self, card: Card | None, scale: Scale, x: float, height: float) -> None:
        """Shows it with its top at 24 units; hidden for None."""
        if card is None:
            self._card = None
            self.hide()
            return
        changed = card != self._card
        self._card = card
        high = _content_height(card, scale)
        self.put(scale, Box(x, _TOP, CARD_WIDTH, min(high, height - 2 * _TOP)))
        if changed:
            self.refresh()
            self.setAccessibleName(f"{card.title} {card.line}".strip())
        self._place_keys(card, scale, high)

    def _place_keys(self, card: Card, scale: Scale, high: float) -> None:
        while len(self._keys) < len(card.keys):
            number = len(self._keys)
            key = Key(Look.FILLED if number else Look.OUTLINE, self)
            key.clicked.connect(lambda _=False, number=number: self._answer(number))
            self._keys.append(key)
        for number, key in enumerate(self._keys):
            key.setVisible(number < len(card.keys))
            if number < len(card.keys):
                key.size_units = 30
                key.show_face(Face(card.keys[number][1]))
                top = high - 16 - (len(card.keys) - number) * 108 + 8
                key.place(scale, 12, top, CARD_WIDTH - 24, 100)

    def _answer(self, number: int) -> None:
        if self._card is not None and number < len(self._card.keys):
            self.answered.emit(self._card.keys[number][0])

    def draw(self, canvas: Canvas) -> None:
        wide, high = self.units
        canvas.panel(0, 0, wide, high, 24, Kiosk.RAIL)
        if self._card is not None:
            _draw(canvas, self._card, wide / 2)


def _content_height(card: Card, scale: Scale) -> float:
    """Units that the card's words and keys need."""
    nowhere = QPixmap(1, 1)
    with QPainter(nowhere) as painter:
        canvas = Canvas(painter, scale, QRectF(0, 0, CARD_WIDTH * scale.unit, 4000 * scale.unit))
        end = _draw(canvas, card, CARD_WIDTH / 2)
    return end + (108 * len(card.keys) + 16 if card.keys else 22)


def _draw(canvas: Canvas, card: Card, middle: float) -> float:
    """Draws the words from the top; where they end."""
    canvas.icon(card.icon, middle, 52, 52, card.color)
    top = 94.0
    lines = wrap(canvas, card.title, Kiosk.SECONDARY, True, _ROOM)
    top = draw_lines(canvas, lines, middle, top, Kiosk.TEXT, _ROOM, bold=True)
    if card.line:
        lines = wrap(canvas, card.line, Kiosk.SECONDARY, False, _ROOM)
        color = Kiosk.WARN if card.line == say("無線LANを確認してください") else Kiosk.TEXT2
        top = draw_lines(canvas, lines, middle, top + 12, color, _ROOM)
    if card.code:
        top = _draw_code(canvas, card, middle, top + 14)
    return top


def _draw_code(canvas: Canvas, card: Card, middle: float, top: float) -> float:
    """Room number regular, a thin rule, the secret bold in two groups below each other."""
    if card.title not in (say("接続番号"), say("参加番号")):
        canvas.text(
            say("接続番号"), middle, top + 18, 28, Kiosk.MUTED, align="centre", width=_ROOM, fixed=True
        )
        top += 36
    number = str(card.number)
    canvas.text(number, middle, top + 30, 52, Kiosk.TEXT2, align="centre", width=_ROOM, fixed=True)
    top += 64
    canvas.line(middle - 44, top, middle + 44, top, Kiosk.MUTED, 3)
    top += 6
    for half in halves(card.code):
        canvas.text(
            half, middle, top + 38, 68, Kiosk.TEXT, bold=True, align="centre", width=_ROOM, fixed=True
        )
        top += 68
    return top + 4
