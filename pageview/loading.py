"""What a program loads at its start stays to its end: Python's collector need not look at it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Around the loading of a program's parts: cycles are looked for afterwards only, in what is new then."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
