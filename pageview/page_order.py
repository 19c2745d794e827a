"""The pages of a briefing, which pictures they are, and the steps each is read in. No Qt."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from pageview.geometry import page_rect
from pageview.steps import USUAL_ASPECT, following, preceding, steps
from protocol.model import Briefing
from protocol.values import EditionPage, PageRef, Rect, View


class PageOrder:
    """Answers where a page stands, and what comes before and after a view."""

    def __init__(self) -> None:
        self.briefing = Briefing()
        self._page_ids: dict[PageRef, list[int]] = {}
        self._former: dict[PageRef, PageRef] = {}
        self._earlier: dict[PageRef, int] = {}
        self._lines: dict[PageRef, array[int]] = {}
        self._steps: dict[int, tuple[View, ...]] = {}
        self._aspect = USUAL_ASPECT

    def take(self, briefing: Briefing) -> bool:
        """Takes the newest state; whether its pages are others than before."""
        before, self.briefing = self.briefing, briefing
        if before.papers == briefing.papers:
            return False
        self._page_ids = {}
        self._former = {}
        self._earlier = {
            page.ref: page.page_id
            for paper in briefing.papers
            for edition in paper.editions[:-1]
            for page in edition.pages
        }
        self._steps.clear()
        for page in briefing.pages():
            self._page_ids.setdefault(page.ref, []).append(page.page_id)
            place = before.page(page.page_id)
            if place is not None and place[2].ref != page.ref and page_rect(place[2]) == page_rect(page):
                self._former[page.ref] = place[2].ref
        return True

    def clear(self) -> None:
        self.briefing = Briefing()
        for table in (self._page_ids, self._former, self._earlier, self._lines, self._steps):
            table.clear()

    def page(self, page_id: int) -> EditionPage | None:
        place = self.briefing.page(page_id)
        return None if place is None else place[2]

    def number(self, page_id: int) -> tuple[int, int]:
        """(n, m): the n-th, from 1, of the m pages of its paper; (0, 0): not in the briefing."""
        place = self.briefing.page(page_id)
        return (0, 0) if place is None else (place[1] + 1, len(place[0].edition.pages))

    def resolve(self, view: View) -> View | None:
        """The view itself; of a page that is gone, the nearest earlier one there is, as it opens."""
        if self.briefing.page(view.page_id) is not None:
            return view
        nearest = self.briefing.nearest_page(view.page_id)
        return None if nearest is None else self.steps_of(nearest)[0]

    def around(self, page_id: int | None, distance: int) -> Iterator[EditionPage]:
        """The pages from ``page_id`` (None: the first) outwards."""
        middle = page_id if page_id is not None else next((p.page_id for p in self.briefing.pages()), None)
        if middle is None:
            return
        for away in range(distance + 1):
            for by in (away, -away)[: 2 if away else 1]:
                beside = self.briefing.neighbour(middle, by)
                page = self.page(beside) if beside is not None else None
                if page is not None:
                    yield page

    # --- what pages are pictures of -----------------------------------------------------------------------

    def has(self, ref: PageRef) -> bool:
        """Whether a page of the newest editions is drawn from ``ref``."""
        return ref in self._page_ids

    def page_ids(self, ref: PageRef) -> tuple[int, ...]:
        return tuple(self._page_ids.get(ref, ()))

    def once(self, ref: PageRef) -> int | None:
        """The page that was drawn from ``ref`` in an earlier edition."""
        return self._earlier.get(ref)

    def refs_of(self, blob: bytes) -> list[PageRef]:
        return [ref for ref in self._page_ids if ref.blob == blob]

    def former(self, ref: PageRef) -> PageRef | None:
        """What the page looked like one edition before, to stand in until the new picture is drawn."""
        return self._former.get(ref)

    def needs(self, ref: PageRef) -> bool:
        """Whether pictures of ``ref`` are of any use."""
        return ref in self._page_ids or ref in self._former.values()

    # --- steps --------------------------------------------------------------------------------------------

    @property
    def aspect(self) -> float:
        return self._aspect

    @aspect.setter
    def aspect(self, aspect: float) -> None:
        self._aspect = aspect
        self._steps.clear()

    def steps_of(self, page_id: int) -> tuple[View, ...]:
        """The views that a page is read in, by its lines as far as they are known; KeyError: no such page."""
        found = self._steps.get(page_id)
        if found is None:
            page = self.page(page_id)
            if page is None:
                raise KeyError(page_id)
            edges = self._lines.get(page.ref, ())
            boxes = [Rect(*edges[at : at + 4]) for at in range(0, len(edges), 4)]
            found = self._steps[page_id] = steps(page, self._aspect, boxes)
        return found

    def take_lines(self, ref: PageRef, boxes: tuple[Rect, ...]) -> tuple[int, ...]:
        """The lines of a page are known; the page ids whose steps are others than those given before."""
        self._lines[ref] = array("i", (edge for box in boxes for edge in (box.x0, box.y0, box.x1, box.y1)))
        given = {page_id: self._steps.pop(page_id, None) for page_id in self.page_ids(ref)}
        return tuple(
            page_id for page_id, before in given.items() if before not in (None, self.steps_of(page_id))
        )

    def following(self, view: View) -> View | None:
        """What → shows after ``view``; None at the end."""
        return following(view, self.steps_of, self.briefing.neighbour)

    def preceding(self, view: View) -> View | None:
        """What ← shows; None at the beginning."""
        return preceding(view, self.steps_of, self.briefing.neighbour)

    def ahead(self, view: View) -> Iterator[View]:
        """``view`` itself, then next, previous, next but one, previous but one; nothing without a page."""
        current = self.resolve(view)
        if current is None:
            return
        yield current
        later: View | None = current
        earlier: View | None = current
        for _ in range(2):
            later = later and self.following(later)
            earlier = earlier and self.preceding(earlier)
            yield from (beside for beside in (later, earlier) if beside is not None)
