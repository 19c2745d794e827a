"""A kiosk for tests as it runs in a room: supervisor, screen, renderers, with settings of the test's own."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from kiosk import own_networks
from presenter.stage import Program, screen_environment
from protocol.transport.addresses import Interface, IPNetwork

# Other tests may run on this machine at the same time, and mDNS hears them all.
ROOM = 1_000 + (os.getpid() * 3) % 90_000
SETTINGS = (
    f'[self_test]\ndays = ""\n[room]\nnumber = {ROOM}\nname = "第三会議室"\nname_en = "Conference Room 3"\n'
    'place = "県庁 本庁舎 3階"\n'
)


def kiosk(folder: Path, *words: str, settings: str = SETTINGS, size: str = "1280x720") -> Program:
    """Started, with a free port, mDNS on loopback only, and screenshots into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "kiosk.toml"
    config.write_text(settings, encoding="utf-8")
    paths = ["--config", str(config), "--state", str(folder / "state"), "--evidence", str(folder / "shots")]
    network = ["--port", "0", "--mdns-interface", "127.0.0.1", "--windowed", size]
    return Program("kiosk", ["kiosk", *paths, *network, *words], screen_environment(folder, size))


def screen_process(program: Program) -> int:
    """The screen."""
    (found,) = _children(program, b"kiosk.app")
    return found


def ground_process(program: Program) -> int | None:
    """What lies beneath the screen; None where nothing does."""
    return next(iter(_children(program, b"kiosk.ground_process", b"swaybg", b"swaymsg")), None)


def _children(supervisor: Program, *named: bytes) -> list[int]:
    """Those of the supervisor's own children whose command line has one of these."""
    children = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text().split()
    lines = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return [child for child, line in lines.items() if any(name in line for name in named)]


def kill_screen(program: Program) -> int:
    """As a crash would; its process id."""
    pid = screen_process(program)
    os.kill(pid, signal.SIGKILL)
    return pid


def renderers(program: Program) -> list[int]:
    """The caged processes that draw."""
    words = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in program.processes()}
    return [pid for pid, line in words.items() if b"spawn_main" in line]


def memory_holds(pid: int, *markers: bytes) -> list[bytes]:
    """Which of these bytes are anywhere in the writable memory of that process."""
    found: set[bytes] = set()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            area, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(edge, 16) for edge in area.split("-"))
            memory.seek(start)
            try:
                data = memory.read(end - start)
            except OSError:
                continue  # the kernel's own pages
            found |= {marker for marker in markers if marker in data}
    return sorted(found)


def alive(pid: int) -> bool:
    """Whether that process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def has_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that this machine has is 10.1.6.27."""
    lan = Interface("lan0", 2, ("10.1.6.27",), loopback=False)

    def here(own: Sequence[IPNetwork]) -> tuple[Interface, ...]:
        return (lan,) if any(ip_address("10.1.6.27") in each for each in own) else ()

    monkeypatch.setattr(own_networks, "own_interfaces", here)
