"""The one window of the kiosk: full screen on the right monitor, one screen of ours in it at a time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QInputDevice, QResizeEvent, QScreen
from PySide6.QtWidgets import QWidget

from kiosk.monitors import chosen_screen
from pageview.window_place import WindowPlace
from pageview.wording import say

_SETTLE_MS = 200
"""Plugging a monitor comes as a burst of signals."""
_SIGHT_MS = 500


class Glass(QWidget):
    """Follows its monitor: plugged, unplugged, another resolution, another scaling."""

    resized = Signal()
    """Another number of device pixels."""

    def __init__(self, wanted_screen: str, windowed: WindowPlace | None) -> None:
        super().__init__()
        self.setWindowTitle(say("会議室ディスプレイ"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._wanted = wanted_screen
        self._windowed = windowed
        self._front: QWidget | None = None
        self._over: QWidget | None = None
        self._watched: QScreen | None = None
        if windowed is None:
            self.setWindowFlags(Qt.WindowType.FramelessWindowHint)
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            # On somebody's desk the fresh screen after a briefing must not take the keyboard.
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._settle_down)

    def open(self) -> None:
        """Shows the window where it belongs, and keeps it there."""
        if self._windowed is not None:
            self._windowed.put(self)
            self.show()
            return
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        for signal in (app.screenAdded, app.screenRemoved, app.primaryScreenChanged):
            signal.connect(self._settle.start)
        self._settle_down()

    def add(self, screen: QWidget) -> None:
        """Takes a screen of ours, hidden."""
        screen.setParent(self)
        screen.hide()
        screen.setGeometry(self.rect())

    def lay_over(self, over: QWidget) -> None:
        """This one stands above whatever is brought, where it is visible."""
        over.setParent(self)
        over.hide()
        over.setGeometry(self.rect())
        self._over = over

    def bring(self, screen: QWidget) -> None:
        """Shows this one; it is painted when this returns."""
        if screen is self._front and screen.isVisible():
            return
        former, self._front = self._front, screen
        screen.setGeometry(self.rect())
        screen.show()
        screen.raise_()
        if self._over is not None:
            self._over.raise_()
        if former is not None and former is not screen:
            former.hide()
        screen.repaint()

    def device_size(self) -> tuple[int, int]:
        """Width and height in device pixels."""
        ratio = self.devicePixelRatioF()
        return max(64, round(self.width() * ratio)), max(64, round(self.height() * ratio))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._front is not None:
            self._front.setGeometry(self.rect())
        if self._over is not None:
            self._over.setGeometry(self.rect())
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.resized.emit()
        return done

    def closeEvent(self, event: QCloseEvent) -> None:
        """Full screen there is nothing to close; who closes the window on a desk ends the program."""
        event.ignore()
        if self._windowed is not None and event.spontaneous():
            QGuiApplication.exit(0)

    def _settle_down(self) -> None:
        """On the wanted monitor, at its size. Without any monitor the window waits as it is."""
        screen = chosen_screen(self._wanted)
        if screen is None:
            if self.isVisible():
                return
            screen = QGuiApplication.primaryScreen()
        if screen is not self._watched:
            self._watched = screen
            # The screen object dies with its monitor, and its connections with it.
            screen.geometryChanged.connect(self._settle.start)
        if QGuiApplication.platformName() == "wayland":
            # The compositor is told of a monitor only when a window becomes full screen anew, and a window
            # whose monitor went is not painted any more, wherever it is moved to.
            self.hide()
        if self.screen() is not screen:
            self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()


def has_touch() -> bool:
    """Whether a touch screen is attached now."""
    return any(device.type() == QInputDevice.DeviceType.TouchScreen for device in QInputDevice.devices())


class FirstSight(QObject):
    """Tells, once, that the window has been painted on a monitor: its server says so only when it is asked
    for events. Or that it is in vain to wait: where every monitor is off, nobody sees it.
    """

    came = Signal()

    def __init__(self, glass: Glass, patience_ms: int = _SIGHT_MS) -> None:
        super().__init__(glass)
        self._timer = QTimer(self, singleShot=True, interval=patience_ms)
        self._timer.timeout.connect(self._tell)
        self._window = glass.windowHandle()
        self._window.installEventFilter(self)
        self._timer.start(0 if self._window.isExposed() else patience_ms)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Expose and self._window.isExposed():
            self._timer.start(0)  # it is painted in answer to this event
        return False

    def _tell(self) -> None:
        self._window.removeEventFilter(self)
        self.came.emit()


class TouchWatch(QObject):
    """Notices the first touch of a screen that was plugged in later; sees the window's own events only."""

    found = Signal()

    def __init__(self, glass: Glass) -> None:
        super().__init__(glass)
        glass.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.TouchBegin:
            watched.removeEventFilter(self)
            self.found.emit()
        return False
