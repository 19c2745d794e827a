"""The log of actions: who, when, what, at which display, with what result. Appended, synced, chained by
hashes.

Each line is JSON; `chain` is the SHA-256 of the former line's chain and this line without it. It proves
order, not honesty. A torn last line is put aside, never dropped; a chain that does not hold is told to
whoever reads.
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

from pageview.spreadsheet import spreadsheet
from pageview.whole_file import PRIVATE, write_whole

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


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in the file. ``broken``: number of the first line whose chain does not hold, 0 for none."""

    actions: tuple[Action, ...]
    chain: str
    broken: int


def read(file: Path) -> Read:
    """All actions, oldest first; a last line that is torn is moved into a file beside it."""
    if not file.exists():
        return Read((), FIRST, 0)
    data = file.read_bytes()
    whole, _, torn = data.rpartition(b"\n")
    if torn:
        write_whole(torn, file.with_suffix(".torn"), PRIVATE)
        write_whole(whole + b"\n" if whole else b"", file, PRIVATE)
    actions, chain, broken = [], FIRST, 0
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            found = json.loads(line)
            said = str(found.pop("chain"))
            actions.append(Action(**found))
        except (ValueError, TypeError, KeyError, AttributeError):
            broken = broken or number
            continue
        if said != _next(chain, found):
            broken = broken or number
        chain = said
    return Read(tuple(actions), chain, broken)


class Audit:
    """Appends. `OSError` from `add`: it is not written, and the action must not be done.

    ``actions`` only grows, and may be read in another thread than the one that adds.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        found = read(file)
        self.actions = list(found.actions)
        self.broken = found.broken
        self._chain = found.chain

    def add(self, *actions: Action) -> None:
        """On the disk when this returns."""
        if not actions:
            return
        chain, lines = self._chain, []
        for action in actions:
            body = asdict(action)
            chain = _next(chain, body)
            lines.append(json.dumps({**body, "chain": chain}, ensure_ascii=False) + "\n")
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
        with os.fdopen(descriptor, "wb", buffering=0):
            whole = os.fstat(descriptor).st_size
            try:
                left = memoryview("".join(lines).encode())
                while left:
                    left = left[os.write(descriptor, left) :]
                os.fsync(descriptor)
            except OSError:
                with suppress(OSError):  # half a line would make the next one unreadable
                    os.ftruncate(descriptor, whole)
                raise
        self._chain = chain
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
