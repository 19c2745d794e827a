"""How a process gives way to those that people wait for."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

YIELDING = 5
"""Drawing gives way to window and network: a page drawn ahead turns as fast while others are drawn."""
IDLING = 10
"""What nobody waits for gets about a tenth of a processor that others want whole (Linux). As SCHED_IDLE
beside two busy programs it got 0.07 s in 36 s, less than a process needs to start: nothing was ever read.
"""
RENDERER, GROUND, SCREEN = 800, 500, 300
"""Of 1000: a renderer is replaced in no time, nobody sees the ground, a screen is replaced within seconds;
the supervisor has the secret."""
WINDOWS_IDLE = 0x40  # IDLE_PRIORITY_CLASS


def give_way(*, idle: bool) -> None:
    """For the calling process, for good. ``idle``: nobody waits for it, but it shall get on.

    A process that one gives way already begins where that one is, and gives way no further.
    """
    if sys.platform == "win32":
        if idle:
            _idle_on_windows()
        return
    wanted = IDLING if idle else YIELDING
    os.nice(max(0, wanted - os.nice(0)))


def give_up_memory(points: int) -> None:
    """When the system is out of memory this process is ended rather than those with fewer points (Linux)."""
    with contextlib.suppress(OSError):  # not Linux, or not allowed here: the system chooses by size
        Path("/proc/self/oom_score_adj").write_text(str(points))


def _idle_on_windows() -> None:
    """(From Windows' documentation; it cannot be run on Linux.)"""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.SetPriorityClass(ctypes.c_void_p(kernel.GetCurrentProcess()), WINDOWS_IDLE)
