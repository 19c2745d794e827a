"""A jump to a page never rendered: from ``show_view`` to the end of the sharp paint, at 3840 × 2160.

Each sample opens its paper anew, so that nothing of it is known: no display list, no font, no picture. Beside
it stands a bare process that does the least that must be done: open, load the page, draw the same rectangle
to the same pixels, and one blit of such a frame. Both are taken in turns.

``cold_turn_at_once`` asks two real programs, a briefing of 60 pages under way: from Enter after a number,
over TLS, to the paint of whatever there is of that page by then, mostly its small picture.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import assets
from benchmarks.harness import Figure, Limit, figure
from benchmarks.references import BareRepaint
from benchmarks.repaint import HEIGHT, WIDTH, glass

NAMES = ("cold_turn_text", "cold_turn_chart", "cold_turn_photo", "cold_turn_at_once")
SAMPLES = 20
WARM_UP = 3
GRACE_MS = 5.0
PAGE = 2
"""Which page is jumped to; the text is the step shown first of a portrait page."""


def papers(folder: Path) -> dict[str, Path]:
    """A paper of each kind: the sample papers' text and charts, and a photograph made up on the spot."""
    photo = folder / "photo.pdf"
    photo.write_bytes(photographs(PAGE + 1))
    return {"text": assets.SAMPLE_MEMO, "chart": assets.SAMPLE_BUDGET, "photo": photo}


def photographs(count: int) -> bytes:
    """A paper of 16:9 pages, each one JPEG of 12 megapixels with the detail of a photograph."""
    import pymupdf
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
    from PySide6.QtGui import QColor, QImage, QImageWriter, QLinearGradient, QPainter

    doc = pymupdf.open()
    for n in range(count):
        image = QImage(4608, 2592, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        sky = QLinearGradient(0, 0, 0, 2592)
        sky.setColorAt(0, QColor.fromHsv(200 + n, 160, 230))
        sky.setColorAt(1, QColor.fromHsv(90 + n, 120, 120))
        painter.fillRect(image.rect(), sky)
        seed = 12345 + n
        for _ in range(12_000):
            seed = (1103515245 * seed + 12345) % 2**31
            x, y, size = seed % 4608, seed // 7 % 2592, 4 + seed // 31 % 60
            painter.fillRect(QRectF(x, y, size, size), QColor.fromHsv(seed % 360, 90, 60 + seed % 190, 90))
        painter.end()
        packed = QByteArray()
        buffer = QBuffer(packed)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, QByteArray(b"jpg"))
        writer.setQuality(90)
        writer.write(image)
        page = doc.new_page(width=960, height=540)
        page.insert_image(page.rect, stream=bytes(packed.data()))
    data: bytes = doc.tobytes()
    return data


class Helper:
    """This module in a process of its own, as ``wall`` or ``bare``: a line in, a line of JSON out."""

    def __init__(self, role: str, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.cold_turn", role],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=Path(__file__).parents[1],
        )

    def ask(self, **question: object) -> dict[str, float]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@contextmanager
def helper(role: str, environment: dict[str, str]) -> Iterator[Helper]:
    """A helper that is ended afterwards."""
    running = Helper(role, environment)
    try:
        yield running
    finally:
        running.close()


def run() -> Iterable[Figure]:
    """Milliseconds, for a page of text, of charts and of a photograph."""
    import tempfile

    with (
        tempfile.TemporaryDirectory() as folder,
        glass(WIDTH, HEIGHT) as environment,
        helper("wall", environment) as wall,
        helper("bare", environment) as bare,
        BareRepaint(WIDTH, HEIGHT, environment) as repaint,
    ):
        for kind, paper in papers(Path(folder)).items():
            ours: list[float] = []
            theirs: list[float] = []
            for n in range(WARM_UP + SAMPLES):
                shot = wall.ask(paper=str(paper), n=n)
                least = bare.ask(paper=str(paper), **{key: shot[key] for key in ("rect", "size")})
                blit = repaint.once()
                if n >= WARM_UP:
                    ours.append(shot["seconds"] * 1000)
                    theirs.append((least["seconds"] + blit) * 1000 + GRACE_MS)
            how = "bare open and draw of the same pixels in one process, a bare blit, and 5 ms; in turns"
            yield figure(f"cold_turn_{kind}", "ms", ours, Limit("ratio", 1.2), reference=theirs, how=how)
    yield at_once()


def at_once() -> Figure:
    """Milliseconds, for pages that nobody has been near: seven on from the last one, and so round again."""
    import tempfile

    from benchmarks.noise_paper import noise_paper
    from benchmarks.staging import come_to_rest, paired

    samples: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        paper = noise_paper(Path(folder) / "sixty.pdf", pages=60, megabytes=12)
        with paired((paper,)) as staged:
            staged.start()
            come_to_rest(staged.wall, staged.desk)  # the paper is there, and its small pictures
            for page in (*range(8, 61, 7), *range(4, 61, 7)):
                for digit in str(page):
                    staged.desk.tell("key", key=digit)
                samples.append(staged.turn("Return", page, sharp=False))
                time.sleep(1)
    how = (
        "none: absolute, from Enter at the desk to the first paint of that page, sharp or not, at 4K over TLS"
    )
    return figure("cold_turn_at_once", "ms", samples, Limit("p95", 33), how=how)


def wall() -> None:
    """A page view on a 4K screen with its renderer: jumps to a page of a paper opened just before."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from pageview.page_source import PageSource
    from pageview.page_view import PageView
    from pageview.render_results import Opened
    from pageview.renderer import Renderer
    from pageview.segments import SegmentStore
    from protocol.model import Briefing
    from protocol.ops import OfferPaper
    from protocol.values import Blob, EditionPage, OpId, PageRef

    app = QApplication([])

    def wait(until: Callable[[], object]) -> None:
        loop, look = QEventLoop(), QTimer(interval=0)
        look.timeout.connect(lambda: loop.quit() if until() else None)
        look.start()
        loop.exec()

    store = SegmentStore()
    renderer = Renderer(store, (WIDTH, HEIGHT))
    renderer.start()
    source = PageSource(renderer)
    answers: list[Opened] = []
    renderer.opened.connect(answers.append)
    view = PageView(source)
    view.setGeometry(app.primaryScreen().geometry())
    view.show()
    sharp: list[float] = []
    view.painted.connect(lambda _: sharp.append(time.perf_counter()) if is_sharp() else None)

    def is_sharp() -> bool:
        return view.on_glass is not None and view.on_glass.sharp

    for line in sys.stdin:
        question = json.loads(line)
        data = Path(question["paper"]).read_bytes() + b"\n%%%d" % question["n"]
        sha256 = store.add(data)
        answers.clear()
        renderer.open(sha256)
        wait(lambda: answers)
        pages = tuple(
            EditionPage(n, PageRef(sha256, n), page.width, page.height)
            for n, page in enumerate(answers[0].pages)
        )
        source.set_briefing(Briefing().apply(OfferPaper(0, "", Blob(sha256, len(data)), pages), OpId(0, 0)))
        wanted = source.steps_of(PAGE)[0]
        sharp.clear()
        start = time.perf_counter()
        view.show_view(wanted)
        wait_for_paint(app, sharp)
        shot = view.shot_of(wanted)
        assert shot is not None
        rect = (shot.rect.x0, shot.rect.y0, shot.rect.x1, shot.rect.y1)
        answer = {"seconds": sharp[0] - start, "rect": rect, "size": (shot.width, shot.height)}
        view.show_view(None)
        source.set_briefing(Briefing())
        renderer.drop(sha256)
        store.drop(sha256)
        print(json.dumps(answer), flush=True)
    view.set_source(None)
    view.close()
    source.clear()
    renderer.wipe()


def wait_for_paint(app: object, painted: list[float]) -> None:
    """Runs the event loop as a program would: asleep until something comes."""
    from PySide6.QtCore import QCoreApplication, QEventLoop

    while not painted:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def bare() -> None:
    """The least work: a fresh document, its page, the same pixels. No cage, no pipe, no window."""
    import pymupdf

    mupdf = pymupdf.mupdf
    for line in sys.stdin:
        question = json.loads(line)
        data = Path(question["paper"]).read_bytes()
        (x0, y0, x1, y1), (width, height) = question["rect"], question["size"]
        memory = memoryview(bytearray(width * height * 4))
        start = time.perf_counter()
        doc = pymupdf.open(stream=data, filetype="pdf")
        page = mupdf.fz_load_page(doc.this, PAGE)
        samples = mupdf.python_mutable_buffer_data(memory)
        pixmap = mupdf.fz_new_pixmap_with_data(
            mupdf.fz_device_bgr(), width, height, mupdf.FzSeparations(), 1, width * 4, samples
        )
        mupdf.fz_clear_pixmap_with_value(pixmap, 255)
        across, down = 100 * width / (x1 - x0), 100 * height / (y1 - y0)
        onto = mupdf.FzMatrix(across, 0, 0, down, -x0 / 100 * across, -y0 / 100 * down)
        device = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap)
        mupdf.fz_run_page(page, device, onto, mupdf.FzCookie())
        mupdf.fz_close_device(device)
        seconds = time.perf_counter() - start
        del device, pixmap, page, doc
        mupdf.fz_empty_store()
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    {"wall": wall, "bare": bare}[sys.argv[1]]()
