"""The words of one file of the archive: PDF through a caged process of low priority, plain text at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pageview import render_messages as wire
from pageview.asked_worker import START_S, AskedWorker, Gone, NotStarted
from pageview.plain_sheets import sheets
from pageview.segments import EmptyPaper, SegmentStore
from presenter.lookup.archive_files import OFFICE, PAPERS, TEXTS
from presenter.lookup.index import State
from protocol.errors import Unavailable

PAPER_LIMIT = 200 * 2**20
TEXT_LIMIT = 4 * 2**20
PAGES_LIMIT = 3_000
PAGE_S = 60.0
"""A process that gives way to all others may wait long for its turn."""
FILE_S = 300.0


@dataclass(frozen=True)
class Content:
    """What is known of a file; ``pages``: the words of each, "" for one that cannot be read."""

    state: State
    pages: Sequence[str] = ()


class Reader:
    """Reads one file after the other. Has a process while it is needed: ``rest`` ends it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, start_s: float = START_S) -> None:
        self._process = AskedWorker(None, idle=True, start_s=start_s)
        self._clock = clock

    def read(self, path: Path, still_here: Callable[[], None]) -> Content:
        """The file as it is now; OSError when it cannot be had, `NotStarted` when nothing can be read at all.

        ``still_here`` is called for each page.
        """
        kind, size = path.suffix.lower(), path.stat().st_size
        if kind in TEXTS:
            return Content(State.TOO_LARGE) if size > TEXT_LIMIT else Content(State.READ, sheets_of(path))
        if kind not in PAPERS | OFFICE:
            return Content(State.BY_NAME)
        store = SegmentStore(paper_limit=PAPER_LIMIT)
        try:
            if kind in OFFICE:
                parts = office_parts(self._process, store, store.add_file(path), PAGE_S)
                return Content(State.DAMAGED) if parts is None else Content(State.READ, parts)
            return self._read_paper(store, store.add_file(path), still_here)
        except EmptyPaper:
            return Content(State.DAMAGED)
        except Unavailable:
            return Content(State.TOO_LARGE)
        except NotStarted:
            raise
        except Gone:
            self._process.end()
            return Content(State.DAMAGED)
        finally:
            store.wipe()

    def rest(self) -> None:
        """Nothing is to be read for a while."""
        self._process.end()

    def _read_paper(self, store: SegmentStore, sha256: bytes, still_here: Callable[[], None]) -> Content:
        opened = self._process.open(store, sha256, PAGE_S)
        worker = self._process.ready()
        if isinstance(opened, wire.CannotOpen):
            locked = opened.verdict == "password"
            worker.take_back(sha256)
            return Content(State.LOCKED if locked else State.DAMAGED)
        pages: list[str] = []
        until = self._clock() + FILE_S
        count = len(opened.sizes) // 2
        try:
            for index in range(min(count, PAGES_LIMIT)):
                still_here()
                text, _ = self._process.ask(wire.ReadText(index, sha256, index), PAGE_S)
                pages.append(text.text if isinstance(text, wire.Text) else "")
                if self._clock() > until:
                    break
            worker.take_back(sha256)
        except Gone:  # a page that is never done: what was read before it is found
            self._process.end()
        return Content(State.READ, pages + [""] * (count - len(pages)))


def office_parts(
    process: AskedWorker, store: SegmentStore, sha256: bytes, seconds: float
) -> tuple[str, ...] | None:
    """The words of an office file by a caged process; None when they cannot be read. Gone."""
    reply = process.ask_of(store, wire.ReadOffice(0, sha256), seconds)
    return reply.parts if isinstance(reply, wire.Parts) else None


def sheets_of(path: Path) -> list[str]:
    """A plain text in pieces of a page each; OSError."""
    return list(sheets(decoded(path.read_bytes()[:TEXT_LIMIT])))


def decoded(data: bytes) -> str:
    """Text of an office PC: UTF-8, UTF-16 with its mark, else Shift_JIS; what is none of them as �."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp932", "replace")
