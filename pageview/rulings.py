"""Boxes of what is drawn with lines and areas on a page. Only in the render process."""

from __future__ import annotations

from typing import Any

import pymupdf

from protocol.values import Rect

mupdf = pymupdf.mupdf

MAX_RULINGS = 20_000


def rulings(page: Any) -> list[Rect]:
    """In 1/100 point of page space, in the order of drawing."""
    options = mupdf.FzStextOptions(mupdf.FZ_STEXT_COLLECT_VECTORS)
    found = []
    read = mupdf.FzStextPage(page, options)  # by a name: its blocks do not keep it
    for block in read:
        inner = block.m_internal
        if inner.type == mupdf.FZ_STEXT_BLOCK_VECTOR:
            box = inner.bbox
            if all(abs(edge) < 1e5 for edge in (box.x0, box.y0, box.x1, box.y1)):
                found.append(Rect(*(round(100 * edge) for edge in (box.x0, box.y0, box.x1, box.y1))))
            if len(found) == MAX_RULINGS:
                break
    return found
