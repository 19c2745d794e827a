"""A briefing with one paper and one item, for what the authority takes and refuses."""

from __future__ import annotations

from protocol import messages as m
from protocol.ops import AddItem
from protocol.registers import ShowView
from protocol.values import Role
from tests.protocol.values import Pair, offer, view

ITEM = 5
TURN = ShowView(view(1))


def room(*roles: Role, touch: bool = False) -> Pair:
    pair = Pair(*roles, writing=touch)
    pair.authority.edit(offer(1, 0, 3))
    pair.authority.edit(AddItem(ITEM, 0, "あいう"))
    pair.move()
    return pair


def said(pair: Pair, peer: int, *messages: m.Message) -> list[m.Message]:
    """What the owner answers to messages that no replica of ours would send."""
    for message in messages:
        pair.authority.receive(peer, message, pair.now)
    return pair.authority.outbox(peer).take(10**6)
