"""A screen attached to this machine (HDMI) as one more place: the same views, over the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pageview.beside import Halves
from pageview.correction_layer import Typed
from pageview.page_source import PageSource
from pageview.page_view import WALL, PageView
from pageview.side_by_side import ON_A_WALL, SideBySide
from pageview.wording import say
from protocol.changes import InkChanged
from protocol.presence import Pointer, Position, Wet
from protocol.values import PeerId, Screen, View


def screen_title(screen: QScreen) -> str:
    """How an attached screen is called in a menu: its maker's name, or its place, and its pixels."""
    name = " ".join(part for part in (screen.manufacturer(), screen.model()) if part) or screen.name()
    size = screen.size() * screen.devicePixelRatio()
    return f"{name} {size.width()}×{size.height()}"


def other_screens(own: QScreen | None) -> Sequence[QScreen]:
    """The attached screens on which the desk does not stand, nearest to the right first."""
    others = [screen for screen in QGuiApplication.screens() if screen is not own]
    left = own.geometry().left() if own is not None else 0
    return sorted(others, key=lambda screen: (screen.geometry().left() < left, screen.geometry().left()))


class SecondScreen(QObject):
    """At most one window on an attached screen. It shows nothing before 開始, never on the desk's screen."""

    changed = Signal()
    """Shown, taken away, or its screen was pulled out."""
    attachable = Signal()
    """A screen was plugged in or pulled out."""
    position = Signal(object)
    """Position, after each paint of it."""
    key_pressed = Signal(object)
    """QKeyEvent: whoever has the keyboard there turns pages as at the desk."""

    def __init__(self, source: Callable[[], PageSource], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._window: _Window | None = None
        self._wanted: str | None = None
        self._view: View | None = None
        self._halves: Halves | None = None
        self._screen_state = Screen.COVER
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._removed)
            application.screenAdded.connect(self._added)

    @property
    def showing(self) -> str:
        """The name of the screen shown on; "" for none."""
        return self._window.title if self._window is not None else ""

    def show_on(self, screen: QScreen) -> None:
        """Shows on that screen from now on, instead of any other."""
        self.put_away()
        self._wanted = screen.name()
        self._open(screen)
        self.changed.emit()

    def put_away(self) -> None:
        """Shows on no screen any more."""
        self._wanted = None
        self._close()

    def show_view(self, view: View | None) -> None:
        """What the walls follow."""
        self._view = view
        if self._window is not None:
            self._window.page.show_view(view)

    def show_halves(self, halves: Halves | None) -> None:
        """Something beside the page, or the page alone."""
        self._halves = halves
        self._put_halves()

    def _put_halves(self) -> None:
        """Where the page is hidden, nothing stands beside it either."""
        if self._window is not None:
            seen = self._halves if self._screen_state is Screen.SHOW else None
            self._window.pages.show_halves(seen, self._source())

    def show_screen(self, screen: Screen) -> None:
        """Cover, page, black or white, as on the walls."""
        self._screen_state = screen
        if self._window is not None:
            self._window.page.set_screen(screen)
        self._put_halves()

    def show_pointer(self, at: Pointer | None) -> None:
        """The pointer, as on the walls."""
        if self._window is not None:
            self._window.page.set_pointer(at)

    def show_wet(self, peer: PeerId, piece: Wet) -> None:
        """A stroke under way, as on the walls."""
        if self._window is not None:
            self._window.page.ink.wet(peer, piece)

    def show_typed(self, typed: Sequence[Typed]) -> None:
        """Corrections under way, as on the walls."""
        if self._window is not None:
            self._window.page.show_typed(typed)

    def take_ink(self, change: InkChanged) -> None:
        """Marks came or went, as on the walls."""
        if self._window is not None:
            self._window.page.take_ink(change)

    def _open(self, screen: QScreen) -> None:
        window = _Window(self._source(), screen)
        window.page.set_screen(self._screen_state)
        window.page.show_view(self._view)
        window.page.painted.connect(
            lambda painted: self.position.emit(
                Position(True, painted.page_id, painted.rect, painted.sharp, False)
            )
        )
        window.key_pressed.connect(self.key_pressed)
        self._window = window
        self._put_halves()
        window.place()

    def _close(self) -> None:
        if self._window is not None:
            window, self._window = self._window, None
            window.pages.show_halves(None, None)
            window.page.set_source(None)
            window.close()
            window.deleteLater()
            self.changed.emit()

    def _removed(self, screen: QScreen) -> None:
        if self._window is not None and self._window.screen_name == screen.name():
            self._close()
        self.attachable.emit()

    def _added(self, screen: QScreen) -> None:
        """The cable is back in: on the same screen it goes on where it was."""
        if self._wanted == screen.name() and self._window is None:
            self._open(screen)
            self.changed.emit()
        self.attachable.emit()


class _Window(QWidget):
    key_pressed = Signal(object)

    def __init__(self, source: PageSource, screen: QScreen) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint)
        self.title, self.screen_name = screen_title(screen), screen.name()
        self._screen = screen
        self.setWindowTitle(say("紙ゼロ"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.page = PageView(source, WALL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.pages = SideBySide(self.page, ON_A_WALL)
        column.addWidget(self.pages)
        screen.geometryChanged.connect(self._moved)

    def place(self) -> None:
        """Over the whole of its screen."""
        self.setScreen(self._screen)
        self._moved(self._screen.geometry())
        self.showFullScreen()

    def _moved(self, geometry: QRect) -> None:
        self.setGeometry(geometry)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.key_pressed.emit(event)
