"""What of a briefing is kept, as one set: its files by what each is, and the list of them.

A set lies in a folder of its own. Its list (目録.json) is written last: a folder without one is no set.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from pageview.whole_file import sync_folder, write_whole
from presenter.archive.rule import Named

LIST = "目録.json"
BY_HAND = "（手直し）"
NamedData = tuple[str, bytes | memoryview]
"""A file by what it is, and its bytes."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """``name``: what it is (打合せ記録.docx); in the archive its set's name stands before it. ``by_hand``:
    somebody changed it after it was made."""

    name: str
    length: int
    sha256: str
    by_hand: bool = False

    @property
    def filed_as(self) -> str:
        """Its name in the archive, which says so when it is not as it was made."""
        made = Path(self.name)
        return f"{made.stem}{BY_HAND}{made.suffix}" if self.by_hand else self.name


@dataclass(frozen=True, slots=True)
class KeptSet:
    """``id``: of the briefing. Two sets of one id and the same files are the same."""

    id: str
    named: Named
    files: tuple[KeptFile, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over everything it says, as hexadecimal."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


class NoSet(ValueError):
    """The folder holds no set, or one whose files are not those of its list."""


def read_set(folder: Path) -> KeptSet:
    """The list of a folder; NoSet, OSError."""
    try:
        return msgspec.json.decode((folder / LIST).read_bytes(), type=KeptSet)
    except (
        FileNotFoundError,
        NotADirectoryError,
        msgspec.DecodeError,
        UnicodeDecodeError,
        RecursionError,
    ) as error:
        raise NoSet(str(folder)) from error


def write_set(
    folder: Path,
    id: str,
    named: Named,
    files: Iterable[NamedData],
    former: tuple[Path, KeptSet] | None = None,
) -> KeptSet:
    """Writes files and list into a new folder, all of it on the disk when it returns; OSError.

    One file after the other is asked for, and let go when it is written. ``former``: a set in another folder,
    whose further files are in this one too.
    """
    folder.mkdir(parents=True, mode=0o700)
    kept = []
    for name, data in files:
        _write(folder / name, [data])
        kept.append(KeptFile(name, len(data), hashlib.sha256(data).hexdigest()))
    there = {file.name for file in kept}
    for file in former[1].files if former is not None else ():
        if former is not None and file.filed_as not in there:
            _take_over(former[0] / file.name, folder / file.filed_as, file)
            kept.append(replace(file, name=file.filed_as, by_hand=False))
    made = KeptSet(id, named, tuple(kept))
    _write(folder / LIST, [_encoded(made)])
    sync_folder(folder)
    return made


def as_it_is(folder: Path) -> KeptSet:
    """The set with what people did to its files since: changed ones are said to be, deleted ones are gone.

    The list in the folder follows. NoSet, OSError.
    """
    made = read_set(folder)
    files = []
    for file in made.files:
        there = folder / file.name
        if not there.is_file():
            continue
        with there.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        if digest != file.sha256:
            file = KeptFile(file.name, there.stat().st_size, digest, by_hand=True)
        files.append(file)
    now = replace(made, files=tuple(files))
    if now != made:
        write_whole(_encoded(now), folder / LIST)
    return now


def _encoded(made: KeptSet) -> bytes:
    return msgspec.json.format(msgspec.json.encode(made), indent=1)


def copy_set(source: Path, target: Path, stem: str) -> None:
    """Copies a set into a new folder, its files named after ``stem``; NoSet when the source is not whole."""
    made = read_set(source)
    target.mkdir()
    for file in made.files:
        _copy(source / file.name, target / f"{stem}_{file.filed_as}", file)
    _write(target / LIST, [(source / LIST).read_bytes()])
    sync_folder(target)


def rename_files(folder: Path, made: KeptSet, former: str, stem: str) -> None:
    """Names the files of a copied set after another ``stem``."""
    for file in made.files:
        os.replace(folder / f"{former}_{file.filed_as}", folder / f"{stem}_{file.filed_as}")
    sync_folder(folder)


def _take_over(source: Path, target: Path, file: KeptFile) -> None:
    """The same file under both names, where the disk knows that; it is never written to again."""
    try:
        os.link(source, target)
    except OSError:
        _copy(source, target, file)


def _copy(source: Path, target: Path, file: KeptFile) -> None:
    digest = hashlib.sha256()

    def pieces() -> Iterable[bytes]:
        with source.open("rb") as data:
            while piece := data.read(2**20):
                digest.update(piece)
                yield piece

    _write(target, pieces())
    if digest.hexdigest() != file.sha256 or target.stat().st_size != file.length:
        raise NoSet(str(source))


def _write(file: Path, pieces: Iterable[bytes | memoryview]) -> None:
    with file.open("xb") as out:
        for piece in pieces:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
