"""A render process with what it is doing just now."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTimer

from pageview.render_queue import Task
from pageview.worker import Worker


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

    @property
    def idle(self) -> bool:
        return self.ready and self.task is None
