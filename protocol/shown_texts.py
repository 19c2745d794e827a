"""How a follower's texts have changed before its reader's eyes.

What a person types is made on what they saw; by the time it is an edit, the replica may be further. The count
of changes seen goes with the edit, which is rebased over what has come since.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from protocol.changes import Change, ItemChanged, Reloaded
from protocol.errors import Reason, Refusal
from protocol.ops import SpliceText
from protocol.texts import Edit, rebase

KEPT = 2_000


class ShownTexts:
    """``count``: of changes so far."""

    def __init__(self) -> None:
        self.count = 0
        self._changes: deque[tuple[int, int, Edit | None]] = deque()
        self._from = 0

    def took(self, changes: Iterable[Change]) -> None:
        """These are told to whoever shows them."""
        for change in changes:
            if isinstance(change, Reloaded):
                self.count += 1
                self._changes.clear()
                self._from = self.count
            elif isinstance(change, ItemChanged):
                self.count += 1
                self._changes.append((self.count, change.item, change.edit))
        while len(self._changes) > KEPT:
            self._from = self._changes.popleft()[0]

    def rebased(self, op: SpliceText, count: int) -> SpliceText:
        """An edit made after so many changes, as it reads now. `Refusal` when its text was another, or gone,
        in between, or nobody knows any more."""
        if count < self._from:
            raise Refusal(Reason.UNKNOWN_REVISION)
        parts = op.parts
        for at, item, edit in self._changes:
            if at > count and item == op.item:
                if edit is None:
                    raise Refusal(Reason.UNKNOWN_ITEM)
                parts = rebase(parts, edit, first=False)
        return SpliceText(op.item, parts)
