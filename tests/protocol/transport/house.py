"""A house of machines for tests: network namespaces on one bridge; some refuse whoever dials them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PATIENCE = 20.0
RULES = """
table inet house {
    counter refused { }
    chain input {
        type filter hook input priority 0; policy drop;
        iif lo accept
        ct state established,related accept
        udp dport 5353 accept
        ip saddr 10.77.0.3 counter name refused drop
    }
}
"""


def why_not() -> str:
    """Why namespaces cannot be made here; "" where they can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces need root on Linux"
    missing = [tool for tool in ("ip", "nft") if shutil.which(tool) is None]
    if missing:
        return f"not on this machine: {', '.join(missing)}"
    probe = f"kz{os.getpid()}probe"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"no network namespaces: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", probe], check=True)
    return ""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Machine:
    """One namespace with an address of its own."""

    def __init__(self, house: str, number: int) -> None:
        self.name = f"{house}m{number}"
        self.address = f"10.77.0.{number}"
        self._programs: list[Program] = []
        ip("netns", "add", self.name)
        ip(
            "-n",
            house,
            "link",
            "add",
            f"p{number}",
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            self.name,
        )
        ip("-n", house, "link", "set", f"p{number}", "master", "bridge", "up")
        self.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
        ip("-n", self.name, "link", "set", "lo", "up")
        ip("-n", self.name, "addr", "add", f"{self.address}/24", "dev", "eth0")
        ip("-n", self.name, "link", "set", "eth0", "up")

    def run(self, *command: str, said: str | None = None) -> str:
        done = subprocess.run(
            ["ip", "netns", "exec", self.name, *command],
            input=said,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def refuse_whoever_dials(self) -> None:
        """As a personal firewall does; announcements on the network still come in."""
        self.run("nft", "-f", "-", said=RULES)

    def refused(self) -> int:
        """How many packets of the third machine that was so far."""
        told = self.run("nft", "list", "counter", "inet", "house", "refused")
        return int(told.split("packets ")[1].split()[0])

    def plug(self, plugged: bool) -> None:
        """Pull the cable out, or put it in."""
        ip("-n", self.name, "link", "set", "eth0", "up" if plugged else "down")

    def start(self, role: str, folder: Path, room: int) -> Program:
        program = Program(self.name, role, folder, room)
        self._programs.append(program)
        return program

    def close(self) -> None:
        for program in self._programs:
            program.close()
        ip("netns", "del", self.name)


class Program:
    """One of ours in a process of its own in that machine: calls go in, events come out."""

    def __init__(self, namespace: str, role: str, folder: Path, room: int) -> None:
        module = [sys.executable, "-m", "tests.protocol.transport.house_process"]
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, *module, role, str(folder), str(room)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._told: Queue[list[Any]] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.put(json.loads(line))

    def call(self, name: str, *words: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, *words]) + "\n")
        self._process.stdin.flush()

    def until(self, *wanted: object) -> list[Any]:
        """The next event that begins with these words."""
        seen = []
        while True:
            try:
                told = self._told.get(timeout=PATIENCE)
            except Empty:
                pytest.fail(f"waited for {wanted}, was told {seen}")
            if told[: len(wanted)] == list(wanted):
                return told
            seen.append(told)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def house(machines: int) -> Iterator[list[Machine]]:
    """So many machines on one switch; skips the test where that cannot be."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    hub = f"kz{os.getpid()}"
    made: list[Machine] = []
    ip("netns", "add", hub)
    try:
        ip("-n", hub, "link", "add", "bridge", "type", "bridge")
        ip("-n", hub, "link", "set", "bridge", "up")
        for number in range(1, machines + 1):
            made.append(Machine(hub, number))
        yield made
    finally:
        for machine in made:
            machine.close()
        ip("netns", "del", hub)
