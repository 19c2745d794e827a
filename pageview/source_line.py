"""The source at the foot of a page: the page grows by a strip below, and nothing of it moves.

Only in the render process.
"""

from __future__ import annotations

from typing import Any

import pymupdf

import assets
from pageview.export_jobs import Source
from pageview.lettering import Lettering
from pageview.page_contents import Walk
from pageview.page_glyphs import Matrix, inverted, page_matrix
from pageview.page_writer import PageWriter
from pageview.pdf_paper import CENTIPOINT, PdfPaper

mupdf = pymupdf.mupdf

SIZE = 0.024
"""Of the letters, in the page's shorter side: 14 points on A4."""
LEAST, MOST = 4.0, 60.0
STRIP, BASELINE, SIDE, GAP, LEADING = 2.6, 1.65, 1.0, 1.5, 1.5
"""In those letters' size: the strip, its baseline, its sides, between the two texts, one line more."""
INK, RULE, WHITE = 0x333333, 0xB3B3B3, 0xFFFFFF
MORE = "…"


def add_source(paper: PdfPaper, index: int, source: Source) -> None:
    """Puts the source below a page, on two lines where the page is narrow; CannotShow."""
    page = paper.page(index)
    width, height = (side / CENTIPOINT for side in paper.visible(index))
    size = max(LEAST, min(MOST, SIZE * min(width, height)))
    letters = Lettering(paper.document, assets.SCREEN_REGULAR, [source.words, source.when, MORE])
    room, when = width / size - 2 * SIDE, letters.advance(source.when)
    both = letters.advance(source.words) + GAP + when <= room or not when
    strip = (STRIP if both else STRIP + LEADING) * size
    _grow(paper, page, width, height, strip)
    writer = PageWriter(paper.document, page)
    # What lay hidden below the page's edge stays so.
    writer.fill(0, height, width, height + strip, WHITE)
    writer.fill(0, height, width, height + size / 14, RULE)
    baseline = height + BASELINE * size
    writer.write(letters.set(_fitted(source.words, room, letters), SIDE * size, baseline, size, INK))
    if not both:
        baseline += LEADING * size
    if 0 < when <= room:
        writer.write(letters.set(source.when, width - (SIDE + when) * size, baseline, size, INK))
    walk = Walk(paper.document)
    walk.run(page)
    writer.finish(walk.opened, walk.closed)


def _fitted(words: str, room: float, letters: Lettering) -> str:
    if letters.advance(words) <= room:
        return words
    while words and letters.advance(words + MORE) > room:
        words = words[:-1]
    return words + MORE


def _grow(paper: PdfPaper, page: Any, width: float, height: float, by: float) -> None:
    sheet = mupdf.pdf_page_from_fz_page(page).obj()
    to_pdf = inverted(page_matrix(page))
    former, box = _box(to_pdf, width, height), _box(to_pdf, width, height + by)
    for name in ("MediaBox", "CropBox"):
        mupdf.pdf_dict_put_rect(sheet, mupdf.pdf_new_name(name), box)
    notes = mupdf.pdf_dict_gets(sheet, "Annots")
    for at in reversed(range(mupdf.pdf_array_len(notes))):
        place = mupdf.pdf_dict_get_rect(mupdf.pdf_array_get(notes, at), mupdf.pdf_new_name("Rect"))
        if mupdf.fz_is_empty_rect(mupdf.fz_intersect_rect(place, former)):
            mupdf.pdf_array_delete(notes, at)


def _box(to_pdf: Matrix, width: float, height: float) -> Any:
    a, b, c, d, e, f = to_pdf
    xs, ys = (e, a * width + c * height + e), (f, b * width + d * height + f)
    return mupdf.FzRect(min(xs), min(ys), max(xs), max(ys))
