"""The papers that the person chose: read once, opened in the cage, asked for their password, put in order.

Files are read in a thread and never written. What was read is what is shown, whatever happens to the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from pageview.paper_words import OFFICE_WORDS, clean_name, fault_words, is_office_file
from pageview.render_results import Opened, OpenRefused, PageLines, PageSize, Unlocked
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from pageview.steps import USUAL_ASPECT, steps
from presenter.preflight import Glass, small_pages
from presenter.start_state import PaperRow, Stage
from protocol.errors import Fault, Unavailable
from protocol.values import EditionPage, PageRef, Rect, View

CHECKED_PAGES = 60
LOOK_AGAIN_MS = 15_000
_NOT_FOUND = "ファイルが見つかりません。場所が変わっていないか確かめてください。"
_UNREADABLE = "ファイルを読めません。ほかの場所に写してから選んでください。"


@dataclass
class Chosen:
    """One chosen file. ``sha256`` is what is drawn and sent; ``original`` the file's own bytes.

    Both are the same except for a paper that had a password. ``why``, of a refusal, is said with `say`.
    """

    key: int
    path: Path
    name: str
    stage: Stage = Stage.READING
    sha256: bytes = b""
    original: bytes = b""
    length: int = 0
    sizes: tuple[PageSize, ...] = ()
    why: str = ""
    stamp: tuple[int, int] = (0, 0)
    saved_over: bool = False
    had_password: bool = False
    """What is shown and exported is without it."""
    small_text: dict[int, int] = field(default_factory=dict)
    lines: dict[int, tuple[Rect, ...]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name without the ending."""
        return clean_name(Path(self.name).stem, 300)


@dataclass(frozen=True)
class _Read:
    key: int
    sha256: bytes
    stamp: tuple[int, int]
    fault: Fault | None
    why: str


class Papers(QObject):
    """The list on the start screen and what stands behind it. Belongs to the thread of the windows."""

    changed = Signal()
    ready = Signal(object)
    """Chosen, when it can be shown."""
    refused = Signal(object)
    saved_over = Signal(object)
    """Chosen, whose file on the disk is another one now."""
    _read = Signal(object)
    _looked = Signal(object)

    def __init__(self, store: SegmentStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._renderer: Renderer | None = None
        self._chosen: list[Chosen] = []
        self._next_key = 1
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="papers")
        self._read.connect(self._on_read)
        self._looked.connect(self._on_looked)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(lambda path: self._look(Path(path)))
        self._again = QTimer(self, interval=LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look_at_all)
        self._unlocking: dict[bytes, int] = {}
        self._checking: tuple[int, int] | None = None

    def set_renderer(self, renderer: Renderer) -> None:
        """The cage in which papers are opened; what was chosen before is opened now."""
        self._renderer = renderer
        renderer.opened.connect(self._on_opened)
        renderer.refused.connect(self._on_refused)
        renderer.unlocked.connect(self._on_unlocked)
        renderer.lines.connect(self._on_lines)
        for chosen in self._chosen:
            if chosen.sha256 and chosen.stage is Stage.READING:
                renderer.open(chosen.sha256)

    # --- what the person does -----------------------------------------------------------------------------

    def add(self, paths: Iterable[Path]) -> None:
        """Chooses these files, below those chosen already."""
        for path in paths:
            chosen = Chosen(self._next_key, path, clean_name(path.name))
            self._next_key += 1
            self._chosen.append(chosen)
            if is_office_file(path):
                chosen.stage, chosen.why = Stage.REFUSED, OFFICE_WORDS
                self.refused.emit(chosen)
            else:
                self._submit_read(chosen)
        self.changed.emit()

    def remove(self, key: int) -> None:
        """Takes a file off the list and out of memory."""
        chosen = self._of(key)
        if chosen is None:
            return
        self._chosen.remove(chosen)
        self._watcher.removePath(str(chosen.path))
        self._forget_bytes(chosen)
        self.changed.emit()

    def move(self, key: int, place: int) -> None:
        """Puts a file at that place (from 0) of the list."""
        chosen = self._of(key)
        if chosen is not None:
            self._chosen.remove(chosen)
            self._chosen.insert(place, chosen)
            self.changed.emit()

    def unlock(self, key: int, password: str) -> None:
        """Tries a password; it goes to the caged process and is kept nowhere else."""
        chosen = self._of(key)
        if chosen is not None and self._renderer is not None:
            chosen.stage = Stage.UNLOCKING
            self._renderer.open(chosen.sha256, password)
            self.changed.emit()

    def read_again(self, key: int) -> None:
        """Takes the file as it is on the disk now."""
        chosen = self._of(key)
        if chosen is not None:
            self._forget_bytes(chosen)
            chosen.stage, chosen.saved_over, chosen.sizes = Stage.READING, False, ()
            chosen.small_text.clear()
            chosen.lines.clear()
            self._submit_read(chosen)
            self.changed.emit()

    def clear(self) -> None:
        """An empty list; the memory of every paper is overwritten."""
        for chosen in tuple(self._chosen):
            self.remove(chosen.key)

    def close(self) -> None:
        """Ends the reading; call it before the program ends."""
        self._again.stop()
        self._reader.shutdown(wait=True, cancel_futures=True)

    # --- what is known ------------------------------------------------------------------------------------

    @property
    def chosen(self) -> Sequence[Chosen]:
        """Every file, in order."""
        return tuple(self._chosen)

    @property
    def showable(self) -> Sequence[Chosen]:
        """Those that can be shown, in order."""
        return tuple(chosen for chosen in self._chosen if chosen.stage is Stage.READY)

    def name_of(self, key: int) -> str:
        """The cleaned name of that file; "" when it is not there."""
        chosen = self._of(key)
        return chosen.name if chosen is not None else ""

    def rows(self, glass: Glass | None = None) -> tuple[PaperRow, ...]:
        """The list as the start screen shows it, judged for that wall."""
        return tuple(self._row(chosen, glass or Glass()) for chosen in self._chosen)

    def _row(self, chosen: Chosen, glass: Glass) -> PaperRow:
        views = {place: self._views(chosen, place, glass.aspect) for place in chosen.small_text}
        first = {place: parts[0] for place, parts in views.items()}
        most = max((len(parts) for parts in views.values()), default=1)
        if chosen.stage is Stage.READY and chosen.sizes and not views:
            most = len(self._views(chosen, 0, glass.aspect))
        return PaperRow(
            chosen.key,
            chosen.name,
            chosen.stage,
            len(chosen.sizes),
            most,
            small_pages(chosen.small_text, first, glass),
            chosen.saved_over,
            chosen.why,
        )

    @staticmethod
    def _views(chosen: Chosen, place: int, aspect: float) -> tuple[View, ...]:
        size = chosen.sizes[place]
        page = EditionPage(0, PageRef(chosen.sha256, place), size.width, size.height)
        return steps(page, aspect or USUAL_ASPECT, chosen.lines.get(place, ()))

    def _of(self, key: int) -> Chosen | None:
        return next((chosen for chosen in self._chosen if chosen.key == key), None)

    def _with_bytes(self, sha256: bytes) -> list[Chosen]:
        return [chosen for chosen in self._chosen if chosen.sha256 == sha256]

    def _forget_bytes(self, chosen: Chosen) -> None:
        for sha256 in {chosen.sha256, chosen.original} - {b""}:
            others = [c for c in self._chosen if c is not chosen and sha256 in (c.sha256, c.original)]
            if others:
                continue
            if self._renderer is not None:
                self._renderer.drop(sha256)
            self._store.drop(sha256)
        chosen.sha256 = chosen.original = b""

    # --- reading ------------------------------------------------------------------------------------------

    def _submit_read(self, chosen: Chosen) -> None:
        future = self._reader.submit(_read_file, self._store, chosen.key, chosen.path)
        future.add_done_callback(lambda done: self._hand_over(done))

    def _hand_over(self, done: Future[_Read]) -> None:
        if not done.cancelled():
            self._read.emit(done.result())

    def _on_read(self, read: _Read) -> None:
        chosen = self._of(read.key)
        if chosen is None:
            return
        if read.fault is not None or read.why:
            self._refuse(chosen, read.why or fault_words(read.fault or Fault.PAPER_DAMAGED))
            return
        chosen.sha256 = chosen.original = read.sha256
        chosen.length = len(self._store.data(read.sha256))
        chosen.stamp = read.stamp
        self._watcher.addPath(str(chosen.path))
        self._again.start()
        if self._renderer is not None:
            self._renderer.open(read.sha256)

    def _on_opened(self, opened: Opened) -> None:
        for chosen in self._with_bytes(opened.sha256):
            if chosen.stage is Stage.UNLOCKING:
                self._unlocking[opened.sha256] = chosen.key
                if self._renderer is not None:
                    self._renderer.ask_unlocked(opened.sha256)
            elif chosen.stage is Stage.READING:
                chosen.sizes = opened.pages
                chosen.stage = Stage.READY
                self.ready.emit(chosen)
                self._check_next()
        self.changed.emit()

    def _on_refused(self, refused: OpenRefused) -> None:
        self._unlocking.pop(refused.sha256, None)
        for chosen in self._with_bytes(refused.sha256):
            if chosen.stage is Stage.READY:
                continue
            if refused.verdict == "password":
                chosen.stage = Stage.WRONG_PASSWORD if chosen.stage is Stage.UNLOCKING else Stage.LOCKED
                self.refused.emit(chosen)
                self.changed.emit()
            else:
                self._refuse(chosen, fault_words(refused.fault))

    def _on_unlocked(self, unlocked: Unlocked) -> None:
        """The paper without its password takes the place of the one with it."""
        key = self._unlocking.pop(unlocked.blob, None)
        chosen = self._of(key) if key is not None else None
        if chosen is None or self._renderer is None:
            return
        try:
            sha256 = self._store.add(unlocked.pdf)
        except Unavailable:
            self._refuse(chosen, fault_words(Fault.TOO_LARGE))
            return
        chosen.stage, chosen.sha256, chosen.length = Stage.READING, sha256, len(unlocked.pdf)
        chosen.had_password = True
        self._renderer.drop(chosen.original)
        self._store.drop(chosen.original)
        self._renderer.open(sha256)

    def _refuse(self, chosen: Chosen, why: str) -> None:
        chosen.stage, chosen.why = Stage.REFUSED, why
        self.refused.emit(chosen)
        self.changed.emit()

    # --- the size of its words ----------------------------------------------------------------------------

    def _check_next(self) -> None:
        """Asks for one page's lines at a time, so that nothing urgent waits behind them."""
        if self._checking is not None or self._renderer is None:
            return
        for chosen in self.showable:
            for place in range(min(CHECKED_PAGES, len(chosen.sizes))):
                if place not in chosen.small_text:
                    self._checking = chosen.key, place
                    self._renderer.ask_lines(chosen.sha256, place)
                    return

    def _on_lines(self, lines: PageLines) -> None:
        for chosen in self._with_bytes(lines.blob):
            chosen.small_text[lines.index] = lines.small_text
            chosen.lines[lines.index] = lines.boxes
        if self._checking is not None:
            key, place = self._checking
            asked = self._of(key)
            if asked is None or place in asked.small_text:
                self._checking = None
                self._check_next()
                if self._checking is None:
                    self.changed.emit()

    # --- the file on the disk -----------------------------------------------------------------------------

    def _look_at_all(self) -> None:
        for chosen in self._chosen:
            if chosen.sha256:
                self._look(chosen.path)

    def _look(self, path: Path) -> None:
        future = self._reader.submit(_stamp, path)
        future.add_done_callback(lambda done: self._hand_stamp(path, done))

    def _hand_stamp(self, path: Path, done: Future[tuple[int, int] | None]) -> None:
        if not done.cancelled():
            self._looked.emit((path, done.result()))

    def _on_looked(self, looked: tuple[Path, tuple[int, int] | None]) -> None:
        path, stamp = looked
        if stamp is not None and str(path) not in self._watcher.files():
            # A program that saves by replacing the file leaves a new one under the name.
            self._watcher.addPath(str(path))
        for chosen in self._chosen:
            if chosen.path == path and stamp is not None and chosen.sha256 and stamp != chosen.stamp:
                first = not chosen.saved_over
                chosen.stamp, chosen.saved_over = stamp, True
                if first:
                    self.saved_over.emit(chosen)
                    self.changed.emit()


def _read_file(store: SegmentStore, key: int, path: Path) -> _Read:
    """In the reading thread: the file into shared memory, with its sum."""
    try:
        stamp = _stamp(path)
        if stamp is not None and stamp[1] == 0:
            return _Read(key, b"", (0, 0), Fault.NO_PAGES, "")
        return _Read(key, store.add_file(path), stamp or (0, 0), None, "")
    except Unavailable:
        return _Read(key, b"", (0, 0), Fault.TOO_LARGE, "")
    except FileNotFoundError:
        return _Read(key, b"", (0, 0), None, _NOT_FOUND)
    except OSError:
        return _Read(key, b"", (0, 0), None, _UNREADABLE)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Time of the last change and length; None while there is no such file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
