"""The tools in a window: which one is in hand, what it can be, and how what it draws goes to everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt

from pageview.hand import Use
from pageview.mark_tip import MarkTip
from pageview.page_view import PageView
from pageview.words_box import WordsBox
from presenter.actions import Actions
from presenter.palette import Palette
from presenter.private_marks import PrivateMarks
from protocol.ink import MarkId, Words
from protocol.ops import Draw, Erase, MoveMarks, Op
from protocol.presence import Presence, Wet

WORDS_SIZE: Final = 1_400
"""Of a text box's letters, in 1/100 point."""
AT_ONCE: Final = 5_000
"""Marks erased by one op."""
TOOLS: Final = {
    "pen": Use.PEN,
    "highlighter": Use.HIGHLIGHTER,
    "eraser": Use.ERASER,
    "rubber": Use.RUBBER,
    "lasso": Use.LASSO,
    "words": Use.WORDS,
    "stamp": Use.STAMP,
    "select": Use.SELECT,
}


class Way(Protocol):
    """Where it goes: the window's network."""

    def edit(self, op: Op) -> None:
        """Make an edit."""

    def undo(self) -> None:
        """Undo the newest own edit."""

    def redo(self) -> None:
        """Redo what was undone last."""

    def present(self, presence: Presence) -> None:
        """Show what is true for a moment."""


class Tools(QObject):
    """Who may draw, and as whom, is the hand's matter; ``private`` has what is drawn for oneself."""

    def __init__(
        self,
        page: PageView,
        palette: Palette,
        way: Way,
        private: PrivateMarks,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._palette, self._way, self._actions = page, palette, way, actions
        self._private = private
        MarkTip(page)
        hand = page.hand
        hand.wet.connect(self._wet)
        hand.done.connect(self._done)
        hand.words_wanted.connect(self._open_box)
        hand.changed.connect(self._show)
        hand.selected.connect(lambda _words: self._show())
        palette.coloured.connect(hand.set_colour)
        palette.widened.connect(hand.set_width)

    def deeds(self) -> dict[str, Callable[[], None]]:
        """What the actions of the tools do."""
        return {
            **{name: partial(self.choose, name) for name in ("move", *TOOLS)},
            "erase_held": self._page.hand.erase_held,
            "clear_mine": self.clear_mine,
            "clear_page": lambda: self._clear(everybody=True),
            "undo": self.undo,
            "redo": self.redo,
        }

    # --- tools --------------------------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """A tool by its action's name; any other name: none."""
        self._page.hand.take_up(TOOLS.get(name, Use.NOTHING))
        self._show()

    def _show(self) -> None:
        hand = self._page.hand
        self._page.setCursor(Qt.CursorShape.CrossCursor if hand.draws else Qt.CursorShape.ArrowCursor)
        chosen = hand.selection is not None
        self._palette.show_tool(hand.use, hand.colour(), hand.pen.width, hand.holds, hand.private, chosen)
        for name, use in TOOLS.items():
            self._actions.set_checked(name, hand.use is use)
        self._actions.set_checked("move", not hand.draws)

    def leave(self) -> bool:
        """Esc: gives up what the hand is doing or holding, else puts its tool down; whether there was any."""
        hand = self._page.hand
        busy = hand.busy or hand.holds or hand.selection is not None
        has_tool = hand.use is not Use.NOTHING
        hand.cancel()
        hand.let_go()
        if has_tool and not busy:
            hand.take_up(Use.NOTHING)
        if has_tool or busy:
            self._show()
        return has_tool or busy

    # --- what is drawn here -------------------------------------------------------------------------------

    def _wet(self, piece: Wet) -> None:
        self._way.present(piece)

    def _done(self, op: Draw | Erase | MoveMarks) -> None:
        self._way.edit(op)
        self._show()

    # --- one's own layer and everybody's ------------------------------------------------------------------

    def _shares(self) -> bool:
        """Whether one may write for everybody now."""
        raise NotImplementedError

    @property
    def _for_oneself(self) -> bool:
        """Whether only one's own layer is meant: with a pen of that layer in hand, or where one may write on
        no other. What everybody sees is left alone then, also where one's own layer has nothing to undo."""
        hand = self._page.hand
        return hand.private and (hand.draws or not self._shares())

    def undo(self) -> None:
        """The newest own edit, on the layer that is drawn on."""
        self._page.hand.let_go()
        (self._private if self._for_oneself else self._way).undo()

    def redo(self) -> None:
        """What was undone last, on the layer that is drawn on."""
        (self._private if self._for_oneself else self._way).redo()

    def clear_mine(self) -> None:
        """One's own marks of the page shown, on the layer that is drawn on; undo brings them back."""
        view = self._page.view
        if self._for_oneself and view is not None:
            self._private.clear(view.page_id)
        else:
            self._clear(everybody=False)

    def _clear(self, *, everybody: bool) -> None:
        view, hand = self._page.view, self._page.hand
        if view is None or not hand.may() or self._for_oneself:
            return
        seen = self._page.briefing.ink.seen(view.page_id)
        ids: list[MarkId] = [drawn.id for drawn in seen if everybody or drawn.id.author == hand.peer]
        for start in range(0, len(ids), AT_ONCE):
            self._way.edit(Erase(view.page_id, tuple(ids[start : start + AT_ONCE])))

    def _open_box(self, page_id: int, x: int, y: int) -> None:
        box = WordsBox(self._page, page_id, (x, y), WORDS_SIZE, self._page.hand.pen.colour)
        box.written.connect(self._written)

    def _written(self, page_id: int, words: Words) -> None:
        self._page.hand.write(page_id, words)
