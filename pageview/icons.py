"""Bundled icons (Material Symbols, and our own `kamizero`) in any colour and size, sharp on every screen."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import assets

_OWN_COLOURS = frozenset({"kamizero"})


def icon(name: str, color: str = "#1A1A1A", size: int = 24, disabled: str = "#767676") -> QIcon:
    """The icon `name` (a file of assets/icons, without `.svg`) for buttons and lists; KeyError if unknown.

    `size` is in logical pixels; the icon carries a sharp picture for the scale of every screen attached now.
    """
    made = QIcon()
    scales = {1.0, 2.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())}
    for scale in sorted(scales):
        made.addPixmap(pixmap(name, color, size, scale))
        made.addPixmap(pixmap(name, disabled, size, scale), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=512)
def pixmap(name: str, color: str = "#1A1A1A", size: int = 24, dpr: float = 1.0) -> QPixmap:
    """The icon as a square picture of `size` logical pixels for a screen of that device pixel ratio."""
    drawing = _drawing(name, color)
    side = max(1, round(size * dpr))
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(dpr)
    return picture


def paint(painter: QPainter, name: str, rect: QRectF, color: str) -> None:
    """Draws the icon into `rect` of a painter that is already at work."""
    _drawing(name, color).render(painter, rect)


@lru_cache(maxsize=256)
def _drawing(name: str, color: str) -> QSvgRenderer:
    file = assets.ICONS / f"{name}.svg"
    try:
        source = file.read_text("utf-8")
    except FileNotFoundError:
        raise KeyError(f"no icon named {name}") from None
    if name not in _OWN_COLOURS:
        source = source.replace("<svg ", f'<svg fill="{QColor(color).name()}" ', 1)
    return QSvgRenderer(QByteArray(source.encode()))
