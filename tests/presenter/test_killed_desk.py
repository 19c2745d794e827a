"""The desk killed (kill −9) again and again, at moments that nobody chose: it opens, and goes on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import assets
from benchmarks.staging import free_port
from presenter import stage
from presenter.at_rest import AtRestKey
from presenter.briefings import Briefings
from presenter.stage import Program
from protocol import journal

SIZE = "1366x768"
ROOM = 27
BUSY_S = 1.2
EARLY_S = 1.5
LOST_S = 1.0


class Killed:
    """One briefing over many desks. ``shown``: the pages of the last one, and since when (monotonic ns)."""

    def __init__(self, folder: Path, wall: Program, port: int) -> None:
        self.folder, self.wall, self._port = folder, wall, port
        self.shown: list[tuple[int, int]] = []
        self.killed = 0
        self.faults: list[str] = []
        self.lost_ms: list[float] = []

    def desk(self, *words: str) -> Program:
        return stage.presenter(self.folder / "desk", "--no-mdns", *words, size=SIZE)

    def begin(self) -> Program:
        desk = self.desk(str(assets.SAMPLE_BUDGET))
        desk.wait("opened")
        code = self.wall.wait("code")["code"]
        desk.tell("connect", room=ROOM, address=f"127.0.0.1:{self._port}")
        desk.wait("found")
        desk.tell("code", code=code)
        desk.wait("paired")
        desk.tell("start")
        desk.wait("moved")
        self.wall.wait("painted", lambda e: e["sharp"])
        return desk

    def kill_busy(self, desk: Program, seconds: float) -> int:
        """Turns pages as fast as they go and kills meanwhile; when (monotonic ns)."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            desk.tell("key", key=random.choice(("Right", "Right", "Left")))
            desk.wait("key")
        self.killed = at = time.monotonic_ns()
        desk.kill()
        desk.end()
        desk.has("")
        self.shown = [(e["page_id"], e["t"]) for e in desk.events if e["event"] == "moved"]
        return at

    def kill_early(self, seconds: float) -> int:
        """A desk that is on its way to go on; when (monotonic ns)."""
        desk = self.desk()
        try:
            desk.wait("unclosed", within=seconds)
            desk.tell("resume")
            desk.wait("back", within=random.uniform(0.0, EARLY_S / 2))
        except stage.NotSeen:
            pass  # it is killed before that
        desk.kill()
        desk.end()
        self.shown = []
        return self.killed

    def judge(self, killed: int) -> None:
        """What the disk holds: whole, in order, and nothing older than it may be."""
        key = AtRestKey.load_or_create(self.folder / "desk" / "state")
        left = Briefings(self.folder / "desk" / "state" / "briefings", key).left()
        if left is None:
            self.faults.append("no briefing left")
            return
        content = journal.read(left.records)
        revisions = [committed.revision for committed in content.log]
        if len(content.entries) != len(left.records) or revisions != list(range(1, len(revisions) + 1)):
            self.faults.append(f"order: {len(content.entries)} of {len(left.records)}, {revisions}")
        view = content.registers.view if content.registers is not None else None
        kept_until = (content.entries[-1].at / 1_000 - (time.time() - time.monotonic())) * 1e9
        # A desk that goes on moves to the page where it was: that is nothing new.
        lost = [at for page, at in self.shown if at > kept_until and (view is None or page != view.page_id)]
        self.lost_ms.append(max(0.0, (killed - lost[0]) / 1e6) if lost else 0.0)

    def again(self) -> Program:
        """The desk is started anew and goes on with it; it may still be killed at any moment of that."""
        desk = self.desk()
        try:
            desk.wait("unclosed")
            desk.tell("resume")
            desk.wait("showing")
        except stage.NotSeen:
            desk.end()
            raise
        return desk


@pytest.mark.parametrize("times", [2, pytest.param(100, marks=pytest.mark.long)])
def test_a_desk_killed_at_any_moment_opens_again_and_loses_next_to_nothing(
    tmp_path: Path, figure: Callable[..., None], times: int
) -> None:
    random.seed(times)
    port = free_port()
    with stage.kiosk(tmp_path, "--no-mdns", "--port", str(port), number=ROOM, size="640x360") as wall:
        played = Killed(tmp_path, wall, port)
        desk = played.begin()
        for n in range(times):
            played.judge(played.kill_busy(desk, random.uniform(0.0, BUSY_S)))
            assert not played.faults, (n, played.faults)
            wall.skip()
            while random.random() < 0.4:
                played.judge(played.kill_early(random.uniform(0.1, EARLY_S)))
            desk = played.again()
        try:
            desk.wait("back")
            last = desk.wait("wall", lambda e: e["sharp"])
            assert last["counted"]
            desk.tell("end")
            desk.wait("ended")
        finally:
            desk.end()
    worst = max(played.lost_ms)
    figure(
        "killed_desk",
        reach=f"{times} of {times} opened again, ≤ 1 s lost, 0 order errors",
        got={"opened": times, "lost_max_ms": round(worst), "order_errors": len(played.faults)},
        ok=worst <= LOST_S * 1000,
    )
