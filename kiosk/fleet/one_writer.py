"""Of several programs that write one file, one after the other."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QLockFile

PATIENCE_MS = 10_000
"""So long another program may have the file to itself."""


@contextmanager
def one_writer(file: Path) -> Iterator[None]:
    """No other program writes ``file`` meanwhile. One that died keeps nobody waiting. `OSError`: one that
    lives has it for too long, or there can be no lock beside it."""
    lock = QLockFile(str(file.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # one that lives has it for as long as its disk takes
    if not lock.tryLock(PATIENCE_MS):
        denied = lock.error() is QLockFile.LockError.PermissionError
        why = errno.EACCES if denied else errno.EBUSY
        raise OSError(why, os.strerror(why), str(file))
    try:
        yield
    finally:
        lock.unlock()
