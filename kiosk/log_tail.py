"""The last lines of this program's own log, which the facilities may fetch. No line of it has content."""

from __future__ import annotations

import logging
from collections import deque

LINES = 500
LINE_LIMIT = 300
OURS = ("kiosk", "protocol", "pageview")
"""Loggers whose lines are ours; what libraries say may quote anything."""


class LogTail(logging.Handler):
    """Remembers; `text` is everything, one line each."""

    _installed: LogTail | None = None

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque(maxlen=LINES)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    @classmethod
    def install(cls) -> None:
        """From now on this program's log is remembered."""
        cls._installed = cls()
        logging.getLogger().addHandler(cls._installed)

    @classmethod
    def of_this_program(cls) -> str:
        """What is remembered, "" before `install`."""
        return "" if cls._installed is None else cls._installed.text()

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in OURS:
            # The first line only: a traceback's others show the source, and values in it.
            self._lines.append(self.format(record).split("\n")[0][:LINE_LIMIT])

    def text(self) -> str:
        return "\n".join(self._lines)
