"""The settings of this run: read at the start, written a moment after a change."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from presenter.settings import Settings, read_settings, write_settings

log = logging.getLogger(__name__)

AFTER_MS = 500


class SettingsFile(QObject):
    """``value`` is always the newest; ``wrong`` are sentences about what could not be read."""

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self.value, self.wrong = read_settings(file)
        self._keep_aside = bool(self.wrong)
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self.write)

    def change(self, how: Callable[[Settings], Settings]) -> None:
        """Changes them; the file follows."""
        changed = how(self.value)
        if changed != self.value:
            self.value = changed
            self._timer.start()

    def write(self) -> None:
        """Writes them now; what the disk refuses is told in the log, and written with the next change."""
        self._timer.stop()
        try:
            if self._keep_aside:
                # What could not be read was written by a person, who may yet mend it, or has taken it away.
                with suppress(FileNotFoundError):
                    shutil.copy2(self._file, self._file.with_suffix(".wrong.toml"))
                self._keep_aside = False
            write_settings(self._file, self.value)
        except OSError as refused:
            log.warning("the settings could not be written: %s", refused)
