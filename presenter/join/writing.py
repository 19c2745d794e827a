"""What is written in the participant's window, by whoever was granted it or presents."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject

from pageview.hand import Use
from pageview.wording import language, say
from presenter.actions import Actions
from presenter.join.follower import Follower
from presenter.join.network import ParticipantNetwork
from presenter.palette import Palette
from presenter.tools import TOOLS, Tools

OWN_ONLY = (*TOOLS, "add_correction", "erase_held", "clear_mine", "undo", "redo")


class Writing(Tools):
    """Nothing can be taken up without the presenter's grant; when that ends, the tool is put down."""

    def __init__(
        self,
        follower: Follower,
        palette: Palette,
        network: ParticipantNetwork,
        actions: Actions,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        """``clock``: seconds since 1970, for labels."""
        super().__init__(follower.page, palette, network, actions, parent)
        self._follower, self._clock = follower, clock
        self._settled: tuple[object, ...] = ()
        follower.page.hand.may = lambda: follower.may_write
        follower.changed.connect(self.settle)
        self.settle()

    def choose(self, name: str) -> None:
        """A tool by its action's name; the one in hand is put down by its own key."""
        if TOOLS.get(name) is self._page.hand.use:
            name = "move"
        super().choose(name)
        if self._page.hand.use is Use.SELECT:
            self._follower.read_page()

    def correct(self) -> None:
        """修正にする: a correction of the words chosen; with none chosen, the tool that chooses them."""
        op = self._follower.correction(round(self._clock()))
        if op is None:
            self._page.hand.take_up(Use.SELECT)
            self._follower.read_page()
            self._show()
            return
        self._way.edit(op)
        self._page.hand.let_go()

    def settle(self) -> None:
        """What may be done is perhaps another than before."""
        hand, follower, may = self._page.hand, self._follower, self._follower.may_write
        settled = follower.peer, follower.presenting, may, language()
        if settled == self._settled:
            return
        self._settled = settled
        hand.peer, hand.all_marks = follower.peer, follower.presenting
        why = say("書き込みには、説明者の許可が必要です")
        for name in OWN_ONLY:
            self._actions.set_enabled(name, may, why)
        self._actions.set_enabled("clear_page", follower.presenting, say("説明している人だけができます"))
        if not may:
            hand.take_up(Use.NOTHING)
        self._show()
