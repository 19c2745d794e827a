"""The floor: the single right to set what everybody sees. Exactly one peer has it at any moment."""

from __future__ import annotations

from protocol.errors import Reason, Refusal
from protocol.registers import Register, Registers, SetFloor
from protocol.values import OWNER, PeerId, Role


def check(registers: Registers, peer: PeerId, register: Register) -> None:
    """`Refusal` unless ``peer`` may set this now: the floor its owner, everything else who has the floor."""
    if peer != (OWNER if isinstance(register, SetFloor) else registers.floor):
        raise Refusal(Reason.NOT_PRESENTING)


def handed_to(peer: PeerId, role: Role, reachable: bool) -> SetFloor:
    """The floor goes to this peer; `Refusal` when it may not present or nobody is there."""
    if role is not Role.PRESENTER:
        raise Refusal(Reason.NOT_ALLOWED)
    if not reachable:
        raise Refusal(Reason.NOT_JOINED)
    return SetFloor(peer)


def without(registers: Registers, peer: PeerId) -> SetFloor | None:
    """What to set when ``peer`` is gone, or may not present any more: a dead holder holds nothing up."""
    return SetFloor(OWNER) if registers.floor == peer != OWNER else None
