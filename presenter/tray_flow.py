"""The tray on the console: fed from the briefing, and what is done with what lies in it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from pageview.page_source import PageSource
from presenter.network import Network
from presenter.private_marks import PrivateMarks
from presenter.session import Session
from presenter.tray import Lost, lost
from presenter.tray_panel import TrayPanel, row_of
from protocol.changes import Change, EditionMade, InkChanged, Reloaded
from protocol.ops import Op
from protocol.values import OWNER


class TrayFlow(QObject):
    """Between 開始 and the end; empty otherwise."""

    def __init__(
        self,
        panel: TrayPanel,
        session: Session,
        pages: PageSource,
        network: Network,
        private: PrivateMarks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel, self._session, self._pages, self._network = panel, session, pages, network
        self._private = private
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.show)
        private.changed.connect(self._soon.start)
        panel.place_wanted.connect(self._place)
        panel.erase_wanted.connect(self._erase)

    def take(self, changes: tuple[Change, ...]) -> None:
        """What came of the network; the source of the pages has the briefing already."""
        for change in changes:
            match change:
                case InkChanged(page_id=None) | EditionMade() | Reloaded():
                    self._soon.start()

    def show(self) -> None:
        """Shows what lies in it now."""
        briefing, number_of = self._pages.briefing, self._session.number_of
        rows = [
            row_of(entry, number_of, briefing.names.get(entry.author, "") if entry.author != OWNER else "")
            for entry in lost(briefing)
        ]
        self._panel.show_rows([*rows, *(row_of(entry, number_of, "") for entry in self._private.tray())])

    def clear(self) -> None:
        """The briefing is over."""
        self._panel.show_rows(())

    def _erase(self, entry: Lost) -> None:
        for op in entry.away():
            self._edit(entry, op)

    def _place(self, entry: Lost) -> None:
        view = self._session.showing.desk
        place = self._pages.briefing.page(view.page_id) if view is not None else None
        if place is not None:
            for op in entry.onto(place[2]):
                self._edit(entry, op)

    def _edit(self, entry: Lost, op: Op) -> None:
        (self._private if entry.private else self._network).edit(op)
