"""The desk's one window: a stack of screens, a bar above them, full screen, its place remembered."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from pageview.wording import say
from presenter.actions import Actions, Where
from presenter.freed_room_bar import FreedRoomBar


class ProgramWindow(QMainWindow):
    """Holds the screens. Closing it is a wish: ``close_wanted`` decides."""

    close_wanted = Signal()

    def __init__(self, above: QWidget | None = None) -> None:
        """``above``: what stands over every screen."""
        super().__init__()
        self._stack = QStackedWidget()
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if above is not None:
            column.addWidget(above)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(holder)
        self._screens: dict[Where, QWidget] = {}
        self._closing = False
        self.setMinimumSize(1024, 640)
        self.setWindowTitle(say("紙ゼロ"))

    def add_screen(self, where: Where, screen: QWidget) -> None:
        """Puts a screen into the stack."""
        self._screens[where] = screen
        self._stack.addWidget(screen)

    @property
    def where(self) -> Where:
        """The screen shown now."""
        current = self._stack.currentWidget()
        return next((where for where, screen in self._screens.items() if screen is current), Where.START)

    def show_screen(self, where: Where, focus: QWidget | None = None) -> None:
        """Shows that screen; the keyboard goes to ``focus``, or to the screen itself."""
        screen = self._screens[where]
        self._stack.setCurrentWidget(screen)
        (focus or screen).setFocus(Qt.FocusReason.OtherFocusReason)

    def lay_out(self, where: Where) -> None:
        """Gives a screen that is still hidden the size it will have, so that it comes at once."""
        screen = self._screens[where]
        screen.setGeometry(self._stack.rect())
        screen.grab(QRect(0, 0, 1, 1))  # the one way to have Qt lay out all that is hidden

    def restore(self, geometry: str) -> None:
        """The place and size of last time, as far as there is a screen there."""
        if geometry and self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            return
        screen = QGuiApplication.primaryScreen()
        if screen is not None:
            area = screen.availableGeometry()
            self.setGeometry(area)
            if area.width() <= 1920:
                self.setWindowState(Qt.WindowState.WindowMaximized)

    def geometry_text(self) -> str:
        """Place and size, for next time."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def toggle_full_screen(self) -> bool:
        """Whether it fills its screen now."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        return self.isFullScreen()

    def end(self) -> None:
        """Closes without asking."""
        self._closing = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closing:
            event.accept()
        else:
            event.ignore()
            self.close_wanted.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.setWindowTitle(say("紙ゼロ"))
        super().changeEvent(event)


class DeskWindow(ProgramWindow):
    """The presenter's, with the bar that tells of a freed room."""

    def __init__(self, actions: Actions) -> None:
        bar = FreedRoomBar(actions)
        super().__init__(bar)
        self.freed_room = bar
