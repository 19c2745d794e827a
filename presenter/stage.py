"""A stage for both programs: real processes, told what to do and heard through their script.

The demo, the end-to-end tests and the benchmarks start the kiosk and the presenter as a person would (by the
command), send one JSON command a line and wait for the JSON events that the programs print. Nothing of the
other program is imported.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

Event = dict[str, Any]
Wanted = Callable[[Event], bool]


class NotSeen(Exception):
    """The event that was waited for did not come; the message tells what came instead."""


class NotTrue(Exception):
    """Something happened otherwise than it should have; the message says what was seen."""


class Program:
    """One running program. Its events are kept in the order in which they came.

    ``wait`` looks at events after the last one it returned, so that an event is never taken twice.
    """

    def __init__(self, name: str, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.events: list[Event] = []
        self.errors: list[str] = []
        self._next = 0
        self._arrived: queue.Queue[Event | None] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kamizero", *words, "--script", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **environment},
            start_new_session=True,
        )
        self._readers = [
            threading.Thread(target=self._hear, name=f"{name} events", daemon=True),
            threading.Thread(target=self._hear_errors, name=f"{name} errors", daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, do: str, **arguments: object) -> None:
        """Send one command; a program that has ended is `NotSeen` with its last words."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, **arguments}, ensure_ascii=False) + "\n")
            self._process.stdin.flush()
        except OSError as gone:
            raise NotSeen(f"{self.name} has ended; {self._last_words()}") from gone

    def wait(self, event: str, where: Wanted | None = None, *, within: float = 20.0) -> Event:
        """The next event of that name for which ``where`` holds; seconds to wait at most."""
        until = time.monotonic() + within
        while True:
            while self._next < len(self.events):
                found = self.events[self._next]
                self._next += 1
                if found.get("event") == event and (where is None or where(found)):
                    return found
            try:
                arrived = self._arrived.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                arrived = None
            if arrived is None:
                raise NotSeen(f"{self.name}: no “{event}” within {within:g} s; {self._last_words()}")
            self.events.append(arrived)

    def known(self, event: str, where: Wanted | None = None, *, within: float = 20.0) -> Event:
        """Like ``wait``, but content with one that has come at any time since the start."""
        self.has("")
        for earlier in self.events:
            if earlier.get("event") == event and (where is None or where(earlier)):
                return earlier
        return self.wait(event, where, within=within)

    def has(self, event: str, where: Wanted | None = None) -> bool:
        """Whether such an event has come since the last ``wait``; takes nothing."""
        while not self._arrived.empty():
            arrived = self._arrived.get()
            if arrived is not None:
                self.events.append(arrived)
        return any(e.get("event") == event and (where is None or where(e)) for e in self.events[self._next :])

    def skip(self) -> None:
        """Forget what has come so far: ``wait`` looks only at what comes from now on."""
        self.has("")
        self._next = len(self.events)

    def processes(self) -> tuple[int, ...]:
        """The program's own process and every process it started that lives (Linux)."""
        found, wanted = [], [self.pid]
        while wanted:
            pid = wanted.pop()
            found.append(pid)
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    wanted += [int(child) for child in children.read_text().split()]
                except OSError:
                    continue  # a thread that ended between the listing and the look
        return tuple(found)

    def end(self, within: float = 10.0) -> int:
        """Ask it to quit, and make sure of it; its exit status."""
        if self._process.poll() is None:
            try:
                self.tell("quit")
                self._process.wait(within)
            except (NotSeen, subprocess.TimeoutExpired):
                os.killpg(self.pid, signal.SIGKILL)
                self._process.wait()
        for reader in self._readers:
            reader.join(5)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        return self._process.returncode

    def stay(self) -> int:
        """Wait until the person closes the program; its exit status."""
        return self._process.wait()

    def kill(self) -> None:
        """End the program's first process at once, as a crash would; what it started is left to itself."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _hear(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                self._arrived.put(json.loads(line))
            except ValueError:
                self.errors.append(line.rstrip())
        self._arrived.put(None)

    def _hear_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.errors.append(line.rstrip())

    def _last_words(self) -> str:
        recent = [{k: v for k, v in e.items() if len(str(v)) < 60} for e in self.events[-6:]]
        return f"last events {recent}, exit {self._process.poll()}, log: " + " | ".join(self.errors[-6:])


ROOM = """
[room]
number = {number}
name = "第三会議室"
name_en = "Conference Room 3"
place = "県庁 本庁舎 3階"
place_en = "Main Building, 3rd floor"

[display]
touch = "on"

[help]
contact = "管財課"
contact_en = "Facilities"
extension = "2345"

[network]
port = 0
rendezvous_port = 0

[self_test]
days = ""
"""
PERSON = """
name = "佐藤"
department = "財政課"
"""


def kiosk(
    folder: Path,
    *words: str,
    number: int = 27,
    size: str = "1920x1080",
    more: str = "",
    on: Mapping[str, str] | None = None,
) -> Program:
    """Start a kiosk with its own state folder below ``folder``; ``more``: further lines of its settings.

    It listens on free ports unless ``words`` name one, so that several may run on one machine. ``on``: full
    screen on that display server (its environment), instead of a window of ``size``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "kiosk.toml"
    config.write_text(ROOM.format(number=number) + more, encoding="utf-8")
    state = ["--state", str(folder / "state"), "--config", str(config)]
    if on is None:
        state += ["--windowed", size]
        on = screen_environment(folder, size)
    return Program("kiosk", ["kiosk", *state, *words], on)


def presenter(folder: Path, *words: str, size: str = "1920x1080", scale: float = 1.0) -> Program:
    """Start a presenter with its own state folder below ``folder``; ``words`` may name papers.

    ``scale``: how large its logical pixels are beside those of the desktop.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "presenter.toml"
    if not config.exists():
        config.write_text(PERSON, encoding="utf-8")
    own = ["--state", str(folder / "state"), "--config", str(config)]
    environment = screen_environment(folder, size)
    if scale != 1.0:
        environment["QT_SCALE_FACTOR"] = f"{scale * float(os.environ.get('QT_SCALE_FACTOR', 1)):.4f}"
    return Program("presenter", ["present", *own, *words], environment)


def join(folder: Path, *words: str, size: str = "1920x1080") -> Program:
    """Start a participant with its own state folder below ``folder``; ``words`` may name a room."""
    folder.mkdir(parents=True, exist_ok=True)
    own = ["--state", str(folder / "state"), "--config", str(folder / "presenter.toml")]
    return Program("participant", ["join", *own, *words], screen_environment(folder, size))


def screen_environment(folder: Path, size: str) -> dict[str, str]:
    """Where there is no display, an offscreen one of just this size (WxH device pixels, ratio 1)."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return {}
    width, height = (int(side) for side in size.split("x"))
    screen = {"name": "wall", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1}
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return {"QT_QPA_PLATFORM": f"offscreen:configfile={file}"}
