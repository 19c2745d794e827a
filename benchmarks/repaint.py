"""A turn to a page that is drawn already: from `show_view` to the end of paint, beside one bare blit.

Both at 3840 × 2160 on the offscreen platform, taken in turns. The page is 16:9: both blit every pixel.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness import Figure, Limit, figure
from benchmarks.references import BareRepaint

WIDTH, HEIGHT = 3840, 2160
TURNS = 100
WARM_UP = 10
NAMES = ("cached_turn", "zoom_first_paint")


@contextmanager
def glass(width: int, height: int) -> Iterator[dict[str, str]]:
    """The environment of a process whose offscreen screen has this many pixels."""
    screen = {"name": "glass", "x": 0, "y": 0, "width": width, "height": height, "dpr": 1}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        json.dump({"screens": [screen]}, config)
        config.flush()
        yield {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config.name}"}


def run() -> Iterable[Figure]:
    """Milliseconds."""
    with glass(WIDTH, HEIGHT) as environment, BareRepaint(WIDTH, HEIGHT, environment) as bare:
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.repaint"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=Path(__file__).parents[1],
        )
        assert child.stdin is not None
        assert child.stdout is not None
        turns, zooms, blits = [], [], []
        child.stdout.readline()
        for n in range(WARM_UP + TURNS):
            child.stdin.write("\n")
            child.stdin.flush()
            turn, zoom = json.loads(child.stdout.readline())
            blit = bare.once()
            if n >= WARM_UP:
                turns.append(turn * 1000)
                zooms.append(zoom * 1000)
                blits.append(blit * 1000)
        child.stdin.close()
        child.wait(30)
        child.stdout.close()
    how = "one blit of a 4K frame by a bare widget in its own process, between the samples"
    yield figure("cached_turn", "ms", turns, Limit("ratio", 1.25), reference=blits, how=how)
    yield figure(
        "zoom_first_paint",
        "ms",
        zooms,
        Limit("p99", 33),
        reference=blits,
        how=f"something of a view never drawn, on glass; reference: {how}",
    )


def child() -> None:
    """Turns to and fro between two pages, and zooms once, for each line of its input; prints both times."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    import assets
    from pageview.page_source import PageSource
    from pageview.page_view import PageView
    from pageview.render_results import Opened
    from pageview.renderer import Renderer
    from pageview.segments import SegmentStore
    from protocol.model import Briefing
    from protocol.ops import OfferPaper
    from protocol.values import Blob, EditionPage, OpId, PageRef, Rect, View

    app = QApplication([])

    def wait(until: Callable[[], object]) -> None:
        loop, look = QEventLoop(), QTimer(interval=2)
        look.timeout.connect(lambda: loop.quit() if until() else None)
        look.start()
        loop.exec()

    deck = next((Path(assets.__file__).parent / "papers").glob("打合せ*.pdf")).read_bytes()
    store = SegmentStore()
    renderer = Renderer(store, (WIDTH, HEIGHT))
    renderer.start()
    source = PageSource(renderer)
    answers: list[Opened] = []
    renderer.opened.connect(answers.append)
    sha256 = store.add(deck)
    renderer.open(sha256)
    wait(lambda: answers)
    pages = tuple(
        EditionPage(n, PageRef(sha256, n), page.width, page.height) for n, page in enumerate(answers[0].pages)
    )
    source.set_briefing(Briefing().apply(OfferPaper(0, "", Blob(sha256, len(deck)), pages), OpId(0, 0)))
    view = PageView(source)
    view.setGeometry(app.primaryScreen().geometry())
    view.show()
    painted: list[float] = []
    view.painted.connect(lambda _: painted.append(time.perf_counter()))

    def shown_after(wanted: View) -> float:
        painted.clear()
        start = time.perf_counter()
        view.show_view(wanted)
        return painted[0] - start

    view.show_view(source.steps_of(2)[0])
    wait(lambda: not source.busy)
    print("ready", flush=True)
    for n, _ in enumerate(sys.stdin):
        turn = shown_after(source.steps_of(3 if n % 2 == 0 else 2)[0])
        assert view.on_glass is not None
        assert view.on_glass.sharp, "the page was not drawn ahead"
        zoom = shown_after(View(2 + (n + 1) % 2, Rect(10_000 + n, 5_000, 58_000 + n, 32_000)))
        wait(lambda: view.on_glass is not None and view.on_glass.sharp)
        view.show_view(source.steps_of(3 if n % 2 == 0 else 2)[0])
        wait(lambda: not source.busy)
        print(json.dumps((turn, zoom)), flush=True)
    view.set_source(None)
    view.close()
    source.clear()
    renderer.wipe()


if __name__ == "__main__":
    child()
