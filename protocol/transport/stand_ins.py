"""Which one-page papers the desk should make, so that a wall shows a page before the whole paper is there.

First the page in view, then its neighbours, while some wall lacks the paper. Pure: says what is wanted, keeps
what was made and which wall was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from protocol.messages import StandIn
from protocol.model import Briefing
from protocol.values import PageRef

WORTH_IT = 512 * 1024
"""A paper shorter than this comes as fast as a page of it would."""
NEIGHBOURS = (0, 1, -1)


@dataclass(slots=True)
class GuestPapers:
    """What one guest has: blobs that went out to it whole, and stand-ins it was told of."""

    whole: set[bytes] = field(default_factory=set)
    told: set[PageRef] = field(default_factory=set)


class StandIns:
    """All stand-ins of a briefing."""

    def __init__(self) -> None:
        self._made: dict[PageRef, StandIn] = {}
        self._asked: set[PageRef] = set()

    def add(self, stand_in: StandIn) -> None:
        """The desk made it."""
        self._made[stand_in.ref] = stand_in
        self._asked.discard(stand_in.ref)

    def of(self, ref: PageRef) -> StandIn | None:
        """What was made for this page."""
        return self._made.get(ref)

    def to_make(
        self,
        around: Sequence[PageRef],
        walls: Iterable[GuestPapers],
        participants: Iterable[GuestPapers] = (),
    ) -> tuple[PageRef, ...]:
        """What the desk should make now, each once: the page in view, and when that is out its neighbours.

        Neighbours wait for the walls only: a participant may be as slow as it likes.
        """
        waiting = tuple(walls)
        lacking = (*waiting, *participants)
        if around and any(self._awaits(around[0], wall) for wall in waiting):
            around = around[:1]
        fresh = [ref for ref in around if ref not in self._made and ref not in self._asked]
        wanted = tuple(ref for ref in fresh if any(ref.blob not in wall.whole for wall in lacking))
        self._asked.update(wanted)
        return wanted

    def _awaits(self, ref: PageRef, wall: GuestPapers) -> bool:
        """Whether neither the paper nor the page has gone out to this wall."""
        made = self._made.get(ref)
        return ref.blob not in wall.whole and (made is None or made.sha256 not in wall.whole)

    def to_tell(self, around: Sequence[PageRef], wall: GuestPapers) -> tuple[StandIn, ...]:
        """What this wall should be told of now. The neighbours wait for the page in view."""
        told = []
        for ref in around:
            if ref.blob in wall.whole or ref in wall.told:
                continue
            made = self._made.get(ref)
            if made is None:
                break
            wall.told.add(ref)
            told.append(made)
        return tuple(told)


def around_view(briefing: Briefing) -> tuple[PageRef, ...]:
    """The page in view and its neighbours, as far as they belong to papers that are worth a stand-in."""
    view = briefing.registers.view
    if view is None:
        return ()
    refs: list[PageRef] = []
    blobs = briefing.blobs()
    for step in NEIGHBOURS:
        page_id = briefing.neighbour(view.page_id, step) if step else view.page_id
        found = None if page_id is None else briefing.page(page_id)
        if found is not None and blobs[found[2].ref.blob].length >= WORTH_IT:
            refs.append(found[2].ref)
    return tuple(refs)
