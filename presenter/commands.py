"""A program with a desk's window, told by another: JSON commands, a line each, on standard input, events on
standard output.

Every command does what a person would do, through the same actions, keys and screens. Every event carries
``t``, the monotonic nanoseconds of what it tells.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from pageview.page_view import PageView
from pageview.wording import say
from presenter.actions import Actions
from presenter.console_state import Words
from presenter.evidence import Evidence
from presenter.keys import chord
from presenter.stdin_lines import StdinLines, tell
from presenter.window import ProgramWindow
from protocol.changes import InkChanged
from protocol.transport.events import Changed

Arguments = dict[str, Any]
KEY_TOLD_MS = 15


class Commanded(Protocol):
    """The program that is told."""

    def quit(self) -> None:
        """It ends, without a question."""


class Commands(QObject):
    """Obeys commands and tells what happens. ``evidence``: where pictures of the window go."""

    def __init__(
        self,
        program: Commanded,
        window: ProgramWindow,
        page: PageView,
        actions: Actions,
        evidence: Path | None,
        lines: StdinLines | None = None,
        parent: QObject | None = None,
    ) -> None:
        """``lines``: where commands come from, when another program has listened to them so far."""
        super().__init__(parent)
        self._program, self._window, self._view, self._actions = program, window, page, actions
        self._evidence = Evidence(evidence) if evidence is not None else None
        self._obeys: dict[str, Callable[[Arguments], None]] = {
            "action": lambda a: self._run(a["name"], a.get("value")),
            "key": self._key,
            "draw": self._draw,
            "pen": self._pen,
            "press": self._press,
            "shot": self._shoot,
            "quit": lambda _a: program.quit(),
        }
        self._notices: tuple[Words, ...] = ()
        self._lines = lines or StdinLines()
        # A line that comes before anybody listens is lost. It is obeyed in the loop, after `begin`.
        self._lines.came.connect(self._obey)
        self._lines.start()

    def begin(self, obeys: Mapping[str, Callable[[Arguments], None]], painted_ns: int) -> None:
        """Obeys these as well; says that it is ready."""
        self._obeys.update(obeys)
        self.tell("ready", painted=painted_ns)

    def let_go(self) -> StdinLines:
        """Obeys no more; somebody else may."""
        self._lines.came.disconnect(self._obey)
        return self._lines

    def tell(self, event: str, **values: object) -> None:
        """Writes one event."""
        if not tell(event, **values):
            self._program.quit()

    def tell_notices(self, notices: tuple[Words, ...]) -> None:
        """Those that are new among what the window says."""
        for words, values in notices:
            if (words, values) not in self._notices:
                self.tell("notice", text=say(words, **values))
        self._notices = notices

    def tell_marks(self, event: Changed) -> None:
        """Whose marks there are by now, by name, where they are others than before."""
        if any(isinstance(change, InkChanged) and not change.pending for change in event.changes):
            ink, names = event.briefing.ink, event.briefing.names
            authors = [drawn.id.author for page_id in ink.pages for drawn in ink.seen(page_id)]
            self.tell("marks", by=[names.get(author, "") for author in authors])

    def _obey(self, line: str) -> None:
        try:
            command = json.loads(line)
            self._obeys[command["do"]](command)
        except (ValueError, KeyError, TypeError, OSError) as wrong:
            self.tell("misunderstood", line=line.strip()[:200], why=f"{type(wrong).__name__}: {wrong}")

    def _run(self, name: str, value: object = None) -> None:
        self.tell("action" if self._actions.run(name, value) else "refused_action", name=name)

    def _key(self, a: Arguments) -> None:
        key, modifiers = chord(a["key"])
        # A question has the keyboard from the moment it is there, which the window system tells only later.
        modal = QApplication.activeModalWidget()
        window = modal.windowHandle() if modal is not None else QGuiApplication.focusWindow()
        window = window or self._window.windowHandle()
        text = a["key"].lower() if len(a["key"]) == 1 else ""
        at = time.monotonic_ns()
        # Told later: whoever listens is not to be woken while the key is on its way.
        QTimer.singleShot(KEY_TOLD_MS, self, lambda: self.tell("key", key=a["key"], t=at))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(window, QKeyEvent(kind, key, modifiers, text))

    def _press(self, a: Arguments) -> None:
        """A button that is to be seen, by its words."""
        for button in self._window.findChildren(QAbstractButton):
            if button.isVisible() and button.isEnabled() and button.accessibleName() == a["words"]:
                button.click()
                return
        raise ValueError(a["words"])

    def _draw(self, a: Arguments) -> None:
        """A stroke with the tool in hand, or with ``tool``; points are fractions of the page shown."""
        if "tool" in a and not self._actions[a["tool"]].isChecked():
            self._run(a["tool"])
        hand = self._view.hand
        spots = [self._on_page(x, y) for x, y in a["points"]]
        if spots and hand.begin(spots[0]):
            for spot in spots[1:]:
                hand.move(spot)
            if a.get("lift", True):
                hand.end()

    def _pen(self, a: Arguments) -> None:
        """The mouse draws through ``points``, fractions of the page shown, at each of them after ``each_ms``.

        Told once it is over, with the moment of each event: whoever measures does not slow what is measured.
        """
        pen = MousePen(self._view, [self._on_page(x, y) for x, y in a["points"]], a["each_ms"])
        pen.lifted.connect(lambda moments: self.tell("pen", moments=moments))

    def _on_page(self, x: float, y: float) -> QPointF:
        area = self._view.page_area()
        return QPointF(area.x() + x * area.width(), area.y() + y * area.height())

    def _shoot(self, a: Arguments) -> None:
        if self._evidence is None:
            self.tell("misunderstood", line="shot", why="start with --evidence DIR")
            return
        self.tell("shot", file=str(self._evidence.shoot(self._window, a["name"])))


class MousePen(QObject):
    """The left button pressed at the first of ``spots``, logical pixels of a widget, moved to the next one
    after each so many milliseconds, and let go at the last."""

    lifted = Signal(object)
    """list[int]: the monotonic nanoseconds at which it came to each."""

    def __init__(self, widget: QWidget, spots: Sequence[QPointF], each_ms: int) -> None:
        super().__init__(widget)
        self._widget, self._spots = widget, spots
        self._moments: list[int] = []
        self._tick = QTimer(self, interval=each_ms, timerType=Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._go_on)
        self._tick.start()

    def _go_on(self) -> None:
        at = len(self._moments)
        if at == len(self._spots):
            self._tick.stop()
            _mouse(self._widget, QEvent.Type.MouseButtonRelease, self._spots[-1])
            self.lifted.emit(self._moments)
            self.deleteLater()
            return
        self._moments.append(time.monotonic_ns())
        kind = QEvent.Type.MouseMove if at else QEvent.Type.MouseButtonPress
        _mouse(self._widget, kind, self._spots[at])


def drag(widget: QWidget, start: QPointF, end: QPointF) -> None:
    """The left button pressed at ``start``, moved to ``end`` and let go; logical pixels of the widget."""
    _mouse(widget, QEvent.Type.MouseButtonPress, start)
    _mouse(widget, QEvent.Type.MouseMove, end)
    _mouse(widget, QEvent.Type.MouseButtonRelease, end)


def _mouse(widget: QWidget, kind: QEvent.Type, at: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    on_screen = QPointF(widget.mapToGlobal(at.toPoint()))
    event = QMouseEvent(kind, at, on_screen, button, held, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(widget, event)
