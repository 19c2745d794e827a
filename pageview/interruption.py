"""Ctrl-C, a terminal that is closed, the system's shutdown: the program hears of it and ends in order.

Python's own handlers run only between two lines of Python, and Qt may wait for hours without one: the signal
is therefore written to a socket that Qt listens to. A second one ends the process at once.
"""

from __future__ import annotations

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Interruption(QObject):
    """``came`` is sent in Qt's own time. Signals that somebody has chosen to ignore stay ignored."""

    came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard, self._told = socket.socketpair()
        for end in (self._heard, self._told):
            end.setblocking(False)
        signal.set_wakeup_fd(self._told.fileno())
        for number in (getattr(signal, name) for name in SIGNALS if hasattr(signal, name)):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda came, _frame: signal.signal(came, signal.SIG_DFL))
        self._notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)

    def _hear(self) -> None:
        self._heard.recv(64)
        self.came.emit()
