"""A stroke that is under way: what of it changes no more is kept as a picture, and the rest is a few points.

So the two-thousandth point of a scribble costs what the first one did: drawn as a whole with each event, a
line that crosses itself costs the square of its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from pageview import ink_painting
from pageview.geometry import Placement
from protocol.ink import Pen
from protocol.values import PageId

WET_PIECE = 5
"""Points that come into the picture together."""
AT_A_STROKE = 8 * WET_PIECE
"""So many points at most are drawn as one line."""
TILE = 512
"""Pixels: the picture is of tiles, so that it grows without being copied."""
_FORMAT = QImage.Format.Format_ARGB32_Premultiplied
_MODES = QPainter.CompositionMode


@dataclass(frozen=True, slots=True)
class Glass:
    """What the picture is of: it fits while this is the same."""

    page_id: PageId
    place: Placement


@dataclass(slots=True)
class WetStroke:
    """In page space, with its picture on one glass. A highlighter's line is put together so that one piece
    replaces the other: where they meet or cross it is no darker."""

    page_id: PageId
    pen: Pen
    xs: list[int]
    ys: list[int]
    _of: tuple[Glass, QRect] | None = None
    _tiles: dict[tuple[int, int], QImage] = field(default_factory=dict)
    _kept: int = 1
    """The first bend (`ink_painting.smooth`) that is not in the picture."""

    def extent(self, since: int = 0, end: int | None = None) -> QRectF:
        """What its points from ``since`` on may colour, up to ``end``."""
        xs, ys, reach = self.xs[since:end], self.ys[since:end], self.pen.width / 2 + 50
        box = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        return box.adjusted(-reach, -reach, reach, reach)

    def paint(self, painter: QPainter, glass: Glass, bounds: QRect, area: QRect) -> None:
        """Paints what lies in ``area``, pixels of the ``glass``; ``bounds``: what is seen of the page."""
        if self._of != (glass, bounds):
            self._of, self._tiles, self._kept = (glass, bounds), {}, 1
        onto = ink_painting.to_pixels(glass.place)
        self._keep(onto, bounds)
        if not self.pen.tool:
            painter.setCompositionMode(_MODES.CompositionMode_SourceOver)
            self._paint_kept(painter, area, area)
            self._paint_tail(painter, onto * painter.transform())
            return
        area = area.intersected(pixels(self.extent(), onto))
        if area.isEmpty():
            return
        image = QImage(area.size(), _FORMAT)
        image.fill(0)
        pieces = QPainter(image)
        pieces.setCompositionMode(_MODES.CompositionMode_Source)
        self._paint_kept(pieces, area, image.rect())
        self._paint_tail(pieces, onto * QTransform.fromTranslate(-area.x(), -area.y()))
        pieces.end()
        painter.setCompositionMode(_MODES.CompositionMode_Multiply)
        painter.drawImage(area.topLeft(), image)

    def _keep(self, onto: QTransform, bounds: QRect) -> None:
        """Pieces that have all their points by now come into the picture."""
        whole = 1 + (len(self.xs) - 3) // WET_PIECE * WET_PIECE
        while self._kept < whole:
            bends = self._kept, min(self._kept + AT_A_STROKE, whole)
            box = pixels(self.extent(bends[0] - 1, bends[1] + 1), onto).intersected(bounds)
            for tile in _tiles(box):
                if tile not in self._tiles:
                    self._tiles[tile] = QImage(TILE, TILE, _FORMAT)
                    self._tiles[tile].fill(0)
                painter = QPainter(self._tiles[tile])
                if self.pen.tool:
                    painter.setCompositionMode(_MODES.CompositionMode_Source)
                there = onto * QTransform.fromTranslate(-tile[0] * TILE, -tile[1] * TILE)
                self._paint_line(painter, there, bends)
                painter.end()
            self._kept = bends[1]

    def _paint_kept(self, painter: QPainter, area: QRect, onto: QRect) -> None:
        """The picture in ``area`` of the glass, where the painter has ``onto``."""
        for tile in _tiles(area):
            image = self._tiles.get(tile)
            if image is not None:
                part = area.intersected(QRect(tile[0] * TILE, tile[1] * TILE, TILE, TILE))
                spot = part.topLeft() - area.topLeft() + onto.topLeft()
                painter.drawImage(spot, image, part.translated(-tile[0] * TILE, -tile[1] * TILE))

    def _paint_tail(self, painter: QPainter, onto: QTransform) -> None:
        """What still changes with the next point."""
        self._paint_line(painter, onto, (self._kept, len(self.xs)))

    def _paint_line(self, painter: QPainter, onto: QTransform, bends: tuple[int, int]) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink_painting.paint_line(painter, self.pen, self.xs, self.ys, onto, bends)


def pixels(extent: QRectF, onto: QTransform) -> QRect:
    """The pixels of the glass that a box of the page may colour."""
    return onto.mapRect(extent).toAlignedRect().adjusted(-1, -1, 1, 1)


def _tiles(area: QRect) -> Iterator[tuple[int, int]]:
    for down in range(area.top() // TILE, area.bottom() // TILE + 1):
        for across in range(area.left() // TILE, area.right() // TILE + 1):
            yield across, down
