"""The process that reads the archive into the index. It gives way to the rest, and a share that hangs hangs
nothing but it: the desk only hears what it says.
"""

from __future__ import annotations

import contextlib
import time
from multiprocessing.connection import Connection
from pathlib import Path, PurePath

import msgspec

from pageview import cage, priority
from pageview.asked_worker import NotStarted
from presenter.lookup.archive_files import differences, seen_in
from presenter.lookup.index import Damaged, Index, Stamp, Unreadable, remove
from presenter.lookup.reading import Reader

AGAIN_S = 900.0
"""The folders are looked through again so long after the last time, or when somebody asks."""
SOON_S = 5.0
"""The same, where the index could not be had (another desk was at it, or the disk was full), or the machine
was too busy for a process to start.
"""
SAID_EACH_S = 0.2
WORKED_S, REST, LONGEST_S = 0.1, 1.5, 1.0
"""After work of so long it rests one and a half times as long, a second at most: processors share caches and
memory, and a low priority gives way of neither. So most pages are turned while nothing is read.
"""


class Order(msgspec.Struct, frozen=True):
    """What the desk wants read. ``parent``: its process."""

    folders: tuple[str, ...]
    file: str
    key: bytes
    parent: int


class Progress(msgspec.Struct, frozen=True):
    """``done`` of so many files ``of`` the archive are in the index. ``silent``: folders that do not answer.

    ``rebuilt``: the index was damaged and is made anew. ``full``: the disk takes nothing. ``resting``:
    nothing is being read.
    """

    done: int = 0
    of: int = 0
    silent: tuple[str, ...] = ()
    rebuilt: bool = False
    full: bool = False
    resting: bool = False


encode = msgspec.msgpack.Encoder().encode
decode_order = msgspec.msgpack.Decoder(Order).decode
decode_progress = msgspec.msgpack.Decoder(Progress).decode


def main(connection: Connection) -> None:
    """Runs until the pipe closes: an `Order` first; later anything wakes it."""
    with contextlib.suppress(EOFError, ConnectionError, KeyboardInterrupt, BrokenPipeError):
        order = decode_order(connection.recv_bytes())
        cage.die_with_parent(order.parent)
        priority.give_way(idle=True)
        indexer = Indexer(order, connection)
        while True:
            indexer.look_through()
            if connection.poll(indexer.pause_s):
                connection.recv_bytes()


class Indexer:
    """Brings the index to the state of the folders, again and again."""

    def __init__(self, order: Order, connection: Connection, reader: Reader | None = None) -> None:
        self._order, self._connection = order, connection
        self._file = Path(order.file)
        self._reader = reader or Reader()
        self._progress = Progress()
        self._said = self._rested = 0.0
        self._checked = False
        self._hindered = False

    @property
    def pause_s(self) -> float:
        """How long there is nothing to do."""
        return SOON_S if self._progress.full or self._hindered else AGAIN_S

    def look_through(self) -> None:
        """Once. A disk that takes nothing, or an index that another holds, is tried again the next time."""
        self._progress = Progress(rebuilt=self._progress.rebuilt)
        self._hindered = False
        self._rested = time.monotonic()
        self._say()
        try:
            with self._opened() as index:
                self._bring_up_to_date(index)
        except Unreadable:
            self._progress = msgspec.structs.replace(self._progress, full=True)
        except NotStarted:
            self._hindered = True
        except Damaged:
            self._checked = False  # it was whole a moment ago: looked at the next time
        self._reader.rest()
        self._progress = msgspec.structs.replace(self._progress, resting=not self._hindered)
        self._say()

    def _opened(self) -> Index:
        try:
            return self._whole()
        except Damaged:
            try:
                remove(self._file)
            except OSError as held:
                raise Unreadable(str(held)) from held
            self._progress = msgspec.structs.replace(self._progress, rebuilt=True)
            return self._whole()

    def _whole(self) -> Index:
        index = Index(self._file, self._order.key)
        try:
            if not self._checked:
                index.check()
                self._checked = True
        except BaseException:
            index.close()
            raise
        return index

    def _bring_up_to_date(self, index: Index) -> None:
        seen = seen_in(self._order.folders, self._say_seldom)
        changed, gone = differences(index.known(), seen)
        self._progress = msgspec.structs.replace(
            self._progress,
            done=len(seen.files) - len(changed),
            of=len(seen.files),
            silent=tuple(seen.silent),
        )
        index.drop(gone)
        for path in changed:
            self._page_done()
            self._take(index, path, seen.files[path])
            self._progress = msgspec.structs.replace(self._progress, done=self._progress.done + 1)

    def _take(self, index: Index, path: str, stamp: Stamp) -> None:
        if index.has(path, stamp):
            return  # another desk of the same person was there first
        try:
            content = self._reader.read(Path(path), self._page_done)
        except OSError:
            return  # open in another program, or gone: as it is the next time
        index.put(path, PurePath(path).stem, stamp, content.state, content.pages)

    def _page_done(self) -> None:
        self._say_seldom()
        worked = time.monotonic() - self._rested
        if worked >= WORKED_S:
            time.sleep(min(REST * worked, LONGEST_S))
            self._rested = time.monotonic()

    def _say_seldom(self) -> None:
        if time.monotonic() - self._said >= SAID_EACH_S:
            self._say()

    def _say(self) -> None:
        self._said = time.monotonic()
        self._connection.send_bytes(encode(self._progress))
