"""Turns the display's signal or power off and on by the system's own commands, where there are any.

DPMS: ``swaymsg``, ``wlopm`` or ``wlr-randr`` under Wayland, ``xset`` under X11. CEC: ``cec-ctl`` and an
adapter that the kernel knows. Where nothing is found the screen is black only.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer

from kiosk.house_settings import Off

log = logging.getLogger(__name__)

PATIENCE_MS, CLOSE_MS = 10_000, 1_000
MARK = "display-off"
_CEC = Path("/dev/cec0")
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """Two commands of the system."""

    off: Words
    on: Words


def found_switch(
    off: Off,
    screen: str,
    environment: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
    adapter: Path = _CEC,
) -> Switch | None:
    """What this system has for that way of being dark; ``screen``: the name of the monitor's output."""
    ways: list[Switch] = []
    if off == "cec" and adapter.exists():
        there = ("cec-ctl", "--device", str(adapter), "--playback", "--to", "0")
        ways.append(Switch((*there, "--standby"), (*there, "--image-view-on")))
    if off == "dpms" and environment.get("SWAYSOCK"):
        ways.append(Switch(*(("swaymsg", f'output "{screen}" dpms {word}') for word in ("off", "on"))))
    if off == "dpms" and environment.get("WAYLAND_DISPLAY"):
        ways.append(Switch(("wlopm", "--off", screen), ("wlopm", "--on", screen)))
        randr = ("wlr-randr", "--output", screen)
        ways.append(Switch((*randr, "--off"), (*randr, "--on")))
    elif off == "dpms" and environment.get("DISPLAY"):
        ways.append(Switch(("xset", "dpms", "force", "off"), ("xset", "dpms", "force", "on")))
    return next((each for each in ways if which(each.off[0])), None)


class DisplayPower(QObject):
    """`turn` it off and on; a command that fails is told to the log, and the screen is black all the same.

    ``state``: a folder in which it is marked that the display is off. A program that was killed in the dark
    leaves the mark, and the next one turns the display on; none does so without need.
    """

    def __init__(self, switch: Switch | None, state: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._switch = switch
        self._mark = state / MARK
        self._on = not self._mark.exists()
        self._wish = self._on
        self._words: Words = ("",)
        self._process: QProcess | None = None
        self._late = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._late.timeout.connect(self._overran)

    def turn(self, on: bool) -> None:
        """Once for each change; the last wish counts, whatever is under way."""
        if self._switch is None or on is self._on:
            return
        self._on = on
        try:
            self._mark.unlink(missing_ok=True) if on else self._mark.touch()
        except OSError as error:
            log.warning("whether the display is off cannot be marked: %s", error)
        if self._process is None:
            self._run()

    def close(self) -> None:
        """A display is not left dark by a program that ends."""
        process, self._process = self._process, None
        self._late.stop()
        if process is not None:
            process.blockSignals(True)
            process.waitForFinished(CLOSE_MS)
            process.kill()
            process.waitForFinished(CLOSE_MS)
        if not self._on and self._switch is not None:
            self._mark.unlink(missing_ok=True)
            QProcess.startDetached(self._switch.on[0], list(self._switch.on[1:]))

    def _run(self) -> None:
        assert self._switch is not None
        self._words = self._switch.on if self._on else self._switch.off
        self._wish = self._on
        process = self._process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        # Methods, not functions that hold this object: the process is a child of it, and dies first.
        process.finished.connect(self._done)
        process.errorOccurred.connect(self._failed)
        self._late.start()
        process.start(self._words[0], list(self._words[1:]))

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._done(-1)

    def _overran(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _done(self, status: int) -> None:
        process, self._process = self._process, None
        self._late.stop()
        if process is None:
            return
        if status:
            said = bytes(process.readAllStandardOutput().data()).decode(errors="replace").strip()
            log.warning("%s failed (%d): %s", " ".join(self._words), status, said[:200])
        process.deleteLater()
        if self._on is not self._wish:
            self._run()
