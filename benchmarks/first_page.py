"""From 開始 to the first sharp page of a 200 MB paper, and a page turn while that paper is still travelling.

The slow wires are a token-bucket proxy: 10 ms each way, a queue of 200 ms.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.harness import Figure, Limit, figure
from benchmarks.noise_paper import noise_paper
from benchmarks.proxy import Wire
from benchmarks.staging import FOUR_K, Staged, paired
from presenter.stage import screen_environment

NAMES = ("first_page", "first_page_20mbit", "turn_during_bulk")
RUNS = 5
SLOW = Wire(20e6, 0.010, 0.2)
BULK = Wire(40e6, 0.010, 0.2)

BARE = """
import sys, time
import pymupdf
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
data = open(sys.argv[1], "rb").read()
class Wall(QWidget):
    image = None
    def paintEvent(self, event):
        if self.image is not None:
            painter = QPainter(self)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(0, 0, self.image)
wall = Wall()
wall.resize(3840, 2160)
wall.show()
app.processEvents()
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    paper = pymupdf.open(stream=memoryview(data), filetype="pdf")
    paper.select([0])
    one = paper.tobytes(garbage=3)
    page = pymupdf.open(stream=one, filetype="pdf")[0]
    pixels = page.get_pixmap(matrix=pymupdf.Matrix(4, 4), alpha=True)
    wall.image = QImage(pixels.samples_mv, 3840, 2160, QImage.Format.Format_ARGB32_Premultiplied)
    wall.repaint()
    print(time.perf_counter() - start, len(one), flush=True)
"""


def bare(paper: Path, folder: Path) -> tuple[float, int]:
    """Milliseconds of a one-page subset, a 4K render and a blit in one process; and the bytes of the page."""
    environment = {**os.environ, **screen_environment(folder, FOUR_K)}
    words = [sys.executable, "-c", BARE, str(paper), "5"]
    lines = subprocess.run(words, capture_output=True, text=True, env=environment, check=True).stdout.split(
        "\n"
    )
    told = [line.split() for line in lines if line]
    return statistics.median(float(seconds) * 1000 for seconds, _ in told), int(told[0][1])


def run() -> Iterable[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large = noise_paper(folder / "large.pdf", pages=60, megabytes=200)
        samples, references, size = [], [], 0
        for _ in range(RUNS):
            reference, size = bare(large, folder)
            references.append(reference)
            samples.append(first_page(large, None))
        how = "a bare one-page subset + 4K render + blit in one process, taken between the runs"
        yield figure("first_page", "ms", samples, Limit("ratio", 1.3), reference=references, how=how)
        over_wire = [first_page(large, SLOW) for _ in range(3)]
        floor = 1.1 * size * 8 / SLOW.rate * 1000 + statistics.median(references)
        how = f"1.1 × ({size} bytes of the page / 20 Mbit/s) + the bare subset, render and blit"
        yield figure("first_page_20mbit", "ms", over_wire, Limit("ratio", 1.0), reference=floor, how=how)
        yield turns_during_bulk(large, noise_paper(folder / "small.pdf", pages=4, megabytes=0.4))


def first_page(paper: Path, wire: Wire | None) -> float:
    with paired((paper,), wire=wire) as staged:
        began, painted = staged.start()
        return float(painted["t"] - began) / 1e6


def turns_during_bulk(large: Path, small: Path) -> Figure:
    """Turns between two small pages that are on the wall: idle first, then as the large paper travels."""
    with paired((small,), wire=BULK) as staged:
        staged.start()
        time.sleep(3)
        idle = [turn(staged, n) for n in range(40)]
        staged.desk.tell("open", files=[str(large)])
        staged.desk.wait("opened", within=60)
        time.sleep(4)
        during = [turn(staged, n) for n in range(40)]
    how = "the same turns before that paper was opened; key to the end of the paint, through 40 Mbit/s"
    return figure("turn_during_bulk", "ms", during, Limit("ratio", 1.5), reference=idle, how=how)


def turn(staged: Staged, n: int) -> float:
    time.sleep(0.4)
    return staged.turn("Right", 2) if n % 2 == 0 else staged.turn("Left", 1)
