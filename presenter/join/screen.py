"""The participant's window (J1): the presenter's page or one's own, and private notes."""

from __future__ import annotations

from PySide6.QtCore import QSize

from pageview.page_view import PageView
from presenter.actions import Actions
from presenter.join.centre import Centre
from presenter.join.footer import WindowFooter
from presenter.join.header import WindowHeader
from presenter.join.side import WindowSide
from presenter.join.window_state import Looking, WindowState
from presenter.page_screen import PageScreen
from presenter.strip import Thumbnail


class WindowScreen(PageScreen):
    """Shows a `WindowState` around the page widget it is given."""

    def __init__(self, actions: Actions, page: PageView, thumbnail: Thumbnail) -> None:
        super().__init__(actions, thumbnail)
        self.header = WindowHeader(actions)
        self.centre = Centre(actions, page)
        self.side = WindowSide(actions)
        self.footer = WindowFooter(actions)
        self.lay_out(
            (self.header, self.trouble, self.notices),
            self.centre,
            (self.side,),
            self.footer,
            (self.header, self.footer, self.side, self.centre),
        )

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
