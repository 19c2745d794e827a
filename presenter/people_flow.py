"""The participants fed: what the network tells of them, and what is done with them at the console."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from pageview.page_source import PageSource
from pageview.wording import say
from presenter.actions import Actions
from presenter.console import Console
from presenter.console_state import Link, Room
from presenter.dialogs import Question, ask
from presenter.network import Network
from presenter.people_state import People
from presenter.people_state import Room as PeopleRoom
from presenter.session import Session
from protocol.transport.events import Event
from protocol.values import OWNER, PeerId

if TYPE_CHECKING:
    from protocol.transport.owner_participants import OwnerParticipants

SHOWN_EACH_MS = 50
"""A page turn moves every participant: what they say is gathered."""
FLOOR_ACTIONS = (
    "next",
    "back",
    "next_page",
    "previous_page",
    "first",
    "last",
    "jump",
    "whole_page",
    "fit_width",
    "zoom_in",
    "zoom_out",
    "pan_left",
    "pan_right",
    "pan_up",
    "pan_down",
    "pointer",
    "move",
    "hold",
    "free_viewing",
    "overview",
)
"""What only who presents can do."""


class PeopleFlow(QObject):
    """Keeps `People` and carries the wishes of their panel to the owner of the session."""

    changed = Signal()

    def __init__(
        self,
        console: Console,
        session: Session,
        source: PageSource,
        actions: Actions,
        network: Network,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._console, self._session, self._source = console, session, source
        self._actions, self._network = actions, network
        self.people = People()
        self._approval = False
        self._soon = QTimer(self, singleShot=True, interval=SHOWN_EACH_MS)
        self._soon.timeout.connect(self._show)
        session.floor_moved.connect(self._floor_moved)
        panel, joining = console.people, network.joining
        panel.joining_wanted.connect(self._open_or_close)
        panel.approval_wanted.connect(self._ask_approval)
        panel.new_code_wanted.connect(lambda: joining(lambda people: people.new_code()))
        panel.code_on_walls_wanted.connect(self._show_code_on_walls)
        panel.let_in.connect(self._let_in)
        panel.declined.connect(self._decline)
        panel.floor_given.connect(session.give_floor)
        panel.floor_declined.connect(self._decline_floor)
        panel.allowed.connect(
            lambda a: joining(lambda people: people.allow(a.peer, a.saving, a.takeover, a.minutes, a.finds))
        )
        panel.let_write.connect(lambda *wanted: joining(lambda people: people.let_write(*wanted)))
        panel.removed.connect(self._ask_remove)
        self._lock_floor_actions()

    def take(self, event: Event) -> None:
        """Something happened to a participant, or to joining."""
        self._set(self.people.after(event))

    def attending(self) -> tuple[str, ...]:
        """The names of those who take part."""
        return tuple(person.facts.name for person in self.people.inside)

    def show_rooms(self, rooms: Sequence[Room]) -> None:
        """The rooms of the briefing, by whose numbers people join."""
        numbers = tuple(PeopleRoom(room.number, room.title) for room in rooms if room.link is not Link.GONE)
        self._set(replace(self.people, rooms=numbers))

    def name_of(self, peer: PeerId) -> str:
        """What that participant is called."""
        person = self.people.everybody.get(peer)
        return self.people.name_of(person) if person is not None else say("参加者")

    def clear(self) -> None:
        """The briefing is over: nobody takes part any more."""
        self._approval = False
        self._set(People())
        self._lock_floor_actions()

    def let_join(self) -> None:
        """参加を受け付ける, or no longer, before the briefing begins."""
        self._open_or_close(self.people.code is None)

    def toggle(self) -> None:
        """The panel 参加者, or away with it."""
        opened = not self._actions["people"].isChecked()
        self._actions.set_checked("people", opened)
        if opened:
            self._console.people.show_people(self.people, self._number_of)
        self._console.set_people_open(opened)
        if not opened:
            self._console.centre.page.setFocus()

    def leave_panel(self) -> None:
        """Esc: the panel is put away where the keyboard is in it; the page has the keyboard."""
        if self._console.people.has_keyboard():
            self.toggle()
        self._console.centre.page.setFocus()

    # --- what is wished -------------------------------------------------------------------------------------

    def _open_or_close(self, wanted: bool) -> None:
        approval = self._approval
        self._switch(lambda people: people.open(approval) if wanted else people.close())

    def _ask_approval(self, wanted: bool) -> None:
        self._approval = wanted
        self._switch(lambda people: people.ask_approval(wanted))

    def _switch(self, wish: Callable[[OwnerParticipants], None]) -> None:
        """What the switch shows is set from the answer."""
        self._network.joining(wish)
        self._soon.start()

    def _let_in(self, peers: Sequence[PeerId]) -> None:
        self._each(peers, lambda people, peer: people.approve(peer))

    def _decline(self, peers: Sequence[PeerId]) -> None:
        self._each(peers, lambda people, peer: people.decline(peer))

    def _each(self, peers: Sequence[PeerId], do: Callable[[OwnerParticipants, PeerId], None]) -> None:
        def wish(people: OwnerParticipants) -> None:
            for peer in peers:
                do(people, peer)

        self._network.joining(wish)

    def _show_code_on_walls(self) -> None:
        for room in self.people.rooms:
            self._network.press_wall_key(room.number, "join_code")

    def _ask_remove(self, peer: PeerId) -> None:
        person = self.people.everybody.get(peer)
        if person is None:
            return
        question = Question(
            self._console,
            "{name}さんを外しますか",
            "{name}さんの画面から、資料が消えます。説明は、そのまま続きます。",
            yes="外す",
            no="続ける",
            values={"name": self.people.name_of(person)},
        )
        ask(question, lambda: self._network.joining(lambda people: people.remove(peer)))

    # --- the floor ------------------------------------------------------------------------------------------

    def _decline_floor(self, peer: PeerId) -> None:
        self._network.joining(lambda people: people.decline_floor(peer))
        self._set(self.people.answered(peer))

    def _floor_moved(self, former: PeerId, now: PeerId) -> None:
        """Who no longer presents may do what they might before, however the floor came back."""
        if former != OWNER:
            self._network.joining(lambda people: people.no_longer_presents(former))
        self._set(self.people.presented_by(now))
        self._lock_floor_actions()

    def _lock_floor_actions(self) -> None:
        own = self._session.presents
        why = say("{name}さんが説明しています", name=self.people.presenter)
        for name in FLOOR_ACTIONS:
            self._actions.set_enabled(name, own, why)
        self._actions.set_enabled("take_floor", not own, say("いま説明しているのは、この端末です"))

    # --- what is shown --------------------------------------------------------------------------------------

    def _set(self, people: People) -> None:
        if people != self.people:
            self.people = people
            if not self._soon.isActive():
                self._soon.start()

    def _show(self) -> None:
        self._console.show_people(self.people, self._number_of)
        self.changed.emit()

    def _number_of(self, page_id: int) -> int:
        return self._source.page_number(page_id)[0]
