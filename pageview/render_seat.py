"""A render process with what it is doing just now."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTimer

from pageview.render_queue import Task
from pageview.worker import Worker

STOOD_STILL = 0.02
"""Who had less than this share of its time on a processor was not at work, however busy others were."""


@dataclass
class Seat:
    """A process with what it is doing."""

    worker: Worker
    deadline: QTimer
    task: Task | None = None
    slot: int | None = None
    ready: bool = False
    asked: bool = False
    """Whether it was asked if it is there, and has not answered yet."""
    busy_before: float | None = None
    """How long it had been on a processor, in seconds, when it began its task."""

    @property
    def idle(self) -> bool:
        return self.ready and self.task is None

    def stood_still(self, since_s: float) -> bool:
        """Whether a task begun so long ago was hardly worked at."""
        busy, before = self.worker.busy_s, self.busy_before
        return busy is not None and before is not None and busy - before < STOOD_STILL * since_s
