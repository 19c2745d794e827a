"""The first screen fed: rooms in reach, how far joining is, and what was typed carried to the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from presenter.join.entrance import EntranceScreen
from presenter.join.entrance_state import EntranceState, JoinRow, Stage
from presenter.join.network import ParticipantNetwork
from presenter.rooms_state import RoomStatus
from presenter.settings import Settings
from protocol.errors import Misuse
from protocol.transport.events import Event, LinkLost, RoomLost, RoomSeen
from protocol.transport.join_events import (
    AwaitingApproval,
    AwaitingStart,
    JoinState,
    LeftReason,
    Looking,
    NoAnswer,
    Refused,
)

_STAGES = {
    Looking: Stage.LOOKING,
    NoAnswer: Stage.NO_ANSWER,
    Refused: Stage.REFUSED,
    AwaitingApproval: Stage.APPROVAL,
    AwaitingStart: Stage.START,
}


class EntranceFlow(QObject):
    """``settings`` gives the rooms used before, whose names are known."""

    named = Signal(str)
    """The name that was typed; it is remembered."""
    stage_changed = Signal(object)

    def __init__(
        self,
        screen: EntranceScreen,
        network: ParticipantNetwork,
        settings: Callable[[], Settings],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.screen, self._network, self._settings = screen, network, settings
        self._seen: dict[int, RoomSeen] = {}
        self.state = EntranceState()
        screen.room_chosen.connect(self.choose)

    def open(self, left: LeftReason | None = None) -> None:
        """The screen is shown, with why one is here again. The code is typed anew."""
        self.state = replace(self.state, stage=Stage.NONE, failure=None, left=left)
        self.screen.card.code.clear()
        self._show()

    def choose(self, number: int) -> None:
        """That room, from the list or typed."""
        self.screen.card.set_room(number)
        self.state = replace(self.state, room=number, room_name=self._name_of(number), left=None)
        self._show()

    def join(self) -> None:
        """What was typed is tried."""
        card = self.screen.card
        number, name = card.room_number, card.name.text().strip()
        if number is None or not card.code.is_complete or not name:
            return
        self.state = replace(self.state, room=number, room_name=self._name_of(number))
        try:
            self._network.join(number, card.code.text(), name, card.address.text().strip())
        except Misuse:
            card.address.setFocus()
            card.said.set_words("アドレスを確かめてください。例：192.0.2.10:47400")
            card.said.set_tone("err")
            return
        self.named.emit(name)
        self._reach(Stage.LOOKING)

    def give_up(self) -> None:
        """Looks no longer."""
        self._network.leave()
        self._reach(Stage.NONE)

    def take(self, event: Event) -> None:
        """Something happened to rooms, or to joining."""
        match event:
            case RoomSeen():
                self._seen[event.number] = event
            case RoomLost(number):
                self._seen.pop(number, None)
            case JoinState(state) if type(state) in _STAGES:
                # An answer that was under way when the person gave up is none any more.
                if self.state.waiting:
                    failure = state.reason if isinstance(state, Refused) else None
                    self._reach(_STAGES[type(state)], replace(self.state, failure=failure))
                return
            case LinkLost() if self.state.stage in (Stage.APPROVAL, Stage.START):
                self._reach(Stage.LOST)
                return
            case _:
                return
        self._show()

    def _reach(self, stage: Stage, state: EntranceState | None = None) -> None:
        self.state = replace(state or replace(self.state, failure=None), stage=stage, left=None)
        self._show()
        self.stage_changed.emit(self.state)

    def _show(self) -> None:
        self.state = replace(self.state, rooms=self._rows())
        self.screen.show_state(self.state)

    def _rows(self) -> tuple[JoinRow, ...]:
        rows = []
        for number, seen in sorted(self._seen.items()):
            status = RoomStatus.IN_USE if seen.in_use else RoomStatus.FREE
            rows.append(JoinRow(number, self._name_of(number), seen.place or "", status))
        # There is something to join where a briefing runs.
        return tuple(sorted(rows, key=lambda row: row.status is not RoomStatus.IN_USE))

    def _name_of(self, number: int | None) -> str | None:
        seen = self._seen.get(number) if number is not None else None
        used = next((room.name for room in self._settings().rooms if room.number == number), None)
        return (seen.name if seen is not None else None) or used or None


def own_name(settings: Settings) -> str:
    """What the name field begins with: as written last time, else as the person presents."""
    both = " ".join(part for part in (settings.department, settings.name) if part)
    return settings.join_name or both
