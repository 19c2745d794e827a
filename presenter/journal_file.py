"""The journal on the disk: one sealed record after the other, synced at once, off the UI's thread.

File: ``KZJ1``, a salt of 16 bytes, then for each record its sealed length (4 bytes, big-endian) and its
sealed bytes, bound to their place in the file. What a crash tore off, or what was changed, is kept aside in a
file of its own; reading stops before it.
"""

from __future__ import annotations

import os
import shutil
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pageview.whole_file import sync_folder
from presenter.at_rest import OVERHEAD, SALT_BYTES, AtRestKey, NotOurs, Sealer

MAGIC = b"KZJ1"
RECORD_LIMIT = 4 * 2**20
RETRY_S = 2.0
_LENGTH = struct.Struct(">I")
_START = len(MAGIC) + SALT_BYTES

OnTrouble = Callable[[OSError | None], None]


@dataclass(frozen=True, slots=True)
class JournalContent:
    """The good records of a journal, where they end, and how many bytes after them were not good."""

    records: tuple[bytes, ...]
    good_until: int
    torn: int


def read_journal(file: Path, key: AtRestKey) -> JournalContent:
    """Every record up to the first that is torn or changed; OSError when it cannot be read."""
    content = file.read_bytes()
    if len(content) < _START or content[: len(MAGIC)] != MAGIC:
        return JournalContent((), 0, len(content))
    sealer = key.sealer(content[len(MAGIC) : _START])
    records: list[bytes] = []
    at = _START
    while at + _LENGTH.size <= len(content):
        (length,) = _LENGTH.unpack_from(content, at)
        end = at + _LENGTH.size + length
        if not OVERHEAD <= length <= RECORD_LIMIT + OVERHEAD or end > len(content):
            break
        try:
            records.append(sealer.open(content[at + _LENGTH.size : end], _place(len(records))))
        except NotOurs:
            break
        at = end
    return JournalContent(tuple(records), at, len(content) - at)


class JournalFile:
    """A journal being written. ``append`` may be called from any thread and returns at once.

    ``on_trouble`` is told in the writer's thread when the disk refuses (OSError) and when it takes again
    (None); meanwhile everything waits in memory, in order, and is tried again each ``retry_s`` seconds.
    """

    def __init__(
        self, file: Path, key: AtRestKey, on_trouble: OnTrouble | None = None, retry_s: float = RETRY_S
    ) -> None:
        self.file, self._retry_s = file, retry_s
        self._on_trouble = on_trouble or (lambda _trouble: None)
        self._waiting: deque[bytes] = deque()
        self._change = threading.Condition()
        self._closing = False
        self._troubled = False
        self._descriptor, self._sealer, self._count, self._good = _opened(file, key)
        self._thread = threading.Thread(target=self._write_all, name="journal", daemon=True)
        self._thread.start()

    def append(self, record: bytes) -> None:
        """Puts a record at the end; it is on the disk within 50 ms while the disk takes it."""
        if len(record) > RECORD_LIMIT:
            raise ValueError(f"a record of {len(record)} bytes")
        with self._change:
            self._waiting.append(record)
            self._change.notify_all()

    def wait_written(self, seconds: float) -> bool:
        """Whether all that was appended is on the disk, waiting for it that long at most."""
        with self._change:
            return self._change.wait_for(lambda: not self._waiting, seconds)

    def close(self) -> None:
        """Writes what it can, once more, and lets the file go."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        self._thread.join()
        os.close(self._descriptor)

    def _write_all(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: bool(self._waiting) or self._closing)
                batch = tuple(self._waiting)
                closing = self._closing
            if batch:
                written = self._write(batch)
                with self._change:
                    for _ in range(written):
                        self._waiting.popleft()
                    self._change.notify_all()
                    if written < len(batch) and not closing:
                        self._change.wait_for(lambda: self._closing, self._retry_s)
            if closing:
                return

    def _write(self, batch: tuple[bytes, ...]) -> int:
        """How many records are safely on the disk: all, or none and the file as it was."""
        frames = bytearray()
        for n, record in enumerate(batch, self._count):
            sealed = self._sealer.seal(record, _place(n))
            frames += _LENGTH.pack(len(sealed)) + sealed
        try:
            _write_at(self._descriptor, frames, self._good)
            _sync(self._descriptor)
        except OSError as refused:
            self._cut_back()
            self._tell(refused)
            return 0
        self._good += len(frames)
        self._count += len(batch)
        self._tell(None)
        return len(batch)

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._descriptor, self._good)
        except OSError as still:
            # The next attempt writes over the same place; a crash before it leaves a torn tail, read as one.
            self._tell(still)

    def _tell(self, trouble: OSError | None) -> None:
        if trouble is not None or self._troubled:
            self._on_trouble(trouble)
        self._troubled = trouble is not None


def set_aside_torn(file: Path, content: JournalContent) -> Path | None:
    """Moves what is not good at the end into a file beside the journal; its name, None when all is good."""
    if not content.torn:
        return None
    n = 1
    while (aside := file.with_name(f"{file.name}.torn-{n}")).exists():
        n += 1
    with file.open("r+b") as journal, aside.open("wb") as kept:
        journal.seek(content.good_until)
        shutil.copyfileobj(journal, kept)
        kept.flush()
        os.fsync(kept.fileno())
        journal.truncate(content.good_until)
    return aside


def _opened(file: Path, key: AtRestKey) -> tuple[int, Sealer, int, int]:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(file, flags, 0o600)
    content = read_journal(file, key)
    set_aside_torn(file, content)
    if content.good_until:
        with file.open("rb") as journal:
            salt = journal.read(_START)[len(MAGIC) :]
        return descriptor, key.sealer(salt), len(content.records), content.good_until
    salt = os.urandom(SALT_BYTES)
    _write_at(descriptor, MAGIC + salt, 0)
    _sync(descriptor)
    sync_folder(file.parent)
    return descriptor, key.sealer(salt), 0, _START


def _place(n: int) -> bytes:
    return b"record %d" % n


def _write_at(descriptor: int, data: bytes | bytearray, at: int) -> None:
    os.lseek(descriptor, at, os.SEEK_SET)
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _sync(descriptor: int) -> None:
    # Windows has no fdatasync; its fsync does the same for our purpose.
    getattr(os, "fdatasync", os.fsync)(descriptor)
