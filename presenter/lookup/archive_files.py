"""The files of the archive's folders as they are, and which of them the index does not know yet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from presenter.lookup.index import Stamp

PAPERS = frozenset({".pdf"})
TEXTS = frozenset({".txt", ".md"})
OFFICE = frozenset({".docx", ".docm", ".pptx", ".pptm", ".xlsx", ".xlsm"})
BY_NAME = frozenset({".doc", ".ppt", ".xls", ".jtd", ".odt", ".ods", ".odp", ".rtf"})
PAGED = frozenset({".pdf", ".pptx", ".pptm"})
"""What has pages that a person would count."""
FILES_LIMIT = 200_000


@dataclass
class Seen:
    """``files``: path → stamp. ``silent``: folders that could not be listed: what was there may still be."""

    files: dict[str, Stamp] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)


def seen_in(folders: Iterable[str], still_here: Callable[[], None]) -> Seen:
    """Every file that may be searched. ``still_here`` is called for each folder: a share takes its time."""
    seen = Seen()
    for folder in folders:
        _walk(folder, seen, still_here)
    return seen


def _walk(folder: str, seen: Seen, still_here: Callable[[], None]) -> None:
    waiting = [folder]
    while waiting and len(seen.files) < FILES_LIMIT:
        here = waiting.pop()
        still_here()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.name.startswith((".", "~$")) or entry.is_symlink():
                        continue
                    if entry.is_dir():
                        waiting.append(entry.path)
                    elif entry.is_file() and _is_searched(entry.name) and _is_text(entry.path):
                        found = entry.stat()
                        seen.files[entry.path] = Stamp(found.st_mtime_ns, found.st_size)
        except OSError:
            seen.silent.append(here)


def _is_searched(name: str) -> bool:
    return PurePath(name).suffix.lower() in PAPERS | TEXTS | OFFICE | BY_NAME


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False  # a name in no encoding of ours; it could not be shown either
    return True


def differences(known: Mapping[str, Stamp], seen: Seen) -> tuple[list[str], list[str]]:
    """(files to be read, the newest first; files that are gone)."""
    changed = [path for path, stamp in seen.files.items() if known.get(path) != stamp]
    changed.sort(key=lambda path: -seen.files[path].mtime_ns)
    silent = tuple(str(Path(folder)) + os.sep for folder in seen.silent)
    gone = [path for path in known if path not in seen.files and not path.startswith(silent)]
    return changed, gone
