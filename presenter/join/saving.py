"""A paper written to a file of the person's choice, as a whole or not at all."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pageview.paper_words import clean_name
from pageview.whole_file import PRIVATE, write_whole

FORBIDDEN = frozenset('\\/:*?"<>|')
NAME_LIMIT = 80


class Saving(QObject):
    """Writes in a thread of its own; one after the other."""

    done = Signal(str)
    """The file's name."""
    failed = Signal(str, str)
    """(the file's name, why)"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: list[threading.Thread] = []

    def save(self, data: memoryview, file: Path) -> None:
        """Starts writing; ``data`` is held until it is written."""
        thread = threading.Thread(target=self._write, args=(data, file), name="saving", daemon=True)
        self._threads = [*(old for old in self._threads if old.is_alive()), thread]
        thread.start()

    def close(self) -> None:
        """Waits for what is being written."""
        for thread in self._threads:
            thread.join()

    def _write(self, data: memoryview, file: Path) -> None:
        try:
            write_whole(data, file, PRIVATE)
        except OSError as refused:
            self.failed.emit(file.name, refused.strerror or str(refused))
        else:
            self.done.emit(file.name)
        finally:
            data.release()


def file_name(title: str) -> str:
    """The name that is offered for a paper of this title; a title from the network is never a path."""
    kept = "".join("_" if sign in FORBIDDEN else sign for sign in clean_name(title, NAME_LIMIT))
    return (kept.strip(" .") or "kamizero") + ".pdf"
