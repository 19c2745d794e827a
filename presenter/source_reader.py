"""Papers looked into for what changed in them: by a caged process of its own, so that no page waits for it.

Asked from one thread, and waited for. Of a paper are kept its words, and the sums of its pages' looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pageview import render_messages as wire
from pageview.asked_worker import AskedWorker, Gone
from pageview.page_text import PageText
from pageview.render_results import PageSize
from pageview.segments import SegmentStore
from protocol.errors import Fault, KamizeroError, fault_of
from protocol.values import PageRef

DEADLINE_S = 5.0
Asked = Callable[[int], wire.Order]


class CannotRead(KamizeroError):
    """A paper that cannot be opened, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


class Closed(KamizeroError):
    """The reader was closed meanwhile: nobody wants the answer."""


class SourceReader:
    """The process is started by the first question, and lives until ``close``."""

    def __init__(self, store: SegmentStore, deadline_s: float = DEADLINE_S) -> None:
        self._store, self._deadline_s = store, deadline_s
        self._process = AskedWorker(None)
        self._n = 0
        self._looks: dict[PageRef, bytes] = {}
        self._words: dict[PageRef, str] = {}
        self._closed = False

    def sizes(self, sha256: bytes, *, whole: bool) -> tuple[PageSize, ...]:
        """Of each page; CannotRead, with ``whole`` also for a paper that had to be repaired."""
        reply = self._ask(sha256, lambda n: wire.Open(n, sha256, None))
        if isinstance(reply, wire.CannotOpen):
            raise CannotRead(fault_of(reply.fault, Fault.PAPER_DAMAGED))
        if not isinstance(reply, wire.Opened) or (whole and reply.repaired):
            raise CannotRead(Fault.PAPER_DAMAGED)
        return tuple(map(PageSize, reply.sizes[::2], reply.sizes[1::2]))

    def look(self, ref: PageRef) -> bytes:
        """The sum of what a page looks like; b"" where nobody can say."""
        look = self._looks.get(ref)
        if look is None:
            reply = self._ask(ref.blob, lambda n: wire.ReadLook(n, ref.blob, ref.index))
            look = self._looks[ref] = reply.look if isinstance(reply, wire.Look) else b""
        return look

    def words(self, refs: Sequence[PageRef]) -> list[str]:
        """The signs of pages without spaces, or the first of very many; none of one that cannot be read."""
        at = 0
        while at < len(refs):
            first, count = refs[at], 1
            while (
                count < wire.PAGES_OF_WORDS
                and at + count < len(refs)
                and refs[at + count] == _next(first, count)
            ):
                count += 1
            if any(ref not in self._words for ref in refs[at : at + count]):
                self._read_words(first, count)
            at += count
        return [self._words[ref] for ref in refs]

    def _read_words(self, first: PageRef, count: int) -> None:
        reply = self._ask(first.blob, lambda n: wire.ReadWords(n, first.blob, first.index, count))
        read = reply.words if isinstance(reply, wire.Words) and len(reply.words) == count else ("",) * count
        self._words.update((_next(first, by), words) for by, words in enumerate(read))

    def text(self, ref: PageRef) -> PageText:
        """The characters of a page; none where it cannot be read."""
        reply = self._ask(ref.blob, lambda n: wire.ReadCharacters(n, ref.blob, ref.index))
        sound = isinstance(reply, wire.Characters) and reply.text.is_sound()
        return reply.text if isinstance(reply, wire.Characters) and sound else PageText()

    def forget(self, sha256: bytes) -> None:
        """Nothing further is asked of this paper."""
        for kept in (self._looks, self._words):
            for ref in [ref for ref in kept if ref.blob == sha256]:
                del kept[ref]
        if self._process.running:
            self._process.ready().take_back(sha256)

    def close(self) -> None:
        """Ends the process, from any thread; whoever waits for an answer gets Closed."""
        self._closed = True
        self._process.end()

    def _ask(self, sha256: bytes, order: Asked) -> wire.Reply | None:
        """None: the process died of it, or it took too long."""
        if self._closed:
            raise Closed
        self._n += 1
        segment = self._store.segment(sha256)
        try:
            worker = self._process.ready()
            self._check_open()
            if segment is None:
                return None
            if sha256 not in worker.papers:
                worker.hand(sha256, segment, None)
            reply, _ = self._process.ask(order(self._n), self._deadline_s)
        except Gone:
            self._process.end()
            self._check_open()
            return None
        self._check_open()
        return reply if getattr(reply, "n", 0) == self._n else None

    def _check_open(self) -> None:
        """Closed where it is; a process may have been started while it was being closed."""
        if self._closed:
            self._process.end()
            raise Closed


def _next(ref: PageRef, by: int) -> PageRef:
    return PageRef(ref.blob, ref.index + by)
