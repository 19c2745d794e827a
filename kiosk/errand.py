"""A piece of work in a process of its own: it can be ended at any moment, and takes nothing down with it."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

log = logging.getLogger(__name__)


class Errand(QObject):
    """`begin` it as often as wanted, one at a time. `over` gives the whole lines that the process wrote and
    whether it came to its own end; after `give_up` it says nothing.
    """

    over = Signal(object, bool)
    """(list of lines as bytes, came to its end)"""

    def __init__(
        self, module: str, patience_ms: int, *, quiet: bool = False, parent: QObject | None = None
    ) -> None:
        """``module``: its ``main`` is given the words and returns an exit status. ``quiet``: what it says in
        its need could have content, and stands in no log."""
        super().__init__(parent)
        self._start = f"import sys; from {module} import main; sys.exit(main(sys.argv[1:]))"
        self._name, self._quiet = module, quiet
        self._process: QProcess | None = None
        self._late = QTimer(self, singleShot=True, interval=patience_ms)
        self._late.timeout.connect(self._overran)

    @property
    def under_way(self) -> bool:
        return self._process is not None

    def begin(self, wanted: msgspec.Struct) -> None:
        """Starts the process, which is told this as JSON."""
        self.give_up()
        process = self._process = QProcess(self)
        if self._quiet:
            process.setStandardErrorFile(QProcess.nullDevice())
        else:
            process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        process.setProcessEnvironment(_environment())
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._failed)
        self._late.start()
        process.start(sys.executable, ["-P", "-c", self._start, msgspec.json.encode(wanted).decode()])

    def give_up(self) -> None:
        """The process is gone when this returns."""
        self._late.stop()
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _ended(self, status: int, how: QProcess.ExitStatus) -> None:
        self._close(status == 0 and how is QProcess.ExitStatus.NormalExit)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._close(False)

    def _overran(self) -> None:
        log.info("%s did not come to an end in time", self._name)
        self._close(False)

    def _close(self, whole: bool) -> None:
        self._late.stop()
        process, self._process = self._process, None
        if process is None:
            return
        _end(process)
        written, _, _ = bytes(process.readAllStandardOutput().data()).rpartition(b"\n")
        self.over.emit(written.splitlines(), whole)


def _environment() -> QProcessEnvironment:
    """In which the program's own modules are found, wherever it was started."""
    made = QProcessEnvironment.systemEnvironment()
    root = str(Path(__file__).resolve().parent.parent)
    made.insert("PYTHONPATH", os.pathsep.join(filter(None, [root, made.value("PYTHONPATH")])))
    return made


def _end(process: QProcess) -> None:
    """What it had written can still be read."""
    process.blockSignals(True)
    if process.state() is not QProcess.ProcessState.NotRunning:
        process.kill()
        process.waitForFinished(1_000)
    process.deleteLater()
