"""What people write on this wall by touch: which tool is in hand, and where what it draws goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

from kiosk.follower import Follower
from kiosk.network import Network
from pageview.grips import FOR_A_FINGER
from pageview.hand import Use
from pageview.ink_look import STAMPS
from pageview.wording import say
from protocol.ink import Colour
from protocol.transport.events import Event, JoinedAs

TOOLS: Final = {
    "move": Use.NOTHING,
    "pen": Use.PEN,
    "highlighter": Use.HIGHLIGHTER,
    "select": Use.SELECT,
    "eraser": Use.ERASER,
    "stamp": Use.STAMP,
}
PEN_COLOURS: Final = (Colour.RED, Colour.BLUE, Colour.BLACK, Colour.GREEN)
HIGHLIGHT_COLOURS: Final = (Colour.YELLOW, Colour.GREEN, Colour.BLUE, Colour.RED)


class Writing(QObject):
    """One hand at this wall. Nothing can be taken up where the presenter does not let people write."""

    changed = Signal()
    """Another tool or colour, or writing is stopped."""

    def __init__(
        self,
        follower: Follower,
        network: Network,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        """``clock``: seconds since 1970, for labels."""
        super().__init__(parent)
        self._follower, self._network, self._clock = follower, network, clock
        hand = follower.page.hand
        hand.all_marks = False
        hand.grip = FOR_A_FINGER
        hand.may = lambda: follower.registers.writing
        hand.wet.connect(network.present)
        hand.done.connect(network.edit)
        hand.changed.connect(self.changed)
        hand.selected.connect(lambda _words: self.changed.emit())
        follower.changed.connect(self._may_have_stopped)

    def take(self, event: Event) -> None:
        """Who this wall is, as the author of what is written here."""
        if isinstance(event, JoinedAs):
            self._follower.page.hand.peer = event.peer

    def choose(self, name: str) -> None:
        """A tool by its key's name; the one in hand is put down by its own key. That of 言葉を選ぶ, while
        words are chosen, makes a correction of them; that of the stamp in hand takes up the next one."""
        hand = self._follower.page.hand
        if name == "select" and hand.selection is not None:
            self._correct()
            return
        if name == "stamp" and self._take_stamp(first=hand.use is not Use.STAMP):
            return
        use = TOOLS[name] if self._follower.registers.writing else Use.NOTHING
        hand.take_up(Use.NOTHING if use is hand.use else use)
        if hand.use is Use.SELECT:
            self._follower.read_page()

    def _take_stamp(self, *, first: bool) -> bool:
        """The first of the usual ones, or the next; whether that is all there is to do."""
        hand, words = self._follower.page.hand, [say(word) for word in STAMPS]
        at = words.index(hand.stamp) + 1 if hand.stamp in words and not first else 0
        hand.stamp = words[at % len(words)]
        self.changed.emit()
        return not first

    def _correct(self) -> None:
        op = self._follower.correction(round(self._clock()))
        if op is not None and self._follower.registers.writing:
            self._network.edit(op)
        self._follower.page.hand.let_go()

    def next_colour(self) -> None:
        """色: the next of the few there are."""
        hand = self._follower.page.hand
        colours = HIGHLIGHT_COLOURS if hand.use is Use.HIGHLIGHTER else PEN_COLOURS
        hand.set_colour(colours[(colours.index(hand.colour()) + 1) % len(colours)])

    def undo(self) -> None:
        """The newest thing written here."""
        if self._follower.registers.writing:
            self._network.undo()

    def _may_have_stopped(self) -> None:
        if not self._follower.registers.writing:
            self._follower.page.hand.take_up(Use.NOTHING)
