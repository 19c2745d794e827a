"""What counts as a living screen, and what becomes of one that does not live."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.glass import Glass
from kiosk.pulse import NETWORK_PATIENCE, Pulse
from kiosk.system_restart import restart_machine
from pageview.window_place import WindowPlace
from protocol.transport.runner import Runner
from tests.kiosk.screens import kiosk_app

__all__ = ["kiosk_app"]


class Watched:
    """A pulse beaten by hand, at times of our own."""

    def __init__(self, qtbot: QtBot) -> None:
        self.glass = Glass("largest", WindowPlace(640, 360))
        qtbot.addWidget(self.glass)
        self.front = QWidget()
        self.glass.add(self.front)
        self.glass.open()
        self.glass.bring(self.front)
        assert QTest.qWaitForWindowExposed(self.glass)
        self.now, self.told = 0.0, 0
        self.pulse = Pulse(self.glass, self._tell, lambda: self.now)

    def _tell(self) -> None:
        self.told += 1

    def beat(self) -> bool:
        """Whether the supervisor heard of it."""
        before = self.told
        self.pulse.beat()
        return self.told > before


@pytest.mark.expected_logs("is not painted")
def test_a_window_that_is_not_painted_is_not_alive(kiosk_app: QApplication, qtbot: QtBot) -> None:
    watched = Watched(qtbot)
    assert watched.beat(), "nothing was asked before"
    assert not watched.beat(), "no turn of the loop came between: nothing was painted"
    QApplication.processEvents()
    assert watched.beat()
    watched.glass.setUpdatesEnabled(False)
    QApplication.processEvents()
    watched.glass.hide()
    assert watched.beat(), "what nobody can see need not be painted"


@pytest.mark.expected_logs("network thread")
def test_a_network_thread_that_hangs_is_not_alive(kiosk_app: QApplication, qtbot: QtBot) -> None:
    watched = Watched(qtbot)
    runner, go_on = Runner(), threading.Event()
    runner.start()
    try:
        watched.pulse.watch(runner.call)
        runner.call(go_on.wait)
        assert watched.beat()
        QApplication.processEvents()
        watched.now = NETWORK_PATIENCE
        assert watched.beat(), "it still may"
        QApplication.processEvents()
        watched.now += 0.5
        assert not watched.beat()
        go_on.set()
        QApplication.processEvents()
        qtbot.waitUntil(watched.beat)
    finally:
        go_on.set()
        runner.stop()


def test_the_system_is_asked_for_a_restart_and_its_refusal_is_told(qtbot: QtBot) -> None:
    told: list[str | None] = []
    parent = QObject()
    for words in (["true"], ["sh", "-c", "echo not permitted >&2; exit 1"], ["no-such-program"]):
        heard = len(told)
        restart_machine(words, told.append, parent)
        qtbot.waitUntil(lambda heard=heard: len(told) > heard)
    assert told[:2] == [None, "not permitted"]
    assert told[2]
