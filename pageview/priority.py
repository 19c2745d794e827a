"""How a process gives way to those that people wait for."""

from __future__ import annotations

import os
import sys

YIELDING = 5
"""Drawing gives way to window and network: a page drawn ahead turns as fast while others are drawn."""
IDLING = 19
WINDOWS_IDLE = 0x40  # IDLE_PRIORITY_CLASS


def give_way(*, idle: bool) -> None:
    """For the calling process, for good. ``idle``: it works only while nobody else wants the processor."""
    if sys.platform == "win32":
        if idle:
            _idle_on_windows()
        return
    os.nice(IDLING if idle else YIELDING)
    if idle and sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _idle_on_windows() -> None:
    """(From Windows' documentation; it cannot be run on Linux.)"""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.SetPriorityClass(ctypes.c_void_p(kernel.GetCurrentProcess()), WINDOWS_IDLE)
