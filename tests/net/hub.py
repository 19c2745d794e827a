"""An Ethernet hub in user space: TAP devices, and between them delay, loss, a rate, and a switch.

``python -m tests.net.hub TAP TAP …`` makes the devices, says ``ready``, and takes one JSON line each time the
wires change: a list with one object for each device, of what that device sends (`Wire`). Kernel modules for
traffic control are not needed, so it runs in any container that may make TAP devices.
"""

from __future__ import annotations

import fcntl
import heapq
import json
import os
import random
import selectors
import struct
import sys
import time
from dataclasses import dataclass

_TUNSETIFF, _TAP, _NO_HEADER = 0x400454CA, 0x0002, 0x1000
_FRAME = 2_048
QUEUE_S = 0.3
"""A frame that would wait longer than this for its turn is dropped, as a switch's queue does."""


@dataclass(frozen=True)
class Wire:
    """What one device sends: seconds of delay, share lost, bits a second (0: unbounded); ``cut``: nothing."""

    delay: float = 0.0
    loss: float = 0.0
    rate: float = 0.0
    cut: bool = False


class Hub:
    """Frames of one device go to every other one."""

    def __init__(self, names: list[str], seed: int = 1) -> None:
        self._taps = [_tap(name) for name in names]
        self.wires = [Wire() for _ in names]
        self._free_at = [0.0] * len(names)
        self._chance = random.Random(seed)
        self._due: list[tuple[float, int, int, bytes]] = []
        self._count = 0

    def run(self) -> None:
        """Until standard input ends."""
        selector = selectors.DefaultSelector()
        selector.register(0, selectors.EVENT_READ, None)
        for port, tap in enumerate(self._taps):
            selector.register(tap, selectors.EVENT_READ, port)
        while True:
            wait = None if not self._due else max(0.0, self._due[0][0] - time.monotonic())
            for key, _ in selector.select(wait):
                if key.data is not None:
                    self._take_in(key.data)
                elif not self._obey():
                    return
            self._deliver()

    def _obey(self) -> bool:
        """The lines are short: a read brings whole ones."""
        text = os.read(0, 65_536)
        for line in text.splitlines():
            self.wires = [Wire(**wire) for wire in json.loads(line)]
        return bool(text)

    def _take_in(self, port: int) -> None:
        while True:
            try:
                frame = os.read(self._taps[port], _FRAME)
            except BlockingIOError:
                return
            except OSError:
                return  # the device is down, or being moved
            self._send(port, frame, time.monotonic())

    def _send(self, port: int, frame: bytes, now: float) -> None:
        wire = self.wires[port]
        if wire.cut or self._chance.random() < wire.loss:
            return
        leaves = max(now, self._free_at[port])
        if leaves - now > QUEUE_S:
            return
        if wire.rate:
            leaves += len(frame) * 8 / wire.rate
        self._free_at[port] = leaves
        self._count += 1
        heapq.heappush(self._due, (leaves + wire.delay, self._count, port, frame))

    def _deliver(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, _, sender, frame = heapq.heappop(self._due)
            for port, tap in enumerate(self._taps):
                if port != sender and not self.wires[sender].cut:
                    try:
                        os.write(tap, frame)
                    except OSError:
                        continue  # nobody has that device up


def _tap(name: str) -> int:
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _TAP | _NO_HEADER))
    return tap


def main(names: list[str]) -> None:
    hub = Hub(names)
    print("ready", flush=True)
    hub.run()


if __name__ == "__main__":
    main(sys.argv[1:])
