"""What is written in the participant's window, by whoever was granted it or presents."""

from __future__ import annotations

from PySide6.QtCore import QObject

from pageview.hand import Use
from pageview.wording import language, say
from presenter.actions import Actions
from presenter.join.follower import Follower
from presenter.join.network import ParticipantNetwork
from presenter.palette import Palette
from presenter.tools import TOOLS, Tools

OWN_ONLY = (*TOOLS, "erase_held", "clear_mine", "undo", "redo")


class Writing(Tools):
    """Nothing can be taken up without the presenter's grant; when that ends, the tool is put down."""

    def __init__(
        self,
        follower: Follower,
        palette: Palette,
        network: ParticipantNetwork,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(follower.page, palette, network, actions, TOOLS, parent)
        self._follower = follower
        self._settled: tuple[object, ...] = ()
        follower.page.hand.may = lambda: follower.may_write
        follower.changed.connect(self.settle)
        self.settle()

    def choose(self, name: str) -> None:
        """A tool by its action's name; the one in hand is put down by its own key."""
        if self._names.get(name) is self._page.hand.use:
            name = "move"
        super().choose(name)

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
