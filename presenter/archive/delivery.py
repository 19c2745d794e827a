"""A set that waits goes to the archive: copied beside its place, then named in one step, never over another.

The step is the renaming of a folder, which fails where there is one: of two presenters who archive the same
subject at the same moment one has the next edition. A program killed at any moment leaves the set waiting, or
in the archive, or both; both are found to be one.
"""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from pageview.whole_file import sync_folder
from presenter.archive.carried import CARRIED, lay_out
from presenter.archive.clerk import proposed
from presenter.archive.kept_set import KeptSet, NoSet, as_it_is, copy_set, read_set, rename_files
from presenter.archive.rule import Rule
from presenter.archive.waiting import Waiting
from presenter.console_state import Words
from presenter.not_written import CLOSED, FULL, GONE

TAKEN = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.EISDIR, errno.ENOTDIR})
PART = ".part"


@dataclass(frozen=True, slots=True)
class Delivered:
    """Where a set is in the archive."""

    folder: Path
    stem: str


class Away(Exception):
    """The set stays where it waits; ``told`` says why, and that nothing is lost."""

    def __init__(self, told: Words) -> None:
        super().__init__(told[0])
        self.told = told


def planned(named: KeptSet, root: Path, rule: Rule) -> Path:
    """The folder that the first edition would have."""
    return root.joinpath(*proposed(rule, named.named, 1, str(root)))


def deliver(waiting: Waiting, id: str, root: Path, rule: Rule) -> Delivered:
    """Puts the set of that id into the archive and takes it out of the waiting ones; Away, NoSet."""
    source = waiting.of(id)
    try:
        if not root.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no archive", str(root))
        made = as_it_is(source)
        left = source / CARRIED
        if left.is_file():
            lay_out(root, made.id, left.read_bytes())
        delivered = _delivered(source, made, root, rule)
    except OSError as refused:
        raise Away(_why(refused, root)) from refused
    waiting.take_out(id)
    return delivered


def _delivered(source: Path, made: KeptSet, root: Path, rule: Rule) -> Delivered:
    folder = root.joinpath(*proposed(rule, made.named, 1, str(root))).parent
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{made.id}{PART}"
    shutil.rmtree(part, ignore_errors=True)
    stem = ""
    try:
        for edition in count(1):
            place = root.joinpath(*proposed(rule, made.named, edition, str(root)))
            if place.exists():
                if _is(place, made):
                    return Delivered(place, place.name)
                continue
            if stem:
                rename_files(part, made, stem, place.name)
            else:
                copy_set(source, part, place.name)
            stem = place.name
            if _named(part, place):
                sync_folder(folder)
                return Delivered(place, stem)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    raise AssertionError("editions do not end")


def _named(part: Path, place: Path) -> bool:
    """Whether the folder has that name now; somebody else may have been faster."""
    try:
        os.rename(part, place)
    except OSError as refused:
        # Windows says that access is denied where a folder of that name is there.
        if refused.errno in TAKEN or place.exists():
            return False
        raise
    return True


def _is(place: Path, made: KeptSet) -> bool:
    """Whether just this set is there already: the program was killed before it could note that."""
    try:
        return read_set(place).digest == made.digest
    except NoSet:
        return False


def _why(refused: OSError, root: Path) -> Words:
    values: dict[str, object] = {"folder": str(root)}
    if refused.errno in FULL:
        return "保管先に空き容量がありません。この端末に保存してあり、空きができたときに保管します。", values
    if refused.errno in CLOSED:
        return (
            "保管先に書き込めません。この端末に保存してあり、書き込めるようになったときに保管します。",
            values,
        )
    if refused.errno in GONE:
        return "保管先「{folder}」がありません。この端末に保存してあり、つながったときに保管します。", values
    return "保管先につながりません。この端末に保存してあり、つながったときに保管します。", values
