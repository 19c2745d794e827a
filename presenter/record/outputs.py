"""The files of a record: which there are, what is in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pageview.exporter import CannotExport, Exporter
from presenter.console_state import Words
from presenter.record.fields import values_of
from presenter.record.forms import USUAL, forms, read_form
from presenter.record.pages import record_job
from presenter.record.pictured_form import pictured
from presenter.record.plain import CHAT, chat_of, text_of
from presenter.record.record import Record
from presenter.record.template import NoTemplate, Template
from presenter.record.thumbnails import Thumbnail


class Output(Enum):
    """A form of a record; the value is its word on the command line and the ending of its file."""

    DOCX = "docx"
    PDF = "pdf"
    TEXT = "txt"
    CHAT = "chat"


EVERY = frozenset(Output)


@dataclass(frozen=True)
class Made:
    """Files by the name that tells what each is (打合せ記録.docx), and what a person should know of them.

    ``missing``: something that was wanted could not be made.
    """

    files: Mapping[str, bytes]
    told: tuple[Words, ...] = ()
    missing: bool = False


def made(
    record: Record,
    wanted: frozenset[Output],
    names: Sequence[str],
    folder: Path | None,
    exporter: Exporter,
    kept: str = "",
    pictures: Sequence[Thumbnail] = (),
) -> Made:
    """Everything that can be made. ``names``: of forms; ``folder``: of the department's own; ``pictures`` of
    pages go into the Word files and the PDF.

    A form that cannot be filled is told with its reasons, and the rest is made all the same.
    """
    files: dict[str, bytes] = {}
    told: list[Words] = []
    missing = False
    if Output.DOCX in wanted:
        files, told = _filled(record, names, folder)
        missing = len(files) < len(names)
        if not files:  # nobody is left without a record for a slip in a form
            files, _ = _filled(record, [USUAL], None)
            told.append(("代わりに、紙ゼロの様式で打合せ記録を作りました。", {}))
        if pictures:
            files = {name: pictured(data, pictures) for name, data in files.items()}
    if Output.PDF in wanted:
        try:
            files[f"{USUAL}.pdf"] = exporter.make(record_job(record, pictures)).pdf
        except CannotExport as cannot:
            if cannot.fault is None:
                raise
            told.append(("打合せ記録のPDFを作れませんでした。ほかの形は作ってあります。", {}))
            missing = True
    if Output.TEXT in wanted:
        files[f"{USUAL}.txt"] = _text(text_of(record))
    if Output.CHAT in wanted:
        files[f"{CHAT}.txt"] = _text(chat_of(record, kept))
    return Made(files, tuple(told), missing)


def _filled(
    record: Record, names: Sequence[str], folder: Path | None
) -> tuple[dict[str, bytes], list[Words]]:
    told: list[Words] = []
    try:
        there = forms(folder)
    except OSError:
        told.append(("様式のフォルダ「{folder}」を読めません。備付けの様式を使います。", {"folder": folder}))
        there = forms(None)
    values = values_of(record)
    files = {}
    for name in names:
        file = there.get(name, Path(name))
        try:
            files[f"{file.stem}.docx"] = Template(read_form(file)).filled(values)
        except NoTemplate as refused:
            told += [("様式「{form}」に書き込めません。", {"form": file.name}), *refused.told]
        except OSError:
            told.append(("様式「{form}」を読めません。", {"form": name}))
    return files, told


def _text(words: str) -> bytes:
    """For Windows' own editor: UTF-8 with its mark, lines ended as there."""
    return words.replace("\n", "\r\n").encode("utf-8-sig", "replace")
