"""Where the others type in the minutes, as far as they tell, and for how long that is news."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from presenter.minutes.rows import Caret
from presenter.minutes.shared_text import behind, moved
from protocol.presence import Typing
from protocol.texts import Edit
from protocol.values import PeerId

FLAG_S = 2.0
"""A name stands at its caret for so long after the last key."""
TYPING_S = 5.0
"""And so long its owner is said to type."""
FORGOTTEN_S = 60.0


@dataclass(frozen=True, slots=True)
class _Seen:
    item: int
    place: int
    at: float


class CaretsSeen:
    """``at`` is monotonic seconds everywhere. Methods return the items whose carets look otherwise now."""

    def __init__(self) -> None:
        self._seen: dict[PeerId, _Seen] = {}
        self._fresh: frozenset[PeerId] = frozenset()

    def __bool__(self) -> bool:
        return bool(self._seen)

    def clear(self) -> None:
        """Nobody types any more."""
        self._seen.clear()
        self._fresh = frozenset()

    def typed(self, peer: PeerId, typing: Typing, at: float) -> set[int]:
        """Somebody else's caret is there."""
        former = self._seen.get(peer)
        self._seen[peer] = _Seen(typing.item, typing.caret, at)
        self._fresh |= {peer}
        return {typing.item} | ({former.item} if former is not None else set())

    def edited(self, item: int, by: PeerId, edit: Edit | None) -> None:
        """A text changed: carets stay with their letters; whoever typed stands behind what they typed,
        wherever their caret, which may come before the letters, was said to be."""
        for peer, seen in list(self._seen.items()):
            if seen.item == item and edit:
                place = behind(edit) if peer == by else moved(seen.place, edit)
                self._seen[peer] = _Seen(item, place, seen.at)

    def passed(self, at: float) -> set[int]:
        """Time has gone by."""
        items = set()
        for peer, seen in list(self._seen.items()):
            if at - seen.at > FORGOTTEN_S:
                del self._seen[peer]
                items.add(seen.item)
            elif at - seen.at > FLAG_S and peer in self._fresh:
                self._fresh -= {peer}
                items.add(seen.item)
        return items

    def of(self, item: int, names: Mapping[PeerId, str]) -> tuple[Caret, ...]:
        """The carets in that text."""
        return tuple(
            Caret(peer, names.get(peer, ""), seen.place, peer in self._fresh)
            for peer, seen in self._seen.items()
            if seen.item == item
        )

    def typists(self, names: Mapping[PeerId, str], at: float) -> Iterator[str]:
        """Who types at this moment, by name."""
        for peer, seen in self._seen.items():
            if at - seen.at <= TYPING_S and names.get(peer):
                yield names[peer]
