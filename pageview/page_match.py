"""Which page of a paper's new state is which of its former one: by look, then by words, then by order. Pure.

Pages are named by their place, from 0. A match is a list with, for each new page, the former one or None; no
former page is taken twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

Match = list[int | None]

RUN = 4
COMMON = 8
"""A run of signs that more former pages have tells none of them from the others."""
ENOUGH = 0.25
"""Of the runs of the shorter page."""


def by_look(before: Sequence[bytes], after: Sequence[bytes]) -> Match:
    """Pages that look the same, in order as far as that goes. A look of b"" is unlike every other."""
    match: Match = [None] * len(after)
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            if before[block.a + step]:
                match[block.b + step] = block.a + step
    taken = set(match)
    left: dict[bytes, deque[int]] = defaultdict(deque)
    for at, look in enumerate(before):
        if look and at not in taken:
            left[look].append(at)
    for at, look in enumerate(after):
        if match[at] is None and left.get(look):
            match[at] = left[look].popleft()
    return match


def by_words(match: Match, before: Mapping[int, str], after: Mapping[int, str]) -> Match:
    """With pages of which much reads the same. ``before`` and ``after``: the words, without spaces, of those
    that have no match."""
    sizes = {at: len(_runs(words)) for at, words in before.items()}
    found = []
    for at, votes in in_common(before, after).items():
        runs = len(_runs(after[at]))
        for other, count in votes.items():
            if count >= ENOUGH * min(sizes[other], runs):
                found.append((-count, abs(at - other), at, other))
    result, taken = list(match), set(match)
    for _, _, at, other in sorted(found):
        if result[at] is None and other not in taken:
            result[at] = other
            taken.add(other)
    return result


def in_common(one: Mapping[int, str], other: Mapping[int, str]) -> dict[int, Counter[int]]:
    """For each page of ``other``: with which of ``one`` it has how many telling runs of signs in common."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, words in one.items():
        for run in _runs(words):
            places[run].append(at)
    votes: dict[int, Counter[int]] = {at: Counter() for at in other}
    for at, words in other.items():
        for run in _runs(words):
            pages = places.get(run, ())
            if len(pages) <= COMMON:
                votes[at].update(pages)
    return votes


def by_order(match: Match, former: int) -> Match:
    """With pages that stand between the same neighbours, first with first. ``former``: pages there were."""
    result, taken = list(match), set(match)
    at = 0
    while at < len(result):
        if result[at] is not None:
            at += 1
            continue
        end = next((n for n in range(at, len(result)) if result[n] is not None), len(result))
        low = result[at - 1] if at else -1
        high = result[end] if end < len(result) else former
        assert low is not None and high is not None
        free = [other for other in range(low + 1, high) if other not in taken]
        for place, other in zip(range(at, end), free, strict=False):
            result[place] = other
        at = end
    return result


def _runs(words: str) -> set[str]:
    return {words[at : at + RUN] for at in range(len(words) - RUN + 1)}
