"""A record: facts, the sentences made of them, and whether a person has confirmed it.

A confirmed record takes no silent change: every change gives a draft that says which confirmation it follows,
and a file that was changed in another way no longer bears out its confirmation.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

import msgspec

from presenter.record.facts import Place, RecordFacts


class Section(Enum):
    """The part of a record that a sentence belongs to; the value is its heading."""

    OUTLINE = "概要"
    DECISIONS = "決定事項"
    INSTRUCTIONS = "指示事項"
    REMARKS = "備考"


@dataclass(frozen=True, slots=True)
class Sentence:
    """``at``, ``place``: where in the log it comes from; None for what a person wrote. ``item``: which of the
    facts' minutes it says, None for none."""

    section: Section
    text: str
    at: datetime | None = None
    place: Place | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """By whom and when; ``digest``: of what was confirmed."""

    by: str
    when: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Record:
    """``confirmed`` None: a draft. ``follows``: the confirmation of what this draft was before a change."""

    facts: RecordFacts
    sentences: tuple[Sentence, ...]
    confirmed: Confirmation | None = None
    follows: Confirmation | None = None

    def section(self, section: Section) -> tuple[Sentence, ...]:
        """The sentences of a part, in their order."""
        return tuple(each for each in self.sentences if each.section is section)

    @property
    def digest(self) -> str:
        """SHA-256 of all it says, as hexadecimal."""
        said = msgspec.json.encode((self.facts, self.sentences), order="deterministic")
        return hashlib.sha256(said).hexdigest()

    def confirm(self, by: str, when: datetime) -> Record:
        """The same, confirmed; ValueError when it is already."""
        if self.confirmed is not None:
            raise ValueError("confirmed already")
        return replace(self, confirmed=Confirmation(by, when, self.digest), follows=None)

    def changed(
        self, facts: RecordFacts | None = None, sentences: tuple[Sentence, ...] | None = None
    ) -> Record:
        """With other facts or sentences: a draft, unless nothing is different."""
        told = self.sentences if sentences is None else sentences
        made = replace(self, facts=facts or self.facts, sentences=told)
        if made == self:
            return self
        return replace(made, confirmed=None, follows=self.confirmed or self.follows)


def encoded(record: Record) -> bytes:
    """The record as JSON, for the archive."""
    return msgspec.json.format(msgspec.json.encode(record, order="deterministic"), indent=1)


def decoded(data: bytes) -> Record:
    """What `encoded` gave; ValueError when it is none. What was changed since its confirmation is a draft."""
    try:
        record = msgspec.json.decode(data, type=Record)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if record.confirmed is not None and record.confirmed.digest != record.digest:
        return replace(record, confirmed=None, follows=record.confirmed)
    return record
