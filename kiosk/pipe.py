"""The screen's end of the talk with its supervisor: JSON lines over stdin and stdout (see `supervisor`)."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from kiosk.ending import can_overlap


class SupervisorPipe(QObject):
    """Takes stdin and stdout for itself: what libraries print goes to stderr from then on."""

    hello = Signal(object, bool)
    """The session secret that the supervisor kept (hex), or None; whether a person hid this wall."""
    counts = Signal(int, int)
    """Screens that ended unexpectedly, and briefings begun, since the supervisor started."""
    go = Signal()
    """The former screen has ended."""
    script = Signal(object)
    """A command of the script: a dict."""
    quit = Signal()

    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._in = os.fdopen(os.dup(0), "rb")
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        self._early: list[Mapping[str, Any]] = []
        self._heard.connect(self._hear)

    def wait_to_be_shown(self) -> None:
        """Until the supervisor says so, or is gone; what else it says meanwhile is heard after `start`."""
        self.tell(ready=True)
        for line in self._in:
            if "show" in (message := json.loads(line)):
                return
            self._early.append(message)

    def start(self) -> None:
        """Begins to listen."""
        threading.Thread(target=self._listen, name="supervisor-pipe", daemon=True).start()

    def tell(self, **message: Any) -> None:
        """One line to the supervisor."""
        try:
            self._out.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
            self._out.flush()
        except BrokenPipeError:
            self.quit.emit()

    def replace(self) -> None:
        """A fresh screen is to come in the place of this one."""
        self.tell(replace=can_overlap())

    def _listen(self) -> None:
        for message in self._early:
            self._heard.emit(message)
        for line in self._in:
            self._heard.emit(json.loads(line))
        self._heard.emit({"quit": True})

    def _hear(self, message: Mapping[str, Any]) -> None:
        match message:
            case {"hello": secret, "hidden": hidden}:
                self.hello.emit(secret, hidden)
            case {"restarts": restarts, "briefings": briefings}:
                self.counts.emit(restarts, briefings)
            case {"go": _}:
                self.go.emit()
            case {"script": command}:
                self.script.emit(command)
            case {"quit": _}:
                self.quit.emit()
