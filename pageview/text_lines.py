"""Where the lines of text of a page are, for steps between lines and for the note on small text; and all its
words, for searching.

Only in the render process.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pymupdf

from pageview.pdf_paper import CENTIPOINT, CONTROLS, CannotShow, PdfPaper
from pageview.render_messages import MAX_LINES, SIZES, TEXT_READ, TEXT_SHOWN
from protocol.errors import Fault
from protocol.values import Rect

mupdf = pymupdf.mupdf

FURTHEST = 20_000_000
SMALL_SHARE = 0.1
LARGEST = 10_000_000


def read_lines(paper: PdfPaper, index: int) -> tuple[tuple[Rect, ...], int, str, tuple[int, ...]]:
    """Boxes of the lines, from top to bottom; the size of its small text; the page's first words;
    how many letters have which size (size and number turn about).

    Boxes and size are in 1/100 point of page space; 0 for a page without text. Blank lines do not count.
    Nine tenths of the characters have that size or a larger one: a page number says nothing of a page.
    """
    try:
        page = mupdf.FzStextPage(paper.display_list(index), mupdf.FzStextOptions(0))
        blocks = pymupdf.TextPage(page).extractDICT()["blocks"]
    except CannotShow:
        raise
    except Exception as error:
        raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
    boxes: list[Rect] = []
    words: list[str] = []
    sizes: Counter[float] = Counter()
    for line in (line for block in blocks for line in block.get("lines", ())):
        text = CONTROLS.sub("", "".join(span["text"] for span in line["spans"])).strip()
        box = _rect(line["bbox"])
        if not text or box is None or len(boxes) == MAX_LINES:
            continue
        boxes.append(box)
        words.append(text)
        for span in line["spans"]:
            sizes[span["size"]] += len(span["text"].strip())
    boxes.sort(key=lambda box: (box.y0, box.x0))
    small = min(LARGEST, round(_small(sizes) * CENTIPOINT))
    return tuple(boxes), small, "\n".join(words)[:TEXT_SHOWN], _letters(sizes)


def read_text(paper: PdfPaper, index: int) -> str:
    """All words that are shown, a line feed after each line; of endless text the beginning."""
    try:
        page = mupdf.FzStextPage(paper.display_list(index), mupdf.FzStextOptions(0))
        text: str = pymupdf.TextPage(page).extractText()
    except CannotShow:
        raise
    except Exception as error:
        raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
    lines = (CONTROLS.sub("", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:TEXT_READ]


def _letters(sizes: Counter[float]) -> tuple[int, ...]:
    """The smallest sizes first; of a page with more than can be told, the larger ones count as one."""
    whole: Counter[int] = Counter()
    for size, count in sizes.items():
        if size > 0 and count:
            whole[min(LARGEST, max(1, round(size * CENTIPOINT)))] += count
    kept = sorted(whole)[:SIZES]
    kept_counts = [whole[size] for size in kept]
    kept_counts[-1:] = [sum(whole.values()) - sum(kept_counts[:-1])] if kept else []
    return tuple(value for pair in zip(kept, kept_counts, strict=True) for value in pair)


def _small(sizes: Counter[float]) -> float:
    below, tenth = 0, SMALL_SHARE * sum(sizes.values())
    for size in sorted(size for size, count in sizes.items() if size > 0 and count):
        below += sizes[size]
        if below >= tenth:
            return size
    return 0.0


def _rect(box: tuple[Any, ...]) -> Rect | None:
    if not all(abs(edge) * CENTIPOINT < FURTHEST for edge in box):  # also refuses NaN
        return None
    x0, y0, x1, y1 = (round(edge * CENTIPOINT) for edge in box)
    return Rect(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None
