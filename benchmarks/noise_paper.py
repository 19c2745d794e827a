"""A paper of pictures that no compression makes smaller, as scans and photographs are: noise, as JPEG."""

from __future__ import annotations

import random
from pathlib import Path

import pymupdf

WIDTH, HEIGHT = 960, 540
QUALITY = 92


def noise_paper(file: Path, *, pages: int, megabytes: float) -> Path:
    """Write a 16:9 PDF of ``pages`` pages, about ``megabytes`` in all."""
    rand = random.Random(27)
    wanted = megabytes * 1e6 / pages
    bytes_per_pixel = len(noise(rand, 320, 180)) / (320 * 180)
    columns = int((wanted / bytes_per_pixel * WIDTH / HEIGHT) ** 0.5)
    paper = pymupdf.open()
    for n in range(pages):
        page = paper.new_page(width=WIDTH, height=HEIGHT)
        page.insert_image(page.rect, stream=noise(rand, columns, columns * HEIGHT // WIDTH))
        page.insert_text((40, 60), f"{n + 1}", fontsize=40)
    paper.save(file)
    paper.close()
    return file


def noise(rand: random.Random, columns: int, rows: int) -> bytes:
    """A JPEG of random pixels."""
    pixels = pymupdf.Pixmap(pymupdf.csRGB, columns, rows, rand.randbytes(columns * rows * 3), False)
    data: bytes = pixels.tobytes("jpeg", jpg_quality=QUALITY)
    return data
