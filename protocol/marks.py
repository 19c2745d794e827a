"""The marks of a briefing by page, and what an op makes of them. Nothing is changed in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from msgspec.structs import replace as with_fields

from protocol.errors import Reason, Refusal
from protocol.ink import (
    OP_LIMIT,
    Drawn,
    Mark,
    MarkId,
    MarkIds,
    PageIdOrTray,
    Words,
    bounds,
    is_too_long,
    weight,
)
from protocol.ops import Adopt, Draw, Erase, MoveMarks, Reanchor
from protocol.papers import MARGIN
from protocol.texts import check_text
from protocol.values import EditionPage, PeerId

PAGE_LIMIT = 20_000
"""Marks of one page, erased ones counted."""
MARKS_LIMIT = 200_000

Marks = Mapping[MarkId, Drawn]
_NONE: Marks = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ink:
    """``pages``: the marks of each page in the order they came in, erased ones too; None is the tray.
    ``next_n``: of each author, the first number that no mark has."""

    pages: Mapping[PageIdOrTray, Marks] = field(default_factory=dict)
    next_n: Mapping[PeerId, int] = field(default_factory=dict)
    count: int = 0

    def at(self, page_id: PageIdOrTray) -> Marks:
        """Everything that was ever drawn there and not taken elsewhere."""
        return self.pages.get(page_id, _NONE)

    def seen(self, page_id: PageIdOrTray) -> Iterator[Drawn]:
        """What is to be seen there, oldest first."""
        return (drawn for drawn in self.at(page_id).values() if not drawn.erased)

    def draw(self, op: Draw, author: PeerId, page: EditionPage) -> Ink:
        """With new marks; `Refusal` when one is not of this page or not new."""
        marks = dict(self.at(op.page_id))
        if len(marks) + len(op.marks) > PAGE_LIMIT or self.count + len(op.marks) > MARKS_LIMIT:
            raise Refusal(Reason.TOO_MANY)
        if sum(weight(new.mark) for new in op.marks) > OP_LIMIT:
            raise Refusal(Reason.TOO_LARGE)
        next_n = self.next_n.get(author, 0)
        _set_erased(marks, op.erased, True)
        for new in op.marks:
            if new.n < next_n:
                raise Refusal(Reason.ALREADY_THERE)
            check_mark(new.mark, page)
            id = MarkId(author, new.n)
            marks[id] = Drawn(id, new.mark, op.edition, op.when)
            next_n = new.n + 1
        return replace(
            self,
            pages={**self.pages, op.page_id: marks},
            next_n={**self.next_n, author: next_n},
            count=self.count + len(op.marks),
        )

    def adopt(self, op: Adopt, page: EditionPage | None) -> Ink:
        """With marks of a former briefing; `Refusal` when one is not new."""
        marks, next_n = dict(self.at(op.page_id)), dict(self.next_n)
        if len(marks) + len(op.marks) > PAGE_LIMIT or self.count + len(op.marks) > MARKS_LIMIT:
            raise Refusal(Reason.TOO_MANY)
        known = {id for page_marks in self.pages.values() for id in page_marks}
        for drawn in op.marks:
            if drawn.id in known:
                raise Refusal(Reason.ALREADY_THERE)
            if page is not None:
                check_mark(drawn.mark, page)
            marks[drawn.id] = drawn
            known.add(drawn.id)
            next_n[drawn.id.author] = max(next_n.get(drawn.id.author, 0), drawn.id.n + 1)
        count = self.count + len(op.marks)
        return replace(self, pages={**self.pages, op.page_id: marks}, next_n=next_n, count=count)

    def erase(self, op: Erase) -> Ink:
        """With some gone and some back; `Refusal` when that is so already."""
        marks = dict(self.at(op.page_id))
        changed = _set_erased(marks, op.erased, True) + _set_erased(marks, op.restored, False)
        if not changed:
            raise Refusal(Reason.NOTHING_CHANGED)
        return replace(self, pages={**self.pages, op.page_id: marks})

    def move(self, op: MoveMarks, page: EditionPage) -> Ink:
        """With some elsewhere on their page; `Refusal` when one would leave it."""
        marks = dict(self.at(op.page_id))
        for id in op.marks:
            drawn = _known(marks, id)
            marks[id] = with_fields(drawn, placement=drawn.placement.moved(op.dx, op.dy))
            _check_reach(marks[id], page)
        return replace(self, pages={**self.pages, op.page_id: marks})

    def reanchor(self, op: Reanchor) -> Ink:
        """With some where their words are now; those that go to the tray keep the page they come from."""
        origin = op.page_id if op.to is None else None
        here = dict(self.at(op.page_id))
        there = here if op.to == op.page_id else dict(self.at(op.to))
        for id in op.marks:
            drawn = _known(here, id)
            if there is not here:
                del here[id]
            there[id] = with_fields(drawn, placement=op.placement, origin=origin)
        return replace(self, pages={**self.pages, op.page_id: here, op.to: there})


def new_ids(op: Draw, author: PeerId) -> MarkIds:
    """The marks that the op makes."""
    return tuple(MarkId(author, new.n) for new in op.marks)


def check_mark(mark: Mark, page: EditionPage) -> None:
    """`Refusal` unless it lies in the page's space, goes no way without end, and its words are words."""
    if isinstance(mark, Words):
        check_text(mark.text)
    elif len(mark.pressures) not in (0, len(mark.path) // 4 + 1) or len(mark.path) % 4:
        raise Refusal(Reason.OUTSIDE_PAGE)
    elif is_too_long(mark):
        raise Refusal(Reason.TOO_LONG)
    box = bounds(mark)
    x, y = page.width // MARGIN + 1, page.height // MARGIN + 1
    if box.x0 < -x or box.y0 < -y or box.x1 > page.width + x or box.y1 > page.height + y:
        raise Refusal(Reason.OUTSIDE_PAGE)


def _known(marks: dict[MarkId, Drawn], id: MarkId) -> Drawn:
    drawn = marks.get(id)
    if drawn is None:
        raise Refusal(Reason.UNKNOWN_MARK)
    return drawn


def _set_erased(marks: dict[MarkId, Drawn], ids: MarkIds, erased: bool) -> int:
    changed = 0
    for id in ids:
        drawn = _known(marks, id)
        if drawn.erased != erased:
            marks[id] = with_fields(drawn, erased=erased)
            changed += 1
    return changed


def _check_reach(drawn: Drawn, page: EditionPage) -> None:
    """However far it was moved: some of it stays where it can be got hold of."""
    box = bounds(drawn.mark)
    place = drawn.placement
    x0, y0 = box.x0 + place.e, box.y0 + place.f
    x1, y1 = box.x1 + place.e, box.y1 + place.f
    if x1 < 0 or y1 < 0 or x0 > page.width or y0 > page.height:
        raise Refusal(Reason.OUTSIDE_PAGE)
