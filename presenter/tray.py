"""Marks whose words are gone with an edition: who drew what, where, and how it gets onto a page. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pageview.anchors import box_around
from presenter.reanchored import AT_ONCE, Moves, box_of, reanchors
from protocol.ink import Drawn
from protocol.marks import Ink
from protocol.model import Briefing
from protocol.ops import Erase, Op
from protocol.values import EditionPage, PageId, PeerId, Rect


@dataclass(frozen=True, slots=True)
class Lost:
    """What one person drew on one page, and nobody can place. ``origin``: that page, which may be gone;
    ``private``: of one's own layer."""

    author: PeerId
    origin: PageId | None
    marks: tuple[Drawn, ...]
    private: bool = False

    @property
    def box(self) -> Rect:
        """Around all of it, as it lay."""
        return box_around(box_of(drawn) for drawn in self.marks)

    def onto(self, page: EditionPage) -> tuple[Op, ...]:
        """Puts it on a page: where it lay on its own, or as near to that as this one has room."""
        box = self.box
        dx = _shift(box.x0, box.x1, page.width)
        dy = _shift(box.y0, box.y1, page.height)
        moves: Moves = defaultdict(list)
        for drawn in self.marks:
            moves[None, page.page_id, drawn.placement.moved(dx, dy)].append(drawn.id)
        return reanchors(moves)

    def away(self) -> tuple[Op, ...]:
        """Erases it."""
        ids = tuple(drawn.id for drawn in self.marks)
        return tuple(Erase(None, ids[start : start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


def lost(briefing: Briefing) -> tuple[Lost, ...]:
    """Everything in the tray, in the order in which it was drawn."""
    return lost_of(briefing.ink)


def lost_of(ink: Ink, *, private: bool = False) -> tuple[Lost, ...]:
    """The same of this ink."""
    groups: dict[tuple[PeerId, PageId | None], list[Drawn]] = defaultdict(list)
    for drawn in ink.seen(None):
        groups[drawn.id.author, drawn.origin].append(drawn)
    return tuple(Lost(author, origin, tuple(marks), private) for (author, origin), marks in groups.items())


def _shift(low: int, high: int, extent: int) -> int:
    """So much further for ``low`` to ``high`` to lie within 0 to ``extent``, or in its middle."""
    if high - low > extent:
        return (extent - low - high) // 2
    return max(0, -low) - max(0, high - extent)
