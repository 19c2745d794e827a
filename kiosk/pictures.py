"""Pictures between times of standby: one after the other, from a file or a folder.

No picture and no standby stays in its place for long, and whoever comes to use the wall finds standby.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import QWidget

from kiosk.house_settings import StandbyContent
from kiosk.picture_screen import PictureScreen
from kiosk.standby_state import Availability, CodeNote, StandbyState

log = logging.getLogger(__name__)

KINDS = (".png", ".jpg", ".jpeg")
_READ = {b"png", b"jpeg"}
"""By what is in it: the system has readers for much else (an SVG has other files read)."""
FILE_LIMIT = 40 * 2**20
SIDE_LIMIT = 16_000
FILES_LIMIT = 200
CLOSE = 0.5
"""Seconds. A share that hangs is not waited for."""


class Pictures(QObject):
    """`start` it once; does nothing where no pictures are set. `changed`: another screen is to be brought."""

    changed = Signal()
    _read = Signal(object)

    def __init__(
        self,
        settings: StandbyContent,
        screen: PictureScreen,
        held: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        """``held``: something else is to be seen now."""
        super().__init__(parent)
        self._held = held
        self._settings, self._screen = settings, screen
        self._place = Path(settings.pictures) if settings.pictures else None
        self._last = ""
        self._shown = self._missed = False
        self._reading: threading.Thread | None = None
        self._read.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self._next)
        screen.touched.connect(self.rest)

    def start(self) -> None:
        """Standby first."""
        if self._place is not None:
            self.rest()

    def close(self) -> None:
        self._turn.stop()
        self._shown = False
        if self._reading is not None:
            self._reading.join(CLOSE)

    def front(self) -> QWidget | None:
        """What stands in front of standby now (`screens.Screens.instead`)."""
        return self._screen if self._shown else None

    def rest(self) -> None:
        """Standby from now on, for its while."""
        if self._place is None:
            return
        shown, self._shown = self._shown, False
        self._turn.start(round(self._settings.between_seconds * 1_000))
        if shown:
            self.changed.emit()

    def standby_says(self, state: StandbyState) -> None:
        """What standby would say; what somebody has to see there ends a picture."""
        self._screen.show_state(state)
        urgent = (
            state.choosers
            or state.note is CodeNote.WRONG
            or state.availability is not Availability.FREE
            or not state.network_ok
        )
        if urgent and self._place is not None and (self._shown or self._turn.isActive()):
            self.rest()

    def _next(self) -> None:
        """The next picture is read, in another thread; a share that hangs holds nothing up."""
        if self._shown or self._held():
            self.rest()
            return
        place, last = self._place, self._last
        if place is not None and not (self._reading is not None and self._reading.is_alive()):
            asked = place, last, self._screen.picture_px()
            # No thread of a pool: a program ends with a share that hangs, too.
            self._reading = threading.Thread(
                target=self._read_next, args=asked, name="kamizero-pictures", daemon=True
            )
            self._reading.start()

    def _read_next(self, place: Path, last: str, size: tuple[int, int]) -> None:
        found = next_picture(place, last, size)
        with suppress(RuntimeError):  # the screen has gone meanwhile
            self._read.emit(found)

    def _take(self, found: tuple[str, QImage | None]) -> None:
        name, picture = found
        if picture is None and not self._missed:
            log.info("no picture can be shown from %s", self._place)
        self._missed = picture is None
        if picture is None or self._held():
            self.rest()
            return
        self._last = name
        self._screen.show_picture(picture)
        self._shown = True
        self._turn.start(round(self._settings.picture_seconds * 1_000))
        self.changed.emit()


def next_picture(place: Path, last: str, size: tuple[int, int]) -> tuple[str, QImage | None]:
    """The first picture after ``last`` that can be read, by name and round again; None: there is none."""
    try:
        found = sorted(place.iterdir()) if place.is_dir() else [place]
    except OSError:
        return "", None
    files = [each for each in found if each.suffix.lower() in KINDS][:FILES_LIMIT]
    after = [each for each in files if each.name > last]
    for file in [*after, *(each for each in files if each not in after)]:
        picture = _picture(file, size)
        if picture is not None:
            return file.name, picture
    return "", None


def _picture(file: Path, size: tuple[int, int]) -> QImage | None:
    """Not larger than it is shown; what is no picture, or far too large, is passed over."""
    try:
        # Not by the reader: while that waits for a share, every other thread would.
        with file.open("rb") as source:
            data = source.read(FILE_LIMIT + 1)
    except OSError:
        return None
    if len(data) > FILE_LIMIT:
        return None
    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    if reader.format().data() not in _READ:
        return None
    reader.setAutoTransform(True)
    whole = reader.size()
    if not whole.isValid() or max(whole.width(), whole.height()) > SIDE_LIMIT:
        return None
    if whole.width() > size[0] or whole.height() > size[1]:
        reader.setScaledSize(whole.scaled(QSize(*size), Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return None if picture.isNull() else picture
