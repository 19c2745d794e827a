"""Text as it is compared: without white space, full-width, half-width and capitals alike. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

BEFORE, AROUND = 12, 90
"""Signs of a page's text before the first find, and in all."""


def words_of(typed: str) -> tuple[str, ...]:
    """What is searched for: the words typed, folded."""
    return tuple(word for word in (folded(part)[0] for part in typed.split()) if word)


def folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its signs the place in ``text`` that it comes from.

    Without white space, which in Japanese stands wherever a line ends; full-width, half-width and capitals
    are alike.
    """
    plain: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if not sign.isspace():
            alike = unicodedata.normalize("NFKD", sign).casefold()
            plain.append(alike)
            places += [place] * len(alike)
    return "".join(plain), places


def found_in(text: str, wanted: Sequence[str]) -> tuple[int, str, tuple[tuple[int, int], ...]] | None:
    """(how many places, the words around the first, where the finds stand in those); None: not all there.

    ``wanted`` are folded words.
    """
    plain, at = folded(text)
    places = sorted((start, start + len(word)) for word in wanted for start in _starts(plain, word))
    if any(word not in plain for word in wanted) or not places:
        return None
    spans = [(at[start], at[end - 1] + 1) for start, end in places]
    left = max(0, spans[0][0] - BEFORE)
    snippet = text[left : left + AROUND]
    head, tail = "…" if left else "", "…" if left + AROUND < len(text) else ""
    shift = len(head) - left
    marks = tuple((start + shift, end + shift) for start, end in spans if end - left <= len(snippet))
    return len(places), head + snippet + tail, marks


def _starts(plain: str, word: str) -> Iterator[int]:
    start = plain.find(word)
    while start >= 0:
        yield start
        start = plain.find(word, start + len(word))
