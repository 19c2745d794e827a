"""Memory shared with the caged renderer, and the papers kept in it by their SHA-256.

Nothing here has a name in any folder where the system can do without one: a Linux segment is an anonymous
file (memfd), so a process that dies in any way leaves nothing behind, and a caged renderer, which may open
nothing, is handed the descriptor over its pipe at any time.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import io
import logging
import mmap
import os
import secrets
import sys
import tempfile
import threading
from collections.abc import Iterator
from multiprocessing import reduction
from multiprocessing.connection import Connection
from pathlib import Path

from protocol.errors import KamizeroError, Unavailable

if sys.platform != "win32":
    import fcntl

log = logging.getLogger(__name__)

PAPER_LIMIT = 500 * 2**20
BRIEFING_LIMIT = 2**30
READ_AT_ONCE = 8 * 2**20
F_SEAL_FUTURE_WRITE = 0x10  # not in Python's fcntl yet; Linux 5.1


class EmptyPaper(KamizeroError):
    """A file without a single byte: damaged, not too large."""


class Segment:
    """Zeroed shared memory of a fixed size, mapped until the last view of it is gone.

    ``view`` is the whole of it, writable. Every object that shows these bytes (a memoryview, a QImage made on
    one) holds the mapping; closing never pulls memory from under a reader.
    """

    def __init__(self, size: int) -> None:
        """Unavailable when the system has no room for ``size`` bytes."""
        self.size = size
        self.name = ""
        self._fd = -1
        try:
            if sys.platform == "win32":
                self.name = f"Local\\kamizero-{secrets.token_hex(16)}"
                memory = mmap.mmap(-1, size, tagname=self.name)
            else:
                self._fd = _anonymous_file(size)
                memory = mmap.mmap(self._fd, size)
        except OSError as error:
            if self._fd >= 0:
                os.close(self._fd)
            raise Unavailable(f"no room for {size} bytes of shared memory") from error
        self.view = memoryview(memory)

    def seal(self) -> None:
        """From now on nobody can map it writable; what is mapped here stays writable, for the wiping."""
        if sys.platform == "linux":
            try:
                fcntl.fcntl(self._fd, fcntl.F_ADD_SEALS, F_SEAL_FUTURE_WRITE)
            except OSError:
                log.info("this kernel cannot seal shared memory; papers are mapped read-only all the same")

    def hand_over(self, connection: Connection, process_id: int) -> None:
        """Gives the other end of a pipe, a process of ours, what it needs to ``attach``."""
        if sys.platform == "win32":
            connection.send_bytes(self.name.encode())
        else:
            reduction.send_handle(connection, self._fd, process_id)

    def wipe(self) -> None:
        """Overwrites every byte with zero and gives the memory back; views stay valid and read zeros.

        What nobody ever wrote to has no memory, and gets none for being overwritten.
        """
        for start, end in _written(self._fd, self.view.nbytes):
            ctypes.memset(address_of(self.view) + start, 0, end - start)
        memory = self.view.obj
        if sys.platform == "linux" and isinstance(memory, mmap.mmap):
            with contextlib.suppress(PermissionError):  # a sealed paper keeps its pages until it is closed
                memory.madvise(mmap.MADV_REMOVE)

    def close(self) -> None:
        """Lets go: the memory is gone with its last view. ``view`` may not be used afterwards."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        self.view = memoryview(b"")


def attach(connection: Connection, size: int, *, writable: bool) -> memoryview:
    """The far end of ``Segment.hand_over``: maps what comes next over ``connection``."""
    if sys.platform == "win32":
        name = connection.recv_bytes(200).decode()
        access = mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ
        return memoryview(mmap.mmap(-1, size, tagname=name, access=access))
    fd = reduction.recv_handle(connection)
    try:
        protection = mmap.PROT_READ | (mmap.PROT_WRITE if writable else 0)
        return memoryview(mmap.mmap(fd, size, prot=protection))
    finally:
        os.close(fd)


def address_of(view: memoryview) -> int:
    """Where a writable view begins."""
    return ctypes.addressof(ctypes.c_char.from_buffer(view))


def _written(fd: int, size: int) -> Iterator[tuple[int, int]]:
    """From where to where a segment has memory; all of it where the system does not tell."""
    if sys.platform != "linux":
        yield 0, size
        return
    end = 0
    while end < size:
        try:
            start = os.lseek(fd, end, os.SEEK_DATA)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return  # nothing any more up to the end
        end = os.lseek(fd, start, os.SEEK_HOLE)
        yield start, end


def _anonymous_file(size: int) -> int:
    if sys.platform == "linux":
        fd = os.memfd_create("kamizero", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(fd, size)
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
        return fd
    with tempfile.TemporaryFile() as file:
        fd = os.dup(file.fileno())
    os.ftruncate(fd, size)
    return fd


def _fill(view: memoryview, file: io.BufferedReader) -> bytes:
    """Reads a file into memory of its length and returns the SHA-256; OSError when it grew shorter."""
    total, digest = 0, hashlib.sha256()
    while total < len(view) and (count := file.readinto(view[total : total + READ_AT_ONCE])):
        digest.update(view[total : total + count])
        total += count
    if total != len(view):
        raise OSError(f"the file grew shorter while it was read: {total} of {len(view)} bytes")
    return digest.digest()


class SegmentStore:
    """The papers of a briefing, each in its own segment; ``BlobStore`` for the transport. Thread-safe.

    A paper is filled (``allocate`` … ``complete``) or taken whole (``add``, ``add_file``), and can be drawn
    from then on until it is dropped.
    """

    def __init__(self, paper_limit: int = PAPER_LIMIT, briefing_limit: int = BRIEFING_LIMIT) -> None:
        self._paper_limit = paper_limit
        self._briefing_limit = briefing_limit
        self._lock = threading.Lock()
        self._filling: dict[bytes, Segment] = {}
        self._complete: dict[bytes, Segment] = {}

    def allocate(self, sha256: bytes, length: int) -> memoryview:
        """The memory to receive a paper into; the same again while it is not complete.

        Unavailable when the paper or the briefing grows too large.
        """
        with self._lock:
            segment = self._filling.get(sha256)
            if segment is None:
                segment = self._filling[sha256] = self._room_for(length)
            if segment.size != length:
                raise Unavailable(f"a paper of {segment.size} bytes is now said to have {length}")
            return segment.view

    def complete(self, sha256: bytes) -> bool:
        """Verifies a filled paper. False: the bytes are not those of that sum; they are wiped and dropped.

        Takes 0.5 s a gigabyte: call it in a thread that may wait.
        """
        with self._lock:
            segment = self._filling.get(sha256)
        if segment is None:
            return sha256 in self._complete
        if hashlib.sha256(segment.view).digest() != sha256:
            self.drop(sha256)
            return False
        with self._lock:
            if self._filling.pop(sha256, None) is not None:
                segment.seal()
                self._complete[sha256] = segment
            return sha256 in self._complete

    def add(self, data: bytes | memoryview) -> bytes:
        """Takes a paper that is here already and returns its SHA-256; Unavailable when it is too large."""
        sha256 = hashlib.sha256(data).digest()
        with self._lock:
            if sha256 in self._complete:
                return sha256
            segment = self._room_for(len(data))
            segment.view[:] = data
            segment.seal()
            self._complete[sha256] = segment
        return sha256

    def add_file(self, path: Path) -> bytes:
        """Reads a file as it is now and returns its SHA-256.

        OSError when it cannot be read or is no file, EmptyPaper, or Unavailable when it is too large.
        """
        if not path.is_file() and path.exists():
            raise OSError(f"not a file: {path}")  # a pipe would be waited for without end
        with path.open("rb") as file:
            length = os.fstat(file.fileno()).st_size
            if length == 0:
                raise EmptyPaper(f"empty: {path}")
            with self._lock:
                segment = self._room_for(length)
            try:
                sha256 = _fill(segment.view, file)
            except OSError:
                segment.wipe()
                segment.close()
                raise
        with self._lock:
            here_already = sha256 in self._complete
            if not here_already:
                segment.seal()
                self._complete[sha256] = segment
        if here_already:
            segment.wipe()
            segment.close()
        return sha256

    def segment(self, sha256: bytes) -> Segment | None:
        """The segment of a complete paper."""
        with self._lock:
            return self._complete.get(sha256)

    def data(self, sha256: bytes) -> memoryview:
        """The bytes of a complete paper, read-only; KeyError when it is not here."""
        with self._lock:
            return self._complete[sha256].view.toreadonly()

    def __contains__(self, sha256: object) -> bool:
        """Whether the paper is here, whole."""
        with self._lock:
            return sha256 in self._complete

    @property
    def bytes_held(self) -> int:
        """Memory of all papers, also of those being received."""
        with self._lock:
            return self._bytes_held()

    def drop(self, sha256: bytes) -> None:
        """Overwrites a paper and lets it go; nothing when it is not here."""
        with self._lock:
            segments = [table.pop(sha256, None) for table in (self._filling, self._complete)]
        for segment in segments:
            if segment is not None:
                segment.wipe()
                segment.close()

    def split_off(self) -> SegmentStore:
        """Another store that has every complete paper from now on; none of them is here any more."""
        other = SegmentStore(self._paper_limit, self._briefing_limit)
        with self._lock:
            other._complete, self._complete = self._complete, {}
        return other

    def wipe(self) -> None:
        """Overwrites and lets go of every paper. Stop the transport first: it may still be writing."""
        with self._lock:
            everything = [*self._filling, *self._complete]
        for sha256 in everything:
            self.drop(sha256)

    def _bytes_held(self) -> int:
        return sum(s.size for table in (self._filling, self._complete) for s in table.values())

    def _room_for(self, length: int) -> Segment:
        if not 0 < length <= self._paper_limit:
            raise Unavailable(f"a paper of {length} bytes; the limit is {self._paper_limit}")
        if self._bytes_held() + length > self._briefing_limit:
            raise Unavailable(f"the papers of this briefing would exceed {self._briefing_limit} bytes")
        return Segment(length)
