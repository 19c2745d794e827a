"""The demo's files: what was corrected and drawn is exported, and every file is opened and looked at."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect

from pageview.segments import SegmentStore
from presenter.demo_source import INK
from presenter.proof import ALIKE, Proof, has_colour
from presenter.source_reader import SourceReader
from presenter.stage import NotTrue, Program
from protocol.values import PageRef, Rect

WIDE = 1600
"""Pixels of a page as it is looked at."""
ENDINGS = (
    "_溶け込み.pdf",
    "_見え消し.pdf",
    "_書き込み.pdf",
    "_修正一覧.pdf",
    "_修正一覧.docx",
    "_修正一覧.csv",
)


@dataclass(frozen=True)
class Corrected:
    """A correction of the demo: the paper's file, its page from 1, both wordings, and where they stand on the
    page, as shares of it. ``shot``: the wall's picture, with that page at ``pixels``."""

    paper: Path
    page: int
    before: str
    after: str
    place: tuple[float, float]
    shot: Path
    pixels: QRect


def exported(desk: Program, folder: Path, made: Corrected) -> str:
    """Every file there, each with what it must have; the originals as they were."""
    original = made.paper.read_bytes()
    folder.mkdir(exist_ok=True)
    desk.tell("export", folder=str(folder))
    files = [Path(file) for file in desk.wait("exported", within=60)["files"]]
    if made.paper.read_bytes() != original:
        raise NotTrue("the original is another file now")
    clean, marked, annotated, table, docx, sheet = (_file_of(files, ending, made) for ending in ENDINGS)
    with _reading() as words:
        _check_words(words, clean, made, has=(made.after,), lacks=(made.before,))
        _check_words(words, marked, made, has=(made.before, made.after))
        for file in (table, docx, sheet):
            _check_table(words, file, made)
    _check_looks(clean, annotated, made)
    return f"{len(files)} files, opened again: clean, marked up, annotated, and the table three times"


def _file_of(files: list[Path], ending: str, made: Corrected) -> Path:
    found = [file for file in files if file.name.endswith(ending)]
    ours = [file for file in found if file.name.startswith(made.paper.stem)] or found
    if not ours:
        raise NotTrue(f"no file …{ending} was written")
    return ours[0]


Words = Callable[[Path, int], str]
"""The words of a page (from 0) of a PDF."""


@contextmanager
def _reading() -> Iterator[Words]:
    """Reads in one cage."""
    store = SegmentStore()
    reader = SourceReader(store)
    try:
        yield lambda file, index: reader.words([PageRef(store.add_file(file), index)])[0]
    finally:
        reader.close()
        store.wipe()


def _check_words(
    words: Words, file: Path, made: Corrected, has: Iterable[str], lacks: Iterable[str] = ()
) -> None:
    said = words(file, made.page - 1)
    if any(each not in said for each in has) or any(each in said for each in lacks):
        raise NotTrue(f"{file.name} does not read as corrected")


def _check_table(words: Words, file: Path, made: Corrected) -> None:
    """Before and after stand in the table of corrections, as text."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as rows:
            text = "\n".join("\t".join(row) for row in csv.reader(rows))
    elif file.suffix == ".docx":
        with zipfile.ZipFile(file) as parts:
            text = re.sub("<[^>]*>", "", parts.read("word/document.xml").decode("utf-8"))
    else:
        text = words(file, 0)
    if made.before not in text or made.after not in text:
        raise NotTrue(f"{file.name} does not tell of the correction")


def _check_looks(clean: Path, annotated: Path, made: Corrected) -> None:
    """The clean page is what the wall showed; in the annotated one there is the ring, in the other not."""
    with Proof([clean, annotated]) as proof:
        width, height = proof.sizes[made.page - 1]
        whole = Rect(0, 0, width, height)
        off = proof.difference(made.shot, made.page, whole, made.pixels)
        if off > ALIKE:
            raise NotTrue(f"the clean page is not what the wall showed: {off:.0f} of 255 away")
        without = _drawn(proof, made.page, clean.with_suffix(".png"))
        ring = _drawn(proof, len(proof.sizes) // 2 + made.page, annotated.with_suffix(".png"))
    high = WIDE * height // width
    x, y = round(made.place[0] * WIDE), round(made.place[1] * high)
    around = QRect(x - WIDE // 16, y - high // 20, WIDE // 8, high // 10)
    if has_colour(without, around, INK) or not has_colour(ring, around, INK):
        raise NotTrue("the ring is not in the annotated file alone")


def _drawn(proof: Proof, page: int, file: Path) -> Path:
    width, height = proof.sizes[page - 1]
    proof.drawn(page, Rect(0, 0, width, height), WIDE, WIDE * height // width).save(str(file))
    return file
