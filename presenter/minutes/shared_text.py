"""A text that is typed here and elsewhere at once, exactly as the log rebases it.

One splice is under way at a time; what is typed meanwhile waits, and goes out when that has come back. What
others type may have to wait as well: while an input method has words that are not confirmed, the field that
shows the text stays as it is.
"""

from __future__ import annotations

from presenter.wording import difference
from protocol.errors import Refusal
from protocol.ops import SpliceText
from protocol.texts import Edit, compose, rebase, spliced


class SharedText:
    """``text`` is the text with everything typed here; ``shown`` is what a field shows of it, which is behind
    by ``held``.

    ``opened``: whether the log has the text already, or it is only just being opened.
    """

    def __init__(self, item: int, text: str, *, opened: bool = True) -> None:
        self.item = item
        self.text = self.shown = text
        self.held: Edit = ()
        self.opened = opened
        self._known = text
        self._flight: Edit | None = None
        self._waiting: Edit = ()

    @property
    def idle(self) -> bool:
        """Whether all that was typed is in the log."""
        return self.opened and self._flight is None and not self._waiting

    @property
    def sent(self) -> bool:
        """Whether all that was typed is in the log or on its way there."""
        return self.opened and not self._waiting

    def open(self) -> None:
        """The log has it now."""
        self.opened = True

    def type(self, edit: Edit) -> None:
        """The person makes this edit of what the field shows. `Refusal` when the text would be too long."""
        mine = rebase(edit, self.held, first=False)
        self.text = spliced(self.text, mine)
        self.shown = spliced(self.shown, edit)
        self.held = rebase(self.held, edit, first=True)
        self._waiting = compose(self._waiting, mine)

    def to_send(self) -> SpliceText | None:
        """What is to be made an edit now; None while one is under way, or when there is nothing."""
        if not self.opened or self._flight is not None or not self._waiting:
            return None
        self._flight, self._waiting = self._waiting, ()
        return SpliceText(self.item, self._flight)

    def came(self, edit: Edit, *, own: bool) -> None:
        """An edit of this text is in the log, one's own or another's."""
        self._known = spliced(self._known, edit)
        if own and edit == self._flight:
            self._flight = None
            return
        over = edit
        if self._flight is not None:
            self._flight, over = (
                rebase(self._flight, over, first=False),
                rebase(over, self._flight, first=True),
            )
        self._waiting, over = (
            rebase(self._waiting, over, first=False),
            rebase(over, self._waiting, first=True),
        )
        try:
            self.text = spliced(self.text, over)
        except Refusal:
            self.reset(self._known)  # with the others' words it is too long: one's own were too much
            return
        self.held = compose(self.held, over)

    def reset(self, text: str) -> None:
        """What was under way was not taken, or the text is another: it reads so, whatever was typed."""
        self.text = self._known = text
        self._flight, self._waiting = None, ()
        behind = difference(self.item, self.shown, text)
        self.held = behind.parts if behind is not None else ()

    def take_held(self) -> Edit:
        """What the field is behind by, which it makes up for now."""
        held, self.held, self.shown = self.held, (), self.text
        return held


def behind(edit: Edit) -> int:
    """Where whoever made this edit stands after it: behind what was typed or removed last."""
    at = 0
    for part in edit:
        at += len(part) if isinstance(part, str) else max(0, part)
    return at


def moved(place: int, edit: Edit) -> int:
    """Where a caret stands after somebody else's edit of its text: left of what is inserted right there."""
    at = 0
    for part in edit:
        if isinstance(part, str):
            if at < place:
                place += len(part)
                at += len(part)
            else:
                return place
        elif part > 0:
            at += part
        else:
            place -= min(-part, max(0, place - at))
        if at > place:
            return place
    return place
