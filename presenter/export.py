"""What is exported of a briefing: which files, under which names, what is in each. Nothing is written here.

A paper gives up to four PDFs (clean, marked up, with its marks as annotations or as part of the pages); the
briefing gives one table of its corrections in three forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from pageview.export_jobs import Form, Job, MarkUp, PageJob, PaperJob
from pageview.paper_words import clean_name
from pageview.wording import say
from presenter.correction_note import note_of
from presenter.correction_table import Table, table_job, table_of
from protocol.ink import Drawn
from protocol.model import Briefing, Paper
from protocol.values import OWNER, EditionPage, PageId, PageRef

NAME_BYTES = 180
"""Of a title in a file's name: with its kind and ending it fits every file system."""
FORBIDDEN = frozenset('\\/:*?"<>|')


class Kind(Enum):
    """What there is to choose from; the value is its word on the command line."""

    CLEAN = "clean"
    MARKED_UP = "marked-up"
    ANNOTATED = "annotated"
    FLATTENED = "flattened"
    TABLE_PDF = "pdf"
    TABLE_DOCX = "docx"
    TABLE_CSV = "csv"


FORMS = {
    Kind.CLEAN: Form.CLEAN,
    Kind.MARKED_UP: Form.MARKED_UP,
    Kind.ANNOTATED: Form.ANNOTATED,
    Kind.FLATTENED: Form.FLATTENED,
}
TABLES = frozenset({Kind.TABLE_PDF, Kind.TABLE_DOCX, Kind.TABLE_CSV})
USUAL = frozenset(Kind) - {Kind.FLATTENED}
"""Flattened is the annotated one again, for those who want it so."""
SUFFIXES = {
    Kind.CLEAN: "溶け込み",
    Kind.MARKED_UP: "見え消し",
    Kind.ANNOTATED: "書き込み",
    Kind.FLATTENED: "書き込み（固定）",
    **dict.fromkeys(TABLES, "修正一覧"),
}


@dataclass(frozen=True)
class Wanted:
    """A file to be made. ``job``: what the render process does for it; None: it is written from ``table``."""

    kind: Kind
    name: str
    job: Job | None
    table: Table | None = None


@dataclass(frozen=True)
class Plan:
    """The files in their order. ``empty``: kinds that were asked for and have nothing to show.
    ``left_out``: marks that lie on no page any more; ``noted``: the numbers of corrections that a clean copy
    has as notes only."""

    files: tuple[Wanted, ...]
    empty: frozenset[Kind]
    left_out: int
    noted: tuple[int, ...] = ()


def plan(briefing: Briefing, kinds: frozenset[Kind], presenter: str) -> Plan:
    """What to make of a briefing. ``presenter``: the name of its owner."""
    names = {**briefing.names, OWNER: presenter}
    stems = _stems(briefing)
    files: list[Wanted] = []
    for paper in briefing.papers:
        for kind in FORMS:
            if kind in kinds and (job := _paper_job(briefing, paper, FORMS[kind], names)) is not None:
                files.append(Wanted(kind, f"{stems[paper.paper]}_{say(SUFFIXES[kind])}.pdf", job))
    table = table_of(briefing, names)
    if table.rows and briefing.papers:
        stem = f"{stems[briefing.papers[0].paper]}_{say('修正一覧')}"
        for kind in (Kind.TABLE_PDF, Kind.TABLE_DOCX, Kind.TABLE_CSV):
            if kind in kinds:
                typeset = table_job(table) if kind is Kind.TABLE_PDF else None
                files.append(Wanted(kind, f"{stem}.{kind.value}", typeset, table))
    made = {wanted.kind for wanted in files}
    inked = kinds & {Kind.ANNOTATED, Kind.FLATTENED}
    lost = (page_id for page_id in briefing.ink.pages if page_id is None or briefing.page(page_id) is None)
    left_out = sum(1 for page_id in lost for _ in briefing.ink.seen(page_id)) if inked else 0
    noted = (each.number for each in briefing.corrections.values() if each.noted)
    return Plan(tuple(files), kinds - made, left_out, tuple(sorted(noted)) if Kind.CLEAN in kinds else ())


def paper_job(briefing: Briefing, paper: Paper, names: dict[int, str]) -> PaperJob:
    """The paper as it is now, with what was written on it."""
    inked = _paper_job(briefing, paper, Form.ANNOTATED, names)
    job = inked or _paper_job(briefing, paper, Form.CLEAN, names)
    assert job is not None, "there is always a clean one"
    return job


def _paper_job(briefing: Briefing, paper: Paper, form: Form, names: dict[int, str]) -> PaperJob | None:
    """None when there is nothing of the kind in the paper."""
    if form is Form.CLEAN:
        pages = tuple(
            PageJob(page.ref.blob, page.ref.index, tuple(_notes(briefing, page)))
            for page in paper.edition.pages
        )
    elif form is Form.MARKED_UP:
        pages = tuple(_marked_up(briefing, paper))
        if not any(page.mark_ups for page in pages):
            return None
    else:
        pages = tuple(
            PageJob(page.ref.blob, page.ref.index, tuple(briefing.ink.seen(page.page_id)))
            for page in paper.edition.pages
        )
        if not any(page.marks for page in pages):
            return None
    return PaperJob(paper.blob.sha256, form, pages, names)


def _notes(briefing: Briefing, page: EditionPage) -> Iterator[Drawn]:
    """What a clean copy has of corrections that could not be set in the page: nobody is to miss them."""
    drawn = list(briefing.ink.seen(page.page_id))
    for correction in briefing.corrections.values():
        item = briefing.items.get(correction.item)
        if correction.noted and correction.page_id == page.page_id and item is not None:
            note = note_of(correction, item.text, page, drawn)
            drawn = [each for each in drawn if each not in note]  # each is the note of one correction
            yield from note


def _marked_up(briefing: Briefing, paper: Paper) -> Iterator[PageJob]:
    """Every page that the paper ever had, as it was at first; what is gone from it, too."""
    first: dict[PageId, PageRef] = {}
    for edition in paper.editions:
        for page in edition.pages:
            first.setdefault(page.page_id, page.ref)
    now = {page.page_id for page in paper.edition.pages}
    changes: dict[PageId, list[MarkUp]] = {}
    for correction in briefing.corrections.values():
        item = briefing.items.get(correction.item)
        if correction.is_settled and item is not None and correction.page_id is not None:
            mark_up = MarkUp(correction.number, correction.places, correction.before, item.text)
            if mark_up.after != mark_up.before:
                changes.setdefault(correction.page_id, []).append(mark_up)
    for page_id in _every_page(paper):
        ref = first[page_id]
        mark_ups = tuple(changes.get(page_id, ()))
        yield PageJob(ref.blob, ref.index, mark_ups=mark_ups, gone=page_id not in now)


def _every_page(paper: Paper) -> list[PageId]:
    """The pages of the first edition in order, each later one behind the page it was put behind."""
    order = [page.page_id for page in paper.editions[0].pages]
    for edition in paper.editions[1:]:
        before: PageId | None = None
        for page in edition.pages:
            if page.page_id not in order:
                order.insert(order.index(before) + 1 if before is not None else 0, page.page_id)
            before = page.page_id
    return order


def _stems(briefing: Briefing) -> dict[int, str]:
    """How the files of each paper begin; papers of one title are told apart, on any file system."""
    stems: dict[int, str] = {}
    for paper in briefing.papers:
        stem = wanted = _stem(paper.title)
        number = 2
        while stem.casefold() in {other.casefold() for other in stems.values()}:
            stem, number = f"{wanted} ({number})", number + 1
        stems[paper.paper] = stem
    return stems


def _stem(title: str) -> str:
    """A title as the beginning of a file's name; a title from the network is never a path."""
    kept = "".join("_" if sign in FORBIDDEN else sign for sign in clean_name(title, 120))
    return kept.encode()[:NAME_BYTES].decode(errors="ignore").strip(" .") or "kamizero"
