"""The tools of the console: which one is in hand, and how what it draws goes to everybody."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal

from pageview.hand import Use
from pageview.page_view import PageView
from pageview.wording import say
from pageview.words_box import WordsBox
from presenter.actions import Actions
from presenter.network import Network
from presenter.palette import Palette
from presenter.second_screen import SecondScreen
from presenter.session import Session
from protocol.changes import Change, InkChanged, OpRefused, PresenceSeen
from protocol.ink import Colour, MarkId, Words
from protocol.ops import Draw, Erase, MoveMarks
from protocol.presence import Wet
from protocol.values import OWNER

WORDS_SIZE: Final = 1_400
"""Of a text box's letters, in 1/100 point."""
STAMPS: Final = ("確認", "要修正", "済")
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


class Drawing(QObject):
    """One of the pointer, the hand that moves the page, and the tools is chosen at any time."""

    inked = Signal(int)
    """So many marks stand on the page shown, after some came or went."""

    def __init__(
        self,
        page: PageView,
        palette: Palette,
        session: Session,
        screens: SecondScreen,
        network: Network,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._palette, self._session = page, palette, session
        self._screens, self._network, self._actions = screens, network, actions
        hand = page.hand
        hand.stamp = say(STAMPS[0])
        hand.may = lambda: session.running and (session.presents or hand.private)
        hand.wet.connect(self._wet)
        hand.done.connect(self._done)
        hand.words_wanted.connect(self._open_box)
        hand.changed.connect(self._show)
        palette.coloured.connect(hand.set_colour)
        palette.widened.connect(hand.set_width)
        self._show()

    # --- tools --------------------------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """A tool by its action's name; also ``pointer`` and ``move``."""
        self._page.hand.take_up(TOOLS.get(name, Use.NOTHING))
        self._session.set_pointing(name == "pointer")
        self._page.setCursor(Qt.CursorShape.CrossCursor if name in TOOLS else Qt.CursorShape.ArrowCursor)
        self._show()

    def _show(self) -> None:
        hand = self._page.hand
        self._palette.show_tool(hand.use, hand.colour(), hand.pen.width, hand.holds, hand.private)
        self._actions.set_checked("private", hand.private)
        for name, use in TOOLS.items():
            self._actions.set_checked(name, hand.use is use)
        idle, pointing = hand.use is Use.NOTHING, self._session.pointing
        self._actions.set_checked("pointer", idle and pointing)
        self._actions.set_checked("move", idle and not pointing)

    @property
    def private(self) -> bool:
        """Whether one draws for oneself alone."""
        return self._page.hand.private

    def toggle_private(self) -> None:
        """One's own layer, or everybody's; a pen in hand if there was none."""
        hand = self._page.hand
        hand.set_private(not hand.private)
        if hand.private and not hand.draws:
            self.choose("pen")
        self._show()

    def leave(self) -> bool:
        """Esc: gives up what the hand is doing or holding; whether there was anything."""
        hand = self._page.hand
        busy = hand.busy or hand.holds
        hand.cancel()
        hand.let_go()
        if busy:
            self._show()
        return busy

    def end(self) -> None:
        """The briefing is over."""
        self._page.hand.cancel()
        self._page.hand.set_private(False)
        self._page.ink.clear()
        self.choose("pointer")

    # --- what is drawn here -------------------------------------------------------------------------------

    def _wet(self, piece: Wet) -> None:
        self._network.present(piece)
        self._screens.show_wet(OWNER, piece)

    def _done(self, op: Draw | Erase | MoveMarks) -> None:
        self._network.edit(op)
        self._show()

    def erase_held(self) -> None:
        """What the lasso holds."""
        self._page.hand.erase_held()

    def undo(self) -> None:
        """The newest own edit."""
        self._page.hand.let_go()
        self._network.undo()

    def redo(self) -> None:
        """What was undone last."""
        self._network.redo()

    def clear(self, *, everybody: bool) -> None:
        """Erases one's own marks of the page shown, or everybody's; undo brings them back."""
        view = self._page.view
        if view is None or not self._session.presents or self.private:
            return
        seen = self._page.briefing.ink.seen(view.page_id)
        ids: list[MarkId] = [drawn.id for drawn in seen if everybody or drawn.id.author == OWNER]
        for start in range(0, len(ids), AT_ONCE):
            self._network.edit(Erase(view.page_id, tuple(ids[start : start + AT_ONCE])))

    def _open_box(self, page_id: int, x: int, y: int) -> None:
        box = WordsBox(self._page, page_id, (x, y), WORDS_SIZE, self._colour())
        box.written.connect(self._written)

    def _colour(self) -> Colour:
        return self._page.hand.pen.colour

    def _written(self, page_id: int, words: Words) -> None:
        self._page.hand.write(page_id, words)

    # --- what others draw ---------------------------------------------------------------------------------

    def take(self, changes: tuple[Change, ...]) -> None:
        """What came of the network; the source has the briefing already."""
        for change in changes:
            match change:
                case InkChanged():
                    self._page.take_ink(change)
                    self._screens.take_ink(change)
                    self.inked.emit(sum(1 for _ in self._page.briefing.ink.seen(change.page_id)))
                case OpRefused(op=op):
                    self._page.hand.refused(op)
                case PresenceSeen(peer, Wet() as piece):
                    self._page.ink.wet(peer, piece)
                    self._screens.show_wet(peer, piece)
