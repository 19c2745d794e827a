"""What was found, drawn for the eyes of the presenter, and made into pages to be shown: a thread and a caged
process of their own, so that no page of the briefing waits for them.

A share that hangs holds one thread; after a while that one is left to itself and another takes its place.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from pageview import render_messages as wire
from pageview.asked_worker import AskedWorker, Gone
from pageview.export_jobs import FoundJob, FoundPage, FoundPicture, FoundText, Source
from pageview.exporter import CannotExport, Exporter
from pageview.left_behind import emit_if_there
from pageview.render_results import PageSize
from pageview.segments import EmptyPaper, Segment, SegmentStore
from presenter.lookup.archive_files import OFFICE, TEXTS
from presenter.lookup.hit_places import hit_places
from presenter.lookup.pasted import Pasted
from presenter.lookup.reading import office_parts, sheets_of
from protocol.errors import Fault, Unavailable, fault_of
from protocol.values import Rect

log = logging.getLogger(__name__)

DRAWN_S, MADE_S = 5.0, 30.0
LARGEST = (1_600, 1_200)
"""Pixels of the largest preview."""
GIVEN_UP_MS = 20_000
WORDS = 10_000
"""Of a slide, the most that can be shown as a text."""
PICTURE_LIMIT = 50 * 2**20
LEFT_BEHIND = 3
"""Threads that may hang in a share before no other is tried."""


@dataclass(frozen=True)
class InFile:
    """Page ``index`` (from 0) of a file."""

    path: str
    index: int


@dataclass(frozen=True)
class InBriefing:
    """Page ``index`` (from 0) of a paper of the briefing."""

    sha256: bytes
    index: int


@dataclass(frozen=True)
class InMemory:
    """Page ``index`` (from 0) of a PDF that was made before."""

    pdf: bytes
    index: int = 0


@dataclass(frozen=True)
class PictureFile:
    """A picture that is a file by itself."""

    path: str


Place = InFile | InBriefing
Content = Place | InMemory | PictureFile | Pasted | FoundJob
"""`InMemory` means all of its pages."""
PAGES_LIMIT = 20
"""Of what comes in memory: nobody looks through more while people wait."""


@dataclass(frozen=True)
class Look:
    """A page to be looked at, in a box of so many pixels; ``wanted``: the folded words that brought it up."""

    place: InFile | InMemory
    width: int
    height: int
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Make:
    """Pages to be made; ``number`` is the asker's. A ``Place`` is that page, or the ``clip`` of it.

    What takes time, reading a file or packing a picture, is done in the thread.
    """

    number: int
    what: Content
    source: Source
    clip: Rect | None = None


@dataclass(frozen=True)
class Looked:
    """``image`` of a page and its ``size``; or the ``text`` of a plain text; or why there is none."""

    look: Look
    image: QImage | None = None
    text: str = ""
    size: PageSize | None = None
    pages: int = 0
    why: Fault | None = None
    silent: bool = False
    """The folder does not answer."""
    hits: tuple[Rect, ...] = ()
    """Where on the page the words stand."""


@dataclass(frozen=True)
class Made:
    """A PDF with the sizes of its pages; without any: why."""

    make: Make
    pdf: bytes = b""
    sizes: tuple[PageSize, ...] = ()
    why: Fault | None = None
    silent: bool = False

    @property
    def stopped(self) -> bool:
        """Nothing is known of what it was to be made of: a folder did not answer, or the process hung or
        died."""
        return self.silent or self.why is Fault.RENDER_TIMEOUT


class FoundPages(QObject):
    """Belongs to the thread of the windows. ``look`` and ``make`` are answered by signals, in order."""

    looked = Signal(object)
    made = Signal(object)
    _answered = Signal(object, object)

    def __init__(
        self, briefing: SegmentStore, given_up_ms: int = GIVEN_UP_MS, parent: QObject | None = None
    ) -> None:
        """``briefing``: the papers of the briefing."""
        super().__init__(parent)
        self._briefing = briefing
        self._thread: _Thread | None = None
        self._left: list[_Thread] = []
        self._waiting: list[Look | Make] = []
        self._rests = True
        self._patience = QTimer(self, singleShot=True, interval=given_up_ms)
        self._patience.timeout.connect(self._give_up)
        self._answered.connect(self._on_answered)

    def look(self, look: Look) -> None:
        """``looked`` follows, unless something else is looked at before."""
        self._waiting[1:] = [asked for asked in self._waiting[1:] if isinstance(asked, Make)]
        self._put(look)

    def make(self, make: Make) -> None:
        """``made`` follows."""
        self._put(make)

    def rest(self) -> None:
        """Nothing more is looked at: papers and process go when all is made."""
        self._rests = True
        if self._thread is not None and not self._waiting:
            self._thread.end()
            self._thread = None

    def close(self) -> None:
        """Ends process and thread; one that hangs in a share ends with the program."""
        self._patience.stop()
        self._waiting.clear()
        if self._thread is not None:
            self._thread.end(wait_s=DRAWN_S)
            self._thread = None

    def _put(self, asked: Look | Make) -> None:
        self._rests = False
        self._waiting.append(asked)
        if len(self._waiting) == 1:
            self._begin()

    def _begin(self) -> None:
        if not self._waiting or self._patience.isActive():
            return
        self._left = [thread for thread in self._left if thread.is_alive()]
        if self._thread is None:
            if len(self._left) >= LEFT_BEHIND:
                self._give_up()
                return
            self._thread = _Thread(self._briefing, partial(emit_if_there, self._answered))
        self._thread.ask(self._waiting[0])
        self._patience.start()

    def _give_up(self) -> None:
        asked = self._waiting.pop(0)
        if self._thread is not None:
            self._thread.end()
            self._left.append(self._thread)
            self._thread = None
        answer = Looked(asked, silent=True) if isinstance(asked, Look) else Made(asked, silent=True)
        self._tell(answer)
        QTimer.singleShot(0, self, self._begin)

    def _on_answered(self, thread: _Thread, answer: Looked | Made) -> None:
        if thread is not self._thread or not self._waiting:
            return
        self._patience.stop()
        self._waiting.pop(0)
        self._begin()
        self._tell(answer)
        if self._rests:
            self.rest()

    def _tell(self, answer: Looked | Made) -> None:
        (self.looked if isinstance(answer, Looked) else self.made).emit(answer)


class _Thread:
    """Does one thing after the other until it is ended."""

    def __init__(self, briefing: SegmentStore, answered: Callable[[_Thread, Looked | Made], None]) -> None:
        self._asked: queue.SimpleQueue[Look | Make | None] = queue.SimpleQueue()
        self._answered = answered
        self._over = False
        self._thread = threading.Thread(target=self._run, args=(briefing,), name="found pages", daemon=True)
        self._thread.start()

    def ask(self, asked: Look | Make) -> None:
        self._asked.put(asked)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def end(self, wait_s: float = 0.0) -> None:
        self._over = True
        self._asked.put(None)
        if wait_s:
            self._thread.join(wait_s)

    def _run(self, briefing: SegmentStore) -> None:
        table = _Table(briefing)
        try:
            while (asked := self._asked.get()) is not None and not self._over:
                answer = table.look(asked) if isinstance(asked, Look) else table.make(asked)
                if not self._over:
                    self._answered(self, answer)
        finally:
            table.clear()


class _Table:
    """The one paper that lies open, and the process that reads it."""

    def __init__(self, briefing: SegmentStore) -> None:
        self._briefing = briefing
        self._frames = Segment(LARGEST[0] * LARGEST[1] * 4)
        self._process = AskedWorker(self._frames)
        self._store = SegmentStore()
        self._open: tuple[str, tuple[int, int], bytes, tuple[PageSize, ...]] | None = None
        self._words: tuple[str, tuple[int, int], Sequence[str]] | None = None

    def look(self, look: Look) -> Looked:
        try:
            return self._look(look)
        except (OSError, EmptyPaper):
            return Looked(look, why=Fault.PAPER_DAMAGED)
        except Unavailable:
            return Looked(look, why=Fault.TOO_LARGE)
        except _Refused as refused:
            return Looked(look, why=refused.fault)
        except Gone:
            self._lose()
            return Looked(look, why=Fault.RENDER_TIMEOUT)

    def make(self, make: Make) -> Made:
        try:
            return self._make(make)
        except (OSError, EmptyPaper):
            return Made(make, why=Fault.PAPER_DAMAGED)
        except Unavailable:
            return Made(make, why=Fault.TOO_LARGE)
        except _Refused as refused:
            return Made(make, why=refused.fault)
        except CannotExport as refused:
            self._open = None
            return Made(make, why=refused.fault or Fault.PAGE_UNSHOWABLE)
        except Gone:
            self._lose()
            return Made(make, why=Fault.RENDER_TIMEOUT)

    def clear(self) -> None:
        self._process.end()
        self._store.wipe()
        self._frames.wipe()
        self._frames.close()

    def _lose(self) -> None:
        self._process.end()
        self._open = None

    def _look(self, look: Look) -> Looked:
        place, index = look.place, look.place.index
        sheets = self._sheets(Path(place.path)) if isinstance(place, InFile) else None
        if sheets is not None:
            return Looked(look, text=sheets[min(index, len(sheets) - 1)] if sheets else "", pages=len(sheets))
        sha256, sizes = self._opened(Path(place.path)) if isinstance(place, InFile) else self._laid(place.pdf)
        if index >= len(sizes):
            raise _Refused(Fault.PAGE_UNSHOWABLE)
        size = sizes[index]
        scale = min(min(look.width, LARGEST[0]) / size.width, min(look.height, LARGEST[1]) / size.height)
        width, height = max(1, int(size.width * scale)), max(1, int(size.height * scale))
        whole = Rect(0, 0, size.width, size.height)
        drawn, _ = self._process.ask(wire.Draw(1, sha256, index, whole, width, height, 0), DRAWN_S)
        if not isinstance(drawn, wire.Drawn):
            raise _Refused(Fault.PAGE_UNSHOWABLE)
        frame = QImage(self._frames.view, width, height, 4 * width, QImage.Format.Format_RGB32)
        hits = self._hits(sha256, index, look.wanted)
        return Looked(look, frame.copy(), size=size, pages=len(sizes), hits=hits)

    def _hits(self, sha256: bytes, index: int, wanted: tuple[str, ...]) -> tuple[Rect, ...]:
        if not wanted:
            return ()
        read, _ = self._process.ask(wire.ReadCharacters(1, sha256, index), DRAWN_S)
        if not isinstance(read, wire.Characters) or not read.text.is_sound():
            return ()
        return hit_places(read.text, wanted)

    def _make(self, make: Make) -> Made:
        store = self._briefing if isinstance(make.what, InBriefing) else self._store
        made = Exporter(store, MADE_S, self._process).make(self._job_of(make))
        return Made(make, made.pdf, self._sizes(made.pdf))

    def _job_of(self, make: Make) -> FoundJob:
        match make.what:
            case InBriefing(sha256, index):
                return FoundPage(sha256, index, make.source, make.clip)
            case InFile(path, index) if (sheets := self._sheets(Path(path))) is not None:
                if index >= len(sheets):
                    raise _Refused(Fault.PAGE_UNSHOWABLE)
                return FoundText(sheets[index][:WORDS] or " ", make.source)
            case InFile(path, index):
                return FoundPage(self._opened(Path(path))[0], index, make.source, make.clip)
            case InMemory(pdf):
                sha256, sizes = self._laid(pdf)
                if len(sizes) > PAGES_LIMIT:
                    raise _Refused(Fault.TOO_LARGE)
                return FoundPage(sha256, 0, make.source, pages=len(sizes))
            case PictureFile(path):
                if Path(path).stat().st_size > PICTURE_LIMIT:
                    raise _Refused(Fault.TOO_LARGE)
                return FoundPicture(Path(path).read_bytes(), make.source)
            case Pasted():
                return make.what.job(make.source)
            case job:
                return job

    def _sheets(self, path: Path) -> Sequence[str] | None:
        """The pages of a file that has words only; None for one whose pages are drawn."""
        kind = path.suffix.lower()
        if kind in TEXTS:
            return sheets_of(path)
        if kind not in OFFICE:
            return None
        stamp = _stamp(path)
        if self._words is not None and self._words[:2] == (str(path), stamp):
            return self._words[2]
        self._close_paper()
        parts = office_parts(self._process, self._store, self._store.add_file(path), DRAWN_S)
        if parts is None:
            raise _Refused(Fault.PAPER_DAMAGED)
        self._words = str(path), stamp, parts
        return parts

    def _opened(self, path: Path) -> tuple[bytes, tuple[PageSize, ...]]:
        stamp = _stamp(path)
        if self._open is not None and self._open[:2] == (str(path), stamp):
            return self._open[2:]
        self._close_paper()
        sha256 = self._store.add_file(path)
        self._open = (str(path), stamp, sha256, self._read(sha256))
        return self._open[2:]

    def _laid(self, pdf: bytes) -> tuple[bytes, tuple[PageSize, ...]]:
        self._close_paper()
        sha256 = self._store.add(pdf)
        return sha256, self._read(sha256)

    def _close_paper(self) -> None:
        self._open = None
        self._process.take_all_back()
        self._store.wipe()

    def _read(self, sha256: bytes) -> tuple[PageSize, ...]:
        opened = self._process.open(self._store, sha256, DRAWN_S)
        if isinstance(opened, wire.Opened):
            return tuple(map(PageSize, opened.sizes[::2], opened.sizes[1::2]))
        raise _Refused(fault_of(opened.fault, Fault.PAPER_DAMAGED))

    def _sizes(self, pdf: bytes) -> tuple[PageSize, ...]:
        """Of what was made: it is opened as everything that comes to be shown."""
        sha256 = self._store.add(pdf)
        try:
            return self._read(sha256)
        finally:
            self._process.ready().take_back(sha256)
            self._store.drop(sha256)


class _Refused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


def _stamp(path: Path) -> tuple[int, int]:
    """What tells one state of a file from another."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size
