"""Commands, a line each, on standard input; events on standard output, a JSON object a line."""

from __future__ import annotations

import json
import sys
import threading
import time

from PySide6.QtCore import QObject, Signal


class StdinLines(QObject):
    """Reads in a thread, once somebody listens. The end of the input is a last command, quit."""

    came = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = threading.Thread(target=self._read, name="script", daemon=True)

    def start(self) -> None:
        """Reads from now on; no effect when it does already."""
        if self._thread.ident is None:
            self._thread.start()

    def _read(self) -> None:
        for line in sys.stdin:
            if line.strip():
                self.came.emit(line)
        self.came.emit('{"do": "quit"}')


def tell(event: str, **values: object) -> bool:
    """Writes one event, with ``t`` in monotonic nanoseconds; False when nobody listens any more."""
    line = json.dumps({"event": event, "t": time.monotonic_ns(), **values}, ensure_ascii=False)
    try:
        # A file's name may be no text; what UTF-8 cannot carry is written as JSON's own escape.
        print(line.encode("utf-8", "backslashreplace").decode("utf-8"), flush=True)
    except BrokenPipeError:
        return False
    return True
