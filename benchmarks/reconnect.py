"""A wire that is cut for three seconds and mended: until the wall shows what the desk shows again."""

from __future__ import annotations

import time
from collections.abc import Iterable

from benchmarks.harness import Figure, Limit, figure
from benchmarks.proxy import Wire
from benchmarks.staging import DECK, paired
from presenter.stage import Wanted

NAMES = ("reconnect",)
CUTS = 10


def shows(page: int) -> Wanted:
    return lambda event: bool(event["page"] == page and event["sharp"])


def run() -> Iterable[Figure]:
    samples = []
    with paired((DECK,), size="1920x1080", wire=Wire()) as staged:
        staged.start()
        assert staged.wire is not None
        for n in range(CUTS):
            key, page = ("Right", 2) if n % 2 == 0 else ("Left", 1)
            staged.wire.cut()
            staged.wall.wait("lost")
            staged.desk.tell("key", key=key)
            time.sleep(3)
            mended = time.monotonic_ns()
            staged.wire.mend()
            painted = staged.wall.wait("painted", shows(page))
            samples.append((painted["t"] - mended) / 1e6)
    how = "none: absolute; the wire refuses for 3 s, the desk turns a page meanwhile"
    yield figure("reconnect", "ms", samples, Limit("max", 1000), how=how)
