"""Where one's own marks go when their page becomes another. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pageview.page_text import PageText
from presenter.reanchored import Moves, Turned, ink_ops, reanchors
from protocol.errors import Reason, Refusal
from protocol.ink import MarkId, PageIdOrTray, Placement
from protocol.marks import Ink
from protocol.model import Briefing
from protocol.ops import Draw, Erase, MoveMarks, Reanchor
from protocol.papers import Paper
from protocol.values import OWNER, EditionPage, PageId, PageRef

NEAREST = 8
"""Of the pages that are otherwise, so many are looked through for the words."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a page's turning into another did: ``was`` → ``now`` (None: it is gone); each mark's placement
    before, and where it lies since."""

    was: PageRef
    now: PageRef | None
    page_id: PageId
    ops: tuple[Reanchor, ...]
    before: dict[MarkId, Placement]


def moved(
    ink: Ink, was: EditionPage, paper: Paper, text_of: Callable[[PageRef], PageText | None]
) -> Moved | None:
    """What lay on ``was`` goes where its words are in the newest edition; None while a page is not read."""
    pages = paper.edition.pages
    now = next((page.ref for page in pages if page.page_id == was.page_id), None)
    texts = [(page.page_id, text_of(page.ref)) for page in _likely(was, paper)]
    before = text_of(was.ref)
    after = [(page_id, text) for page_id, text in texts if text is not None]
    if before is None or len(after) < len(texts):
        return None
    sizes = {page.page_id: (page.width, page.height) for page in pages}
    turned = Turned({was.page_id: before}, after, sizes)
    ops = ink_ops(ink, turned, turned.places())
    lay = {id: drawn.placement for id, drawn in ink.at(was.page_id).items()}
    return Moved(was.ref, now, was.page_id, ops, lay)


def _likely(was: EditionPage, paper: Paper) -> list[EditionPage]:
    """The page itself, then those that are otherwise now and stand nearest to where it stood."""
    former = {page.page_id: page.ref for edition in paper.editions[-2:-1] for page in edition.pages}
    ids = list(former)
    at = ids.index(was.page_id) if was.page_id in ids else 0
    numbered = list(enumerate(paper.edition.pages))
    otherwise = [(n, page) for n, page in numbered if former.get(page.page_id) != page.ref]
    otherwise.sort(key=lambda each: (each[1].page_id != was.page_id, abs(each[0] - at)))
    return [page for _, page in sorted(otherwise[:NEAREST], key=lambda each: each[0])]


def turned_back(
    ink: Ink, moves: Sequence[Moved], page: EditionPage, fresh: EditionPage | None
) -> tuple[Reanchor, ...]:
    """A page is again what it was: what its turning moved, and nobody since, lies where it lay."""
    now = fresh.ref if fresh is not None else None
    made = next(
        (m for m in reversed(moves) if m.page_id == page.page_id and (m.was, m.now) == (now, page.ref)), None
    )
    if made is None:
        return ()
    back: Moves = defaultdict(list)
    for op in made.ops:
        here = ink.at(op.to)
        for id in op.marks:
            if id in here and here[id].placement == op.placement:
                back[op.to, made.page_id, made.before[id]].append(id)
    return reanchors(back)


def ink_of(ink: Ink, op: Draw | Erase | MoveMarks | Reanchor, briefing: Briefing) -> Ink:
    """The ink after that; `Refusal` when it does not apply."""
    match op:
        case Draw():
            return ink.draw(op, OWNER, _page(briefing, op.page_id))
        case Erase():
            return ink.erase(op)
        case MoveMarks():
            return ink.move(op, _page(briefing, op.page_id))
        case Reanchor():
            return ink.reanchor(op)


def _page(briefing: Briefing, page_id: PageIdOrTray) -> EditionPage:
    place = briefing.page(page_id) if page_id is not None else None
    if place is None:
        raise Refusal(Reason.UNKNOWN_PAGE)
    return place[2]
