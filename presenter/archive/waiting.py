"""Sets that wait on this computer for their place in the archive. Each is there whole or not at all.

``<id>``: a set. ``.<id>.making``, ``.<id>.former``, ``.<id>.done``: what a killed program left; `sweep` ends
it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from pageview.whole_file import sync_folder
from presenter.archive.kept_set import KeptSet, NamedData, NoSet, as_it_is, read_set, write_set
from presenter.archive.rule import Named

MAKING, FORMER, DONE = ".making", ".former", ".done"


class Waiting:
    """The sets of one folder. One program at a time uses it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def change(self, id: str, files: Iterable[NamedData]) -> KeptSet:
        """Some files of a set that waits are others, the rest as it was; NoSet, OSError."""
        former = as_it_is(self.of(id))
        return self._put(id, former.named, files, (self.of(id), former))

    def put(self, id: str, named: Named, files: Iterable[NamedData]) -> KeptSet:
        """A set waits from now on, in place of a former one of that id; OSError leaves what was there."""
        return self._put(id, named, files, None)

    def _put(
        self,
        id: str,
        named: Named,
        files: Iterable[NamedData],
        kept: tuple[Path, KeptSet] | None,
    ) -> KeptSet:
        making, former, place = (self.folder / f".{id}{MAKING}", self.folder / f".{id}{FORMER}", self.of(id))
        shutil.rmtree(making, ignore_errors=True)
        try:
            made = write_set(making, id, named, files, kept)
            if place.exists():
                os.rename(place, former)
            os.rename(making, place)
        finally:  # also where the making of a file was given up
            shutil.rmtree(making, ignore_errors=True)
            if not place.exists():
                self._restore(former)
        sync_folder(self.folder)
        shutil.rmtree(former, ignore_errors=True)
        return made

    def of(self, id: str) -> Path:
        """Where the set of that id is, if it is there."""
        return self.folder / id

    def take_out(self, id: str) -> None:
        """It is in the archive; what another program still reads (Windows) goes with the next `sweep`."""
        done = self.folder / f".{id}{DONE}"
        shutil.rmtree(done, ignore_errors=True)
        os.rename(self.of(id), done)
        shutil.rmtree(done, ignore_errors=True)

    def sets(self) -> tuple[tuple[Path, KeptSet], ...]:
        """Every set that waits, in the order of their days; one that cannot be read is left where it is."""
        found = []
        for place in self._places():
            if not place.name.startswith("."):
                try:
                    found.append((place, read_set(place)))
                except (NoSet, OSError):
                    continue
        return tuple(sorted(found, key=lambda each: (each[1].named.day, each[0].name)))

    def sweep(self) -> None:
        """After a crash: what was half made goes, what was put aside for it comes back."""
        for place in self._places():
            if place.name.endswith(FORMER):
                self._restore(place)
            elif place.name.endswith((MAKING, DONE)):
                shutil.rmtree(place, ignore_errors=True)

    def _restore(self, former: Path) -> None:
        if not former.exists():
            return
        place = self.of(former.name[1:].removesuffix(FORMER))
        if place.exists():
            shutil.rmtree(former, ignore_errors=True)
        else:
            os.rename(former, place)

    def _places(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []
