"""What is to be exported: pages with what was drawn and corrected on them, and tables; and what was found and
is to be shown as a page, with its source at the foot. Pure values.

A job goes to a render process as it is, and comes back as one PDF.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

from msgspec import Meta

from protocol.ink import Drawn
from protocol.values import PageIndex, PeerId, Rect, Sha256, Value


class Form(IntEnum):
    """What is made of the pages."""

    CLEAN = 0
    """The pages as they are (溶け込み), and nothing on them but notes of what could not be set in them."""
    MARKED_UP = 1
    """Old words struck, new ones beside or above them (見え消し)."""
    ANNOTATED = 2
    """With the marks as annotations that every viewer can hide or delete."""
    FLATTENED = 3
    """With the marks as part of the page."""


class MarkUp(Value, frozen=True):
    """A correction: the words ``before`` stood at ``places`` (page space), and are ``after`` now."""

    number: int
    places: tuple[Rect, ...]
    before: str
    after: str


class PageJob(Value, frozen=True):
    """A page of a blob. ``gone``: a later edition does not have it any more."""

    blob: Sha256
    index: PageIndex
    marks: tuple[Drawn, ...] = ()
    mark_ups: tuple[MarkUp, ...] = ()
    gone: bool = False


class PaperJob(Value, frozen=True, tag=1):
    """A PDF of these pages; outline, layers and what else belongs to no page are those of ``base``.
    ``names``: who drew, for annotations."""

    base: Sha256
    form: Form
    pages: Annotated[tuple[PageJob, ...], Meta(min_length=1)]
    names: dict[PeerId, str] = {}


class Cell(Value, frozen=True):
    """``start`` to ``end`` of its text is underlined."""

    text: str
    start: int = 0
    end: int = 0


class Column(Value, frozen=True):
    """``share``: of the table's width, in any unit."""

    heading: str
    share: int
    centred: bool = False


class TableJob(Value, frozen=True, tag=2):
    """A table on A4 sheets, lying, with its ``title``, and ``facts`` in small print under it."""

    title: str
    facts: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Heading(Value, frozen=True, tag=11):
    """The head of a part of a record."""

    text: str


class Line(Value, frozen=True, tag=12):
    """A line of a record, behind a ``dot``; ``note`` in small print behind it."""

    text: str
    note: str = ""
    dot: bool = True


class Pairs(Value, frozen=True, tag=13):
    """Heads, and beside each what stands there."""

    rows: tuple[tuple[str, str], ...]


class Grid(Value, frozen=True, tag=14):
    """A table of a record."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


class Picture(Value, frozen=True):
    """A small picture (JPEG) of so many pixels, and what it is."""

    jpeg: Annotated[bytes, Meta(max_length=4 * 2**20)]
    width: Annotated[int, Meta(ge=1, le=10_000)]
    height: Annotated[int, Meta(ge=1, le=10_000)]
    caption: str


class Pictures(Value, frozen=True, tag=15):
    """Pictures of a record, two beside each other, from a new sheet on."""

    heading: str
    pictures: Annotated[tuple[Picture, ...], Meta(max_length=200)]


class RecordJob(Value, frozen=True, tag=7):
    """A record on A4 sheets, upright. ``status``: in small print above its ``title``."""

    title: str
    subject: str
    status: str
    blocks: tuple[Heading | Line | Pairs | Grid | Pictures, ...]


class Source(Value, frozen=True):
    """What stands at the foot of a page that was found: whence it is, and at the right when; without either
    the page has no such foot."""

    words: Annotated[str, Meta(max_length=400)]
    when: Annotated[str, Meta(max_length=60)] = ""


class FoundPage(Value, frozen=True, tag=3):
    """So many ``pages`` of a blob; with ``clip`` a picture of that part of the first alone, and nothing of
    the rest."""

    blob: Sha256
    index: PageIndex
    source: Source
    clip: Rect | None = None
    pages: Annotated[int, Meta(ge=1, le=1_000)] = 1


class FoundPicture(Value, frozen=True, tag=4):
    """A picture in any usual format, as a page."""

    picture: Annotated[bytes, Meta(max_length=100 * 2**20)]
    source: Source


class FoundText(Value, frozen=True, tag=5):
    """A text, set large enough to be read from the seats, on as many sheets as it takes."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)]
    source: Source


Row = Annotated[tuple[Annotated[str, Meta(max_length=1_000)], ...], Meta(min_length=1, max_length=40)]


class FoundTable(Value, frozen=True, tag=6):
    """A table, its rows all of one length, on as many sheets as it takes."""

    rows: Annotated[tuple[Row, ...], Meta(min_length=1, max_length=500)]
    source: Source


FoundJob = FoundPage | FoundPicture | FoundText | FoundTable
Job = PaperJob | TableJob | RecordJob | FoundJob


def blobs_of(job: Job) -> frozenset[bytes]:
    """The papers that a job is made from."""
    match job:
        case PaperJob():
            return frozenset({job.base, *(page.blob for page in job.pages)})
        case FoundPage():
            return frozenset({job.blob})
        case _:
            return frozenset()
