"""What is written in the participant's window: for oneself by anybody, for everybody by whoever may."""

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
from presenter.private_marks import PrivateMarks
from presenter.tools import TOOLS, Tools

FOR_ONESELF = (*(name for name in TOOLS if name != "select"), "erase_held", "clear_mine", "undo", "redo")
"""What one's own layer takes as well."""
FOR_EVERYBODY = ("select", "add_correction")


class Writing(Tools):
    """Without the presenter's grant one writes for oneself alone: a tool that is taken up then draws on the
    private layer, and when a grant ends the hand goes over to it with the tool put down."""

    def __init__(
        self,
        follower: Follower,
        palette: Palette,
        network: ParticipantNetwork,
        actions: Actions,
        private: PrivateMarks,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        """``clock``: seconds since 1970, for labels."""
        super().__init__(follower.page, palette, network, private, actions, parent)
        self._follower, self._clock = follower, clock
        self._settled: tuple[object, ...] = ()
        self._for_want = False
        """Whether one writes for oneself only because nothing else is granted."""
        follower.page.hand.may = lambda: follower.may_write or follower.page.hand.private
        follower.changed.connect(self.settle)
        self.settle()

    def choose(self, name: str) -> None:
        """A tool by its action's name; the one in hand is put down by its own key."""
        hand = self._page.hand
        if TOOLS.get(name) is hand.use:
            name = "move"
        if name in TOOLS and not self._follower.may_write:
            hand.set_private(True)
        elif name in TOOLS and self._for_want and not hand.draws:
            self._share()  # with a tool in hand it would change under the pen
        super().choose(name)
        if hand.use is Use.SELECT:
            self._follower.read_page()

    def toggle_private(self) -> None:
        """One's own layer, or everybody's where one may write there; a pen in hand if there was none."""
        hand = self._page.hand
        self._for_want = not self._follower.may_write
        hand.set_private(not hand.private or self._for_want)
        if hand.private and (not hand.draws or hand.use is Use.SELECT):
            hand.take_up(Use.PEN)
        self._show()

    def _shares(self) -> bool:
        return self._follower.may_write

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
        for name in FOR_EVERYBODY:
            self._actions.set_enabled(name, may, why)
        self._actions.set_enabled("clear_page", follower.presenting, say("説明している人だけができます"))
        if not may and not hand.private:
            hand.take_up(Use.NOTHING)
            hand.set_private(True)
            self._for_want = True
        elif may and self._for_want and not hand.draws:
            self._share()
        self._show()

    def _share(self) -> None:
        """What was for oneself for want of a grant alone is for everybody from now on."""
        self._for_want = False
        self._page.hand.set_private(False)

    def _show(self) -> None:
        super()._show()
        self._actions.set_checked("private", self._page.hand.private and self._page.hand.draws)
