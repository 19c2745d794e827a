"""Wheel, drag, pinch and keys on a page, as moves of its view. Keys that turn pages are the programs' own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QTouchEvent,
    QWheelEvent,
)

if TYPE_CHECKING:
    from pageview.page_view import PageView

NOTCH: Final = 120
ZOOM_PER_NOTCH: Final = 1.25
PAN_PER_NOTCH: Final = 0.15
"""Share of the viewport's height that a notch of the wheel moves a zoomed page."""
STILL_PX: Final = 8
"""Logical pixels that a finger or button may move and still be a tap."""

_PAN_KEYS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ZOOM_KEYS: Final = {
    Qt.Key.Key_Plus: ZOOM_PER_NOTCH,
    Qt.Key.Key_Equal: ZOOM_PER_NOTCH,
    Qt.Key.Key_Minus: 1 / ZOOM_PER_NOTCH,
}
KEYS: Final = ("+", "=", "-", "Ctrl++", "Ctrl+=", "Ctrl+-", "Ctrl+Left", "Ctrl+Right", "Ctrl+Up", "Ctrl+Down")
"""The keys that a page with the focus takes for itself: zoom, and moving a zoomed page."""


class Gestures:
    """Turns the input events of one PageView into calls of it. Positions are logical pixels of the widget."""

    def __init__(self, view: PageView) -> None:
        self._view = view
        self._notches = 0.0
        self._pressed: QPointF | None = None
        self._dragged: QPointF | None = None
        self._fingers: tuple[QPointF, float] | None = None

    def take(self, event: QEvent) -> bool:
        """Whether the event was one of ours and is done with."""
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        if isinstance(event, QTouchEvent):
            return self._touch(event)
        if isinstance(event, QNativeGestureEvent):
            return self._native(event)
        if isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._key(event)
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if event.type() == QEvent.Type.Leave:
            self._view.hover(None)
        return False

    def _wheel(self, event: QWheelEvent) -> bool:
        if not self._view.movable:
            return False
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._view.zoom(ZOOM_PER_NOTCH ** (delta.y() / NOTCH), event.position())
        elif self._view.zoomed_in:
            self._pan_by_wheel(event)
        else:
            if self._notches * delta.y() < 0:
                self._notches = 0.0
            self._notches += delta.y() / NOTCH
            while abs(self._notches) >= 1:
                forward = self._notches < 0
                self._notches += 1 if forward else -1
                (self._view.forward if forward else self._view.back)()
        return True

    def _pan_by_wheel(self, event: QWheelEvent) -> None:
        self._notches = 0.0
        fine = event.pixelDelta()
        if not fine.isNull():
            self._view.pan(-fine.x(), -fine.y())
            return
        far = PAN_PER_NOTCH * self._view.height() / NOTCH
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not delta.x():
            delta = delta.transposed()
        self._view.pan(-delta.x() * far, -delta.y() * far)

    def _mouse(self, event: QMouseEvent) -> bool:
        kind, at = event.type(), event.position()
        if kind == QEvent.Type.MouseMove:
            self._view.hover(at)
            if self._pressed is not None:
                self._drag_to(at)
        elif kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = at, None
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            self._let_go(at)
        # Never taken: whoever holds the page (a wall that shows its rail, a desk that points) sees it too.
        return False

    def _drag_to(self, at: QPointF) -> None:
        if self._pressed is None:
            return
        if self._dragged is None:
            if (at - self._pressed).manhattanLength() < STILL_PX:
                return
            self._dragged = self._pressed
        if self._view.movable and self._view.zoomed_in:
            moved = at - self._dragged
            self._view.pan(-moved.x(), -moved.y())
        self._dragged = at

    def _let_go(self, at: QPointF) -> None:
        if self._pressed is not None and self._dragged is None:
            self._view.tapped.emit(at)
        self._pressed = self._dragged = None

    def _touch(self, event: QTouchEvent) -> bool:
        points = [p for p in event.points() if p.state() != QEventPoint.State.Released]
        if event.type() == QEvent.Type.TouchCancel:
            self._pressed = self._dragged = self._fingers = None
        elif len(points) >= 2:
            self._pressed = self._dragged = None
            self._pinch(points[0].position(), points[1].position())
        elif self._fingers is not None:
            # The second finger of a pinch is up; the one left draws and turns nothing.
            self._fingers = self._fingers if points else None
        elif event.type() == QEvent.Type.TouchBegin:
            self._pressed, self._dragged = points[0].position(), None
        elif points:
            self._drag_to(points[0].position())
        else:
            self._let_go(event.points()[0].position())
        event.accept()
        return True

    def _pinch(self, a: QPointF, b: QPointF) -> None:
        middle = (a + b) / 2
        apart = max(1.0, ((a.x() - b.x()) ** 2 + (a.y() - b.y()) ** 2) ** 0.5)
        if self._fingers is not None and self._view.movable:
            former, former_apart = self._fingers
            self._view.zoom(apart / former_apart, former)
            if self._view.zoomed_in:
                self._view.pan(former.x() - middle.x(), former.y() - middle.y())
        self._fingers = middle, apart

    def _native(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture or not self._view.movable:
            return False
        self._view.zoom(max(0.1, 1 + event.value()), event.position())
        return True

    def _key(self, event: QKeyEvent) -> bool:
        if not self._view.movable:
            return False
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        key = Qt.Key(event.key())
        if key in _ZOOM_KEYS:
            self._view.zoom(_ZOOM_KEYS[key])
        elif key in _PAN_KEYS and control and self._view.zoomed_in:
            across, down = _PAN_KEYS[key]
            far = PAN_PER_NOTCH * self._view.height()
            self._view.pan(across * far, down * far)
        else:
            return False
        return True
