"""Wayland compositors: sway whose monitors come, go and change, in a window of another, headless, sway; cage.

A monitor of the inner one is a window of the outer one, so that it can be closed. (A headless output cannot;
and cage 0.1.4 alone does not draw for one.)
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

CONFIG = "xwayland disable\ndefault_border none\n"
PATIENCE_S = 15.0


def why_not(*others: str) -> str:
    """Why it, and those others, cannot run here; "" when they can."""
    missing = [name for name in ("sway", "swaymsg", "setpriv", *others) if shutil.which(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


def until(holds: Callable[[], bool], what: str) -> None:
    """Looks again and again; an assertion when it does not come."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def as_nobody() -> list[str]:
    """Words before a program that refuses to be root."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


def runtime_folder() -> tempfile.TemporaryDirectory[str]:
    """For whoever `as_nobody` is, who cannot enter the folders of the tests."""
    made = tempfile.TemporaryDirectory(prefix="kamizero-sway-")
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(made.name, nobody.pw_uid, nobody.pw_gid)
    return made


class Sway:
    """One of the two. ``backend``: what its monitors are made of."""

    def __init__(self, backend: dict[str, str]) -> None:
        self._made = runtime_folder()
        self.folder = Path(self._made.name)
        (self.folder / "config").write_text(CONFIG)
        own = {"XDG_RUNTIME_DIR": str(self.folder), "HOME": str(self.folder), "WLR_RENDERER": "pixman"}
        own["SWAYSOCK"] = str(self.folder / "sway-ipc.sock")
        self._environment = {"PATH": os.environ["PATH"], "WLR_LIBINPUT_NO_DEVICES": "1", **own, **backend}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> str:
        return str(self.folder / "wayland-1")

    def start(self) -> None:
        """Also again, after `kill`: at the same place."""
        for former in self.folder.glob("sway-ipc*"):
            former.unlink()
        words = [*as_nobody(), "sway", "-c", str(self.folder / "config")]
        self._process = subprocess.Popen(words, env=self._environment, stderr=subprocess.DEVNULL)
        until(lambda: bool(self.outputs()), "sway did not start")

    def tell(self, *words: str) -> str:
        """As ``swaymsg`` would; what it answers."""
        ipc = next(self.folder.glob("sway-ipc*"), None)
        if ipc is None:
            return ""
        done = subprocess.run(["swaymsg", "-r", "-s", str(ipc), *words], capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else ""

    def outputs(self) -> dict[str, tuple[int, int]]:
        """Name → width and height."""
        told = json.loads(self.tell("-t", "get_outputs") or "[]")
        return {each["name"]: (each["rect"]["width"], each["rect"]["height"]) for each in told}

    def windows(self) -> dict[str, tuple[int, int]]:
        """Output → width and height of the one window that fills it."""
        found = {}
        for output in json.loads(self.tell("-t", "get_tree") or '{"nodes": []}')["nodes"]:
            waiting = [output]
            while waiting:
                node = waiting.pop()
                waiting += node["nodes"] + node["floating_nodes"]
                if node.get("pid") and node["fullscreen_mode"]:
                    found[output["name"]] = node["rect"]["width"], node["rect"]["height"]
        return found

    def signal(self, number: signal.Signals) -> None:
        """To the compositor itself."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """As a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """For good."""
        self.kill()
        self._made.cleanup()


class Monitors:
    """A compositor with one monitor, WL-1, of 1280×720; further ones are WL-2, WL-3 …"""

    def __init__(self) -> None:
        headless = {"WLR_BACKENDS": "headless", "WLR_HEADLESS_OUTPUTS": "1"}
        self._bench = Sway(headless)
        desk = {"WLR_BACKENDS": "wayland", "WAYLAND_DISPLAY": self._bench.socket}
        self.sway = Sway(desk)

    def __enter__(self) -> Self:
        self._bench.start()
        self._bench.tell("output * mode --custom 5000x2500")
        self._bench.tell("for_window [app_id=.*] floating enable")
        self.sway.start()
        self.resize("WL-1", 1280, 720)
        return self

    def __exit__(self, *_: object) -> None:
        self.sway.close()
        self._bench.close()

    @property
    def environment(self) -> dict[str, str]:
        """For the programs that are to be seen."""
        sway = {"WAYLAND_DISPLAY": self.sway.socket, "SWAYSOCK": str(self.sway.folder / "sway-ipc.sock")}
        return {"QT_QPA_PLATFORM": "wayland", "RUNTIME_DIRECTORY": str(self.sway.folder), **sway}

    def plug(self, width: int, height: int) -> str:
        """A monitor more; its name."""
        before = set(self.sway.outputs())
        self.sway.tell("create_output")
        until(lambda: bool(set(self.sway.outputs()) - before), "no monitor came")
        name = (set(self.sway.outputs()) - before).pop()
        self.resize(name, width, height)
        return name

    def resize(self, name: str, width: int, height: int) -> None:
        """Another resolution."""
        here = f'[title=".*{name}$"]'
        until(lambda: bool(self._bench.tell(f"{here} resize set {width} {height}")), "no such monitor")
        until(lambda: self.sway.outputs().get(name) == (width, height), "the monitor kept its size")

    def unplug(self, name: str) -> None:
        """Gone for the compositor too."""
        self._bench.tell(f'[title=".*{name}$"] kill')
        until(lambda: name not in self.sway.outputs(), "the monitor stayed")

    def sleep(self, name: str, asleep: bool) -> None:
        """Off as by its power saving: the compositor draws nothing for it."""
        self.sway.tell(f"output {name} dpms {'off' if asleep else 'on'}")


class Cage:
    """cage with a monitor of 1280×720, from its start on; its only program waits."""

    def __init__(self) -> None:
        self._bench = Sway({"WLR_BACKENDS": "headless", "WLR_HEADLESS_OUTPUTS": "1"})
        self._made = runtime_folder()
        self._folder = Path(self._made.name)

    def __enter__(self) -> Self:
        self._bench.start()
        self._bench.tell("output * mode --custom 2000x1000")
        self._bench.tell("for_window [app_id=.*] floating enable")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._bench.close()
        self._made.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """For the programs that are to be seen."""
        return {"QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": str(self._folder / "wayland-0")}

    def start(self) -> None:
        """Also again, after `kill`: at the same place."""
        own = {"XDG_RUNTIME_DIR": str(self._folder), "HOME": str(self._folder), "WLR_RENDERER": "pixman"}
        desk = {"WLR_BACKENDS": "wayland", "WAYLAND_DISPLAY": self._bench.socket}
        # `cat` ends with this pipe, and so with cage however that ends.
        self._process = subprocess.Popen(
            [*as_nobody(), "cage", "--", "cat"],
            env={"PATH": os.environ["PATH"], "WLR_LIBINPUT_NO_DEVICES": "1", **own, **desk},
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: (self._folder / "wayland-0").exists(), "cage did not start")

    def signal(self, number: signal.Signals) -> None:
        """To the compositor itself."""
        self._process.send_signal(number)

    def resize(self, width: int, height: int) -> None:
        """Another resolution."""
        until(
            lambda: bool(self._bench.tell(f"[app_id=wlroots] resize set {width} {height}")),
            "cage has no monitor",
        )

    def kill(self) -> None:
        """As a crash would."""
        assert self._process.stdin is not None
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
