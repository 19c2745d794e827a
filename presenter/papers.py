"""The papers that the person chose: read once, opened in the cage, asked for their password, put in order.

Files are read in a thread and never written. What was read is what is shown, whatever happens to the file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from pageview.paper_words import OFFICE_WORDS, clean_name, fault_words, is_no_pdf, is_office_file
from pageview.render_results import Opened, OpenRefused, PageLines, PageSurvey, Unlocked
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from pageview.steps import USUAL_ASPECT, steps
from presenter import passing_folder
from presenter.chosen import Chosen
from presenter.converter import GIVEN_UP, Converter, found_program
from presenter.file_watch import FileWatch, Seen, Stamp
from presenter.paper_reading import Read, convert_file, read_file
from presenter.preflight import Glass, PaperSurvey, findings
from presenter.start_state import PaperRow, Stage
from protocol.errors import Fault, Unavailable
from protocol.values import EditionPage, PageRef, View

CHECKED_PAGES = 60


class Papers(QObject):
    """The list on the start screen and what stands behind it. Belongs to the thread of the windows."""

    changed = Signal()
    ready = Signal(object)
    """Chosen, when it can be shown."""
    refused = Signal(object)
    saved_over = Signal(object)
    """Chosen, whose file on the disk is another one now; again with every save."""
    missing = Signal(object, bool)
    """(Chosen, whether its file is gone from its place; False: it is there again)"""
    _read = Signal(object)
    _looked = Signal(object)

    def __init__(
        self, store: SegmentStore, converter: Converter | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self.converter = converter or Converter(found_program())
        self._renderer: Renderer | None = None
        self._chosen: list[Chosen] = []
        self._next_key = 1
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="papers")
        self._converting = ThreadPoolExecutor(max_workers=1, thread_name_prefix="converting")
        self._converting.submit(passing_folder.sweep)
        self._each_second = QTimer(self, interval=1_000)
        self._each_second.timeout.connect(self._second_passed)
        self._read.connect(self._on_read)
        self._looked.connect(self._on_looked)
        self._watch = FileWatch(lambda *seen: self._looked.emit(seen), time.monotonic)
        self._unlocking: dict[bytes, int] = {}
        self._checking: tuple[int, int] | None = None
        self._aside: set[bytes] = set()

    def set_renderer(self, renderer: Renderer) -> None:
        """The cage in which papers are opened; what was chosen before is opened now."""
        self._renderer = renderer
        renderer.opened.connect(self._on_opened)
        renderer.refused.connect(self._on_refused)
        renderer.unlocked.connect(self._on_unlocked)
        renderer.lines.connect(self._on_lines)
        renderer.surveyed.connect(self._on_surveyed)
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
            if is_office_file(path) and not chosen.office:
                chosen.stage, chosen.why = Stage.REFUSED, OFFICE_WORDS
                self.refused.emit(chosen)
            else:
                self._submit_read(chosen)
        self.changed.emit()

    def remove(self, key: int) -> None:
        """Takes a file off the list; its memory is overwritten."""
        chosen = self._of(key)
        if chosen is None:
            return
        self._chosen.remove(chosen)
        chosen.given_up.set()
        self._watch.keep(chosen.path for chosen in self._chosen)
        self._forget_bytes(chosen)
        self._check_next()
        self.changed.emit()

    def give_up(self, key: int) -> None:
        """中止: its conversion is ended; the row stays and says so."""
        chosen = self._of(key)
        if chosen is not None and chosen.stage is Stage.CONVERTING:
            chosen.given_up.set()
            self._refuse(chosen, GIVEN_UP)

    def move(self, key: int, place: int) -> None:
        """Puts a file at that place (from 0) of the list."""
        chosen = self._of(key)
        if chosen is not None:
            self._chosen.remove(chosen)
            self._chosen.insert(place, chosen)
            self.changed.emit()

    def call(self, key: int, name: str) -> None:
        """By this name in the briefing and in the archive."""
        chosen = self._of(key)
        if chosen is not None:
            chosen.called = name
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
            chosen.saved_over, chosen.sizes = False, ()
            chosen.surveyed = PaperSurvey()
            chosen.lines.clear()
            self._submit_read(chosen)
            self._check_next()
            self.changed.emit()

    def renew(self) -> None:
        """Takes what was saved over as it is on the disk now; a paper with a password stays as it is."""
        for chosen in tuple(self._chosen):
            if chosen.saved_over and not chosen.had_password:
                self.read_again(chosen.key)

    def clear(self) -> None:
        """The list is that of the next briefing; the bytes of what it had are set aside."""
        self.set_aside(self.held)
        for chosen in self._chosen:
            chosen.given_up.set()
        self._chosen.clear()
        self._checking = None
        self._watch.keep(())
        self.changed.emit()

    def set_aside(self, blobs: Iterable[bytes]) -> None:
        """These bytes, of a briefing that is over, stay until `drop_aside`, whatever is done to the list."""
        self._aside.update(blobs)

    def drop_aside(self) -> None:
        """What was set aside is overwritten, but for what the list needs again."""
        aside, self._aside = self._aside, set()
        for sha256 in aside - self.held:
            self._drop(sha256)

    def close(self) -> None:
        """Ends the reading; call it before the program ends."""
        self._watch.close()
        self._each_second.stop()
        self.converter.close()
        for pool in (self._reader, self._converting):
            pool.shutdown(wait=True, cancel_futures=True)

    # --- what is known ------------------------------------------------------------------------------------

    @property
    def chosen(self) -> Sequence[Chosen]:
        """Every file, in order."""
        return tuple(self._chosen)

    @property
    def showable(self) -> Sequence[Chosen]:
        """Those that can be shown, in order."""
        return tuple(chosen for chosen in self._chosen if chosen.stage is Stage.READY)

    @property
    def held(self) -> frozenset[bytes]:
        """By their SHA-256, the bytes that files of the list need, and those set aside."""
        listed = {sha256 for chosen in self._chosen for sha256 in (chosen.sha256, chosen.original)}
        return frozenset(listed | self._aside) - {b""}

    def name_of(self, key: int) -> str:
        """The cleaned name of that file; "" when it is not there."""
        chosen = self._of(key)
        return chosen.name if chosen is not None else ""

    def rows(self, glass: Glass | None = None) -> tuple[PaperRow, ...]:
        """The list as the start screen shows it, judged for that wall."""
        return tuple(self._row(chosen, glass or Glass()) for chosen in self._chosen)

    def _row(self, chosen: Chosen, glass: Glass) -> PaperRow:
        surveyed = chosen.surveyed
        views = {place: self._views(chosen, place, glass.aspect) for place in surveyed.small}
        first = {place: parts[0] for place, parts in views.items()}
        most = max((len(parts) for parts in views.values()), default=1)
        if chosen.stage is Stage.READY and chosen.sizes and not views:
            most = len(self._views(chosen, 0, glass.aspect))
        return PaperRow(
            chosen.key,
            f"{chosen.called}{Path(chosen.name).suffix}" if chosen.called else chosen.name,
            chosen.stage,
            len(chosen.sizes),
            most,
            findings(surveyed, chosen.sizes, first, glass) if chosen.stage is Stage.READY else (),
            chosen.saved_over,
            chosen.why,
            chosen.office,
            int(time.monotonic() - chosen.began) if chosen.stage is Stage.CONVERTING else 0,
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

    def _with_page(self, sha256: bytes, place: int) -> list[Chosen]:
        """Those with these bytes that are open already: an answer may have been asked for another of them."""
        return [chosen for chosen in self._with_bytes(sha256) if place < len(chosen.sizes)]

    def _forget_bytes(self, chosen: Chosen) -> None:
        if self._checking is not None and self._checking[0] == chosen.key:
            self._checking = None  # nobody answers what is asked of a paper that was dropped
        for sha256 in {chosen.sha256, chosen.original} - {b""}:
            others = [c for c in self._chosen if c is not chosen and sha256 in (c.sha256, c.original)]
            if not others:
                self._drop(sha256)
        chosen.sha256 = chosen.original = b""

    def _drop(self, sha256: bytes) -> None:
        if sha256 in self._aside:
            return
        if self._renderer is not None:
            self._renderer.drop(sha256)
        self._store.drop(sha256)

    def _let_go(self, sha256: bytes) -> None:
        """Bytes that nobody waits for any more."""
        if sha256 and not self._with_bytes(sha256):
            self._drop(sha256)

    # --- reading ------------------------------------------------------------------------------------------

    def _submit_read(self, chosen: Chosen) -> None:
        if chosen.office:
            chosen.stage, chosen.began, chosen.given_up = (
                Stage.CONVERTING,
                time.monotonic(),
                threading.Event(),
            )
            arguments = self._store, self.converter, chosen.key, chosen.path, chosen.given_up
            future = self._converting.submit(convert_file, *arguments)
            self._each_second.start()
        else:
            chosen.stage = Stage.READING
            future = self._reader.submit(read_file, self._store, chosen.key, chosen.path)
        future.add_done_callback(lambda done: self._hand_over(done))

    def _second_passed(self) -> None:
        if any(chosen.stage is Stage.CONVERTING for chosen in self._chosen):
            self.changed.emit()
        else:
            self._each_second.stop()

    def _hand_over(self, done: Future[Read]) -> None:
        if not done.cancelled():
            self._read.emit(done.result())

    def _on_read(self, read: Read) -> None:
        chosen = self._of(read.key)
        if chosen is None or chosen.given_up.is_set():
            self._let_go(read.sha256)
            return
        if read.fault is not None or read.why:
            self._refuse(chosen, read.why or fault_words(read.fault or Fault.PAPER_DAMAGED))
            return
        if read.sha256 not in self._store:
            # An ended briefing showed the same bytes, and they went with it just now.
            self._submit_read(chosen)
            return
        chosen.stage = Stage.READING
        chosen.sha256, chosen.original = read.sha256, read.original or read.sha256
        chosen.length = len(self._store.data(read.sha256))
        self._watch.watch(chosen.path, read.stamp)
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
                strange = is_no_pdf(chosen.path, self._store.data(refused.sha256))
                self._refuse(chosen, OFFICE_WORDS if strange else fault_words(refused.fault))

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
        self._let_go(chosen.original)
        self._renderer.open(sha256)

    def _refuse(self, chosen: Chosen, why: str) -> None:
        chosen.stage, chosen.why = Stage.REFUSED, why
        self.refused.emit(chosen)
        self.changed.emit()

    # --- what is to be known of it ------------------------------------------------------------------------

    def _check_next(self) -> None:
        """Asks for one page at a time, so that nothing urgent waits behind it; the lines of all first."""
        if self._checking is not None or self._renderer is None:
            return
        for chosen in self.showable:
            for place in range(min(CHECKED_PAGES, len(chosen.sizes))):
                if place not in chosen.surveyed.small:
                    self._checking = chosen.key, place
                    self._renderer.ask_lines(chosen.sha256, place)
                    return
        for chosen in self.showable:
            for place in range(min(CHECKED_PAGES, len(chosen.sizes))):
                if place not in chosen.surveyed.fonts:
                    self._checking = chosen.key, place
                    self._renderer.ask_survey(chosen.sha256, place)
                    return

    def _on_lines(self, lines: PageLines) -> None:
        for chosen in self._with_page(lines.blob, lines.index):
            chosen.surveyed.small[lines.index] = lines.small_text
            chosen.surveyed.letters[lines.index] = lines.letters
            chosen.lines[lines.index] = lines.boxes
        self._checked(lambda asked, place: place in asked.surveyed.small)

    def _on_surveyed(self, page: PageSurvey) -> None:
        for chosen in self._with_page(page.blob, page.index):
            chosen.surveyed.fonts[page.index] = page.fonts
            chosen.surveyed.comments[page.index] = page.comments
            chosen.surveyed.made_by = chosen.surveyed.made_by or page.made_by
        self._checked(lambda asked, place: place in asked.surveyed.fonts)

    def _checked(self, is_known: Callable[[Chosen, int], bool]) -> None:
        if self._checking is not None:
            key, place = self._checking
            asked = self._of(key)
            if asked is None or is_known(asked, place):
                self._checking = None
                self._check_next()
                if self._checking is None:
                    self.changed.emit()

    # --- the file on the disk -----------------------------------------------------------------------------

    def _on_looked(self, looked: tuple[Path, Seen, Stamp | None]) -> None:
        path, seen, _stamp = looked
        for chosen in [each for each in self._chosen if each.path == path and each.sha256]:
            if seen is Seen.SAVED:
                chosen.saved_over = True
                self.saved_over.emit(chosen)
                self.changed.emit()
            else:
                self.missing.emit(chosen, seen is Seen.MISSING)
