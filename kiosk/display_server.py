"""What draws for us, a Wayland compositor or an X server: whether it is there, and answers.

Standard library only, as the supervisor asks it. Run as a program it is the one client that keeps a kiosk's
compositor open: it tells the service manager when the compositor is ready, and feeds the watchdog as long as
it answers. A compositor that hangs is started again, while the supervisor lives on with its secret.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from kiosk.service_manager import notify, watchdog_interval

ASKED_EACH = 1.0
"""Seconds between two questions where no watchdog says how often."""
X_SOCKETS = Path("/tmp/.X11-unix")
# wl_display.sync(new callback 2): the compositor answers with that callback's `done`.
_WAYLAND_QUESTION = struct.pack("=IHHI", 1, 0, 12, 2)
# wl_display.get_registry(new registry 2), and sync(new callback 3): all that it has, then `done`.
_WAYLAND_INVENTORY = struct.pack("=IHHI", 1, 1, 12, 2) + struct.pack("=IHHI", 1, 0, 12, 3)
_REGISTRY, _DONE = 2, 3
# X11: little-endian, protocol 11.0, no authorization. A refusal is an answer too.
_X_QUESTION = struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0)


def answers(environment: Mapping[str, str], seconds: float) -> bool:
    """Whether the display server of this environment answers so soon; True where there is none to ask."""
    place, question = _where(environment)
    if place is None:
        return True
    with socket.socket(socket.AF_UNIX) as server:
        server.settimeout(seconds)
        try:
            server.connect(str(place))
            server.sendall(question)
            return bool(server.recv(1))
        except OSError:
            return False


def platform(environment: Mapping[str, str]) -> str:
    """Qt's word for it: wayland, xcb, windows, offscreen …; "" where this environment has none."""
    named = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if named.startswith("wayland") or (not named and environment.get("WAYLAND_DISPLAY")):
        return "wayland"
    if not named and sys.platform == "win32":
        return "windows"
    return named or ("xcb" if environment.get("DISPLAY") else "")


def offers(environment: Mapping[str, str], seconds: float) -> frozenset[str]:
    """The interfaces of this Wayland compositor; none where it does not answer so soon."""
    place, _ = _where(environment)
    with socket.socket(socket.AF_UNIX) as server:
        server.settimeout(seconds)
        try:
            server.connect(str(place))
            server.sendall(_WAYLAND_INVENTORY)
            return _named_before_done(server)
        except OSError:
            return frozenset()


def _named_before_done(server: socket.socket) -> frozenset[str]:
    told = b""
    found: set[str] = set()
    while more := server.recv(4096):
        told += more
        while len(told) >= 8:
            sender, size = struct.unpack_from("=IxxH", told)
            if size < 8 or len(told) < size:
                break
            if sender == _DONE:
                return frozenset(found)
            if sender == _REGISTRY:  # a number and a length stand before the name, and zeros after it
                found.add(told[16:size].partition(b"\0")[0].decode("ascii", "replace"))
            told = told[size:]
    return frozenset()


def _where(environment: Mapping[str, str]) -> tuple[Path | None, bytes]:
    kind = platform(environment)
    if kind == "wayland":
        folder = environment.get("XDG_RUNTIME_DIR", "/nowhere")
        return Path(folder, environment.get("WAYLAND_DISPLAY") or "wayland-0"), _WAYLAND_QUESTION
    host, _, number = environment.get("DISPLAY", "").partition(":")
    if kind == "xcb" and host in ("", "unix") and number:
        return X_SOCKETS / f"X{number.split('.')[0]}", _X_QUESTION
    return None, b""


def main() -> int:
    """Until the compositor is gone: it starts this, and ends it."""
    interval = watchdog_interval()
    patience = ASKED_EACH if interval is None else interval / 3
    tick, told = threading.Event(), False
    while True:
        if answers(os.environ, patience):
            notify("WATCHDOG=1" if told else "READY=1\nWATCHDOG=1")
            told = True
        elif not told:
            print("kiosk: the display server does not answer yet", file=sys.stderr, flush=True)
        tick.wait(patience)


if __name__ == "__main__":
    sys.exit(main())
