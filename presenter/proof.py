"""Proof that a wall's screenshot shows a page: the page is drawn anew by a caged process, and compared."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Self

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from pageview import render_messages as wire
from pageview.segments import Segment, SegmentStore
from pageview.worker import Worker
from protocol.values import Rect

COMPARED = 320, 180
"""Both pictures are compared at this size: panels and pointers are small, another page is not."""
ALIKE = 4.0
"""Mean difference, of 255, up to which two pictures are the same page."""
WITHIN_S = 30.0
LARGEST = 3840 * 2160 * 4


class Proof:
    """Compares screenshots with pages of these papers, which are counted through in their order, from 1."""

    def __init__(self, papers: list[Path]) -> None:
        self._replies: queue.Queue[wire.Reply | None] = queue.Queue()
        self._frames = Segment(LARGEST)
        self._store = SegmentStore()
        self._worker = Worker(
            self._frames, lambda _, reply, __: self._replies.put(reply), lambda _: self._replies.put(None)
        )
        self._answer()
        self._pages: list[tuple[bytes, int]] = []
        self.sizes: list[tuple[int, int]] = []
        """Of each page, in page space."""
        for paper in papers:
            sha256 = self._store.add_file(paper)
            segment = self._store.segment(sha256)
            assert segment is not None
            self._worker.hand(sha256, segment, None)
            self._worker.give(wire.Open(1, sha256, None))
            opened = self._answer()
            assert isinstance(opened, wire.Opened)
            self.sizes += zip(opened.sizes[::2], opened.sizes[1::2], strict=True)
            self._pages += [(sha256, index) for index in range(len(opened.sizes) // 2)]

    def difference(self, screenshot: Path, page: int, rect: Rect, place: QRect) -> float:
        """How far, of 255, the pixels at ``place`` are on average from ``rect`` of that page."""
        seen = QImage(str(screenshot)).copy(place)
        return mean_difference(seen, self.drawn(page, rect, place.width(), place.height()))

    def drawn(self, page: int, rect: Rect, width: int, height: int) -> QImage:
        """``rect`` of that page in so many pixels; no picture when it cannot be drawn."""
        sha256, index = self._pages[page - 1]
        self._worker.give(wire.Draw(2, sha256, index, rect, width, height, 0))
        if not isinstance(self._answer(), wire.Drawn):
            return QImage()
        pixels = self._frames.view[: width * height * 4]
        drawn = QImage(pixels, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
        return drawn.copy()

    def _answer(self) -> wire.Reply | None:
        try:
            return self._replies.get(timeout=WITHIN_S)
        except queue.Empty:
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.kill()
        self._store.wipe()
        self._frames.close()


def mean_difference(one: QImage, other: QImage) -> float:
    """Mean difference of the colours of two pictures, each brought to the same small size; 255 for none."""
    if one.isNull() or other.isNull():
        return 255.0
    a, b = (_small(picture) for picture in (one, other))
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)


def lightness(screenshot: Path) -> float:
    """The mean of all colours of a screenshot: 0 is black, 255 white or no picture at all."""
    picture = QImage(str(screenshot))
    if picture.isNull():
        return 255.0
    colours = _small(picture)
    return sum(colours) / len(colours)


def has_colour(screenshot: Path, place: QRect, wanted: tuple[int, int, int], tolerance: int = 40) -> bool:
    """Whether any pixel at ``place`` has about this red, green and blue."""
    picture = QImage(str(screenshot)).copy(place)
    for y in range(picture.height()):
        for x in range(picture.width()):
            colour = picture.pixelColor(x, y)
            found = colour.red(), colour.green(), colour.blue()
            if all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True)):
                return True
    return False


def _small(picture: QImage) -> bytes:
    smooth = Qt.TransformationMode.SmoothTransformation
    opaque = picture.convertToFormat(QImage.Format.Format_RGB32)
    small = opaque.scaled(*COMPARED, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    rgb = small.convertToFormat(QImage.Format.Format_RGB888)  # held by its name: its bytes go with it
    return bytes(rgb.constBits())
