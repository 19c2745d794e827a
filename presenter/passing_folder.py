"""A folder for copies of papers that go as they came: in the system's place for such, for its owner alone.

It goes with the desk. What a killed desk left goes when the next one starts, but nothing of one that runs.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path

from PySide6.QtCore import QLockFile

PREFIX = "kamizero-office-"


class PassingFolder:
    """Held by a lock within it for as long as it is used; from any thread. OSError where none can be made."""

    def __init__(self) -> None:
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))  # only its owner may enter it
            self._lock = _lock(self.path)
            if self._lock.tryLock(0):
                return
            if self._lock.error() is not QLockFile.LockError.LockFailedError and self.path.is_dir():
                shutil.rmtree(self.path, ignore_errors=True)
                raise OSError(f"{self.path} cannot be locked")
            # Another desk that starts just now took it for one that was left behind.

    def remove(self) -> None:
        """With all that is in it."""
        _remove(self.path, self._lock)


def sweep() -> None:
    """Removes what killed desks of this person have left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _own(folder):
            lock = _lock(folder)
            if lock.tryLock(0):
                _remove(folder, lock)


def _own(folder: Path) -> bool:
    """Whether it is a real folder, made by this person: others may put one of that name there, too."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and (os.name != "posix" or found.st_uid == os.getuid())


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / "lock"))
    lock.setStaleLockTime(0)  # it is held for hours; one of a process that is gone counts for nothing
    return lock


def _remove(folder: Path, lock: QLockFile) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.unlock()  # on Windows its file stays as long as it is held
    shutil.rmtree(folder, ignore_errors=True)
