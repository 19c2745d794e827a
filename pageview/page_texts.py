"""The characters of pages, asked for once and kept for the pages that somebody reads or marks."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QObject, Signal

from pageview.page_text import PageText
from pageview.render_results import PageCharacters
from pageview.renderer import Renderer
from protocol.values import PageRef

KEPT: Final = 12


class PageTexts(QObject):
    """Only the newest few: a page has up to some megabytes of boxes."""

    known = Signal(object)
    """PageRef whose characters are here now."""

    def __init__(self, renderer: Renderer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._renderer = renderer
        self._texts: OrderedDict[PageRef, PageText] = OrderedDict()
        self._asked: set[PageRef] = set()
        renderer.characters.connect(self._came)

    def of(self, ref: PageRef) -> PageText | None:
        """The characters of that page; None while they are being read."""
        text = self._texts.get(ref)
        if text is not None:
            self._texts.move_to_end(ref)
        elif ref not in self._asked:
            self._asked.add(ref)
            self._renderer.ask_characters(ref.blob, ref.index)
        return text

    def clear(self) -> None:
        """Forgets everything."""
        self._texts.clear()
        self._asked.clear()

    def _came(self, characters: PageCharacters) -> None:
        ref = PageRef(characters.blob, characters.index)
        if ref not in self._asked:
            return
        self._asked.discard(ref)
        self._texts[ref] = characters.text
        while len(self._texts) > KEPT:
            self._texts.popitem(last=False)
        self.known.emit(ref)
