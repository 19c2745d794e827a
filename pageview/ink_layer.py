"""The ink of the page on glass: dry strokes as a picture that is painted at once, wet ones on top of it.

The picture covers what is inked and no more. A stroke that comes is painted onto it; only another page, zoom
or size has it drawn anew, in a thread where that takes long. So the five-thousandth stroke costs what the
first one did.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, Signal, SignalInstance
from PySide6.QtGui import QColor, QImage, QPainter, QRegion, QTransform

from pageview import ink_painting
from pageview.wet_stroke import Glass, WetStroke, pixels
from protocol.ink import POINTS_LIMIT, Drawn, MarkId, unpacked
from protocol.presence import Wet
from protocol.values import PageId, PeerId

AT_ONCE = 60
"""Up to so many marks are painted while one waits: 8 ms."""
BEYOND = 256
"""Pixels that a picture grows by more than it must, so that it does not grow with each stroke."""
AT_A_HAND = 4
"""So many strokes of one person are under way at most: one, and those whose mark has not come yet. Each has a
picture of its own, and whoever is let write could begin any number."""
KEPT_BYTES = 48 * 2**20
"""Pictures of pages that were on glass lately."""


@dataclass(slots=True)
class _Sheet:
    """One picture of marks, transparent elsewhere; ``area``: where it lies on the glass."""

    image: QImage = field(default_factory=QImage)
    area: QRect = field(default_factory=QRect)

    def wipe(self, region: QRegion) -> None:
        """Makes a region of the glass transparent."""
        if self.area.isEmpty():
            return
        painter = QPainter(self.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.setClipRegion(region.translated(-self.area.topLeft()))
        painter.fillRect(self.image.rect(), QColor(0, 0, 0, 0))
        painter.end()

    def reach(self, area: QRect, bounds: QRect) -> None:
        """Makes sure that it covers ``area``, as far as that lies in ``bounds``."""
        area = area.intersected(bounds)
        if area.isEmpty() or self.area.contains(area):
            return
        wider = area.adjusted(-BEYOND, -BEYOND, BEYOND, BEYOND).united(self.area).intersected(bounds)
        image = QImage(wider.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor(0, 0, 0, 0))
        if not self.area.isEmpty():
            painter = QPainter(image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(self.area.topLeft() - wider.topLeft(), self.image)
            painter.end()
        self.image, self.area = image, wider


@dataclass(slots=True)
class _Pictures:
    """The dry ink of one page on one glass; ``marks``: those that are in it, oldest first."""

    glass: Glass
    bounds: QRect
    pen: _Sheet = field(default_factory=_Sheet)
    highlighter: _Sheet = field(default_factory=_Sheet)
    marks: dict[MarkId, Drawn] = field(default_factory=dict)
    areas: dict[MarkId, QRect] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        return int(self.pen.image.sizeInBytes() + self.highlighter.image.sizeInBytes())

    def difference(self, wanted: dict[MarkId, Drawn]) -> tuple[list[Drawn], QRegion]:
        """What must be painted for this to be the picture of ``wanted``: further marks on top, or everything
        in a region that must be wiped first."""
        stale = QRegion()
        for id, drawn in self.marks.items():
            if wanted.get(id) != drawn:
                stale += self.areas[id]
        fresh = [drawn for id, drawn in wanted.items() if self.marks.get(id) != drawn]
        tail = list(wanted.values())[len(wanted) - len(fresh) :]
        if stale.isEmpty() and tail == fresh:
            return fresh, stale
        for drawn in fresh:
            stale += self._area(drawn)
        return [drawn for drawn in wanted.values() if stale.intersects(self._area(drawn))], stale

    def paint_anew(self, marks: Sequence[Drawn], stale: QRegion, wanted: dict[MarkId, Drawn]) -> None:
        """Wipes a region and paints ``marks`` there."""
        for sheet in (self.pen, self.highlighter):
            sheet.wipe(stale)
        self.add(marks, stale)
        self.areas = {id: self._area(drawn) for id, drawn in wanted.items()}
        self.marks = dict(wanted)

    def add(self, marks: Iterable[Drawn], clip: QRegion | None = None) -> QRect:
        """Paints further marks; the pixels of the glass that are others now."""
        changed = QRect()
        for sheet, its_own in self._by_sheet(marks):
            area = QRect()
            for drawn in its_own:
                self.areas[drawn.id] = self._area(drawn)
                self.marks[drawn.id] = drawn
                area = area.united(self.areas[drawn.id])
            sheet.reach(area, self.bounds)
            if sheet.area.isEmpty() or not area.intersects(self.bounds):
                continue
            self._paint(sheet, its_own, clip)
            changed = changed.united(area.intersected(self.bounds))
        return changed

    def _by_sheet(self, marks: Iterable[Drawn]) -> Iterator[tuple[_Sheet, list[Drawn]]]:
        pen: list[Drawn] = []
        highlighter: list[Drawn] = []
        for drawn in marks:
            (highlighter if ink_painting.is_highlight(drawn.mark) else pen).append(drawn)
        if highlighter:
            yield self.highlighter, highlighter
        if pen:
            yield self.pen, pen

    def _paint(self, sheet: _Sheet, marks: Sequence[Drawn], clip: QRegion | None) -> None:
        corner = sheet.area.topLeft()
        onto = ink_painting.to_pixels(self.glass.place)
        onto *= QTransform.fromTranslate(-corner.x(), -corner.y())
        painter = QPainter(sheet.image)
        if clip is not None:
            painter.setClipRegion(clip.translated(-corner))
        for drawn in marks:
            if self.areas[drawn.id].intersects(self.bounds):
                ink_painting.paint_drawn(painter, drawn, onto)
        painter.end()

    def _area(self, drawn: Drawn) -> QRect:
        if self.marks.get(drawn.id) == drawn:
            return self.areas[drawn.id]
        return pixels(
            ink_painting.extent(drawn.mark, drawn.placement), ink_painting.to_pixels(self.glass.place)
        )


class InkLayer(QObject):
    """What is drawn on the page of one `PageCanvas`. Areas are device pixels of that widget."""

    dirty = Signal(QRect)
    """These pixels look different now."""
    _drawn = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: _Pictures | None = None
        self._kept: list[_Pictures] = []
        self._wet: dict[MarkId, WetStroke] = {}
        self._unsent: dict[MarkId, tuple[PageId, Drawn]] = {}
        self._wanted: dict[MarkId, Drawn] = {}
        self._hidden: frozenset[MarkId] = frozenset()
        self._preview: tuple[Drawn, ...] = ()
        self._under_way: _Job | None = None
        self._drawn.connect(self._take_job)

    # --- what is shown ------------------------------------------------------------------------------------

    def show(self, glass: Glass | None, bounds: QRect, marks: Sequence[Drawn]) -> None:
        """The page on glass and all its marks; their picture is there at once, unless there are very many."""
        if glass is None:
            self._put_away()
            return
        self._wanted = {drawn.id: drawn for drawn in marks if drawn.id not in self._unsent}
        if self._shown is None or self._shown.glass != glass or self._shown.bounds != bounds:
            self._put_away()
            kept = next((each for each in self._kept if (each.glass, each.bounds) == (glass, bounds)), None)
            self._shown = kept or _Pictures(glass, bounds)
            if kept is not None:
                self._kept.remove(kept)
        self._bring_up()

    def arrived(self, marks: Iterable[MarkId]) -> None:
        """These are in the log: neither wet nor on their way any more."""
        for id in marks:
            self.forget_wet(id)
            page_id, drawn = self._unsent.pop(id, (None, None))
            if drawn is not None and self._shown is not None and self._shown.glass.page_id == page_id:
                self.dirty.emit(self._on_glass(ink_painting.extent(drawn.mark, drawn.placement)))

    def preview(self, hidden: Iterable[MarkId], instead: Sequence[Drawn]) -> None:
        """How it would be without some marks and with others; nothing of both: as it is."""
        former, self._preview = self._preview, tuple(instead)
        if self._shown is None:
            return
        for drawn in (*former, *self._preview):
            self.dirty.emit(self._on_glass(ink_painting.extent(drawn.mark, drawn.placement)))
        if self._hidden != (hides := frozenset(hidden)):
            self._hidden = hides
            self._bring_up()

    def add(self, marks: Sequence[Drawn]) -> None:
        """Marks that were just drawn on the page shown."""
        self.arrived(drawn.id for drawn in marks)
        shown = self._shown
        if shown is None:
            return
        if self._under_way is not None:
            self._under_way.later.extend(marks)
            return
        self._wanted.update({drawn.id: drawn for drawn in marks})
        changed = shown.add(drawn for drawn in marks if drawn.id not in shown.marks)
        self.dirty.emit(changed)

    def around(self, spot: QPointF, reach: float) -> list[Drawn]:
        """The marks on glass whose box is at most so many pixels from there, oldest first."""
        box = QRectF(spot.x() - reach, spot.y() - reach, 2 * reach, 2 * reach).toAlignedRect()
        shown = self._shown
        areas = shown.areas if shown is not None else {}
        return [drawn for id, drawn in self._wanted.items() if id in areas and areas[id].intersects(box)]

    def clear(self) -> None:
        """Nothing of any page is left."""
        self._shown = self._under_way = None
        self._kept.clear()
        self._wet.clear()
        self._unsent.clear()
        self._wanted.clear()
        self._hidden, self._preview = frozenset(), ()

    def _bring_up(self) -> None:
        shown = self._shown
        wanted = {id: drawn for id, drawn in self._wanted.items() if id not in self._hidden}
        assert shown is not None
        self._under_way = None
        if list(shown.marks.items()) == list(wanted.items()):
            return
        marks, stale = shown.difference(wanted)
        if len(marks) > AT_ONCE:
            self._under_way = _Job(_Pictures(shown.glass, shown.bounds), list(wanted.values()), self._drawn)
            self._under_way.start()
        elif stale.isEmpty():
            self.dirty.emit(shown.add(marks))
        else:
            shown.paint_anew(marks, stale, wanted)
            self.dirty.emit(stale.boundingRect().intersected(shown.bounds))

    def _take_job(self, job: _Job) -> None:
        if job is not self._under_way:
            return
        self._under_way = None
        if self._shown is None or self._shown.glass != job.pictures.glass:
            return
        self._shown = job.pictures
        self._shown.add(drawn for drawn in job.later if drawn.id not in job.pictures.marks)
        self.dirty.emit(self._shown.bounds)

    def _put_away(self) -> None:
        """The picture of the page that goes is kept for a while: people turn back."""
        if self._shown is not None and self._shown.nbytes:
            self._kept.append(self._shown)
            while self._kept and sum(each.nbytes for each in self._kept) > KEPT_BYTES:
                del self._kept[0]
        self._shown = self._under_way = None

    # --- wet ink ------------------------------------------------------------------------------------------

    def wet(self, peer: PeerId, piece: Wet) -> None:
        """The next piece of a stroke under way, also one's own."""
        id = MarkId(peer, piece.n)
        xs, ys = unpacked(piece.x, piece.y, piece.path)
        stroke = self._wet.get(id)
        if piece.fresh or stroke is None or stroke.page_id != piece.page_id:
            self.forget_wet(id)
            if piece.fresh and not piece.path:
                return
            self._wet[id] = stroke = WetStroke(piece.page_id, piece.pen, xs, ys)
            since = 0
            for former in [each for each in self._wet if each.author == peer][:-AT_A_HAND]:
                self.forget_wet(former)
        elif len(stroke.xs) + len(xs) > POINTS_LIMIT:
            return  # no mark comes of it
        else:
            since = max(0, len(stroke.xs) - 2)
            stroke.xs += xs[1:]
            stroke.ys += ys[1:]
        if self._shown is not None and self._shown.glass.page_id == stroke.page_id:
            self.dirty.emit(self._on_glass(stroke.extent(since)))

    def forget_wet(self, id: MarkId) -> None:
        """That stroke will not be."""
        stroke = self._wet.pop(id, None)
        if stroke is not None and self._shown is not None:
            self.dirty.emit(self._on_glass(stroke.extent()))

    def unsent(self, page_id: PageId, marks: Sequence[Drawn]) -> None:
        """Own marks that have not arrived: they look so, until ``add`` tells that they have."""
        for drawn in marks:
            self._unsent[drawn.id] = page_id, drawn
            self._wet.pop(drawn.id, None)
            if self._shown is not None and self._shown.glass.page_id == page_id:
                self.dirty.emit(self._on_glass(ink_painting.extent(drawn.mark, drawn.placement)))

    def _on_glass(self, extent: QRectF) -> QRect:
        assert self._shown is not None
        onto = ink_painting.to_pixels(self._shown.glass.place)
        return pixels(extent, onto).intersected(self._shown.bounds)

    # --- painting -----------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paints what lies in ``area`` over the page's picture. One unit is one device pixel."""
        shown = self._shown
        if shown is None or not (shown.marks or self._wet or self._unsent or self._preview):
            return
        painter.save()
        painter.setClipRect(area.intersected(shown.bounds))
        multiply = QPainter.CompositionMode.CompositionMode_Multiply
        over = QPainter.CompositionMode.CompositionMode_SourceOver
        for sheet, mode in ((shown.highlighter, multiply), (shown.pen, over)):
            part = area.intersected(sheet.area)
            if not part.isEmpty():
                painter.setCompositionMode(mode)
                corner = QPoint(part.x() - sheet.area.x(), part.y() - sheet.area.y())
                painter.drawImage(part.topLeft(), sheet.image, QRect(corner, part.size()))
        onto = ink_painting.to_pixels(shown.glass.place)
        base = painter.transform()
        for drawn in self._preview:
            painter.setCompositionMode(multiply if ink_painting.is_highlight(drawn.mark) else over)
            ink_painting.paint_drawn(painter, drawn, onto * base)
        for page_id, drawn in self._unsent.values():
            if page_id != shown.glass.page_id:
                continue
            painter.setOpacity(ink_painting.UNSENT)
            painter.setCompositionMode(multiply if ink_painting.is_highlight(drawn.mark) else over)
            ink_painting.paint_drawn(painter, drawn, onto * base)
            painter.setOpacity(1.0)
        for stroke in self._wet.values():
            if stroke.page_id == shown.glass.page_id:
                painter.setTransform(base)
                stroke.paint(painter, shown.glass, shown.bounds, area)
        painter.restore()


class _Job:
    """Draws many marks in a thread; ``told`` is emitted when it is over. ``later``: what came meanwhile."""

    def __init__(self, pictures: _Pictures, marks: list[Drawn], told: SignalInstance) -> None:
        self.pictures = pictures
        self.later: list[Drawn] = []
        self._marks = marks
        self._told = told

    def start(self) -> None:
        threading.Thread(target=self._run, name="ink", daemon=True).start()

    def _run(self) -> None:
        self.pictures.add(self._marks)
        self._told.emit(self)
