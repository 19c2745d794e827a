"""Pictures of the pages of a briefing: what is kept, what is drawn ahead, and from which bytes.

Viewers say what they show; the source asks the renderer for it first, then for what is likely to come next,
then, when nothing is urgent, for thumbnails. Everything happens in the thread of the windows and never waits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from pageview.cache import FrameCache, Shot, merged
from pageview.geometry import covers, fit, page_rect
from pageview.inked_thumbnails import InkedThumbnails
from pageview.page_blobs import PageBlobs
from pageview.page_order import PageOrder
from pageview.picture import Picture, Unshowable
from pageview.render_queue import Priority, RenderRequest
from pageview.render_results import Frame, Opened, OpenRefused, PageLines, RenderFailed
from pageview.renderer import Renderer
from pageview.steps import turned
from pageview.thumbnails import Thumbnails
from protocol.errors import Fault
from protocol.messages import StandIn
from protocol.model import Briefing
from protocol.values import EditionPage, PageRef, Rect, View

SMALL: Final = 360
"""Device pixels of the longer side of the thumbnail that every page gets, to stand in when turned to."""
QUIET_MS: Final = 250
NEARBY: Final = 60
_THUMBNAILS_WAITING: Final = 64
_ATTEMPTS: Final = 2
AGAIN_MS: Final = 10_000
"""After so long what is shown and could not be drawn is asked for again: it was the machine, perhaps."""


class Viewer(Protocol):
    """A widget that shows views."""

    def shot_of(self, view: View) -> Shot | None:
        """What it would draw for ``view`` at its present size; None when it shows nothing."""


class PageSource(QObject):
    """Joins a briefing and a renderer for any number of viewers."""

    ready = Signal(object)
    """page_id of which there is a new picture, or a fault."""
    thumbnail_ready = Signal(object)
    """page_id of which there is a new thumbnail."""
    steps_ready = Signal(object)
    """page_id whose lines are known now, so that its steps are others than before."""
    unshowable = Signal(object)
    """Unshowable; once for each page and source of its bytes."""
    changed = Signal()
    """The pages of the briefing are others than before."""

    def __init__(
        self,
        renderer: Renderer,
        frames: int = 4,
        parent: QObject | None = None,
    ) -> None:
        """``frames`` full-size pictures are kept: all slots of the renderer but the one that it draws on."""
        super().__init__(parent)
        self._renderer = renderer
        self._order = PageOrder()
        self._blobs = PageBlobs()
        self._frames = FrameCache(frames)
        self._thumbnails = Thumbnails()
        self._inked = InkedThumbnails(self)
        self._inked.ready.connect(self.thumbnail_ready)
        self._viewers: dict[Viewer, View] = {}
        self._planned: dict[Shot, Priority] = {}
        self._lines_asked: set[PageRef] = set()
        self._thumbnails_wanted: dict[Shot, None] = {}
        self._thumbnail_asked: Shot | None = None
        self._attempts: dict[Shot, int] = {}
        self._faults: dict[PageRef, Fault] = {}
        """Of a source of bytes; of the page itself, whatever it is drawn from, where it took too long."""
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._work_ahead)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.try_again)
        renderer.opened.connect(self._on_opened)
        renderer.refused.connect(self._on_refused)
        renderer.drawn.connect(self._on_drawn)
        renderer.failed.connect(self._on_failed)
        renderer.lines.connect(self._on_lines)
        renderer.starved.connect(self._frames.let_one_go)

    # --- the briefing and its bytes -----------------------------------------------------------------------

    @property
    def briefing(self) -> Briefing:
        return self._order.briefing

    def set_briefing(self, briefing: Briefing) -> None:
        """Takes the newest state; cheap when only something else than pages changed."""
        self._inked.take(briefing.ink)
        if self._order.take(briefing):
            self._frames.drop(lambda ref: not self._order.needs(ref))
            self._thumbnails.drop(lambda ref: not self._order.needs(ref))
            self.changed.emit()
            self._plan()

    def blob_ready(self, sha256: bytes) -> None:
        """A paper or stand-in lies whole in the renderer's store."""
        if not self._blobs.knows(sha256):
            self._renderer.open(sha256)

    def add_stand_in(self, stand_in: StandIn) -> None:
        """Until the whole paper is here, this one-page PDF draws its page."""
        self._blobs.stand_in(stand_in.ref, stand_in.sha256)

    def clear(self) -> None:
        """Lets go of every picture and of all that is known of the papers; before the renderer is wiped."""
        self._quiet.stop()
        self._again.stop()
        self._thumbnail_asked = None
        self._viewers.clear()
        self._planned.clear()
        self._lines_asked.clear()
        self._thumbnails_wanted.clear()
        self._attempts.clear()
        self._faults.clear()
        self._frames.clear()
        self._thumbnails.clear()
        self._inked.clear()
        self._blobs.clear()
        self._order.clear()
        self.changed.emit()

    # --- where a page stands ------------------------------------------------------------------------------

    def page(self, page_id: int) -> EditionPage | None:
        """The newest edition's page; None when it is not in the briefing."""
        return self._order.page(page_id)

    def page_number(self, page_id: int) -> tuple[int, int]:
        """(n, m): the n-th, from 1, of the m pages of its paper; (0, 0) when it is not in the briefing."""
        return self._order.number(page_id)

    def resolve(self, view: View) -> View | None:
        """The view itself; of a page that is gone, the nearest earlier one there is, as it opens."""
        return self._order.resolve(view)

    @property
    def aspect(self) -> float:
        """Width / height of the first room's glass, for which pages are cut into steps."""
        return self._order.aspect

    @aspect.setter
    def aspect(self, aspect: float) -> None:
        if aspect != self._order.aspect:
            self._order.aspect = aspect
            self._plan()

    def steps_of(self, page_id: int) -> tuple[View, ...]:
        """The views that a page is read in, by its lines as far as they are known; KeyError: no such page."""
        return self._order.steps_of(page_id)

    def may_look_at(self, page_id: int) -> bool:
        """Whether somebody who looks freely may see this page now (各自の閲覧)."""
        return self.briefing is None or self.briefing.may_look_at(page_id)

    def following(self, view: View) -> View | None:
        """What → shows after ``view``; None at the end."""
        return self._order.following(view)

    def preceding(self, view: View) -> View | None:
        """What ← shows; None at the beginning."""
        return self._order.preceding(view)

    def turned(self, view: View, by: int) -> View | None:
        """The first step of the page ``by`` pages away (Shift+→ is 1); None past the ends."""
        return turned(view, by, self._order.steps_of, self._order.briefing.neighbour)

    # --- pictures -----------------------------------------------------------------------------------------

    def show(self, viewer: Viewer, view: View) -> None:
        """``viewer`` shows ``view`` from now on: draws it next, then what is likely to come after it."""
        self._viewers.pop(viewer, None)
        self._viewers[viewer] = view
        self._plan()

    def leave(self, viewer: Viewer) -> None:
        """``viewer`` shows nothing any more."""
        if self._viewers.pop(viewer, None) is not None:
            self._plan()

    @property
    def busy(self) -> bool:
        """Whether anything that is wanted, now or ahead, is still to be drawn."""
        ahead = any(self._can_draw(shot) and shot not in self._frames for shot in self._planned)
        return ahead or self._thumbnail_asked is not None or self._quiet.isActive()

    def has(self, shot: Shot) -> bool:
        """Whether the sharp picture is here."""
        return shot in self._frames

    def picture(self, shot: Shot) -> Picture:
        """The best there is at this moment."""
        exact = self._frames.get(shot)
        if exact is not None:
            return Picture(True, ((exact.image, shot.rect),))
        page_ids, former = self._order.page_ids(shot.ref), self._order.former(shot.ref)
        page = self.page(page_ids[0]) if page_ids else None
        if page is None:
            return Picture(False, ())
        layers = self._nearest(shot, page_rect(page))
        if not layers and former is not None:
            layers = self._nearest(replace(shot, ref=former), page_rect(page))
        return Picture(False, layers, None if layers else self.fault(shot.ref))

    def fault(self, ref: PageRef) -> Fault | None:
        """Why the page cannot be shown; None when it can, or when that is not known yet."""
        source = self._blobs.source(ref)
        return self._blobs.fault(ref) if source is None else self._faults.get(source) or self._faults.get(ref)

    def thumbnail(self, page_id: int, width: int, height: int) -> QImage | None:
        """The whole page, and what is drawn on it, in at most ``width`` × ``height`` device pixels; for the
        time being in another size.

        The right size is drawn when nothing else is urgent, the newest wish first; `thumbnail_ready` tells.
        """
        page = self.page(page_id)
        if page is None:
            return None
        shot = _thumbnail_shot(page, width, height)
        image = self._thumbnails.get(shot.ref, shot.width, shot.height)
        if image is not None:
            return self._inked.of(page, image)
        self._thumbnails_wanted.pop(shot, None)
        self._thumbnails_wanted[shot] = None
        while len(self._thumbnails_wanted) > _THUMBNAILS_WAITING:
            del self._thumbnails_wanted[next(iter(self._thumbnails_wanted))]
        self._ask_thumbnail()
        image = self._thumbnails.best(shot.ref)
        return self._inked.of(page, image) if image is not None else None

    def _nearest(self, shot: Shot, whole: Rect) -> tuple[tuple[QImage, Rect], ...]:
        layers: list[tuple[QImage, Rect]] = []
        near = self._frames.nearest(shot)
        if near is None or not covers(near[0].rect, shot.rect):
            small = self._thumbnails.best(shot.ref)
            if small is not None:
                layers.append((small, whole))
        if near is not None:
            layers.append((near[1].image, near[0].rect))
        return tuple(layers)

    # --- what to draw -------------------------------------------------------------------------------------

    def _plan(self) -> None:
        """Tells cache and renderer what is wanted now; everything else is forgotten."""
        lists = [self._shots_ahead(viewer, view) for viewer, view in reversed(self._viewers.items())]
        wanted = merged(lists, self._frames.capacity)
        urgent = {shots[0] for shots in lists if shots}
        self._planned = {
            shot: Priority.NOW if shot in urgent else Priority.NEXT if rank <= 2 else Priority.NEAR
            for rank, shot in enumerate(wanted)
            if self._can_draw(shot)
        }
        self._frames.want(wanted)
        self._renderer.forget(self._is_planned)
        missing = [shot for shot in self._planned if shot not in self._frames]
        # An idle renderer starts on the first wish; a busy one then takes the newest of the same priority.
        for shot in [*missing[:1], *reversed(missing)]:
            self._ask(shot, self._planned[shot])
        self._ask_lines()
        self._quiet.start()
        if not self._again.isActive() and any(not self._can_draw(shot) for shot in urgent):
            self._again.start()

    def try_again(self) -> None:
        """Asks once more for what is shown and could not be drawn; what is refused anyway costs nothing."""
        self._attempts.clear()
        for viewer, view in self._viewers.items():
            shot = viewer.shot_of(view)
            if shot is not None and shot not in self._frames:
                self._ask(shot, Priority.NOW)

    def _shots_ahead(self, viewer: Viewer, view: View) -> list[Shot]:
        shots = (viewer.shot_of(ahead) for ahead in self._order.ahead(view))
        return [shot for shot in shots if shot is not None]

    def _is_planned(self, request: RenderRequest) -> bool:
        thumbnail = request.priority is Priority.THUMB
        return thumbnail or self._planned.get(self._shot(request)) is request.priority

    def _can_draw(self, shot: Shot) -> bool:
        source = self._blobs.source(shot.ref)
        good = source is not None and source not in self._faults and shot.ref not in self._faults
        return good and self._attempts.get(shot, 0) < _ATTEMPTS

    def _ask(self, shot: Shot, priority: Priority) -> None:
        source = self._blobs.source(shot.ref)
        if source is not None:
            place = (shot.rect, shot.width, shot.height)
            self._renderer.ask(RenderRequest(source.blob, source.index, *place, priority))

    def _ask_lines(self) -> None:
        """Lines of the portrait pages at hand, so that their steps are right before they are shown."""
        for view in self._viewers.values():
            for page in self._order.around(view.page_id, 2):
                self._ask_lines_of(page)

    def _ask_lines_of(self, page: EditionPage) -> bool:
        source = self._blobs.source(page.ref)
        known = page.ref in self._lines_asked or page.ref in self._faults
        if source is None or page.width >= page.height or known:
            return False
        self._lines_asked.add(page.ref)
        self._renderer.ask_lines(source.blob, source.index)
        return True

    def _work_ahead(self) -> None:
        """One further thing that may be wanted later; the answer to it comes back here."""
        self._ask_thumbnail()
        if self.busy:
            return
        newest = next(reversed(self._viewers.values()), None)
        for page in self._order.around(newest.page_id if newest else None, NEARBY):
            shot = _thumbnail_shot(page, SMALL, SMALL)
            if self._thumbnails.best(page.ref) is None and self._thumbnails.room_for(shot.width, shot.height):
                self._ask_as_thumbnail(shot)
            if self._thumbnail_asked is not None or self._ask_lines_of(page):
                return

    def _ask_thumbnail(self) -> None:
        for shot in reversed(self._thumbnails_wanted):
            if self._thumbnail_asked is not None:
                return
            # While pages are being turned, another size of the same page will do.
            if not self._quiet.isActive() or self._thumbnails.best(shot.ref) is None:
                self._ask_as_thumbnail(shot)

    def _ask_as_thumbnail(self, shot: Shot) -> None:
        if self._can_draw(shot):
            self._thumbnail_asked = shot
            self._ask(shot, Priority.THUMB)

    # --- what the renderer says ---------------------------------------------------------------------------

    def _on_opened(self, opened: Opened) -> None:
        over = self._blobs.opened(opened.sha256)
        self._plan()
        for stand_in in over:
            if not self._order.refs_of(stand_in):
                self._renderer.retire(stand_in)

    def _on_refused(self, refused: OpenRefused) -> None:
        self._blobs.refused(refused.sha256, refused.fault)
        for ref in self._order.refs_of(refused.sha256):
            self._tell_fault(ref, refused.fault)

    def _on_drawn(self, frame: Frame) -> None:
        shot = self._shot(frame.request)
        thumbnail = self._forget_thumbnail(shot)
        for ref in (shot.ref, PageRef(frame.request.blob, frame.request.index)):
            self._faults.pop(ref, None)
        self._attempts.pop(shot, None)
        once = self._order.once(shot.ref)
        if not self._order.has(shot.ref) and shot in self._planned and once is not None:
            self._frames.put(shot, frame)  # somebody compares it with what it was
            self.ready.emit(once)
        elif self._order.has(shot.ref):
            if thumbnail:
                self._thumbnails.put(shot.ref, frame.image)
            if shot in self._planned or not thumbnail:
                self._frames.put(shot, frame)
            for page_id in self._order.page_ids(shot.ref):
                self.ready.emit(page_id)
                if thumbnail:
                    self.thumbnail_ready.emit(page_id)
        self._go_on()

    def _on_failed(self, failed: RenderFailed) -> None:
        shot = self._shot(failed.request)
        self._forget_thumbnail(shot)
        # Once more, unless it takes too long: the process may have died of something else.
        timeout = failed.fault is Fault.RENDER_TIMEOUT
        self._attempts[shot] = _ATTEMPTS if timeout else self._attempts.get(shot, 0) + 1
        blamed = shot.ref if timeout else PageRef(failed.request.blob, failed.request.index)
        told = bool({blamed, shot.ref} & self._faults.keys())
        if self._attempts[shot] >= _ATTEMPTS and not told and not self._shows_anything_of(shot.ref):
            self._faults[blamed] = failed.fault
            self._tell_fault(shot.ref, failed.fault)
        self._plan()
        self._go_on()

    def _shows_anything_of(self, ref: PageRef) -> bool:
        return self._frames.shows(ref) or self._thumbnails.best(ref) is not None

    def _on_lines(self, lines: PageLines) -> None:
        ref = self._blobs.drawn_for(PageRef(lines.blob, lines.index))
        others = self._order.take_lines(ref, lines.boxes)
        if others:
            self._plan()
        for page_id in others:
            self.steps_ready.emit(page_id)
        self._go_on()

    def _go_on(self) -> None:
        """After each answer: the thumbnails that somebody waits for, and the rest once it is quiet."""
        if self._quiet.isActive():
            self._ask_thumbnail()
        else:
            self._work_ahead()

    def _forget_thumbnail(self, shot: Shot) -> bool:
        """Whether ``shot`` was asked for as a thumbnail."""
        wanted = shot in self._thumbnails_wanted or shot == self._thumbnail_asked
        self._thumbnails_wanted.pop(shot, None)
        if shot == self._thumbnail_asked:
            self._thumbnail_asked = None
        return wanted

    def _tell_fault(self, ref: PageRef, fault: Fault) -> None:
        for page_id in self._order.page_ids(ref):
            self.unshowable.emit(Unshowable(page_id, ref, fault))
            self.ready.emit(page_id)

    def _shot(self, request: RenderRequest) -> Shot:
        ref = self._blobs.drawn_for(PageRef(request.blob, request.index))
        return Shot(ref, request.rect, request.width, request.height)


def _thumbnail_shot(page: EditionPage, width: int, height: int) -> Shot:
    place = fit(page_rect(page), width, height)
    return Shot(page.ref, place.rect, place.width, place.height)
