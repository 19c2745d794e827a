"""A change of one page, made in the paper itself: a new edition with that page, or a sentence why not."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pageview.page_edits import Breaks, Change, NotMade, WhyNot
from pageview.render_results import EditRefused, PageEdited
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from pageview.wording import say
from presenter import paging
from presenter.correction_words import broken
from presenter.dialogs import Question, ask
from presenter.network import Network
from presenter.session import Session
from protocol.values import Blob, EditionPage, PageId, PageRef


class PageChange(QObject):
    """``parent`` is where questions stand. ``clock``: seconds since 1970, for labels."""

    made = Signal(object, object, object)
    """(the page before: EditionPage, the page after, Change); its edition is on its way."""
    refused = Signal(object)
    """NotMade: the page is as it was."""

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        network: Network,
        renderer: Renderer,
        store: SegmentStore,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._over, self._session, self._network = parent, session, network
        self._renderer, self._store, self._clock = renderer, store, clock
        self._asked: dict[tuple[bytes, int, Change], PageId] = {}
        renderer.edited.connect(self._edited)
        renderer.edit_refused.connect(self._not_edited)

    def make(self, page_id: PageId, change: Change, accepted: Breaks = Breaks.NOTHING) -> None:
        """Makes it of the page as it is now: ``made`` or ``refused``, soon."""
        place = self._session.briefing.page(page_id)
        if place is not None and self._session.presents:
            ref = place[2].ref
            self._asked[ref.blob, ref.index, change] = page_id
            self._renderer.ask_edit(ref.blob, ref.index, change, accepted)

    def take_in(self, pdf: bytes) -> Blob:
        """A PDF made here joins the papers, and goes to whoever needs it."""
        sha256 = self._store.add(pdf)
        self._renderer.open(sha256)
        self._network.add_blob(sha256, self._store.data(sha256))
        return Blob(sha256, len(pdf))

    def put_in(self, edited: PageEdited, page_id: PageId, settles: tuple[int, ...] = ()) -> bool:
        """That page becomes what was made of it, in an edition that settles these corrections. False, and
        nothing is done, where it has become another page meanwhile."""
        briefing = self._session.briefing
        place = briefing.page(page_id)
        if place is None or place[2].ref != PageRef(edited.blob, edited.index):
            return False
        blob = self.take_in(edited.pdf)
        page = EditionPage(page_id, PageRef(blob.sha256, 0), edited.width, edited.height)
        op = paging.replacement(briefing, page, blob, round(self._clock()), settles)
        assert op is not None, "the page is there"
        self.made.emit(place[2], page, edited.change)
        self._network.edit(op)
        return True

    def end(self) -> None:
        """The briefing is over."""
        self._asked.clear()

    def _edited(self, edited: PageEdited) -> None:
        page_id = self._asked.pop((edited.blob, edited.index, edited.change), None)
        if page_id is None or self._session.briefing.page(page_id) is None:
            return
        if not self.put_in(edited, page_id):
            self.refused.emit(NotMade(WhyNot.NO_SUCH_WORDS))

    def _not_edited(self, refused: EditRefused) -> None:
        page_id = self._asked.pop((refused.blob, refused.index, refused.change), None)
        if page_id is None:
            return
        why = refused.not_made
        if why.why is not WhyNot.BREAKS:
            self.refused.emit(why)
            return
        question = Question(
            self._over,
            "このページを直しますか",
            "{what}元のファイルは、そのまま残ります。",
            yes="直す",
            no="やめる",
            values={"what": say(broken(Breaks(why.breaks)))},
        )
        ask(question, lambda: self.make(page_id, refused.change, Breaks(why.breaks)))
