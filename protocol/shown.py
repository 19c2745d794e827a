"""The registers as a follower shows them: what the authority told, with its own wishes ahead of it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from protocol.changes import Change, RegisterSet, Reloaded
from protocol.messages import Set, Settled, Wish
from protocol.registers import Register, Registers, ShowView, each, replaced
from protocol.values import PageId

Known = Callable[[PageId], bool]
"""Whether a page is, or was, in the briefing as it is shown."""


class ShownRegisters:
    """``value`` never holds a view whose page has not come yet: that view waits."""

    def __init__(self) -> None:
        self.value = Registers()
        self._wishes: dict[type[Register], int] = {}
        self._n = 0
        self._early: Set | None = None

    def wish(self, register: Register) -> Wish:
        """Own wish, shown at once. Until it is settled, nothing older counts for this register."""
        self._n += 1
        self._wishes[type(register)] = self._n
        self.value = replaced(self.value, register, self.value.number)
        return Wish(self._n, register)

    def settled(self, settled: Settled, known: Known) -> tuple[Change, ...]:
        """How the register of that wish really stands, unless there is a newer wish for it."""
        kind = next((kind for kind, n in self._wishes.items() if n == settled.n), None)
        if kind is None:
            return ()
        del self._wishes[kind]
        true = next((one for one in each(settled.registers) if type(one) is kind), None)
        return self._no_view() if true is None else self._take(Set(settled.registers.number, true), known)

    def told(self, told: Set, known: Known) -> tuple[Change, ...]:
        """A value that somebody else set."""
        return () if type(told.register) in self._wishes else self._take(told, known)

    def told_all(self, true: Registers, known: Known) -> tuple[Change, ...]:
        """How everything stands on a new link; wishes of the former one are answered by that."""
        self._wishes.clear()
        self._early = None
        self.value = replace(self.value, number=true.number)
        changed = self._no_view() if true.view is None else ()
        for register in each(true):
            changed += self._take(Set(true.number, register), known)
        return changed

    def page_came(self, known: Known) -> tuple[Change, ...]:
        """The view that waited, if its page is here now."""
        return () if self._early is None else self._take(self._early, known)

    def _take(self, told: Set, known: Known) -> tuple[Change, ...]:
        register = told.register
        if isinstance(register, ShowView):
            # A view may overtake the op that brings its page.
            here = known(register.view.page_id)
            self._early = None if here else told
            if not here:
                return ()
        before = self.value
        self.value = replaced(before, register, max(before.number, told.number))
        same = self.value == replace(before, number=self.value.number)
        return () if same else (RegisterSet(register),)

    def _no_view(self) -> tuple[Change, ...]:
        before, self.value = self.value, replace(self.value, view=None)
        return () if before.view is None else (Reloaded(),)
