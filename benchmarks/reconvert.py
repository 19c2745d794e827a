"""A source of 60 pages is saved with a paragraph more, or less, at its beginning; ink lies on six pages: from
the moment its new file has the name until the page shown is sharp on the wall at 4K, its ink in place.

A converter's own time is not in it. The reference is what one bare process needs to read the characters of
the new file's pages, all of which are otherwise, and to draw the page shown once at 4K.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from benchmarks.flowing import flowing, paragraphs, save
from benchmarks.harness import Figure, Limit, figure
from benchmarks.staging import come_to_rest, paired
from presenter.stage import Event

PAGE, ROUNDS, PARAGRAPHS = 2, 8, 770
INKED = (3, 4, 5, 10, 40)
MORE = "会議の後で加えた段落である。" * 9
BARE = """
import sys, time
import pymupdf
paper = pymupdf.open(sys.argv[1])
start = time.perf_counter()
for page in paper:
    page.get_text("rawdict")
page = paper[int(sys.argv[2])]
page.get_pixmap(matrix=pymupdf.Matrix(3456 / page.rect.width, 3456 / page.rect.width), alpha=True)
print(len(paper), time.perf_counter() - start)
"""


def run() -> Iterable[Figure]:
    """Milliseconds."""
    source = paragraphs(PARAGRAPHS)
    states = [flowing([source[0], MORE, *source[1:]]), flowing(source)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "予算.pdf"
        file.write_bytes(states[1])
        words = [sys.executable, "-c", BARE, str(file), str(PAGE - 1)]
        count, bare = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
        assert int(count) >= 60, count
        with paired((file,)) as staged:
            staged.start()
            for page in (*INKED, PAGE):
                staged.desk.tell("jump", page=page)
                staged.wall.wait("painted", partial(shows, page))
                staged.desk.tell("draw", tool="pen", points=[[0.2 + n / 50, 0.5] for n in range(12)])
                staged.desk.wait("inked")
            took = []
            for turn in range(ROUNDS):
                come_to_rest(staged.desk, staged.wall)
                staged.wall.skip()
                began = time.monotonic_ns()
                save(file, states[turn % 2])
                made = staged.desk.wait("source")
                painted = staged.wall.wait("painted", partial(shows, PAGE))
                assert len(made["pages"]) > 1 and not made["in_tray"], made
                took.append((painted["t"] - began) / 1e6)
    how = "one bare process reads the new file's characters and draws the page at 4K"
    yield figure("reconvert", "ms", took, Limit("p95", 700), reference=float(bare) * 1000, how=how)


def shows(page: int, painted: Event) -> bool:
    """Whether the wall painted that page sharp."""
    return bool(painted["page"] == page and painted["sharp"])
