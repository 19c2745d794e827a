"""What of a briefing is kept: the papers as they were and as they are, the record, the log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pageview.export_jobs import PaperJob
from pageview.exporter import CannotExport, Exporter
from pageview.segments import SegmentStore
from presenter.archive.clerk import KIND_BYTES, mended
from presenter.archive.log_lines import log_lines
from presenter.archive.rule import Rule
from presenter.console_state import Words
from presenter.export import SUFFIXES, USUAL, Wanted, plan
from presenter.export_files import made_file
from presenter.record.outputs import EVERY, made
from presenter.record.record import Record, encoded
from protocol.journal import Entry
from protocol.model import Briefing

RECORD = "打合せ記録.json"
ORIGINAL, CLEAN, LOG = "原本", "溶け込み", "経過.jsonl"

Files = dict[str, bytes | memoryview]


@dataclass(frozen=True)
class Forms:
    """Which forms are filled (their names), and the folder of the department's own, None for none."""

    names: Sequence[str]
    folder: Path | None


@dataclass(frozen=True)
class Composed:
    """The files of a set by what each is, and what a person should know of them."""

    files: Mapping[str, bytes | memoryview]
    told: tuple[Words, ...]


def composed(
    briefing: Briefing,
    entries: Sequence[Entry],
    record: Record,
    forms: Forms,
    exporter: Exporter,
    store: SegmentStore,
) -> Composed:
    """Everything that can be made; what cannot is told. CannotExport only when it was given up."""
    files: Files = {}
    told: list[Words] = []
    several = len(briefing.papers) > 1
    for paper in briefing.papers:
        data = store.data(paper.blob.sha256) if paper.blob.sha256 in store else b""
        if hashlib.sha256(data).digest() != paper.blob.sha256:
            told.append(("「{name}」は、資料の写しがないので作れませんでした。", {"name": paper.title}))
            continue
        _add(files, ORIGINAL, paper.title if several else "", ".pdf", data)
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
        _add(files, SUFFIXES[wanted.kind], title, _ending(wanted), data)
    of_record = record_files(record, forms, exporter)
    files |= of_record.files
    files[LOG] = log_lines(entries)
    return Composed(files, (*told, *of_record.told))


def record_files(record: Record, forms: Forms, exporter: Exporter, kept: str = "") -> Composed:
    """The record alone, in every form. ``kept``: where people find it."""
    out = made(record, EVERY, forms.names, forms.folder, exporter, kept)
    return Composed({**out.files, RECORD: encoded(record)}, out.told)


def _ending(wanted: Wanted) -> str:
    return Path(wanted.name).suffix


def _add(files: Files, kind: str, title: str, ending: str, data: bytes | memoryview) -> None:
    """Under a name that no other file has, and that fits behind the name of any set."""
    stem = f"{kind}_{mended(title, Rule())}" if title else kind
    stem = stem.encode()[: KIND_BYTES - 20].decode(errors="ignore")
    name, number = f"{stem}{ending}", 2
    while name in files:
        name, number = f"{stem} {number}{ending}", number + 1
    files[name] = data
