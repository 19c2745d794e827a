"""Saves private notes a moment after they were typed, in a thread, until the disk has taken them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QObject, QTimer, Signal

from presenter.notes import Notes

AFTER_MS = 800
RETRY_MS = 2_000


class NotesSaver(QObject):
    """Call ``soon`` after each change and ``close`` before the program ends."""

    trouble = Signal(object)
    """OSError while the disk refuses, None when it takes again."""
    _done = Signal(object, object)

    def __init__(self, notes: Notes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notes = notes
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notes")
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._start)
        self._retry = QTimer(self, singleShot=True, interval=RETRY_MS)
        self._retry.timeout.connect(self._start)
        self._busy = False
        self._troubled = False
        self._done.connect(self._finished)

    def soon(self) -> None:
        """Something was typed."""
        self._timer.start()

    def close(self) -> None:
        """Saves at once what is not saved; OSError when the disk takes nothing to the last."""
        self._timer.stop()
        self._retry.stop()
        self._writer.shutdown(wait=True)
        self._notes.save()

    def _start(self) -> None:
        if self._busy or not self._notes.unsaved:
            return
        self._busy = True
        changes = self._notes.changes()
        future = self._writer.submit(self._notes.write_changes, changes)
        future.add_done_callback(lambda done: self._hand_over(changes, done))

    def _hand_over(self, changes: Mapping[bytes, bytes], done: Future[None]) -> None:
        error = done.exception()
        if isinstance(error, OSError):
            # In this thread, so that `close` finds them unsaved when the event loop no longer runs.
            self._notes.failed(changes)
        self._done.emit(changes, error)

    def _finished(self, _changes: Mapping[bytes, bytes], error: BaseException | None) -> None:
        self._busy = False
        if isinstance(error, OSError):
            self._troubled = True
            self.trouble.emit(error)
            self._retry.start()
        elif error is not None:
            raise error
        else:
            if self._troubled:
                self._troubled = False
                self.trouble.emit(None)
            if self._notes.unsaved:
                self._timer.start()
