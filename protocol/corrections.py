"""Corrections (修正): what is asked for, how far it is, what the words were and what they are to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from protocol.errors import Reason, Refusal
from protocol.ink import PageIdOrTray, When
from protocol.values import Coordinate, PeerId, Rect, Value

if TYPE_CHECKING:
    from protocol.ops import AssignCorrection, NewEdition, OpenCorrection, PlaceCorrection, SetCorrection

CORRECTIONS_LIMIT = 5_000
ITEMS_OF_ONE = 2**24
"""Each author numbers texts in a range of their own: corrections in its first quarter, minutes in its third,
in its last what a former briefing left open."""


class CorrectionState(IntEnum):
    """How far a correction is (未修正、入力中、修正済み、確認済み、取下げ)."""

    OPEN = 0
    TYPING = 1
    DONE = 2
    CONFIRMED = 3
    WITHDRAWN = 4


_OPEN, _TYPING = CorrectionState.OPEN, CorrectionState.TYPING
_DONE, _CONFIRMED = CorrectionState.DONE, CorrectionState.CONFIRMED


class Line(Value, frozen=True):
    """How the words of a correction stand on their line, so that everybody can show the new ones there.

    ``size`` of the letters, ``baseline``; ``rest``: what follows the words on the line (None: nothing), and
    ``room``: how much farther it, or the words, may move. All in 1/100 point.
    """

    size: Annotated[int, Meta(ge=0, le=10_000_000)]
    baseline: Coordinate
    rest: Rect | None
    room: Annotated[int, Meta(ge=0, le=20_000_000)]


class Correction(Value, frozen=True):
    """``item``: its identity, and the text of its new wording. ``number``: from 1, as people say it.

    ``page_id``, ``edition``, ``places``: where the words stood, or stand in a newer edition; None: nobody
    knows. ``settled``: the edition that has the new wording, by whom and when.
    """

    item: Annotated[int, Meta(ge=0, le=2**40)]
    number: Annotated[int, Meta(ge=1, le=CORRECTIONS_LIMIT)]
    page_id: PageIdOrTray
    edition: Annotated[int, Meta(ge=0, le=100_000)]
    places: Annotated[tuple[Rect, ...], Meta(max_length=64)]
    before: Annotated[str, Meta(max_length=2_000)]
    line: Line | None
    author: PeerId
    when: When
    state: CorrectionState = CorrectionState.OPEN
    state_by: PeerId = 0
    state_when: When = 0
    settled: Annotated[int, Meta(ge=0, le=100_000)] = 0
    owner: Annotated[str, Meta(max_length=80)] = ""
    due: Annotated[str, Meta(max_length=40)] = ""
    noted: bool = False
    """It was done by a note on the page: its wording stands in no edition."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in (_OPEN, _TYPING)

    @property
    def is_settled(self) -> bool:
        """Whether its wording stands in the paper, or on it, and is typed no more."""
        return self.state in (_DONE, _CONFIRMED)


Corrections = Mapping[int, Correction]


def free_item(items: Iterable[int], author: PeerId, quarter: int = 0) -> int:
    """A number for one more text by ``author``, of all ``items`` that there are: a correction's, or of
    something else in another ``quarter`` of the range."""
    first = author * ITEMS_OF_ONE + quarter * (ITEMS_OF_ONE // 4)
    own = (item for item in items if first <= item < first + ITEMS_OF_ONE // 4)
    return max(own, default=first) + 1


def opened(corrections: Corrections, op: OpenCorrection, author: PeerId) -> Correction:
    """A new one, with the next number; `Refusal` when there are too many."""
    if len(corrections) >= CORRECTIONS_LIMIT:
        raise Refusal(Reason.TOO_MANY)
    return Correction(
        op.item,
        len(corrections) + 1,
        op.page_id,
        op.edition,
        op.places,
        op.before,
        op.line,
        author,
        op.when,
        state_by=author,
        state_when=op.when,
    )


def with_state(correction: Correction, op: SetCorrection, author: PeerId) -> Correction:
    """In another state. `Refusal` when it is in that state, or confirmed before it was done."""
    if op.state is correction.state:
        raise Refusal(Reason.NOTHING_CHANGED)
    if op.state is _CONFIRMED and correction.state is not _DONE:
        raise Refusal(Reason.NOT_ALLOWED)
    if op.state is _TYPING and correction.state is not _OPEN:
        raise Refusal(Reason.SETTLED)
    noted = op.state in (_DONE, _CONFIRMED) and (correction.noted or (op.noted and op.state is _DONE))
    return replace(correction, state=op.state, state_by=author, state_when=op.when, noted=noted)


def assigned(correction: Correction, op: AssignCorrection) -> Correction:
    """With who sees to it, and until when."""
    return replace(correction, owner=op.owner, due=op.due)


def placed_anew(correction: Correction, op: PlaceCorrection) -> Correction:
    """Where its words are in a newer edition."""
    return replace(correction, page_id=op.page_id, edition=op.edition, places=op.places, line=op.line)


def adopted(corrections: Corrections, from_former: tuple[Correction, ...]) -> dict[int, Correction]:
    """With those of a former briefing; `Refusal` unless their numbers are the next ones."""
    after = dict(corrections)
    for correction in from_former:
        if correction.number != len(after) + 1 or correction.item in after:
            raise Refusal(Reason.ALREADY_THERE)
        after[correction.item] = correction
    return after


def with_edition(
    corrections: Corrections, op: NewEdition, edition: int, author: PeerId
) -> dict[int, Correction]:
    """What an edition settles, and what it opens again. `Refusal` when one is not to be settled."""
    after = dict(corrections)
    for items, state, settled in ((op.settles, _DONE, edition), (op.reopens, _OPEN, 0)):
        for item in items:
            correction = after.get(item)
            if correction is None:
                raise Refusal(Reason.UNKNOWN_ITEM)
            if not (correction.is_open if state is _DONE else correction.is_settled):
                raise Refusal(Reason.SETTLED)
            after[item] = replace(
                correction,
                state=state,
                state_by=author,
                state_when=op.when,
                settled=settled,
                noted=False,
            )
    return after
