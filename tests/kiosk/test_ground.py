"""Never black: from the kill of a screen to its return the glass shows the ground, the cover, the right page."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from benchmarks.x_display import ACROSS, DOWN, HAS_X, Looked
from presenter.stage import Program
from tests.kiosk.compositor import Cage, Monitors, until, why_not
from tests.kiosk.desk import Desk
from tests.kiosk.rooms import SETTINGS, ground_process, screen_process
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
def managed_x() -> Iterator[Glass]:
    """With a window manager."""
    with Looked() as x:
        manager = subprocess.Popen(
            ["openbox"], env={**os.environ, **x.environment}, stderr=subprocess.DEVNULL
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


def photographed(environment: dict[str, str]) -> Fields:
    """As a compositor shows it."""
    words = ["grim", "-t", "ppm", "-"]
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
        until(lambda: ground_process(wall) is not None, "no ground")
        until(lambda: BLACK not in glass.look(), "standby is not seen")
        yield wall


def mostly_black(fields: Fields) -> bool:
    """A page has black letters, the art and the cover have nothing that is black."""
    return fields.count(BLACK) > len(fields) // 3


MISSING = {
    "bare_x": "" if HAS_X else "needs Xvfb",
    "managed_x": "" if HAS_X else "needs Xvfb",
    "sway": why_not("grim", "swaybg"),
    "cage": why_not("grim", "cage"),
}


@pytest.mark.long
@pytest.mark.parametrize("server", [bare_x, managed_x, sway, cage])
def test_a_killed_screen_leaves_neither_black_nor_a_draft(
    server: Callable[[], object], tmp_path: Path
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
        os.kill(screen_process(wall), signal.SIGKILL)
        desk.show(2)
        seen = [glass.look()]
        while not wall.has("painted", sharp(3)):
            seen.append(glass.look())
        print(
            [
                (
                    "black"
                    if mostly_black(f)
                    else "draft"
                    if f == draft
                    else "art"
                    if f[CORNER] == art
                    else "other"
                )
                for f in seen
            ]
        )
        assert not [fields for fields in seen if mostly_black(fields)]
        covered = next(at for at, fields in enumerate(seen) if fields[CORNER] == art)
        assert draft not in seen[covered:]
