"""A kiosk, a presenter or a participant as a process: calls on standard input, events on standard output.

Both are JSON arrays, one a line. Arguments: role, folder, room.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from protocol.model import Briefing
from protocol.transport.events import (
    BlobReady,
    Changed,
    CodeShown,
    Event,
    LinkBack,
    LinkLost,
    NetworkState,
    RoomLinkState,
)
from protocol.transport.join_events import JoinCodeShown, JoiningState, JoinState, ParticipantSeen
from protocol.transport.owner import Owner
from protocol.transport.participant import Participant
from protocol.transport.room_side import RoomSide
from protocol.transport.runner import Runner
from protocol.transport.settings import Deadlines, Profile, TransportSettings
from protocol.transport.tls import DeviceKey
from tests.protocol.transport.briefings import MemoryStore, Presenter, facts

DEADLINES = Deadlines(ping=0.3, dead=1.0, redial_late=0.5, no_answer=60.0)


def page_of(briefing: Briefing) -> int | None:
    view = briefing.registers.view
    return None if view is None or briefing.page(view.page_id) is None else view.page_id


def words(event: Event) -> list[Any] | None:
    match event:
        case NetworkState(_, addresses) if addresses:
            return ["listening", *addresses]
        case CodeShown(_, code):
            return ["code", code]
        case JoinCodeShown(_, code):
            return ["join code", code]
        case JoiningState(code):
            return ["joining", code]
        case RoomLinkState(_, state):
            return ["room", type(state).__name__]
        case ParticipantSeen(participant):
            return ["participant", participant.name, participant.link.name]
        case JoinState(state):
            return ["state", type(state).__name__]
        case Changed(briefing):
            return ["page", page_of(briefing)]
        case BlobReady():
            return ["paper"]
        case LinkLost():
            return ["lost"]
        case LinkBack():
            return ["back"]
    return None


def on_events(events: tuple[Event, ...]) -> None:
    for event in events:
        said = words(event)
        if said is not None:
            say(said)


def say(words: list[Any]) -> None:
    sys.stdout.write(json.dumps(words, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Listening(Participant):
    """Says that it knows where the presenter of a room is, once it was asked."""

    wanted: int | None = None

    def knows(self, room: int) -> None:
        self.wanted = room
        self.heard()

    def heard(self) -> None:
        super().heard()
        if self.wanted is not None and self._surroundings.candidates.presenters(self.wanted):
            self.wanted = None
            say(["knows"])


def calls_of(role: str, runner: Runner, folder: Path, room: int) -> dict[str, Callable[..., None]]:
    port = 47_400 if role == "kiosk" else 0
    settings = TransportSettings(port=port, deadlines=DEADLINES)
    device = DeviceKey.load_or_create(folder / role)
    if role == "kiosk":
        side = RoomSide(runner, device, facts(room), settings, on_events, MemoryStore())
        return {"start": side.start}
    if role == "participant":
        joiner = Listening(runner, device, settings, on_events, MemoryStore())
        return {"start": joiner.start, "join": joiner.join, "knows": joiner.knows, "cut": joiner.cut}
    desk = Presenter.__new__(Presenter)
    owner = desk.owner = Owner(runner, device, Profile("佐藤", "財政課"), settings, on_events)

    def offer(length: int) -> None:
        desk.offer(1, os.urandom(length))

    return {
        "start": owner.open,
        "connect": owner.connect,
        "code": owner.submit_code,
        "offer": offer,
        "show": desk.show,
        "begin": desk.begin,
        "open": owner.participants.open,
    }


def main(role: str, folder: Path, room: int) -> None:
    runner = Runner()
    runner.start()
    calls = calls_of(role, runner, folder, room)
    runner.call(calls["start"])
    for line in sys.stdin:
        name, *said = json.loads(line)
        runner.call(calls[name], *said)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
