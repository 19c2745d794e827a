"""The log of a display as a file: one JSON object a line, in pieces of bounded size; the oldest goes.

The supervisor writes it, also for its screens: what was said before a screen died is there afterwards. A disk
that is slow or full holds up nobody. No line has content (`kiosk.log_lines`). Standard library only.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from typing import Any

NAME = "kiosk.jsonl"
PIECE = 2**20
PIECES = 5
EARLY = 100
"""So many lines are kept until it is known where they go."""


def line(level: str, source: str, text: str, pid: int, **more: str) -> dict[str, Any]:
    """One line, now. The fields are described in the guide for the IT staff."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"t": now, "level": level, "source": source, "text": text, "pid": pid, **more}


class LogFile:
    """`open` when the folder is known; `add` returns at once."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
        self._early: deque[Mapping[str, Any]] = deque(maxlen=EARLY)
        self._listener: QueueListener | None = None

    def open(self, folder: Path) -> None:
        """From now on there; what was added before too. Once: a second folder is not looked at."""
        if self._listener is not None:
            return
        with suppress(OSError):  # the handler will say so
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = _Pieces(folder / NAME, maxBytes=PIECE, backupCount=PIECES - 1, encoding="utf-8", delay=True)
        self._listener = QueueListener(self._queue, handler)
        self._listener.start()
        while self._early:
            self._put(self._early.popleft())

    def add(self, line: Mapping[str, Any]) -> None:
        """One line at the end."""
        if self._listener is None:
            self._early.append(line)
        else:
            self._put(line)

    def close(self) -> None:
        """All of it is written when this returns."""
        if self._listener is not None:
            self._listener.stop()
            for handler in self._listener.handlers:
                handler.close()

    def _put(self, line: Mapping[str, Any]) -> None:
        self._queue.put(logging.makeLogRecord({"msg": json.dumps(line, ensure_ascii=False)}))


class _Pieces(RotatingFileHandler):
    _told = False

    def handleError(self, record: logging.LogRecord) -> None:
        if not self._told:
            self._told = True
            print(f"kiosk: the log cannot be written: {sys.exc_info()[1]}", file=sys.stderr, flush=True)


def read_plain(folder: Path, limit: int) -> str:
    """The newest of it for people, a line each, of so many bytes at most; "" where there is none."""
    found: deque[str] = deque()
    length = 0
    for number in range(PIECES):
        try:
            text = (folder / (f"{NAME}.{number}" if number else NAME)).read_text("utf-8", "replace")
        except OSError:
            continue
        for each in reversed(text.rstrip("\n").split("\n")):  # a line may quote other signs that end one
            plain = _plain(each)
            length += len(plain.encode()) + 1
            if length > limit:
                return "\n".join(found)
            found.appendleft(plain)
    return "\n".join(found)


def _plain(text: str) -> str:
    """Half a line, of a display that lost its power, is shown as it is."""
    try:
        read = json.loads(text)
        when = datetime.fromisoformat(read["t"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        more = "".join(f" {read[name]}" for name in ("error", "at") if name in read)
        return f"{when} {read['level']} {read['source']}: {read['text']}{more}"
    except (ValueError, KeyError, TypeError):
        return text[:300]
