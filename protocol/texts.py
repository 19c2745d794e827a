"""Texts that several people type in, and the arithmetic of their edits.

An edit is a tuple of parts (see `protocol.ops.SpliceText`). Kept canonical: no empty part, neighbours merged,
an insertion before the removal at the same place, nothing kept at the end. Positions are code points.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeAlias

from protocol.errors import Reason, Refusal
from protocol.ops import TEXT_LIMIT, Part, SpliceText
from protocol.values import PageId, PeerId

Edit: TypeAlias = "tuple[Part, ...]"

# Controls but the line feed, what turns the direction of writing, halves of surrogate pairs.
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Item:
    """A text at a page, or at none; ``author`` is who began it."""

    item: int
    page_id: PageId | None
    text: str
    author: PeerId


def cleaned(text: str) -> str:
    """The text without the characters that no item may hold."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """A name that somebody wrote: one line without those characters."""
    return " ".join(cleaned(text).split())


def folded(text: str) -> str:
    """The same for what people take for the same words: width, case and blanks differ."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def check_text(text: str) -> None:
    """`Refusal` unless an item may hold this."""
    if len(text) > TEXT_LIMIT:
        raise Refusal(Reason.TOO_LONG)
    if _FORBIDDEN.search(text):
        raise Refusal(Reason.CHARACTERS)


def splice(item: int, position: int, removed: int, inserted: str) -> SpliceText:
    """At ``position`` remove so many code points and insert a text."""
    parts = _Writer()
    parts.add(position)
    parts.add(inserted)
    parts.add(-removed)
    return SpliceText(item, parts.written())


def spliced(text: str, edit: Edit) -> str:
    """The text after the edit; `Refusal` when it reaches past the end or makes what no item may hold."""
    pieces: list[str] = []
    at = 0
    for part in edit:
        if isinstance(part, str):
            check_text(part)
            pieces.append(part)
        else:
            if at + abs(part) > len(text):
                raise Refusal(Reason.OUTSIDE_TEXT)
            if part > 0:
                pieces.append(text[at : at + part])
            at += abs(part)
    pieces.append(text[at:])
    result = "".join(pieces)
    if len(result) > TEXT_LIMIT:
        raise Refusal(Reason.TOO_LONG)
    return result


def rebase(edit: Edit, over: Edit, *, first: bool) -> Edit:
    """``edit`` as it reads after ``over``, both made on the same text.

    What one side typed survives what the other removes. Where both type at one place, the text that was
    committed earlier stands left: ``first`` says that this is ``edit``'s.
    """
    mine, out = _Reader(edit), _Writer()
    for theirs in over:
        if isinstance(theirs, str):
            if first:
                out.add(mine.take_insertion())
            out.add(len(theirs))
            continue
        left = abs(theirs)
        while left:
            part = mine.take(left)
            if isinstance(part, str):
                out.add(part)
            else:
                left -= abs(part)
                if theirs > 0:
                    out.add(part)
    return out.written(mine)


def compose(edit: Edit, then: Edit) -> Edit:
    """One edit that does what both do, one after the other."""
    before, out = _Reader(edit), _Writer()
    for part in then:
        if isinstance(part, str):
            out.add(part)
            continue
        left = abs(part)
        while left:
            piece = before.take(left)
            if isinstance(piece, int) and piece < 0:
                out.add(piece)
                continue
            left -= len(piece) if isinstance(piece, str) else piece
            if part > 0:
                out.add(piece)
            elif isinstance(piece, int):
                out.add(-piece)
    return out.written(before)


def inverse(edit: Edit, text: str) -> Edit:
    """What undoes ``edit`` after it was made on ``text``."""
    out = _Writer()
    at = 0
    for part in edit:
        if isinstance(part, str):
            out.add(-len(part))
        elif part > 0:
            out.add(part)
            at += part
        else:
            out.add(text[at : at - part])
            at -= part
    return out.written()


class _Reader:
    """The parts of an edit, in bites; past its end everything is kept."""

    def __init__(self, parts: Edit) -> None:
        self._rest = list(reversed(parts))

    def take(self, most: int) -> Part:
        """The next part or a piece of it: at most so many code points."""
        if not self._rest:
            return most
        part = self._rest.pop()
        if isinstance(part, str):
            bite: Part = part[:most]
            rest: Part = part[most:]
        else:
            bite = max(-most, min(part, most))
            rest = part - bite
        if rest:
            self._rest.append(rest)
        return bite

    def take_insertion(self) -> str:
        """The text inserted right here, if any."""
        if self._rest and isinstance(self._rest[-1], str):
            part = self._rest.pop()
            assert isinstance(part, str)
            return part
        return ""

    def rest(self) -> Edit:
        """Everything that was not taken."""
        return tuple(reversed(self._rest))


class _Writer:
    """Puts parts together, canonically."""

    def __init__(self) -> None:
        self._parts: list[Part] = []

    def add(self, part: Part) -> None:
        """One more part at the end."""
        parts = self._parts
        if not part:
            return
        if isinstance(part, str):
            removal = parts.pop() if parts and isinstance(parts[-1], int) and parts[-1] < 0 else None
            if parts and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)
            if removal is not None:
                parts.append(removal)
        elif parts and isinstance(last := parts[-1], int) and (last < 0) == (part < 0):
            parts[-1] = last + part
        else:
            parts.append(part)

    def written(self, reader: _Reader | None = None) -> Edit:
        """All of it, with what ``reader`` has left."""
        for part in reader.rest() if reader else ():
            self.add(part)
        while self._parts and isinstance(last := self._parts[-1], int) and last > 0:
            self._parts.pop()
        return tuple(self._parts)
