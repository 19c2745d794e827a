"""The process of the ground: what is seen where no screen is. The supervisor keeps it (`grounding`).

Its words are the way in which it comes to lie beneath the screen (`grounding.Way`), and its supervisor, with
which it ends. It hears JSON lines, {"room": …} with a `GroundState`, and says {"there": true} when its
picture lies in its place, {"alive": true} from then on. It knows nothing of a briefing, and nothing that is
done to it does anything: no key, no finger, no wish to close it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent, QRasterWindow, QResizeEvent, QScreen

from kiosk.english import ENGLISH
from kiosk.ground import GroundState, paint_ground
from kiosk.grounding import BEAT, Way
from pageview import priority, theme, wording

_USUAL = QSize(1920, 1080)
_PNG_QUALITY = 80
"""Of 100: hardly packed; it goes from one memory to another."""
_BENEATH = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.WindowStaysOnBottomHint
    | Qt.WindowType.Tool
)


def tell(**message: Any) -> None:
    """One line to the supervisor."""
    try:
        os.write(1, json.dumps(message).encode() + b"\n")
    except OSError:  # there is none any more
        os._exit(0)


def hear() -> GroundState:
    """The next that the supervisor says; the process ends with it."""
    line = sys.stdin.buffer.readline()
    if not line:
        os._exit(0)
    return GroundState(**json.loads(line)["room"])


def spoken(state: GroundState) -> GroundState:
    """The same, in its language from now on."""
    wording.set_language("en" if state.english else "ja")
    return state


class GroundWindow(QRasterWindow):
    """One window of it."""

    there = Signal()
    """Its picture has certainly left for the display server."""

    def __init__(self, flags: Qt.WindowType, state: GroundState) -> None:
        super().__init__()
        self._state, self._paints = state, 0
        self.setFlags(flags)
        self.setTitle("Kamizero")
        self.setCursor(Qt.CursorShape.BlankCursor)

    def show_state(self, state: GroundState) -> None:
        self._state = state
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_ground(painter, self.width(), self.height(), self.devicePixelRatio(), self._state)
        self._paints += 1
        if self._paints == 1:
            # A second paint begins when the server has shown the first, or Qt has waited long enough for
            # that, and has sent it in any case.
            self.update()
        elif self._paints == 2:
            self.there.emit()

    def event(self, event: QEvent) -> bool:
        """Nobody closes it."""
        if event.type() == QEvent.Type.Close:
            event.ignore()
            return True
        return super().event(event)


class Lowered(QObject):
    """A window on each monitor, at the bottom of all, whenever it comes (X11; Windows, never run there).

    A window manager is asked for the bottom as for any other place. What bypasses it is for menus: those of
    GNOME, MATE and Xfce keep that on top, and the ground lay over a living screen for ever (seen).
    """

    there = Signal()

    def __init__(self, app: QGuiApplication, state: GroundState) -> None:
        super().__init__()
        self._state = state
        self._windows: dict[QScreen, GroundWindow] = {}
        for screen in app.screens():
            self._add(screen)
        app.screenAdded.connect(self._add)
        app.screenRemoved.connect(self._remove)

    def show_state(self, state: GroundState) -> None:
        self._state = state
        for window in self._windows.values():
            window.show_state(state)

    def _add(self, screen: QScreen) -> None:
        window = self._windows[screen] = GroundWindow(_BENEATH, self._state)
        window.there.connect(self.there)
        screen.geometryChanged.connect(window.setGeometry)
        window.setScreen(screen)
        window.setGeometry(screen.geometry())
        window.create()
        window.lower()
        window.show()
        window.lower()  # whatever showing has done to it

    def _remove(self, screen: QScreen) -> None:
        window = self._windows.pop(screen, None)
        if window is not None:
            window.destroy()
            window.deleteLater()


class First(GroundWindow):
    """The one window that was there before the screen's, where the newest lies on top (Wayland, as in cage).

    It is never shown anew: that would bring it over the screen.
    """

    def __init__(self, app: QGuiApplication, state: GroundState) -> None:
        super().__init__(Qt.WindowType.FramelessWindowHint, state)
        self._app = app
        self._changed = False
        for screen in app.screens():
            self._watch(screen)
        app.screenAdded.connect(self._watch)
        for signal_ in (app.screenAdded, app.screenRemoved):
            signal_.connect(self._follow)
        self.resize(self._whole().size())
        self.showFullScreen()

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._follow)

    def _whole(self) -> QRect:
        """All monitors: that is what such a compositor lays a window over."""
        return self._app.primaryScreen().virtualGeometry()

    def _follow(self) -> None:
        self._changed = True
        whole = self._whole()
        if not whole.isEmpty() and whole.size() != self.size():
            self.resize(whole.size())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """cage 0.1.4 tells a window the size that was right when it came, to its end (seen)."""
        super().resizeEvent(event)
        if self._changed:
            self._follow()


def be_background(app: QGuiApplication, state: GroundState) -> None:
    """In a compositor's layer for backgrounds: this process becomes the program that stays there for it.

    sway has a background of its own, which may lie above another (seen with 1.7): it is given the pictures.
    """
    pictures = [("*", png(_USUAL, state))]  # for a monitor that comes later
    for screen in app.screens():
        if screen.name():  # without one it is what Qt makes up where there is no monitor
            pictures.append((screen.name(), png(screen.size() * screen.devicePixelRatio(), state)))
    stays = (_given_to_sway if "SWAYSOCK" in os.environ else _shown_by_swaybg)(pictures)
    tell(there=True)
    os.execvp(stays[0], stays)


def _given_to_sway(pictures: list[tuple[str, bytes]]) -> list[str]:
    """sway reads them again for each monitor that comes. What stays tells by its end that sway is gone."""
    folder = Path(os.environ.get("RUNTIME_DIRECTORY") or os.environ.get("XDG_RUNTIME_DIR") or mkdtemp())
    for number, (output, picture) in enumerate(pictures):
        file = folder / f"kamizero-ground-{number}.png"
        file.write_bytes(picture)
        background = ["output", output, "bg", str(file), "fit", theme.Kiosk.INK_900]
        subprocess.run(["swaymsg", "-q", *background], check=True, timeout=BEAT, stdout=subprocess.DEVNULL)
    return ["swaymsg", "-q", "-m", "-t", "subscribe", '["shutdown"]']


def _shown_by_swaybg(pictures: list[tuple[str, bytes]]) -> list[str]:
    """They lie in memory, without a name."""
    words = ["swaybg"]
    for output, picture in pictures:
        memory = os.memfd_create("kamizero-ground", 0)
        os.write(memory, picture)
        words += ["--output", output, "--image", f"/proc/self/fd/{memory}", "--mode", "fit"]
        words += ["--color", theme.Kiosk.INK_900]
    return words


def png(size: QSize, state: GroundState) -> bytes:
    """A picture of so many device pixels."""
    picture = QImage(size, QImage.Format.Format_RGB32)
    with QPainter(picture) as painter:
        paint_ground(painter, picture.width(), picture.height(), 1.0, state)
    made = QBuffer()
    made.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(made, "PNG", _PNG_QUALITY)  # type: ignore[call-overload]  # the format is text for PySide
    return bytes(made.data().data())


class Ear(QObject):
    """Hears the supervisor, in a thread."""

    heard = Signal(object)

    def start(self) -> None:
        threading.Thread(target=self._listen, name="supervisor", daemon=True).start()

    def _listen(self) -> None:
        while True:
            self.heard.emit(hear())


def stay(app: QGuiApplication, show: Callable[[GroundState], None]) -> int:
    """Shows what the supervisor says, and says that it lives."""
    ear = Ear()
    ear.heard.connect(lambda state: show(spoken(state)))
    ear.start()
    beat = QTimer(interval=round(BEAT * 1000))
    beat.timeout.connect(lambda: tell(alive=True))
    beat.start()
    return app.exec()


def end_with(supervisor: int) -> None:
    """Also when this process stands still, or is another program by then (Linux; else the pipe tells)."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
    if os.getppid() != supervisor:
        os._exit(0)


def main(words: list[str]) -> int:
    for number in (signal.SIGINT, signal.SIGTERM):  # the supervisor ends it, when the screen has ended
        signal.signal(number, signal.SIG_IGN)
    end_with(int(words[1]))
    priority.give_up_memory(priority.GROUND)
    way = Way(words[0])
    if way is not Way.FIRST:  # nobody waits for it
        priority.give_way(idle=False)
    wording.register(ENGLISH)
    app = QGuiApplication(["kamizero-ground"])
    app.setQuitOnLastWindowClosed(False)
    theme.load_fonts()
    state = spoken(hear())
    if way is Way.BACKGROUND:
        try:
            be_background(app, state)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"kiosk: no ground: {error}", file=sys.stderr, flush=True)
            return 1
    ground = Lowered(app, state) if way is Way.LOWERED else First(app, state)
    ground.there.connect(lambda: tell(there=True))
    return stay(app, ground.show_state)
