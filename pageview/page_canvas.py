"""The widget that shows a view of a page: the nearest picture at once, the sharp one when it is drawn.

Everything inside is device pixels of the widget, so that a picture's pixels are the glass's at any scaling.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent, QTransform
from PySide6.QtWidgets import QWidget

from pageview import accessible, page_painting, pointer
from pageview.cache import Shot
from pageview.correction_layer import Typed, TypedLayer
from pageview.geometry import Placement, Side, fit, overlap, page_rect
from pageview.ink_layer import InkLayer
from pageview.page_source import PageSource
from pageview.pointer_on_page import PointerOnPage
from pageview.steps import RAIL_SHARE, label
from pageview.wet_stroke import Glass
from pageview.wording import say
from protocol.changes import InkChanged
from protocol.errors import Fault
from protocol.marks import Ink
from protocol.presence import Pointer
from protocol.values import Rect, Screen, View

WALL: Final = QColor("#0B0D13")
DESK: Final = QColor("#EEF1F6")


@dataclass(frozen=True, slots=True)
class Painted:
    """What is on glass; all of ``rect`` is seen. No page: cover, hidden, white, or none to show.

    ``sharp`` is false while a smaller picture, or a plate for a page that cannot be shown, stands in.
    ``place``: where on the widget, so that the same page elsewhere is told as well.
    """

    page_id: int | None
    rect: Rect | None
    sharp: bool
    screen: Screen
    fault: Fault | None = None
    place: Placement | None = None


@dataclass(frozen=True, slots=True)
class _Layout:
    """A view and where it lies; no shot where the view is all beside the page."""

    view: View
    place: Placement
    shot: Shot | None


class PageCanvas(QWidget):
    """One viewport that shows the view it is given.

    A picture is placed so that the view's rectangle is seen whole and nothing of the page beside it; a
    stepped page leaves room for the wall's rail where there is one.
    """

    painted = Signal(object)
    """Painted, after each real paint that changed what is on glass."""
    inked = Signal(object)
    """InkChanged, of whatever page."""

    def __init__(
        self,
        source: PageSource | None = None,
        letterbox: QColor = WALL,
        parent: QWidget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        accessible.install()
        self._source: PageSource | None = None
        self._letterbox = letterbox
        self._clock = clock
        self._glass: QWidget = self
        self._rail: Side | None = None
        self._screen = Screen.SHOW
        self._followed: View | None = None
        self._layout: _Layout | None = None
        self._size = (0, 0)
        self._on_glass: Painted | None = None
        self._told: Painted | None = None
        self.ink = InkLayer(self)
        self.ink.dirty.connect(self._paint_ink)
        self._typed = TypedLayer()
        self._pointer = PointerOnPage(clock, self)
        self._pointer.changed.connect(self._paint_pointer)
        self._arranging = False
        self.set_source(source)

    # --- what is shown ------------------------------------------------------------------------------------

    def set_source(self, source: PageSource | None) -> None:
        """Where the pictures come from; None lets go of all."""
        former, self._source = self._source, source
        if former is not None:
            former.leave(self)
            former.ready.disconnect(self._on_ready)
            former.changed.disconnect(self._refresh)
        if source is not None:
            source.ready.connect(self._on_ready)
            source.changed.connect(self._refresh)
        self._refresh()

    def show_view(self, view: View | None) -> None:
        """What everybody follows; what there is of it is on glass before this returns."""
        self._followed = view
        self._refresh()

    @property
    def view(self) -> View | None:
        """The view shown or about to be; of a deleted page, the one that stands in for it."""
        view = self._chosen()
        return self._source.resolve(view) if view is not None and self._source is not None else None

    @property
    def on_glass(self) -> Painted | None:
        """What was painted last; None before the first paint."""
        return self._on_glass

    def set_screen(self, screen: Screen) -> None:
        """SHOW shows the view; HIDDEN is black, WHITE white, COVER the letterbox: nothing of any page."""
        if screen is not self._screen:
            self._screen = screen
            self._paint_now(self.rect())
            accessible.announce(self)

    def prepare(self, view: View) -> None:
        """Has the picture of ``view`` drawn while this widget is still hidden, in the size it has now."""
        if self._source is not None and not self.isVisible():
            self._size = self._measure()
            self._source.show(self, view)

    def set_rail(self, side: Side | None) -> None:
        """The side where a stepped page leaves room for the wall's rail; None: it is centred like others."""
        self._rail = side
        self._refresh()

    def set_pointer(self, at: Pointer | None) -> None:
        """The presenter's pointer; seen while its page is on glass, fades by itself. None: it is away."""
        self._pointer.show(at)

    def take_ink(self, change: InkChanged) -> None:
        """Marks came or went; the source has the briefing that has them already."""
        self.inked.emit(change)
        layout = self._layout
        if layout is None or self._source is None or layout.view.page_id != change.page_id:
            return
        if change.pending and change.only_new:
            return  # the hand that drew them shows them as not sent
        if not change.pending:
            self.ink.arrived(change.marks)
        marks = self._source.briefing.ink.at(change.page_id)
        drawn = [marks[id] for id in change.marks if id in marks and not marks[id].erased]
        if change.only_new and len(drawn) == len(change.marks):
            self.ink.add(drawn)
        else:
            self._show_ink()

    def show_typed(self, typed: Sequence[Typed]) -> None:
        """Corrections that are being typed now, of any page."""
        page_id = self._layout.view.page_id if self._layout is not None else None
        if self._typed.show(typed) and self._on_glass is not None:
            here = self._typed.on(page_id)
            self._put(self.rect() if here else self._logical(self._typed.area))

    def reload_ink(self) -> None:
        """All of it may be different."""
        self.ink.clear()
        self._show_ink()

    def spoken(self) -> str:
        """What is shown, in words for a screen reader."""
        view = self.view
        if self._screen is not Screen.SHOW or view is None or self._source is None:
            return say("ページは映っていません")
        n, m = self._source.page_number(view.page_id)
        words = say("{n}ページ／全{m}ページ", n=n, m=m)
        return f"{words} {label(view)}" if label(view) else words

    def _chosen(self) -> View | None:
        """The view to show, before pages that are gone are replaced."""
        return self._followed

    # --- where things lie ---------------------------------------------------------------------------------

    def placement(self) -> Placement | None:
        """Where the view's rectangle lies, in device pixels of this widget; None when no page is shown."""
        return self._layout.place if self._layout is not None and self._screen is Screen.SHOW else None

    def page_area(self) -> QRectF:
        """The same in logical pixels, for what stands in the letterbox; empty when no page is shown."""
        place, ratio = self.placement(), self.devicePixelRatioF()
        if place is None:
            return QRectF()
        return QRectF(place.x / ratio, place.y / ratio, place.width / ratio, place.height / ratio)

    def page_at(self, at: QPointF) -> tuple[int, int, int] | None:
        """(page_id, x, y) in page space under a logical pixel; None beside what is shown of the page."""
        ratio = self.devicePixelRatioF()
        if self._layout is None or not self.page_area().contains(at):
            return None
        return self._layout.view.page_id, *self._layout.place.to_page(at.x() * ratio, at.y() * ratio)

    def shot_of(self, view: View) -> Shot | None:
        """What is drawn for ``view`` at the present size (`page_source.Viewer`)."""
        page = self._source.page(view.page_id) if self._source is not None else None
        place = self._place(view)
        visible = overlap(view.rect, page_rect(page)) if page is not None else None
        if page is None or place is None or visible is None:
            return None
        part = place.part(visible)
        return Shot(page.ref, visible, part.width, part.height)

    def _place(self, view: View) -> Placement | None:
        width, height = self._size
        if width < 1 or height < 1:
            return None
        if view.steps == 1 or self._rail is None:
            return fit(view.rect, width, height)
        rail = round(width * RAIL_SHARE)
        if self._rail is Side.RIGHT:
            return fit(view.rect, width - rail, height, Side.LEFT)
        place = fit(view.rect, width - rail, height, Side.RIGHT)
        return Placement(place.rect, place.x + rail, place.y, place.width, place.height)

    def _measure(self) -> tuple[int, int]:
        """Width and height in device pixels; at 125 % and the like they depend on where the widget stands."""
        ratio = self.devicePixelRatioF()
        corner = self.mapTo(self.window(), QPoint(0, 0))
        left, top = round(corner.x() * ratio), round(corner.y() * ratio)
        right, bottom = (corner.x() + self.width()) * ratio, (corner.y() + self.height()) * ratio
        return round(right) - left, round(bottom) - top

    def _logical(self, area: QRect) -> QRect:
        """The smallest rectangle of logical pixels around one of device pixels."""
        ratio = self.devicePixelRatioF()
        rect = QRectF(area.x() / ratio, area.y() / ratio, area.width() / ratio, area.height() / ratio)
        return rect.toAlignedRect().adjusted(-1, -1, 1, 1) if ratio % 1 else rect.toAlignedRect()

    def _device(self, area: QRect) -> QRect:
        """The smallest rectangle of device pixels around one of logical pixels."""
        ratio = self.devicePixelRatioF()
        rect = QRectF(area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio)
        return rect.toAlignedRect()

    # --- painting -----------------------------------------------------------------------------------------

    def _refresh(self, paint: bool = True) -> None:
        """Finds the place of the view, has its picture drawn, and paints what there is."""
        former = self._layout
        self._size = self._measure()
        view = self.view
        place = self._place(view) if view is not None else None
        if view is None or place is None or self._source is None or not self.isVisible():
            self._layout = None
            self._show_ink()
            if self._source is not None:
                self._source.leave(self)
            self._paint_now(self.rect())
            return
        self._layout = _Layout(view, place, self.shot_of(view))
        self._show_ink()
        shot = self._layout.shot
        at_once = shot is not None and self._source.has(shot)
        if not at_once:
            self._source.show(self, view)
        if paint:
            self._paint_now(self._changed_area(former))
            self._paint_pointer()
        if at_once:
            self._source.show(self, view)
        if former is None or former.view != view:
            accessible.announce(self)

    def _show_ink(self) -> None:
        if self._source is not None:
            self._show_marks(self.ink, self._source.briefing.ink)

    def _show_marks(self, layer: InkLayer, ink: Ink) -> None:
        layout = self._layout
        if layout is None or layout.shot is None:
            layer.show(None, QRect(), ())
            return
        page_id = layout.view.page_id
        bounds = page_painting.area(layout.place.part(layout.shot.rect))
        layer.show(Glass(page_id, layout.place), bounds, list(ink.seen(page_id)))

    def _paint_ink(self, area: QRect) -> None:
        if not area.isEmpty() and self._screen is Screen.SHOW and self._on_glass is not None:
            self._put(self._logical(area))

    def _changed_area(self, former: _Layout | None) -> QRect:
        """All that may look different: the letterbox is not painted again where it stays."""
        if former is None or self._layout is None or self._on_glass is None or self._on_glass.page_id is None:
            return self.rect()
        page = self._page_column(former).united(self._page_column(self._layout))
        return page.united(self._pointer.area)

    def _page_column(self, layout: _Layout) -> QRect:
        """Logical pixels of the page, with the blank paper above and below a step."""
        column = self._logical(page_painting.area(layout.place))
        if layout.view.steps > 1:
            column.setTop(0)
            column.setBottom(self.height())
        return column

    def _paint_now(self, area: QRect) -> None:
        self._put(area)
        self._tell()

    def _put(self, area: QRect) -> None:
        """Paints at once; inside a layout later, or a sibling not yet in its place is painted with it."""
        if self._arranging:
            self.update(area)
        else:
            self.repaint(area)

    def _tell(self) -> None:
        if self._on_glass is not None and self._on_glass != self._told:
            self._told = self._on_glass
            self.painted.emit(self._told)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        base = painter.deviceTransform()
        # From here on one unit is one pixel of the glass, whatever the scaling.
        corner = QTransform.fromTranslate(round(base.dx()), round(base.dy()))
        painter.setTransform(corner * base.inverted()[0])
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        former, self._on_glass = self._on_glass, self._paint_screen(painter, event.rect())
        painter.end()
        if self._on_glass != former:
            # What the system had painted is told as well, once it is over.
            QTimer.singleShot(0, self, self._tell)
        if self._measure() != self._size:
            QTimer.singleShot(0, self, self._refresh)

    def _paint_screen(self, painter: QPainter, area: QRect) -> Painted:
        layout = self._layout
        if self._screen is not Screen.SHOW or layout is None or self._source is None:
            fill = {Screen.HIDDEN: QColor("black"), Screen.WHITE: QColor("white")}
            painter.fillRect(0, 0, *self._size, fill.get(self._screen, self._letterbox))
            return Painted(None, None, True, self._screen)
        page_id, rect, dirty = layout.view.page_id, layout.view.rect, self._device(area)
        page_painting.letterbox(painter, layout.place, layout.shot, self._size, self._letterbox, dirty)
        if layout.shot is None:
            return Painted(page_id, rect, True, self._screen, place=layout.place)
        picture = self._source.picture(layout.shot)
        if picture.fault is not None:
            place = layout.place.part(layout.shot.rect)
            page_painting.plate(painter, place, picture.fault, self._size, self._letterbox)
        else:
            page_painting.picture(painter, layout.place, layout.shot, picture)
            if layout.view.steps > 1:
                page_painting.paper_beyond(painter, layout.place, layout.view, picture, self._size)
            self.ink.paint(painter, dirty)
            part = layout.place.part(layout.shot.rect)
            image = picture.layers[0][0] if picture.sharp else None
            self._typed.paint(painter, page_id, layout.place, image, part, self._pointer_unit())
            self._paint_over(painter, dirty)
        marks = self._pointer.marks(layout.view)
        if marks:
            points = _points(marks, layout.place)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            pointer.paint(painter, points, [mark.strength for mark in marks], self._pointer_unit())
        return Painted(page_id, rect, picture.sharp, self._screen, picture.fault, layout.place)

    def _paint_over(self, painter: QPainter, area: QRect) -> None:
        """What is only at this widget: private marks, what a hand does just now."""

    # --- the pointer --------------------------------------------------------------------------------------

    def _paint_pointer(self) -> None:
        """Repaints where the pointer is and was."""
        layout, area = self._layout, QRect()
        if layout is not None and self._screen is Screen.SHOW:
            marks = self._pointer.marks(layout.view)
            if marks:
                extent = pointer.extent(_points(marks, layout.place), self._pointer_unit())
                area = self._logical(extent)
        dirty = self._pointer.moved_to(area)
        if not dirty.isEmpty():
            self._paint_now(dirty)

    def measure_by(self, glass: QWidget) -> None:
        """The glass of which this is a part: pointer, tips and boxes are as large as on the whole of it."""
        self._glass = glass

    def _pointer_unit(self) -> float:
        ratio = self.devicePixelRatioF()
        return max(ratio, min(self._glass.width() * ratio / 1920, self._glass.height() * ratio / 1080))

    # --- events -------------------------------------------------------------------------------------------

    def _on_ready(self, page_id: int) -> None:
        glass, layout = self._on_glass, self._layout
        if layout is None or layout.view.page_id != page_id or self._screen is not Screen.SHOW:
            return
        if glass is None or not glass.sharp or glass.page_id != page_id:
            self._paint_now(self._page_column(layout))

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._refresh()
        elif event.type() == QEvent.Type.LanguageChange:
            self.update()
            accessible.announce(self)
        return handled

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._arrange()

    def showEvent(self, _event: QShowEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        self._arranging = True
        self._refresh(paint=False)
        self._arranging = False

    def hideEvent(self, event: QHideEvent) -> None:
        if self._source is not None:
            self._source.leave(self)


def _points(marks: Sequence[pointer.Mark], place: Placement) -> list[QPointF]:
    return [QPointF(*place.to_pixels(mark.x, mark.y)) for mark in marks]
