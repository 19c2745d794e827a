"""Exports in a caged process of their own: no page on any screen waits for one, and a kill ends it."""

from __future__ import annotations

from dataclasses import dataclass

from pageview import render_messages as wire
from pageview.asked_worker import AskedWorker, Gone
from pageview.export_jobs import Job, blobs_of
from pageview.segments import SegmentStore
from protocol.errors import Fault, KamizeroError, fault_of

DEADLINE_S = 120.0


class CannotExport(KamizeroError):
    """No file came of a job. ``fault`` says why; None: the process was ended from outside."""

    def __init__(self, fault: Fault | None) -> None:
        super().__init__("no export" if fault is None else fault.name)
        self.fault = fault


@dataclass(frozen=True)
class Made:
    """The PDF, the numbers of corrections that it cannot show, and whether its paper was signed."""

    pdf: bytes
    unplaced: tuple[int, ...]
    signed: bool


class Exporter:
    """Carries out one job after the other, each waited for; in a thread of its own where somebody watches.

    ``process``: one that is used for more, and by the same thread only.
    """

    def __init__(
        self, store: SegmentStore, deadline_s: float = DEADLINE_S, process: AskedWorker | None = None
    ) -> None:
        self._store, self._deadline_s = store, deadline_s
        self._process = process or AskedWorker(None)
        self._n = 0
        self._cancelled = False

    def make(self, job: Job) -> Made:
        """The PDF of a job; CannotExport."""
        if self._cancelled:
            raise CannotExport(None)
        self._n += 1
        try:
            self._hand_over(job)
            reply, pdf = self._process.ask(wire.Export(self._n, job), self._deadline_s)
        except Gone:
            self._process.end()
            raise CannotExport(None if self._cancelled else Fault.RENDER_TIMEOUT) from None
        if self._cancelled:  # the papers' memory may be gone by now
            self._process.end()
            raise CannotExport(None)
        if isinstance(reply, wire.Exported) and reply.n == self._n:
            return Made(pdf, reply.unplaced, reply.signed)
        code = reply.fault if isinstance(reply, wire.Failed) else Fault.PAGE_UNSHOWABLE
        raise CannotExport(fault_of(code, Fault.PAGE_UNSHOWABLE))

    def cancel(self) -> None:
        """Ends what is being made, and makes nothing further; from any thread."""
        self._cancelled = True
        self._process.end()

    def close(self) -> None:
        """Ends the process."""
        self._process.end()

    def _hand_over(self, job: Job) -> None:
        worker = self._process.ready()
        for sha256 in blobs_of(job):
            segment = self._store.segment(sha256)
            if segment is None:
                raise CannotExport(Fault.PAPER_DAMAGED)
            if sha256 not in worker.papers:
                worker.hand(sha256, segment, None)
