"""A paper of pictures that no compression makes smaller, as scans and photographs do."""

from __future__ import annotations

import random
from pathlib import Path

import pymupdf

WIDTH, HEIGHT = 960, 540


def noise_paper(file: Path, *, pages: int, megabytes: float) -> Path:
    """Write a 16:9 PDF of ``pages`` pages, ``megabytes`` in all; the same bytes each time."""
    rand = random.Random(27)
    size = int(megabytes * 1e6 / pages / 3)
    columns = int((size * WIDTH / HEIGHT) ** 0.5)
    rows = size // columns
    paper = pymupdf.open()
    for n in range(pages):
        page = paper.new_page(width=WIDTH, height=HEIGHT)
        picture = pymupdf.Pixmap(pymupdf.csRGB, columns, rows, rand.randbytes(columns * rows * 3), False)
        page.insert_image(page.rect, pixmap=picture)
        page.insert_text((40, 60), f"{n + 1}", fontsize=40)
    paper.save(file, deflate=False)
    paper.close()
    return file
