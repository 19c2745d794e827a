"""What a kiosk needs of its machine: a window that fills its screen, a display that stays on, no evidence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.evidence import Evidence, EvidenceRefused
from kiosk.glass import FirstSight, Glass, TouchWatch
from kiosk.inhibit import Inhibitor, _session_bus_there
from pageview.window_place import WindowPlace
from tests.kiosk.screens import kiosk_app

__all__ = ["kiosk_app"]

ROOT = Path(__file__).parent.parent.parent


def test_what_is_in_front_always_fills_the_glass(kiosk_app: QApplication, qtbot: QtBot) -> None:
    glass = Glass("largest", WindowPlace(1280, 720))
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


def test_what_is_to_come_after_the_first_paint_waits_until_it_is_seen(
    kiosk_app: QApplication, qtbot: QtBot
) -> None:
    glass = Glass("largest", WindowPlace(600, 400))
    qtbot.addWidget(glass)
    glass.open()
    with qtbot.waitSignal(FirstSight(glass, patience_ms=600_000).came):
        pass
    assert glass.windowHandle().isExposed()
    glass.hide()
    with qtbot.waitSignal(FirstSight(glass, patience_ms=1).came):
        pass
    assert not glass.windowHandle().isExposed(), "where nobody can see it nothing waits for ever"


def test_a_touch_screen_plugged_in_later_is_noticed_by_its_first_touch(
    kiosk_app: QApplication, qtbot: QtBot
) -> None:
    glass = Glass("largest", WindowPlace(600, 400))
    qtbot.addWidget(glass)
    glass.open()
    watch = TouchWatch(glass)
    assert QTest.qWaitForWindowExposed(glass)
    finger = QTest.createTouchDevice()
    with qtbot.waitSignal(watch.found):
        QTest.touchEvent(glass, finger).press(0, QPoint(50, 50), glass).commit()
    QTest.touchEvent(glass, finger).release(0, QPoint(50, 50), glass).commit()


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
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection

@ClassInfo({"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class Saver(QObject):
    @Slot(str, str, result="uint")
    def Inhibit(self, who, why):
        print("held by", who, flush=True)
        return 7

app = QCoreApplication([])
saver, bus = Saver(), QDBusConnection.sessionBus()
bus.registerObject("/org/freedesktop/ScreenSaver", saver, QDBusConnection.RegisterOption.ExportAllSlots)
print("there", bus.registerService("org.freedesktop.ScreenSaver"), flush=True)
app.exec()
"""
# A service forgets whoever leaves the bus: that is how the display is given back.
CLIENT = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher
from kiosk.inhibit import WHAT, Inhibitor

app = QCoreApplication([])
service = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True)
print(service.stdout.readline(), end="")
inhibitor, bus = Inhibitor(), QDBusConnection.sessionBus()
inhibitor.hold()
print(service.stdout.readline(), *inhibitor.holding)
name = QDBusConnection(WHAT).baseService()
there = bus.interface().isServiceRegistered(name).value()
watcher = QDBusServiceWatcher(name, bus, QDBusServiceWatcher.WatchModeFlag.WatchForUnregistration)
watcher.serviceUnregistered.connect(app.quit)
inhibitor.release()
app.exec()
print("on the bus:", there, bus.interface().isServiceRegistered(name).value())
service.kill()
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="no D-Bus on this machine")
def test_the_screen_saver_is_held_off_and_released() -> None:
    words = ["dbus-run-session", "--", sys.executable, "-c", CLIENT, SERVICE]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=30)
    said = done.stdout.split("\n")
    assert said == ["there True", "held by Kamizero", " ScreenSaver", "on the bus: True False", ""], (
        done.stderr
    )


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
