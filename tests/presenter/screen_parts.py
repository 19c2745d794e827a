"""What the pictures of the screens are made of: long names, a page, what keeps the actions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from pageview.page_view import PageView
from presenter.actions import Actions
from protocol.values import Rect, View

VIEW = View(7, Rect(0, 0, 84_200, 59_500))
LONG_ROOM = "県民生活部 消費生活センター 大会議室（分割利用のとき）"
LONG_TITLE = (
    "とても長い題名の資料で、どこまでも続いていくので途中で切らなければならないもの（最終版）（修正）"
)


def sheet_of_paper(width: int = 564, height: int = 399) -> QImage:
    """A picture that stands for a page."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    painter.fillRect(0, 0, width, 6, QColor("#0A3A78"))
    for line in range(6):
        painter.fillRect(30, 50 + line * 40, width - 60 - line * 30, 14, QColor("#C9D3E3"))
    painter.end()
    return image


class PaperWidget(PageView):
    """Where the page stands on the console."""

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        image = sheet_of_paper()
        size = image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(
            0,
            (self.height() - size.height()) // 2,
            image.scaled(size, mode=Qt.TransformationMode.SmoothTransformation),
        )


def actions_of(screen: QWidget, actions: Actions) -> QWidget:
    """Keeps the actions as long as the screen."""
    actions.setParent(screen)
    return screen
