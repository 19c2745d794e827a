"""A participant for tests of the desk's real processes: a real `Participant` over TLS, papers in memory."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from protocol.model import Briefing
from protocol.presence import Position
from protocol.transport.events import Changed, Event
from protocol.transport.join_events import JoinState, Left
from protocol.transport.participant import Participant
from protocol.transport.runner import Runner
from protocol.transport.settings import TransportSettings
from protocol.transport.tls import DeviceKey
from protocol.values import View
from tests.protocol.transport.briefings import MemoryStore

PATIENCE_S = 15.0
E = TypeVar("E")


class Joiner:
    """Joins by room and code, and wipes when it is over. `briefing` is the newest one that came."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.briefing = Briefing()
        self._events: queue.Queue[Event] = queue.Queue()
        self._runner = Runner(f"joiner-{name}")
        settings = TransportSettings(mdns_interfaces=("127.0.0.1",))
        self.side = Participant(
            self._runner, DeviceKey.load_or_create(folder), settings, self._take, MemoryStore()
        )

    def __enter__(self) -> Self:
        self._runner.start()
        self.call(self.side.start)
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.submit(self.side.stop()).result(PATIENCE_S)
        self._runner.stop()

    def call(self, function: Callable[..., object], *arguments: Any) -> None:
        self._runner.call(function, *arguments)

    def join(self, room: int, code: str) -> None:
        self.call(self.side.join, room, code, self.name)

    def until(self, kind: type[E], holds: Callable[[E], bool] = lambda event: True) -> E:
        """The next event of that kind for which that holds."""
        while True:
            event = self._events.get(timeout=PATIENCE_S)
            if isinstance(event, Changed):
                self.briefing = event.briefing
            if isinstance(event, kind) and holds(event):
                return event

    def state(self, *kinds: type) -> Any:
        """The next state of those kinds."""
        return self.until(JoinState, lambda told: isinstance(told.state, kinds)).state

    def sees(self, page_id: int) -> View:
        """Waits until that page is presented."""
        if (view := self.briefing.registers.view) is not None and view.page_id == page_id:
            return view
        changed = self.until(
            Changed, lambda c: (v := c.briefing.registers.view) is not None and v.page_id == page_id
        )
        assert changed.briefing.registers.view is not None
        return changed.briefing.registers.view

    def looks_at(self, view: View, following: bool) -> None:
        """Tells the presenter what is on its screen."""
        self.call(self.side.present, Position(following, view.page_id, view.rect, True))

    def _take(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, JoinState) and isinstance(event.state, Left):
                self.side.wiped()
            self._events.put(event)
