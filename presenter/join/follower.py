"""The briefing in this window: papers come in, pages are drawn, and whose page is shown.

Everything that holds words or pictures of a paper is here, so that `wipe` has one place to go through.
"""

from __future__ import annotations

import gc
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from pageview.page_source import PageSource
from pageview.page_view import PageView, Painted
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from presenter.join.all_words import AllWords
from presenter.join.window_state import Looking
from protocol.changes import PresenceSeen
from protocol.model import Briefing
from protocol.presence import Pointer, PointerAway, Position
from protocol.registers import Registers
from protocol.transport.events import (
    BlobFailed,
    BlobProgress,
    BlobReady,
    Changed,
    Event,
    StandInOffered,
)
from protocol.transport.join_events import Joined
from protocol.values import EditionPage, Role, Screen, View, Viewing

SLOTS = 5


class Why(Enum):
    """Why one does not see what one wanted, or no longer."""

    STOPPED = auto()
    AHEAD = auto()
    NOW_STOPPED = auto()
    NOW_AHEAD = auto()


class Follower(QObject):
    """One briefing at a time, from `prepare` to `wipe`. ``page`` is the widget that shows it."""

    changed = Signal()
    position = Signal(object)
    """Position, for the presenter; after each paint that changed something."""
    painted = Signal(object)
    """Painted"""
    withheld = Signal(object)
    """Why"""
    set_wanted = Signal(object)
    """View that everybody is to follow; only with the floor."""
    thumbnail_ready = Signal(object)
    words_changed = Signal()

    def __init__(
        self, page: PageView, store: SegmentStore, frame_px: tuple[int, int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.page, self.store, self._frame_px = page, store, frame_px
        self.renderer: Renderer | None = None
        self.source: PageSource | None = None
        self.words: AllWords | None = None
        self.briefing = Briefing()
        self._joined: Joined | None = None
        self._followed: View | None = None
        self._received: dict[bytes, float] = {}
        self._failed: set[bytes] = set()
        page.withheld.connect(lambda _view: self.withheld.emit(self._why_not()))
        page.view_wanted.connect(self.want)
        page.looked.connect(lambda _view: self._tell())
        page.painted.connect(self._on_painted)

    # --- life ---------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Starts the renderers; `Unavailable` when there is no memory for their pictures."""
        if self.renderer is not None:
            return
        self.renderer = Renderer(self.store, self._frame_px, SLOTS, parent=self)
        self.source = PageSource(self.renderer, SLOTS - 1, parent=self)
        self.source.thumbnail_ready.connect(self.thumbnail_ready)
        self.words = AllWords(self.renderer, self.store.__contains__, self)
        self.words.changed.connect(self.words_changed)
        self.renderer.start()
        self.page.set_source(self.source)

    def wipe(self) -> None:
        """Renderers dead, slots and papers overwritten and let go, everything known of the papers dropped."""
        self.page.set_screen(Screen.COVER)
        self.page.follow()
        self.page.show_view(None)
        self.page.set_pointer(None)
        self.page.set_source(None)
        self.page.interactive = False
        if self.words is not None:
            self.words.clear()
            self.words.deleteLater()
        if self.source is not None:
            self.source.clear()
            self.source.deleteLater()
        if self.renderer is not None:
            self.renderer.wipe()
            self.renderer.deleteLater()
        else:
            self.store.wipe()
        self.words = self.source = self.renderer = None
        self.briefing = Briefing()
        self._joined = self._followed = None
        self._received.clear()
        self._failed.clear()
        gc.collect()

    # --- what comes in ------------------------------------------------------------------------------------

    def joined(self, joined: Joined) -> None:
        """Who this one is in the briefing, and what it may do."""
        self._joined = joined
        self._settle()

    def take(self, event: Event) -> None:
        """One event of the network that is about papers, pages or the pointer."""
        if self.source is None:
            return
        match event:
            case Changed():
                self._take_changes(event)
            case BlobProgress(sha256, received, length):
                self._received[sha256] = received / length
                self.changed.emit()
            case BlobReady(sha256):
                self._received.pop(sha256, None)
                self._failed.discard(sha256)
                self.source.blob_ready(sha256)
                self.changed.emit()
            case StandInOffered(stand_in):
                self.source.add_stand_in(stand_in)
            case BlobFailed(sha256):
                self._failed.add(sha256)
                self.changed.emit()

    def _take_changes(self, event: Changed) -> None:
        assert self.source is not None and self.words is not None
        for change in event.changes:
            if isinstance(change, PresenceSeen):
                self._point(change)
        briefing, former = event.briefing, self.briefing
        self.briefing = briefing
        if former.papers == briefing.papers and former.registers == briefing.registers:
            if former.allowances != briefing.allowances:
                self.changed.emit()
            return
        self.source.set_briefing(briefing)
        self.words.take(briefing)
        self._settle()

    def _point(self, change: PresenceSeen) -> None:
        match change.presence:
            case Pointer() as at:
                self.page.set_pointer(at)
            case PointerAway():
                self.page.set_pointer(None)

    def _settle(self) -> None:
        """The page as the registers, the floor and one's own wish have it now."""
        view = self.registers.view
        own = self.page.view
        if view != self._followed:
            self._followed = view
            self.page.show_view(view)
        if self.page.free and self.presenting:
            self.page.follow()
        elif self.page.free and own is not None and not self.briefing.may_look_at(own.page_id):
            self.page.follow()
            locked = self.registers.viewing is Viewing.LOCKED
            self.withheld.emit(Why.NOW_STOPPED if locked else Why.NOW_AHEAD)
        elif self.page.free and self.registers.viewing is Viewing.LOCKED:
            self.page.follow()
            self.withheld.emit(Why.NOW_STOPPED)
        self.page.interactive = self.presenting or self.registers.viewing is not Viewing.LOCKED
        self._tell()

    # --- what is true now ---------------------------------------------------------------------------------

    @property
    def registers(self) -> Registers:
        """The present values."""
        return self.briefing.registers

    @property
    def presenting(self) -> bool:
        """Whether this one has the floor."""
        joined = self._joined
        return joined is not None and joined.role is Role.PRESENTER and self.registers.floor == joined.peer

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

    def received(self, page: EditionPage) -> float | None:
        """The share that is here of the paper of that page; None when nothing more is needed to show it."""
        glass = self.page.on_glass
        sharp = glass is not None and glass.sharp and glass.page_id == page.page_id
        return None if sharp or page.ref.blob in self.store else self._received.get(page.ref.blob, 0.0)

    def failed(self, sha256: bytes) -> bool:
        """Whether that paper does not come."""
        return sha256 in self._failed

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
        elif self.registers.viewing is Viewing.LOCKED or not self.briefing.may_look_at(view.page_id):
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

    def follow(self) -> None:
        """説明に合わせる"""
        self.page.follow()
        self._tell()

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
        shown = self.registers.screen
        self.page.set_screen(
            Screen.SHOW if self.page.free or self.presenting or shown is Screen.SHOW else Screen.COVER
        )
        self.changed.emit()

    def _on_painted(self, painted: Painted) -> None:
        self.painted.emit(painted)
        if self._joined is not None:
            self.position.emit(Position(not self.page.free, painted.page_id, painted.rect, painted.sharp))
