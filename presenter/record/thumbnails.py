"""説明したページ: small pictures of the pages that were discussed, drawn by a caged process, for a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter

from pageview import render_messages as wire
from pageview.asked_worker import AskedWorker, Gone
from pageview.segments import EmptyPaper, Segment, SegmentStore
from presenter.console_state import Words
from presenter.record.dates import page, shown
from presenter.record.facts import PageTime, RecordFacts
from protocol.errors import Unavailable
from protocol.values import Rect

SIDE = 720
"""Pixels of the longer side: 200 a inch where two stand beside each other on A4."""
QUALITY = 80
MOST = 60
"""Pages of which pictures are made, those shown longest."""
LEAST_S = 10.0
"""A page that was shown for less, and of which nothing was said, was only passed by."""
PAGE_S = 5.0
LOST = 3
"""Processes that may die before nothing more is tried: nobody waits minutes for pictures."""


@dataclass(frozen=True)
class Thumbnail:
    """A page as JPEG of so many pixels; ``caption``: which it is, and when it was shown for how long."""

    jpeg: bytes
    width: int
    height: int
    caption: str


def discussed(facts: RecordFacts) -> tuple[PageTime, ...]:
    """The pages there still are that were shown for a while, or about which something was said or corrected,
    in the order in which they were first shown."""
    said = {each.place for each in facts.minutes} | {each.place for each in facts.corrections}
    titles = {paper.title for paper in facts.papers}
    there = [
        each
        for each in facts.page_times
        if not each.place.gone
        and each.place.paper in titles
        and (each.seconds >= LEAST_S or each.place in said)
    ]
    kept = sorted(there, key=lambda each: (each.place not in said, -each.seconds))[:MOST]
    return tuple(each for each in there if each in kept)


def thumbnails(
    facts: RecordFacts, paper_of: Callable[[str], bytes | None]
) -> tuple[tuple[Thumbnail, ...], int]:
    """(pictures of those pages, how many could not be drawn). ``paper_of``: a paper's PDF by its title."""
    pages = discussed(facts)
    if not pages:
        return (), 0
    with _Drawing() as drawing:
        made = tuple(_made(facts, pages, drawing, paper_of))
    return made, len(pages) - len(made)


def lacking_words(lacking: int) -> list[Words]:
    """What is said of pictures that could not be made."""
    words = "説明したページのうち{n}ページは、縮小画像を作れませんでした。"
    return [(words, {"n": lacking})] if lacking else []


def _made(
    facts: RecordFacts,
    pages: tuple[PageTime, ...],
    drawing: _Drawing,
    paper_of: Callable[[str], bytes | None],
) -> Iterator[Thumbnail]:
    for each in pages:
        pdf = paper_of(each.place.paper)
        image = drawing.page(pdf, each.place.page - 1) if pdf else None
        if image is not None:
            where = page(each.place, facts.papers)
            caption = f"{where}　{shown(each.first, each.seconds)}"
            yield Thumbnail(_jpeg(image), image.width(), image.height(), caption)


class _Drawing:
    """One caged process with one paper at a time."""

    def __enter__(self) -> _Drawing:
        self._frames = Segment(SIDE * SIDE * 4)
        self._process = AskedWorker(self._frames)
        self._store = SegmentStore()
        self._lost = 0
        self._open: tuple[bytes, bytes, tuple[int, ...]] | None = None
        return self

    def __exit__(self, *_: object) -> None:
        self._process.end()
        self._store.wipe()
        self._frames.wipe()
        self._frames.close()

    def page(self, pdf: bytes, index: int) -> QImage | None:
        """That page (from 0); None when it cannot be drawn."""
        if self._lost >= LOST:
            return None
        try:
            return self._page(pdf, index)
        except (Gone, EmptyPaper, Unavailable):
            self._process.end()
            self._open = None
            self._lost += 1
            return None

    def _page(self, pdf: bytes, index: int) -> QImage | None:
        sha256, sizes = self._opened(pdf)
        if not 0 <= index < len(sizes) // 2:
            return None
        wide, high = sizes[2 * index : 2 * index + 2]
        scale = SIDE / max(wide, high)
        width, height = max(1, int(wide * scale)), max(1, int(high * scale))
        order = wire.Draw(1, sha256, index, Rect(0, 0, wide, high), width, height, 0)
        if not isinstance(self._process.ask(order, PAGE_S)[0], wire.Drawn):
            return None
        return QImage(self._frames.view, width, height, 4 * width, QImage.Format.Format_RGB32).copy()

    def _opened(self, pdf: bytes) -> tuple[bytes, tuple[int, ...]]:
        if self._open is not None and self._open[0] is pdf:
            return self._open[1:]
        self._process.take_all_back()
        self._store.wipe()
        sha256 = self._store.add(pdf)
        opened = self._process.open(self._store, sha256, PAGE_S)
        self._open = pdf, sha256, opened.sizes if isinstance(opened, wire.Opened) else ()
        return self._open[1:]


def _jpeg(image: QImage) -> bytes:
    """On white, since a JPEG has no other ground."""
    ground = QImage(image.size(), QImage.Format.Format_RGB888)
    ground.fill(Qt.GlobalColor.white)
    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    ground.save(buffer, "JPG", QUALITY)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
