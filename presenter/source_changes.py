"""Before and after on the walls: what a saved source changed on the page shown, one difference at a time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from pageview.page_diff import Difference, differences
from pageview.page_source import PageSource
from pageview.page_texts import PageTexts
from presenter.network import Network
from presenter.session import Session
from presenter.source_turn import Turn
from protocol.registers import PageChange, SetCompared
from protocol.texts import cleaned
from protocol.values import EditionPage, PageId

WORDS_TOLD = 500
PLACES_TOLD = 64


@dataclass(frozen=True, slots=True)
class _Change:
    before: EditionPage
    after: EditionPage
    edition: int


class SourceChanges(QObject):
    """Of each page the newest change. Only whoever presents compares."""

    changed = Signal()

    def __init__(
        self,
        session: Session,
        pages: PageSource,
        texts: PageTexts,
        network: Network,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._pages, self._texts, self._network = session, pages, texts, network
        self._changes: dict[PageId, _Change] = {}
        self._wanted: _Change | None = None
        self._shown: tuple[_Change, list[Difference], int] | None = None
        texts.known.connect(lambda _ref: self._show())

    def made(self, turn: Turn) -> None:
        """A source made this edition."""
        before = {page.page_id: page for page in turn.before}
        after = {page.page_id: page for page in turn.after}
        edition = turn.editions[-1].base + 1
        for page_id in turn.changed:
            self._changes[page_id] = _Change(before[page_id], after[page_id], edition)
        self.changed.emit()

    def end(self) -> None:
        """The briefing is over."""
        self._changes.clear()
        self._wanted = self._shown = None

    def _here(self) -> _Change | None:
        """Of the page shown, as long as it is drawn from what the source made of it."""
        view = self._session.showing.desk
        change = self._changes.get(view.page_id) if view is not None else None
        page = self._pages.page(change.after.page_id) if change is not None else None
        return change if change is not None and page == change.after else None

    @property
    def there(self) -> bool:
        """Whether there is something to compare on the page shown."""
        return self._here() is not None

    @property
    def comparing(self) -> bool:
        """Whether the walls compare, or are about to."""
        return self._wanted is not None

    def toggle(self) -> None:
        """The walls compare, or show the page again."""
        if self._wanted is not None:
            self.stop()
        elif self._session.presents:
            self._wanted = self._here()
            self._show()
            self.changed.emit()

    def step(self, by: int) -> bool:
        """次の修正: another difference of the page. False where there is none further on: the page again."""
        if self._shown is None:
            return False
        change, found, at = self._shown
        if not 0 <= at + by < len(found):
            self.stop()
            return False
        self._tell(change, found, at + by)
        return True

    def moved(self, page_id: PageId) -> None:
        """The desk shows that page: what was compared on another is compared no more."""
        if self._wanted is not None and self._wanted.after.page_id != page_id:
            self.stop()

    def stop(self) -> None:
        """The page again."""
        if self._wanted is not None:
            self._wanted = self._shown = None
            self._network.set(SetCompared(None))
            self.changed.emit()

    def _show(self) -> None:
        """As soon as the words of both pages are known."""
        change = self._wanted
        if change is None or self._shown is not None:
            return
        before, after = (self._texts.of(page.ref) for page in (change.before, change.after))
        if before is not None and after is not None:
            self._tell(change, differences(before, after), 0)

    def _tell(self, change: _Change, found: list[Difference], at: int) -> None:
        self._shown = change, found, at
        page_id, edition = change.after.page_id, change.edition
        if not found:
            self._network.set(SetCompared(PageChange(page_id, edition, "", "", (), ())))
            return
        each = found[at]
        self._network.set(
            SetCompared(
                PageChange(
                    page_id,
                    edition,
                    cleaned(each.before)[:WORDS_TOLD],
                    cleaned(each.after)[:WORDS_TOLD],
                    each.boxes_before[:PLACES_TOLD],
                    each.boxes_after[:PLACES_TOLD],
                    at + 1,
                    len(found),
                )
            )
        )
