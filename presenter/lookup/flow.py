"""調べる, from the key to the wall: its parts joined, and the one thing that shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from pageview.page_source import PageSource
from pageview.page_texts import PageTexts
from pageview.page_view import PageView
from pageview.paper_words import clean_name
from pageview.render_results import PageSize
from pageview.wording import say
from presenter.actions import Actions
from presenter.console_flow import ConsoleFlow
from presenter.lookup.dialog import Lookup
from presenter.lookup.finds import Here, InArchive, Passed, Prepared
from presenter.lookup.found_pages import FoundPages
from presenter.lookup.looking import Looking
from presenter.lookup.passed import UNTITLED, Waiting, waiting_rows
from presenter.lookup.preparing import Preparing, Result
from presenter.lookup.searching import Searching
from presenter.lookup.showing import Showing
from presenter.lookup.source_sheet import decline_sheet
from presenter.network import Network
from presenter.session import Session
from protocol.changes import Change, FindCame, FindGone
from protocol.finds import Outcome
from protocol.values import PeerId


class LookupFlow(QObject):
    """Opens over the console. ``name_of``: a participant; ``opener`` is given an address for the system's
    browser."""

    waiting_changed = Signal(int)
    """How many finds of participants wait for an answer."""

    def __init__(
        self,
        console: ConsoleFlow,
        session: Session,
        source: PageSource,
        page: PageView,
        searching: Searching,
        pages: FoundPages,
        showing: Showing,
        actions: Actions,
        network: Network,
        name_of: Callable[[PeerId], str],
        texts: PageTexts,
        opener: Callable[[QUrl], bool] = QDesktopServices.openUrl,
        clock: Callable[[], datetime] = datetime.now,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._console, self._session = console, session
        self.searching, self.pages, self.showing = searching, pages, showing
        self._actions, self._network = actions, network
        self._name_of, self._clock = name_of, clock
        self._page = page
        self._typed_in = False
        """Whether the keyboard was in a wording when this was opened."""
        self._waiting: tuple[Waiting, ...] = ()
        self._shown_find: Waiting | None = None
        self._told: tuple[str, str] | None = None
        self.dialog = dialog = Lookup(console.console)
        self.looking = Looking(dialog, source, searching, pages, texts, opener, parent=dialog)
        self.preparing = Preparing(dialog, searching, self.looking, pages)
        dialog.show_wanted.connect(self.show)
        dialog.keep_wanted.connect(self._keep)
        dialog.removed.connect(self._remove)
        dialog.declined.connect(self._ask_decline)
        dialog.closed.connect(self.close)
        self.looking.changed.connect(self._show_can)
        showing.shown.connect(self._shown)
        showing.refused.connect(self._not_shown)
        self.looking.passed = self._passed
        console.console.finds.wanted.connect(self.open_finds)
        session.changed.connect(self._refresh)
        self._refresh()

    def toggle(self) -> None:
        """The dialog, or the console again."""
        if self.dialog.isVisible():
            self.close()
        elif self._session.running:
            field = self._console.console.centre.dock.field
            self._typed_in = field.isVisible() and field.window().focusWidget() is field
            self._page.show_hits(None)
            self.looking.begin()

    def close(self) -> None:
        """The console again, and the wording that was typed when this was opened; what is prepared stays."""
        centre, typed_in = self._console.console.centre, self._typed_in
        self._typed_in = False
        # First: who is hidden with the keyboard passes it on.
        (centre.dock.field if typed_in and centre.dock.isVisible() else centre.page).setFocus()
        self.looking.rest()

    def end(self) -> None:
        """The briefing is over: nothing of what was looked up stays."""
        if self.dialog.isVisible():
            self.close()
        self.dialog.field.clear()
        self.dialog.show_rows(())
        self.looking.choose(None)
        self._page.show_hits(None)
        self.preparing.end()
        self._waiting, self._shown_find = (), None
        self._tell_waiting()
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
            case Passed():
                find = self._found
                if find is not None and self._shown_find is None:
                    self._shown_find = find
                    self.preparing.make_passed(
                        find, partial(self._made_to_show, find), partial(self._show_found, find)
                    )

    def go_back(self) -> None:
        """The page that was left for what was looked up."""
        self.showing.go_back()
        self._refresh()

    # --- what participants found ----------------------------------------------------------------------------

    def take(self, changes: Sequence[Change]) -> None:
        """Something came from a participant, or is withdrawn; or what was to be shown was not taken."""
        self.showing.take(changes)
        before = self._waiting
        for change in changes:
            match change:
                case FindCame(find):
                    title, name = clean_name(find.title) if find.title else "", self._name_of(find.peer)
                    came = Waiting(
                        find.peer,
                        find.n,
                        clean_name(name),
                        title or say(UNTITLED),
                        find.source,
                        find.pdf,
                        self._clock(),
                    )
                    self._waiting = (*self._waiting, came)
                case FindGone(peer, n):
                    self._waiting = _without(self._waiting, peer, n)
                    if self._shown_find is not None and self._shown_find not in self._waiting:
                        self._shown_find = None
        if self._waiting is not before:
            self._tell_waiting()

    def open_finds(self) -> None:
        """見る: what participants found, the oldest first."""
        self.dialog.field.clear()
        if not self.dialog.isVisible():
            self.toggle()
        self.searching.search("")

    @property
    def _found(self) -> Waiting | None:
        target = self.looking.find.target if self.looking.find is not None else None
        return self._of(target) if isinstance(target, Passed) else None

    def _of(self, passed: Passed) -> Waiting | None:
        same = (each for each in self._waiting if (each.peer, each.n) == (passed.peer, passed.n))
        return next(same, None)

    def _passed(self, passed: Passed) -> tuple[bytes, str]:
        waiting = self._of(passed)
        if waiting is None:
            return b"", ""
        return waiting.pdf, waiting.source().words

    def _keep(self) -> None:
        find = self._found
        if find is None:
            self.preparing.keep()
        else:
            self.preparing.make_passed(find, partial(self._made_to_keep, find))

    def _ask_decline(self) -> None:
        find = self._found
        if find is not None:
            sheet = decline_sheet(self.dialog, find.name)
            sheet.given.connect(partial(self._answer, find, Outcome.DECLINED))
            sheet.open()

    def _show_found(self, find: Waiting, pdf: bytes, sizes: Sequence[PageSize]) -> None:
        """Unless its finder has withdrawn it meanwhile."""
        if self._shown_find is find:
            self.showing.show(pdf, sizes)

    def _made_to_show(self, find: Waiting, result: Result) -> None:
        """What is made is answered when the walls are led there."""
        if result is not Result.MADE:
            self._shown_find = None
            self._not_made(find, result)

    def _made_to_keep(self, find: Waiting, result: Result) -> None:
        if result is Result.MADE:
            self._answer(find, Outcome.KEPT)
        else:
            self._not_made(find, result)

    def _not_made(self, find: Waiting, result: Result) -> None:
        """What cannot be opened is nobody's any more. Where the making stopped, or there is no room, the find
        waits on: that is no fault of it."""
        if result is Result.UNREADABLE:
            self._answer(find, Outcome.UNREADABLE)

    def _answer(self, find: Waiting, outcome: Outcome, words: str = "") -> None:
        self._network.answer_find(find.peer, find.n, outcome, words)
        self._waiting = _without(self._waiting, find.peer, find.n)
        self._tell_waiting()
        self.dialog.field.setFocus()

    def _tell_waiting(self) -> None:
        self.searching.set_passed(waiting_rows(self._waiting))
        self._console.console.finds.show_finds(self._waiting)
        self.waiting_changed.emit(len(self._waiting))

    def _not_shown(self, why: str) -> None:
        """A find of somebody waits on; it can be shown again."""
        self._shown_find = None
        if self.dialog.isVisible():
            self.dialog.tell(why, "err")
        else:
            self._console.notice(why)

    # --- what is looked at ----------------------------------------------------------------------------------

    def _remove(self) -> None:
        self.preparing.remove()
        self.dialog.field.setFocus()

    def _show_can(self) -> None:
        find, there = self.looking.find, self.looking.is_there
        why = "" if self._session.presents else say("いま説明しているのは、ほかの端末です")
        self.dialog.show_can(
            show=there and not why,
            keep=there and (self.looking.place is not None or self._found is not None),
            card=find is not None and isinstance(find.target, Prepared),
            why=why,
            found=self._found is not None,
        )

    def _refresh(self) -> None:
        back = self.showing.can_go_back and self._session.presents
        self._actions.set_enabled("go_back", back, say("戻るページがありません"))
        if not self.showing.can_go_back:
            self._untell()
        if self.dialog.isVisible():
            self._show_can()

    def _shown(self, page_id: int) -> None:
        title = self.looking.title or self._session.title_of(page_id)
        hits = self.looking.hits
        self._page.show_hits(page_id, hits)
        find, self._shown_find = self._shown_find, None
        if find is not None:
            self._answer(find, Outcome.SHOWN)
        if self.dialog.isVisible():
            self.close()
        if self.showing.can_go_back:
            words = "「{title}」を映しました。Alt+←で、元のページに戻ります。"
            if hits:
                words = "「{title}」を映しました。黄色の印は、この端末だけに出ます。Alt+←で戻ります。"
            self._untell()
            self._told = words, title
            self._console.notice(words, title=title)
        self._refresh()

    def _untell(self) -> None:
        """One is back, or looked further: what was told of the way back is true no longer."""
        if self._told is not None:
            words, title = self._told
            self._told = None
            self._console.retract(words, title=title)


def _without(finds: tuple[Waiting, ...], peer: PeerId, n: int) -> tuple[Waiting, ...]:
    return tuple(find for find in finds if (find.peer, find.n) != (peer, n))
