"""A sealed copy of each paper of a briefing, so that it can go on after a crash whatever became of the files.

A copy is ``salt, then chunks``; each chunk is sealed with its place and whether it is the last one, so that a
torn copy is never taken for a whole one.
"""

from __future__ import annotations

import os
import queue
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from presenter.at_rest import OVERHEAD, SALT_BYTES, AtRestKey, NotOurs

CHUNK = 2**20
RETRY_S = 5.0
LARGE = 16 * 2**20
FIRST_PAGE_S = 0.5
"""A large paper's first page goes to the rooms first: sealing 200 MB meanwhile, everybody waits longer."""
_LENGTH = struct.Struct(">I")

OnTrouble = Callable[[OSError | None], None]


class PaperCopies:
    """Writes copies in its own thread, large ones a moment after they are asked for (``patience_s``). A disk
    that takes nothing is told and tried again."""

    def __init__(
        self,
        folder: Path,
        key: AtRestKey,
        on_trouble: OnTrouble | None = None,
        retry_s: float = RETRY_S,
        patience_s: float = FIRST_PAGE_S,
    ) -> None:
        self._folder, self._key, self._retry_s, self._patience_s = folder, key, retry_s, patience_s
        self._on_trouble = on_trouble or (lambda _trouble: None)
        self._waiting: queue.Queue[tuple[bytes, memoryview, float] | None] = queue.Queue()
        self._closing, self._hurry = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._write_all, name="paper copies", daemon=True)
        self._thread.start()

    def keep(self, sha256: bytes, data: memoryview) -> None:
        """Copies this paper; returns at once. ``data`` is held until it is written."""
        patience = self._patience_s if len(data) > LARGE else 0.0
        self._waiting.put((sha256, data, monotonic() + patience))

    def wait_written(self) -> None:
        """Returns when everything asked for so far is written or given up; none is put off any more."""
        self._hurry.set()
        self._waiting.join()

    def close(self) -> None:
        """Gives up what is not written yet and ends the thread."""
        self._closing.set()
        self._hurry.set()
        self._waiting.put(None)
        self._thread.join()

    def _write_all(self) -> None:
        while (asked := self._waiting.get()) is not None:
            sha256, data, due = asked
            self._hurry.wait(max(0.0, due - monotonic()))
            troubled = False
            while not self._closing.is_set():
                try:
                    self._write(sha256, data)
                except OSError as refused:
                    troubled = True
                    self._on_trouble(refused)
                    self._closing.wait(self._retry_s)
                else:
                    if troubled:
                        self._on_trouble(None)
                    break
            data.release()
            del asked, data
            self._waiting.task_done()
        self._waiting.task_done()

    def _write(self, sha256: bytes, data: memoryview) -> None:
        file = copy_file(self._folder, self._key, sha256)
        if file.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(".part")
        salt = os.urandom(SALT_BYTES)
        sealer = self._key.sealer(salt)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(salt)
            for n, start in enumerate(range(0, len(data), CHUNK)):
                if self._closing.is_set():
                    return
                last = start + CHUNK >= len(data)
                sealed = sealer.seal(data[start : start + CHUNK], _place(sha256, n, last))
                out.write(_LENGTH.pack(len(sealed)) + sealed)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, file)


def copy_file(folder: Path, key: AtRestKey, sha256: bytes) -> Path:
    """Where the copy of that paper stands; its name tells nothing without the key."""
    return folder / f"{key.name(b'paper' + sha256)}.sealed"


def read_copy(folder: Path, key: AtRestKey, sha256: bytes, into: memoryview) -> None:
    """Fills ``into`` (exactly as long as the paper) with a copy; OSError, or NotOurs when it is not whole."""
    with copy_file(folder, key, sha256).open("rb") as file:
        sealer = key.sealer(file.read(SALT_BYTES))
        at = 0
        for n in range(-(-len(into) // CHUNK)):
            head = file.read(_LENGTH.size)
            if len(head) < _LENGTH.size:
                raise NotOurs
            (length,) = _LENGTH.unpack(head)
            if not OVERHEAD <= length <= CHUNK + OVERHEAD:
                raise NotOurs
            chunk = sealer.open(file.read(length), _place(sha256, n, at + CHUNK >= len(into)))
            if at + len(chunk) > len(into):
                raise NotOurs
            into[at : at + len(chunk)] = chunk
            at += len(chunk)
        if at != len(into):
            raise NotOurs


def _place(sha256: bytes, n: int, last: bool) -> bytes:
    return b"paper" + sha256 + n.to_bytes(4, "big") + bytes([last])
