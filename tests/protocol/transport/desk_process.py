"""A presenter in a process of its own, for tests that kill or stop it.

Arguments: folder, room, address. Standard input: the code, and once more where it has to be typed again.
Standard output, a line each: ``found``, ``paired``, ``journal HEX`` and ``secrets HEX`` whenever they change,
``shown``, ``state NAME``.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import msgspec

from protocol.transport.events import Event, Found, Paired, RoomLinkState
from protocol.transport.owner import Owner
from protocol.transport.resuming import Secrets
from protocol.transport.runner import Runner
from protocol.transport.settings import Profile
from protocol.transport.tls import DeviceKey
from tests.protocol.transport.briefings import Presenter, settings


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def main(folder: Path, room: int, address: str) -> None:
    runner = Runner()
    runner.start()
    found, paired = threading.Event(), threading.Event()

    def on_events(events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, RoomLinkState):
                say("state", type(event.state).__name__)
                if isinstance(event.state, Found):
                    found.set()
                if isinstance(event.state, Paired):
                    paired.set()

    def on_secrets(secrets: Secrets) -> None:
        say("secrets", msgspec.msgpack.encode(secrets).hex())

    device = DeviceKey.load_or_create(folder / "佐藤")
    desk = Presenter.__new__(Presenter)
    desk.owner = Owner(
        runner,
        device,
        Profile("佐藤", "財政課"),
        settings(),
        on_events,
        on_commit=lambda entry: say("journal", entry.hex()),
        on_secrets=on_secrets,
    )
    runner.call(desk.owner.open)
    runner.call(desk.owner.connect, room, address)
    found.wait()
    say("found")

    def offer() -> None:
        desk.offer(1, os.urandom(1_000))
        desk.show(101)

    def begin() -> None:
        desk.begin(room)
        say("shown")

    runner.call(offer)
    for code in sys.stdin:
        paired.clear()
        runner.call(desk.owner.submit_code, room, code.strip())
        paired.wait()
        say("paired")
        runner.call(begin)
    runner.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
