"""What lies on the pages of a paper when these read otherwise: ink and corrections, with their words. Pure.

Page space throughout. What nobody can place goes to the tray, never away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pageview import anchors
from pageview.anchors import Reanchoring, anchors_of
from pageview.page_text import PageText
from protocol.ink import Drawn, MarkId, PageIdOrTray, Placement, Words, bounds, placed
from protocol.marks import Ink
from protocol.ops import Reanchor
from protocol.values import PageId, Rect

TOGETHER_S = 5
"""Strokes of one person, so soon after one another and side by side, are one drawing."""
BESIDE = 1_000
LARGEST = 20_000
"""A drawing that is larger is held stroke by stroke."""
AT_ONCE = 5_000
"""Marks moved by one op."""
Moves = dict[tuple[PageIdOrTray, PageIdOrTray, Placement], list[MarkId]]
"""(the page they lie on, the page they go to, where they lie there) → marks."""
GRAIN = 10
"""A tenth of a point: marks that moved by the same are moved by one op."""


@dataclass(frozen=True, slots=True)
class Turned:
    """``before``: the words of pages that are otherwise now or gone, where something lies on them.

    ``after``: of every page that is new or otherwise, in order; ``sizes``: of the pages of the new edition.
    """

    before: Mapping[PageId, PageText]
    after: Sequence[tuple[PageId, PageText]]
    sizes: Mapping[PageId, tuple[int, int]]

    def places(self) -> Places:
        """Where words are now."""
        return Places(self)


class Places:
    """The new pages, in which words are looked for."""

    def __init__(self, turned: Turned) -> None:
        self._turned = turned
        self._ids = [page_id for page_id, _ in turned.after]
        self._texts = dict(turned.after)
        self._looked_in = Reanchoring([text for _, text in turned.after])

    def text(self, page_id: PageId) -> PageText:
        """The words of a new page."""
        return self._texts[page_id]

    def of(self, page_id: PageId, boxes: Sequence[Rect]) -> Iterator[tuple[PageIdOrTray, anchors.Matrix]]:
        """For each box of a page as it was: the page it belongs to, and the way there."""
        was = self._turned.before[page_id]
        here = self._ids.index(page_id) if page_id in self._ids else None
        for box, anchor in zip(boxes, anchors_of(was, boxes), strict=True):
            place = None if anchor is None else self._looked_in.place(anchor, here)
            if anchor is None and here is not None:
                yield page_id, _STAYS  # a page of pictures: what lies on it is held by the page
            elif place is None:
                yield None, _STAYS
            else:
                to = self._ids[place.page]
                yield (to, place.matrix) if self._holds(to, place.moved(box)) else (None, _STAYS)

    def of_one(self, page_id: PageId, box: Rect) -> tuple[PageIdOrTray, Rect]:
        """The same for one box, and where it lies then."""
        to, matrix = next(self.of(page_id, [box]))
        return to, anchors.Placement(0, matrix).moved(box)

    def _holds(self, page_id: PageId, box: Rect) -> bool:
        width, height = self._turned.sizes[page_id]
        return 0 <= (box.x0 + box.x1) / 2 <= width and 0 <= (box.y0 + box.y1) / 2 <= height


_STAYS: anchors.Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def ink_ops(ink: Ink, turned: Turned, places: Places) -> tuple[Reanchor, ...]:
    """Every mark of those pages that has to lie elsewhere, or in the tray."""
    moves: Moves = defaultdict(list)
    for page_id in turned.before:
        drawings = _drawings(list(ink.at(page_id).values()))
        ways = places.of(page_id, [box for _, box in drawings])
        for (marks, _), (to, matrix) in zip(drawings, ways, strict=True):
            for drawn in marks:
                placement = _on(drawn.placement, matrix)
                if to != page_id or placement != drawn.placement:
                    moves[page_id, to, placement].append(drawn.id)
    return reanchors(moves)


def reanchors(moves: Moves) -> tuple[Reanchor, ...]:
    """The ops of these moves, none larger than a message."""
    return tuple(
        Reanchor(page_id, to, tuple(marks[start : start + AT_ONCE]), placement)
        for (page_id, to, placement), marks in moves.items()
        for start in range(0, len(marks), AT_ONCE)
    )


def _drawings(marks: Sequence[Drawn]) -> list[tuple[list[Drawn], Rect]]:
    """Marks that belong together, and the box of each drawing."""
    drawings: list[tuple[list[Drawn], Rect]] = []
    for drawn in marks:
        box = box_of(drawn)
        if drawings:
            others, around = drawings[-1]
            last = others[-1]
            if _are_of_one_note(drawn, last):
                drawings[-1] = [*others, drawn], around
                continue
            both = Rect(
                min(around.x0, box.x0),
                min(around.y0, box.y0),
                max(around.x1, box.x1),
                max(around.y1, box.y1),
            )
            beside = (
                max(around.x0, box.x0) - min(around.x1, box.x1) <= BESIDE
                and max(around.y0, box.y0) - min(around.y1, box.y1) <= BESIDE
            )
            small = both.x1 - both.x0 <= LARGEST and both.y1 - both.y0 <= LARGEST
            soon = abs(drawn.when - last.when) <= TOGETHER_S
            if beside and small and soon and last.id.author == drawn.id.author:
                drawings[-1] = [*others, drawn], both
                continue
        drawings.append(([drawn], box))
    return drawings


def _are_of_one_note(drawn: Drawn, last: Drawn) -> bool:
    """Whether it is the words of a note, or their leader, and the lines through the old words came before:
    these alone hold it, however far from them it stands."""
    is_note = any(isinstance(each.mark, Words) and each.mark.ground for each in (drawn, last))
    return is_note and (drawn.id.author, drawn.when) == (last.id.author, last.when)


def box_of(drawn: Drawn) -> Rect:
    """Where a mark lies."""
    box = bounds(drawn.mark)
    corners = [placed(drawn.placement, x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    xs, ys = [round(x) for x, _ in corners], [round(y) for _, y in corners]
    return Rect(min(xs), min(ys), max(max(xs), min(xs) + 1), max(max(ys), min(ys) + 1))


def _on(placement: Placement, matrix: anchors.Matrix) -> Placement:
    """First as it lay, then the way to its new place."""
    scale, _, _, _, e, f = matrix
    if matrix == _STAYS:
        return placement
    e, f = round(e / GRAIN) * GRAIN, round(f / GRAIN) * GRAIN
    return Placement(
        round(scale * placement.a),
        round(scale * placement.b),
        round(scale * placement.c),
        round(scale * placement.d),
        round(scale * placement.e + e),
        round(scale * placement.f + f),
    )
