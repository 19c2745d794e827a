"""A page that can be moved: by the presenter for everybody, or by anyone for themselves alone."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QPainter
from PySide6.QtWidgets import QWidget

from pageview.compared_boxes import paint_boxes
from pageview.geometry import Placement, covers, page_rect, panned, width_rect, zoomed
from pageview.gestures import Gestures
from pageview.hand import Hand
from pageview.hit_marks import paint_hit_marks
from pageview.ink_layer import InkLayer
from pageview.page_canvas import DESK, WALL, PageCanvas, Painted
from pageview.page_source import PageSource
from pageview.steps import whole
from pageview.touches import Touches
from protocol.marks import Ink
from protocol.model import Briefing
from protocol.values import EditionPage, Rect, Screen, View

__all__ = ["DESK", "WALL", "PageView", "Painted"]

ECHO_S: Final = 0.5
"""How long a wish for another view counts while its echo has not come back."""


class PageView(PageCanvas):
    """Follows `show_view`. Where it is ``interactive`` it also asks for other views by `view_wanted`; after
    `look` it shows a view of its own, which wheel, drag, pinch and keys move, until `follow`.
    """

    menu_wanted = Signal(object, object)
    """(QPoint on the screens, (page_id, x, y) in page space): a menu of the page, there."""
    view_wanted = Signal(object)
    """View that the person at this widget asks everybody to follow."""
    looked = Signal(object)
    """View of one's own, while looking freely."""
    withheld = Signal(object)
    """View of one's own that may not be looked at now."""
    marks_shown = Signal()
    """What lies on the page shown, or the page itself, may be another than before."""
    hovered = Signal(object)
    """(page_id, x, y) in page space under the mouse, or None beside the page."""
    tapped = Signal(QPointF)
    """A finger or the left button went down and up again without moving; logical pixels."""

    def __init__(
        self,
        source: PageSource | None = None,
        letterbox: QColor = WALL,
        parent: QWidget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.interactive = False
        self._own: View | None = None
        self._wish: tuple[View, float] | None = None
        """Until when it counts, in the clock's seconds."""
        self._gestures = Gestures(self)
        self._touches = Touches(self)
        self._private_ink = Ink()
        self.private = InkLayer()
        self._marked: tuple[Rect, ...] = ()
        self._hits: tuple[int, tuple[Rect, ...]] | None = None
        super().__init__(source, letterbox, parent, clock)
        self.private.dirty.connect(self._paint_ink)
        self.hand = Hand(self)
        self.marks_shown.connect(self.hand.look_again)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)

    def show_view(self, view: View | None) -> None:
        """What everybody follows; on glass before this returns, unless this widget looks freely."""
        self._wish = None
        self._followed = view
        if self._own is None:
            self._refresh()

    def expect(self, view: View) -> None:
        """``view`` will be shown in a moment (`show_view`): moves made until then start from it."""
        self._wish = view, math.inf

    def look(self, view: View) -> None:
        """Shows a view of one's own from now on (自分で見る)."""
        self._own = view
        self._refresh()

    def follow(self) -> None:
        """Returns to what everybody follows (説明に合わせる)."""
        self._wish = None
        if self._own is not None:
            self._own = None
            self._refresh()

    @property
    def free(self) -> bool:
        """Whether this widget has a view of its own."""
        return self._own is not None

    @property
    def movable(self) -> bool:
        """Whether the person at this widget may change its view: everybody's, or one's own."""
        return (self.interactive or self.free) and self._screen is Screen.SHOW and self.view is not None

    @property
    def zoomed_in(self) -> bool:
        """Whether less than a step is shown, so that dragging moves the page."""
        view, page = self._wished(), self._page()
        return view is not None and page is not None and view.steps == 1 and not _all_of(page, view)

    # --- moves --------------------------------------------------------------------------------------------

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Magnifies about a point of the widget (logical pixels), else about the middle of what is shown."""
        view, page = self._wished(), self._page()
        place = self._place(view) if view is not None else None
        if view is None or page is None or place is None:
            return
        ratio = self.devicePixelRatioF()
        middle = (place.x + place.width / 2, place.y + place.height / 2)
        about = place.to_page(*((at.x() * ratio, at.y() * ratio) if at is not None else middle))
        self._want(View(view.page_id, zoomed(view.rect, page, self._aspect(), factor, about)))

    def pan(self, dx: float, dy: float) -> None:
        """Moves what is seen by logical pixels: to the right and down for positive numbers."""
        view, page = self._wished(), self._page()
        place = self._place(view) if view is not None else None
        if view is not None and page is not None and place is not None:
            far = self.devicePixelRatioF() / place.scale
            self._want(View(view.page_id, panned(view.rect, page, dx * far, dy * far)))

    def whole_page(self) -> None:
        """全体 (key 0)."""
        page = self._page()
        if page is not None:
            self._want(whole(page))

    def fit_width(self) -> None:
        """横幅に合わせる, from the top of what is shown."""
        view, page = self._wished(), self._page()
        if view is not None and page is not None:
            self._want(View(page.page_id, width_rect(page, self._aspect(), view.rect.y0)))

    def forward(self) -> None:
        """The next step, then the next page."""
        self._go(PageSource.following)

    def back(self) -> None:
        """The former step, then the former page's last."""
        self._go(PageSource.preceding)

    def turn(self, by: int) -> None:
        """So many pages on."""
        self._go(lambda source, view: source.turned(view, by))

    def hover(self, at: QPointF | None) -> None:
        """The mouse is at a logical pixel, or gone."""
        self.hovered.emit(None if at is None else self.page_at(at))

    def _go(self, way: Callable[[PageSource, View], View | None]) -> None:
        view = self._wished()
        wanted = way(self._source, view) if self._source is not None and view is not None else None
        if wanted is not None:
            self._want(wanted)

    def _want(self, view: View) -> None:
        if view == self._wished():
            return
        if self.free:
            if self._source is not None and self._source.may_look_at(view.page_id):
                self.look(view)
                self.looked.emit(view)
            else:
                self.withheld.emit(view)
        elif self.interactive:
            self._wish = view, self._clock() + ECHO_S
            self.view_wanted.emit(view)

    def _wished(self) -> View | None:
        """The view that further moves start from: the last wish, while its echo is on its way."""
        if self._wish is not None and not self.free and self._clock() < self._wish[1]:
            return self._wish[0]
        return self.view

    def _page(self) -> EditionPage | None:
        view = self._wished()
        return self._source.page(view.page_id) if view is not None and self._source is not None else None

    def _aspect(self) -> float:
        """Of the glass that a zoomed page should fill: the room's, or this one when looking freely."""
        if self._source is not None and not self.free:
            return self._source.aspect
        return max(1, self._size[0]) / max(1, self._size[1])

    def page_near(self, at: QPointF, page_id: int) -> tuple[int, int]:
        """The point of that page under a logical pixel, or the nearest that may be drawn on."""
        ratio, layout = self.devicePixelRatioF(), self._layout
        page = self._source.page(page_id) if self._source is not None else None
        if layout is None or page is None:
            return 0, 0
        x, y = layout.place.to_page(at.x() * ratio, at.y() * ratio)
        return min(max(x, 0), page.width), min(max(y, 0), page.height)

    def page_units(self) -> float:
        """How much of page space one design pixel is on this glass."""
        return self._pointer_unit() / self._layout.place.scale if self._layout is not None else 1.0

    def show_hits(self, page_id: int | None, places: tuple[Rect, ...] = ()) -> None:
        """Words that were searched for, on that page of this widget alone; None: none any more."""
        hits = (page_id, places) if page_id is not None and places else None
        if hits != self._hits:
            self._hits = hits
            self.update()

    def show_marked(self, places: tuple[Rect, ...]) -> None:
        """A box around each of these places of the page shown, which are otherwise than they were."""
        if places != self._marked:
            self._marked = places
            self.update()

    @property
    def briefing(self) -> Briefing:
        """What is known of the briefing; an empty one without a source."""
        return self._source.briefing if self._source is not None else Briefing()

    @property
    def private_ink(self) -> Ink:
        """Marks that nobody else ever sees."""
        return self._private_ink

    def set_private_ink(self, ink: Ink) -> None:
        """Shows these as one's own; they never leave this widget."""
        self._private_ink = ink
        self._show_marks(self.private, ink)
        self.marks_shown.emit()

    def _show_ink(self) -> None:
        super()._show_ink()
        self._show_marks(self.private, self._private_ink)
        self.marks_shown.emit()

    def _paint_over(self, painter: QPainter, area: QRect) -> None:
        place = self.placement()
        if place is not None and self._marked:
            paint_boxes(painter, place, self._marked, self._pointer_unit(), before=False)
        view, hits = self.view, self._hits
        if place is not None and hits is not None and view is not None and view.page_id == hits[0]:
            seen = (rect for rect in hits[1] if covers(view.rect, rect))
            paint_hit_marks(painter, (_box(place, rect) for rect in seen))
        self.private.paint(painter, area)
        self.hand.paint(painter, area)

    def _chosen(self) -> View | None:
        return self._own or self._followed

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = QPointF(event.pos())
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = self.page_area().center()
        spot = self.page_at(at)
        if spot is not None:
            self.menu_wanted.emit(self.mapToGlobal(at.toPoint()), spot)

    def event(self, event: QEvent) -> bool:
        if self._touches.take(event) or self._gestures.take(event):
            return True
        return super().event(event)


def _all_of(page: EditionPage, view: View) -> bool:
    return covers(view.rect, page_rect(page))


def _box(place: Placement, rect: Rect) -> QRectF:
    x0, y0 = place.to_pixels(rect.x0, rect.y0)
    x1, y1 = place.to_pixels(rect.x1, rect.y1)
    return QRectF(x0, y0, x1 - x0, y1 - y0)
