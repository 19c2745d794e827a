"""The log of actions: who, when, what, at which display, with what result. Appended, synced, chained by
hashes.

Each line is JSON; `chain` is the SHA-256 of the former line's chain and this line without it. It proves
order, not honesty. A torn last line is put aside, never dropped; a chain that does not hold is told to
whoever reads. Several programs may write: each has the file to itself meanwhile, and goes on from where the
others have left it.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QLockFile

from pageview.spreadsheet import spreadsheet
from pageview.whole_file import PRIVATE, write_whole

FIRST = "0" * 64
PATIENCE_MS = 10_000
"""So long another program may have the file to itself."""


@dataclass(frozen=True, slots=True)
class Action:
    """``when``: seconds since 1970; ``device``: its id in hex; words in the language in which it was done."""

    when: float
    who: str
    device: str
    room: int
    name: str
    what: str
    result: str


class Audit:
    """All that is written in the file, and appends to it. `OSError` from `add`: it is not written, and the
    action must not be done.

    ``actions``, the oldest first, only grows, and may be read in another thread than the one that calls.
    ``broken``: number of the first line whose chain does not hold, 0 for none.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.actions: list[Action] = []
        self.broken = 0
        self._chain, self._lines, self._size = FIRST, 0, 0
        self.look()

    def look(self) -> bool:
        """Whether others have written, or spoilt it; what they wrote is among ``actions`` then."""
        try:
            size = self._file.stat().st_size
        except FileNotFoundError:
            size = 0
        if size == self._size:
            return False
        known = len(self.actions), self.broken
        with self._alone():
            self._catch_up()
        return (len(self.actions), self.broken) != known

    def add(self, *actions: Action) -> None:
        """On the disk when this returns."""
        if not actions:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._alone():
            self._catch_up()
            self._append(actions)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other program writes. One that died meanwhile keeps nobody waiting."""
        lock = QLockFile(str(self._file.with_suffix(".lock")))
        lock.setStaleLockTime(0)  # one that lives has it for as long as its disk takes
        if not lock.tryLock(PATIENCE_MS):
            denied = lock.error() is QLockFile.LockError.PermissionError
            why = errno.EACCES if denied else errno.EBUSY
            raise OSError(why, os.strerror(why), str(self._file))
        try:
            yield
        finally:
            lock.unlock()

    def _catch_up(self) -> None:
        data, cut = b"", self._size > 0
        with suppress(FileNotFoundError), self._file.open("rb") as file:
            cut = os.fstat(file.fileno()).st_size < self._size
            file.seek(0 if cut else self._size)
            data = file.read()
        if cut:  # by somebody: what is known stays known, and what comes goes on from what is left
            self.broken = self.broken or self._lines + 1
            self._chain, self._lines, self._size = FIRST, 0, 0
        found = self._read(data)
        self.actions.extend(() if cut else found)

    def _read(self, data: bytes) -> list[Action]:
        """What stands behind what was known; a last line that is torn is moved into a file beside it."""
        whole, newline, torn = data.rpartition(b"\n")
        self._size += len(whole) + len(newline)
        if torn:
            write_whole(torn, self._file.with_suffix(".torn"), PRIVATE)
            os.truncate(self._file, self._size)
        actions = []
        for line in whole.splitlines():
            self._lines += 1
            try:
                found = json.loads(line)
                said = str(found.pop("chain"))
                actions.append(Action(**found))
            except (ValueError, TypeError, KeyError, AttributeError):
                self.broken = self.broken or self._lines
                continue
            if said != _next(self._chain, found):
                self.broken = self.broken or self._lines
            self._chain = said
        return actions

    def _append(self, actions: tuple[Action, ...]) -> None:
        chain, lines = self._chain, []
        for action in actions:
            body = asdict(action)
            chain = _next(chain, body)
            lines.append(json.dumps({**body, "chain": chain}, ensure_ascii=False) + "\n")
        data = "".join(lines).encode()
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
        with os.fdopen(descriptor, "wb", buffering=0):
            whole = os.fstat(descriptor).st_size
            try:
                left = memoryview(data)
                while left:
                    left = left[os.write(descriptor, left) :]
                os.fsync(descriptor)
            except OSError:
                with suppress(OSError):  # half a line would make the next one unreadable
                    os.ftruncate(descriptor, whole)
                raise
        self._chain = chain
        self._lines += len(lines)
        self._size = whole + len(data)
        self.actions.extend(actions)


def as_csv(actions: Iterable[Action], heads: tuple[str, ...]) -> bytes:
    """For a spreadsheet, times in the console's own zone. ``heads``: of the six columns."""
    return spreadsheet(heads, map(_row, actions))


def _row(action: Action) -> tuple[str, ...]:
    when = f"{datetime.fromtimestamp(action.when, UTC).astimezone():%Y-%m-%d %H:%M:%S}"
    return when, action.who, str(action.room), action.name, action.what, action.result


def _next(chain: str, body: dict[str, object]) -> str:
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return sha256(f"{chain}\n{plain}".encode()).hexdigest()
