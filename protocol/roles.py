"""Who may send what to the session owner: one table. What is outside a row closes the link with 4403.

The owner keeps the roles; nothing that a guest says of its own role counts.
"""

from __future__ import annotations

from enum import Enum, auto

from protocol import finds, ops, presence, registers
from protocol import messages as m
from protocol.corrections import CorrectionState
from protocol.ink import MarkIds
from protocol.model import Briefing
from protocol.values import OWNER, PeerId, Role, Value

PARTICIPANT_POINTERS = 10
"""A second; more are dropped."""


class May(Enum):
    """WALLS: only where the presenter lets people write on the walls."""

    NO = auto()
    YES = auto()
    WALLS = auto()


_NO, _YES, _WALLS = May.NO, May.YES, May.WALLS

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
    # Where it was granted that: see `may_offer_finds`.
    finds.OfferFind: (_YES, _NO, _YES, _YES),
    finds.FindPiece: (_YES, _NO, _YES, _YES),
    finds.WithdrawFind: (_YES, _NO, _YES, _YES),
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
    registers.SetWriting: (_YES, _NO, _NO, _NO),
    registers.SetCompared: (_YES, _NO, _NO, _NO),
    registers.SetBeside: (_YES, _NO, _NO, _NO),
    # Of a participant only in the minutes, where it was granted that: see `may_edit`.
    ops.AddItem: (_YES, _WALLS, _NO, _YES),
    ops.SpliceText: (_YES, _WALLS, _YES, _YES),
    ops.RemoveItem: (_YES, _WALLS, _NO, _YES),
    ops.Draw: (_YES, _WALLS, _NO, _YES),
    ops.Erase: (_YES, _WALLS, _NO, _YES),
    ops.MoveMarks: (_YES, _WALLS, _NO, _YES),
    ops.OpenCorrection: (_YES, _WALLS, _NO, _YES),
    ops.SetCorrection: (_YES, _WALLS, _NO, _YES),
    ops.AssignCorrection: (_YES, _NO, _NO, _NO),
    ops.OpenMinutes: (_YES, _NO, _YES, _YES),
    ops.SetMinutes: (_YES, _NO, _YES, _YES),
    ops.SetReply: (_YES, _NO, _YES, _YES),
    ops.AssignMinutes: (_YES, _NO, _YES, _YES),
    ops.RemoveMinutes: (_YES, _NO, _YES, _YES),
    presence.Wet: (_YES, _WALLS, _NO, _YES),
    presence.Pointer: (_YES, _WALLS, _YES, _YES),
    presence.PointerAway: (_YES, _WALLS, _YES, _YES),
    presence.Typing: (_YES, _WALLS, _YES, _YES),
    presence.Position: (_YES, _YES, _YES, _YES),
}


def may_send(role: Role, message: m.Message, *, writing: bool = False) -> bool:
    """Whether a guest of this role may send this; of Submit, Wish and Now what they carry counts."""
    match message:
        case m.Submit(op=carried) | m.Wish(register=carried) | m.Now(presence=carried):
            kind: type[Value] = type(carried)
        case _:
            kind = type(message)
    row = _TABLE.get(kind)
    if row is None or role not in _ROLES:
        return False
    may = row[_ROLES.index(role)]
    return may is May.YES or (may is May.WALLS and writing)


def may_edit(author: PeerId, role: Role, op: ops.Op, briefing: Briefing) -> bool:
    """Whether what the op is about may be touched by this author: whoever presents may erase, move and
    withdraw everything, others what is their own, and nobody else writes in the minutes but who was granted
    it. What does not let itself be told from the kind of op."""
    if author == OWNER or role is Role.PRESENTER:
        return True
    match op:
        case ops.Draw(erased=ids) | ops.MoveMarks(marks=ids):
            return _all_own(author, ids)
        case ops.Erase(erased=erased, restored=restored):
            return _all_own(author, erased) and _all_own(author, restored)
        case ops.SetCorrection(item, CorrectionState.WITHDRAWN):
            return item in briefing.corrections and briefing.corrections[item].author == author
        case ops.SetCorrection(state=CorrectionState.DONE):
            return False
        case ops.SpliceText(item):
            return may_type(author, role, item, briefing)
        case ops.OpenMinutes(former=former) if former is not None:
            return False
        case ops.OpenMinutes() | ops.SetMinutes() | ops.SetReply() | ops.AssignMinutes():
            return may_write_minutes(author, role, briefing)
        case ops.RemoveMinutes(item):
            minuted = briefing.minutes.get(item) or briefing.removed_minutes.get(item)
            own = minuted is None or minuted.author == author
            return own and may_write_minutes(author, role, briefing)
        case _:
            return True


def may_type(author: PeerId, role: Role, item: int, briefing: Briefing) -> bool:
    """Whether this author may type in that text, or have a caret in it."""
    if item in briefing.minutes or item in briefing.removed_minutes:
        return may_write_minutes(author, role, briefing)
    return role is not Role.PARTICIPANT


def may_write_minutes(author: PeerId, role: Role, briefing: Briefing) -> bool:
    """Whether this author may write in the minutes: whoever presents, and who was granted it."""
    allowance = briefing.allowances.get(author)
    granted = allowance is not None and allowance.minutes
    return author == OWNER or role is Role.PRESENTER or granted


def may_offer_finds(author: PeerId, briefing: Briefing) -> bool:
    """Whether this author may offer what it looked up: who was granted it, and nobody by a role."""
    allowance = briefing.allowances.get(author)
    return allowance is not None and allowance.finds


def _all_own(author: PeerId, ids: MarkIds) -> bool:
    return all(id.author == author for id in ids)
