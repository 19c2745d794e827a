"""What the wall shows for a moment of its self-test: the test page, pixel by pixel, and what this is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent

from kiosk.canvas import Canvas, Scale
from kiosk.proof_page import Colour, wrong_fields
from kiosk.touchable import Touchable
from pageview.theme import Kiosk
from pageview.wording import say

STRIP = 0.14
"""Of the height, below the page, for the words."""


class ProofScreen(Touchable):
    """`picture` is drawn unscaled; `touched`: somebody stands before the wall and wants something else."""

    def __init__(self, inches: float, distance_m: float) -> None:
        super().__init__()
        self._glass = (inches, distance_m)
        self.picture: QImage | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def page_px(self) -> tuple[int, int]:
        """Width and height of the page on this window, in device pixels."""
        ratio, window = self.devicePixelRatioF(), self.window()
        return max(64, round(window.width() * ratio)), max(64, round(window.height() * ratio * (1 - STRIP)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(Kiosk.INK_900))
            if self.picture is not None:
                picture = self.picture
                picture.setDevicePixelRatio(self.devicePixelRatioF())
                painter.drawImage(QPoint(0, 0), picture)
            size = self.width(), self.height()
            scale = Scale.of(*size, self.devicePixelRatioF(), *self._glass)
            canvas = Canvas(painter, scale, QRectF(self.rect()))
            middle = scale.height * (1 - STRIP / 2)
            canvas.icon("check_circle", 130, middle, 56, Kiosk.MUTED)
            words = say("朝の自己点検をしています。数秒で終わります。")
            canvas.text(words, 190, middle, Kiosk.STATUS, Kiosk.TEXT, width=scale.width - 286)

    def wrong_fields(self) -> int:
        """How many fields of the first page are not to be found in what the screen was given."""
        window = self.window()
        area = QRect(window.mapFromGlobal(self.mapToGlobal(QPoint(0, 0))), self.size())
        grabbed = self.screen().grabWindow(window.winId()).toImage()
        if grabbed.isNull():  # Wayland lets no program look at the screen: what was painted, then
            grabbed = window.grab().toImage()
        across, down = grabbed.width() / window.width(), grabbed.height() / window.height()
        ratio = self.devicePixelRatioF()
        width, height = (side / ratio for side in self.page_px())

        def seen(x: float, y: float) -> Colour:
            at = grabbed.pixelColor(int((area.x() + x * width) * across), int((area.y() + y * height) * down))
            return at.red(), at.green(), at.blue()

        return wrong_fields(0, seen)
