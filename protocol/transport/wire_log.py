"""``--wire-log FILE``: every message as one line of JSON, behind ``<`` received, ``>`` sent, ``=`` state or
``!`` error. Bytes and texts are shortened by the codec; codes and secrets are in no message."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic
from typing import TextIO

from protocol.codec import as_json
from protocol.errors import Unavailable
from protocol.messages import BulkMessage, Message


class WireLog:
    """An open log. It is for developers: not opened unless asked for."""

    def __init__(self, path: Path) -> None:
        try:
            self._file: TextIO = path.open("a", encoding="utf-8", buffering=1)
        except OSError as error:
            raise Unavailable(f"wire log {path}: {error.strerror}") from error

    def message(self, received: bool, who: str, message: Message | BulkMessage) -> None:
        """One message of the link that is called ``who``."""
        self._line("<" if received else ">", who, as_json(message))

    def state(self, who: str, state: str) -> None:
        """What became of a link."""
        self._line("=", who, json.dumps(state, ensure_ascii=False))

    def error(self, who: str, reason: str) -> None:
        """What went wrong with a link."""
        self._line("!", who, json.dumps(reason, ensure_ascii=False))

    def close(self) -> None:
        """Writes what is left."""
        self._file.close()

    def _line(self, sign: str, who: str, text: str) -> None:
        if not self._file.closed:
            self._file.write(f"{monotonic():.4f} {sign} {who} {text}\n")
