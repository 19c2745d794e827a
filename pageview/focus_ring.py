"""The ring that shows where the keyboard is: 4 px outside, 2 px inside, around any widget of any window.

Style sheets cannot paint outside a widget, so one transparent child of the window does. A widget that shows
its focus itself sets the property `focusRing` to False. After a mouse click only fields show the ring.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

_INNER, _OUTER = 2, 4
_REACH = _INNER + _OUTER
_MOVES = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide})


class FocusRing(QObject):
    """Follows the keyboard focus of the whole program from now on."""

    def __init__(self, app: QApplication, outer: str, inner: str) -> None:
        super().__init__(app)
        self._outer, self._inner = outer, inner
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._leave()
        if now is None or now.property("focusRing") is False:
            return
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if by_mouse and not now.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            return
        window = now.window()
        self._target = now
        self._ring = _Ring(window, self._outer, self._inner)
        self._ring.destroyed.connect(self._forget)
        walker: QWidget | None = now
        while walker is not None and walker is not window:
            walker.installEventFilter(self)
            self._watched.append(walker)
            walker = walker.parentWidget()
        self._place()

    def _forget(self) -> None:
        self._ring = None

    def _leave(self) -> None:
        for widget in self._watched:
            # A window that is deleted with the focus in it takes its scroll areas' own widgets along first.
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        self._target = None
        if self._ring is not None:
            ring, self._ring = self._ring, None
            ring.destroyed.disconnect(self._forget)
            ring.hide()
            ring.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    def _place(self) -> None:
        if self._target is None or self._ring is None:
            return
        area = _visible_part(self._target)
        if area.isEmpty() or not self._target.isVisible():
            self._ring.hide()
            return
        self._ring.setGeometry(area.adjusted(-_REACH, -_REACH, _REACH, _REACH))
        self._ring.raise_()
        self._ring.show()


class _Ring(QWidget):
    def __init__(self, window: QWidget, outer: str, inner: str) -> None:
        super().__init__(window)
        self._outer, self._inner = QColor(outer), QColor(inner)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setObjectName("focusRing")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, width, inset in ((self._outer, _OUTER, 0), (self._inner, _INNER, _OUTER)):
            painter.setPen(QPen(color, width))
            gap = inset + width / 2
            radius = 8 + _REACH - gap
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(gap, gap, -gap, -gap), radius, radius)


def _visible_part(target: QWidget) -> QRect:
    """The target's rectangle in its window, cut by every scroll area that it stands in."""
    window = target.window()
    area = QRect(target.mapTo(window, target.rect().topLeft()), target.size())
    walker = target.parentWidget()
    while walker is not None and walker is not window:
        above = walker.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is walker:
            area &= QRect(walker.mapTo(window, walker.rect().topLeft()), walker.size())
        walker = above
    return area
