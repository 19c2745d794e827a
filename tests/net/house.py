"""Machines of a house: network namespaces on a hub of ours. Whatever is started `inside` one lives there."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Self

from tests.net.hub import Wire

_CLONE_NEWNET = 0x4000_0000
ROOT = Path(__file__).parents[2]


def why_not() -> str:
    """Why there can be no namespaces here; "" when there can."""
    if sys.platform != "linux":
        return "network namespaces are of Linux"
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None or not os.access("/dev/net/tun", os.W_OK):
        return "ip and /dev/net/tun are needed"
    probe = f"kz{os.getpid()}probe"
    if subprocess.run(["ip", "netns", "add", probe], capture_output=True).returncode:
        return "network namespaces are not allowed here"
    subprocess.run(["ip", "netns", "del", probe], check=True)
    return ""


class House:
    """``machines`` namespaces with the addresses 10.77.0.1, .2 … and no way out of the hub."""

    def __init__(self, machines: int = 2) -> None:
        self.spaces = [f"kz{os.getpid()}n{n}" for n in range(1, machines + 1)]
        self._taps = [f"kz{os.getpid() % 10**7}t{n}" for n in range(1, machines + 1)]
        self._hub: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        words = [sys.executable, "-m", "tests.net.hub", *self._taps]
        self._hub = subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self._hub.stdout is not None
        try:
            assert self._hub.stdout.readline() == "ready\n"
            for n, (space, tap) in enumerate(zip(self.spaces, self._taps, strict=True), 1):
                _ip("netns", "add", space)
                _ip("link", "set", tap, "netns", space, "name", "lan0")
                for line in (
                    ("link", "set", "lo", "up"),
                    ("addr", "add", f"{address(n)}/24", "dev", "lan0"),
                    ("link", "set", "lan0", "up"),
                ):
                    _ip("-n", space, *line)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for space in self.spaces:
            subprocess.run(["ip", "netns", "del", space], capture_output=True)
        if self._hub is not None:
            assert self._hub.stdin is not None
            assert self._hub.stdout is not None
            self._hub.stdin.close()
            self._hub.wait(5)
            self._hub.stdout.close()

    def wire(self, *wires: Wire) -> None:
        """What each machine sends from now on; one for all, or one each."""
        each: Sequence[Wire] = wires if len(wires) > 1 else wires * len(self.spaces)
        assert self._hub is not None
        assert self._hub.stdin is not None
        self._hub.stdin.write(json.dumps([asdict(wire) for wire in each]) + "\n")

    def route_through(self, last: int) -> None:
        """What would leave the house goes to that machine, where it is seen: without a route it would only
        fail, and nobody would know that it was tried.
        """
        for space in self.spaces[: last - 1] + self.spaces[last:]:
            _ip("-n", space, "route", "add", "default", "via", address(last))

    @contextmanager
    def inside(self, machine: int) -> Iterator[None]:
        """This thread, and what it starts, is on that machine (from 1)."""
        libc = ctypes.CDLL(None, use_errno=True)
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self.spaces[machine - 1]}", os.O_RDONLY)
        try:
            assert libc.setns(there, _CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            yield
        finally:
            libc.setns(own, _CLONE_NEWNET)
            os.close(there)
            os.close(own)


def address(machine: int) -> str:
    """Its address."""
    return f"10.77.0.{machine}"


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
