"""Files that other programs save while they are being shown: looked at again and again, never opened.

Looking is the same for a save in place, a new file under the old name, and a share that tells nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

LOOK_S = 0.1
QUIET_S = 0.1
"""So long must a file stay as it is before it counts as saved: programs write in pieces."""
MISSING_S = 2.0
"""Programs take the old file away before they put the new one there."""
LEAVE_S = 2.0


class Stamp(NamedTuple):
    """Which file stands under a name, and in which state."""

    inode: int
    mtime_ns: int
    size: int


class Seen(Enum):
    """What a look is worth telling."""

    SAVED = auto()
    MISSING = auto()
    BACK = auto()


@dataclass(frozen=True, slots=True)
class Looks:
    """What was seen of one file so far. ``told``: the state that its owner knows; ``since``: seconds at which
    the present one was first seen."""

    told: Stamp
    last: Stamp | None
    since: float
    missing: bool = False

    def looked(self, stamp: Stamp | None, now: float) -> tuple[Looks, Seen | None]:
        """After one more look; what is to be told of it."""
        if stamp != self.last:
            return Looks(self.told, stamp, now, self.missing), None
        for_s = now - self.since
        if stamp is None:
            if for_s >= MISSING_S and not self.missing:
                return Looks(self.told, None, self.since, missing=True), Seen.MISSING
        elif stamp != self.told and for_s >= QUIET_S:
            return Looks(stamp, stamp, self.since), Seen.SAVED
        elif self.missing:
            return Looks(self.told, stamp, self.since), Seen.BACK
        return self, None


class FileWatch:
    """Looks in a thread of its own: a share that hangs keeps nobody waiting.

    ``tell(path, what, stamp)`` is called in that thread; ``clock`` gives monotonic seconds.
    """

    def __init__(self, tell: Callable[[Path, Seen, Stamp | None], None], clock: Callable[[], float]) -> None:
        self._tell, self._clock = tell, clock
        self._lock = threading.Lock()
        self._files: dict[Path, Looks] = {}
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, path: Path, stamp: Stamp) -> None:
        """Tells of everything after the state ``stamp`` of that file."""
        with self._lock:
            self._files[path] = Looks(stamp, stamp, self._clock())
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="watching files", daemon=True)
            self._thread.start()

    def keep(self, paths: Iterable[Path]) -> None:
        """Looks at no others any more."""
        kept = set(paths)
        with self._lock:
            self._files = {path: looks for path, looks in self._files.items() if path in kept}

    def close(self) -> None:
        """Looks no more. A look that hangs is left to itself."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(LEAVE_S)

    def _run(self) -> None:
        while not self._over.wait(LOOK_S):
            with self._lock:
                files = dict(self._files)
            for path, before in files.items():
                stamp = stamp_of(path)
                after, seen = before.looked(stamp, self._clock())
                with self._lock:
                    if self._files.get(path) is not before:
                        continue  # watched anew, or no longer
                    self._files[path] = after
                if seen is not None and not self._over.is_set():
                    self._tell(path, seen, stamp)


def stamp_of(path: Path) -> Stamp | None:
    """The state of a file now; None where there is none, or where nobody may look."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_ino, found.st_mtime_ns, found.st_size)
