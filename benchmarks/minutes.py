"""Minutes: from a character typed at the desk to its paint in a participant's window, below an hour's items.

The reference is half of a bare TLS echo and one bare blit of that window.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from benchmarks.harness import Figure, Limit, figure
from benchmarks.references import BareRepaint, TlsEcho
from benchmarks.staging import BUDGET, LOOPBACK, Staged, paired
from presenter import stage
from presenter.stage import Event, Program, screen_environment

NAMES = ("minutes_wall",)
WINDOW = "1920x1080"
WIDTH, HEIGHT = 1920, 1080
WORDS = "前倒しに必要な額を、土木事務所ごとにまとめる。"
ITEMS, ROUNDS, WARM_UP = 40, 8, 1


def run() -> Iterable[Figure]:
    """Milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **screen_environment(Path(folder), WINDOW)}
        person = stage.join(Path(folder) / "join", *LOOPBACK, "--name", "鈴木", size=WINDOW)
        with (
            person,
            TlsEcho() as echo,
            BareRepaint(WIDTH, HEIGHT, environment) as blit,
            paired((BUDGET,), size="1366x768") as staged,
        ):
            staged.start()
            joined(staged, person)
            for n in range(ITEMS):
                item(staged, f"{n + 1}番目の項目。{WORDS}")
            person.wait("minutes", lambda e: bool(e["rows"][-1][0] == ITEMS))
            time.sleep(2)
            took, floors = [], []
            for n in range(WARM_UP + ROUNDS):
                measured = typed(staged, person)
                if n >= WARM_UP:
                    took += measured
                floors.append(echo.once() * 500 + blit.once() * 1000)
    how = "half a bare TLS echo + one bare blit of the window, taken between the items"
    yield figure("minutes_wall", "ms", took, Limit("p95", 50), reference=statistics.median(floors), how=how)


def joined(staged: Staged, person: Program) -> None:
    """The participant is in, and reads the minutes."""
    staged.desk.tell("people", wish="joining_wanted", values=[True])
    code = staged.desk.wait("joining", lambda e: bool(e["code"]))["code"]
    room = staged.desk.known("paired")["room"]
    person.known("room_seen", lambda e: e["room"] == room)
    person.tell("join", room=room, code=code)
    person.wait("joined")
    person.wait("painted", lambda e: bool(e.get("sharp")))
    person.tell("action", name="minutes")


def item(staged: Staged, text: str) -> None:
    """A whole one at once."""
    staged.desk.tell("minutes_type", kind="HOMEWORK", text=text)
    staged.desk.tell("minutes_enter")


def typed(staged: Staged, person: Program) -> list[float]:
    """One more item, character by character; milliseconds of each."""
    took = []
    for count in range(1, len(WORDS) + 1):
        began = time.monotonic_ns()
        kind = {"kind": "QUESTION"} if count == 1 else {}
        staged.desk.tell("minutes_type", text=WORDS[count - 1], **kind)
        seen = person.wait("minutes", partial(reads, WORDS[:count]))
        took.append((seen["t"] - began) / 1e6)
        time.sleep(0.1)
    staged.desk.tell("minutes_enter")
    time.sleep(0.5)
    return took


def reads(words: str, event: Event) -> bool:
    """Whether the last item on that screen reads so."""
    return bool(event["rows"][-1][2] == words)
