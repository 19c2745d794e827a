"""Pages of a paper come, go and change places: each as one edition of it. No Qt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from presenter.reanchored import Moves, reanchors
from protocol.ink import Placement, placed
from protocol.model import Briefing
from protocol.ops import NewEdition, Op, PlaceCorrection
from protocol.values import Blob, EditionPage, PageId, Rect

QUARTERS = 4


def removal(briefing: Briefing, page_id: PageId, when: int) -> NewEdition | None:
    """The page goes; None for the only page of a paper, or one that is not there."""
    place = briefing.page(page_id)
    if place is None or len(place[0].edition.pages) < 2:
        return None
    paper, index, _ = place
    return NewEdition(paper.paper, paper.edition.number, index, 1, (), (), when=when)


def move(briefing: Briefing, page_id: PageId, by: int, when: int) -> NewEdition | None:
    """The page goes ``by`` places on in its paper; None past the ends, or for one that is not there."""
    place = briefing.page(page_id)
    if place is None or not by:
        return None
    paper, index, page = place
    pages = paper.edition.pages
    if not 0 <= index + by < len(pages):
        return None
    first, last = sorted((index, index + by))
    others = [other for other in pages[first : last + 1] if other is not page]
    moved = (*others, page) if by > 0 else (page, *others)
    return NewEdition(paper.paper, paper.edition.number, first, len(moved), moved, (), when=when)


def insertion(
    briefing: Briefing, after: PageId, pages: Sequence[EditionPage], blob: Blob, when: int
) -> NewEdition | None:
    """Pages of ``blob`` come behind that page, under new page ids; None when it is not there."""
    place = briefing.page(after)
    if place is None or not pages:
        return None
    paper, index, _ = place
    fresh = range(briefing.next_page_id, briefing.next_page_id + len(pages))
    new = tuple(
        EditionPage(page_id, page.ref, page.width, page.height)
        for page_id, page in zip(fresh, pages, strict=True)
    )
    return NewEdition(paper.paper, paper.edition.number, index + 1, 0, new, (blob,), when=when)


def replacement(
    briefing: Briefing, page: EditionPage, blob: Blob, when: int, settles: tuple[int, ...] = ()
) -> NewEdition | None:
    """The page of that id is drawn from elsewhere, which settles these corrections; None when it is not
    there."""
    place = briefing.page(page.page_id)
    if place is None:
        return None
    paper, index, _ = place
    return NewEdition(paper.paper, paper.edition.number, index, 1, (page,), (blob,), settles, when=when)


def turned_with(briefing: Briefing, page_id: PageId, before: EditionPage, quarters: int) -> tuple[Op, ...]:
    """Marks and corrections of a page go with it as it was turned clockwise from ``before`` to what it is."""
    place = briefing.page(page_id)
    if place is None or not quarters % QUARTERS:
        return ()
    paper, _, _ = place
    turn = _turn(before.width, before.height, quarters)
    moves: Moves = defaultdict(list)
    for drawn in briefing.ink.at(page_id).values():
        moves[page_id, page_id, _then(drawn.placement, turn)].append(drawn.id)
    corrections = [
        PlaceCorrection(
            each.item, page_id, paper.edition.number, tuple(_turned(rect, turn) for rect in each.places)
        )
        for each in briefing.corrections.values()
        if each.page_id == page_id and each.places
    ]
    return (*reanchors(moves), *corrections)


def page_numbers(text: str, count: int) -> tuple[int, ...] | None:
    """“1-3, 5” as (0, 1, 2, 4); None for what is no such list, or names a page past ``count``."""
    found: list[int] = []
    for part in text.translate(_PLAIN).replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            return None
        start, end = int(first), int(last) if dash else int(first)
        if not 1 <= start <= end <= count:
            return None
        found += range(start - 1, end)
    return tuple(found)


_PLAIN = str.maketrans("０１２３４５６７８９，、－ー〜～　", "0123456789,,---- ")


def _turn(width: int, height: int, quarters: int) -> Placement:
    """Of page space, clockwise."""
    one = 10_000
    match quarters % QUARTERS:
        case 1:
            return Placement(0, one, -one, 0, height, 0)
        case 2:
            return Placement(-one, 0, 0, -one, width, height)
        case _:
            return Placement(0, -one, one, 0, 0, width)


def _then(first: Placement, second: Placement) -> Placement:
    """The one, and then the other."""

    def scaled(x: int, y: int) -> tuple[int, int]:
        return (
            round((second.a * x + second.c * y) / 10_000),
            round((second.b * x + second.d * y) / 10_000),
        )

    (a, b), (c, d), (e, f) = scaled(first.a, first.b), scaled(first.c, first.d), scaled(first.e, first.f)
    return Placement(a, b, c, d, e + second.e, f + second.f)


def _turned(rect: Rect, turn: Placement) -> Rect:
    corners = [placed(turn, x, y) for x in (rect.x0, rect.x1) for y in (rect.y0, rect.y1)]
    xs, ys = [round(x) for x, _ in corners], [round(y) for _, y in corners]
    return Rect(min(xs), min(ys), max(xs), max(ys))
