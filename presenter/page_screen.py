"""The frame of a screen around a page: bars, strip of pages, page, side, foot; in two sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pageview.theme import Desk
from presenter.actions import Actions
from presenter.bars import NoticeBar, TroubleBar
from presenter.buttons import IconButton
from presenter.page_column import PageColumn
from presenter.screen import Screen
from presenter.strip import PageStrip, Thumbnail

DENSE_WIDTH, DENSE_HEIGHT = 1600, 840
STRIP_DENSE = 60


class _TwoSizes(Protocol):
    def set_dense(self, dense: bool) -> None: ...


class PageScreen(Screen):
    """What stands in the frame is each screen's own (`lay_out`)."""

    page_chosen = Signal(object)

    def __init__(self, actions: Actions, thumbnail: Thumbnail) -> None:
        super().__init__()
        self._dense: bool | None = None
        self._in_two_sizes: Sequence[_TwoSizes] = ()
        self.middle = QHBoxLayout()
        self.middle.setSpacing(0)
        self.trouble = TroubleBar()
        self.notices = NoticeBar()
        self.strip = PageStrip(thumbnail)
        self.strip.chosen.connect(self.page_chosen)
        self._all = IconButton("grid_view", "ページ一覧")
        self._all.setStyleSheet(
            f"QToolButton {{ background: {Desk.CARD}; border-radius: 0;"
            f" border-right: 1px solid {Desk.LINE}; }}"
        )
        self._all.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._all.setFixedSize(STRIP_DENSE, 56)
        self._all.clicked.connect(lambda _checked=False: actions.run("overview"))

    def lay_out(
        self,
        bars: Sequence[QWidget],
        centre: PageColumn,
        sides: Sequence[QWidget],
        foot: QWidget,
        in_two_sizes: Sequence[_TwoSizes],
    ) -> None:
        """Bars from the top, then strip, page and sides from the left, then the foot."""
        strip = QVBoxLayout()
        strip.setSpacing(0)
        strip.addWidget(self._all)
        strip.addWidget(self.strip, 1)
        self.middle.addLayout(strip)
        self.middle.addWidget(centre, 1)
        for side in sides:
            self.middle.addWidget(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in bars:
            column.addWidget(bar)
        column.addLayout(self.middle, 1)
        column.addWidget(foot)
        self._in_two_sizes = (self.strip, *in_two_sizes)
        # The small form first: a window must not be forced to be larger than its screen.
        self._set_dense(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_dense(event.size().width() < DENSE_WIDTH or event.size().height() < DENSE_HEIGHT)
        super().resizeEvent(event)

    def _set_dense(self, dense: bool) -> None:
        if dense == self._dense:
            return
        self._dense = dense
        for part in self._in_two_sizes:
            part.set_dense(dense)
        self.strip.setFixedWidth(STRIP_DENSE if dense else Desk.STRIP)
        self._all.setVisible(dense)
