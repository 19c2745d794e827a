"""LATEST: what has one present value. A newer one replaces an older one, in queues as well."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from protocol.values import OWNER, Milliseconds, PeerId, Screen, Value, View


class ShowView(Value, tag=32):
    """The page and rectangle that followers show; only the floor holder may set it."""

    view: View


class SetFloor(Value, tag=33):
    """Who presents; set by the session owner alone."""

    holder: PeerId


class SetScreen(Value, tag=34):
    """Cover, show, hidden or white, on every wall; only the floor holder may set it."""

    screen: Screen


class SetHold(Value, tag=35):
    """The walls stay at the view while the presenter looks elsewhere; only the floor holder may set it."""

    held: bool


class SetFreeViewing(Value, tag=36):
    """Whether people may look at other pages on their own; only the floor holder may set it."""

    allowed: bool


class SetTimer(Value, tag=37):
    """Elapsed time at the moment of sending, and the plan (0: none); only the floor holder may set it."""

    elapsed: Milliseconds
    planned: Milliseconds
    running: bool


Register = ShowView | SetFloor | SetScreen | SetHold | SetFreeViewing | SetTimer


class Registers(Value):
    """The present values together. ``view`` is None until a page was shown."""

    view: View | None = None
    floor: PeerId = OWNER
    screen: Screen = Screen.COVER
    held: bool = False
    free_viewing: bool = True
    timer: SetTimer = SetTimer(0, 0, False)
    numbers: Annotated[tuple[int, ...], Meta(max_length=16)] = ()
