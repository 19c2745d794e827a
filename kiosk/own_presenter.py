"""A presenter of our own, to try a wall of this machine with: pairs, shows a paper, turns its page, ends."""

from __future__ import annotations

import hashlib
import queue
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from kiosk.proof_page import HEIGHT, PAGES, WIDTH, proof_paper
from pageview.wording import both
from protocol.ops import OfferPaper
from protocol.registers import SetScreen, ShowView
from protocol.transport.events import BriefingEnded, Failed, Found, Paired, RoomLinkState
from protocol.transport.owner import Owner
from protocol.transport.runner import Runner
from protocol.transport.settings import Profile, TransportSettings
from protocol.transport.tls import DeviceKey
from protocol.values import Blob, EditionPage, PageRef, Rect, Screen, View

NETWORK = TransportSettings(
    port=0, rendezvous_port=0, listen_addresses=("127.0.0.1",), mdns=False, mdns_interfaces=("127.0.0.1",)
)
"""Loopback alone."""
T = TypeVar("T")


class NotSeen(Exception):
    """A step did not come about; the text, if any, says why."""


class Heard:
    """What one side tells, in order. ``patience``: seconds for each step."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def put(self, item: Any) -> None:
        """In any thread; None: nothing follows."""
        self._queue.put(item)

    def put_all(self, events: tuple[Any, ...]) -> None:
        for event in events:
            self._queue.put(event)

    def wait(self, wanted: Callable[[Any], T | None]) -> T:
        """The first for which ``wanted`` gives something; `NotSeen` when it does not come."""
        until = time.monotonic() + self._patience
        while True:
            try:
                item = self._queue.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise NotSeen("") from None
            if item is None:
                raise NotSeen(both("プログラムが終わってしまいました。"))
            found = wanted(item)
            if found is not None:
                return found


class OwnPresenter:
    """For the room of that number at that address. `NotSeen` from each step that does not come about."""

    def __init__(self, folder: Path, room: int, address: str, patience: float) -> None:
        self._room, self._address = room, address
        self._heard = Heard(patience)
        self._runner = Runner("kamizero-presenter")
        key = DeviceKey.load_or_create(folder)
        self._owner = Owner(self._runner, key, Profile("check", ""), NETWORK, self._heard.put_all)

    def __enter__(self) -> Self:
        self._runner.start()
        self._call(self._owner.open)
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.stop_after(self._owner.stop(), 1.0)

    def pair(self, code: str) -> None:
        """Types the code."""
        self._call(self._owner.connect, self._room, self._address)
        self._state(Found)
        self._call(self._owner.submit_code, self._room, code)
        if isinstance(self._state(Paired, Failed), Failed):
            raise NotSeen("")

    def show(self) -> None:
        """開始 with the first page."""
        paper = proof_paper()
        blob = Blob(hashlib.sha256(paper).digest(), len(paper))
        pages = tuple(
            EditionPage(index, PageRef(blob.sha256, index), WIDTH, HEIGHT) for index in range(PAGES)
        )
        self._call(self._owner.session.add_blob, blob.sha256, paper)
        self._call(self._owner.session.edit, OfferPaper(0, "check", blob, pages))
        self.turn_to(0)
        self._call(self._owner.session.set, SetScreen(Screen.SHOW))
        self._call(self._owner.start, self._room)

    def turn_to(self, page_id: int) -> None:
        """0 is the first page."""
        self._call(self._owner.session.set, ShowView(View(page_id, Rect(0, 0, WIDTH, HEIGHT))))

    def end(self) -> None:
        """終了: returns when the wall says that all of it is gone."""
        self._call(self._owner.end)
        ended = self._heard.wait(lambda event: event if isinstance(event, BriefingEnded) else None)
        if ended.wiped != (self._room,):
            raise NotSeen("")

    def _state(self, *kinds: type) -> object:
        return self._heard.wait(
            lambda event: (
                event.state if isinstance(event, RoomLinkState) and isinstance(event.state, kinds) else None
            )
        )

    def _call(self, function: Callable[..., object], *arguments: object) -> None:
        self._runner.call(function, *arguments)
