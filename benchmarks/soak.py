"""A day in minutes: a turn a second, a pairing a minute, cuts, replugs, another resolution; nothing may grow.

``KAMIZERO_SOAK_MINUTES`` says how long (10). What is compared stands at the same second of its minute: the
median of the last third of the minutes against the first third, the first minute left out.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import assets
from benchmarks.harness import Figure, Limit, figure, owned_mib, process_tree
from benchmarks.staging import free_port
from benchmarks.x_display import HAS_X, SMALL, display, xrandr
from presenter import stage
from presenter.stage import Program

NAMES = ("soak_mib", "soak_handles", "soak_threads", "soak_turn_ms")
GROWTH = 1.05
PAGES = 24
CUTS, SMALL_AT, LARGE_AT, SAMPLED = (10, 35), 20, 45, 57
LEAST = 3
ROOM = 1_000 + os.getpid() % 90_000
WATCHED = "mib", "handles", "threads", "turn_ms"


def run() -> Iterable[Figure]:
    """The worst of both programs, for each of what is watched."""
    if not HAS_X:
        return
    minutes = int(os.environ.get("KAMIZERO_SOAK_MINUTES", "10"))
    with tempfile.TemporaryDirectory(prefix="kamizero-bench-") as folder:
        played = play(Path(folder), minutes)
    growth = grown(played)
    how = (
        f"the last third of {len(played)} minutes over the first, the first one left out; "
        "a pairing a minute, a turn a second, two cuts, two replugs"
    )
    for watched in WATCHED:
        worst = max(ratio for name, ratio in growth.items() if name.endswith(watched))
        yield figure(f"soak_{watched}", "×", [worst], Limit("max", GROWTH), how=how)


def play(folder: Path, minutes: int) -> list[dict[str, float]]:
    """What was measured in each minute, from pairing to end; `NotSeen` when something did not come."""
    port = free_port()
    with display() as x:
        xrandr(x, "--newmode", "small", *SMALL)
        xrandr(x, "--addmode", "screen", "small")
        config = folder / "kiosk.toml"
        config.write_text(stage.ROOM.format(number=ROOM), encoding="utf-8")
        words = ["kiosk", "--config", str(config), "--state", str(folder / "state")]
        words += ["--port", str(port), "--no-mdns"]
        with (
            Program("kiosk", words, x) as wall,
            stage.presenter(folder / "desk", "--no-mdns", size="1366x768") as desk,
        ):
            wall.wait("code")
            soak = Soak(wall, desk, x, port)
            for _ in range(max(LEAST, minutes)):
                soak.minute()
    return soak.minutes


class Soak:
    """Both programs over many briefings."""

    def __init__(self, wall: Program, desk: Program, x: dict[str, str], port: int) -> None:
        self.wall, self.desk, self._x, self._port = wall, desk, x, port
        self.page, self._step = 1, 1
        self.turns: list[float] = []
        self.minutes: list[dict[str, float]] = []

    def minute(self) -> None:
        """Pairs, turns for the rest of the minute, and ends."""
        began = time.monotonic()
        self._pair()
        self.turns.clear()
        while (second := int(time.monotonic() - began)) < 60:
            if second in CUTS:
                self.desk.tell("cut", seconds=1)
                self.wall.wait("lost")
                self.wall.wait("back")
            elif second in (SMALL_AT, LARGE_AT):
                self._resolution(small=second == SMALL_AT)
            elif second == SAMPLED:
                self.minutes.append(self._sample())
            took = self._turn()
            if second not in (*CUTS, SMALL_AT, LARGE_AT, SAMPLED):
                self.turns.append(took)
            time.sleep(max(0.0, began + second + 1 - time.monotonic()))
        self.desk.tell("end")
        self.desk.wait("ended")
        self.wall.wait("code")

    def _pair(self) -> None:
        self.desk.tell("open", files=[str(assets.SAMPLE_BUDGET)])
        self.desk.wait("opened")
        self.desk.tell("connect", room=ROOM, address=f"127.0.0.1:{self._port}")
        self.desk.wait("found")
        self.wall.has("")
        code = [e["code"] for e in self.wall.events if e["event"] == "code"][-1]
        self.desk.tell("code", code=code)
        self.desk.wait("paired")
        self.wall.skip()
        self.desk.tell("start")
        self.page, self._step = 1, 1
        self.wall.wait("painted", self._right)

    def _right(self, event: stage.Event) -> bool:
        return bool(event["sharp"] and event["page"] == self.page)

    def _turn(self) -> float:
        if not 1 <= self.page + self._step <= PAGES:
            self._step = -self._step
        self.page += self._step
        self.desk.tell("key", key="Shift+Right" if self._step > 0 else "Shift+Left")
        pressed = self.desk.wait("key")["t"]
        return float(self.wall.wait("painted", self._right)["t"] - pressed) / 1e6

    def _resolution(self, small: bool) -> None:
        size, mode = ("1280x720", "small") if small else ("1920x1080", "1920x1080")
        xrandr(self._x, "--fb", "1920x1080", "--output", "screen", "--off")
        xrandr(self._x, "--fb", size, "--output", "screen", "--mode", mode)

    def _sample(self) -> dict[str, float]:
        told: dict[str, float] = {"turn_ms": statistics.median(self.turns)}
        for program in (self.wall, self.desk):
            tree = process_tree(program.pid)
            told[f"{program.name}_mib"] = owned_mib(tree)
            told[f"{program.name}_handles"] = sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in tree)
            told[f"{program.name}_threads"] = sum(len(os.listdir(f"/proc/{pid}/task")) for pid in tree)
        return told


def grown(minutes: list[dict[str, float]]) -> dict[str, float]:
    """The last third over the first, for each figure."""
    settled = minutes[1:]
    third = max(1, len(settled) // 3)

    def middle(part: list[dict[str, float]], name: str) -> float:
        return statistics.median(minute[name] for minute in part)

    return {name: middle(settled[-third:], name) / middle(settled[:third], name) for name in settled[0]}
