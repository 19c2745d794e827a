"""A real briefing on real glass for the tests: coloured pages, a caged renderer, a source of pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from pageview.page_canvas import PageCanvas, Painted
from pageview.page_source import PageSource
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from protocol.model import Briefing
from protocol.ops import OfferPaper
from protocol.values import Blob, EditionPage, OpId, PageRef, View
from tests.pageview.papers import opened, pdf, stream

LANDSCAPE, PORTRAIT = (842, 595), (595, 842)
COLOURS = ("1 0 0", "0 1 0", "0 0 1", "1 1 0", "0 1 1", "1 0 1")
SLOTS = 5
SPLIT = (0.3, 0.4)
"""Where the marked page changes colour: shares of its width from the left and of its height from the top."""


def marked(width: float, height: float) -> str:
    """Content of four colours that meet in one point."""
    x, y = SPLIT[0] * width, (1 - SPLIT[1]) * height
    return (
        f"1 0 0 rg 0 {y} {x} {height - y} re f 0 0 1 rg {x} {y} {width - x} {height - y} re f "
        f"0 .5 0 rg 0 0 {x} {y} re f 1 1 0 rg {x} 0 {width - x} {y} re f"
    )


def plain(width: float, height: float, colour: str) -> str:
    """Content of one colour."""
    return f"{colour} rg 0 0 {width} {height} re f"


def paper_of(pages: Sequence[tuple[tuple[int, int], str]]) -> bytes:
    """A PDF of pages, each its size in points and its content."""
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    objects: list[str | bytes] = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
    ]
    for n, ((width, height), content) in enumerate(pages):
        box = f"/MediaBox[0 0 {width} {height}]"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}/Contents {4 + 2 * n} 0 R/Resources<<>>>>")
        objects.append(stream(content))
    return pdf(objects)


def coloured(count: int, size: tuple[int, int] = LANDSCAPE) -> bytes:
    """Pages of which each has another colour than its neighbours (see `COLOURS`)."""
    return paper_of([(size, plain(*size, COLOURS[n % len(COLOURS)])) for n in range(count)])


def colour_of(number: int) -> QColor:
    """The colour of page ``number`` of a coloured paper."""
    red, green, blue = (int(part) * 255 for part in COLOURS[number % len(COLOURS)].split())
    return QColor(red, green, blue)


@dataclass
class Table:
    """A renderer, a source, and the briefing that both show."""

    qtbot: QtBot
    store: SegmentStore
    renderer: Renderer
    source: PageSource
    briefing: Briefing = field(default_factory=Briefing)

    def lay(self, pdf_bytes: bytes) -> list[View]:
        """Opens a paper, offers it, and gives the first view of each of its pages."""
        sha256 = self.store.add(pdf_bytes)
        sizes = opened(self.qtbot, self.renderer, sha256).pages
        first = self.briefing.next_page_id
        pages = tuple(
            EditionPage(first + n, PageRef(sha256, n), size.width, size.height)
            for n, size in enumerate(sizes)
        )
        number = len(self.briefing.papers)
        self.apply(OfferPaper(number, f"資料{number + 1}", Blob(sha256, len(pdf_bytes)), pages))
        return [self.source.steps_of(page.page_id)[0] for page in pages]

    def apply(self, op: object) -> None:
        """Commits an op and tells the source."""
        self.briefing = self.briefing.apply(op, OpId(0, self.briefing.revision))  # type: ignore[arg-type]
        self.source.set_briefing(self.briefing)

    def wait_sharp(self, canvas: PageCanvas, view: View) -> None:
        """Until ``view`` itself is on glass and sharp."""
        self.qtbot.waitUntil(lambda: is_sharp(canvas, view), timeout=20_000)

    def wait_idle(self) -> None:
        """Until the neighbours of what is shown are drawn, and every thumbnail there is room for."""
        self.qtbot.waitUntil(lambda: not self.source.busy, timeout=20_000)


def is_sharp(canvas: PageCanvas, view: View) -> bool:
    glass = canvas.on_glass
    return glass is not None and (glass.page_id, glass.rect, glass.sharp) == (view.page_id, view.rect, True)


@contextmanager
def running(
    size: tuple[int, int] = (1280, 960), slots: int = SLOTS, deadline_ms: int = 5_000
) -> Iterator[tuple[SegmentStore, Renderer]]:
    """Two caged processes, wiped in the end."""
    store = SegmentStore()
    renderer = Renderer(store, size, slots, deadline_ms=deadline_ms)
    renderer.start()
    try:
        yield store, renderer
    finally:
        renderer.wipe()


@contextmanager
def briefing_on(qtbot: QtBot, store: SegmentStore, renderer: Renderer) -> Iterator[Table]:
    """A briefing of its own on processes that several tests share; it must leave every slot free."""
    source = PageSource(renderer, frames=SLOTS - 1)
    try:
        yield Table(qtbot, store, renderer, source)
    finally:
        source.clear()
        renderer.forget(lambda _: False)
    qtbot.waitUntil(lambda: renderer.free_slots == SLOTS, timeout=20_000)


@contextmanager
def table(qtbot: QtBot, size: tuple[int, int] = (1280, 960), deadline_ms: int = 5_000) -> Iterator[Table]:
    """Processes for this test alone."""
    with running(size, deadline_ms=deadline_ms) as both, briefing_on(qtbot, *both) as laid:
        yield laid


def on_screen(canvas: PageCanvas) -> QImage:
    """The window's pixels as they are, nothing painted anew."""
    buffer = canvas.window().backingStore().paintDevice()
    assert isinstance(buffer, QImage)
    ratio = canvas.devicePixelRatioF()
    corner = canvas.mapTo(canvas.window(), QPoint(0, 0))
    across, down = round(canvas.width() * ratio), round(canvas.height() * ratio)
    found = buffer.copy(QRect(round(corner.x() * ratio), round(corner.y() * ratio), across, down))
    found.setDevicePixelRatio(1)
    return found


def painted_by(canvas: PageCanvas) -> list[Painted]:
    """A list that grows with every `painted` of the canvas."""
    seen: list[Painted] = []
    canvas.painted.connect(seen.append)
    return seen
