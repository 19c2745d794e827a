"""Ink on a paper that comes back rewritten: 500 strokes on 60 pages find their words, or the tray.

From the strokes' boxes and both editions' characters to all placements; the reference is what the standard
library needs to compare the same two papers by their lines (and would not know what has moved).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from difflib import SequenceMatcher

from benchmarks.harness import Figure, Limit, figure
from benchmarks.rewritten import Author, Laid, laid_out
from pageview.anchors import Reanchoring, anchors_of
from protocol.values import Rect

PAGES, STROKES, SAMPLES = 60, 500, 7


def run() -> Iterable[Figure]:
    """Milliseconds."""
    author = Author(1)
    paper = author.paper(PAGES * 13)
    old = laid_out(paper, 40)
    new = laid_out(author.rewritten(paper), 36)
    del old.pages[PAGES:]
    strokes = _strokes(author, old)
    times, reference = [], []
    for _ in range(SAMPLES):
        start = time.perf_counter()
        reanchoring = Reanchoring(new.pages)
        for page, boxes in strokes.items():
            for anchor in anchors_of(old.pages[page], boxes):
                assert anchor is not None
                reanchoring.place(anchor, page)
        times.append(1000 * (time.perf_counter() - start))
        start = time.perf_counter()
        SequenceMatcher(None, _lines(old), _lines(new)).get_opcodes()
        reference.append(1000 * (time.perf_counter() - start))
    how = "the same two papers compared line by line by difflib"
    yield figure("reanchor", "ms", times, Limit("p95", 500), reference=reference, how=how)


def _strokes(author: Author, laid: Laid) -> dict[int, list[Rect]]:
    strokes: dict[int, list[Rect]] = {}
    for _ in range(STROKES):
        number = author.chance.randrange(len(laid.pages))
        line = author.chance.choice(laid.pages[number].lines)
        start = author.chance.randrange(len(line.text))
        strokes.setdefault(number, []).append(line.hull(start, start + author.chance.randint(2, 12)))
    return strokes


def _lines(laid: Laid) -> list[str]:
    return [line.text for page in laid.pages for line in page.lines]
