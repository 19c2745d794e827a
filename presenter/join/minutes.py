"""The minutes in the participant's window: read by everybody, written by whoever was granted it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from presenter.actions import Actions
from presenter.join.follower import NOBODY, Follower
from presenter.join.network import ParticipantNetwork
from presenter.join.window_flow import WindowFlow
from presenter.minutes.minuting import Minuting
from presenter.minutes.panel import KEY_NAMES
from protocol.minutes import MinutesKind
from protocol.transport.events import Changed, Event
from protocol.transport.join_events import Joined, JoinState
from protocol.values import PageId, Role


class JoinMinutes(QObject):
    """Shows what there is, and carries what is done back."""

    def __init__(
        self,
        flow: WindowFlow,
        follower: Follower,
        network: ParticipantNetwork,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._side, self._page, self._follower = flow.screen.side, flow.screen.centre.page, follower
        self._actions = actions
        self.panel = self._side.minutes
        self.minuting = Minuting(self.panel, network, self._page_now, self._number_of, parent=self)
        self.minuting.counted.connect(self._side.show_minutes)
        self.minuting.told.connect(lambda words, values: flow.notice(words, **values))
        self.minuting.page_wanted.connect(follower.go_to)
        self.clear()

    def take(self, event: Event) -> None:
        """One event of the network."""
        match event:
            case JoinState(Joined(role, peer)):
                self.minuting.set_role(peer, role)
            case Changed(briefing, changes, shown):
                self.minuting.take(briefing, changes, shown)

    def clear(self) -> None:
        """Nothing of the briefing stays in any field."""
        self.minuting.end()
        self.minuting.set_role(NOBODY, Role.PARTICIPANT)
        self._side.set_minutes_open(False)
        self._actions.set_checked("minutes", False)

    def deeds(self) -> dict[str, Callable[[], None]]:
        """What the actions of the minutes do."""
        kinds = {name: partial(self._begin, kind) for kind, name in KEY_NAMES.items()}
        return {"minutes": self.toggle, **kinds}

    def toggle(self) -> None:
        """The minutes, with the keyboard in their field where one may write; or the notes."""
        if self._side.minutes_open:
            self._set_open(False)
            self._page.setFocus()
        else:
            self._set_open(True)
            if self.minuting.may_write:
                self._side.minutes.new.field.setFocus()

    def _begin(self, kind: MinutesKind) -> None:
        if self.minuting.may_write:
            self._set_open(True)
            self.minuting.choose_kind(kind)

    def _set_open(self, opened: bool) -> None:
        self._side.set_minutes_open(opened)
        self._actions.set_checked("minutes", opened)
        self._actions.set_checked("corrections", False)

    def _page_now(self) -> PageId | None:
        """The page that is presented, whatever one looks at."""
        return self._follower.presented_page

    def _number_of(self, page_id: PageId) -> int:
        source = self._follower.source
        return source.page_number(page_id)[0] if source is not None else 0
