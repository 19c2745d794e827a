"""見せる: made pages become pages of 調べたもの, and the walls turn to them. The one way to a wall."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from pageview.render_results import PageSize
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from pageview.wording import say
from presenter.lookup.shown_paper import TITLE, show_op, shown_already
from presenter.network import Network
from presenter.session import Session
from protocol.changes import Change, OpRefused
from protocol.errors import Reason, Unavailable
from protocol.ops import NewEdition, OfferPaper
from protocol.values import Blob, PageRef

FULL = "資料が多すぎるため、これ以上映せません。"
NOT_SHOWN = "映せませんでした。もう一度「会議室に見せる」を押してください。"
OTHERS_FLOOR = "いま説明しているのは、ほかの端末です。説明を取り戻してから、もう一度見せてください。"


class Showing(QObject):
    """Commits pages, waits for them in the briefing, goes there, and knows the way back."""

    shown = Signal(int)
    """The page id that the walls are led to."""
    refused = Signal(str)
    """Nothing was shown: a sentence that says why; to be said with `say`."""

    def __init__(
        self,
        session: Session,
        network: Network,
        store: SegmentStore,
        renderer: Renderer,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._network, self._store, self._renderer = session, network, store, renderer
        self._clock = clock
        self._paper: int | None = None
        self._awaited: bytes | None = None
        self._former: int | None = None
        session.changed.connect(self._look)

    def show(self, pdf: bytes, sizes: Sequence[PageSize]) -> None:
        """These pages: ``shown`` when the walls are led there, else ``refused``. Pages that were shown before
        are gone to again."""
        briefing = self._session.briefing
        try:
            sha256 = self._store.add(pdf)
        except Unavailable:
            self.refused.emit(FULL)
            return
        paper = self._paper_of()
        known = shown_already(briefing, paper, sha256)
        if known is not None:
            self.go_to(known)
            return
        self._renderer.open(sha256)
        self._network.add_blob(sha256, self._store.data(sha256))
        blob = Blob(sha256, len(pdf))
        self._awaited = sha256
        self._network.edit(show_op(briefing, paper, say(TITLE), blob, sizes, round(self._clock())))

    def go_to(self, page_id: int) -> None:
        """Turns to a page, from which one can go back by one key; only with the floor."""
        if not self._session.presents:
            self.refused.emit(OTHERS_FLOOR)
            return
        view = self._session.showing.desk
        if view is not None and view.page_id != page_id and view.page_id not in self._own_pages():
            self._former = view.page_id
        self._session.go_to(page_id)
        self.shown.emit(page_id)

    @property
    def can_go_back(self) -> bool:
        """Whether there is a page that was left for what was looked up."""
        return self._former is not None and self._session.briefing.page(self._former) is not None

    def go_back(self) -> None:
        """To the page that was left."""
        if self._former is not None:
            former, self._former = self._former, None
            self._session.go_to(former)

    def end(self) -> None:
        """The briefing is over."""
        self._paper = self._awaited = self._former = None

    def take(self, changes: Iterable[Change]) -> None:
        """What came of the network: others may have changed what the pages were to join."""
        for change in changes:
            match change:
                case OpRefused(op=OfferPaper(pages=pages) | NewEdition(pages=pages)) if any(
                    page.ref.blob == self._awaited for page in pages
                ):
                    self._awaited = None
                    full = change.reason in (Reason.TOO_MANY, Reason.TOO_LARGE)
                    self.refused.emit(FULL if full else NOT_SHOWN)

    def _look(self) -> None:
        if self._awaited is None:
            return
        wanted = PageRef(self._awaited, 0)
        for paper in self._session.briefing.papers:
            for page in paper.edition.pages:
                if page.ref == wanted:
                    self._paper, self._awaited = paper.paper, None
                    self.go_to(page.page_id)
                    return

    def _paper_of(self) -> int | None:
        """The paper that earlier finds are in; after a crash it is known by its title."""
        papers = self._session.briefing.papers
        if any(paper.paper == self._paper for paper in papers):
            return self._paper
        titles = {TITLE, say(TITLE)}
        return next((paper.paper for paper in papers if paper.title in titles), None)

    def _own_pages(self) -> frozenset[int]:
        paper = self._paper_of()
        known = self._session.briefing.paper(paper) if paper is not None else None
        return frozenset(page.page_id for page in known.edition.pages) if known is not None else frozenset()
