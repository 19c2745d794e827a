"""Small pictures of whole pages with what is drawn on them, a little at a time: nobody waits for one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from pageview import ink_painting
from pageview.geometry import Placement, page_rect
from protocol.ink import Drawn, MarkId
from protocol.marks import Ink
from protocol.values import EditionPage, PageId

AT_ONCE: Final = 120
"""Marks painted before others have their turn: some 5 ms."""
KEPT: Final = 96
RESTS_MS: Final = 300
"""Ink that comes is on the thumbnails when the hand has rested for so long."""


@dataclass
class _Inked:
    """A page's picture with ``marks`` painted on it; ``bare``: which picture it was without. ``whole``: the
    page's ink when all of it was on the picture, so that it is not walked through for every paint of a list.
    """

    bare: int
    image: QImage
    marks: dict[MarkId, Drawn] = field(default_factory=dict)
    whole: Mapping[MarkId, Drawn] | None = None


class InkedThumbnails(QObject):
    """``of`` gives what there is; `ready` tells that there is more."""

    ready = Signal(object)
    """page_id"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ink = Ink()
        self._kept: OrderedDict[tuple[PageId, int, int], _Inked] = OrderedDict()
        self._changed: set[PageId] = set()
        self._rests = QTimer(self, singleShot=True, interval=RESTS_MS)
        self._rests.timeout.connect(self._tell)
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._tell)

    def take(self, ink: Ink) -> None:
        """The ink of the briefing as it is now."""
        if ink is self._ink:
            return
        was, self._ink = self._ink, ink
        pages = {page for page in (*was.pages, *ink.pages) if was.at(page) is not ink.at(page)}
        self._changed |= {page for page in pages if page is not None}
        if self._changed:
            self._rests.start()

    def of(self, page: EditionPage, image: QImage) -> QImage:
        """``image``, which is a picture of that page, with its ink."""
        wanted = self._ink.at(page.page_id)
        if not wanted:
            return image
        key = page.page_id, image.width(), image.height()
        kept = self._kept.pop(key, None)
        bare = image.cacheKey()
        if kept is None or kept.bare != bare or not (kept.whole is wanted or _goes_on(kept.marks, wanted)):
            kept = _Inked(bare, image.convertToFormat(QImage.Format.Format_RGB32))
        self._kept[key] = kept
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        if kept.whole is wanted:
            return kept.image
        if self._paint(kept, page):
            self._changed.add(page.page_id)
            self._more.start()
        else:
            kept.whole = wanted
        return kept.image

    def clear(self) -> None:
        """Nothing of any page is left."""
        self._rests.stop()
        self._more.stop()
        self._kept.clear()
        self._changed.clear()
        self._ink = Ink()

    def _paint(self, kept: _Inked, page: EditionPage) -> bool:
        """Paints what is not in the picture yet; whether there is more to paint."""
        place = Placement(page_rect(page), 0, 0, kept.image.width(), kept.image.height())
        onto = ink_painting.to_pixels(place)
        fresh = _fresh(kept.marks, self._ink, page.page_id)
        with QPainter(kept.image) as painter:
            for done, drawn in enumerate(fresh):
                if done == AT_ONCE:
                    return True
                mode = QPainter.CompositionMode
                highlight = ink_painting.is_highlight(drawn.mark)
                painter.setCompositionMode(
                    mode.CompositionMode_Multiply if highlight else mode.CompositionMode_SourceOver
                )
                ink_painting.paint_drawn(painter, drawn, onto)
                kept.marks[drawn.id] = drawn
        return False

    def _tell(self) -> None:
        changed, self._changed = self._changed, set()
        for page_id in changed:
            self.ready.emit(page_id)


def _goes_on(painted: dict[MarkId, Drawn], marks: Mapping[MarkId, Drawn]) -> bool:
    """Whether all that was painted is still there, as it was."""
    return all(marks.get(id) is drawn or marks.get(id) == drawn for id, drawn in painted.items())


def _fresh(painted: dict[MarkId, Drawn], ink: Ink, page_id: PageId) -> Iterator[Drawn]:
    return (drawn for drawn in ink.seen(page_id) if drawn.id not in painted)
