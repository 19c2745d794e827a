"""The briefing on this wall: papers come in, pages are drawn, what is on the glass is told.

Everything that holds words or pictures of a paper is here, so that `wipe` has one place to go through.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from pageview.geometry import Placement, Side, overlap, page_rect
from pageview.page_source import PageSource, Unshowable
from pageview.page_view import PageView, Painted
from pageview.renderer import OpenRefused, Renderer
from pageview.segments import SegmentStore
from protocol.changes import Change, PresenceSeen
from protocol.errors import Fault
from protocol.messages import StandIn, WallReport
from protocol.model import Briefing
from protocol.presence import Pointer, PointerAway, Position
from protocol.registers import Registers
from protocol.transport.events import BlobFailed, BlobFault, BlobReady, Changed, Event, StandInOffered
from protocol.values import Screen, View

log = logging.getLogger(__name__)

_LARGER = 1.5


class Follower(QObject):
    """One briefing, from `prepare` to `wipe`. `view` is the widget that shows the page."""

    painted = Signal(object)
    """Painted: what is on the glass now."""
    position = Signal(object)
    """Position, for the presenter; after each paint that changed something."""
    reported = Signal(object)
    """WallReport: a page that this wall cannot show."""
    pointed = Signal(int, int)
    """The pointer was painted here (page space)."""
    thumbnail_ready = Signal(object)
    """page_id of which there is a new thumbnail."""
    turned = Signal(object, object)
    """(former View or None, View): another view is followed."""
    changed = Signal()
    """Briefing or viewing are others than before."""

    def __init__(self, store: SegmentStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = PageView()
        self.view.painted.connect(self._on_painted)
        self.view.looked.connect(lambda _view: self.changed.emit())
        self._store = store
        self._renderer: Renderer | None = None
        self.source: PageSource | None = None
        self._frame_px = (0, 0)
        self.briefing: Briefing | None = None
        self._ready: list[bytes] = []
        self._stand_ins: list[StandIn] = []
        self._failed: set[bytes] = set()
        self._told_faults: set[tuple[bytes, int]] = set()
        self._followed: View | None = None
        self.hidden_here = False
        self.larger = False
        self._was_following = True
        self._rail: Side | None = None

    # --- life -------------------------------------------------------------------------------------------

    def prepare(self, frame_px: tuple[int, int]) -> None:
        """Starts the renderers with slots for pictures of this size (device pixels); again when it grows."""
        if frame_px[0] * frame_px[1] <= self._frame_px[0] * self._frame_px[1]:
            return
        former, self._frame_px = (self._renderer, self.source), frame_px
        self._renderer = Renderer(self._store, frame_px, parent=self)
        self._renderer.refused.connect(self._on_refused)
        self.source = PageSource(self._renderer, parent=self)
        self.source.aspect = frame_px[0] / frame_px[1]
        self.source.unshowable.connect(self._on_unshowable)
        self.source.thumbnail_ready.connect(self.thumbnail_ready)
        self._renderer.start()
        self.view.set_source(self.source)
        if self.briefing is not None:
            self.source.set_briefing(self.briefing)
        for sha256 in self._ready:
            self.source.blob_ready(sha256)
        for stand_in in self._stand_ins:
            self.source.add_stand_in(stand_in)
        self._let_go(*former)

    def _let_go(self, renderer: Renderer | None, source: PageSource | None) -> None:
        """Those of a smaller glass: their pictures give their slots back."""
        if source is not None:
            source.clear()
            source.deleteLater()
        if renderer is not None:
            renderer.stop()
            renderer.deleteLater()

    def wipe(self) -> None:
        """Renderers dead, slots and papers overwritten and let go, everything known of the papers dropped."""
        self.view.set_screen(Screen.COVER)
        self.view.show_view(None)
        self.view.follow()
        self.view.set_pointer(None)
        self.view.set_source(None)
        if self.source is not None:
            self.source.clear()
        if self._renderer is not None:
            self._renderer.wipe()
        else:
            self._store.wipe()
        self.source = None
        self.briefing = None
        self._followed = None
        for known in (self._ready, self._stand_ins, self._failed, self._told_faults):
            known.clear()

    # --- what comes in ------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """One event of the network that is about papers, pages or the pointer."""
        if self.source is None:
            return
        match event:
            case Changed(briefing, changes):
                self._take_changes(briefing, changes)
            case BlobReady(sha256):
                self._ready.append(sha256)
                self.source.blob_ready(sha256)
            case StandInOffered(stand_in):
                self._stand_ins.append(stand_in)
                self.source.add_stand_in(stand_in)
            case BlobFailed(sha256, fault):
                self._failed.add(sha256)
                self._report_blob(sha256, fault)
                self._say_unusable()
                self.changed.emit()

    def _take_changes(self, briefing: Briefing, changes: tuple[Change, ...]) -> None:
        assert self.source is not None
        former, self.briefing = self.briefing, briefing
        for change in changes:
            if isinstance(change, PresenceSeen):
                self._point(change)
        if former is not None and former.papers == briefing.papers and former.registers == briefing.registers:
            return
        self.source.set_briefing(briefing)
        view = briefing.registers.view
        if view != self._followed:
            before, self._followed = self._followed, view
            self.view.show_view(view)
            if view is not None:
                self.turned.emit(before, view)
            self._say_unusable()
        own = self.view.view
        if self.view.free and (own is None or not self.may_look(own)):
            self.follow()
        self.changed.emit()

    def _point(self, change: PresenceSeen) -> None:
        match change.presence:
            case Pointer() as at:
                self.view.set_pointer(at)
                shown = self.view.on_glass
                if shown is not None and shown.page_id == at.page_id:
                    self.pointed.emit(at.x, at.y)
            case PointerAway():
                self.view.set_pointer(None)

    @property
    def registers(self) -> Registers:
        """The present values; those before anything was set while there is no briefing."""
        return self.briefing.registers if self.briefing is not None else Registers()

    @property
    def unusable(self) -> bool:
        """The paper of the page followed will not come as it was announced: nothing of it can be shown."""
        view = None if self.view.free else self._followed
        page = self.source.page(view.page_id) if self.source is not None and view is not None else None
        return page is not None and page.ref.blob in self._failed

    # --- what is shown ------------------------------------------------------------------------------------

    def set_rail(self, side: Side) -> None:
        """The side on which stepped pages leave room."""
        if side is not self._rail:
            self._rail = side
            self.view.set_rail(side)

    def show_screen(self, screen: Screen) -> None:
        """What the presenter set, unless the wall is hidden here."""
        self.view.set_screen(Screen.HIDDEN if self.hidden_here else screen)

    def placement(self) -> Placement | None:
        """Where the view lies on the glass; None while no page is shown."""
        return self.view.placement()

    def page_placement(self) -> Placement | None:
        """The part of that which is page: a view may reach a little past the page's edge."""
        place, view = self.view.placement(), self.view.view
        page = self.source.page(view.page_id) if self.source is not None and view is not None else None
        if place is None or page is None:
            return None
        seen = overlap(place.rect, page_rect(page))
        return place.part(seen) if seen is not None else None

    def number_of(self, page_id: int) -> int:
        """Counted through all papers, from 1; 0 when it is not there."""
        if self.briefing is None:
            return 0
        ids = [page.page_id for page in self.briefing.pages()]
        return ids.index(page_id) + 1 if page_id in ids else 0

    def _on_painted(self, painted: Painted) -> None:
        self.painted.emit(painted)
        following = not self.view.free
        self.position.emit(
            Position(following, painted.page_id, painted.rect, painted.sharp, self.hidden_here)
        )

    # --- looking freely (自分で見る) ------------------------------------------------------------------------

    def look_freely(self) -> None:
        """A view of this wall's own from now on, beginning with what it shows."""
        view = self.view.view
        if view is not None and not self.view.free and self.registers.free_viewing:
            self.view.look(view)
            self.changed.emit()

    def follow(self) -> None:
        """説明に合わせる."""
        self.larger = False
        self.view.follow()
        self.changed.emit()

    def may_look(self, view: View) -> bool:
        """Whether this wall may show that by itself: 各自の閲覧, as the presenter has set it."""
        may = self.briefing is not None and self.briefing.may_look_at(view.page_id)
        return may and self.registers.free_viewing

    def neighbours(self) -> tuple[View | None, View | None]:
        """The former and the next step that this wall may go to by itself."""
        view, source = self.view.view, self.source
        if view is None or source is None:
            return None, None
        former, after = source.preceding(view), source.following(view)
        return (
            former if former is not None and self.may_look(former) else None,
            after if after is not None and self.may_look(after) else None,
        )

    def step(self, by: int) -> None:
        """The next or former step, for this wall only."""
        if self.neighbours()[by > 0] is None:
            return
        self.look_freely()
        if self.view.free:
            self.larger = False
            self.view.forward() if by > 0 else self.view.back()
            self.changed.emit()

    def show_page(self, page_id: int) -> None:
        """The page as it opens, for this wall only."""
        self._show_own(page_id, 0)

    def show_step(self, step: int) -> None:
        """A step of the page shown, for this wall only."""
        view = self.view.view
        if view is not None:
            self._show_own(view.page_id, step)

    def _show_own(self, page_id: int, step: int) -> None:
        if self.source is None or self.source.page(page_id) is None:
            return
        steps = self.source.steps_of(page_id)
        if not self.may_look(steps[0]):
            return
        self.larger = False
        self.view.look(steps[min(step, len(steps) - 1)])
        self.changed.emit()

    def toggle_larger(self) -> None:
        """この画面を大きく: half as large again, to be moved by a finger; and back."""
        if self.larger:
            self.larger = False
            if self._was_following:
                self.view.follow()
            else:
                self.view.whole_page()
        else:
            self._was_following = not self.view.free
            self.look_freely()
            if not self.view.free:
                return
            self.larger = True
            # Reading begins top left: that corner stays.
            self.view.zoom(_LARGER, self.view.page_area().topLeft())
        self.changed.emit()

    # --- what cannot be shown -------------------------------------------------------------------------------

    def _on_unshowable(self, page: Unshowable) -> None:
        self.reported.emit(WallReport(page.ref, int(page.fault)))

    def _on_refused(self, refused: OpenRefused) -> None:
        log.info("a paper cannot be opened on this wall: %s", refused.verdict)

    def _say_unusable(self) -> None:
        """The cover hides the page view, which then paints nothing that would tell where this wall is."""
        if self.unusable:
            self.position.emit(Position(True, None, None, False, self.hidden_here))

    def _report_blob(self, sha256: bytes, fault: BlobFault) -> None:
        reason = {
            BlobFault.TOO_LARGE: Fault.TOO_LARGE,
            BlobFault.WRONG_HASH: Fault.PAPER_NOT_AS_ANNOUNCED,
            BlobFault.MISSING: Fault.PAPER_NOT_AS_ANNOUNCED,
        }[fault]
        pages = () if self.briefing is None else self.briefing.pages()
        for page in pages:
            if page.ref.blob == sha256:
                self.reported.emit(WallReport(page.ref, int(reason)))
                return
