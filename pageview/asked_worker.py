"""One caged process that is asked and waited for where there is no event loop: on a terminal, in a thread."""

from __future__ import annotations

import queue

from pageview import render_messages as wire
from pageview.segments import Segment, SegmentStore
from pageview.worker import Worker

START_S = 30.0


class Gone(Exception):
    """The render process died, was ended, or did not answer in time."""


class NotStarted(Gone):
    """It did not come up: the machine's fault, not that of what it was to look into."""


class AskedWorker:
    """A process, or after it was ended the next one. ``end`` may be called from any thread."""

    def __init__(self, frames: Segment | None, *, idle: bool = False, start_s: float = START_S) -> None:
        self._frames, self._idle, self._start_s = frames, idle, start_s
        self._worker: Worker | None = None
        self._replies: queue.Queue[tuple[wire.Reply, bytes] | None] = queue.Queue()

    def ready(self) -> Worker:
        """The process, started where there is none; `NotStarted` when it does not come up."""
        if self._worker is None:
            replies: queue.Queue[tuple[wire.Reply, bytes] | None] = queue.Queue()
            self._replies = replies
            self._worker = Worker(
                self._frames,
                lambda _, reply, pdf: replies.put((reply, pdf)),
                lambda _: replies.put(None),
                idle=self._idle,
            )
            try:
                self._reply(self._start_s)
            except Gone as gone:
                self.end()
                raise NotStarted from gone
        return self._worker

    def ask(self, order: wire.Order, seconds: float) -> tuple[wire.Reply, bytes]:
        """The answer and the PDF that belongs to it; Gone when it does not come in time."""
        self.ready().give(order)
        return self._reply(seconds)

    def hand(self, store: SegmentStore, sha256: bytes, password: str | None = None) -> Worker:
        """Hands over a paper of ``store``; the process that has it now. `NotStarted`."""
        segment = store.segment(sha256)
        assert segment is not None
        worker = self.ready()
        worker.hand(sha256, segment, password)
        return worker

    def ask_of(
        self, store: SegmentStore, order: wire.ReadOffice | wire.DrawImage, seconds: float
    ) -> wire.Reply:
        """The answer to the one order that is given about a file of ``store``; Gone."""
        worker = self.hand(store, order.sha256)
        reply, _ = self.ask(order, seconds)
        worker.take_back(order.sha256)
        return reply

    def open(
        self, store: SegmentStore, sha256: bytes, seconds: float, password: str | None = None
    ) -> wire.Opened | wire.CannotOpen:
        """Hands over a paper of ``store`` and opens it; Gone."""
        self.hand(store, sha256, password)
        reply, _ = self.ask(wire.Open(1, sha256, password), seconds)
        if not isinstance(reply, wire.Opened | wire.CannotOpen):
            raise Gone
        return reply

    def take_all_back(self) -> None:
        """No paper is there any more; their memory may go."""
        worker = self.ready()
        for sha256 in tuple(worker.papers):
            worker.take_back(sha256)

    @property
    def running(self) -> bool:
        """Whether there is a process now."""
        return self._worker is not None

    def end(self) -> None:
        """Kills the process."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()

    def _reply(self, seconds: float) -> tuple[wire.Reply, bytes]:
        try:
            answer = self._replies.get(timeout=seconds)
        except queue.Empty:
            answer = None
        if answer is None:
            raise Gone
        return answer
