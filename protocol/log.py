"""The log of a briefing: every op in the one order that the authority gave them."""

from __future__ import annotations

from protocol.errors import Reason, Refusal
from protocol.messages import Committed, Submit
from protocol.ops import AddItem, Op, OpenCorrection, OpenMinutes, RemoveItem, SpliceText
from protocol.texts import rebase
from protocol.values import OpId, PeerId


class Log:
    """``ops`` grows at its end and never changes otherwise."""

    def __init__(self) -> None:
        self.ops: list[Committed] = []
        self._ids: set[OpId] = set()
        self._next_n: dict[PeerId, int] = {}
        self._of_item: dict[int, list[Committed]] = {}

    def append(self, op: Op, id: OpId) -> None:
        """One more op, which was seen to apply."""
        committed = Committed(len(self.ops) + 1, id, op)
        self.ops.append(committed)
        self._ids.add(id)
        self._next_n[id.author] = max(self.next_n(id.author), id.n + 1)
        if isinstance(op, AddItem | OpenCorrection | OpenMinutes | SpliceText | RemoveItem):
            self._of_item.setdefault(op.item, []).append(committed)

    def __contains__(self, id: OpId) -> bool:
        return id in self._ids

    def next_n(self, author: PeerId) -> int:
        """The first number of this author that no op of the log has."""
        return self._next_n.get(author, 0)

    def rebased(self, submit: Submit) -> Op:
        """An op made on an older revision, as it reads at the end of the log. `Refusal` when it cannot."""
        if submit.revision > len(self.ops):
            raise Refusal(Reason.UNKNOWN_REVISION)
        op = submit.op
        if not isinstance(op, SpliceText):
            return op
        for committed in self._since(op.item, submit.revision):
            if isinstance(committed.op, RemoveItem):
                raise Refusal(Reason.UNKNOWN_ITEM)
            if isinstance(committed.op, SpliceText):
                op = SpliceText(op.item, rebase(op.parts, committed.op.parts, first=False))
        return op

    def _since(self, item: int, revision: int) -> list[Committed]:
        ops = self._of_item.get(item, [])
        first = len(ops)
        while first and ops[first - 1].revision > revision:
            first -= 1
        return ops[first:]
