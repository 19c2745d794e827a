"""The end of a briefing on this wall, in its one order.

Cover painted → renderers dead, slots and papers overwritten and gone → briefing dropped → the supervisor
starts a fresh screen behind the cover → the presenter is told → this process, which held it all, ends.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

FLUSH_MS = 400
"""So long the last word is given to leave."""
SECRET_MS = 1_000
"""So long a second presenter's session may take to begin, so that the fresh screen can resume it."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done, in this order. `part` ends the network, `leave` the process."""

    cover: Callable[[], None]
    wipe: Callable[[], None]
    drop: Callable[[], None]
    replace: Callable[[], None]
    tell: Callable[[], None]
    part: Callable[[], None]
    leave: Callable[[], None]


class Ending(QObject):
    """`begin` once; the rest follows by itself. `takes_over`: wait for the next session's secret."""

    def __init__(self, steps: Steps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._begun = False
        self._left = False
        self._takes_over = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._leave)

    @property
    def begun(self) -> bool:
        return self._begun

    def begin(self, takes_over: bool) -> None:
        """Everything up to the last word; then waits a moment and ends the process.

        A second presenter's session begins only after the last word to the first, and the fresh screen must
        know its secret: then the screen is replaced last.
        """
        if self._begun:
            return
        self._begun = True
        self._takes_over = takes_over
        self._steps.cover()
        self._steps.wipe()
        self._steps.drop()
        gc.collect()
        if not takes_over:
            self._steps.replace()
        self._steps.tell()
        self._timer.start(SECRET_MS if takes_over else FLUSH_MS)

    def secret_kept(self) -> None:
        """The second presenter's session has begun: the fresh screen takes it from here."""
        if self._takes_over:
            self._timer.start(0)

    def _leave(self) -> None:
        if not self._left:
            self._left = True
            if self._takes_over:
                self._steps.replace()
            self._steps.part()
            self._steps.leave()


def can_overlap() -> bool:
    """Whether two screens may be up at once: not where one process owns the display hardware."""
    return os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] not in ("eglfs", "linuxfb", "vkkhrdisplay")
