"""K7: this display cannot be used now: whom to call, which display it is, and why (the README explains)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.canvas import Canvas, Placed, Scale
from pageview.theme import Kiosk
from pageview.wording import phrases, say

USUAL_GLASS = 55.0, 3.0
"""Inches and metres: what display this is may be just what is wrong."""


@dataclass(frozen=True, slots=True)
class FaultState:
    """`details`: sentences for the technician, e.g. which setting is wrong. `room` 0: not known.

    Room and address are what the person who calls is asked for.
    """

    code: int
    contact: str = ""
    extension: str = ""
    room: int = 0
    name: str = ""
    place: str = ""
    address: str = ""
    details: tuple[str, ...] = ()


class FaultPage(QWidget):
    """Needs nothing but Qt and the fonts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = FaultState(0)
        self.placed: list[Placed] = []
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_state(self, state: FaultState) -> None:
        self._state = state
        self.setAccessibleName(say("ただいま利用できません"))
        self.setAccessibleDescription(_whom(state))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), Kiosk.INK_900)
            scale = Scale.of(self.width(), self.height(), self.devicePixelRatioF(), *USUAL_GLASS)
            canvas = Canvas(painter, scale, QRectF(self.rect()))
            draw_fault(canvas, self._state)
            self.placed = canvas.placed


def _whom(state: FaultState) -> str:
    if state.contact and state.extension:
        return say(
            "{contact}（内線{extension}）へご連絡ください。", contact=state.contact, extension=state.extension
        )
    if state.contact:
        return say("{contact}へご連絡ください。", contact=state.contact)
    return say("施設の担当課へご連絡ください。")


def _which(state: FaultState) -> str:
    """Which display this is, as far as its settings could be read."""
    number = say("会議室番号 {number}", number=state.room) if state.room else ""
    return "　".join(filter(None, (number, state.name, state.place)))


def _why(state: FaultState) -> str:
    code = say("理由番号 {code}", code=state.code)
    address = say("アドレス {address}", address=state.address) if state.address else ""
    return "　".join(filter(None, (code, address)))


def draw_fault(canvas: Canvas, state: FaultState) -> None:
    """Everything that the page says."""
    middle, wide = canvas.scale.width / 2, canvas.scale.width - 2 * Kiosk.MARGIN
    details = [line for text in state.details[:6] for line in _broken(canvas, text, wide)][:8]
    which = _which(state)
    lower = 76 if which else 0
    top = canvas.scale.height / 2 - 240 - 22 * len(details) - lower / 2
    canvas.icon("tv_off", middle, top + 80, 160, Kiosk.MUTED)
    title, whom = say("ただいま利用できません"), _whom(state)
    canvas.text(title, middle, top + 234, 56, Kiosk.TEXT, bold=True, align="centre", width=wide)
    canvas.text(whom, middle, top + 328, Kiosk.STATUS, Kiosk.TEXT2, align="centre", width=wide)
    if which:
        canvas.text(which, middle, top + 404, Kiosk.STATUS, Kiosk.TEXT2, align="centre", width=wide)
    canvas.text(_why(state), middle, top + 420 + lower, 28, Kiosk.MUTED, align="centre", width=wide)
    for number, line in enumerate(details):
        y = top + 490 + lower + 44 * number
        canvas.text(line, middle, y, 28, Kiosk.MUTED, align="centre", width=wide, fixed=True)


def _broken(canvas: Canvas, text: str, width: float) -> list[str]:
    """A technician's sentence in lines that fit."""
    lines = [""]
    pieces = text.split(" ") if text.isascii() else phrases(text)
    spaced = [piece + " " for piece in pieces] if text.isascii() else pieces
    for piece in spaced:
        if lines[-1] and canvas.width_of(lines[-1] + piece, 28, k=1.0) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]
