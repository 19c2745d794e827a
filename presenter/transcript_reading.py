"""Reading a transcript, in a thread; a docx is unpacked by a caged process, as every foreign file is."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pageview.asked_worker import AskedWorker, Gone
from pageview.left_behind import emit_if_there
from pageview.segments import EmptyPaper, SegmentStore
from presenter.lookup.reading import office_parts
from presenter.record.transcript import (
    FILE_LIMIT,
    PACKED,
    NoTranscript,
    Transcript,
    text_in,
    transcript_of,
)
from protocol.errors import Unavailable

SECONDS = 30.0
DAMAGED = "「{name}」は壊れているか、Wordの文書ではありません。"
TOO_LARGE = "「{name}」は大きすぎます（16MBまで）。"
UNREADABLE = "「{name}」を読めません。ほかの場所に写してから選んでください。"


def read_transcript(path: Path) -> Transcript:
    """What a file says; NoTranscript with the sentence that says why it cannot be used."""
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except OSError as error:
        raise NoTranscript(UNREADABLE) from error
    if len(data) > FILE_LIMIT:
        raise NoTranscript(TOO_LARGE)
    return transcript_of(_text_of_docx(data) if data.startswith(PACKED) else text_in(data))


def _text_of_docx(data: bytes) -> str:
    store, process = SegmentStore(paper_limit=FILE_LIMIT), AskedWorker(None)
    try:
        parts = office_parts(process, store, store.add(data), SECONDS)
    except (EmptyPaper, Unavailable, Gone) as error:
        raise NoTranscript(DAMAGED) from error
    finally:
        process.end()
        store.wipe()
    if parts is None:
        raise NoTranscript(DAMAGED)
    return "\n".join(parts)


class TranscriptReading(QObject):
    """One file at a time, asked for with ``read``."""

    done = Signal(object, object)
    """(Path, Transcript)"""
    refused = Signal(object, str)
    """(Path, the sentence with a place for its name)"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None

    def read(self, path: Path) -> None:
        """`done` or `refused` follows; nothing while another file is being read."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, args=(path,), name="transcript", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Waits for what is being read; a share that hangs is left behind."""
        if self._thread is not None:
            self._thread.join(2.0)

    def _work(self, path: Path) -> None:
        try:
            emit_if_there(self.done, path, read_transcript(path))
        except NoTranscript as refused:
            emit_if_there(self.refused, path, refused.told)
