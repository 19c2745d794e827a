"""Which touch is the hand's: mouse, pen and one finger draw while a tool is chosen; two move the page.

A palm never draws: what is as large as one, and every finger while a pen is near.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSizeF, Qt
from PySide6.QtGui import QEventPoint, QMouseEvent, QTabletEvent, QTouchEvent

if TYPE_CHECKING:
    from pageview.page_view import PageView

PALM_MM: Final = 30.0
PEN_NEAR_S: Final = 1.0
"""How long after the pen was last felt fingers are taken for the hand that holds it."""


class Touches:
    """Turns input events of one PageView into calls of its hand."""

    def __init__(self, view: PageView) -> None:
        self._view = view
        self._pen_felt = float("-inf")

    def take(self, event: QEvent) -> bool:
        """Whether the event was the hand's and is done with."""
        if isinstance(event, QTabletEvent):
            return self._pen(event)
        if isinstance(event, QTouchEvent):
            return self._view.hand.draws and self._touch(event)
        if isinstance(event, QMouseEvent):
            return self._view.hand.draws and self._mouse(event)
        return False

    def _mouse(self, event: QMouseEvent) -> bool:
        hand, kind = self._view.hand, event.type()
        if kind == QEvent.Type.MouseButtonDblClick and hand.double(event.position()):
            return True
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            return hand.begin(event.position())
        if not hand.busy:
            return False
        if kind == QEvent.Type.MouseMove:
            hand.move(event.position())
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            hand.end()
        return True

    def _touch(self, event: QTouchEvent) -> bool:
        hand = self._view.hand
        down = [point for point in event.points() if point.state() != QEventPoint.State.Released]
        if event.type() == QEvent.Type.TouchCancel or len(down) > 1:
            hand.cancel()
            return False
        if not hand.busy and event.type() != QEvent.Type.TouchBegin:
            return False
        if event.type() == QEvent.Type.TouchBegin:
            if self._is_palm(event.points()[0]):
                event.accept()
                return True
            if not hand.begin(event.points()[0].position()):
                return False
        elif down:
            hand.move(down[0].position())
        else:
            hand.end()
        event.accept()
        return True

    def _pen(self, event: QTabletEvent) -> bool:
        """A pen draws while a tool is chosen; turned over, it erases."""
        hand, kind = self._view.hand, event.type()
        self._pen_felt = time.monotonic()
        if not hand.draws:
            return False
        if kind == QEvent.Type.TabletPress:
            taken = hand.begin(event.position(), event.pressure())
        elif hand.busy and kind == QEvent.Type.TabletMove:
            hand.move(event.position(), event.pressure())
            taken = True
        elif hand.busy and kind == QEvent.Type.TabletRelease:
            hand.end()
            taken = True
        else:
            taken = False
        if taken:
            event.accept()
        return taken

    def _is_palm(self, point: QEventPoint) -> bool:
        near = time.monotonic() - self._pen_felt < PEN_NEAR_S
        return near or is_palm(point.ellipseDiameters(), self._view.screen().physicalDotsPerInch())


def is_palm(contact: QSizeF, dots_per_inch: float) -> bool:
    """Whether what touches, in the screen's dots, is larger than a finger."""
    return max(contact.width(), contact.height()) / max(2.54, dots_per_inch) * 25.4 > PALM_MM
