"""Both programs, really running, for the figures that are seen from outside: a wall at 4K and a desk."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import tempfile
import threading
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import assets
from benchmarks.harness import cpu_seconds, process_tree
from benchmarks.proxy import Proxy, Wire
from presenter import stage
from presenter.stage import Event, Program

PAPERS = Path(assets.__file__).parent / "papers"
DECK = next(PAPERS.glob("打合せ*.pdf"))
BUDGET = next(PAPERS.glob("令和*.pdf"))
FOUR_K = "3840x2160"
LOOPBACK = ("--mdns-interface", "127.0.0.1")
T = TypeVar("T")


@dataclass
class Staged:
    """A wall and a desk that are paired; ``wire`` is there when they speak through a proxy."""

    wall: Program
    desk: Program
    wire: SlowWire | None

    def start(self) -> tuple[int, Event]:
        """Press 開始; when (monotonic ns), and the first sharp page as the wall painted it."""
        began = time.monotonic_ns()
        self.desk.tell("start")
        return began, self.wall.wait("painted", lambda e: e["sharp"], within=120)

    def turn(self, key: str, page: int, sharp: bool = True) -> float:
        """One key; milliseconds from the key to the end of the sharp paint of that page on the wall, or of
        any paint of it.
        """
        self.desk.tell("key", key=key)
        pressed = self.desk.wait("key", lambda e: e["key"] == key)["t"]
        painted = self.wall.wait("painted", lambda e: e["sharp"] >= sharp and e["page"] == page)
        return float(painted["t"] - pressed) / 1e6


class SlowWire:
    """A proxy in a thread of its own, driven from here."""

    def __init__(self, port: int, wire: Wire) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slow wire")
        self._thread.start()
        self._proxy = Proxy("127.0.0.1", port, wire)
        self.port = self._do(self._proxy.start())

    def cut(self) -> None:
        self._do(self._proxy.cut())

    def mend(self) -> None:
        self._do(self._proxy.mend())

    def close(self) -> None:
        self._do(self._proxy.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, step: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(step, self._loop).result(10)


def free_port() -> int:
    """A TCP port that nobody listens on now, and that no connection is given as its near end meanwhile."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def come_to_rest(*programs: Program) -> None:
    """Wait until they use next to nothing of the processors, a minute at most."""
    for _ in range(120):
        used = [cpu_seconds(process_tree(program.pid)) for program in programs]
        time.sleep(0.5)
        now = [cpu_seconds(process_tree(program.pid)) for program in programs]
        if sum(now) - sum(used) < 0.02:
            return


@contextmanager
def paired(
    papers: Sequence[Path] = (DECK,), *, size: str = FOUR_K, wire: Wire | None = None, settings: str = ""
) -> Iterator[Staged]:
    """Open the papers, pair by the code, and stand at 開始 as a person would: papers are opened long before
    a briefing, so nothing is left to be drawn at the desk. ``settings``: further lines of the desk's.
    """
    with ExitStack() as leaving:
        folder = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="kamizero-bench-")))
        find = LOOPBACK if wire is None else ("--no-mdns",)
        port = free_port()
        wall = leaving.enter_context(stage.kiosk(folder / "kiosk", *find, "--port", str(port), size=size))
        (folder / "desk").mkdir()
        (folder / "desk" / "presenter.toml").write_text(stage.PERSON + settings, encoding="utf-8")
        desk = leaving.enter_context(stage.presenter(folder / "desk", *find, *map(str, papers)))
        code = wall.wait("code")
        slow = None
        where = {}
        if wire is not None:
            slow = SlowWire(port, wire)
            leaving.callback(slow.close)
            where = {"address": f"127.0.0.1:{slow.port}"}
        for _ in papers:
            desk.wait("opened", within=60)
        desk.tell("connect", room=code["room"], **where)
        desk.wait("found")
        desk.tell("code", code=code["code"])
        desk.wait("paired")
        wall.wait("screen", lambda e: e["screen"] == "cover")
        come_to_rest(wall, desk)
        yield Staged(wall, desk, slow)
