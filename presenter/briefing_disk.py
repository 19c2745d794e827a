"""The running briefing on the disk, and what the window is told when the disk refuses."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from pageview.segments import SegmentStore
from presenter.briefings import About, BriefingOnDisk, Briefings, Left
from presenter.console_state import Room
from protocol.model import Briefing

log = logging.getLogger(__name__)


class BriefingDisk(QObject):
    """Opened at 開始, closed at the end. Between briefings it holds nothing."""

    full = Signal(bool)
    """Whether the disk takes nothing at present; everything waits in memory."""
    _trouble = Signal(object)

    def __init__(self, briefings: Briefings, store: SegmentStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._briefings, self._store = briefings, store
        self._open: BriefingOnDisk | None = None
        self._about: About | None = None
        self._kept: set[bytes] = set()
        self._trouble.connect(self._troubled)

    def begin(self, began: datetime) -> Callable[[bytes], None] | None:
        """A new briefing; where its records go. None when the disk has no room for one at all."""
        try:
            self._open = self._briefings.begin(self._trouble.emit)
        except OSError as refused:
            self._troubled(refused)
            return None
        self._about = About(began.isoformat(timespec="seconds"), "", (), 0, 0)
        return self._open.journal.append

    def resume(self, left: Left) -> Callable[[bytes], None] | None:
        """Goes on with an unclosed briefing; None when another program has taken it meanwhile."""
        try:
            self._open = self._briefings.resume(left, self._trouble.emit)
        except OSError as refused:
            self._troubled(refused)
        self._about = left.about
        return self._open.journal.append if self._open is not None else None

    def keep(self, briefing: Briefing) -> None:
        """Copies every paper of the briefing that is not copied yet."""
        if self._open is None:
            return
        for sha256 in briefing.blobs():
            if sha256 not in self._kept and sha256 in self._store:
                self._kept.add(sha256)
                self._open.copies.keep(sha256, self._store.data(sha256))

    def tell(self, briefing: Briefing, rooms: tuple[Room, ...]) -> None:
        """What the next start would say of it, were it left now."""
        if self._open is None or self._about is None:
            return
        title = briefing.papers[0].title if briefing.papers else ""
        pages = sum(len(paper.edition.pages) for paper in briefing.papers)
        about = About(
            self._about.began, title, tuple(room.title for room in rooms), len(briefing.papers), pages
        )
        if about == self._about:
            return
        self._about = about
        try:
            self._open.tell(about)
        except OSError as refused:
            log.info("what the banner says could not be written: %s", refused)

    def close(self, erase: bool) -> None:
        """The end. ``erase``: its person closed it, nothing stays."""
        if self._open is not None:
            self._open.close(erase)
        self._open, self._about = None, None
        self._kept.clear()
        self.full.emit(False)

    def _troubled(self, trouble: OSError | None) -> None:
        if trouble is not None:
            log.info("the disk takes nothing: %s", trouble)
        self.full.emit(trouble is not None)
