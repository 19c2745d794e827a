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
SMALL = 400
"""Of a picture in which figures, colours and rules are looked for, not letters."""


def look_of(paper: PdfPaper, index: int) -> bytes:
    """The SHA-256 of a page's size and picture; CannotShow."""
    width, height = paper.visible(index)
    picture, _ = _drawn(paper, index, LONGER_SIDE, mupdf.fz_device_bgr())
    digest = hashlib.sha256(f"{width} {height}".encode())
    digest.update(mupdf.fz_pixmap_samples_memoryview(picture))
    return digest.digest()


def picture_of(paper: PdfPaper, index: int) -> tuple[int, bytes]:
    """A small picture of a page: its width, and the grey of each pixel, row by row; CannotShow."""
    picture, width = _drawn(paper, index, SMALL, mupdf.fz_device_gray())
    return width, bytes(mupdf.fz_pixmap_samples_memoryview(picture)[::2])


def _drawn(paper: PdfPaper, index: int, longer_side: int, colours: Any) -> tuple[Any, int]:
    """The whole page as a picture with alpha, and its width in pixels."""
    width, height = paper.visible(index)
    scale = longer_side / max(width, height)
    pixels = max(1, round(width * scale)), max(1, round(height * scale))
    picture: Any = mupdf.FzPixmap(colours, *pixels, mupdf.FzSeparations(), 1)
    paper.draw(index, Rect(0, 0, width, height), picture, *pixels)
    return picture, pixels[0]


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
