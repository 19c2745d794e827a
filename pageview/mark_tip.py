"""Who drew a mark, and when: a small tip where the mouse rests on it while no tool is in hand."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtWidgets import QToolTip

from pageview import marks_at
from pageview.page_view import PageView
from pageview.wording import say
from protocol.ink import Drawn

RESTS_MS: Final = 500
REACH: Final = 5.0
"""How near a mark the mouse must be, in design pixels."""


class MarkTip(QObject):
    """Lives with its page."""

    def __init__(self, page: PageView) -> None:
        super().__init__(page)
        self._page = page
        self._at: tuple[int, int, int] | None = None
        self.rest = QTimer(self, singleShot=True, interval=RESTS_MS)
        self.rest.timeout.connect(self._rested)
        page.hovered.connect(self._moved)

    def _moved(self, at: tuple[int, int, int] | None) -> None:
        if at != self._at and QToolTip.isVisible():
            QToolTip.hideText()
        self._at = at
        if at is None or self._page.hand.draws:
            self.rest.stop()
        else:
            self.rest.start()

    def _rested(self) -> None:
        place, words = self._page.placement(), self.words()
        if words and place is not None and self._at is not None:
            spot = QPointF(*place.to_pixels(*self._at[1:])) / self._page.devicePixelRatioF()
            QToolTip.showText(self._page.mapToGlobal(spot.toPoint()), words, self._page)

    def words(self) -> str:
        """What is said where the mouse is; "" beside every mark, and while a tool is in hand."""
        place, at = self._page.placement(), self._at
        if place is None or at is None or self._page.hand.draws:
            return ""
        radius = REACH * self._page.page_units()
        spot = QPointF(*place.to_pixels(*at[1:]))
        hit = marks_at.touched(self._page.ink.around(spot, radius * place.scale), [at[1:]], radius)
        return self._about(hit[-1]) if hit else ""

    def _about(self, drawn: Drawn) -> str:
        name = self._page.briefing.names.get(drawn.id.author, "")
        at = datetime.fromtimestamp(drawn.when).strftime("%H:%M") if drawn.when else ""
        return say("{name}　{at}", name=name, at=at) if name and at else name or at
