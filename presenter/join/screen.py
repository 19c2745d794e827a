"""The participant's window (J1): the presenter's page or one's own, and private notes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pageview.theme import Desk
from presenter.actions import Actions
from presenter.buttons import IconButton
from presenter.console import (
    DENSE_HEIGHT,
    DENSE_WIDTH,
    STRIP_DENSE,
    NoticeBar,
    TroubleBar,
)
from presenter.join.centre import Centre
from presenter.join.footer import WindowFooter
from presenter.join.header import WindowHeader
from presenter.join.side import WindowSide
from presenter.join.window_state import Looking, WindowState
from presenter.strip import PageStrip, Thumbnail


class WindowScreen(QWidget):
    """Shows a `WindowState` around the page widget it is given."""

    page_chosen = Signal(object)

    def __init__(self, actions: Actions, page: QWidget, thumbnail: Thumbnail) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dense: bool | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = WindowHeader(actions)
        self.trouble = TroubleBar()
        self.notices = NoticeBar()
        for bar in (self.header, self.trouble, self.notices):
            column.addWidget(bar)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        column.addLayout(middle, 1)
        self.strip = PageStrip(thumbnail)
        self.strip.chosen.connect(self.page_chosen)
        middle.addLayout(self._strip_column(actions))
        self.centre = Centre(actions, page)
        middle.addWidget(self.centre, 1)
        self.side = WindowSide()
        middle.addWidget(self.side)
        self.footer = WindowFooter(actions)
        column.addWidget(self.footer)
        # The small form first: a window must not be forced to be larger than its screen.
        self._set_dense(True)

    def _strip_column(self, actions: Actions) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self._all = IconButton("grid_view", "ページ一覧")
        self._all.setStyleSheet(
            f"QToolButton {{ background: {Desk.CARD}; border-radius: 0;"
            f" border-right: 1px solid {Desk.LINE}; }}"
        )
        self._all.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._all.setFixedSize(STRIP_DENSE, 56)
        self._all.clicked.connect(lambda _checked=False: actions.run("overview"))
        column.addWidget(self._all)
        column.addWidget(self.strip, 1)
        return column

    def show_state(self, state: WindowState) -> None:
        """Shows this and nothing else."""
        self.header.show_state(state)
        self.trouble.setVisible(state.disk_full)
        self.notices.show_notice(state.notices[-1] if state.notices else None)
        presented = state.presented.page_id if state.presented is not None else None
        tagged = presented if state.looking is Looking.FREELY else None
        self.strip.show_pages(state.pages, state.page_id, tagged, state.first_page)
        self.centre.show_state(state)
        self.side.show_state(state)
        self.footer.show_state(state)

    def show_jump(self, digits: str) -> None:
        """The page number being typed; "" for none."""
        self.centre.show_jump(digits)

    def minimumSizeHint(self) -> QSize:
        return QSize(960, 600)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_dense(event.size().width() < DENSE_WIDTH or event.size().height() < DENSE_HEIGHT)
        super().resizeEvent(event)

    def _set_dense(self, dense: bool) -> None:
        if dense == self._dense:
            return
        self._dense = dense
        for part in (self.header, self.footer, self.side, self.strip, self.centre):
            part.set_dense(dense)
        self.strip.setFixedWidth(STRIP_DENSE if dense else Desk.STRIP)
        self._all.setVisible(dense)
