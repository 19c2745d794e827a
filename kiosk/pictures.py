"""Pictures between times of standby: one after the other, from a file or a folder.

No picture and no standby stays in its place for long, and whoever comes to use the wall finds standby.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from kiosk.house_settings import StandbyContent
from kiosk.picture_reader import Picture, PictureReader
from kiosk.picture_screen import PictureScreen
from kiosk.standby_state import Availability, CodeNote, StandbyState
from pageview.left_behind import emit_if_there
from protocol.manage import Check, CheckResult, Verdict

log = logging.getLogger(__name__)

CLOSE = 0.5
"""Seconds. A share that hangs is not waited for."""


class Pictures(QObject):
    """`start` it once; does nothing where no pictures are set. `changed`: another screen is to be brought.
    `judged`: more of them are left out, or fewer; `result` says it."""

    changed = Signal()
    judged = Signal()
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
        self._reader = PictureReader(Path(settings.pictures)) if settings.pictures else None
        self._left_out: int | None = None  # not known yet
        self._shown = self._missed = False
        self._reading: threading.Thread | None = None
        self._read.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self._next)
        screen.touched.connect(self.rest)

    def start(self) -> None:
        """Standby first."""
        if self._reader is not None:
            self.rest()

    def close(self) -> None:
        self._turn.stop()
        self._shown = False
        if self._reader is not None:
            self._reader.end()
        if self._reading is not None:
            self._reading.join(CLOSE)

    def front(self) -> QWidget | None:
        """What stands in front of standby now (`screens.Screens.instead`)."""
        return self._screen if self._shown else None

    def rest(self) -> None:
        """Standby from now on, for its while."""
        if self._reader is None:
            return
        shown, self._shown = self._shown, False
        self._turn.start(round(self._settings.between_seconds * 1_000))
        if shown:
            self.changed.emit()
            self._screen.show_picture(None)  # its memory is no standby's

    def result(self) -> tuple[CheckResult, ...]:
        """For the self-test; nothing where no pictures are set, or none was read yet."""
        if self._left_out is None:
            return ()
        verdict = Verdict.LOOK if self._left_out else Verdict.GOOD
        return (CheckResult(Check.PICTURES, verdict, self._left_out),)

    def standby_says(self, state: StandbyState) -> None:
        """What standby would say; what somebody has to see there ends a picture."""
        self._screen.show_state(state)
        urgent = (
            state.choosers
            or state.note is CodeNote.WRONG
            or state.availability is not Availability.FREE
            or not state.network_ok
        )
        if urgent and self._reader is not None and (self._shown or self._turn.isActive()):
            self.rest()

    def _next(self) -> None:
        """The next picture is read, in another thread; a share that hangs holds nothing up."""
        if self._shown or self._held():
            self.rest()
            return
        reader = self._reader
        if reader is not None and not (self._reading is not None and self._reading.is_alive()):
            # No thread of a pool: a program ends with a share that hangs, too.
            self._reading = threading.Thread(
                target=self._read_next,
                args=(reader, *self._screen.picture_px()),
                name="kamizero-pictures",
                daemon=True,
            )
            self._reading.start()

    def _read_next(self, reader: PictureReader, width: int, height: int) -> None:
        found = reader.read_next(width, height)
        emit_if_there(self._read, found)

    def _take(self, found: tuple[Picture | None, int]) -> None:
        picture, left_out = found
        if left_out != self._left_out:
            self._left_out = left_out
            self.judged.emit()
        if picture is None and not self._missed:
            log.info("no picture can be shown from %s", self._settings.pictures)
        self._missed = picture is None
        if picture is None or self._held():
            self.rest()
            return
        self._screen.show_picture(_image(picture))
        self._shown = True
        self._turn.start(round(self._settings.picture_seconds * 1_000))
        self.changed.emit()


def _image(picture: Picture) -> QImage:
    """On the pixels as they are: Qt's binding holds them for as long as there is a copy of the image."""
    width, height = picture.width, picture.height
    return QImage(picture.pixels, width, height, 4 * width, QImage.Format.Format_RGB32)
