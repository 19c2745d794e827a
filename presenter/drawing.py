"""The tools of the console, beside its pointer, and what others draw."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from pageview.page_view import PageView
from pageview.wording import say
from presenter.actions import Actions
from presenter.network import Network
from presenter.palette import Palette
from presenter.private_marks import PrivateMarks
from presenter.second_screen import SecondScreen
from presenter.session import Session
from presenter.tools import TOOLS, Tools
from protocol.changes import Change, InkChanged, OpRefused, PresenceSeen
from protocol.presence import Wet
from protocol.values import OWNER


class Drawing(Tools):
    """One of the pointer, the hand that moves the page, and the tools is chosen at any time.

    Without the floor one draws for oneself alone.
    """

    inked = Signal(int)
    """So many marks stand on the page shown, after some came or went."""

    def __init__(
        self,
        page: PageView,
        palette: Palette,
        session: Session,
        screens: SecondScreen,
        network: Network,
        private: PrivateMarks,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(page, palette, network, private, actions, parent)
        self._session, self._screens = session, screens
        page.hand.may = lambda: session.running and (session.presents or page.hand.private)
        session.floor_moved.connect(lambda _former, _now: self._show())
        self._show()

    def choose(self, name: str) -> None:
        """A tool by its action's name; also ``pointer`` and ``move``."""
        self._session.set_pointing(name == "pointer")
        super().choose(name)

    def _shares(self) -> bool:
        return self._session.presents

    def _show(self) -> None:
        super()._show()
        hand, floor = self._page.hand, self._session.briefing.registers.floor
        why = say("{name}さんが説明しています", name=self._page.briefing.names.get(floor, ""))
        for name in TOOLS:
            if name != "select":
                self._actions.set_enabled(name, self._session.presents or hand.private, why)
        self._actions.set_checked("private", hand.private)
        idle, pointing = not hand.draws, self._session.pointing
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

    def end(self) -> None:
        """The briefing is over."""
        self._page.hand.cancel()
        self._page.hand.set_private(False)
        self._page.ink.clear()
        self.choose("pointer")

    def _wet(self, piece: Wet) -> None:
        super()._wet(piece)
        self._screens.show_wet(OWNER, piece)

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
