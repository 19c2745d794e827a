"""The running briefing on the disk, and what the window is told when the disk refuses."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from pageview.segments import SegmentStore
from presenter.briefings import About, BriefingOnDisk, Briefings, Left
from presenter.console_state import Room
from protocol.journal import Chain
from protocol.model import Briefing

log = logging.getLogger(__name__)

RETRY_MS = 2_000


class BriefingDisk(QObject):
    """Opened at 開始, closed at the end. Between briefings it holds nothing."""

    full = Signal(bool)
    """Whether the disk takes nothing at present; everything waits in memory."""
    begun = Signal(str)
    """The name of the folder of the briefing that runs."""
    _trouble = Signal(object)

    def __init__(
        self,
        briefings: Briefings,
        store: SegmentStore,
        retry_ms: int = RETRY_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._briefings, self._store = briefings, store
        self._open: BriefingOnDisk | None = None
        self._about: About | None = None
        self._told: Briefing | None = None
        self._kept: set[bytes] = set()
        self._waiting: deque[bytes] = deque()
        self._order = threading.Lock()
        self._trouble.connect(self._troubled)
        self._retry = QTimer(self, singleShot=True, interval=retry_ms)
        self._retry.timeout.connect(self._begin)

    def begin(self, began: datetime) -> Callable[[bytes], None]:
        """A new briefing; where its entries go, in any thread. While the disk has no room they wait."""
        self._about = About(began.isoformat(timespec="seconds"), "", (), 0, 0, seen=False)
        self._waiting.clear()
        self._begin()
        return self._sink(Chain())

    def resume(self, left: Left, chain: Chain) -> Callable[[bytes], None] | None:
        """Goes on with an unclosed briefing; None when another program has taken it meanwhile."""
        try:
            self._open = self._briefings.resume(left, self._trouble.emit)
        except OSError as refused:
            self._troubled(refused)
        if self._open is None:
            return None
        self._about = left.about
        self.begun.emit(self._open.folder.name)
        return self._sink(chain)

    def _begin(self) -> None:
        try:
            opened = self._briefings.begin(self._trouble.emit)
        except OSError as refused:
            self._troubled(refused)
            self._retry.start()
            return
        with self._order:
            self._open = opened
            while self._waiting:
                opened.journal.append(self._waiting.popleft())
        self.full.emit(False)
        self.begun.emit(opened.folder.name)
        if self._told is not None:
            self.keep(self._told)
            self._write()

    def _sink(self, chain: Chain) -> Callable[[bytes], None]:
        def take(entry: bytes) -> None:
            self._append(chain.add(entry))

        return take

    def _append(self, record: bytes) -> None:
        with self._order:
            if self._open is None:
                self._waiting.append(record)
            else:
                self._open.journal.append(record)

    def wait_written(self, seconds: float) -> bool:
        """Whether every entry until now is on the disk, waiting for it that long at most."""
        return self._open is not None and self._open.journal.wait_written(seconds)

    def keep(self, briefing: Briefing) -> None:
        """Copies every paper of the briefing that is not copied yet."""
        if self._open is None:
            return
        for sha256 in briefing.blobs():
            if sha256 not in self._kept and sha256 in self._store:
                self._kept.add(sha256)
                self._open.copies.keep(sha256, self._store.data(sha256))

    def tell(self, briefing: Briefing, rooms: tuple[Room, ...], originals: Mapping[bytes, bytes]) -> None:
        """What the next start would say of it, were it left now. ``originals``: as in `About`."""
        self._told = briefing
        if self._about is None:
            return
        title = briefing.papers[0].title if briefing.papers else ""
        pages = sum(len(paper.edition.pages) for paper in briefing.papers)
        about = replace(
            self._about,
            title=title,
            rooms=tuple(room.title for room in rooms),
            papers=len(briefing.papers),
            pages=pages,
            originals={shown: file for shown, file in originals.items() if shown != file},
        )
        self._tell(about)

    @property
    def seen(self) -> bool:
        """Whether the briefing that runs was ever seen elsewhere than at the desk, before a crash too."""
        return self._about is not None and self._about.seen

    def see(self) -> None:
        """A place or a person has the briefing; whether they still do, nobody asks at the end."""
        if self._about is not None and not self._about.seen:
            self._tell(replace(self._about, seen=True))

    def _tell(self, about: About) -> None:
        if about != self._about:
            self._about = about
            self._write()

    def _write(self) -> None:
        if self._open is None or self._about is None:  # written when the disk has room
            return
        try:
            self._open.tell(self._about)
        except OSError as refused:
            log.info("what the banner says could not be written: %s", refused)

    def close(self, erase: bool) -> None:
        """The end. ``erase``: its person closed it, nothing stays."""
        opened = self.hand_over()
        if opened is not None:
            opened.let_go(erase)

    def hand_over(self) -> BriefingOnDisk | None:
        """The end; what is on the disk is the caller's, who lets it go. None where the disk took nothing."""
        self._retry.stop()
        with self._order:
            opened, self._open = self._open, None
        if opened is not None:
            opened.end_writing()
        self._about, self._told = None, None
        self._waiting.clear()
        self._kept.clear()
        self.full.emit(False)
        return opened

    def _troubled(self, trouble: OSError | None) -> None:
        if trouble is not None:
            log.info("the disk takes nothing: %s", trouble)
        self.full.emit(trouble is not None)
