"""LATEST: what has one present value. A newer one replaces an older one, in queues as well."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from protocol.values import (
    OWNER,
    Counter,
    Milliseconds,
    PageId,
    PaperId,
    PeerId,
    Rect,
    Screen,
    Value,
    View,
    Viewing,
)


class ShowView(Value, frozen=True, tag=32):
    """The page and rectangle that followers show; only the floor holder may set it."""

    view: View


class SetFloor(Value, frozen=True, tag=33):
    """Who presents; set by the session owner alone."""

    holder: PeerId


class SetScreen(Value, frozen=True, tag=34):
    """Cover, show, hidden or white, on every wall; only the floor holder may set it."""

    screen: Screen


class SetHold(Value, frozen=True, tag=35):
    """The walls stay at the view while the presenter looks elsewhere; only the floor holder may set it."""

    held: bool


class SetViewing(Value, frozen=True, tag=36):
    """What people may look at on their own; only the floor holder may set it."""

    viewing: Viewing


class SetTimer(Value, frozen=True, tag=37):
    """Elapsed time at the moment of sending, and the plan (0: none); only the floor holder may set it.

    ``due``: when, counted as ``elapsed`` is, the paper presented is to be through, where walls tell it.
    """

    elapsed: Milliseconds
    planned: Milliseconds
    running: bool
    due: Milliseconds | None = None


class SetWriting(Value, frozen=True, tag=38):
    """Whether people may write on the walls; only the floor holder may set it."""

    on_walls: bool


Places = Annotated[tuple[Rect, ...], Meta(max_length=64)]
Wording = Annotated[str, Meta(max_length=500)]


class CorrectionChange(Value, frozen=True, tag=0):
    """A correction that is settled, by its item. ``now_at``: where its new words stand in the edition that
    has them; none where nobody has looked."""

    item: Annotated[int, Meta(ge=0, le=2**40)]
    now_at: Places = ()


class PageChange(Value, frozen=True, tag=1):
    """What is otherwise on a page of ``edition`` than in the edition before: the ``number``-th of ``count``.

    ``was`` and ``now``: the words, which stand at ``was_at`` and ``now_at``; neither for another picture.
    """

    page_id: PageId
    edition: Annotated[int, Meta(ge=2, le=100_000)]
    was: Wording
    now: Wording
    was_at: Places
    now_at: Places
    number: Annotated[int, Meta(ge=1, le=100_000)] = 1
    count: Annotated[int, Meta(ge=1, le=100_000)] = 1


Compared = CorrectionChange | PageChange
"""A correction, or a change that came with the source."""


class SetCompared(Value, frozen=True, tag=39):
    """What is shown before and after on every wall; None: nothing. Only the floor holder may set it; of a
    correction that is not settled, or a page that is not there, nothing is shown."""

    what: Compared | None


class PageBefore(Value, frozen=True, tag=0):
    """The page before the one followed, in the same paper."""


class FormerEdition(Value, frozen=True, tag=1):
    """The page followed as ``edition`` of ``paper`` had it.

    What is otherwise on ``page_id``: words that stood at ``was_at`` and stand at ``now_at``, and places that
    only look otherwise.
    """

    paper: PaperId
    edition: Annotated[int, Meta(ge=1, le=100_000)]
    page_id: PageId | None = None
    was_at: Places = ()
    now_at: Places = ()
    looks_at: Places = ()


class OtherView(Value, frozen=True, tag=2):
    """A view of its own, which stays until the presenter changes it; at the left or right of the other."""

    view: View
    on_left: bool


Beside = PageBefore | FormerEdition | OtherView


class SetBeside(Value, frozen=True, tag=40):
    """What every screen shows beside the view followed, at its left where nothing else is said; None: that
    view alone. Only the floor holder may set it; what is not there is not shown."""

    what: Beside | None


Register = (
    ShowView | SetFloor | SetScreen | SetHold | SetViewing | SetTimer | SetWriting | SetCompared | SetBeside
)


class Registers(Value, frozen=True):
    """The present values together. ``view``: None until a page was shown; ``number``: the newest one's."""

    view: View | None = None
    floor: PeerId = OWNER
    screen: Screen = Screen.COVER
    held: bool = False
    viewing: Viewing = Viewing.FREE
    timer: SetTimer = SetTimer(0, 0, False)
    writing: bool = False
    compared: Compared | None = None
    beside: Beside | None = None
    number: Counter = 0

    @property
    def free_viewing(self) -> bool:
        """Whether people may look at any other page on their own."""
        return self.viewing is not Viewing.LOCKED


def replaced(registers: Registers, register: Register, number: int) -> Registers:
    """The same values but for this one."""
    match register:
        case ShowView(view):
            return replace(registers, view=view, number=number)
        case SetFloor(holder):
            return replace(registers, floor=holder, number=number)
        case SetScreen(screen):
            return replace(registers, screen=screen, number=number)
        case SetHold(held):
            return replace(registers, held=held, number=number)
        case SetViewing(viewing):
            return replace(registers, viewing=viewing, number=number)
        case SetTimer():
            return replace(registers, timer=register, number=number)
        case SetWriting(on_walls):
            return replace(registers, writing=on_walls, number=number)
        case SetCompared(what):
            return replace(registers, compared=what, number=number)
        case SetBeside(what):
            return replace(registers, beside=what, number=number)


def each(registers: Registers) -> tuple[Register, ...]:
    """The values one by one, the view first."""
    view = () if registers.view is None else (ShowView(registers.view),)
    return (
        *view,
        SetFloor(registers.floor),
        SetScreen(registers.screen),
        SetHold(registers.held),
        SetViewing(registers.viewing),
        registers.timer,
        SetWriting(registers.writing),
        SetCompared(registers.compared),
        SetBeside(registers.beside),
    )
