"""画面を切り取る: the screen as it was a moment ago, over everything, and a part of it that is marked."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from pageview.theme import Desk
from presenter.labels import Label
from presenter.lookup.preview import Preview

GONE_MS = 400
"""So long a window system may take to show what lay behind the window."""


class ScreenClip(QObject):
    """Puts ``window`` away, takes the picture of its screen, and brings the window back when it is over.
    For one time.
    """

    taken = Signal(QImage)
    """The part that was marked."""
    impossible = Signal()
    """This window system gives no picture of the screen to programs."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._sheet: QWidget | None = None
        self._quits = True

    def begin(self) -> None:
        """Esc gives it up; the window is there again in any case."""
        self._quits = QApplication.quitOnLastWindowClosed()
        QApplication.setQuitOnLastWindowClosed(False)
        self._window.hide()
        QTimer.singleShot(GONE_MS, self, self._take)

    def _take(self) -> None:
        screen = self._window.screen()
        image = screen.grabWindow(0).toImage()
        if image.isNull():
            self._back()
            self.impossible.emit()
            return
        self._sheet = sheet = QWidget(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Tool)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        preview = Preview()
        column.addWidget(preview)
        sheet.setGeometry(screen.geometry())
        preview.show_image(image)
        preview.clipped.connect(lambda part: self._clipped(image, part))
        sheet.showFullScreen()
        sheet.raise_()
        sheet.activateWindow()
        preview.begin_clip()
        _say_how(sheet)

    def _clipped(self, image: QImage, part: QRectF | None) -> None:
        self._back()
        if part is not None:
            wide, high = image.width(), image.height()
            box = QRectF(part.x() * wide, part.y() * high, part.width() * wide, part.height() * high)
            self.taken.emit(image.copy(box.toAlignedRect() & QRect(0, 0, wide, high)))

    def _back(self) -> None:
        self._window.show()
        self._window.activateWindow()
        QApplication.setQuitOnLastWindowClosed(self._quits)
        sheet, self._sheet = self._sheet, None
        if sheet is not None:
            sheet.hide()
            sheet.deleteLater()
        self.deleteLater()


def _say_how(sheet: QWidget) -> None:
    """Over the picture, not in it: the whole screen stands still, and nothing else tells why."""
    said = Label("囲んでください。矢印キーで動かし、Shift+矢印で広げ、Enterで切り取ります。Escでやめます。")
    said.setParent(sheet)
    said.setStyleSheet(
        f"background: {Desk.CARD}; color: {Desk.TEXT}; border-radius: 8px; padding: 12px 24px;"
    )
    said.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    said.adjustSize()
    said.move((sheet.width() - said.width()) // 2, 24)
    said.show()
