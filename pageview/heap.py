"""Memory that was freed goes back to the system."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Some milliseconds; nothing where the system has no such call.

    C's allocator keeps what was freed, and what a page or a briefing has left behind lies in pieces between
    what stays: a process that outlives many of them grows with each, though it keeps nothing of them.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # a C library without it
            ctypes.CDLL(None).malloc_trim(0)
