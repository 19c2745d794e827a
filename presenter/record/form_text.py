"""The text of a Word file's paragraphs, whatever runs it is split into, and putting other text there."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pageview.wording import say

P, T, TR, TC, TBL, RUN, BR, TAB = (
    qn(f"w:{name}") for name in ("p", "t", "tr", "tc", "tbl", "r", "br", "tab")
)
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class FormText:
    """A paragraph. ``row``: the innermost row of a table that it stands in, None for none."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.row = next(element.iterancestors(TR), None)
        self._pieces = [each for each in element.iter(T, BR, TAB) if next(each.iterancestors(P)) is element]

    @property
    def text(self) -> str:
        """All of it; a break of a line or a tab is one sign."""
        return "".join(map(_said, self._pieces))

    def put(self, start: int, end: int, lines: Sequence[str]) -> None:
        """In place of the signs from ``start`` to ``end`` these lines, in the look of the first of them."""
        at = 0
        first = True
        for piece in self._pieces:
            said = _said(piece)
            low, high = max(start, at) - at, min(end, at + len(said)) - at
            at += len(said)
            if low >= high:
                continue
            if piece.tag != T:
                piece.getparent().remove(piece)  # a break within a field's braces
                continue
            kept, rest = said[:low], said[high:]
            if first:
                _write(piece, kept, lines, rest)
                first = False
            else:
                _set(piece, kept + rest)
        self._pieces = FormText(self.element)._pieces

    def spread(self, start: int, end: int, lines: Sequence[str]) -> None:
        """The same where it is all that the paragraph has: each line becomes a paragraph like it."""
        for line in lines[:-1]:
            like = copy.deepcopy(self.element)
            self.element.addprevious(like)
            FormText(like).put(start, end, [line])
        self.put(start, end, lines[-1:])


def _said(piece: Any) -> str:
    if piece.tag == T:
        return piece.text or ""
    return "\n" if piece.tag == BR else "\t"


def _write(piece: Any, before: str, lines: Sequence[str], behind: str) -> None:
    *above, last = lines
    if not above:
        _set(piece, before + last + behind)
        return
    _set(piece, before + above[0])
    at = piece
    for line in (*above[1:], last + behind):
        broken, more = OxmlElement("w:br"), OxmlElement("w:t")
        at.addnext(broken)
        broken.addnext(more)
        _set(more, line)
        at = more


def _set(piece: Any, words: str) -> None:
    piece.text = words
    piece.set(SPACE, "preserve")


def texts_of(root: Any) -> Iterator[FormText]:
    """Every paragraph, in text boxes too; one that is itself ``root`` is the only one."""
    if root.tag == P:
        yield FormText(root)
    for element in root.iterdescendants(P):
        yield FormText(element)


def paragraphs(part: str, root: Any) -> Iterator[tuple[str, FormText]]:
    """Every paragraph with its place in words: 本文の3段落目, 本文の表2の1行目2列目."""
    tables = {table: n for n, table in enumerate(root.iter(TBL), 1)}
    number = 0
    for text in texts_of(root):
        if next(text.element.iterancestors(FALLBACK), None) is not None:
            continue  # the same text box once more, for old readers
        where = say(part)
        cell = next(text.element.iterancestors(TC), None)
        if cell is None:
            number += 1
            yield say("{part}の{n}段落目", part=where, n=number), text
            continue
        row = next(cell.iterancestors(TR))
        table = next(row.iterancestors(TBL))
        line, column = [*table.iterchildren(TR)].index(row) + 1, [*row.iterchildren(TC)].index(cell) + 1
        words = "{part}の表{table}の{row}行目{column}列目"
        yield say(words, part=where, table=tables[table], row=line, column=column), text
