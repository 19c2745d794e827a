"""The house's pictures, one after the other, as pixels. No Qt.

A picture is a stranger's file, whoever brought it: it is decoded in a caged process that begins with it and
ends with it.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pageview import render_messages as wire
from pageview.asked_worker import AskedWorker, Gone, NotStarted
from pageview.paper_words import clean_name
from pageview.segments import Segment, SegmentStore
from protocol.errors import Unavailable

log = logging.getLogger(__name__)

KINDS = (".png", ".jpg", ".jpeg")
FILE_LIMIT = 40 * 2**20
FILES_LIMIT = 200
DECODE_S = 10.0
"""Twice a page's time: nobody waits, and the largest photograph of a camera is no bad picture."""
NAME_SHOWN = 100

Stamp = tuple[int, int]
"""When a file was written, and how long it is: with another one it is another picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``pixels``: 0xffRRGGBB in the machine's order, line after line, as large as it is shown."""

    width: int
    height: int
    pixels: bytes


class _NotNow(Exception):
    """Nothing is known of the picture: the machine has no room, or this is over."""


class PictureReader:
    """`read_next` is called in a thread and may hang as long as a share does; `end` from any other."""

    def __init__(self, place: Path) -> None:
        """``place``: a file, or a folder of them."""
        self._place = place
        self._last = ""
        self._left_out: dict[str, Stamp] = {}
        self._over = threading.Event()
        self._process: AskedWorker | None = None

    def read_next(self, width: int, height: int) -> tuple[Picture | None, int]:
        """The picture after the last one, by name and round again, not larger than that; None: there is none.
        And how many files are left out, each until it is another file: they cannot be shown.
        """
        picture = None
        with suppress(_NotNow, Unavailable):
            frames = Segment(width * height * 4)
            process = self._process = AskedWorker(frames)
            try:
                picture = self._next(process, frames, width, height)
            finally:
                process.end()
                frames.wipe()
                frames.close()
        return picture, len(self._left_out)

    def end(self) -> None:
        """Nothing is decoded any more."""
        self._over.set()
        if self._process is not None:
            self._process.end()

    def _next(self, process: AskedWorker, frames: Segment, width: int, height: int) -> Picture | None:
        for file in self._files():
            try:
                stamp = _stamp(file)
                if self._left_out.get(file.name) == stamp:
                    continue
                with file.open("rb") as source:
                    data = source.read(FILE_LIMIT + 1)
            except OSError:
                continue  # it is away; what it is will be seen when it is there
            if 0 < len(data) <= FILE_LIMIT:
                size = self._drawn(process, data, width, height)
                if size is not None:
                    self._last = file.name
                    self._left_out.pop(file.name, None)
                    return Picture(*size, bytes(frames.view[: 4 * size[0] * size[1]]))
            self._left_out[file.name] = stamp
            log.info("a picture is left out: %s", clean_name(file.name, NAME_SHOWN))
        return None

    def _files(self) -> list[Path]:
        """In the order in which they are tried now."""
        try:
            found = sorted(self._place.iterdir()) if self._place.is_dir() else [self._place]
        except OSError:
            return []
        files = [each for each in found if each.suffix.lower() in KINDS][:FILES_LIMIT]
        names = {each.name for each in files}
        self._left_out = {name: stamp for name, stamp in self._left_out.items() if name in names}
        return sorted(files, key=lambda each: (each.name <= self._last, each))

    def _drawn(self, process: AskedWorker, data: bytes, width: int, height: int) -> tuple[int, int] | None:
        """Its size at the start of the frames; None for what is no picture, is far too large, or takes its
        process with it."""
        if self._over.is_set():
            raise _NotNow
        store = SegmentStore()
        try:
            reply = process.ask_of(store, wire.DrawImage(1, store.add(data), width, height), DECODE_S)
        except NotStarted as failed:
            raise _NotNow from failed
        except Gone as gone:
            process.end()
            if self._over.is_set():
                raise _NotNow from gone
            return None
        finally:
            store.wipe()
        if not isinstance(reply, wire.ImageDrawn) or reply.width > width or reply.height > height:
            return None
        return reply.width, reply.height


def _stamp(file: Path) -> Stamp:
    about = file.stat()
    return about.st_mtime_ns, about.st_size
