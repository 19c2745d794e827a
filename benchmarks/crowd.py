"""A briefing with participants, each part in a process of its own: the owner here, the wall, the people.

``python -m benchmarks.crowd wall|people FOLDER`` are the other two; they are told one JSON object a line and
answer so. Each of the people dials from an address of its own (127.1.0.0/16), as people's machines do.
"""

from __future__ import annotations

import asyncio
import contextvars
import hashlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.staging import free_port
from protocol.messages import RoomFacts
from protocol.model import Briefing
from protocol.ops import OfferPaper
from protocol.registers import SetScreen, ShowView
from protocol.snapshot import snapshot
from protocol.transport import dial as dialling
from protocol.transport.events import (
    Changed,
    CodeShown,
    Event,
    Found,
    NetworkState,
    Paired,
    RoomLinkState,
)
from protocol.transport.join_events import JoinCodeShown, Joined, JoinState, Left
from protocol.transport.owner import Owner
from protocol.transport.participant import Participant
from protocol.transport.room_side import RoomSide
from protocol.transport.settings import Profile, TransportSettings
from protocol.transport.tls import DeviceKey
from protocol.values import Blob, EditionPage, PageRef, Rect, Screen, View

ROOM = 27
WHOLE = Rect(0, 0, 96_000, 54_000)
PATIENCE = 60.0
_source: contextvars.ContextVar[str] = contextvars.ContextVar("source", default="127.0.0.1")


class OwnLoop:
    """What the programs use of a runner, in the loop that runs."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Memory:
    """A `BlobStore` in plain memory."""

    def __init__(self) -> None:
        self._blobs: dict[bytes, bytearray] = {}

    def allocate(self, sha256: bytes, length: int) -> memoryview:
        self._blobs[sha256] = bytearray(length)
        return memoryview(self._blobs[sha256])

    def complete(self, sha256: bytes) -> bool:
        return hashlib.sha256(self._blobs[sha256]).digest() == sha256

    def drop(self, sha256: bytes) -> None:
        self._blobs.pop(sha256, None)


def settings(rendezvous_port: int) -> TransportSettings:
    return TransportSettings(
        port=0,
        listen_addresses=("127.0.0.1",),
        mdns=False,
        mdns_interfaces=("127.0.0.1",),
        rendezvous_port=rendezvous_port,
    )


def state_of(briefing: Briefing) -> str:
    """Equal for equal states only."""
    return hashlib.sha256(snapshot(briefing) + repr(briefing.registers).encode()).hexdigest()


# --- the owner ----------------------------------------------------------------------------------------------


class Helper:
    """One of the other two processes."""

    def __init__(self, word: str, folder: Path, *more: str) -> None:
        words = [sys.executable, "-m", "benchmarks.crowd", word, str(folder), *more]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    async def hear(self) -> Any:
        """The next line."""
        assert self._process.stdout is not None
        return json.loads(await asyncio.to_thread(self._process.stdout.readline))

    def tell(self, **what: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()


class Meeting:
    """A briefing under way: its owner, and the addresses by which people reach it."""

    def __init__(self, owner: Owner, people: Helper, code: str, through: str, newest: list[Briefing]) -> None:
        self.owner, self.people, self.code = owner, people, code
        self.direct = f"127.0.0.1:{owner._surroundings.port}"
        self.through = through
        self._newest = newest

    @property
    def briefing(self) -> Briefing:
        """As the authority has it now."""
        return self._newest[-1]

    def turn(self, page_id: int) -> View:
        """Shows that page."""
        view = View(page_id, WHOLE)
        self.owner.session.set(ShowView(view))
        return view


@contextmanager
def helpers(port: int) -> Iterator[tuple[Path, Helper, Helper]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        both = Helper("wall", folder, str(port)), Helper("people", folder, str(port))
        try:
            yield folder, *both
        finally:
            for each in both:
                each.end()


@asynccontextmanager
async def meeting(pages: int, length: int) -> AsyncIterator[Meeting]:
    """A wall is paired and shows the first of so many pages, people may join. ``length``: of the paper."""
    port = free_port()
    with helpers(port) as (folder, wall, people):
        states: asyncio.Queue[object] = asyncio.Queue()
        newest: list[Briefing] = []

        def heard(events: tuple[Event, ...]) -> None:
            for event in events:
                if isinstance(event, RoomLinkState):
                    states.put_nowait(event.state)
                elif isinstance(event, Changed):
                    newest[:] = [event.briefing]

        async def until(kind: type) -> None:
            async with asyncio.timeout(PATIENCE):
                while not isinstance(await states.get(), kind):
                    pass

        shown = await wall.hear()
        owner = Owner(
            OwnLoop(),  # type: ignore[arg-type]
            DeviceKey.load_or_create(folder / "presenter"),
            Profile("佐藤", "財政課"),
            settings(port),
            heard,
        )
        owner.open()
        try:
            owner.connect(ROOM, shown["address"])
            await until(Found)
            owner.submit_code(ROOM, shown["code"])
            await until(Paired)
            data = hashlib.shake_128(b"a paper").digest(length)
            blob = Blob(hashlib.sha256(data).digest(), length)
            owner.session.add_blob(blob.sha256, data)
            refs = (EditionPage(n, PageRef(blob.sha256, n), 96_000, 54_000) for n in range(pages))
            owner.session.edit(OfferPaper(0, "資料", blob, tuple(refs)))
            owner.session.set(ShowView(View(0, WHOLE)))
            owner.start(ROOM)
            owner.session.set(SetScreen(Screen.SHOW))
            owner.participants.open()
            await wall.hear()
            yield Meeting(owner, people, owner.participants.codes.code, f"127.0.0.1:{port}", newest)
        finally:
            await owner.stop()


# --- the wall -----------------------------------------------------------------------------------------------


async def wall(folder: Path, port: int) -> None:
    """Says where it is and its code; then that people may come."""
    known: dict[str, str] = {}
    told, joinable = asyncio.Event(), asyncio.Event()

    def heard(events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, CodeShown):
                known["code"] = event.code
            elif isinstance(event, NetworkState) and event.addresses:
                known["address"] = event.addresses[0]
            elif isinstance(event, JoinCodeShown) and event.code is not None:
                joinable.set()
        if len(known) == 2:
            told.set()

    facts = RoomFacts(ROOM, "会議室", "Room", "", "", 1920, 1080, 55, 300, False)
    key = DeviceKey.load_or_create(folder / "wall")
    side = RoomSide(OwnLoop(), key, facts, settings(port), heard, Memory())  # type: ignore[arg-type]
    side.start()
    await told.wait()
    say(known)
    await joinable.wait()
    await side._rendezvous.opened()
    say(None)
    await asyncio.Event().wait()


# --- the people ---------------------------------------------------------------------------------------------


class Someone:
    """One participant's program without its window. ``wanted``: the state it is waited for."""

    def __init__(self, folder: Path, number: int, port: int) -> None:
        self.briefing = Briefing()
        self.joined = False
        self._awaited: tuple[Callable[[], bool], asyncio.Future[int]] | None = None
        self._context = contextvars.copy_context()
        self._context.run(_source.set, f"127.1.{number // 250}.{number % 250 + 1}")
        key = DeviceKey.load_or_create(folder / f"someone {number}")
        runner = OwnLoop()
        self.side = Participant(runner, key, settings(port), self._take, Memory())  # type: ignore[arg-type]
        self._context.run(self.side.start)

    def join(self, code: str, address: str) -> None:
        self.joined = False
        self.briefing = Briefing()
        self._context.run(self.side.join, ROOM, code, "鈴木", address)

    def expect(self, holds: Callable[[], bool]) -> asyncio.Future[int]:
        """When (monotonic ns) the next news comes with which that holds."""
        came = asyncio.get_running_loop().create_future()
        self._awaited = holds, came
        return came

    def follows(self, revision: int) -> bool:
        """Whether it is in, and has the log so far."""
        return self.joined and self.briefing.revision == revision

    def looks_at(self, page_id: int) -> bool:
        """Whether that page is presented, as far as it knows."""
        view = self.briefing.registers.view
        return view is not None and view.page_id == page_id

    async def leave(self) -> None:
        gone = self.expect(lambda: not self.joined)
        self.side.leave()
        await gone
        self.side.wiped()

    def _take(self, events: tuple[Event, ...]) -> None:
        now = time.monotonic_ns()
        for event in events:
            match event:
                case Changed(briefing):
                    self.briefing = briefing
                case JoinState(Joined()):
                    self.joined = True
                case JoinState(Left()):
                    self.joined = False
        if self._awaited is not None and self._awaited[0]():
            self._awaited[1].set_result(now)
            self._awaited = None


class People:
    """Answers each line when what it asks for has happened."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self._all: list[Someone] = []

    async def do(self, what: dict[str, Any]) -> None:
        """One line's wish."""
        word = what.pop("do")
        if word == "come":
            self._all = [Someone(self._folder, n, self._port) for n in range(what["count"])]
            say(None)
            return
        chosen = self._all[what.pop("first") :][: what.pop("count")]
        if word == "join":
            say(await self._join(chosen, **what))
        elif word == "see":
            page = what["page"]
            arrivals = [one.expect(partial(one.looks_at, page)) for one in chosen]
            say(None)
            say(await within_reason(arrivals))
        elif word == "leave":
            for one in chosen:
                await one.leave()
            say(None)

    async def _join(
        self, chosen: list[Someone], code: str, address: str, state: str, revision: int, within_s: float
    ) -> list[float]:
        """Milliseconds from the first one's wish to each one's having the state wanted."""
        arrivals = []
        began = time.monotonic()
        for n, one in enumerate(chosen):
            await asyncio.sleep(began + n * within_s / len(chosen) - time.monotonic())
            arrivals.append(one.expect(partial(one.follows, revision)))
            one.join(code, address)
        there = await within_reason(arrivals)
        if any(state_of(one.briefing) != state for one in chosen):
            raise RuntimeError("somebody has another state")
        return [at / 1e6 - began * 1e3 for at in there]


async def within_reason(arrivals: list[asyncio.Future[int]]) -> list[int]:
    async with asyncio.timeout(PATIENCE):
        return list(await asyncio.gather(*arrivals))


def say(what: object) -> None:
    print(json.dumps(what), flush=True)


async def people(folder: Path, port: int) -> None:
    """Does what each line of standard input asks."""

    async def connect(address: str, port: int) -> socket.socket:
        sock = socket.socket()
        sock.setblocking(False)
        sock.bind((_source.get(), 0))
        try:
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
        except BaseException:
            sock.close()
            raise
        return sock

    dialling.connect = connect
    everybody = People(folder, port)
    while line := await asyncio.to_thread(sys.stdin.readline):
        await everybody.do(json.loads(line))


if __name__ == "__main__":
    program = {"wall": wall, "people": people}[sys.argv[1]]
    asyncio.run(program(Path(sys.argv[2]), int(sys.argv[3])))
