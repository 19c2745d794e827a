"""The sources of the papers shown: when one is saved anew, its paper has a new edition, and all that lies on
it comes along.

Everything slow is done in one thread beside a caged process; what is committed is committed from here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from pageview.page_source import PageSource
from pageview.paper_words import fault_words
from pageview.renderer import Renderer
from pageview.segments import EmptyPaper, SegmentStore
from pageview.wording import Said
from presenter import source_words
from presenter.chosen import Chosen
from presenter.console_flow import ConsoleFlow
from presenter.console_state import Words
from presenter.converter import CannotConvert
from presenter.network import Network
from presenter.papers import Papers
from presenter.session import Session
from presenter.source_reader import CannotRead, Closed, SourceReader
from presenter.source_turn import Taken, Turn, late_marks, turn, turned_again, turned_back
from protocol.changes import Change, EditionMade, InkChanged, OpRefused
from protocol.errors import Fault, Unavailable
from protocol.marks import Ink
from protocol.model import Briefing
from protocol.ops import NewEdition
from protocol.papers import Paper
from protocol.values import Blob, PaperId

RETRY_MS: Final = 400
TELL_AFTER: Final = 4
"""So often is a file tried that is being written still, or that another program keeps to itself, before the
presenter is told."""
PATIENCE: Final = 8
"""So often before what it is counts: perhaps it ends like that."""
READ_AHEAD_MS: Final = 1_500
READ_AHEAD_PAGES: Final = 4
Trouble = Fault | Said | str
END_OF_PDF: Final = b"%%EOF"
TAIL: Final = 1024


@dataclass
class _Source:
    """The file of one paper. ``tries``: how often its present state could not be taken."""

    chosen: Chosen
    taken: Taken
    tries: int = 0
    waiting: Words | None = None
    told: tuple[Words, ...] = ()


@dataclass(frozen=True)
class _Answer:
    """What came of a save. ``made`` None and no trouble: it looks as before."""

    paper: PaperId
    sha256: bytes = b""
    made: Turn | None = None
    trouble: Trouble = ""
    """Why it could not be read; or words of `source_words` where trying again may help."""


class Sources(QObject):
    """Between 開始 and the end. Belongs to the thread of the windows."""

    made = Signal(object)
    """Turn, when its edition is in the log."""
    converting_changed = Signal()
    _answered = Signal(object)

    def __init__(
        self,
        papers: Papers,
        store: SegmentStore,
        renderer: Renderer,
        network: Network,
        session: Session,
        pages: PageSource,
        console: ConsoleFlow,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._papers, self._store, self._renderer = papers, store, renderer
        self._network, self._session, self._pages = network, session, pages
        self._console, self._clock = console, clock
        self._sources: dict[PaperId, _Source] = {}
        self._under_way: dict[PaperId, Turn] = {}
        self._turns: list[Turn] = []
        self._busy = False
        self._given_up = threading.Event()
        self.converting = ""
        """The title of the document that is being made a PDF again; "": none is."""
        self._wanted: dict[PaperId, None] = {}
        self._reader: SourceReader | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._answered.connect(lambda answer: answer())
        papers.saved_over.connect(self._saved)
        papers.missing.connect(self._missing)

    # --- which --------------------------------------------------------------------------------------------

    def follow(self, chosen: Chosen, paper: Paper) -> None:
        """From now on a save of this file is an edition of that paper. Not of one that had a password: nobody
        keeps it."""
        if chosen.had_password or paper.paper in self._sources:
            return
        self._sources[paper.paper] = _Source(chosen, Taken.of(paper))
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sources")
            self._reader = SourceReader(self._store)
        QTimer.singleShot(READ_AHEAD_MS, self, lambda: self._read_ahead(paper.paper, 0))
        if chosen.saved_over:
            self._saved(chosen)

    def follow_anew(self, chosen: Chosen) -> None:
        """A file that is in the briefing already: after a crash nobody knew any more which file it was."""
        for paper in self._pages.briefing.papers:
            if paper.blob.sha256 == chosen.sha256:
                self.follow(chosen, paper)

    def end(self) -> None:
        """The briefing is over: nothing is read any more."""
        for table in (self._sources, self._under_way, self._turns, self._wanted):
            table.clear()
        self._busy = False
        self._given_up.set()
        self._set_converting("")
        if self._reader is not None and self._thread is not None:
            self._reader.close()
            # A share may hang: nobody waits for it, and what it gives at last is let go.
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._reader = self._thread = None

    def give_up(self) -> None:
        """中止: the conversion under way is ended; the former edition stays."""
        self._given_up.set()

    def _set_converting(self, title: str) -> None:
        if title != self.converting:
            self.converting = title
            self.converting_changed.emit()

    def follows(self, chosen: Chosen) -> bool:
        """Whether a save of this file becomes an edition."""
        return any(source.chosen is chosen for source in self._sources.values())

    def _paper(self, paper_id: PaperId) -> Paper | None:
        return self._pages.briefing.paper(paper_id)

    def _read_ahead(self, paper_id: PaperId, first: int) -> None:
        """How the pages look now, a few at a time, so that a save is compared at once."""
        source, reader = self._sources.get(paper_id), self._reader
        refs = source.taken.refs[first : first + READ_AHEAD_PAGES] if source is not None else ()
        if reader is None or not refs:
            return

        def read() -> Callable[[], None]:
            try:
                reader.words(refs)
                for ref in refs:
                    reader.look(ref)
            except Closed:
                return lambda: None
            return lambda: self._read_ahead(paper_id, first + READ_AHEAD_PAGES)

        self._do(read)

    def _do(self, work: Callable[[], Callable[[], None]]) -> None:
        """In the thread; what it returns is done here."""

        def hand_over(done: Future[Callable[[], None]]) -> None:
            if not done.cancelled():
                self._answered.emit(lambda: done.result()())

        if self._thread is not None:
            self._thread.submit(work).add_done_callback(hand_over)

    # --- a file was saved ---------------------------------------------------------------------------------

    def _saved(self, chosen: Chosen) -> None:
        for paper_id, source in self._sources.items():
            if source.chosen is chosen:
                source.tries = 0
                self._console.retract(source_words.MISSING, title=chosen.title)
                self._take(paper_id)

    def _missing(self, chosen: Chosen, gone: bool) -> None:
        if self.follows(chosen):
            tell = self._console.notice if gone else self._console.retract
            tell(source_words.MISSING, title=chosen.title)

    def _take(self, paper_id: PaperId) -> None:
        source, reader, paper = self._sources.get(paper_id), self._reader, self._paper(paper_id)
        if source is None or reader is None or paper is None:
            return
        if self._busy:
            self._wanted[paper_id] = None
            return
        self._busy = True
        briefing, taken, chosen = self._pages.briefing, source.taken, source.chosen
        hopeful, when = source.tries < PATIENCE, round(self._clock())
        given_up = self._given_up = threading.Event()
        self._set_converting(chosen.title if chosen.office else "")

        def work() -> Callable[[], None]:
            answer = _Answer(paper_id)
            try:
                sha256 = self._read(chosen, given_up)
                answer = replace(answer, sha256=sha256)
                data = self._store.data(sha256)
                if hopeful and END_OF_PDF not in bytes(data[-TAIL:]):
                    return lambda: self._answer(replace(answer, trouble=source_words.UNFINISHED))
                made = turn(reader, briefing, paper, taken, Blob(sha256, len(data)), when)
                return lambda: self._answer(replace(answer, made=made))
            except Closed:
                trouble: Trouble = ""
            except CannotRead as cannot:
                trouble = source_words.UNFINISHED if hopeful else cannot.fault
            except CannotConvert as cannot:
                trouble = source_words.UNFINISHED if hopeful and cannot.unfinished else Said(cannot.words)
            except EmptyPaper:
                trouble = source_words.UNFINISHED if hopeful else Fault.NO_PAGES
            except Unavailable:
                trouble = Fault.TOO_LARGE
            except FileNotFoundError:
                trouble = ""  # it is told as missing, and comes back
            except OSError:
                trouble = source_words.LOCKED_AWAY
            return lambda: self._answer(replace(answer, trouble=trouble))

        self._do(work)

    def _read(self, chosen: Chosen, given_up: threading.Event) -> bytes:
        """In the thread: the source as it is now, as a PDF in the store."""
        if not chosen.office:
            return self._store.add_file(chosen.path)
        with self._papers.converter.converted(chosen.path, given_up) as pdf:
            return self._store.add_file(pdf)

    def _answer(self, answer: _Answer) -> None:
        self._busy = False
        self._set_converting("")
        source = self._sources.get(answer.paper)
        if source is None:
            self._let_go(answer.sha256)
            return
        made = answer.made
        if made is not None:
            paper = self._paper(answer.paper)
            if paper is None or paper.edition.pages != made.before or answer.paper in self._under_way:
                self._let_go(answer.sha256)
                self._again(answer.paper)  # it was corrected meanwhile
            else:
                self._commit(made)
                source.taken = made.taken
        else:
            self._let_go(answer.sha256)
        self._tell_trouble(answer.paper, source, answer.trouble)
        if self._wanted:
            self._take(self._wanted.popitem()[0])

    def _tell_trouble(self, paper_id: PaperId, source: _Source, trouble: Trouble) -> None:
        title = source.chosen.title
        if source.waiting is not None and source.waiting[0] != trouble:
            words, values = source.waiting
            self._console.retract(words, **values)
            source.waiting = None
        if isinstance(trouble, Fault | Said):
            why = trouble if isinstance(trouble, Said) else Said(fault_words(trouble))
            source.waiting = source_words.UNREADABLE, {"title": title, "why": why}
            self._console.notice(source_words.UNREADABLE, title=title, why=why)
        elif trouble:
            source.tries += 1
            if source.tries == TELL_AFTER:
                source.waiting = trouble, {"title": title}
                self._console.notice(trouble, title=title)
            self._again(paper_id)

    def _again(self, paper_id: PaperId) -> None:
        QTimer.singleShot(RETRY_MS, self, lambda: self._take(paper_id))

    def _let_go(self, sha256: bytes) -> None:
        """Bytes that no edition needs."""
        needed = self._pages.briefing.blobs()
        coming = {made.blob.sha256 for made in self._under_way.values()}
        if sha256 and sha256 not in needed and sha256 not in coming | self._papers.held:
            self._store.drop(sha256)
            reader = self._reader

            def forget() -> Callable[[], None]:
                if reader is not None:
                    reader.forget(sha256)
                return lambda: None

            self._do(forget)

    # --- the edition --------------------------------------------------------------------------------------

    def _commit(self, made: Turn) -> None:
        sha256 = made.blob.sha256
        self._under_way[made.paper] = made
        self._renderer.open(sha256)
        self._network.add_blob(sha256, self._store.data(sha256))
        for op in made.ops:
            self._network.edit(op)

    def take(self, former: Briefing, changes: tuple[Change, ...]) -> None:
        """What came of the network. ``former``: the briefing before it; the pages are those of the newest."""
        for change in changes:
            match change:
                case EditionMade(paper):
                    self._edition_made(former, paper)
                case OpRefused(op=NewEdition(paper=paper_id)) if paper_id in self._under_way:
                    del self._under_way[paper_id]
                    self._again(paper_id)
                case InkChanged(page_id, _, only_new=True, pending=False) if page_id is not None:
                    self._follow_late(page_id)

    def _edition_made(self, former: Briefing, paper: Paper) -> None:
        made = self._under_way.get(paper.paper)
        if made is not None and made.after == paper.edition.pages:
            del self._under_way[paper.paper]
            self._turns.append(made)
            self._stay_on_the_page(former)
            self._console.mark_changed(made.changed + made.fresh)
            self._tell(made)
            self.made.emit(made)
            return
        for turned in reversed(self._turns):
            if turned.paper == paper.paper and paper.edition.pages in (turned.before, turned.after):
                again = paper.edition.pages == turned.after
                for op in (turned_again if again else turned_back)(turned, self._pages.briefing):
                    self._network.edit(op)
                self._stay_on_the_page(former)
                return

    def _tell(self, made: Turn) -> None:
        """What the edition did, in the place of what was said of the one before."""
        source = self._sources.get(made.paper)
        told = source_words.told(made, self._pages.briefing)
        if source is not None:
            for words, values in source.told:
                self._console.retract(words, **values)
            source.told = told[-1:]
        for words, values in told:
            self._console.notice(words, **values)

    def _stay_on_the_page(self, former: Briefing) -> None:
        """The page shown, also where it has another size now; the nearest one where it is gone."""
        session, view = self._session, self._session.showing.desk
        if view is None or not session.presents:
            return
        briefing = self._pages.briefing
        was, place = former.page(view.page_id), briefing.page(view.page_id)
        if place is None:
            nearest = briefing.nearest_page(view.page_id)
            if nearest is not None:
                session.go_to(nearest)
        elif was is not None and (was[2].width, was[2].height) != (place[2].width, place[2].height):
            session.go_to(view.page_id)

    def _follow_late(self, page_id: int) -> None:
        """Marks that were drawn on the page as it was and came when it was otherwise already."""
        briefing, reader = self._pages.briefing, self._reader
        place = briefing.page(page_id)
        made = next((each for each in reversed(self._turns) if page_id in each.changed), None)
        if made is None or place is None or reader is None or place[0].paper != made.paper:
            return
        first = made.editions[0].base + 1
        late = {
            id: drawn
            for id, drawn in briefing.ink.at(page_id).items()
            if drawn.edition < first and id not in made.known
        }
        if not late:
            return
        self._turns[self._turns.index(made)] = replace(made, known=made.known | frozenset(late))
        ink = Ink({page_id: late})

        def work() -> Callable[[], None]:
            try:
                ops = late_marks(reader, ink, made, page_id)
            except Closed:
                ops = ()

            def commit() -> None:
                for op in ops:
                    self._network.edit(op)

            return commit

        self._do(work)
