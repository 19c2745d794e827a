"""What a kiosk needs of its machine: a window that fills its screen, a display that stays on, no evidence."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.evidence import Evidence, EvidenceRefused
from kiosk.glass import Glass
from kiosk.inhibit import Inhibitor, _session_bus_there
from tests.kiosk.screens import kiosk_app

__all__ = ["kiosk_app"]


def test_what_is_in_front_always_fills_the_glass(kiosk_app: QApplication, qtbot: QtBot) -> None:
    glass = Glass("largest", (1280, 720))
    qtbot.addWidget(glass)
    standby, cover = QWidget(), QWidget()
    for screen in (standby, cover):
        glass.add(screen)
    glass.open()
    glass.bring(standby)
    glass.bring(cover)
    assert (standby.isVisible(), cover.isVisible()) == (False, True)
    with qtbot.waitSignal(glass.resized):
        glass.resize(1920, 1080)
    assert cover.size() == QSize(1920, 1080)
    assert glass.device_size() == (1920, 1080)
    glass.bring(standby)
    assert standby.size() == QSize(1920, 1080)


def test_full_screen_takes_the_size_of_its_monitor(kiosk_app: QApplication, qtbot: QtBot) -> None:
    glass = Glass("largest", None)
    qtbot.addWidget(glass)
    glass.open()
    assert glass.geometry() == QApplication.primaryScreen().geometry()
    assert glass.isFullScreen()


def test_no_service_to_keep_the_display_on_is_no_error(
    kiosk_app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert not _session_bus_there()
    inhibitor = Inhibitor()
    inhibitor.hold()
    inhibitor.hold()
    inhibitor.release()
    inhibitor.release()
    assert inhibitor.holding == ()


SERVICE = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Slot, ClassInfo
from PySide6.QtDBus import QDBusConnection
app = QCoreApplication([])
@ClassInfo({"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class Saver(QObject):
    @Slot(str, str, result="uint")
    def Inhibit(self, who, why):
        print("hold", who, flush=True)
        return 7
    @Slot("uint")
    def UnInhibit(self, cookie):
        print("release", cookie, flush=True)
saver = Saver()
bus = QDBusConnection.sessionBus()
flags = QDBusConnection.RegisterOption.ExportAllSlots
print(bus.registerService("org.freedesktop.ScreenSaver"), flush=True)
bus.registerObject("/org/freedesktop/ScreenSaver", saver, flags)
app.exec()
"""


def test_evidence_is_refused_where_the_facilities_key_is_installed(
    kiosk_app: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    file = Evidence(tmp_path / "shots", (tmp_path / "facilities.pem",)).shoot(widget, "../../page 1")
    assert file == tmp_path / "shots" / "kiosk-page-1-1.png"
    assert file.is_file()
    (tmp_path / "facilities.pem").touch()
    with pytest.raises(EvidenceRefused):
        Evidence(tmp_path / "other", (tmp_path / "facilities.pem",))
    assert not (tmp_path / "other").exists()
