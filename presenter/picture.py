"""A small picture of a page beside words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from pageview.theme import Desk


class Picture(QWidget):
    """A page as a picture of a fixed size; an empty sheet until there is one."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._key: int | None = None

    def set_image(self, image: QImage | None) -> None:
        """Another page; None for an empty sheet."""
        key = None if image is None else image.cacheKey()
        self._image = image
        if key != self._key:
            self._key = key
            self.update()

    def set_size(self, width: int, height: int) -> None:
        """Logical pixels that the page is fitted into."""
        self.setFixedSize(width, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._image is not None and not self._image.isNull():
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            area = QRectF(
                (self.width() - size.width()) / 2,
                (self.height() - size.height()) / 2,
                size.width(),
                size.height(),
            )
            small = (area.size() * self.devicePixelRatioF()).toSize()
            smooth = Qt.TransformationMode.SmoothTransformation
            painter.drawImage(area, self._image.scaled(small, mode=smooth))
            area.adjust(0.5, 0.5, -0.5, -0.5)
        else:
            painter.fillRect(area, QColor(Desk.CARD))
        painter.setPen(QPen(QColor(Desk.LINE), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)
