"""Exporting at the desk, in a thread: the window lives meanwhile, and a person can give it up."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pageview.exporter import CannotExport, Exporter
from pageview.segments import SegmentStore
from presenter.export import Kind, plan
from presenter.export_files import Originals, export
from protocol.model import Briefing


class Exporting(QObject):
    """``begin``, then ``progress`` and at last ``done`` or ``given_up``. One at a time."""

    progress = Signal(int, int, str)
    """(files done, of how many, the name of the next)"""
    done = Signal(object)
    """Outcome (`presenter.export_files`)"""
    given_up = Signal()

    def __init__(self, store: SegmentStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._exporter: Exporter | None = None
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether one is under way."""
        return self._thread is not None and self._thread.is_alive()

    def begin(
        self,
        briefing: Briefing,
        kinds: frozenset[Kind],
        folder: Path,
        presenter: str,
        files: Iterable[Path],
    ) -> None:
        """Starts writing into ``folder``, unless one is under way. ``files``: the originals."""
        if self.busy:
            return
        wanted = plan(briefing, kinds, presenter)
        originals = Originals(files, (paper.blob for paper in briefing.papers))
        self._exporter = exporter = Exporter(self._store)

        def run() -> None:
            try:
                outcome = export(wanted, folder, exporter, originals, self.progress.emit)
            except CannotExport:
                self.given_up.emit()
            else:
                self.done.emit(outcome)
            finally:
                exporter.close()

        self._thread = threading.Thread(target=run, name="export", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Gives up what is under way; files that are whole stay, and no paper is read any more."""
        if self._exporter is not None:
            self._exporter.cancel()

    def close(self) -> None:
        """The same, and waits: no half file is left by a program that ends."""
        self.cancel()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
