"""Where on a page the words stand that were searched for. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pageview.page_text import PageText
from presenter.lookup.folding import folded
from protocol.values import Rect

PLACES = 200
"""On one page, the most that are marked."""


def hit_places(text: PageText, wanted: Sequence[str]) -> tuple[Rect, ...]:
    """A box for each line's part of each place of the folded words, in page space."""
    signs: list[str] = []
    at: list[tuple[int, int]] = []
    for line, place, sign in text.characters():
        plain = folded(sign)[0]
        signs.append(plain)
        at += [(line, place)] * len(plain)
    plain = "".join(signs)
    found: list[Rect] = []
    for word in wanted:
        for start in _starts(plain, word):
            found += _boxes(text, at[start : start + len(word)])
            if len(found) >= PLACES:
                return tuple(found[:PLACES])
    return tuple(found)


def _starts(plain: str, word: str) -> Iterator[int]:
    start = plain.find(word) if word else -1
    while start >= 0:
        yield start
        start = plain.find(word, start + len(word))


def _boxes(text: PageText, places: Sequence[tuple[int, int]]) -> Iterator[Rect]:
    for line, part in groupby(places, key=lambda place: place[0]):
        columns = [place for _, place in part]
        yield text.lines[line].hull(min(columns), max(columns) + 1)
