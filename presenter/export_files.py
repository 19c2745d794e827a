"""Carries out a plan of exporting: one file after the other, each whole or not at all; originals stay."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pageview.exporter import CannotExport, Exporter
from pageview.whole_file import write_whole
from presenter.console_state import Words
from presenter.correction_table import csv_of
from presenter.export import Kind, Plan, Wanted
from presenter.not_written import why_not
from protocol.errors import Fault
from protocol.values import Blob

OnProgress = Callable[[int, int, str], None]
"""(how many are done, of how many, the name of the next)"""
EMPTY_WORDS = {
    Kind.MARKED_UP: "終えた修正がないので、見え消しは作りませんでした。",
    Kind.ANNOTATED: "書き込みがないので、書き込みのファイルは作りませんでした。",
    Kind.FLATTENED: "書き込みがないので、書き込みのファイルは作りませんでした。",
    Kind.TABLE_PDF: "修正がないので、修正一覧は作りませんでした。",
    Kind.TABLE_DOCX: "修正がないので、修正一覧は作りませんでした。",
    Kind.TABLE_CSV: "修正がないので、修正一覧は作りませんでした。",
}


@dataclass(frozen=True)
class Outcome:
    """The files that were written, what is to be told, the weightiest last; ``failed``: one is missing."""

    written: tuple[Path, ...]
    told: tuple[Words, ...]
    failed: bool


class Originals:
    """The files that papers were opened from; none of them is ever written to."""

    def __init__(self, files: Iterable[Path], blobs: Iterable[Blob]) -> None:
        """``blobs``: of the papers as they were opened, by which a file is known under any name."""
        self._files = tuple(files)
        self._sums = {blob.sha256: blob.length for blob in blobs}

    def has(self, file: Path) -> bool:
        """Whether the file there is one of them; OSError when nobody can say."""
        if not file.exists():
            return False
        if any(original.exists() and file.samefile(original) for original in self._files):
            return True
        if file.stat().st_size not in self._sums.values():
            return False
        with file.open("rb") as there:
            return hashlib.file_digest(there, "sha256").digest() in self._sums


def export(
    plan: Plan, folder: Path, exporter: Exporter, originals: Originals, on_progress: OnProgress
) -> Outcome:
    """Writes what can be written; CannotExport only when it was cancelled: files that are whole stay."""
    written: list[Path] = []
    told: list[Words] = []
    for done, wanted in enumerate(plan.files):
        on_progress(done, len(plan.files), wanted.name)
        file = folder / wanted.name
        try:
            if originals.has(file):
                told.append(("「{name}」は元の資料です。上書きしません。", {"name": wanted.name}))
                continue
            data, notes = made_file(wanted, exporter)
            write_whole(data, file)
        except OSError as refused:
            told.append(why_not(refused, wanted.name))
            break  # what the folder refuses once it refuses again
        except CannotExport as cannot:
            if cannot.fault is None:
                raise
            told.append((_FAULTS.get(cannot.fault, _UNMADE), {"name": wanted.name}))
            continue
        written.append(file)
        told += [note for note in notes if note not in told]
    on_progress(len(plan.files), len(plan.files), "")
    failed = len(written) < len(plan.files)
    return Outcome(
        tuple(written), (*_left_out(plan), *_summary(written, folder), *_noted(plan), *told), failed
    )


def made_file(wanted: Wanted, exporter: Exporter) -> tuple[bytes, list[Words]]:
    """The bytes of a file of a plan, and what a person should know of it; CannotExport."""
    if wanted.job is not None:
        made = exporter.make(wanted.job)
        notes: list[Words] = []
        if made.signed:
            notes.append(("署名のある資料です。書き出したファイルでは、署名が無効になります。", {}))
        if made.unplaced:
            numbers = "、".join(map(str, made.unplaced))
            words = "見え消しに示せない修正があります：{numbers}。修正一覧を見てください。"
            notes.append((words, {"numbers": numbers}))
        return made.pdf, notes
    assert wanted.table is not None
    if wanted.kind is Kind.TABLE_CSV:
        return csv_of(wanted.table), []
    from presenter.correction_docx import docx_of  # loads a library that nothing else needs

    return docx_of(wanted.table), []


def _summary(written: list[Path], folder: Path) -> list[Words]:
    if not written:
        return [("何も書き出しませんでした。", {})]
    return [
        (
            "{n}個のファイルを「{folder}」に書き出しました。",
            {"n": len(written), "folder": folder.name or str(folder)},
        )
    ]


def _left_out(plan: Plan) -> list[Words]:
    told: list[Words] = [
        (words, {}) for words in dict.fromkeys(EMPTY_WORDS[k] for k in Kind if k in plan.empty)
    ]
    if plan.left_out:
        words = "今のページに場所のない書き込み{n}件は、入っていません。"
        told.append((words, {"n": plan.left_out}))
    return told


def _noted(plan: Plan) -> list[Words]:
    words = "紙面を直せなかった修正は、溶け込みに注記で入れました：{numbers}。"
    return [(words, {"numbers": "、".join(map(str, plan.noted))})] if plan.noted else []


_UNMADE = "「{name}」を作れませんでした。元の資料と記録はそのままです。"
_FAULTS = {
    Fault.RENDER_TIMEOUT: "「{name}」は、時間がかかりすぎて作れませんでした。元の資料はそのままです。",
    Fault.PAPER_DAMAGED: "「{name}」は、資料の写しがないので作れませんでした。",
}
