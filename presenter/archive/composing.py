"""What of a briefing is kept: the papers as they were and as they are, the record, the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pageview.export_jobs import PaperJob
from pageview.exporter import CannotExport, Exporter
from pageview.segments import SegmentStore
from presenter.archive import carried
from presenter.archive.clerk import KIND_BYTES, mended
from presenter.archive.kept_set import NamedData
from presenter.archive.log_lines import log_lines
from presenter.archive.rule import Rule
from presenter.console_state import Words
from presenter.export import SUFFIXES, USUAL, Kind, plan
from presenter.export_files import made_file
from presenter.record.facts import RecordFacts
from presenter.record.outputs import EVERY, made
from presenter.record.record import Record, encoded
from presenter.record.thumbnails import Thumbnail, lacking_words, thumbnails
from protocol.journal import Entry
from protocol.model import Briefing

RECORD = "打合せ記録.json"
ORIGINAL, CLEAN, LOG = "原本", "溶け込み", "経過.jsonl"


@dataclass(frozen=True)
class Forms:
    """Which forms are filled (their names), and the folder of the department's own, None for none."""

    names: Sequence[str]
    folder: Path | None


def composed(
    briefing: Briefing,
    entries: Sequence[Entry],
    record: Record,
    forms: Forms,
    exporter: Exporter,
    store: SegmentStore,
    told: list[Words],
) -> Iterator[NamedData]:
    """Everything that can be made, one file after the other: a briefing may have more than memory has.

    What cannot be made, and what else a person should know, is put into ``told``. CannotExport only when it
    was given up.
    """
    names = _Names()
    several = len(briefing.papers) > 1
    for paper in briefing.papers:
        data = store.data(paper.blob.sha256) if paper.blob.sha256 in store else b""
        if hashlib.sha256(data).digest() != paper.blob.sha256:
            told.append(("「{name}」は、資料の写しがないので作れませんでした。", {"name": paper.title}))
            continue
        yield names.of(ORIGINAL, paper.title if several else "", ".pdf"), data
    titles = {paper.blob.sha256: paper.title for paper in briefing.papers}
    for wanted in plan(briefing, USUAL, record.facts.presenter).files:
        try:
            data, notes = made_file(wanted, exporter)
        except CannotExport as cannot:
            if cannot.fault is None:
                raise
            words = "「{name}」を作れませんでした。元の資料と記録はそのままです。"
            told.append((words, {"name": wanted.name}))
            continue
        told += [note for note in notes if note not in told]
        title = titles.get(wanted.job.base, "") if isinstance(wanted.job, PaperJob) and several else ""
        yield names.of(SUFFIXES[wanted.kind], title, Path(wanted.name).suffix), data
    yield from record_files(record, forms, exporter, told)
    yield LOG, log_lines(entries)


def record_files(
    record: Record,
    forms: Forms,
    exporter: Exporter,
    told: list[Words],
    kept: str = "",
    pictures_from: Path | None = None,
) -> Iterator[NamedData]:
    """The record alone, in every form. ``kept``: where people find it; ``pictures_from``: a folder of the set
    whose papers' pages are to be pictured in it."""
    pictures: Sequence[Thumbnail] = ()
    if pictures_from is not None:
        pictures, lacking = thumbnails(record.facts, papers_in(pictures_from, record.facts))
        told += lacking_words(lacking)
    out = made(record, EVERY, forms.names, forms.folder, exporter, kept, pictures)
    told += out.told
    yield from out.files.items()
    yield RECORD, encoded(record)
    yield carried.CARRIED, carried.encoded(carried.carried_of(record.facts))


def papers_in(folder: Path, facts: RecordFacts, stem: str = "") -> Callable[[str], bytes | None]:
    """What gives the PDF of a title: as people wrote on it, else as it is now. ``stem``: with which the names
    of the set's files begin."""
    several = len(facts.papers) > 1
    files: dict[str, list[Path]] = {}
    for kind in (SUFFIXES[Kind.ANNOTATED], CLEAN):
        names = _Names()
        for paper in facts.papers:
            name = names.of(kind, paper.title if several else "", ".pdf")
            files.setdefault(paper.title, []).append(folder / f"{stem}{name}")

    @cache
    def paper_of(title: str) -> bytes | None:
        for file in files.get(title, ()):
            with suppress(OSError):
                return file.read_bytes()
        return None

    return paper_of


class _Names:
    """Names that no other file of the set has, and that fit behind the name of any set."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, kind: str, title: str, ending: str) -> str:
        stem = f"{kind}_{mended(title, Rule())}" if title else kind
        stem = stem.encode()[: KIND_BYTES - 20].decode(errors="ignore")
        name, number = f"{stem}{ending}", 2
        while name.casefold() in self._taken:
            name, number = f"{stem} {number}{ending}", number + 1
        self._taken.add(name.casefold())
        return name
