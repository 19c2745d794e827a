"""The briefing in this window, and whose page is shown."""

from __future__ import annotations

import gc
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from pageview.page_follower import PageFollower
from pageview.page_view import PageView
from pageview.segments import SegmentStore
from presenter.join.window_state import Looking
from presenter.lookup.all_words import AllWords
from protocol.changes import Change
from protocol.model import Briefing
from protocol.roles import may_offer_finds
from protocol.transport.events import BlobProgress, BlobReady, Event
from protocol.transport.join_events import Joined
from protocol.values import EditionPage, PageId, PeerId, Role, Screen, View, Viewing

NOBODY: PeerId = -1


class Why(Enum):
    """Why one does not see what one wanted, or no longer."""

    STOPPED = auto()
    AHEAD = auto()
    NOW_STOPPED = auto()
    NOW_AHEAD = auto()


class Follower(PageFollower):
    """One briefing at a time, from `prepare` to `wipe`."""

    withheld = Signal(object)
    """Why"""
    set_wanted = Signal(object)
    """View that everybody is to follow; only with the floor."""
    words_changed = Signal()

    def __init__(
        self, page: PageView, store: SegmentStore, frame_px: tuple[int, int], parent: QObject | None = None
    ) -> None:
        super().__init__(page, store, parent)
        self._frame_px = frame_px
        self.words: AllWords | None = None
        self._joined: Joined | None = None
        self._limits: tuple[object, ...] = ()
        self._received: dict[bytes, float] = {}
        page.withheld.connect(lambda _view: self.withheld.emit(self._why_not()))
        page.view_wanted.connect(self.want)

    # --- life ---------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Starts the renderers; `Unavailable` when there is no memory for their pictures."""
        if self.renderer is not None:
            return
        renderer, _source = self._start(self._frame_px)
        self.words = AllWords(renderer, self.store.__contains__, self)
        self.words.changed.connect(self.words_changed)

    def wipe(self) -> None:
        if self.words is not None:
            self.words.clear()
            self.words.deleteLater()
        self.words = None
        super().wipe()
        self.page.interactive = False
        self._joined = None
        self._received.clear()
        gc.collect()

    # --- what comes in ------------------------------------------------------------------------------------

    def joined(self, joined: Joined) -> None:
        """Who this one is in the briefing, and what it may do."""
        self._joined = joined
        self._settle()

    def take(self, event: Event) -> None:
        if self.source is None:
            return
        super().take(event)
        match event:
            case BlobProgress(sha256, received, length):
                self._received[sha256] = received / length
                self.changed.emit()
            case BlobReady(sha256):
                self._received.pop(sha256, None)
                self.changed.emit()

    def _take_changes(self, briefing: Briefing, changes: tuple[Change, ...]) -> None:
        former = self.briefing
        super()._take_changes(briefing, changes)
        if former.allowances != briefing.allowances:
            self.changed.emit()

    def _settle(self) -> None:
        if self.words is not None:
            self.words.take(self.briefing)
            viewing = self.registers.viewing
            limits = viewing, self.presenting, None if viewing is Viewing.FREE else self.presented_page
            if limits != self._limits:
                self._limits = limits
                self.words.changed.emit()  # what was found may not be found any more
        super()._settle()

    def _may_stay(self, own: View | None) -> bool:
        return not self.presenting and super()._may_stay(own)

    def _called_back(self, own: View | None) -> None:
        if own is not None and not self.presenting:
            locked = self.registers.viewing is Viewing.LOCKED
            self.withheld.emit(Why.NOW_STOPPED if locked else Why.NOW_AHEAD)

    # --- what is true now ---------------------------------------------------------------------------------

    @property
    def presenting(self) -> bool:
        """Whether this one has the floor."""
        joined = self._joined
        return joined is not None and joined.role is Role.PRESENTER and self.registers.floor == joined.peer

    @property
    def peer(self) -> PeerId:
        """Who this one is in the briefing; before it is in, nobody."""
        return self._joined.peer if self._joined is not None else NOBODY

    @property
    def presented_page(self) -> PageId | None:
        """The page that everybody is shown, or what took its place; None for none."""
        view = self.registers.view
        return self.briefing.nearest_page(view.page_id) if view is not None else None

    @property
    def may_write(self) -> bool:
        """Whether what is drawn here reaches everybody."""
        return self._joined is not None and self._joined.role in (Role.ANNOTATOR, Role.PRESENTER)

    @property
    def covered(self) -> bool:
        """Whether the page is not shown here, because the presenter shows none."""
        return self.registers.screen is not Screen.SHOW and not self.page.free and not self.presenting

    @property
    def looking(self) -> Looking:
        """Whose page is shown."""
        if self.presenting:
            return Looking.PRESENTING
        return Looking.FREELY if self.page.free else Looking.FOLLOWING

    @property
    def allowed(self) -> tuple[bool, bool]:
        """(saving, taking over) as the presenter granted them."""
        allowance = self.briefing.allowances.get(self._joined.peer) if self._joined is not None else None
        return (allowance.saving, allowance.takeover) if allowance is not None else (False, False)

    @property
    def may_find(self) -> bool:
        """Whether the presenter takes what is looked up here."""
        return may_offer_finds(self.peer, self.briefing)

    def may_find_on(self, page_id: PageId) -> bool:
        """Whether words of that page may be found now: of none that may not be looked at."""
        return self.presenting or self.briefing.may_look_at(page_id)

    def received(self, page: EditionPage) -> float | None:
        """The share that is here of the paper of that page; None when nothing more is needed to show it."""
        glass = self.page.on_glass
        sharp = glass is not None and glass.sharp and glass.page_id == page.page_id
        return None if sharp or page.ref.blob in self.store else self._received.get(page.ref.blob, 0.0)

    def thumbnail(self, page_id: int, width: int, height: int) -> QImage | None:
        """`PageSource.thumbnail`, while there is a briefing."""
        return self.source.thumbnail(page_id, width, height) if self.source is not None else None

    # --- whose page ---------------------------------------------------------------------------------------

    def want(self, view: View) -> None:
        """Shows this view: to everybody with the floor, else to this person alone, as far as that may be."""
        if self.presenting:
            self.page.show_view(view)
            self._followed = view
            self.set_wanted.emit(view)
        elif not self.may_look(view):
            # What was wished for is forgotten, or the next wish would start from there.
            self.page.show_view(self._followed)
            self.withheld.emit(self._why_not())
        else:
            self.page.look(view)
        self._tell()

    def go_to(self, page_id: int) -> None:
        """Shows that page as it opens."""
        if self.source is not None and self.source.page(page_id) is not None:
            self.want(self.source.steps_of(page_id)[0])

    def look_freely(self) -> None:
        """自分で見る, beginning with what is shown."""
        view = self.page.view
        if view is not None and not self.page.free and not self.presenting:
            self.want(view)

    def pages_to_look_at(self) -> tuple[tuple[int, ...], int]:
        """(page ids of the paper shown that may be looked at, the number of the first of them)"""
        view = self.page.view
        place = self.briefing.page(view.page_id) if view is not None else None
        if place is None:
            return (), 1
        ids = [page.page_id for page in place[0].edition.pages]
        if self.presenting:
            return tuple(ids), 1
        open_ = [page_id for page_id in ids if self.briefing.may_look_at(page_id)]
        return tuple(open_), ids.index(open_[0]) + 1 if open_ else 1

    def _why_not(self) -> Why:
        return Why.STOPPED if self.registers.viewing is Viewing.LOCKED else Why.AHEAD

    def _tell(self) -> None:
        """What is shown, and that it may be otherwise."""
        self.page.set_screen(Screen.COVER if self.covered else Screen.SHOW)
        self.page.interactive = self.presenting or self.registers.free_viewing
        super()._tell()
