"""The first words of pages, for the list of what comes next."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from pageview.render_results import PageLines
from pageview.renderer import Renderer
from protocol.values import PageRef

TITLE_LIMIT, TEXT_LIMIT = 60, 90


class PageWords(QObject):
    """Remembers what the renderer tells of each page's words; asks for a page once."""

    known = Signal()

    def __init__(self, renderer: Renderer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._renderer = renderer
        self._words: dict[PageRef, tuple[str, str]] = {}
        self._asked: set[PageRef] = set()
        renderer.lines.connect(self._on_lines)

    def of(self, ref: PageRef) -> tuple[str, str]:
        """(title, what follows it), both "" until they are known or when there are none."""
        if ref not in self._words and ref not in self._asked:
            self._asked.add(ref)
            self._renderer.ask_lines(ref.blob, ref.index)
        return self._words.get(ref, ("", ""))

    def clear(self) -> None:
        """Forgets everything."""
        self._words.clear()
        self._asked.clear()

    def _on_lines(self, lines: PageLines) -> None:
        ref = PageRef(lines.blob, lines.index)
        fresh = ref not in self._words
        self._words[ref] = split_words(lines.text)
        if fresh and ref in self._asked:
            self.known.emit()


def split_words(text: str) -> tuple[str, str]:
    """A page's first line that is more than a number, and what follows, each cut to a line or two."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if sum(sign.isalpha() for sign in line) >= 2]
    if not lines:
        return "", ""
    rest = " ".join(lines[1:4])
    return _cut(lines[0], TITLE_LIMIT), _cut(rest, TEXT_LIMIT)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
