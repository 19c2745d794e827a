"""Who may send what to the session owner: one table. What is outside a row closes the link with 4403.

The owner keeps the roles; nothing that a guest says of its own role counts.
"""

from __future__ import annotations

from enum import Enum, auto

from protocol import messages as m
from protocol import ops, presence, registers
from protocol.values import Role, Value

PARTICIPANT_POINTERS = 10
"""A second; more are dropped."""


class May(Enum):
    """TOUCH: only where the owner allows people to write on the wall."""

    NO = auto()
    YES = auto()
    TOUCH = auto()


_NO, _YES, _TOUCH = May.NO, May.YES, May.TOUCH

_ROLES = (Role.PRESENTER, Role.DISPLAY, Role.PARTICIPANT, Role.ANNOTATOR)
_TABLE: dict[type[Value], tuple[May, May, May, May]] = {
    #                          presenter display participant annotator
    # The presenter's column is a guest's who may be given the floor: papers, pages and the floor itself stay
    # with the owner.
    m.Join: (_YES, _YES, _YES, _YES),
    m.Leave: (_YES, _YES, _YES, _YES),
    m.Ping: (_YES, _YES, _YES, _YES),
    m.Pong: (_YES, _YES, _YES, _YES),
    m.FloorAsked: (_YES, _NO, _YES, _YES),
    m.FloorReturned: (_YES, _NO, _YES, _YES),
    m.RoomFacts: (_NO, _YES, _NO, _NO),
    m.WallReport: (_NO, _YES, _NO, _NO),
    m.GuestWaiting: (_NO, _YES, _NO, _NO),
    m.Introduction: (_YES, _NO, _YES, _YES),
    m.TakeoverAsked: (_NO, _YES, _NO, _NO),
    m.Wiped: (_YES, _YES, _YES, _YES),
    registers.ShowView: (_YES, _NO, _NO, _NO),
    registers.SetScreen: (_YES, _NO, _NO, _NO),
    registers.SetHold: (_YES, _NO, _NO, _NO),
    registers.SetViewing: (_YES, _NO, _NO, _NO),
    registers.SetTimer: (_YES, _NO, _NO, _NO),
    ops.AddItem: (_YES, _TOUCH, _NO, _YES),
    ops.SpliceText: (_YES, _TOUCH, _NO, _YES),
    ops.RemoveItem: (_YES, _TOUCH, _NO, _YES),
    presence.Pointer: (_YES, _TOUCH, _YES, _YES),
    presence.PointerAway: (_YES, _TOUCH, _YES, _YES),
    presence.Typing: (_YES, _TOUCH, _NO, _YES),
    presence.Position: (_YES, _YES, _YES, _YES),
}


def may_send(role: Role, message: m.Message, *, touch: bool = False) -> bool:
    """Whether a guest of this role may send this; of Submit, Wish and Now what they carry counts."""
    match message:
        case m.Submit(op=carried) | m.Wish(register=carried) | m.Now(presence=carried):
            kind: type[Value] = type(carried)
        case _:
            kind = type(message)
    row = _TABLE.get(kind)
    if row is None:
        return False
    may = row[_ROLES.index(role)]
    return may is May.YES or (may is May.TOUCH and touch)
