"""The log of actions: who, when, what, at which display, with what result. Appended, synced, chained by
hashes.

Each line is JSON; `chain` is the SHA-256 of the former line's chain and this line without it. It proves
order, not honesty. A torn last line is put aside, never dropped; a chain that does not hold is told to
whoever reads. Several programs may write: each has the file to itself meanwhile, and goes on from where the
others have left it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from kiosk.fleet.one_writer import one_writer
from pageview.spreadsheet import spreadsheet
from pageview.whole_file import PRIVATE

FIRST = "0" * 64


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
        with one_writer(self._file):
            self._catch_up()
        return (len(self.actions), self.broken) != known

    def add(self, *actions: Action) -> None:
        """On the disk when this returns."""
        if not actions:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with one_writer(self._file):
            self._catch_up()
            self._append(actions)

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
        """What stands behind what was known; a last line that is torn is moved to the end of a file
        beside it."""
        whole, newline, torn = data.rpartition(b"\n")
        self._size += len(whole) + len(newline)
        if torn:
            _append(torn + b"\n", self._file.with_suffix(".torn"))
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
        self._size = _append("".join(lines).encode(), self._file)
        self._chain = chain
        self._lines += len(lines)
        self.actions.extend(actions)


def _append(data: bytes, file: Path) -> int:
    """On the disk when this returns; the file's size then. `OSError`: nothing is added."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), PRIVATE)
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
    return whole + len(data)


def as_csv(actions: Iterable[Action], heads: tuple[str, ...]) -> bytes:
    """For a spreadsheet, times in the console's own zone. ``heads``: of the six columns."""
    return spreadsheet(heads, map(_row, actions))


def _row(action: Action) -> tuple[str, ...]:
    when = f"{datetime.fromtimestamp(action.when, UTC).astimezone():%Y-%m-%d %H:%M:%S}"
    return when, action.who, str(action.room), action.name, action.what, action.result


def _next(chain: str, body: dict[str, object]) -> str:
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return sha256(f"{chain}\n{plain}".encode()).hexdigest()
