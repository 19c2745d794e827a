"""The briefings on this computer's disk: the one that runs, and those that nobody closed.

Each has a folder of its own: ``journal``, ``about`` (what the banner says), ``papers/``; all sealed. A folder
that a living program holds is locked. One that its person closed is deleted at once.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QLockFile

from presenter.at_rest import AtRestKey, NotOurs, read_sealed, write_sealed
from presenter.journal_file import JournalFile, OnTrouble, read_journal, set_aside_torn
from presenter.paper_copies import PaperCopies
from presenter.start_state import Unclosed

KEPT = timedelta(days=30)
LAST_OFFER = timedelta(days=1)
OVERDUE = "overdue"
"""Made when a briefing is first found to be too old; it is offered for a day more. A clock that was wrong
then, or is wrong now, deletes nothing that nobody was offered."""


@dataclass(frozen=True, slots=True)
class About:
    """What is told of a briefing without opening its journal. ``began`` is local time, ISO.

    ``originals``: the SHA-256 of a file as it was opened by that of what is shown of it, where they differ.
    Private notes and marks go by the file's own, which no session is told; so no log has it. ``seen``:
    whether a room, an attached screen or a participant ever had it, which of a rehearsal none did.
    """

    began: str
    title: str
    rooms: tuple[str, ...]
    papers: int
    pages: int
    originals: Mapping[bytes, bytes] = field(default_factory=dict)
    seen: bool = True

    def unclosed(self) -> Unclosed:
        """The same for the start screen."""
        when = datetime.fromisoformat(self.began)
        return Unclosed(when, self.title, self.rooms, self.papers, self.pages)


class BriefingOnDisk:
    """The folder of the briefing that runs: its journal and its papers are being written."""

    def __init__(self, folder: Path, key: AtRestKey, lock: QLockFile, on_trouble: OnTrouble | None) -> None:
        self.folder, self._key, self._lock = folder, key, lock
        self.journal = JournalFile(folder / "journal", key, on_trouble)
        self.copies = PaperCopies(folder / "papers", key, on_trouble)

    def tell(self, about: About) -> None:
        """Writes what the banner would say; OSError when the disk takes nothing."""
        originals = {shown.hex(): file.hex() for shown, file in about.originals.items()}
        told = {**asdict(about), "originals": originals}
        write_sealed(self.folder / "about", json.dumps(told).encode(), self._key)

    def close(self, erase: bool) -> None:
        """Ends the writing. ``erase``: the person closed the briefing, nothing of it stays."""
        self.end_writing()
        self.let_go(erase)

    def end_writing(self) -> None:
        """Everything is on the disk that the disk takes; the folder is still held."""
        self.copies.close()
        self.journal.close()

    def records(self) -> tuple[bytes, ...]:
        """The good records of the journal, after its end; OSError."""
        return read_journal(self.folder / "journal", self._key).records

    def let_go(self, erase: bool) -> None:
        """Holds the folder no longer; what is not erased is offered at the next start."""
        if erase:
            _erase(self.folder)
        self._lock.unlock()


@dataclass(frozen=True)
class Left:
    """A briefing that was not closed: what is told of it, and the good records of its journal."""

    folder: Path
    about: About
    records: tuple[bytes, ...]


class Briefings:
    """All of them, in one folder of the state folder."""

    def __init__(self, folder: Path, key: AtRestKey) -> None:
        self.folder, self.key = folder, key

    def begin(self, on_trouble: OnTrouble | None = None) -> BriefingOnDisk:
        """A folder for a new briefing; OSError when there can be none."""
        folder = self.folder / secrets.token_hex(8)
        folder.mkdir(parents=True, mode=0o700)
        lock = _lock(folder)
        lock.tryLock(0)
        return BriefingOnDisk(folder, self.key, lock, on_trouble)

    def resume(self, left: Left, on_trouble: OnTrouble | None = None) -> BriefingOnDisk | None:
        """The folder of an unclosed briefing, which goes on; None when another program has taken it."""
        lock = _lock(left.folder)
        if not lock.tryLock(0):
            return None
        return BriefingOnDisk(left.folder, self.key, lock, on_trouble)

    def left(self) -> Left | None:
        """The newest unclosed briefing that no program holds. Torn tails are set aside, and kept."""
        return max(self.all_left(), key=lambda left: left.about.began, default=None)

    def all_left(self) -> list[Left]:
        """Every unclosed briefing that no program holds. Torn tails are set aside, and kept."""
        return [left for left in (self._read(folder) for folder in self._unheld()) if left is not None]

    def erase(self, left: Left) -> None:
        """Deletes an unclosed briefing, as its person asked."""
        _erase(left.folder)

    def expire(self, now: datetime) -> int:
        """Deletes those left for longer than 30 days, and offered for a day since then; how many."""
        return sum(self._expired(folder, now) for folder in self._unheld())

    def _expired(self, folder: Path, now: datetime) -> bool:
        overdue = folder / OVERDUE
        try:
            if _changed(folder) >= now - KEPT:
                overdue.unlink(missing_ok=True)
            elif not overdue.exists():
                overdue.touch()
                os.utime(overdue, (now.timestamp(),) * 2)
            elif datetime.fromtimestamp(overdue.stat().st_mtime) <= now - LAST_OFFER:
                _erase(folder)
                return True
        except OSError:
            return False  # a folder that takes no mark keeps what it has
        return False

    def _unheld(self) -> Iterator[Path]:
        if not self.folder.is_dir():
            return
        for folder in sorted(self.folder.iterdir()):
            if not folder.is_dir():
                continue
            lock = _lock(folder)
            if lock.tryLock(0):
                lock.unlock()
                yield folder

    def _read(self, folder: Path) -> Left | None:
        """None when it cannot be read; a folder in which nothing was begun is deleted."""
        file = folder / "journal"
        try:
            content = read_journal(file, self.key) if file.exists() else None
            if content is None or not content.records:
                _erase(folder)
                return None
            about = self._about(folder / "about", file)
            set_aside_torn(file, content)
        except OSError:
            return None
        return Left(folder, about, content.records)

    def _about(self, file: Path, journal: Path) -> About:
        """What was told of it; where that is gone or torn, only when it was."""
        try:
            told = json.loads(read_sealed(file, self.key))
            originals = {bytes.fromhex(k): bytes.fromhex(v) for k, v in told.get("originals", {}).items()}
            return About(**{**told, "rooms": tuple(told["rooms"]), "originals": originals})
        except (FileNotFoundError, NotOurs, ValueError, TypeError, KeyError, AttributeError):
            began = datetime.fromtimestamp(journal.stat().st_mtime)
            return About(began.isoformat(timespec="seconds"), "", (), 0, 0)


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder) + ".lock")
    lock.setStaleLockTime(0)
    return lock


def _changed(folder: Path) -> datetime:
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != OVERDUE)
    newest = max((file.stat().st_mtime for file in files), default=0.0)
    return datetime.fromtimestamp(newest or os.stat(folder).st_mtime)


def _erase(folder: Path) -> None:
    """Deletes the folder; what another program still reads (Windows) goes at the next start."""
    shutil.rmtree(folder, ignore_errors=True)
