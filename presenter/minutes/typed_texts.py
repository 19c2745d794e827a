"""The texts of the minutes that are typed in this window, until the log has all of what was typed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from presenter.minutes.shared_text import SharedText
from protocol.minutes import Minutes
from protocol.model import Briefing
from protocol.ops import Op
from protocol.presence import Presence
from protocol.texts import Edit


class Way(Protocol):
    """Where it goes: the window's network."""

    def edit(self, op: Op, shown: int | None = None, /) -> None:
        """Make an edit; ``shown``: what its person saw, where others may type in its text."""

    def undo(self) -> None:
        """Undo the newest own edit."""

    def redo(self) -> None:
        """Redo what was undone last."""

    def present(self, presence: Presence) -> None:
        """Show where one's caret is."""


class TypedTexts:
    """``shown``: what goes with an edit made on what is shown now."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._texts: dict[int, SharedText] = {}
        self._then: list[Callable[[], None]] = []
        self.shown = 0

    def __contains__(self, item: object) -> bool:
        return item in self._texts

    def __getitem__(self, item: int) -> SharedText:
        return self._texts[item]

    def get(self, item: int) -> SharedText | None:
        """That text, if it is typed here."""
        return self._texts.get(item)

    def begin(self, item: int, text: str) -> None:
        """A new one, which the log is to have."""
        self._texts[item] = SharedText(item, text, opened=False)

    def take_up(self, item: int, text: str) -> SharedText:
        """One that the log has; a field shows it from now on."""
        shared = self._texts.setdefault(item, SharedText(item, text))
        shared.take_held()
        return shared

    def forget(self, item: int) -> None:
        """Whatever was typed in it is of no use any more."""
        self._texts.pop(item, None)

    def clear(self) -> None:
        """The briefing is over."""
        self._texts.clear()
        self._then.clear()
        self.shown = 0

    # --- out ----------------------------------------------------------------------------------------------

    def then(self, do: Callable[[], None]) -> None:
        """Does this when all that was typed is in the log: undo is about what is there."""
        self._then.append(do)

    def send(self, in_hand: Collection[int | None]) -> set[int]:
        """What was typed, one splice of a text at a time; the texts of which something went."""
        went = set()
        for item, shared in list(self._texts.items()):
            op = shared.to_send()
            if op is not None:
                self._way.edit(op, self.shown)
                went.add(item)
            elif shared.idle and item not in in_hand:
                del self._texts[item]
        if self._then and all(shared.idle for shared in self._texts.values()):
            self._then.pop(0)()
        return went

    # --- in -----------------------------------------------------------------------------------------------

    def came(self, item: int, edit: Edit | None, briefing: Briefing, *, own: bool) -> bool:
        """A text changed in the log. Whether it is one that has only now been opened from here."""
        shared = self._texts.get(item)
        if shared is None:
            return False
        if edit is not None:
            shared.came(edit, own=own)
        elif item in briefing.minutes and not shared.opened:
            shared.open()
            return True
        elif item in briefing.items:
            shared.reset(briefing.items[item].text)
        return False

    def not_taken(self, item: int, briefing: Briefing) -> None:
        """What was typed in it last is not in the log."""
        shared = self._texts.get(item)
        if shared is not None and item in briefing.items:
            shared.reset(briefing.items[item].text)

    def reloaded(self, briefing: Briefing) -> None:
        """What was typed and not taken belongs to a log that is no more."""
        for item, shared in self._texts.items():
            if item in briefing.items:
                shared.open()
                shared.reset(briefing.items[item].text)
            elif shared.opened:
                shared.reset("")  # gone with that log: nothing of it is under way any more

    def catch_up(self, in_hand: Collection[int | None]) -> None:
        """Texts that no field shows are as everybody has them."""
        for item, shared in self._texts.items():
            if item not in in_hand:
                shared.take_held()

    def gone(self, item: int, minutes: Minutes) -> bool:
        """Whether that one was taken out of the minutes."""
        return item not in minutes and self._texts[item].opened
