"""The keys that fingers press on the wall: real buttons with names, drawn in kiosk units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.canvas import Canvas, Scale, metrics
from pageview.theme import Kiosk


class Look(Enum):
    """How a key is drawn."""

    PILL = auto()
    """Outlined with round ends: icon and words side by side."""
    OUTLINE = auto()
    FILLED = auto()
    """The safe answer of a question."""
    FLAT = auto()
    """In a rail: icon above a small label."""
    RAISED = auto()
    """In a rail, on its own ground."""


@dataclass(frozen=True, slots=True)
class Face:
    """What stands on a key. `reason` says why it is disabled, for people who ask."""

    label: str
    icon: str = ""
    on: bool = False
    enabled: bool = True
    reason: str = ""
    dot: str = ""
    """A colour, shown as a disc in the icon's place."""


class Key(QAbstractButton):
    """One key: `place` it in units, `show_face` its words; `clicked` when a finger lets go on it."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._face = Face("")
        self._scale = Scale(1.0, 1.0, 1920, 1080)
        self.size_units = Kiosk.LABEL
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def place(self, scale: Scale, x: float, y: float, width: float, height: float) -> None:
        """Where it stands in its parent, in units."""
        rect = scale.rect(x, y, width, height).toAlignedRect()
        if rect != self.geometry() or scale != self._scale:
            self._scale = scale
            self.setGeometry(rect)
            self.update()

    def show_face(self, face: Face, name: str = "") -> None:
        """What it says now; `name` is its accessible name where the label is not enough."""
        if face == self._face:
            return
        self._face = face
        self.setEnabled(face.enabled)
        self.setText(face.label)
        self.setAccessibleName(name or face.label)
        self.setAccessibleDescription(face.reason)
        self.update()

    def natural_width(self, scale: Scale) -> float:
        """Units that a wide key needs for its words, not below 220."""
        words = metrics(max(1, round(self.size_units * scale.unit)), self._look is Look.FILLED)
        icon = 49 if self._face.icon else 0
        return max(220.0, words.horizontalAdvance(self.text()) / scale.unit + icon + 78)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.draw(Canvas(painter, self._scale, QRectF(self.rect())))

    def draw(self, canvas: Canvas) -> None:
        width, height = self.width() / self._scale.unit, self.height() / self._scale.unit
        if self._look in (Look.FLAT, Look.RAISED):
            self._draw_tool(canvas, width, height)
        else:
            self._draw_wide(canvas, width, height)

    def _draw_tool(self, canvas: Canvas, width: float, height: float) -> None:
        ground: str | None = None
        if self._face.on:
            ground = Kiosk.ON
        elif self._look is Look.RAISED or self.isDown():
            ground = Kiosk.INK_700 if self.isDown() else Kiosk.RAIL_KEY
        if ground is not None:
            canvas.panel(0, 0, width, height, Kiosk.RADIUS_KEY, ground)
        color = Kiosk.ON_TEXT if self._face.on else Kiosk.TEXT
        if not self.isEnabled():
            color = "#7D89A6"
        if not self._face.label:
            canvas.icon(self._face.icon, width / 2, height / 2, 56, color)
            return
        lines = self._face.label.split("\n")
        tall, pitch = (46, 28) if len(lines) == 1 else (36, 26)
        top = height / 2 - (tall + 6 + pitch * len(lines)) / 2
        if self._face.dot:
            canvas.disc(width / 2, top + tall / 2, tall, Kiosk.TEXT)
            canvas.disc(width / 2, top + tall / 2, tall - 8, self._face.dot)
        else:
            canvas.icon(self._face.icon, width / 2, top + tall / 2, tall, color)
        for number, line in enumerate(lines):
            canvas.text(
                line,
                width / 2,
                top + tall + 6 + pitch * (number + 0.5),
                Kiosk.LABEL,
                color,
                bold=self._face.on,
                align="centre",
                width=width - (16 if self._face.on else 8),
                least=19,
                fixed=True,
            )

    def _draw_wide(self, canvas: Canvas, width: float, height: float) -> None:
        filled = self._look is Look.FILLED
        radius = height / 2 if self._look is Look.PILL else Kiosk.RADIUS_KEY
        ground = Kiosk.ON if filled else (Kiosk.INK_700 if self.isDown() else "#0D1838")
        canvas.panel(0, 0, width, height, radius, ground, None if filled else "#9FB2DD")
        color = Kiosk.ON_TEXT if filled else Kiosk.TEXT
        words = self.text()
        size = self.size_units
        long = canvas.width_of(words, size, filled, k=1.0)
        icon = 49 if self._face.icon else 0
        left = max(16.0, (width - long - icon) / 2)
        if self._face.icon:
            canvas.icon(self._face.icon, left + 16, height / 2, 34, color)
        canvas.text(
            words,
            left + icon,
            height / 2,
            size,
            color,
            bold=filled,
            width=width - left - icon - 16,
            fixed=True,
        )
