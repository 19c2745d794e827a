"""The machine is started anew by its system, and what that says to it. The window goes on meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QProcess, QTimer

WORDS = ("shutdown", "/r", "/t", "0") if sys.platform == "win32" else ("systemctl", "reboot")
PATIENCE_MS = 10_000
"""For the system to say whether it does."""


def restart_machine(words: Sequence[str], done: Callable[[str | None], None], parent: QObject) -> None:
    """Runs these words; ``done`` is told None when the system obeys, else why it does not."""
    system = QProcess(parent)
    QTimer.singleShot(PATIENCE_MS, system, system.kill)

    def finished() -> None:
        good = system.exitStatus() is QProcess.ExitStatus.NormalExit and system.exitCode() == 0
        said = bytes(system.readAllStandardError().data()).decode(errors="replace").strip()
        done(None if good else (said or system.errorString()))
        system.deleteLater()

    def failed(error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            done(system.errorString())
            system.deleteLater()

    system.finished.connect(finished)
    system.errorOccurred.connect(failed)
    system.start(words[0], list(words[1:]))
