"""What a page looks like, as a sum, and its words: a re-exported paper has other bytes for the same page.

Only in the render process.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pymupdf

from pageview.pdf_paper import PdfPaper
from pageview.render_messages import MAX_WORDS
from protocol.values import Rect

mupdf = pymupdf.mupdf

LONGER_SIDE = 800
"""Pixels: a letter of eight points is some seven high, so that another one is another picture."""


def look_of(paper: PdfPaper, index: int) -> bytes:
    """The SHA-256 of a page's size and picture; CannotShow."""
    width, height = paper.visible(index)
    scale = LONGER_SIDE / max(width, height)
    pixels = max(1, round(width * scale)), max(1, round(height * scale))
    picture: Any = mupdf.FzPixmap(mupdf.fz_device_bgr(), *pixels, mupdf.FzSeparations(), 1)
    paper.draw(index, Rect(0, 0, width, height), picture, *pixels)
    digest = hashlib.sha256(f"{width} {height}".encode())
    digest.update(mupdf.fz_pixmap_samples_memoryview(picture))
    return digest.digest()


def words_of(paper: PdfPaper, index: int, count: int) -> tuple[str, ...]:
    """The signs of so many pages without spaces, as far as a message has room."""
    return tuple(_words(paper, at) for at in range(index, index + count))


def _words(paper: PdfPaper, index: int) -> str:
    try:
        read = mupdf.FzStextPage(paper.display_list(index), mupdf.FzStextOptions(0))
        text = pymupdf.TextPage(read).extractText()
    except Exception:  # noqa: BLE001  (a page may make MuPDF's wrapper throw anything)
        return ""
    return "".join(text.split())[:MAX_WORDS]
