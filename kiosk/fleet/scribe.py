"""Writes the log of actions in a thread of its own: what comes together is on the disk with one sync, in its
order. A disk that is slow holds up no window. What another program writes (`kamizero ca`) is seen there."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from kiosk.fleet.audit import Action, Audit
from kiosk.fleet.model import Display

log = logging.getLogger(__name__)

LOOK_MS = 2_000
Then = Callable[[OSError | None], None]
"""Called when it is on the disk, or with the reason why it is not."""


class Scribe(QObject):
    """All methods belong to the Qt thread, and so does what is called back. `close` it at the end."""

    recorded = Signal()
    """The log has grown; once for what comes together."""
    _written = Signal()

    def __init__(
        self, audit: Audit, who: str, clock: Callable[[], float], parent: QObject | None = None
    ) -> None:
        """``who``: acts at this console; ``clock``: seconds since 1970."""
        super().__init__(parent)
        self._audit, self._who, self._clock = audit, who, clock
        self._waiting: deque[tuple[list[Action], Then]] = deque()
        self._done: deque[Future[list[Callable[[], None]]]] = deque()
        self._read: Future[bool] | None = None
        self._writer = ThreadPoolExecutor(1, "kamizero-actions")
        self._closed = self._unread = False
        self._written.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self._look)
        self._looking.start()

    def write(self, displays: Iterable[Display], what: str, result: str, then: Then) -> None:
        """A line for each, behind what was given before."""
        self._waiting.append((self._actions(displays, what, result), then))
        if self._closed:
            for told in self._write_all():
                told()
            self.recorded.emit()
        else:
            self._writer.submit(self._write_all).add_done_callback(self._over)

    def write_now(self, display: Display, what: str, result: str) -> None:
        """On the disk when this returns, behind what was given before; `OSError`: it is not."""
        self._writer.submit(self._audit.add, *self._actions((display,), what, result)).result()
        self.recorded.emit()

    def close(self) -> None:
        """All that was given is written, and told; what still comes is waited for."""
        self._looking.stop()
        self._writer.shutdown()
        self._closed = True
        self._tell()

    def _actions(self, displays: Iterable[Display], what: str, result: str) -> list[Action]:
        now = self._clock()
        return [
            Action(now, self._who, each.device.hex(), each.number, each.name, what, result)
            for each in displays
        ]

    def _write_all(self) -> list[Callable[[], None]]:
        """In the thread: everything that waits, and whom to tell what of it."""
        some = [self._waiting.popleft() for _ in range(len(self._waiting))]
        error: OSError | None = None
        try:
            self._audit.add(*(action for actions, _ in some for action in actions))
        except OSError as refused:
            error = refused
        return [partial(then, error) for _, then in some]

    def _look(self) -> None:
        if self._read is None:
            self._read = self._writer.submit(self._audit.look)
            self._read.add_done_callback(lambda _work: self._written.emit())

    def _over(self, work: Future[list[Callable[[], None]]]) -> None:
        self._done.append(work)
        self._written.emit()

    def _tell(self) -> None:
        """What was no fault of the disk's is raised here."""
        if self._read is not None and self._read.done():
            read, self._read = self._read, None
            try:
                if read.result():
                    self.recorded.emit()
            except OSError as error:
                if not self._unread:  # said once; what is written here still tells why it cannot be
                    log.error("the log of actions cannot be read: %s", error)
                self._unread = True
            else:
                self._unread = False
        while self._done:
            told = self._done.popleft().result()
            for then in told:
                then()
            if told:
                self.recorded.emit()
