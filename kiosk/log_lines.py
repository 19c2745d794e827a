"""What this program logs, given to the supervisor for its file. No line of it has content."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.log_file import line

LINE_LIMIT = 300
OURS = ("kiosk", "protocol", "pageview")
"""Loggers whose lines are ours; what libraries say may quote anything."""


class LogLines(logging.Handler):
    """``tell`` gets each line as a table (`kiosk.log_file.line`)."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] not in OURS:
            return
        text = record.getMessage().split("\n")[0][:LINE_LIMIT]
        self._tell(line(record.levelname, record.name, text, os.getpid(), **_error(record)))


def _error(record: logging.LogRecord) -> dict[str, str]:
    """An exception's kind and its last place in our source; never its words, which may quote a document."""
    kind, _, trace = record.exc_info or (None, None, None)
    if kind is None:
        return {}
    places = [frame for frame in traceback.extract_tb(trace) if _is_ours(Path(frame.filename))]
    at = {"at": f"{'/'.join(Path(places[-1].filename).parts[-2:])}:{places[-1].lineno}"} if places else {}
    return {"error": kind.__name__, **at}


def _is_ours(file: Path) -> bool:
    return any(part in OURS for part in file.parts[-3:-1])
