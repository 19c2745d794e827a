"""W0: what a room's display shows while nobody is connected. A pure function of `StandbyState`."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.backdrop import paint_art
from kiosk.canvas import Canvas, Placed, Scale
from kiosk.keys import Face, Key, Look
from kiosk.standby_parts import PARTS, pill_words
from kiosk.standby_state import StandbyState
from kiosk.touchable import Touchable
from pageview.theme import Kiosk


class Standby(Touchable):
    """The widget; `show_state` repaints only the boxes whose words changed."""

    language_pressed = Signal()

    def __init__(self, inches: float, distance_m: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glass = (inches, distance_m)
        self._state: StandbyState | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._language = Key(Look.PILL, self)
        self._language.size_units = Kiosk.BODY
        self._language.clicked.connect(self.language_pressed)
        self.placed: list[Placed] = []

    def scale(self) -> Scale:
        """Units of this widget as it is now."""
        return Scale.of(self.width(), self.height(), self.devicePixelRatioF(), *self._glass)

    def show_state(self, state: StandbyState) -> None:
        """Shows this from now on."""
        former, self._state = self._state, state
        if former is None or former.shift != state.shift:
            self.update()
        else:
            scale = self.scale()
            for part in PARTS:
                if part.words(former) != part.words(state):
                    self.update(_moved(part.box(scale), state, scale).toAlignedRect())
        self._place_key()
        self.setAccessibleName(f"{state.name} {state.number}")
        self.setAccessibleDescription(pill_words(state))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            scale = self.scale()
            paint_art(painter, scale, QRectF(event.rect()))
            if self._state is None:
                return
            dx, dy = self._state.shift
            painter.translate(dx * scale.unit, dy * scale.unit)
            canvas = Canvas(painter, scale, QRectF(self.rect()))
            for part in PARTS:
                box = part.box(scale)
                if event.region().intersects(_moved(box, self._state, scale).toAlignedRect()):
                    canvas.within(box)
                    part.draw(canvas, self._state)
            self.placed = canvas.placed

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._place_key()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_key()

    def _place_key(self) -> None:
        state = self._state
        if state is None:
            return
        self._language.setVisible(bool(state.other_language))
        self._language.show_face(Face(state.other_language, "language"))
        scale = self.scale()
        width = self._language.natural_width(scale)
        x = scale.width - Kiosk.MARGIN - width + state.shift[0]
        self._language.place(scale, x, scale.height - 144 + state.shift[1], width, 80)


def _moved(box: QRectF, state: StandbyState, scale: Scale) -> QRectF:
    dx, dy = state.shift
    return box.translated(dx * scale.unit, dy * scale.unit)
