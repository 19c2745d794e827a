"""The tray on the console: fed from the briefing, and what is done with what lies in it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from pageview.page_source import PageSource
from presenter.network import Network
from presenter.session import Session
from presenter.tray import Lost, lost
from presenter.tray_panel import TrayPanel, TrayRow
from protocol.changes import Change, EditionMade, InkChanged, Reloaded
from protocol.values import OWNER


class TrayFlow(QObject):
    """Between 開始 and the end; empty otherwise."""

    def __init__(
        self,
        panel: TrayPanel,
        session: Session,
        pages: PageSource,
        network: Network,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel, self._session, self._pages, self._network = panel, session, pages, network
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.show)
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
        briefing = self._pages.briefing
        rows = []
        for entry in lost(briefing):
            page = self._session.number_of(entry.origin) if entry.origin is not None else 0
            when = max(drawn.when for drawn in entry.marks)
            at = datetime.fromtimestamp(when).strftime("%H:%M") if when else ""
            by = briefing.names.get(entry.author, "") if entry.author != OWNER else ""
            rows.append(TrayRow(entry, page, by, at))
        self._panel.show_rows(rows)

    def clear(self) -> None:
        """The briefing is over."""
        self._panel.show_rows(())

    def _erase(self, entry: Lost) -> None:
        for op in entry.away():
            self._network.edit(op)

    def _place(self, entry: Lost) -> None:
        view = self._session.showing.desk
        place = self._pages.briefing.page(view.page_id) if view is not None else None
        if place is not None:
            for op in entry.onto(place[2]):
                self._network.edit(op)
