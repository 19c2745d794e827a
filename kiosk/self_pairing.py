"""A presenter and a wall of our own, who meet over TLS on loopback: the code, a paper, a page turn."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from kiosk.own_presenter import NETWORK, Heard, OwnPresenter
from protocol.messages import RoomFacts
from protocol.transport.events import BlobReady, Changed, CodeShown, NetworkState
from protocol.transport.room_side import RoomSide
from protocol.transport.runner import Runner
from protocol.transport.settings import BlobStore
from protocol.transport.tls import DeviceKey

PATIENCE = 10.0
"""Seconds for each step."""
_ROOM = 99_998


def pair_with_itself(store: BlobStore) -> int:
    """Milliseconds that a page turn took; the paper is in ``store``. `NotSeen`, or `Unavailable` where no key
    can be made."""
    runner, wall = Runner("kamizero-self-test"), Heard(PATIENCE)
    facts = RoomFacts(_ROOM, "self-test", "", "", "", 1920, 1080, 55, 300, False)
    with tempfile.TemporaryDirectory() as folder:
        key = DeviceKey.load_or_create(Path(folder) / "wall")
        room = RoomSide(runner, key, facts, NETWORK, wall.put_all, store)
        runner.start()
        try:
            runner.call(room.start)
            code = wall.wait(lambda event: event.code if isinstance(event, CodeShown) else None)
            address = wall.wait(_address)
            with OwnPresenter(Path(folder) / "desk", _ROOM, address, PATIENCE) as presenter:
                presenter.pair(code)
                presenter.show()
                wall.wait(lambda event: event if isinstance(event, BlobReady) else None)
                began = time.monotonic()
                presenter.turn_to(1)
                wall.wait(lambda event: event if _shows(event, 1) else None)
                return round((time.monotonic() - began) * 1_000)
        finally:
            runner.stop()  # links go with the loop: nobody here waits for a polite end


def _address(event: object) -> str | None:
    return event.addresses[0] if isinstance(event, NetworkState) and event.addresses else None


def _shows(event: object, page_id: int) -> bool:
    view = event.briefing.registers.view if isinstance(event, Changed) else None
    return view is not None and view.page_id == page_id
