"""LATEST: what has one present value. A newer one replaces an older one, in queues as well."""

from __future__ import annotations

from msgspec.structs import replace

from protocol.values import OWNER, Counter, Milliseconds, PeerId, Screen, Value, View


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


class SetFreeViewing(Value, frozen=True, tag=36):
    """Whether people may look at other pages on their own; only the floor holder may set it."""

    allowed: bool


class SetTimer(Value, frozen=True, tag=37):
    """Elapsed time at the moment of sending, and the plan (0: none); only the floor holder may set it."""

    elapsed: Milliseconds
    planned: Milliseconds
    running: bool


Register = ShowView | SetFloor | SetScreen | SetHold | SetFreeViewing | SetTimer


class Registers(Value, frozen=True):
    """The present values together. ``view``: None until a page was shown; ``number``: the newest one's."""

    view: View | None = None
    floor: PeerId = OWNER
    screen: Screen = Screen.COVER
    held: bool = False
    free_viewing: bool = True
    timer: SetTimer = SetTimer(0, 0, False)
    number: Counter = 0


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
        case SetFreeViewing(allowed):
            return replace(registers, free_viewing=allowed, number=number)
        case SetTimer():
            return replace(registers, timer=register, number=number)


def each(registers: Registers) -> tuple[Register, ...]:
    """The values one by one, the view first."""
    view = () if registers.view is None else (ShowView(registers.view),)
    return (
        *view,
        SetFloor(registers.floor),
        SetScreen(registers.screen),
        SetHold(registers.held),
        SetFreeViewing(registers.free_viewing),
        registers.timer,
    )
