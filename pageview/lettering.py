"""Words of ours in a PDF: one bundled face, cut once to all that a document says with it. Only in the render
process."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pymupdf

from pageview.page_fonts import Coded, CutFont
from pageview.page_writer import Placed

mupdf = pymupdf.mupdf

ASCENT, DESCENT = 1.16, 0.288
"""Of the faces that the screens are set in, in ems: lines stand as far apart as there."""
STAND_IN = "〓"
_SMALL = (0x41, 0x43, 0x45, 0x47, 0x49, 0x63, 0x83, 0x85, 0x87, 0x8E)
SMALL_KANA = frozenset(chr(kana + code) for kana in (0x3000, 0x3060) for code in _SMALL)
NOT_FIRST = frozenset("、。，．・：；？！）］｝」』】〉》〕ー々％%),.:;?!]}") | SMALL_KANA
NOT_LAST = frozenset("（［｛「『【〈《〔([{¥￥")


class Lettering:
    """A face in a document."""

    def __init__(self, doc: Any, face: Path, words: Iterable[str]) -> None:
        signs = {sign for text in words for sign in text if unicodedata.category(sign)[0] != "C"}
        cut = CutFont(face, "".join(sorted(signs | {STAND_IN})))
        self._coded = cut.put_into(doc)
        for sign in cut.missing:
            self._coded[sign] = self._coded[STAND_IN]
        self.reference = mupdf.pdf_new_indirect(
            mupdf.pdf_document_from_fz_document(doc.this), self._coded[STAND_IN].font, 0
        )

    def coded(self, sign: str) -> Coded:
        """How a sign is written; one that the face does not have, by 〓."""
        return self._coded.get(sign) or self._coded[STAND_IN]

    def advance(self, words: str) -> float:
        """Width in ems."""
        return sum(self.coded(sign).advance for sign in words)

    def set(self, words: str, x: float, y: float, size: float, colour: int) -> list[Placed]:
        """Level words from (x, y) on their baseline, in page space; ``size`` of the letters in points."""
        placed = []
        for sign in words:
            coded = self.coded(sign)
            placed.append(Placed(coded, x, y, (size, 0.0, 0.0, -size), colour))
            x += coded.advance * size
        return placed

    def code(self, words: str) -> str:
        """The string that shows the words, as contents have it."""
        return f"<{b''.join(self.coded(sign).code for sign in words).hex()}>"


def anywhere(words: str, room: float, advance: Callable[[str], float]) -> Iterator[str]:
    """Lines of a text box: broken wherever the room (ems) ends, as it is typed."""
    for line in words.split("\n"):
        start, wide = 0, 0.0
        for at, sign in enumerate(line):
            wide += advance(sign)
            if wide > room and at > start:
                yield line[start:at]
                start, wide = at, advance(sign)
        yield line[start:]


def set_in(words: str, room: float, advance: Callable[[str], float]) -> Iterator[str]:
    """Lines of a text that is read: no line begins or ends with a sign that may not, no figure is torn."""
    for line in words.split("\n"):
        start, wide = 0, 0.0
        at = 0
        while at < len(line):
            wide += advance(line[at])
            if wide > room and at > start:
                at = _break_before(line, start, at)
                yield line[start:at]
                start, wide = at, 0.0
                continue
            at += 1
        yield line[start:]


def _break_before(line: str, start: int, at: int) -> int:
    for earlier in range(at, max(start, at - 20), -1):
        before, behind = line[earlier - 1], line[earlier]
        torn = before.isascii() and behind.isascii() and before != " "
        if behind not in NOT_FIRST and before not in NOT_LAST and not torn:
            return earlier
    return at
