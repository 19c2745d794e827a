"""What people write on this wall by touch: which tool is in hand, and where what it draws goes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from kiosk.follower import Follower
from kiosk.network import Network
from pageview.hand import Use
from protocol.ink import Colour
from protocol.transport.events import Event, JoinedAs

TOOLS: Final = {
    "move": Use.NOTHING,
    "pen": Use.PEN,
    "highlighter": Use.HIGHLIGHTER,
    "eraser": Use.ERASER,
}
PEN_COLOURS: Final = (Colour.RED, Colour.BLUE, Colour.BLACK, Colour.GREEN)
HIGHLIGHT_COLOURS: Final = (Colour.YELLOW, Colour.GREEN, Colour.BLUE, Colour.RED)


class Writing(QObject):
    """One hand at this wall. Nothing can be taken up where the presenter does not let people write."""

    changed = Signal()
    """Another tool or colour, or writing is stopped."""

    def __init__(self, follower: Follower, network: Network, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._follower, self._network = follower, network
        hand = follower.page.hand
        hand.all_marks = False
        hand.may = lambda: follower.registers.writing
        hand.wet.connect(network.present)
        hand.done.connect(network.submit)
        hand.changed.connect(self.changed)
        follower.changed.connect(self._may_have_stopped)

    def take(self, event: Event) -> None:
        """Who this wall is, as the author of what is written here."""
        if isinstance(event, JoinedAs):
            self._follower.page.hand.peer = event.peer

    def choose(self, name: str) -> None:
        """A tool by its key's name; the one in hand is put down by its own key."""
        hand = self._follower.page.hand
        use = TOOLS[name] if self._follower.registers.writing else Use.NOTHING
        hand.take_up(Use.NOTHING if use is hand.use else use)

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
