"""The pointer over the page that a widget shows: which page it is on, when it has faded, what to repaint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal

from pageview import pointer
from protocol.presence import Pointer
from protocol.values import View

TRAIL_MS: Final = 16


class PointerOnPage(QObject):
    """``clock`` gives monotonic seconds."""

    changed = Signal()
    """It is elsewhere, or looks otherwise by itself: its widget repaints what `moved_to` says."""

    def __init__(self, clock: Callable[[], float], parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self._trail = pointer.PointerTrail()
        self._page_id: int | None = None
        self.area = QRect()
        """What it covers, in the units of `moved_to`."""
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.changed)

    def show(self, at: Pointer | None) -> None:
        """There; None: it is away."""
        if at is None or at.page_id != self._page_id:
            self._trail.away()
        if at is not None:
            self._page_id = at.page_id
            self._trail.move(at.x, at.y, self._clock())
        self.changed.emit()

    def marks(self, view: View) -> tuple[pointer.Mark, ...]:
        """As far as it is on the page shown and inside the view."""
        marks = self._trail.marks(self._clock())
        if not marks or self._page_id != view.page_id:
            return ()
        rect, last = view.rect, marks[-1]
        return marks if rect.x0 <= last.x <= rect.x1 and rect.y0 <= last.y <= rect.y1 else ()

    def moved_to(self, area: QRect) -> QRect:
        """It covers this from now on; what is to be repainted for it. It comes back as long as it changes by
        itself."""
        former, self.area = self.area, area
        wait = self._trail.changes_in(self._clock())
        if wait is not None:
            self._timer.start(max(TRAIL_MS, round(wait * 1000)))
        return former.united(area)
