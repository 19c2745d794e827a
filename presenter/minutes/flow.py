"""The minutes on the console: tab and keys, fed from `Minuting`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject

from presenter.actions import Actions
from presenter.console import Console
from presenter.console_flow import ConsoleFlow
from presenter.console_side import Side
from presenter.minutes.minuting import Minuting
from presenter.minutes.panel import KEY_NAMES
from presenter.network import Network
from presenter.session import Session
from protocol.minutes import MinutesKind
from protocol.values import PageId


class MinutesFlow(QObject):
    """Shows what there is, and carries what is done back."""

    def __init__(
        self,
        console: Console,
        flow: ConsoleFlow,
        session: Session,
        network: Network,
        actions: Actions,
        attending: Callable[[], Iterable[str]],
        parent: QObject | None = None,
    ) -> None:
        """``attending``: the names of those who take part."""
        super().__init__(parent)
        self._console, self._session, self._actions = console, session, actions
        self.panel = console.side.minutes
        self.minuting = Minuting(self.panel, network, self._page_now, session.number_of, parent=self)
        self.minuting.attending = attending
        self.minuting.counted.connect(console.side.show_minutes)
        self.minuting.told.connect(lambda words, values: flow.notice(words, **values))
        self.minuting.page_wanted.connect(session.go_to)

    def deeds(self) -> dict[str, Callable[[], None]]:
        """What the actions of the minutes do."""
        kinds = {name: partial(self._begin, kind) for kind, name in KEY_NAMES.items()}
        return {"minutes": self.toggle, **kinds}

    def toggle(self) -> None:
        """The minutes, with the keyboard in their field; or the course of the briefing."""
        if self._console.side.shown is Side.MINUTES:
            self._console.show_side(Side.COURSE)
            self._console.centre.page.setFocus()
        else:
            self._open()
            self.panel.new.field.setFocus()

    def _begin(self, kind: MinutesKind) -> None:
        self._open()
        self.minuting.choose_kind(kind)

    def _open(self) -> None:
        """Also where the side is folded away, or shows who takes part."""
        if self._console.people.isVisible():
            self._actions.run("people")
        if not self._console.side.isVisible():
            self._actions.run("panel")
        if self._console.side.shown is not Side.MINUTES:
            self._console.show_side(Side.MINUTES)

    def _page_now(self) -> PageId | None:
        """The page that the room sees."""
        view = self._session.showing.wall or self._session.showing.desk
        return view.page_id if view is not None else None
