"""An unclosed briefing is read back in a thread, so that the window lives meanwhile."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

from pageview.segments import SegmentStore
from presenter.at_rest import AtRestKey
from presenter.briefings import Left
from presenter.session_secrets import SessionSecrets
from protocol.errors import Refusal


class Recovery(QObject):
    """``begin``, then ``done`` or ``failed``."""

    done = Signal(object)
    """Resumed (`presenter.read_back`)"""
    failed = Signal(str)
    """Words that say why it cannot go on."""

    def __init__(
        self, secrets: SessionSecrets, store: SegmentStore, key: AtRestKey, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._secrets, self._store, self._key = secrets, store, key
        self._thread: threading.Thread | None = None

    def begin(self, left: Left) -> None:
        """Starts reading."""
        self._thread = threading.Thread(target=self._read, args=(left,), name="recovery", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Waits for a reading under way."""
        if self._thread is not None:
            self._thread.join()

    def _read(self, left: Left) -> None:
        # Loads the network's parts, which the first paint must not wait for.
        from presenter.read_back import ReadBack

        try:
            self.done.emit(ReadBack(self._secrets, self._store, self._key).read(left))
        except Refusal:
            self.failed.emit("前回の説明の記録を読めません。資料を選び直してください。")
