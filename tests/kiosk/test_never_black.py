"""A wall whose parts fail for real in a briefing: the cover stands meanwhile, and the page comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import pytest

from presenter.stage import Event, NotSeen, Program, Wanted
from protocol.transport.events import Paired
from tests.kiosk import compositor
from tests.kiosk.compositor import Monitors, until
from tests.kiosk.desk import Desk
from tests.kiosk.rooms import ROOM, SETTINGS, alive, kiosk, renderers, screen_process

HAS_SWAY = pytest.mark.skipif(bool(compositor.why_not()), reason=compositor.why_not())


def sharp(number: int) -> Wanted:
    """That page, from 1, as it should be."""
    return lambda event: event["sharp"] and event["page"] == number


def brief(wall: Program, desk: Desk) -> None:
    """From the code to the first page."""
    assert isinstance(desk.pair(ROOM, wall.known("code")["code"]), Paired)
    desk.offer()
    desk.start(ROOM)
    wall.wait("painted", sharp(1))


def comes_back(wall: Program, page: int) -> list[Event]:
    """The cover, then that page and none before it; nobody typed. All that the wall told of its screens."""
    begun = wall.events.index(wall.wait("screen", lambda event: event["screen"] == "cover"))
    wall.wait("painted", sharp(page))
    told = [event for event in wall.events[begun:] if event["event"] in ("screen", "painted")]
    assert {event["page"] for event in told if event["event"] == "painted"} == {page}
    assert not [event for event in told if event.get("screen") == "standby"]
    return told


def test_a_screen_that_stands_still_is_replaced_and_shows_what_the_presenter_shows_by_then(
    tmp_path: Path,
) -> None:
    with kiosk(tmp_path / "kiosk") as wall, Desk(tmp_path / "desk") as desk:
        brief(wall, desk)
        wall.skip()
        os.kill(screen_process(wall), signal.SIGSTOP)
        desk.show(2)
        comes_back(wall, 3)
        assert [line for line in wall.errors if "no sign of life" in line]


CGROUP = Path("/sys/fs/cgroup/memory")
"""The memory controller as its first version has it; with the second, processes are put elsewhere."""
HOG = """
import mmap, signal, sys
print("here", flush=True)
sys.stdin.readline()
taken = mmap.mmap(-1, int(sys.argv[1]))
for at in range(0, len(taken), mmap.PAGESIZE):
    taken[at] = 1
signal.pause()
"""


class MemoryGroup:
    """A memory of a size of our own, for the processes that begin their life in it."""

    def __init__(self) -> None:
        self._folder = CGROUP / f"kamizero-test-{os.getpid()}"
        self._hog: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir()
        return self

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Who is started now begins in it."""
        own = str(os.getpid())
        (self._folder / "cgroup.procs").write_text(own)
        try:
            yield
        finally:
            (CGROUP / "cgroup.procs").write_text(own)

    def fill(self, spare: int) -> None:
        """There is no more than this above what is used, and somebody takes twice as much.

        Who tests must not be inside by then: it might be the one that is ended for it.
        """
        words = [sys.executable, "-c", HOG, str(2 * spare)]
        with self.inside():
            self._hog = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._hog.stdin is not None
        assert self._hog.stdout is not None
        assert self._hog.stdout.readline() == "here\n"
        used = int((self._folder / "memory.usage_in_bytes").read_text())
        (self._folder / "memory.limit_in_bytes").write_text(str(used + spare))
        self._hog.stdin.write("now\n")
        self._hog.stdin.flush()

    def relieve(self) -> None:
        """As much as there is."""
        (self._folder / "memory.limit_in_bytes").write_text("-1")
        if self._hog is not None:
            self._hog.kill()
            self._hog.communicate()

    def __exit__(self, *_: object) -> None:
        self.relieve()
        until(lambda: not (self._folder / "cgroup.procs").read_text(), "somebody is left")
        self._folder.rmdir()


@pytest.mark.long
@pytest.mark.skipif(not os.access(CGROUP / "cgroup.procs", os.W_OK), reason="no memory cgroup to write to")
def test_out_of_memory_costs_a_renderer_and_no_more(tmp_path: Path) -> None:
    with ExitStack() as leaving:
        memory = leaving.enter_context(MemoryGroup())
        with memory.inside():
            wall = leaving.enter_context(kiosk(tmp_path / "kiosk"))
        desk = leaving.enter_context(Desk(tmp_path / "desk"))
        brief(wall, desk)
        screen, drawing = screen_process(wall), renderers(wall)
        memory.fill(30 * 2**20)
        until(lambda: not all(alive(pid) for pid in drawing), "nothing was killed")
        memory.relieve()
        desk.show(2)
        wall.wait("painted", sharp(3))
        assert screen_process(wall) == screen


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="a full disk of its own needs root")
def test_a_full_disk_stops_no_briefing(tmp_path: Path) -> None:
    """Not its end either, nor the next one; what the disk has to take is refused in words."""
    folder = tmp_path / "kiosk"
    with small_disk(folder), kiosk(folder) as wall, Desk(tmp_path / "desk") as desk:
        wall.wait("code")
        with pytest.raises(OSError, match="space"):
            (folder / "state" / "full").write_bytes(bytes(2**21))
        brief(wall, desk)
        os.kill(screen_process(wall), signal.SIGKILL)
        desk.show(2)
        comes_back(wall, 3)
        assert desk.end()
        wall.wait("wiped")
        wall.wait("code")


@contextmanager
def on_wayland(folder: Path) -> Iterator[tuple[Monitors, Program]]:
    """A kiosk full screen on a compositor of its own."""
    config = folder / "kiosk.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    words = ["--config", str(config), "--state", str(folder / "state")]
    words += ["--port", "0", "--mdns-interface", "127.0.0.1"]
    with Monitors() as monitors, Program("kiosk", ["kiosk", *words], monitors.environment) as wall:
        yield monitors, wall


@pytest.mark.long
@HAS_SWAY
def test_the_wall_follows_its_monitors(tmp_path: Path) -> None:
    """The larger one is the wall's; unplugged, plugged again, another resolution, none at all, asleep."""
    with on_wayland(tmp_path) as (monitors, wall), Desk(tmp_path / "desk") as desk:
        brief(wall, desk)

        def stands_on(name: str, size: tuple[int, int], page: int) -> None:
            until(
                lambda: monitors.sway.windows() == {name: size}, f"not on {name}: {monitors.sway.windows()}"
            )
            desk.show(page - 1)
            wall.wait("painted", sharp(page))

        first = screen_process(wall)
        stands_on("WL-1", (1280, 720), 2)
        large = monitors.plug(1920, 1080)
        stands_on(large, (1920, 1080), 3)
        monitors.unplug(large)
        stands_on("WL-1", (1280, 720), 4)
        large = monitors.plug(1920, 1080)
        stands_on(large, (1920, 1080), 5)
        monitors.resize(large, 1366, 768)
        stands_on(large, (1366, 768), 6)
        for name in ("WL-1", large):
            monitors.unplug(name)
        with pytest.raises(NotSeen):  # a wall without a monitor waits; it is not taken for a dead one
            wall.wait("screen", within=4)
        stands_on(monitors.plug(1600, 900), (1600, 900), 7)
        (name,) = monitors.sway.outputs()
        monitors.sleep(name, True)
        desk.show(7)
        with pytest.raises(NotSeen):
            wall.wait("screen", within=4)
        monitors.sleep(name, False)
        stands_on(name, (1600, 900), 9)
        assert screen_process(wall) == first


@pytest.mark.long
@HAS_SWAY
def test_a_compositor_that_dies_takes_no_briefing_with_it(tmp_path: Path) -> None:
    with on_wayland(tmp_path) as (monitors, wall), Desk(tmp_path / "desk") as desk:
        brief(wall, desk)
        wall.skip()
        monitors.sway.kill()
        desk.show(2)
        with pytest.raises(NotSeen):  # longer than a loop of crashes, which would forget the session
            wall.wait("screen", within=6)
        monitors.sway.start()
        comes_back(wall, 3)
