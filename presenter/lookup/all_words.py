"""The words of every page of a briefing, read by the caged renderer, and searched here.

Nothing of it is written anywhere; it is forgotten with the briefing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from pageview.render_results import OpenRefused, WholeText
from pageview.renderer import Renderer
from presenter.lookup.folding import found_in, words_of
from protocol.model import Briefing
from protocol.values import EditionPage, PageRef

AT_ONCE = 4
"""Pages asked for ahead, so that pages to be shown never wait long."""


@dataclass(frozen=True, slots=True)
class Find:
    """One page with what is searched for: ``text`` around the first place, ``marks`` (start, end) in it."""

    page_id: int
    title: str
    number: int
    places: int
    text: str
    marks: tuple[tuple[int, int], ...]


class AllWords(QObject):
    """Reads nothing until ``begin``; then whatever is there, as papers arrive."""

    changed = Signal()
    """One more page was read."""

    def __init__(
        self, renderer: Renderer, is_here: Callable[[bytes], bool], parent: QObject | None = None
    ) -> None:
        """``is_here``: whether a paper's bytes are all in the renderer's store."""
        super().__init__(parent)
        self._renderer, self._is_here = renderer, is_here
        self._briefing = Briefing()
        self._texts: dict[PageRef, str] = {}
        self._asked: set[PageRef] = set()
        self._refused: set[bytes] = set()
        self._begun = False
        renderer.texts.connect(self._on_text)
        renderer.opened.connect(lambda _opened: self._ask())
        renderer.refused.connect(self._on_refused)

    def take(self, briefing: Briefing) -> None:
        """The briefing as it is now."""
        if briefing.papers != self._briefing.papers:
            self._briefing = briefing
            self._ask()

    def begin(self) -> None:
        """Somebody wants to search."""
        self._begun = True
        self._ask()

    def progress(self) -> tuple[int, int]:
        """(pages read, pages there are)"""
        pages = [page.ref for page in self._briefing.pages()]
        return sum(self._known(ref) for ref in pages), len(pages)

    def find(self, words: str, may_look: Callable[[int], bool]) -> tuple[Find, ...]:
        """The pages, in order, on which each of the words stands and that may be looked at."""
        wanted = words_of(words)
        return tuple(self._found(wanted, may_look)) if wanted else ()

    def _found(self, wanted: Sequence[str], may_look: Callable[[int], bool]) -> Iterator[Find]:
        for paper in self._briefing.papers:
            for index, page in enumerate(paper.edition.pages):
                text = self._texts.get(page.ref, "")
                if text and may_look(page.page_id):
                    found = found_in(text, wanted)
                    if found is not None:
                        places, snippet, marks = found
                        yield Find(page.page_id, paper.title, index + 1, places, snippet, marks)

    def clear(self) -> None:
        """Forgets everything."""
        self._texts.clear()
        self._asked.clear()
        self._refused.clear()
        self._briefing = Briefing()
        self._begun = False

    def _known(self, ref: PageRef) -> bool:
        return ref in self._texts or ref.blob in self._refused

    def _missing(self) -> Iterator[EditionPage]:
        return (
            page
            for page in self._briefing.pages()
            if not self._known(page.ref) and page.ref not in self._asked and self._is_here(page.ref.blob)
        )

    def _ask(self) -> None:
        missing = self._missing() if self._begun else iter(())
        while len(self._asked) < AT_ONCE and (page := next(missing, None)) is not None:
            self._asked.add(page.ref)
            self._renderer.ask_text(page.ref.blob, page.ref.index)

    def _on_text(self, read: WholeText) -> None:
        ref = PageRef(read.blob, read.index)
        self._texts[ref] = unicodedata.normalize("NFC", " ".join(read.text.split()))
        self._asked.discard(ref)
        if self._begun:
            self.changed.emit()
            self._ask()

    def _on_refused(self, refused: OpenRefused) -> None:
        self._refused.add(refused.sha256)
        self.changed.emit()
