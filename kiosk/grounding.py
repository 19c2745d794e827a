"""Keeps the ground: what lies beneath the screen, and is seen while there is none. Standard library only.

Where windows can be lowered, or the compositor has a layer for backgrounds, it comes after the screen's
first paint and costs no start a moment. Where the newest window lies on top (cage) it has to come before the
screen: both are started at once, and the screen is shown when the ground is there, has ended, or is killed
because the screen would have to wait too long. A ground that has ended is started again with the next screen
and at no other moment: so none comes up over a screen that lives, and one that cannot live is no loop.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from kiosk import display_server
from kiosk.child import Child, Inbox

BEAT = 10.0
"""Seconds between its signs of life."""
_PLAIN = ["swaymsg", "-q", "output", "*", "bg", "#0A1430", "solid_color"]
"""As in `deploy/linux/sway.config`; `theme.Kiosk.INK_900`, which this process does not import."""


class Way(Enum):
    """How it comes to lie beneath the screen."""

    LOWERED = "lowered"
    """At the bottom of all windows, whenever it comes: X11, Windows."""
    BACKGROUND = "background"
    """In a Wayland compositor's layer for that, which is never among the windows: sway, labwc."""
    FIRST = "first"
    """By having been there before the screen: cage."""


def way(words: list[str], environment: Mapping[str, str], seconds: float) -> Way | None:
    """The one for this display server, which has so long to answer. None: there is no place for a ground."""
    if any(word.partition("=")[0] == "--windowed" for word in words):
        return None
    platform = display_server.platform(environment)
    if platform in ("xcb", "windows"):
        return Way.LOWERED
    offered = display_server.offers(environment, seconds) if platform == "wayland" else frozenset()
    if "zwlr_layer_shell_v1" in offered:
        # Where that cannot be had, no window of ours either: it might come to cover the screen.
        return Way.BACKGROUND if shutil.which("swaymsg" if "SWAYSOCK" in environment else "swaybg") else None
    # Of wlroots and without layers: cage. Others are desktops: GNOME's leaves a new window beneath one that
    # somebody has just touched, and the ground lay over a living screen for ever (seen with mutter 43).
    return Way.FIRST if any(name.startswith("zwlr_") for name in offered) else None


class Ground(Child):
    """The process: `ground_process`, or what it became."""


class Grounding:
    """`before_screen` and `after_paint` of each screen; `check` now and then. Times are monotonic seconds."""

    def __init__(
        self,
        words: list[str],
        inbox: Inbox,
        *,
        late: float,
        silence: float,
        display: float,
        say: Callable[[str], None],
        module: str = "kiosk.ground_process",
    ) -> None:
        """``late``: a screen that could be shown waits no longer for it. ``silence``: without a sign of life
        for so long it is frozen. ``display``: the display server has so long to answer. ``say``: for the log.
        """
        self._words, self._inbox, self._module = words, inbox, module
        self._late, self._silence, self._display, self._say = late, silence, display, say
        self._way: Way | None = None
        self._ground: Child | None = None
        self._room: dict[str, Any] = {}
        self.holds = False
        """Whether a screen that is shown now might come to lie beneath it."""
        self._hold_until: float | None = None
        self._quiet_until: float | None = None

    def before_screen(self) -> None:
        """A screen is about to be started."""
        if self._ground is not None and self._ground.process.poll() is not None:
            self._over(self._ground)
        if self._ground is None:
            self._way = way(self._words, os.environ, self._display)
            if self._way is Way.FIRST:
                self._start(self._way)
                self.holds = self._ground is not None

    def screen_waits(self) -> None:
        """The screen could be shown now; before, on however slow a machine, nobody waited for the ground."""
        if self.holds:
            self._hold_until = time.monotonic() + self._late

    def after_paint(self) -> None:
        """A screen stands."""
        if self._ground is None and self._way in (Way.LOWERED, Way.BACKGROUND):
            self._start(self._way)

    def know(self, room: dict[str, Any]) -> None:
        """What a screen says of its room (`ground.GroundState`); it goes to every ground from now on."""
        if room == self._room:
            return
        self._room = room
        if self._ground is not None and self._way is Way.BACKGROUND:
            self._end()
            self.after_paint()
        elif self._ground is not None:
            self._ground.tell(room=room)

    def said(self, ground: Child, line: bytes) -> None:
        """A line of it."""
        try:
            message = json.loads(line)
        except ValueError:
            print(line.decode(errors="replace").rstrip(), file=sys.stderr, flush=True)
            return
        if ground is self._ground and isinstance(message, dict):
            if "there" in message:
                print("kiosk: the ground lies in its place", file=sys.stderr, flush=True)
                self.holds, self._hold_until = False, None
            alive = self._way is not Way.BACKGROUND  # another program by then, which says nothing
            self._quiet_until = time.monotonic() + self._silence if alive else None

    def ended(self, ground: Child) -> None:
        """Its pipe is closed."""
        ground.close()
        if ground is self._ground:
            self._over(ground)

    def check(self, now: float) -> None:
        """One that is late, or stands still, is ended."""
        if self._hold_until is not None and now >= self._hold_until:
            self._say("the ground is late; the screen does without")
            self._end()
        elif self._quiet_until is not None and now >= self._quiet_until:
            self._say("the ground gives no sign of life; the next screen has another")
            self._end()

    def forgive(self, late: float) -> None:
        """This process was held up itself for so long."""
        if self._quiet_until is not None:
            self._quiet_until += late
        if self._hold_until is not None:
            self._hold_until += late

    def deadlines(self) -> list[float | None]:
        return [self._hold_until, self._quiet_until]

    def close(self) -> None:
        """It is to end now, if there is one, and nothing says that a screen will come."""
        if self._ground is None:
            return
        self._end()
        if self._way is Way.BACKGROUND and "SWAYSOCK" in os.environ:  # sway itself has the picture
            try:
                subprocess.run(_PLAIN, check=True, timeout=2.0, stdin=subprocess.DEVNULL)
            except (OSError, subprocess.SubprocessError) as error:
                self._say(f"the ground stays: {error}")

    def _start(self, chosen: Way) -> None:
        try:
            self._ground = Ground(self._module, [chosen.value, str(os.getpid())], self._inbox)
        except OSError as error:  # no memory, no process number: the supervisor lives without it
            self._say(f"no ground can be started: {error}")
            return
        self._quiet_until = time.monotonic() + self._silence
        self._ground.tell(room=self._room)

    def _end(self) -> None:
        """Nobody waits for it here: the supervisor waits for no process that it does not need."""
        assert self._ground is not None
        self._ground.process.kill()
        self._forget()

    def _over(self, ground: Child) -> None:
        self._say(f"the ground ended with status {ground.process.returncode}")
        self._forget()

    def _forget(self) -> None:
        self._ground = self._hold_until = self._quiet_until = None
        self.holds = False
