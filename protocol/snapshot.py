"""The state of a briefing as one blob, for a joiner that lacks too much of the log."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from protocol.codec import encode
from protocol.corrections import Correction
from protocol.errors import CloseCode, PeerFault
from protocol.ink import Drawn, PageIdOrTray
from protocol.marks import Ink
from protocol.messages import Epoch
from protocol.minutes import MinutesItem
from protocol.model import Briefing
from protocol.ops import PLANNED_LIMIT, TEXT_LIMIT, Allow
from protocol.papers import Edition, Paper
from protocol.texts import Item
from protocol.values import (
    Blob,
    Counter,
    EditionPage,
    PageId,
    PaperId,
    PeerId,
    PersonName,
    Revision,
    Title,
    Value,
)


class _Edition(Value, frozen=True):
    number: int
    pages: tuple[EditionPage, ...]


class _Paper(Value, frozen=True):
    paper: PaperId
    title: Title
    blob: Blob
    editions: Annotated[tuple[_Edition, ...], Meta(min_length=1)]
    edits: tuple[Blob, ...]
    minutes: Annotated[int, Meta(ge=0, le=PLANNED_LIMIT)]
    explainer: PersonName


class _Item(Value, frozen=True):
    item: int
    page_id: PageId | None
    text: Annotated[str, Meta(max_length=TEXT_LIMIT)]
    author: PeerId


class _PageInk(Value, frozen=True):
    page_id: PageIdOrTray
    marks: tuple[Drawn, ...]


class _Snapshot(Value, frozen=True):
    epoch: Epoch
    revision: Revision
    papers: tuple[_Paper, ...]
    items: tuple[_Item, ...]
    heirs: tuple[tuple[PageId, PageId | None], ...]
    next_page_id: PageId
    allowances: tuple[Allow, ...]
    names: tuple[tuple[PeerId, PersonName], ...]
    ink: tuple[_PageInk, ...]
    next_marks: tuple[tuple[PeerId, Counter], ...]
    corrections: tuple[Correction, ...]
    minutes: tuple[MinutesItem, ...]
    removed_minutes: tuple[MinutesItem, ...]
    subject: Title


_decoder = msgspec.msgpack.Decoder(_Snapshot)


def snapshot(briefing: Briefing) -> bytes:
    """All but the registers, which travel by themselves."""
    return encode(
        _Snapshot(
            briefing.epoch,
            briefing.revision,
            tuple(
                _Paper(
                    paper.paper,
                    paper.title,
                    paper.blob,
                    tuple(_Edition(edition.number, edition.pages) for edition in paper.editions),
                    paper.edits,
                    paper.minutes,
                    paper.explainer,
                )
                for paper in briefing.papers
            ),
            tuple(_Item(item.item, item.page_id, item.text, item.author) for item in briefing.items.values()),
            tuple(briefing.heirs.items()),
            briefing.next_page_id,
            tuple(briefing.allowances.values()),
            tuple(briefing.names.items()),
            tuple(_PageInk(page_id, tuple(marks.values())) for page_id, marks in briefing.ink.pages.items()),
            tuple(briefing.ink.next_n.items()),
            tuple(briefing.corrections.values()),
            tuple(briefing.minutes.values()),
            tuple(briefing.removed_minutes.values()),
            briefing.subject,
        )
    )


def read_snapshot(data: bytes | memoryview) -> Briefing:
    """The state that was written, without registers; `PeerFault` when it is none."""
    try:
        read = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PeerFault(CloseCode.PROTOCOL, f"snapshot: {error}") from error
    papers = tuple(
        Paper(
            paper.paper,
            paper.title,
            paper.blob,
            tuple(Edition(edition.number, edition.pages) for edition in paper.editions),
            paper.edits,
            paper.minutes,
            paper.explainer,
        )
        for paper in read.papers
    )
    return Briefing(
        epoch=read.epoch,
        revision=read.revision,
        papers=papers,
        items={item.item: Item(item.item, item.page_id, item.text, item.author) for item in read.items},
        heirs=dict(read.heirs),
        next_page_id=read.next_page_id,
        allowances={allowance.peer: allowance for allowance in read.allowances},
        names=dict(read.names),
        ink=Ink(
            {page.page_id: {drawn.id: drawn for drawn in page.marks} for page in read.ink},
            dict(read.next_marks),
            sum(len(page.marks) for page in read.ink),
        ),
        corrections={correction.item: correction for correction in read.corrections},
        minutes={each.item: each for each in read.minutes},
        removed_minutes={each.item: each for each in read.removed_minutes},
        subject=read.subject,
    )
