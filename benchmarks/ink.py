"""A pen at the desk: from its event to the paint on the wall at 4K, with 79 more walls that only read; to the
desk's own paint on an empty page and on one of 5,000 strokes; and those strokes at somebody who comes late.

The reference of the wall is half of a bare TLS echo between two processes, taken between the strokes; of the
desk's own paint, the same on an empty page; of the late comer, bare painting of the strokes in one process.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.harness import Figure, Limit, cpu_seconds, figure
from benchmarks.many_walls import HEARTBEAT
from benchmarks.references import TlsEcho
from benchmarks.repaint import glass
from benchmarks.staging import DECK, Staged, paired
from presenter.stage import Event

NAMES = ("ink_wall", "ink_wall_desk_cpu", "ink_wall_screen_cpu", "ink_local", "late_ink")
WALLS = 79
FIRST = 101
STROKES, POINTS, EACH_MS = 12, 60, 8
DRY = 5_000

assert HEARTBEAT < 60, "a piece of wet ink is no heartbeat"

LOCAL = """
import json, math, sys, time
from random import Random
from PySide6.QtCore import QEventLoop, QPointF, QRect
from PySide6.QtWidgets import QApplication
from pageview.geometry import Placement
from pageview.ink_layer import InkLayer
from pageview.wet_stroke import Glass
from pageview.ink_painting import paint_drawn, to_pixels
from PySide6.QtGui import QImage, QPainter
from protocol.ink import Colour, Drawn, MarkId, Pen, Stroke, Tool, packed
from protocol.presence import Wet
from protocol.values import Rect
from PySide6.QtWidgets import QWidget
from PySide6.QtCore import Qt

app = QApplication([])
PLACE = Placement(Rect(0, 0, 96_000, 54_000), 0, 0, 3840, 2160)
PEN = Pen(Tool.PEN, Colour.RED, 330)
random = Random(7)

def stroke():
    x, y, turn = random.randint(5_000, 90_000), random.randint(5_000, 48_000), random.random() * 6
    xs, ys = [x], [y]
    for _ in range(40):
        turn += random.uniform(-0.5, 0.5)
        xs.append(xs[-1] + round(120 * math.cos(turn)))
        ys.append(ys[-1] + round(120 * math.sin(turn)))
    return Stroke(PEN, x, y, packed(xs, ys))

class Page(QWidget):
    def __init__(self):
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.ink = InkLayer(self)
        self.ink.dirty.connect(lambda area: self.repaint(area))
        self.picture = QImage(3840, 2160, QImage.Format.Format_ARGB32_Premultiplied)
        self.picture.fill(Qt.GlobalColor.white)
    def paintEvent(self, event):
        painter = QPainter(self)
        painter.drawImage(event.rect().topLeft(), self.picture, event.rect())
        self.ink.paint(painter, event.rect())

page = Page()
page.resize(3840, 2160)
page.show()
app.processEvents()
bounds = QRect(0, 0, 3840, 2160)

def pen(first):
    times = []
    for n in range(12):
        x, y = 20_000 + 4_000 * n, 20_000
        for at in range(60):
            path = packed([x, x + 60], [y, y + (at % 7) * 9])
            start = time.perf_counter()
            page.ink.wet(0, Wet(1, first + n, PEN, at == 0, x, y, path))
            times.append((time.perf_counter() - start) * 1000)
            x, y = x + 60, y + (at % 7) * 9
        page.ink.forget_wet(MarkId(0, first + n))
    return times

dry = [Drawn(MarkId(1, n), stroke(), 1, 0) for n in range(int(sys.argv[1]))]
page.ink.show(Glass(1, PLACE), bounds, [])
empty = pen(0)
start = time.perf_counter()
page.ink.show(Glass(1, PLACE), bounds, dry)
while page.ink._under_way is not None:
    app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)  # a screen sleeps meanwhile
late = (time.perf_counter() - start) * 1000
image = QImage(3840, 2160, QImage.Format.Format_ARGB32_Premultiplied)
image.fill(0)
start = time.perf_counter()
painter = QPainter(image)
for drawn in dry:
    paint_drawn(painter, drawn, to_pixels(PLACE))
painter.end()
bare = (time.perf_counter() - start) * 1000
full = pen(100)
print(json.dumps({"empty": empty, "full": full, "late": late, "bare": bare}))
"""


def run() -> Iterable[Figure]:
    yield from on_the_wall()
    yield from at_home()


def on_the_wall() -> Iterable[Figure]:
    """The desk is one program, the wall another, the 79 others a third."""
    with paired((DECK,)) as staged, TlsEcho() as echo, reading_walls(staged):
        time.sleep(3)
        staged.desk.tell("action", name="pen")
        strokes(staged, 2)
        pids = staged.desk.pid, staged.wall.pid
        screens = children_of(pids[1])[:1]
        before, began = [cpu_seconds([pids[0]]), cpu_seconds(screens)], time.monotonic()
        samples, echoes = [], []
        for _ in range(STROKES):
            samples += strokes(staged, 1)
            echoes.append(echo.once() * 1000)
        took = time.monotonic() - began
        used = [cpu_seconds([pids[0]]) - before[0], cpu_seconds(screens) - before[1]]
    reference = statistics.median(echoes) / 2
    how = f"half a bare TLS echo; {WALLS} more walls read along; sent per event, one each {EACH_MS} ms"
    yield figure("ink_wall", "ms", samples, Limit("p50", 3), Limit("p99", 10), reference=reference, how=how)
    for name, seconds in zip(("ink_wall_desk_cpu", "ink_wall_screen_cpu"), used, strict=True):
        share = seconds / took * 100
        yield figure(
            name, "%", [share], Limit("p50", 20), how="of one core, while the pen draws without a pause"
        )


def strokes(staged: Staged, count: int) -> list[float]:
    """Milliseconds of each event, from the desk's pen to the wall's paint."""
    took = []
    for n in range(count):
        x, y = 0.2 + 0.05 * (n % 12), 0.3
        points = [(x, y)]
        for at in range(POINTS):
            x, y = x + 0.004 * math.cos(at / 5), y + 0.006 * math.sin(at / 5)
            points.append((x, y))
        staged.desk.tell("pen", points=points, each_ms=EACH_MS)
        pressed = staged.desk.wait("pen")["moments"]
        painted: list[int] = []
        while len(painted) < POINTS + 1:  # points that came close together are told together
            seen = staged.wall.wait("inked")
            painted += [seen["t"]] * seen["points"]
        took += [(there - here) / 1e6 for here, there in zip(pressed, painted, strict=True)]
    return took


@contextmanager
def reading_walls(staged: Staged) -> Iterator[subprocess.Popen[str]]:
    """The briefing begins, and 79 walls of one process join it."""
    staged.start()
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.many_walls", folder, str(WALLS), str(FIRST)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as walls:
            assert walls.stdout is not None
            for number, (port, code) in enumerate(json.loads(walls.stdout.readline()), start=FIRST):
                staged.desk.tell("connect", room=number, address=f"127.0.0.1:{port}")
                staged.desk.wait("found", partial(is_room, number))
                staged.desk.tell("code", code=code)
                staged.desk.wait("paired", partial(is_room, number))
                staged.desk.tell("start")
            try:
                yield walls
            finally:
                walls.terminate()


def is_room(number: int, event: Event) -> bool:
    return bool(event["room"] == number)


def at_home() -> Iterable[Figure]:
    """One process of the page's widget alone."""
    with glass(3840, 2160) as environment:
        words = [sys.executable, "-c", LOCAL, str(DRY)]
        run = subprocess.run(
            words, capture_output=True, text=True, env={**os.environ, **environment}, check=True
        )
    told = json.loads(run.stdout)
    how = "the same pen on an empty page, in the same process before"
    limits = (Limit("p99", 16), Limit("ratio", 1.2))
    yield figure("ink_local", "ms", told["full"], *limits, reference=told["empty"], how=how)
    how = f"{DRY} strokes painted bare in one process"
    yield figure("late_ink", "ms", [told["late"]], Limit("p50", 1_000), reference=told["bare"], how=how)


def children_of(parent: int) -> list[int]:
    """The processes that it started."""
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
