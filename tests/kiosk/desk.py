"""A presenter for tests of the kiosk's real processes: a real Owner over TLS, with real papers."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Self, TypeVar

import pymupdf

import assets
from protocol.ops import OfferPaper
from protocol.presence import Pointer
from protocol.registers import Register, SetScreen, ShowView
from protocol.transport.events import (
    BriefingEnded,
    Event,
    Failed,
    Found,
    Paired,
    RoomLinkState,
    StandInWanted,
    WallPosition,
)
from protocol.transport.owner import Owner
from protocol.transport.runner import Runner
from protocol.transport.settings import Profile, TransportSettings
from protocol.transport.tls import DeviceKey
from protocol.values import Blob, EditionPage, PageRef, Rect, Screen, View

PATIENCE_S = 15.0
E = TypeVar("E")


class Desk:
    """Pairs with a room and shows it pages. Methods named like the presenter's; `until` waits for events."""

    def __init__(
        self, folder: Path, name: str = "佐藤", department: str = "財政課", mdns: bool = True
    ) -> None:
        self._events: queue.Queue[Event] = queue.Queue()
        self.runner = Runner(f"desk-{name}")
        settings = TransportSettings(
            port=0, mdns=mdns, mdns_interfaces=("127.0.0.1",), listen_addresses=("127.0.0.1",)
        )
        self.owner = Owner(
            self.runner,
            DeviceKey.load_or_create(folder),
            Profile(name, department),
            settings,
            self._take,
        )
        self._papers: dict[bytes, bytes] = {}
        self._next_page = 0
        self.pages: list[EditionPage] = []

    def __enter__(self) -> Self:
        self.runner.start()
        self.call(self.owner.open)
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.submit(self.owner.stop()).result(PATIENCE_S)
        self.runner.stop()

    def call(self, function: Callable[..., object], *arguments: Any) -> None:
        self.runner.call(function, *arguments)

    def until(self, kind: type[E], holds: Callable[[E], bool] = lambda event: True) -> E:
        """The next event of that kind for which that holds."""
        while True:
            event = self._events.get(timeout=PATIENCE_S)
            if isinstance(event, kind) and holds(event):
                return event

    def state(self, *kinds: type) -> Any:
        """The next state of the room's link of one of those kinds."""
        return self.until(RoomLinkState, lambda told: isinstance(told.state, kinds)).state

    # --- what a presenter does ----------------------------------------------------------------------------

    def offer(self, file: Path = assets.SAMPLE_BUDGET) -> None:
        """A paper joins the briefing."""
        data = file.read_bytes()
        digest = sha256(data).digest()
        self._papers[digest] = data
        with pymupdf.open(stream=data) as document:
            sizes = [(round(page.rect.width * 100), round(page.rect.height * 100)) for page in document]
        first = self._next_page
        self._next_page += len(sizes)
        pages = tuple(
            EditionPage(first + index, PageRef(digest, index), width, height)
            for index, (width, height) in enumerate(sizes)
        )
        self.pages += pages
        number = len(self._papers) - 1
        self.call(self.owner.session.add_blob, digest, data)
        self.call(self.owner.session.edit, OfferPaper(number, file.stem[:80], Blob(digest, len(data)), pages))

    def pair(self, room: int, code: str, address: str | None = None) -> Paired | Failed:
        self.call(self.owner.connect, room, address)
        self.state(Found)
        self.call(self.owner.submit_code, room, code)
        answer = self.state(Paired, Failed)
        assert isinstance(answer, Paired | Failed)
        return answer

    def start(self, room: int) -> None:
        """開始 with the first page."""
        self.show(0)
        self.set(SetScreen(Screen.SHOW))
        self.call(self.owner.start, room)

    def show(self, page: int, rect: Rect | None = None, step: int = 0, steps: int = 1) -> None:
        """The page at that place in the briefing, whole or a part."""
        at = self.pages[page]
        whole = Rect(0, 0, at.width, at.height)
        self.set(ShowView(View(at.page_id, rect or whole, step, steps)))

    def set(self, register: Register) -> None:
        self.call(self.owner.session.set, register)

    def point(self, page: int, x: int, y: int) -> None:
        self.call(self.owner.session.present, Pointer(self.pages[page].page_id, x, y))

    def end(self) -> BriefingEnded:
        self.call(self.owner.end)
        return self.until(BriefingEnded)

    def wall(self, holds: Callable[[WallPosition], bool]) -> WallPosition:
        """What the wall says that it shows."""
        return self.until(WallPosition, holds)

    def _take(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, StandInWanted):
                self._stand_in(event.ref)
            self._events.put(event)

    def _stand_in(self, ref: PageRef) -> None:
        with pymupdf.open(stream=self._papers[ref.blob]) as document:
            document.select([ref.index])
            rect = document[0].rect
            pdf = document.tobytes(garbage=3)
        self.owner.session.add_stand_in(ref, pdf, round(rect.width * 100), round(rect.height * 100))
