"""The department's archive at the desk: a process that reads it, a thread that looks in its index."""

from __future__ import annotations

import logging
import multiprocessing
import os
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from presenter.lookup import indexer
from presenter.lookup.finds import Find, archive_find
from presenter.lookup.index import Damaged, Index, Unreadable, remove
from presenter.lookup.indexer import Order, Progress

log = logging.getLogger(__name__)

SILENT_MS = 30_000
"""An indexer that says nothing for so long waits for a folder that does not answer."""
SHOWN = 50
STARTS = 3
ENDING_S = 1.0


@dataclass(frozen=True)
class Asked:
    """What is looked for; ``number`` tells an answer from an older one."""

    number: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The first ``finds`` of ``count``; ``readable``: whether the index could be read."""

    asked: Asked
    finds: tuple[Find, ...] = ()
    count: int = 0
    readable: bool = True


class Archive(QObject):
    """Belongs to the thread of the windows. Without folders it has no process."""

    progressed = Signal(object)
    """Progress"""
    silenced = Signal(bool)
    """Whether the archive has not answered for a while."""
    found = Signal(object)
    """Answer"""
    _heard = Signal(object, object)
    _ended = Signal(object)

    def __init__(
        self, file: Path, key: bytes, silent_ms: int = SILENT_MS, parent: QObject | None = None
    ) -> None:
        """``file``: the index, ``key``: 32 bytes that open it."""
        super().__init__(parent)
        self._file, self._key = file, key
        self._folders: tuple[str, ...] | None = None
        self._process: _Process | None = None
        self._starts = 0
        self.progress = Progress(resting=True)
        self.silent = False
        self._silence = QTimer(self, singleShot=True, interval=silent_ms)
        self._silence.timeout.connect(lambda: self._set_silent(True))
        self._heard.connect(self._on_heard)
        self._ended.connect(self._on_ended)
        self._looking = _Looking(file, key, self.found.emit)

    def set_folders(self, folders: Sequence[str]) -> None:
        """These are searched from now on; what was read of others is forgotten, with none the index too."""
        if tuple(folders) == self._folders:
            return
        self._folders = tuple(folders)
        self._stop()
        self._starts = 0
        if self._folders:
            self._start()
            return
        try:
            remove(self._file)
        except OSError as held:
            log.warning("the index of the archive is left where it is: %s", held)

    @property
    def has_folders(self) -> bool:
        """Whether there is anything to be searched."""
        return bool(self._folders)

    def look_again(self) -> None:
        """Somebody searches: what has changed in the folders is read, unless that is being done."""
        if self._process is not None and self.progress.resting:
            self._process.wake()

    def find(self, asked: Asked) -> None:
        """``found`` follows, unless something newer is asked meanwhile."""
        self._looking.ask(asked)

    def close(self) -> None:
        """Ends process and thread."""
        self._stop()
        self._looking.close()

    def _start(self) -> None:
        self._starts += 1
        order = Order(self._folders or (), str(self._file), self._key, os.getpid())
        self.progress = Progress()
        self._process = _Process(order, self._heard.emit, self._ended.emit)
        self._silence.start()

    def _stop(self) -> None:
        self._silence.stop()
        process, self._process = self._process, None
        if process is not None:
            process.end()
        self.progress = Progress(resting=True)
        self._set_silent(False)

    def _on_heard(self, process: _Process, progress: Progress) -> None:
        if process is not self._process:
            return
        self.progress = progress
        self._set_silent(False)
        if progress.resting:
            self._silence.stop()
        else:
            self._silence.start()
        self.progressed.emit(progress)

    def _on_ended(self, process: _Process) -> None:
        if process is not self._process:
            return
        process.end()
        self._process = None
        self._silence.stop()
        if self._starts < STARTS:
            self._start()
        else:
            log.error("the archive cannot be read: its process ended %d times", STARTS)
            self.progress = Progress(resting=True)
            self._set_silent(True)

    def _set_silent(self, silent: bool) -> None:
        if silent != self.silent:
            self.silent = silent
            self.silenced.emit(silent)


class _Process:
    """An indexer as seen from outside."""

    def __init__(self, order: Order, heard: _Heard, ended: _Ended) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        # Not a daemon in the sense of multiprocessing: it has a caged process of its own.
        self._process = context.Process(target=indexer.main, args=(far_end,), name="kamizero indexer")
        self._process.start()
        far_end.close()
        self._pipe.send_bytes(indexer.encode(order))
        self._reader = threading.Thread(
            target=self._hear, args=(self._pipe, heard, ended), name="indexer pipe", daemon=True
        )
        self._reader.start()

    def wake(self) -> None:
        try:
            self._pipe.send_bytes(b"look")
        except OSError:
            log.debug("the indexer is gone before it was woken")

    def end(self) -> None:
        """Kills it; one that hangs in a share dies when the share lets it, and is not waited for."""
        self._process.kill()
        self._process.join(ENDING_S)
        self._reader.join(ENDING_S)

    def _hear(self, pipe: Connection, heard: _Heard, ended: _Ended) -> None:
        try:
            while True:
                heard(self, indexer.decode_progress(pipe.recv_bytes()))
        except (EOFError, OSError):
            log.debug("the pipe of the indexer is closed")
        except msgspec.DecodeError:
            log.warning("the indexer said what no indexer says")
        pipe.close()
        ended(self)


class _Looking:
    """A thread that answers the newest question; the one before it is given up."""

    def __init__(self, file: Path, key: bytes, found: Callable[[Answer], None]) -> None:
        self._file, self._key, self._found = file, key, found
        self._asked: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._thread: threading.Thread | None = None

    def ask(self, asked: Asked) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="looking up", daemon=True)
            self._thread.start()
        self._put(asked)

    def close(self) -> None:
        self._put(None)
        if self._thread is not None:
            self._thread.join()

    def _put(self, asked: Asked | None) -> None:
        """In one step: a question that is begun meanwhile must not be the one that is interrupted."""
        with self._lock:
            if self._index is not None:
                self._index.interrupt()
            self._asked.put(asked)

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            while not self._asked.empty():
                newer = self._asked.get()
                if newer is None:
                    return
                asked = newer
            answer = self._answer(asked)
            if self._asked.empty():
                self._found(answer)

    def _answer(self, asked: Asked) -> Answer:
        """The file is opened for each question (1 ms), so that a new index can take its place at any time."""
        try:
            with Index(self._file, self._key) as index:
                with self._lock:
                    self._index = index
                try:
                    hits = index.find(asked.words, SHOWN)
                finally:
                    with self._lock:
                        self._index = None
        except (Damaged, Unreadable) as error:
            log.debug("the index of the archive cannot be read: %s", error)
            return Answer(asked, readable=False)
        return Answer(asked, tuple(archive_find(hit, asked.words) for hit in hits.first), hits.count)


_Heard = Callable[[_Process, Progress], None]
_Ended = Callable[[_Process], None]
