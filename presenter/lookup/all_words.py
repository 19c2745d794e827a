"""The words of every page of a briefing, read by the caged renderer, and searched here.

Nothing of it is written anywhere; it is forgotten with the briefing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from PySide6.QtCore import QObject, Signal

from pageview.render_results import OpenRefused, WholeText
from pageview.renderer import Renderer
from presenter.lookup.folding import folded, found_in, words_of
from protocol.model import Briefing, Paper
from protocol.values import EditionPage, PageRef

_Place = tuple[Paper, int, EditionPage]
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
    """One more page was read, or pages may be found on that might not, or the other way round."""

    def __init__(
        self, renderer: Renderer, is_here: Callable[[bytes], bool], parent: QObject | None = None
    ) -> None:
        """``is_here``: whether a paper's bytes are all in the renderer's store."""
        super().__init__(parent)
        self._renderer, self._is_here = renderer, is_here
        self._briefing = Briefing()
        self._texts: dict[PageRef, str] = {}
        self._plain: dict[PageRef, str] = {}
        """The same folded: most pages have not all the words, which is soon seen."""
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

    def find(self, words: str, may_look: Callable[[int], bool], most: int | None = None) -> tuple[Find, ...]:
        """The pages, in order, on which each of the words stands and that may be looked at; ``most``: so many
        of them."""
        wanted = words_of(words)
        pages = self._with_all(wanted, may_look) if wanted else iter(())
        return tuple(self._found(place, wanted) for place in islice(pages, most))

    def count(self, words: str, may_look: Callable[[int], bool]) -> int:
        """How many such pages there are."""
        wanted = words_of(words)
        return sum(1 for _ in self._with_all(wanted, may_look)) if wanted else 0

    def _with_all(self, wanted: Sequence[str], may_look: Callable[[int], bool]) -> Iterator[_Place]:
        for paper in self._briefing.papers:
            for index, page in enumerate(paper.edition.pages):
                plain = self._plain.get(page.ref, "")
                if plain and may_look(page.page_id) and all(word in plain for word in wanted):
                    yield paper, index, page

    def _found(self, place: _Place, wanted: Sequence[str]) -> Find:
        paper, index, page = place
        found = found_in(self._texts[page.ref], wanted)
        assert found is not None
        places, snippet, marks = found
        return Find(page.page_id, paper.title, index + 1, places, snippet, marks)

    def clear(self) -> None:
        """Forgets everything."""
        self._texts.clear()
        self._plain.clear()
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
        self._plain[ref] = folded(self._texts[ref])[0]
        self._asked.discard(ref)
        if self._begun:
            self.changed.emit()
            self._ask()

    def _on_refused(self, refused: OpenRefused) -> None:
        self._refused.add(refused.sha256)
        self.changed.emit()
