"""調べる, from the key to the wall: its parts joined, and the one thing that shows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from pageview.page_source import PageSource
from pageview.wording import say
from presenter.actions import Actions
from presenter.console_flow import ConsoleFlow
from presenter.lookup.dialog import TOLD, Lookup
from presenter.lookup.finds import Find, Here, InArchive, Outside, Prepared
from presenter.lookup.found_pages import FoundPages
from presenter.lookup.looking import Looking
from presenter.lookup.preparing import Preparing
from presenter.lookup.searching import Searching
from presenter.lookup.showing import Showing
from presenter.session import Session


class LookupFlow(QObject):
    """Opens over the console. ``opener`` is given an address for the system's browser."""

    def __init__(
        self,
        console: ConsoleFlow,
        session: Session,
        source: PageSource,
        searching: Searching,
        pages: FoundPages,
        showing: Showing,
        actions: Actions,
        opener: Callable[[QUrl], object] = QDesktopServices.openUrl,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._console, self._session = console, session
        self.searching, self.pages, self.showing = searching, pages, showing
        self._actions, self._opener = actions, opener
        self.dialog = dialog = Lookup(console.console)
        self.looking = Looking(dialog, source, searching, pages)
        self.preparing = Preparing(dialog, searching, self.looking, pages)
        dialog.wanted.connect(searching.search)
        dialog.chosen.connect(self.looking.choose)
        dialog.opened.connect(self._open)
        dialog.turned.connect(self.looking.turn)
        dialog.show_wanted.connect(self.show)
        dialog.keep_wanted.connect(self.preparing.keep)
        dialog.clipped.connect(self.preparing.keep_part)
        dialog.paste_wanted.connect(self.preparing.paste)
        dialog.picture_wanted.connect(self.preparing.ask_picture)
        dialog.removed.connect(self._remove)
        dialog.closed.connect(self.close)
        searching.changed.connect(self._show_rows)
        self.looking.changed.connect(self._show_can)
        showing.shown.connect(self._shown)
        showing.refused.connect(lambda: dialog.tell("資料が多すぎるため、これ以上映せません。"))
        session.changed.connect(self._refresh)
        self._refresh()

    def toggle(self) -> None:
        """The dialog, or the console again."""
        if self.dialog.isVisible():
            self.close()
        elif self._session.running:
            self.dialog.tell(TOLD)
            self.dialog.open()
            self.searching.begin()
            self.looking.choose(self.dialog.list.current)

    def close(self) -> None:
        """The console again; what is prepared stays."""
        self._console.console.centre.page.setFocus()  # first: who is hidden with the keyboard passes it on
        self.dialog.hide()
        self.searching.rest()
        self.pages.rest()

    def end(self) -> None:
        """The briefing is over: nothing of what was looked up stays."""
        if self.dialog.isVisible():
            self.close()
        self.dialog.field.clear()
        self.dialog.show_rows(())
        self.looking.choose(None)
        self.preparing.end()
        self.searching.end()
        self.showing.end()
        self.pages.rest()

    def show(self) -> None:
        """会議室に見せる: what is looked at."""
        match self.looking.find.target if self.looking.find is not None else None:
            case Here(page_id):
                self.showing.go_to(page_id)
            case Prepared():
                card = self.looking.card
                if card is not None:
                    self.showing.show(card.pdf, card.sizes)
            case InArchive():
                self.preparing.make_for(self.showing.show)

    def go_back(self) -> None:
        """The page that was left for what was looked up."""
        self.showing.go_back()
        self._refresh()

    def _open(self, find: Find) -> None:
        """Enter: to look, never to show; a search outside opens in the browser."""
        if isinstance(find.target, Outside):
            self._opener(QUrl(find.target.search.address(find.target.words)))
        elif find != self.looking.find:
            self.looking.choose(find)

    def _remove(self) -> None:
        self.preparing.remove()
        self.dialog.field.setFocus()

    def _show_rows(self) -> None:
        if not self.dialog.isVisible():
            return
        self.dialog.show_rows(self.searching.rows())
        if self.dialog.list.current is None and self.looking.find is not None:
            self.looking.choose(None)

    def _show_can(self) -> None:
        find, there = self.looking.find, self.looking.is_there
        why = "" if self._session.presents else say("いま説明しているのは、ほかの端末です")
        self.dialog.show_can(
            show=there and not why,
            keep=there and self.looking.place is not None,
            card=find is not None and isinstance(find.target, Prepared),
            why=why,
        )

    def _refresh(self) -> None:
        back = self.showing.can_go_back and self._session.presents
        self._actions.set_enabled("go_back", back, say("戻るページがありません"))
        if self.dialog.isVisible():
            self._show_can()

    def _shown(self, page_id: int) -> None:
        if self.dialog.isVisible():
            self.close()
        if self.showing.can_go_back:
            title = self.looking.title or self._session.title_of(page_id)
            self._console.notice("「{title}」を映しました。Alt+←で、元のページに戻ります。", title=title)
        self._refresh()
