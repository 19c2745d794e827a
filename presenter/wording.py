"""One text that is typed here and elsewhere at once: what the person sees, and what the log knows of it.

One splice is under way at a time; what is typed meanwhile goes out when that has come back. What others type
comes in between, and one's own caret stays with one's own words.
"""

from __future__ import annotations

from protocol.ops import SpliceText
from protocol.texts import Edit, rebase, splice, spliced


def difference(item: int, before: str, after: str) -> SpliceText | None:
    """The splice that makes ``after`` of ``before``; None for the same."""
    if before == after:
        return None
    head, least = 0, min(len(before), len(after))
    while head < least and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < least - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return splice(item, head, len(before) - head - tail, after[head : len(after) - tail])


class Wording:
    """``text`` is what the person at this desk sees."""

    def __init__(self, item: int, text: str) -> None:
        self.item = item
        self.text = text
        self._known = self._sent = text
        self._under_way = False

    def type(self, text: str) -> None:
        """The person makes it read so."""
        self.text = text

    def to_send(self) -> SpliceText | None:
        """What is to be made an edit now, on the newest revision seen; None while one is under way."""
        op = None if self._under_way else difference(self.item, self._known, self.text)
        if op is not None:
            self._under_way, self._sent = True, self.text
        return op

    def last_to_send(self, text: str) -> SpliceText | None:
        """What makes it read ``text`` for good, behind whatever is under way."""
        return difference(self.item, self._sent, text)

    def came(self, edit: Edit | None, own: bool) -> bool:
        """An edit of this text is in the log, one's own or another's; whether ``text`` is another now."""
        if edit is None:
            return False
        if own and self._under_way:
            self._under_way = False
            self._known = self._sent = spliced(self._known, edit)
            return False
        mine = difference(self.item, self._known, self.text)
        self._known = self._sent = spliced(self._known, edit)
        former = self.text
        self.text = self._known
        if mine is not None:
            self.text = spliced(self._known, rebase(mine.parts, edit, first=False))
        return self.text != former
