"""Pen, finger and palm: what draws, how strongly, and what never does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pageview.hand import Use
from pageview.touches import PALM_MM, is_palm
from protocol.ink import Stroke
from protocol.ops import Draw
from tests.pageview.paper_in_hand import Paper, paper, processes

__all__ = ["paper", "processes"]


@pytest.fixture
def pen(qtbot: QtBot) -> QPointingDevice:
    return QPointingDevice(
        "pen",
        7,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        2,
    )


def with_pen(paper: Paper, pen: QPointingDevice, *spots: tuple[float, float, float]) -> None:
    """Down at the first (x, y, pressure), over the others, up at the last."""
    last = len(spots) - 1
    for at, (x, y, pressure) in enumerate((*spots, (*spots[-1][:2], 0.0))):
        kind = QEvent.Type.TabletMove
        if at == 0:
            kind = QEvent.Type.TabletPress
        elif at > last:
            kind = QEvent.Type.TabletRelease
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        held = none if kind == QEvent.Type.TabletRelease else left
        spot = QPointF(x, y)
        whole = QPointF(paper.glass.mapToGlobal(spot))
        modifiers = Qt.KeyboardModifier.NoModifier
        event = QTabletEvent(kind, pen, spot, whole, pressure, 0.0, 0.0, 0.0, 0.0, 0.0, modifiers, left, held)
        QApplication.sendEvent(paper.glass, event)


def strokes(paper: Paper) -> list[Stroke]:
    marks = [new.mark for op in paper.ops if isinstance(op, Draw) for new in op.marks]
    return [mark for mark in marks if isinstance(mark, Stroke)]


def test_a_pen_gives_its_pressure_and_the_line_is_as_wide(paper: Paper, pen: QPointingDevice) -> None:
    paper.hand.take_up(Use.PEN)
    with_pen(paper, pen, (100, 100, 0.1), (200, 100, 0.1), (300, 100, 1.0), (400, 100, 1.0))
    (stroke,) = strokes(paper)
    assert list(stroke.pressures) == [26, 26, 255, 255]
    widths = [sum(paper.colour(x, y).green() < 128 for y in range(80, 121)) for x in (150, 350)]
    assert widths[0] * 1.5 < widths[1]


def test_while_the_pen_is_near_fingers_are_the_hand_that_holds_it(paper: Paper, pen: QPointingDevice) -> None:
    finger = QTest.createTouchDevice()
    paper.hand.take_up(Use.PEN)
    with_pen(paper, pen, (100, 100, 0.5), (200, 100, 0.5))
    QTest.touchEvent(paper.glass, finger).press(1, QPoint(300, 300), paper.glass).commit()
    QTest.touchEvent(paper.glass, finger).move(1, QPoint(400, 300), paper.glass).commit()
    QTest.touchEvent(paper.glass, finger).release(1, QPoint(400, 300), paper.glass).commit()
    assert len(strokes(paper)) == 1


def test_what_is_as_large_as_a_palm_is_no_finger() -> None:
    dots = 96.0
    for millimetres, palm in ((8.0, False), (PALM_MM - 1, False), (PALM_MM + 1, True)):
        wide = millimetres * dots / 25.4
        assert is_palm(QSizeF(wide, 5.0), dots) is palm
        assert is_palm(QSizeF(5.0, wide), dots) is palm
    assert not is_palm(QSizeF(0.0, 0.0), 0.0), "of a screen that says nothing"
