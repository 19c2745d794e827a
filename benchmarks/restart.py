"""A process of a wall is killed (kill −9), in each of ten states: until the wall shows what it should again.

Renderers, front and spare, one after the other: until the next page is sharp. The screen: until the cover or
the right page stands again, nobody having typed anything; and for how long its glass was black meanwhile, as
seen on an X server. The supervisor: until standby shows a code, its service manager having started it again
at once (the session is gone with it, as with the power).
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness import Figure, Limit, figure
from benchmarks.staging import DECK, free_port
from benchmarks.x_display import HAS_X, Looked
from presenter import stage
from presenter.stage import Event, Program

NAMES = ("restart_screen", "restart_renderer", "restart_supervisor", "restart_frozen", "restart_black")
SIZE = "1280x720"
REACH_MS = 3_000.0
NOTICED_MS = 2_000.0
"""So long a screen may stand still."""
FREEZES = 3
KILLS = 3
"""Of one program: five would be a loop of crashes."""


def run() -> Iterable[Figure]:
    """Milliseconds."""
    screens: list[float] = []
    drawn: list[float] = []
    supervisors: list[float] = []
    for state in STATES:
        with scene() as played:
            times = played.play(state)
        drawn += times.renderers
        screens.append(times.screen)
        supervisors.append(times.supervisor)
    how = f"none: absolute; {', '.join(STATES)}"
    yield figure("restart_screen", "ms", screens, Limit("max", REACH_MS), how=how)
    yield figure("restart_renderer", "ms", drawn, Limit("max", REACH_MS), how="the same; where they run")
    yield figure("restart_supervisor", "ms", supervisors, Limit("max", REACH_MS), how=how)
    frozen = []
    for _ in range(FREEZES):
        with scene() as played:
            frozen.append(played.freeze())
    how = "none: absolute; from SIGSTOP of the screen (noticed after 2 s) to the page shown by then"
    yield figure("restart_frozen", "ms", frozen, Limit("max", NOTICED_MS + REACH_MS), how=how)
    if HAS_X:
        with Looked() as x, scene(x.environment) as played:
            played.following()
            black = [played.black(x) for _ in range(KILLS)]
        how = "none: absolute; full screen, without a window manager; longest time of a glass a third black"
        yield figure("restart_black", "ms", black, Limit("max", 0.0), how=how)


@dataclass(frozen=True)
class Times:
    """Milliseconds from the kill to the right picture."""

    renderers: tuple[float, ...]
    screen: float
    supervisor: float


class Scene:
    """A wall and a desk. `play` brings the wall into a state, kills, and sees it come back."""

    def __init__(self, wall: Program, desk: Program, again: Callable[[], Program], port: int) -> None:
        self.wall, self.desk, self._again, self._port = wall, desk, again, port
        self.page = 1
        self.code = wall.wait("code")["code"]
        desk.wait("opened")

    def play(self, state: str) -> Times:
        """`NotSeen` when the wall does not come back, or shows a page where it must not."""
        STATES[state](self)
        drawn = tuple(self._renderer(pid) for pid in renderers(self.wall)) if state in DRAWN else ()
        if state == "ending":
            self.desk.tell("end")
            self.wall.wait("screen", shows("cover"))
        self.wall.skip()
        killed = time.monotonic_ns()
        os.kill(screen_process(self.wall), signal.SIGKILL)
        took = (self._right(state)["t"] - killed) / 1e6
        return Times(drawn, took, self._supervisor())

    def freeze(self) -> float:
        """The screen stands still, and the presenter goes on; milliseconds until the wall shows that page."""
        self.following()
        self.wall.skip()
        stopped = time.monotonic_ns()
        os.kill(screen_process(self.wall), signal.SIGSTOP)
        self.page += 1
        self.desk.tell("key", key="Shift+Right")
        return float(self.wall.wait("painted", self.sharp)["t"] - stopped) / 1e6

    def black(self, x: Looked) -> float:
        """The screen is killed while a page stands; milliseconds of black until one does again."""
        self.wall.skip()
        os.kill(screen_process(self.wall), signal.SIGKILL)
        longest, since = 0.0, None
        while not self.wall.has("painted", self.sharp):
            fields, now = x.fields(), time.monotonic()
            since = None if fields.count(bytes(3)) <= len(fields) // 3 else since or now
            longest = max(longest, now - (since or now))
        return longest * 1e3

    def _right(self, state: str) -> Event:
        """What must be seen after the screen died; the wall is really usable then."""
        if state in ("standby", "chosen", "pairing", "ending"):
            found = self.wall.wait("code", lambda e: e["code"] != self.code)
            if self.wall.has("painted"):
                raise stage.NotSeen("a page without a briefing")
            return found
        back = self.wall.wait("screen", shows("cover"))
        if state == "hidden":
            back = self.wall.wait("screen", shows("hidden"))
            if any(e["event"] == "painted" for e in self.wall.events[-20:] if e["t"] > back["t"]):
                raise stage.NotSeen("a hidden wall showed its page")
            self.desk.tell("wall_key", room=ROOM, name="show")
            self.wall.wait("painted", self.sharp)
        elif state == "lost":
            self.wall.wait("painted", self.sharp)
        elif state != "cover":
            back = self.wall.wait("painted", self.sharp)
        return back

    def sharp(self, event: Event) -> bool:
        """Whether this paint is the page that the presenter shows."""
        return bool(event["sharp"] and event["page"] == self.page)

    def _renderer(self, pid: int) -> float:
        killed = time.monotonic_ns()
        os.kill(pid, signal.SIGKILL)
        self.page += 1
        self.desk.tell("key", key="Shift+Right")
        return float(self.wall.wait("painted", self.sharp)["t"] - killed) / 1e6

    def _supervisor(self) -> float:
        """Nothing of the old processes stays; the new ones stand on the same port."""
        began = time.monotonic_ns()
        old = self.wall.processes()
        self.wall.kill()
        new = self._again()
        try:
            took = float(new.wait("code")["t"] - began) / 1e6
            until = time.monotonic() + 10
            while left := [pid for pid in old if alive(pid)]:
                if time.monotonic() > until:
                    raise stage.NotSeen(f"processes of the dead supervisor run on: {left}")
                time.sleep(0.05)
        finally:
            new.end()
        return took

    # --- the states -----------------------------------------------------------------------------------------

    def standby(self) -> None:
        """Nobody is there."""

    def chosen(self) -> None:
        """Somebody chose the room."""
        self.desk.tell("connect", room=ROOM, address=f"127.0.0.1:{self._port}")
        self.desk.wait("found")

    def pairing(self) -> None:
        """The code is on its way: both sides compute for at least 100 ms."""
        self.chosen()
        self.desk.tell("code", code=self.code)
        time.sleep(0.03)

    def cover(self) -> None:
        """Paired, and not started."""
        self.chosen()
        self.desk.tell("code", code=self.code)
        self.desk.wait("paired")
        self.wall.wait("screen", shows("cover"))

    def following(self) -> None:
        self.cover()
        self.desk.tell("start")
        self.wall.wait("painted", self.sharp)

    def hidden(self) -> None:
        """Somebody in the room pressed 画面を隠す."""
        self.following()
        self.desk.tell("wall_key", room=ROOM, name="hide")
        self.wall.wait("screen", shows("hidden"))

    def held(self) -> None:
        """The presenter goes on alone."""
        self.following()
        self.desk.tell("key", key="F")
        self.desk.wait("held")
        self.desk.tell("key", key="Right")
        self.desk.wait("moved", lambda e: e["page"] == 2)

    def freely(self) -> None:
        """Somebody in the room turned a page there."""
        self.following()
        self.desk.tell("wall_key", room=ROOM, name="next")
        self.desk.wait("wall", lambda e: not e["following"])

    def lost(self) -> None:
        """The presenter's network is gone, and comes back later."""
        self.following()
        self.desk.tell("cut", seconds=4)
        self.wall.wait("lost")


STATES: dict[str, Callable[[Scene], None]] = {
    "standby": Scene.standby,
    "chosen": Scene.chosen,
    "pairing": Scene.pairing,
    "cover": Scene.cover,
    "following": Scene.following,
    "hidden": Scene.hidden,
    "held": Scene.held,
    "freely": Scene.freely,
    "lost": Scene.lost,
    "ending": Scene.following,
}
DRAWN = ("following",)
"""Where the renderers are killed too: the next page tells."""
ROOM = 1_000 + os.getpid() % 90_000


@contextmanager
def scene(on: Mapping[str, str] | None = None) -> Iterator[Scene]:
    """Fresh programs: five crashes within a minute would be a loop. ``on``: the wall full screen there."""
    with ExitStack() as leaving:
        folder = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="kamizero-bench-")))
        port = free_port()

        def wall() -> Program:
            network = ["--no-mdns", "--port", str(port)]
            return stage.kiosk(folder / "kiosk", *network, number=ROOM, size=SIZE, on=on)

        first = leaving.enter_context(wall())
        desk = leaving.enter_context(stage.presenter(folder / "desk", "--no-mdns", str(DECK), size=SIZE))
        yield Scene(first, desk, wall, port)


def shows(name: str) -> stage.Wanted:
    return lambda event: bool(event["screen"] == name)


def screen_process(program: Program) -> int:
    """The screen, of the supervisor's children."""
    children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
    words = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return next(child for child, line in words.items() if b"kiosk.app" in line)


def renderers(program: Program) -> list[int]:
    """The caged processes that draw."""
    words = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in program.processes()}
    return [pid for pid, line in words.items() if b"spawn_main" in line]


def alive(pid: int) -> bool:
    """Whether that process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
