"""Carries what the network tells into Qt: `post` in any thread, `received` in the thread of the window."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from threading import Lock

from PySide6.QtCore import QObject, Qt, Signal

from protocol.changes import Change, PresenceSeen, RegisterSet
from protocol.presence import Wet
from protocol.transport.events import BlobProgress, Changed, Event, WallFacts, WallPosition


class SessionBridge(QObject):
    """Hands events over in tuples, in their order, one queued signal for all that came since the last one.

    Of what has one present value (registers, presence, progress) only the newest of a tuple is handed over.
    """

    received = Signal(object)
    """tuple[Event, ...], never empty."""
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._waiting: list[Event] = []
        self._awake = False
        self._closed = False
        self._woken.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def post(self, events: Iterable[Event]) -> None:
        """Takes events from any thread; returns at once. After `close` they are dropped."""
        with self._lock:
            if self._closed:
                return
            self._waiting.extend(events)
            if self._waiting and not self._awake:
                self._awake = True
                # Under the lock, so that `close` returns only when no emit is under way.
                self._woken.emit()

    def close(self) -> None:
        """Nothing is received from now on. Call it before the window or the application goes away."""
        with self._lock:
            self._closed = True
            self._waiting.clear()

    def _hand_over(self) -> None:
        with self._lock:
            events, self._waiting = self._waiting, []
            self._awake = False
        if events:
            self.received.emit(newest(events))


def newest(events: list[Event]) -> tuple[Event, ...]:
    """The same events without those that a later one replaces; neighbouring ``Changed`` become one."""
    seen: set[Hashable] = set()
    kept: list[Event] = []
    for event in reversed(events):
        if isinstance(event, Changed):
            changes = tuple(reversed([change for change in reversed(event.changes) if _first(change, seen)]))
            if event.changes and not changes:
                continue
            if kept and isinstance(kept[-1], Changed):
                later = kept.pop()
                assert isinstance(later, Changed)
                kept.append(Changed(later.briefing, changes + later.changes, later.shown))
            else:
                kept.append(Changed(event.briefing, changes, event.shown))
        elif _first(event, seen):
            kept.append(event)
    return tuple(reversed(kept))


def _first(thing: Event | Change, seen: set[Hashable]) -> bool:
    """Whether ``thing`` is always kept, or the first of its kind that is met."""
    match thing:
        case RegisterSet(register):
            key: Hashable = ("register", type(register))
        case PresenceSeen(peer, presence):
            if isinstance(presence, Wet):
                return True
            key = (peer, type(presence))
        case BlobProgress(sha256):
            key = sha256
        case WallPosition(number) | WallFacts(number):
            key = (type(thing), number)
        case _:
            return True
    if key in seen:
        return False
    seen.add(key)
    return True
