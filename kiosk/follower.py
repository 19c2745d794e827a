"""The briefing on this wall: what is shown of it, looked at here, or cannot be shown."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from pageview.geometry import Placement, Side, overlap, page_rect
from pageview.page_follower import PageFollower
from pageview.page_view import PageView
from pageview.picture import Unshowable
from pageview.render_results import OpenRefused
from pageview.segments import SegmentStore
from protocol.changes import PresenceSeen
from protocol.errors import Fault
from protocol.messages import StandIn, WallReport
from protocol.presence import Pointer, Position
from protocol.registers import SetTimer
from protocol.transport.events import BlobFailed, BlobFault, BlobReady, Event, StandInOffered
from protocol.values import PageRef, Screen, View

log = logging.getLogger(__name__)

_LARGER = 1.5


class Follower(PageFollower):
    """One briefing, from `prepare` to `wipe`."""

    reported = Signal(object)
    """WallReport: a page that this wall cannot show."""
    pointed = Signal(int, int)
    """The pointer was painted here (page space)."""
    turned = Signal(object, object)
    """(former View or None, View): another view is followed."""

    def __init__(self, store: SegmentStore, parent: QObject | None = None) -> None:
        super().__init__(PageView(), store, parent)
        self._frame_px = (0, 0)
        self._ready: list[bytes] = []
        self._stand_ins: list[StandIn] = []
        self.hidden_here = False
        self.larger = False
        self._was_following = True
        self._rail: Side | None = None
        self._beside = False
        self._timer, self._timer_at = SetTimer(0, 0, False), 0.0

    def prepare(self, frame_px: tuple[int, int]) -> None:
        """Starts the renderers with slots for pictures of this size (device pixels); again when it grows."""
        if frame_px[0] * frame_px[1] <= self._frame_px[0] * self._frame_px[1]:
            return
        self._frame_px = frame_px
        renderer, source = self._start(frame_px)
        renderer.refused.connect(self._on_refused)
        source.unshowable.connect(self._on_unshowable)
        source.aspect = frame_px[0] / frame_px[1]
        source.set_briefing(self.briefing)
        for sha256 in self._ready:
            source.blob_ready(sha256)
        for stand_in in self._stand_ins:
            source.add_stand_in(stand_in)

    def wipe(self) -> None:
        super().wipe()
        self._ready.clear()
        self._stand_ins.clear()

    # --- what comes in ------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        if self.source is None:
            return
        super().take(event)
        match event:
            case BlobReady(sha256):
                self._ready.append(sha256)
            case StandInOffered(stand_in):
                self._stand_ins.append(stand_in)
            case BlobFailed(sha256, fault):
                self._report_blob(sha256, fault)
                self._say_unusable()

    def _point(self, change: PresenceSeen) -> None:
        super()._point(change)
        at, shown = change.presence, self.page.on_glass
        if isinstance(at, Pointer) and shown is not None and shown.page_id == at.page_id:
            self.pointed.emit(at.x, at.y)

    def _turned(self, former: View | None, view: View | None) -> None:
        if view is not None:
            self.turned.emit(former, view)
        self._say_unusable()

    def _called_back(self, own: View | None) -> None:
        self.larger = False

    @property
    def unusable(self) -> bool:
        """The paper of the page followed will not come as it was announced: nothing of it can be shown."""
        ref = self._ref_followed()
        return ref is not None and self.failed(ref.blob)

    @property
    def awaited(self) -> bool:
        """Nothing has come yet from which the page followed could be drawn."""
        ref = self._ref_followed()
        return ref is not None and not (
            ref.blob in self._ready or any(stand_in.ref == ref for stand_in in self._stand_ins)
        )

    def _ref_followed(self) -> PageRef | None:
        view = None if self.page.free else self._followed
        page = self.source.page(view.page_id) if self.source is not None and view is not None else None
        return page.ref if page is not None else None

    def paper_left_s(self, clock: float) -> float | None:
        """Seconds until the paper presented is to be through; None where walls do not tell it. To be asked
        whenever something came in: what the presenter says counts from then."""
        timer = self.registers.timer
        if timer != self._timer:
            self._timer, self._timer_at = timer, clock
        if timer.due is None or not timer.running or self.page.free:
            return None
        return (timer.due - timer.elapsed) / 1000 - (clock - self._timer_at)

    # --- what is shown ------------------------------------------------------------------------------------

    def set_rail(self, side: Side) -> None:
        """The side on which stepped pages leave room."""
        if side is not self._rail:
            self._rail = side
            self.page.set_rail(None if self._beside else side)

    def set_beside(self, beside: bool) -> None:
        """Whether another page stands beside it, so that there is no room for a rail."""
        if beside != self._beside:
            self._beside = beside
            self.page.set_rail(None if beside else self._rail)

    def show_screen(self, screen: Screen) -> None:
        """What the presenter set, unless the wall is hidden here."""
        self.page.set_screen(Screen.HIDDEN if self.hidden_here else screen)

    def placement(self) -> Placement | None:
        """Where the view lies on the glass; None while no page is shown."""
        return self.page.placement()

    def page_placement(self) -> Placement | None:
        """The part of that which is page: a view may reach a little past the page's edge."""
        place, view = self.page.placement(), self.page.view
        page = self.source.page(view.page_id) if self.source is not None and view is not None else None
        if place is None or page is None:
            return None
        seen = overlap(place.rect, page_rect(page))
        return place.part(seen) if seen is not None else None

    def _hidden(self) -> bool:
        return self.hidden_here

    # --- looking freely (自分で見る) ------------------------------------------------------------------------

    def look_freely(self) -> None:
        """A view of this wall's own from now on, beginning with what it shows."""
        view = self.page.view
        if view is not None and not self.page.free and self.registers.free_viewing:
            self.page.look(view)
            self.changed.emit()

    def follow(self) -> None:
        self.larger = False
        super().follow()

    def neighbours(self) -> tuple[View | None, View | None]:
        """The former and the next step that this wall may go to by itself."""
        view, source = self.page.view, self.source
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
        if self.page.free:
            self.larger = False
            self.page.forward() if by > 0 else self.page.back()
            self.changed.emit()

    def show_page(self, page_id: int) -> None:
        """The page as it opens, for this wall only."""
        self._show_own(page_id, 0)

    def show_step(self, step: int) -> None:
        """A step of the page shown, for this wall only."""
        view = self.page.view
        if view is not None:
            self._show_own(view.page_id, step)

    def _show_own(self, page_id: int, step: int) -> None:
        if self.source is None or self.source.page(page_id) is None:
            return
        steps = self.source.steps_of(page_id)
        if not self.may_look(steps[0]):
            return
        self.larger = False
        self.page.look(steps[min(step, len(steps) - 1)])
        self.changed.emit()

    def toggle_larger(self) -> None:
        """この画面を大きく: half as large again, to be moved by a finger; and back."""
        if self.larger:
            self.larger = False
            if self._was_following:
                self.page.follow()
            else:
                self.page.whole_page()
        else:
            self._was_following = not self.page.free
            self.look_freely()
            if not self.page.free:
                return
            self.larger = True
            # Reading begins top left. That corner comes to the glass's own: the letterbox is room, too.
            self.page.zoom(_LARGER, self.page.page_area().topLeft() * (_LARGER / (_LARGER - 1)))
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
        for page in self.briefing.pages():
            if page.ref.blob == sha256:
                self.reported.emit(WallReport(page.ref, int(reason)))
                return
