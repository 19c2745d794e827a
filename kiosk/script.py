"""The kiosk told what to do, and heard, one JSON object a line: for the demo, tests and benchmarks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.actions import ActionTable
from kiosk.evidence import Evidence
from pageview.hand import Hand


class Script(QObject):
    """`send` writes an event; each carries the moment that it tells of: `t`, monotonic nanoseconds."""

    def __init__(
        self,
        send: Callable[[Mapping[str, Any]], None],
        window: QWidget,
        evidence: Evidence | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._window = window
        self._evidence = evidence
        self.enabled = True
        self.actions: ActionTable | None = None
        self.cut: Callable[[float], None] | None = None
        self.hand: Hand | None = None
        self.take_stalls: Callable[[], tuple[int, float]] | None = None

    def tell(self, event: str, **fields: Any) -> None:
        """One event."""
        if self.enabled:
            self._send({"event": event, "t": time.monotonic_ns(), **fields})

    def obey(self, command: Mapping[str, Any]) -> None:
        """One command; what is not understood is answered with an `error` event."""
        match command:
            case {"do": "shot", "name": str(name)}:
                self._shoot(name)
            case {"do": "action", "name": str(name)}:
                if self.actions is None or not self.actions.trigger(name):
                    self.tell("error", why=f"no action {name}")
            case {"do": "touch", "x": int() | float() as x, "y": int() | float() as y}:
                self._touch(float(x), float(y))
            case {"do": "cut", "seconds": int() | float() as seconds} if self.cut is not None:
                self.cut(float(seconds))
            case {"do": "draw", "points": [*points]} if self.hand is not None:
                self._draw(self.hand, points)
            case {"do": "stalls"} if self.take_stalls is not None:
                count, worst = self.take_stalls()
                self.tell("stalls", count=count, worst_ms=round(worst * 1_000, 1))
            case _:
                self.tell("error", why=f"not understood: {str(command)[:200]}")

    def _shoot(self, name: str) -> None:
        if self._evidence is None:
            self.tell("error", why="no --evidence folder was named")
            return
        try:
            file = self._evidence.shoot(self._window, name)
        except OSError as error:
            self.tell("error", why=str(error))
            return
        self.tell("shot", file=str(file))

    def _draw(self, hand: Hand, points: Sequence[tuple[float, float]]) -> None:
        """A stroke of a finger with the tool in hand, through these fractions of the page shown."""
        area = hand.page_area()
        spots = [QPointF(area.x() + x * area.width(), area.y() + y * area.height()) for x, y in points]
        if spots and hand.begin(spots[0]):
            for spot in spots[1:]:
                hand.move(spot)
            hand.end()

    def _touch(self, x: float, y: float) -> None:
        """A finger down and up again at this pixel of the window."""
        at = QPointF(x, y)
        target = self._window.childAt(at.toPoint()) or self._window
        local = QPointF(target.mapFrom(self._window, at.toPoint()))
        button, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        whole = self._window.mapToGlobal(at)
        for kind, held in (
            (QMouseEvent.Type.MouseButtonPress, button),
            (QMouseEvent.Type.MouseButtonRelease, none),
        ):
            modifiers = Qt.KeyboardModifier.NoModifier
            QApplication.postEvent(target, QMouseEvent(kind, local, at, whole, button, held, modifiers))
        self.tell("touched", x=x, y=y)
