"""Never black: from the kill of a screen on the glass shows the ground, the cover, the right page."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from benchmarks.x_display import ACROSS, DOWN, HAS_X, SMALL, Looked, xrandr
from presenter.stage import Program
from tests.kiosk.compositor import Cage, Monitors, until, why_not
from tests.kiosk.desk import Desk
from tests.kiosk.rooms import SETTINGS, alive, ground_process, screen_process
from tests.kiosk.test_never_black import brief, sharp

Fields = tuple[bytes, ...]
BLACK = b"\0\0\0"
CORNER = (DOWN - 1) * ACROSS
"""Bottom left: no word ever stands there, the brightest of the art does."""


@dataclass(frozen=True)
class Glass:
    """A display server, and what is seen on its monitor at this moment."""

    environment: dict[str, str]
    look: Callable[[], Fields]


@contextmanager
def bare_x() -> Iterator[Glass]:
    with Looked() as x:
        yield Glass(x.environment, x.fields)


@contextmanager
def managed_x(*words: str) -> Iterator[Glass]:
    """With a window manager."""
    with Looked() as x:
        manager = subprocess.Popen(
            words or ["openbox"], env={**os.environ, **x.environment}, stderr=subprocess.DEVNULL
        )
        try:
            yield Glass(x.environment, x.fields)
        finally:
            manager.kill()
            manager.wait()


@contextmanager
def sway() -> Iterator[Glass]:
    with Monitors() as monitors:
        yield Glass(monitors.environment, lambda: photographed(monitors.environment))


@contextmanager
def cage() -> Iterator[Glass]:
    with Cage() as compositor:
        yield Glass(compositor.environment, lambda: photographed(compositor.environment))


def photographed(environment: dict[str, str], *where: str) -> Fields:
    """As a compositor shows it."""
    words = ["grim", *where, "-t", "ppm", "-"]
    done = subprocess.run(words, env={**os.environ, **environment}, capture_output=True, check=True)
    picture = QImage.fromData(done.stdout)
    return tuple(
        bytes([colour.blue(), colour.green(), colour.red()])
        for row in range(DOWN)
        for column in range(ACROSS)
        for colour in [
            picture.pixelColor(
                round((column + 0.5) * picture.width() / ACROSS), round((row + 0.5) * picture.height() / DOWN)
            )
        ]
    )


@contextmanager
def wall_on(glass: Glass, folder: Path) -> Iterator[Program]:
    """A kiosk, full screen; standby and what lies beneath it are there."""
    config = folder / "kiosk.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    words = ["--config", str(config), "--state", str(folder / "state")]
    words += ["--port", "0", "--mdns-interface", "127.0.0.1"]
    with Program("kiosk", ["kiosk", *words], glass.environment) as wall:
        wall.wait("code")
        until(lambda: any("the ground lies in its place" in line for line in wall.errors), "no ground")
        until(lambda: BLACK not in glass.look(), "standby is not seen")
        yield wall


def is_black(fields: Fields) -> bool:
    """A page has black letters; the art, standby and the cover have nothing that is black."""
    return fields.count(BLACK) > len(fields) // 3


def alike(one: Fields, other: Fields) -> bool:
    """But for a minute or a code."""
    return sum(a != b for a, b in zip(one, other, strict=True)) < 20


def watched(glass: Glass, holds: Callable[[], bool]) -> list[Fields]:
    """All that is seen until that holds."""
    seen = [glass.look()]
    while not holds():
        seen.append(glass.look())
    return seen


def kill(process: int | None, how: signal.Signals = signal.SIGKILL) -> None:
    assert process is not None
    os.kill(process, how)


def killed(glass: Glass, wall: Program) -> list[Fields]:
    """All that is seen from the kill of the screen until standby has a code again."""
    wall.skip()
    kill(screen_process(wall))
    return watched(glass, lambda: wall.has("code"))


MISSING = {
    "bare_x": "" if HAS_X else "needs Xvfb",
    "managed_x": "" if HAS_X and shutil.which("openbox") else "needs Xvfb and openbox",
    "sway": why_not("grim"),
    "cage": why_not("grim", "cage"),
}


@pytest.mark.skipif(bool(MISSING["bare_x"]), reason=MISSING["bare_x"])
def test_no_black_is_seen_between_two_screens(tmp_path: Path) -> None:
    with bare_x() as glass, wall_on(glass, tmp_path) as wall:
        assert not [fields for fields in killed(glass, wall) if BLACK in fields]


@pytest.mark.long
@pytest.mark.parametrize("server", [bare_x, managed_x, sway, cage])
def test_a_killed_screen_leaves_neither_black_nor_a_draft(
    server: Callable[[], AbstractContextManager[Glass]], tmp_path: Path
) -> None:
    if why := MISSING[server.__name__]:
        pytest.skip(why)
    with ExitStack() as leaving:
        glass = leaving.enter_context(server())
        wall = leaving.enter_context(wall_on(glass, tmp_path))
        desk = leaving.enter_context(Desk(tmp_path / "desk"))
        art = glass.look()[CORNER]
        brief(wall, desk)
        until(lambda: glass.look()[CORNER] != art, "the page is not seen")
        draft = glass.look()
        wall.skip()
        kill(screen_process(wall))
        desk.show(2)
        seen = watched(glass, lambda: wall.has("painted", sharp(3)))
        assert not [fields for fields in seen if is_black(fields)]
        covered = next(at for at, fields in enumerate(seen) if fields[CORNER] == art)
        assert draft not in seen[covered:]


@pytest.mark.long
@pytest.mark.skipif(bool(MISSING["bare_x"]), reason=MISSING["bare_x"])
@pytest.mark.parametrize("manager", ["openbox", "mutter --x11 --sm-disable", "metacity", "xfwm4"])
def test_no_window_manager_brings_the_ground_over_a_screen(manager: str, tmp_path: Path) -> None:
    name, *words = manager.split()
    if shutil.which(name) is None:
        pytest.skip(f"needs {name}")
    with managed_x(name, *words) as glass, wall_on(glass, tmp_path) as wall:
        standby = glass.look()
        seen = killed(glass, wall)
        assert not [fields for fields in seen if is_black(fields)]
        until(lambda: alike(glass.look(), standby), "the ground lies over the screen")
        seen = killed(glass, wall)
        assert [fields for fields in seen if not alike(fields, standby)], "the ground is not seen"


@pytest.mark.long
@pytest.mark.skipif(bool(MISSING["cage"]), reason=MISSING["cage"])
def test_where_the_newest_window_lies_on_top_the_ground_stays_beneath(tmp_path: Path) -> None:
    """At another resolution, when it hangs; where it died, from the next screen on; with its compositor."""
    with ExitStack() as leaving:
        compositor = leaving.enter_context(Cage())
        glass = Glass(compositor.environment, lambda: photographed(compositor.environment))
        wall = leaving.enter_context(wall_on(glass, tmp_path))
        standby = glass.look()
        compositor.resize(1600, 900)
        until(lambda: BLACK not in glass.look(), "standby does not fill its monitor")
        assert not [fields for fields in killed(glass, wall) if BLACK in fields]
        compositor.resize(1280, 720)
        until(lambda: alike(glass.look(), standby), "standby is not what it was")
        kill(ground_process(wall))
        until(lambda: ground_process(wall) is None, "the ground lives")
        assert alike(glass.look(), standby), "nobody sees that it is gone"
        wall.skip()
        kill(screen_process(wall))
        wall.wait("code")
        until(lambda: alike(glass.look(), standby), "no standby")
        kill(ground_process(wall), signal.SIGSTOP)
        assert not [fields for fields in killed(glass, wall) if BLACK in fields], "a ground that hangs"
        compositor.kill()
        wall.skip()
        compositor.start()
        wall.wait("code")
        until(lambda: alike(glass.look(), standby), "standby did not come back")
        kill(ground_process(wall), signal.SIGSTOP)
        left = wall.processes()
        wall.kill()
        until(lambda: not any(alive(each) for each in left), "somebody outlives the supervisor")


@pytest.mark.long
@pytest.mark.skipif(bool(MISSING["cage"]), reason=MISSING["cage"])
def test_a_display_server_that_is_slow_to_answer_keeps_its_ground(tmp_path: Path) -> None:
    with Cage() as compositor:
        glass = Glass(compositor.environment, lambda: photographed(compositor.environment))
        with wall_on(glass, tmp_path) as wall:
            ground = ground_process(wall)
            wall.skip()
            compositor.signal(signal.SIGSTOP)
            kill(screen_process(wall))
            until(lambda: any("waits for the display" in line for line in wall.errors), "nobody waits")
            compositor.signal(signal.SIGCONT)
            assert not [fields for fields in watched(glass, lambda: wall.has("code")) if BLACK in fields]
            assert ground_process(wall) == ground


@pytest.mark.long
@pytest.mark.skipif(bool(MISSING["sway"]), reason=MISSING["sway"])
def test_every_monitor_of_sway_has_the_ground(tmp_path: Path) -> None:
    with ExitStack() as leaving:
        monitors = leaving.enter_context(Monitors())
        sides = [monitors.plug(1920, 1080), "WL-1"]

        def look(name: str) -> Fields:
            return photographed(monitors.environment, "-o", name)

        glass = Glass(monitors.environment, lambda: look(sides[0]))
        wall = leaving.enter_context(wall_on(glass, tmp_path))
        art = glass.look()[CORNER]
        until(lambda: look("WL-1")[CORNER] == art, "the other monitor has none")
        sides.append(monitors.plug(1366, 768))
        until(lambda: look(sides[2])[CORNER] == art, "the newest monitor has none")
        assert set(monitors.sway.windows()) == {sides[0]}
        assert not [fields for fields in killed(glass, wall) if BLACK in fields]
        monitors.unplug(sides[0])
        until(lambda: len(monitors.sway.windows()) == 1, "the screen has no monitor")
        (name,) = monitors.sway.windows()
        glass = Glass(monitors.environment, lambda: look(name))
        assert not [fields for fields in killed(glass, wall) if BLACK in fields]
        wall.tell("quit")
        assert wall.stay() == 0
        until(lambda: len(set(look("WL-1"))) == 1, "it is said that a screen will come")


@pytest.mark.long
@pytest.mark.skipif(bool(MISSING["bare_x"]), reason=MISSING["bare_x"])
def test_the_ground_of_an_x_server_follows_its_monitor_and_takes_no_part(tmp_path: Path) -> None:
    """Killed in a briefing nobody sees it; it comes with the next screen; another resolution."""
    with bare_x() as glass, wall_on(glass, tmp_path) as wall, Desk(tmp_path / "desk") as desk:
        brief(wall, desk)
        until(lambda: BLACK not in glass.look()[CORNER], "the page is not seen")
        screen, margin = screen_process(wall), glass.look()[CORNER]
        kill(ground_process(wall))
        until(lambda: ground_process(wall) is None, "the ground lives")
        assert glass.look()[CORNER] == margin
        desk.show(1)
        wall.wait("painted", sharp(2))
        assert (screen_process(wall), ground_process(wall)) == (screen, None)
        assert desk.end()
        wall.wait("wiped")
        until(lambda: ground_process(wall) is not None, "no ground for the next briefing")
        wall.wait("code")
        xrandr(glass.environment, "--newmode", "small", *SMALL)
        xrandr(glass.environment, "--addmode", "screen", "small")
        xrandr(glass.environment, "--output", "screen", "--mode", "small")
        seen = killed(glass, wall)
        assert not [fields for fields in seen if is_black(fields)]
