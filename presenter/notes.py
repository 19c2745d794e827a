"""Private notes: one sealed file per paper, which no session can reach.

Nothing here knows the network, the journal or the record; a note is text beside a page of the file as opened,
found again by the paper's SHA-256 and the page's place in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from presenter.at_rest import AtRestKey, NotOurs, read_sealed, write_sealed

NOTE_LIMIT = 10_000


class Notes:
    """The notes on all papers of this person. Texts are kept in memory; ``save`` writes what changed.

    A file that was damaged is kept aside under another name and listed in ``damaged``; its notes start empty.
    """

    def __init__(self, folder: Path, key: AtRestKey, limit: int = NOTE_LIMIT) -> None:
        self._folder, self._key, self._limit = folder, key, limit
        self._papers: dict[bytes, dict[int, str]] = {}
        self._changed: set[bytes] = set()
        self.damaged: list[Path] = []

    def of(self, sha256: bytes, index: int) -> str:
        """The note at that page (0-based) of that paper; "" when there is none. OSError when unreadable."""
        return self._paper(sha256).get(index, "")

    def write(self, sha256: bytes, index: int, text: str) -> None:
        """Sets the note at that page, cut at ``limit`` characters; on the disk after ``save``."""
        notes = self._paper(sha256)
        text = text[: self._limit]
        if notes.get(index, "") == text:
            return
        if text:
            notes[index] = text
        else:
            notes.pop(index, None)
        self._changed.add(sha256)

    @property
    def unsaved(self) -> bool:
        """Whether something is not on the disk yet."""
        return bool(self._changed)

    def changes(self) -> dict[bytes, bytes]:
        """What is to be written, by paper; from now on it counts as saved unless ``failed`` takes it back."""
        changed, self._changed = self._changed, set()
        return {
            sha256: json.dumps({str(index): note for index, note in self._papers[sha256].items()}).encode()
            for sha256 in changed
        }

    def write_changes(self, changes: Mapping[bytes, bytes]) -> None:
        """Writes them, in whatever thread; OSError when the disk takes nothing."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for sha256, content in changes.items():
            write_sealed(self._file(sha256), content, self._key)

    def failed(self, changes: Mapping[bytes, bytes]) -> None:
        """These could not be written: they are still to be saved."""
        self._changed.update(changes)

    def save(self) -> None:
        """Writes what changed now; OSError when it cannot be, and then it stays unsaved."""
        changes = self.changes()
        try:
            self.write_changes(changes)
        except OSError:
            self.failed(changes)
            raise

    def _file(self, sha256: bytes) -> Path:
        return self._folder / f"{self._key.name(b'notes' + sha256)}.sealed"

    def _paper(self, sha256: bytes) -> dict[int, str]:
        if sha256 not in self._papers:
            try:
                stored: Mapping[str, str] = json.loads(read_sealed(self._file(sha256), self._key))
            except FileNotFoundError:
                stored = {}
            except (NotOurs, ValueError):
                stored = {}
                self._set_aside(self._file(sha256))
            self._papers[sha256] = {int(index): text for index, text in stored.items()}
        return self._papers[sha256]

    def _set_aside(self, file: Path) -> None:
        aside = file.with_suffix(".damaged")
        os.replace(file, aside)
        self.damaged.append(aside)
