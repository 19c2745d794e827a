"""Drawing in kiosk units, so that a screen is written once and has the same look on every panel.

Positions are layout units: 1920×1080 of them fill a 16:9 screen; other shapes have more of one. Sizes of
words are units too, multiplied by the viewing factor `k` (distance and inches) and then shrunk to their box.
Every word set is remembered in `Canvas.placed` with the box it had to stay in; tests measure clipping there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from pageview import icons, theme

Align = Literal["left", "right", "centre"]
# Noto Sans JP: the middle of a kanji stands this part of the size above the baseline.
_MIDDLE = 0.38
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Scale:
    """How units become logical pixels on one screen."""

    unit: float
    k: float
    width: float
    """Of the screen, in units."""
    height: float
    dpr: float = 1.0

    @classmethod
    def of(cls, width: int, height: int, dpr: float, inches: float, distance_m: float) -> Scale:
        """For a widget of `width`×`height` logical pixels on a screen of this pixel ratio."""
        unit = theme.unit(round(width * dpr), round(height * dpr), dpr)
        k = theme.viewing_factor(inches, distance_m)
        return cls(unit, k, width / unit, height / unit, dpr)

    def rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        """Units to logical pixels."""
        u = self.unit
        return QRectF(x * u, y * u, width * u, height * u)


@dataclass(frozen=True, slots=True)
class Placed:
    """Words as they were set, in logical pixels: their own extent, and the box they had to stay in."""

    text: str
    rect: QRectF
    within: QRectF
    pixels: float
    elided: bool


@lru_cache(maxsize=256)
def face(pixels: int, bold: bool) -> QFont:
    """The wall's face: a little air between the signs."""
    made = theme.font(pixels, theme.BOLD if bold else theme.REGULAR)
    made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 101)
    return made


@lru_cache(maxsize=256)
def metrics(pixels: int, bold: bool) -> QFontMetricsF:
    return QFontMetricsF(face(pixels, bold))


class Canvas:
    """A painter at work on one widget, speaking units."""

    def __init__(self, painter: QPainter, scale: Scale, bounds: QRectF) -> None:
        self.painter = painter
        self.scale = scale
        self.placed: list[Placed] = []
        self._bounds = bounds
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)

    def within(self, box: QRectF) -> None:
        """Words set from now on have to stay in this box (logical pixels)."""
        self._bounds = box

    def pixels(self, size: float, k: float | None = None) -> int:
        """Logical pixels of words of `size` units at the wall's viewing factor."""
        return max(1, round(size * self.scale.unit * (self.scale.k if k is None else k)))

    def width_of(self, text: str, size: float, bold: bool = False, k: float | None = None) -> float:
        """In units."""
        return metrics(self.pixels(size, k), bold).horizontalAdvance(text) / self.scale.unit

    def fitting(self, text: str, size: float, bold: bool, width: float, least: float = 24) -> float:
        """The largest size in units (already without `k`) not above `size`·k at which `text` fits `width`."""
        wanted = size * self.scale.k
        long = self.width_of(text, wanted, bold, k=1.0)
        if long <= width:
            return wanted
        return max(min(least, wanted), wanted * width / long * 0.995)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        color: str,
        *,
        bold: bool = False,
        align: Align = "left",
        width: float | None = None,
        least: float = 24,
        on_baseline: bool = False,
        fixed: bool = False,
    ) -> float:
        """Sets one line whose kanji have their middle at `y` (or that stands on `y`); its width in units.

        Shrinks to `width` down to `least`, then shortens with …. `fixed` leaves the viewing factor out.
        """
        u = self.scale.unit
        room = width if width is not None else self._room(x, align)
        wanted = size if fixed else size * self.scale.k
        pixels, floor = max(1, round(wanted * u)), max(1, int(min(least, wanted) * u))
        if metrics(pixels, bold).horizontalAdvance(text) > room * u:
            long = metrics(pixels, bold).horizontalAdvance(text)
            pixels = max(floor, int(pixels * room * u / long) + 1)
            while pixels > floor and metrics(pixels, bold).horizontalAdvance(text) > room * u:
                pixels -= 1
        measure = metrics(pixels, bold)
        shown = text
        if measure.horizontalAdvance(text) > room * u + 0.5:
            shown = measure.elidedText(text, Qt.TextElideMode.ElideRight, room * u)
        advance = measure.horizontalAdvance(shown)
        if align == "left" and pixels > 80 * u and shown:
            x -= measure.tightBoundingRect(shown).left() / u
        left = x * u - {"left": 0.0, "right": advance, "centre": advance / 2}[align]
        base = y * u + (0.0 if on_baseline else _MIDDLE * pixels)
        self.painter.setFont(face(pixels, bold))
        self.painter.setPen(QColor(color))
        self.painter.drawText(QPointF(left, base), shown)
        self._remember(text, shown, left, base, advance, pixels, room, x, align)
        return advance / u

    def _room(self, x: float, align: Align) -> float:
        start, end = self._bounds.left() / self.scale.unit, self._bounds.right() / self.scale.unit
        return {"left": end - x, "right": x - start, "centre": 2 * min(x - start, end - x)}[align]

    def _remember(
        self,
        text: str,
        shown: str,
        left: float,
        base: float,
        advance: float,
        pixels: int,
        room: float,
        x: float,
        align: Align,
    ) -> None:
        u = self.scale.unit
        start = x * u - {"left": 0.0, "right": room * u, "centre": room * u / 2}[align]
        extent = QRectF(left, base - 0.88 * pixels, advance, pixels)
        within = QRectF(start, self._bounds.top(), room * u, self._bounds.height())
        self.placed.append(Placed(text, extent, within & self._bounds, pixels, _ELLIPSIS in shown != text))

    def panel(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        radius: float,
        fill: str | QColor | None,
        edge: str | QColor | None = None,
        edge_width: float = 2.0,
    ) -> None:
        """A box with round corners, in units; `edge` is drawn inside it."""
        rect = self.scale.rect(x, y, width, height)
        line = max(1.0, edge_width * self.scale.unit) if edge is not None else 0.0
        self.painter.setBrush(QColor(fill) if fill is not None else Qt.BrushStyle.NoBrush)
        self.painter.setPen(QPen(QColor(edge), line) if edge is not None else Qt.PenStyle.NoPen)
        corner = radius * self.scale.unit
        inside = rect.adjusted(line / 2, line / 2, -line / 2, -line / 2)
        self.painter.drawRoundedRect(inside, corner, corner)

    def shadow(self, x: float, y: float, width: float, height: float, radius: float) -> None:
        """A soft shadow under a box, as wide as 30 units."""
        for step in range(8):
            grow = 30 - 4 * step
            shade = QColor(0, 4, 18)
            shade.setAlphaF(0.055)
            self.panel(x - grow / 2, y - grow / 2 + 16, width + grow, height + grow, radius + grow / 2, shade)

    def clip_round(self, x: float, y: float, width: float, height: float, radius: float) -> None:
        """Nothing is painted outside this box from now on, until the painter is restored."""
        path = QPainterPath()
        corner = radius * self.scale.unit
        path.addRoundedRect(self.scale.rect(x, y, width, height), corner, corner)
        self.painter.setClipPath(path, Qt.ClipOperation.IntersectClip)

    def disc(self, x: float, y: float, diameter: float, fill: str | QColor | None, edge: str = "") -> None:
        """A circle about (x, y)."""
        half = diameter / 2
        self.panel(x - half, y - half, diameter, diameter, half, fill, edge or None)

    def line(self, x0: float, y0: float, x1: float, y1: float, color: str, width: float = 2.0) -> None:
        u = self.scale.unit
        self.painter.setPen(QPen(QColor(color), max(1.0, width * u)))
        self.painter.drawLine(QPointF(x0 * u, y0 * u), QPointF(x1 * u, y1 * u))

    def icon(self, name: str, x: float, y: float, size: float, color: str) -> None:
        """An icon with its middle at (x, y)."""
        icons.paint(self.painter, name, self.scale.rect(x - size / 2, y - size / 2, size, size), color)
