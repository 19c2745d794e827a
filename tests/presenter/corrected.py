"""A briefing that was drawn in and corrected as at a desk: every edit was really made, in a caged process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pageview import render_messages as wire
from pageview.asked_worker import AskedWorker
from pageview.correction_places import line_of
from pageview.page_edits import Change, ReplaceWords, Rotate
from pageview.page_text import PageText, TextRange
from pageview.segments import SegmentStore
from protocol.ink import Mark, NewMark
from protocol.messages import Committed
from protocol.model import Briefing
from protocol.ops import Draw, NewEdition, OfferPaper, Op, OpenCorrection
from protocol.values import Blob, EditionPage, OpId, PageId, PageRef

WHEN = 1_795_750_000
DEADLINE_S = 30.0


class Corrected:
    """Papers in ``store``, the log of what was done, and the briefing that it tells."""

    def __init__(self, store: SegmentStore, process: AskedWorker) -> None:
        self.store, self.process = store, process
        self.briefing = Briefing()
        self.log: list[Committed] = []
        self._numbers: dict[int, int] = {}
        self._n = 0

    def offer(self, file: Path | bytes, title: str) -> None:
        """One more paper."""
        sha256 = self.store.add(file) if isinstance(file, bytes) else self.store.add_file(file)
        sizes = self._opened(sha256).sizes
        first = self.briefing.next_page_id
        pages = tuple(
            EditionPage(first + index, PageRef(sha256, index), sizes[2 * index], sizes[2 * index + 1])
            for index in range(len(sizes) // 2)
        )
        paper = len(self.briefing.papers) + 1
        self.do(OfferPaper(paper, title, Blob(sha256, len(self.store.data(sha256))), pages))

    def do(self, op: Op, author: int = 0) -> None:
        """Commits it."""
        n = self._numbers[author] = self._numbers.get(author, -1) + 1
        self.briefing = self.briefing.apply(op, OpId(author, n))
        self.log.append(Committed(self.briefing.revision, OpId(author, n), op))

    def correct(self, page_id: PageId, old: str, new: str, *, settle: bool = True) -> None:
        """A correction of these words, set in the paper unless it stays open."""
        place = self.briefing.page(page_id)
        assert place is not None
        paper, _, page = place
        text = self.text(page)
        line, at = next((n, line.text.index(old)) for n, line in enumerate(text.lines) if old in line.text)
        ranges = (TextRange(line, at, at + len(old)),)
        item = len(self.briefing.corrections) + 1
        number, boxes = paper.edition.number, text.boxes(ranges)
        self.do(
            OpenCorrection(item, page_id, number, boxes, old, new, WHEN, line_of(text, ranges, page.width))
        )
        if settle:
            self.change(page_id, ReplaceWords(ranges, old, new), (item,))

    def change(self, page_id: PageId, change: Change, settles: tuple[int, ...] = ()) -> None:
        """An edit of a page, and the edition that it makes."""
        place = self.briefing.page(page_id)
        assert place is not None
        paper, index, page = place
        edited, pdf = self._ask(wire.EditPage(self._next(), page.ref.blob, page.ref.index, change, 31))
        assert isinstance(edited, wire.Edited)
        assert pdf, edited.outcome
        self.replace(paper.paper, index, page_id, pdf, settles)

    def replace(
        self, paper: int, index: int, page_id: PageId, pdf: bytes, settles: tuple[int, ...] = ()
    ) -> None:
        """An edition in which a page comes from this file of one page."""
        sha256 = self.store.add(pdf)
        width, height = self._opened(sha256).sizes[:2]
        fresh = EditionPage(page_id, PageRef(sha256, 0), width, height)
        number = next(each for each in self.briefing.papers if each.paper == paper).edition.number
        blob = Blob(sha256, len(pdf))
        self.do(NewEdition(paper, number, index, 1, (fresh,), (blob,), settles, when=WHEN))

    def rotate(self, page_id: PageId) -> None:
        """A quarter to the right."""
        self.change(page_id, Rotate(1))

    def draw(self, page_id: PageId, marks: Sequence[Mark], author: int = 0) -> None:
        """Marks on a page, the first that this author makes."""
        place = self.briefing.page(page_id)
        assert place is not None
        n = self.briefing.ink.next_n.get(author, 0)
        new = tuple(NewMark(n + at, mark) for at, mark in enumerate(marks))
        self.do(Draw(page_id, place[0].edition.number, WHEN, new), author)

    def text(self, page: EditionPage) -> PageText:
        """The characters of a page."""
        read, _ = self._ask(wire.ReadCharacters(self._next(), page.ref.blob, page.ref.index))
        assert isinstance(read, wire.Characters)
        return read.text

    def cut(self, page: EditionPage) -> bytes:
        """A PDF of a page alone."""
        return self._ask(wire.MakeSubset(self._next(), page.ref.blob, page.ref.index))[1]

    def _opened(self, sha256: bytes) -> wire.Opened:
        segment = self.store.segment(sha256)
        assert segment is not None
        self.process.ready().hand(sha256, segment, None)
        opened, _ = self._ask(wire.Open(self._next(), sha256, None))
        assert isinstance(opened, wire.Opened)
        return opened

    def _ask(self, order: wire.Order) -> tuple[wire.Reply, bytes]:
        return self.process.ask(order, DEADLINE_S)

    def _next(self) -> int:
        self._n += 1
        return self._n


@contextmanager
def corrected() -> Iterator[Corrected]:
    """An empty one; its process ends with it."""
    with processed() as (store, process):
        yield Corrected(store, process)


@contextmanager
def processed() -> Iterator[tuple[SegmentStore, AskedWorker]]:
    """A store and a process for briefings, one after the other; both are gone in the end."""
    store, process = SegmentStore(), AskedWorker(None)
    try:
        yield store, process
    finally:
        process.end()
        store.wipe()
