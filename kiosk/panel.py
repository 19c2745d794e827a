"""A small widget over the letterbox that keeps its picture, so that a page turn only copies it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from kiosk.canvas import Canvas, Placed, Scale
from kiosk.wall_state import Box


class Panel(QWidget):
    """`draw` paints its content in units; it is called again only after `refresh` or a change of size."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.scale = Scale(1.0, 1.0, 1920, 1080)
        self.placed: list[Placed] = []
        self._picture: QPixmap | None = None

    def put(self, scale: Scale, box: Box | None) -> None:
        """Stands there, in units of the wall; hidden for None."""
        if box is None:
            self.hide()
            return
        rect = scale.rect(box.x, box.y, box.width, box.height).toAlignedRect()
        if rect != self.geometry() or scale != self.scale:
            self.scale = scale
            self.setGeometry(rect)
            self.refresh()
        self.show()

    def refresh(self) -> None:
        """Draws anew at the next paint."""
        self._picture = None
        self.update()

    @property
    def units(self) -> tuple[float, float]:
        """Width and height in units."""
        return self.width() / self.scale.unit, self.height() / self.scale.unit

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._drawn()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            canvas = Canvas(painter, self.scale, QRectF(self.rect()))
            self.draw(canvas)
            self.placed = canvas.placed
        return picture

    def draw(self, canvas: Canvas) -> None:
        """Overridden: the content, with (0, 0) at the panel's corner."""
        raise NotImplementedError
