"""A wall and a desk on two machines, and between them a network as bad as it may be."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import assets
from benchmarks.harness import percentile
from presenter import stage
from presenter.stage import Program
from tests.net.house import House, why_not
from tests.net.hub import Wire

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

SIZE = "1366x768"
ROOM = 27
HEALED_S = 2.0
WALL, DESK = 1, 2


class Rooms:
    """Both programs, found over mDNS."""

    def __init__(self, house: House, wall: Program, desk: Program, log: Path) -> None:
        self.house, self.wall, self.desk, self._log = house, wall, desk, log
        self.page = 1

    def find(self) -> None:
        self.desk.known("room_seen", lambda e: e["room"] == ROOM, within=60)
        self.desk.tell("connect", room=ROOM)
        self.desk.wait("found", within=60)

    def pair(self, code: str) -> float:
        """Milliseconds from the code to the room's name at the desk."""
        began = time.monotonic_ns()
        self.desk.tell("code", code=code)
        return float(self.desk.wait("paired", within=60)["t"] - began) / 1e6

    def start(self) -> None:
        self.find()
        self.pair(self.wall.known("code")["code"])
        self.desk.tell("start")
        self.wall.wait("painted", self.right, within=120)

    def turn(self, key: str = "Shift+Right") -> None:
        self.page += 1 if key.endswith("Right") else -1
        self.desk.tell("key", key=key)
        self.desk.wait("moved", lambda e: e["page"] == self.page)

    def right(self, event: stage.Event) -> bool:
        return bool(event["sharp"] and event["page"] == self.page)

    def cut(self, seconds: float, *heal: Wire) -> float:
        """Cuts while the desk turns a page and brings a paper; milliseconds from healing to the same page."""
        self.house.wire(Wire(cut=True))
        until = time.monotonic() + seconds
        self.turn()
        self.desk.tell("open", files=[str(assets.SAMPLE_MEMO)])
        self.desk.wait("opened")
        time.sleep(max(0.0, until - time.monotonic()))
        healed = time.monotonic_ns()
        self.house.wire(*heal)
        seen = self.wall.wait("painted", self.right, within=120)
        return float(seen["t"] - healed) / 1e6

    def revisions(self) -> list[int]:
        """Of every op that the wall was sent and took, in order."""
        found = []
        for line in self._log.read_text(encoding="utf-8").splitlines():
            _, sign, _, text = (*line.split(" ", 3), "", "")[:4]
            at = text.find('{"Committed":') if sign == "<" else -1
            if at >= 0:
                found.append(json.loads(text[at:])["Committed"]["revision"])
        return found


@contextmanager
def rooms(folder: Path, *wires: Wire) -> Iterator[Rooms]:
    with ExitStack() as leaving:
        house = leaving.enter_context(House())
        house.wire(*wires)
        log = folder / "wire.log"
        with house.inside(WALL):
            wall = stage.kiosk(folder / "kiosk", "--wire-log", str(log), number=ROOM, size="640x360")
            leaving.enter_context(wall)
        with house.inside(DESK):
            desk = stage.presenter(folder / "desk", str(assets.SAMPLE_BUDGET), size=SIZE)
            leaving.enter_context(desk)
        desk.wait("opened")
        wall.wait("code")
        yield Rooms(house, wall, desk, log)


WIRES = {
    "a good one": (Wire(delay=0.001, rate=100e6),),
    "far": (Wire(delay=0.2, rate=100e6),),
    "5 % lost": (Wire(delay=0.01, loss=0.05, rate=10e6),),
    "20 % lost": (Wire(delay=0.01, loss=0.2, rate=10e6),),
    "narrow": (Wire(delay=0.05, loss=0.02, rate=1e6),),
    "one way bad": (Wire(delay=0.001, rate=100e6), Wire(delay=0.2, loss=0.05, rate=1e6)),
}
CUTS = [
    pytest.param("5 % lost", 1.0),
    *(pytest.param(name, 1.0, marks=pytest.mark.long) for name in WIRES if name != "5 % lost"),
    *(pytest.param(name, 4.0, marks=pytest.mark.long) for name in ("a good one", "20 % lost")),
    *(pytest.param(name, 30.0, marks=pytest.mark.long) for name in ("a good one", "one way bad")),
    pytest.param("5 % lost", 300.0, marks=pytest.mark.long),
]


@pytest.mark.parametrize(("name", "seconds"), CUTS)
def test_after_a_cut_both_show_the_same_and_no_edit_is_lost_or_doubled(
    tmp_path: Path, figure: Callable[..., None], name: str, seconds: float
) -> None:
    with rooms(tmp_path, *WIRES[name]) as played:
        played.start()
        took = played.cut(seconds, *WIRES[name])
        played.page = 25
        played.desk.tell("jump", page=played.page)
        played.wall.wait("painted", played.right, within=120)
        revisions = played.revisions()
        got = {"ms": round(took), "edits": len(revisions)}
        reach = "≤ 2 s after healing, 0 lost, 0 doubled"
        assert revisions == [1, 2, 3, 4, 5, 6], "papers, subject and agenda, the presenter and the wall"
        ok = took <= HEALED_S * 1000
        figure(f"network_cut: {name}, {seconds:g} s", reach=reach, got=got, ok=ok, speed=True)


@pytest.mark.long
@pytest.mark.parametrize(
    ("loss", "times", "reach_ms"), [(0.0, 20, 1_000), (0.05, 40, 1_000), (0.2, 30, 5_000)]
)
def test_pairing_over_a_lossy_network(
    tmp_path: Path, figure: Callable[..., None], loss: float, times: int, reach_ms: int
) -> None:
    took = []
    with rooms(tmp_path, Wire(delay=0.01, loss=loss, rate=10e6)) as played:
        for n in range(times):
            if n:
                played.desk.tell("open", files=[str(assets.SAMPLE_BUDGET)])
                played.desk.wait("opened")
            played.find()
            played.wall.has("")
            codes = [event["code"] for event in played.wall.events if event["event"] == "code"]
            took.append(played.pair(codes[-1]))
            played.desk.tell("start")
            played.desk.wait("showing")
            played.desk.tell("end")
            played.desk.wait("ended", within=60)
            played.wall.wait("screen", lambda e: e["screen"] == "standby", within=60)
            played.wall.wait("code", within=60)
    p95 = percentile(took, 95)
    got = {"p50_ms": round(percentile(took, 50)), "p95_ms": round(p95), "max_ms": round(max(took))}
    ok = p95 <= reach_ms
    figure(f"pair, {loss:.0%} lost", reach=f"p95 ≤ {reach_ms} ms", got=got, ok=ok, speed=True)
