"""A part of a page as one edition had it, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from pageview.cache import Shot
from pageview.compared_boxes import paint_boxes
from pageview.geometry import overlap, page_rect
from pageview.ink_layer import InkLayer
from pageview.page_canvas import PageCanvas
from protocol.changes import InkChanged
from protocol.marks import Ink
from protocol.values import EditionPage, Rect, View


class EditionPane(PageCanvas):
    """Units are those of ``glass``, of which the pane is a part. What is drawn on the page is not shown while
    the pane is ``bare``.
    """

    def __init__(self, before: bool, surround: QColor, glass: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(None, surround, parent or glass)
        self.measure_by(glass)
        self._before = before
        self._edition: EditionPage | None = None
        self._marked: tuple[Rect, ...] = ()
        self._bare = False

    def show_part(self, edition: EditionPage, view: View, marked: Sequence[Rect], bare: bool = False) -> None:
        """Shows this part of that page."""
        self._edition, self._marked, self._bare = edition, tuple(marked), bare
        self.show_view(view)

    def shot_of(self, view: View) -> Shot | None:
        edition, place = self._edition, self._place(view)
        if edition is None or place is None or view.page_id != edition.page_id:
            return None
        visible = overlap(view.rect, page_rect(edition))
        if visible is None:
            return None
        part = place.part(visible)
        return Shot(edition.ref, visible, part.width, part.height)

    def take_ink(self, change: InkChanged) -> None:
        if not self._bare:
            super().take_ink(change)

    def _show_marks(self, layer: InkLayer, ink: Ink) -> None:
        super()._show_marks(layer, Ink() if self._bare else ink)

    def _paint_over(self, painter: QPainter, area: QRect) -> None:
        place = self.placement()
        if place is not None:
            paint_boxes(painter, place, self._marked, self._pointer_unit(), before=self._before)
