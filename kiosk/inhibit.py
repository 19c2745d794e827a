"""Keeps screen saver and sleep away while something is shown. A system without such a service is fine."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject

log = logging.getLogger(__name__)

WHAT = "Kamizero"
_SCREEN_SAVER = ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver")
_LOGIND = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
_CALL_MS = 1_000
# Windows: ES_CONTINUOUS | ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED.
_AWAKE, _USUAL = 0x80000003, 0x80000000


class Inhibitor(QObject):
    """`hold` while showing, `release` afterwards; each may be called again without effect."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._saver_held = False
        self._lock: object | None = None
        self._held = False

    @property
    def holding(self) -> tuple[str, ...]:
        """The services that keep the screen on for us."""
        held = (("ScreenSaver", self._saver_held), ("logind", self._lock is not None))
        return tuple(name for name, is_held in held if is_held)

    def hold(self) -> None:
        if self._held:
            return
        self._held = True
        if sys.platform == "win32":
            _set_execution_state(_AWAKE)
            return
        if sys.platform == "linux":
            self._hold_screen_saver()
            self._hold_logind()

    def release(self) -> None:
        if not self._held:
            return
        self._held = False
        if sys.platform == "win32":
            _set_execution_state(_USUAL)
            return
        if self._saver_held:
            from PySide6.QtDBus import QDBusConnection

            # Whoever leaves the bus no longer holds anything off. (Qt for Python cannot send the unsigned
            # number that UnInhibit wants.)
            QDBusConnection.disconnectFromBus(WHAT)
            self._saver_held = False
        # Closing logind's descriptor gives its lock back.
        self._lock = None

    def _hold_screen_saver(self) -> None:
        if not _session_bus_there():
            return
        from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

        message = QDBusMessage.createMethodCall(*_SCREEN_SAVER, _SCREEN_SAVER[0], "Inhibit")
        message.setArguments([WHAT, "showing a briefing"])
        bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, WHAT)
        reply = bus.call(message, QDBus.CallMode.Block, _CALL_MS)
        self._saver_held = reply.type() is QDBusMessage.MessageType.ReplyMessage
        if not self._saver_held:
            QDBusConnection.disconnectFromBus(WHAT)
            log.info("no screen-saver service: %s", reply.errorName())

    def _hold_logind(self) -> None:
        if not Path("/run/dbus/system_bus_socket").exists():
            return
        from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

        message = QDBusMessage.createMethodCall(*_LOGIND, "Inhibit")
        message.setArguments(["idle:sleep", WHAT, "showing a briefing", "block"])
        reply = QDBusConnection.systemBus().call(message, QDBus.CallMode.Block, _CALL_MS)
        if reply.type() is QDBusMessage.MessageType.ReplyMessage and reply.arguments():
            self._lock = reply.arguments()[0]
        else:
            log.info("no lock of logind: %s", reply.errorName())


def _session_bus_there() -> bool:
    """Asking Qt where there is none would start one."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return bool(runtime) and Path(str(runtime), "bus").exists()


def _set_execution_state(state: int) -> None:
    import ctypes

    ctypes.windll.kernel32.SetThreadExecutionState(state)  # type: ignore[attr-defined]
