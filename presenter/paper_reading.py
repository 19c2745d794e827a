"""Reading the files of papers into shared memory, and Office documents as PDF; in threads."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from pageview.segments import EmptyPaper, SegmentStore
from presenter.converter import CannotConvert, Converter
from presenter.file_watch import Stamp, stamp_of
from protocol.errors import Fault, Unavailable

NO_STAMP = Stamp(0, 0, 0)
_NOT_FOUND = "ファイルが見つかりません。場所が変わっていないか確かめてください。"
_FOLDER = "フォルダーです。PDFのファイルを選んでください"
_UNREADABLE = "ファイルを読めません。ほかの場所に写してから選んでください。"


@dataclass(frozen=True)
class Read:
    """What came of reading a file: its sum and stamp, or why there is none."""

    key: int
    sha256: bytes
    stamp: Stamp
    fault: Fault | None
    why: str
    original: bytes = b""
    """The sum of an Office document's own bytes."""


def convert_file(
    store: SegmentStore, converter: Converter, key: int, path: Path, given_up: threading.Event
) -> Read:
    """In the converting thread: the file as a PDF into shared memory, with the sum of each."""
    stamp = stamp_of(path) or NO_STAMP
    try:
        with path.open("rb") as file:
            original = hashlib.file_digest(file, "sha256").digest()
        with converter.converted(path, given_up) as pdf:
            return replace(read_file(store, key, pdf), stamp=stamp, original=original)
    except CannotConvert as cannot:
        return Read(key, b"", NO_STAMP, None, cannot.words)
    except FileNotFoundError:
        return Read(key, b"", NO_STAMP, None, _NOT_FOUND)
    except OSError:
        return Read(key, b"", NO_STAMP, None, _UNREADABLE)


def read_file(store: SegmentStore, key: int, path: Path) -> Read:
    """In the reading thread: the file into shared memory, with its sum."""
    try:
        stamp = stamp_of(path) or NO_STAMP
        return Read(key, store.add_file(path), stamp, None, "")
    except EmptyPaper:
        return Read(key, b"", NO_STAMP, Fault.NO_PAGES, "")
    except Unavailable:
        return Read(key, b"", NO_STAMP, Fault.TOO_LARGE, "")
    except FileNotFoundError:
        return Read(key, b"", NO_STAMP, None, _NOT_FOUND)
    except OSError:
        return Read(key, b"", NO_STAMP, None, _FOLDER if path.is_dir() else _UNREADABLE)
