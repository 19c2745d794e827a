"""One briefing on one widget: papers come in, pages are drawn, and what was painted is told.

Everything that holds words or pictures of a paper is here, so that `wipe` has one place to go through.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from pageview.correction_layer import Typed, typed_now
from pageview.correction_places import opening
from pageview.page_source import PageSource
from pageview.page_text import PageText
from pageview.page_texts import PageTexts
from pageview.page_view import PageView, Painted
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from protocol.changes import Change, CorrectionsChanged, InkChanged, OpRefused, PresenceSeen, Reloaded
from protocol.model import Briefing
from protocol.ops import OpenCorrection
from protocol.presence import Pointer, PointerAway, Position, Typing, Wet
from protocol.registers import Registers
from protocol.transport.events import BlobFailed, BlobReady, Changed, Event, StandInOffered
from protocol.values import PageId, PageRef, Screen, View

SLOTS: Final = 5


class PageFollower(QObject):
    """What every follower does, at a wall and in a window. ``page`` is the widget that shows the page.

    Without a briefing, `briefing` is an empty one.
    """

    changed = Signal()
    """What is shown, or what may be done, is another than before."""
    painted = Signal(object)
    """Painted: what is on the glass now."""
    position = Signal(object)
    """Position, for the presenter; after each paint that changed something."""
    inked = Signal(object)
    """Wet: this piece of somebody's stroke was painted here."""
    corrected = Signal(object)
    """tuple[Typed, ...]: the corrections that are being typed, as they are painted now."""
    words_known = Signal()
    """The characters of some page are read now."""
    thumbnail_ready = Signal(object)
    """page_id of which there is a new thumbnail."""

    def __init__(self, page: PageView, store: SegmentStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.page, self.store = page, store
        self.renderer: Renderer | None = None
        self.source: PageSource | None = None
        self.texts: PageTexts | None = None
        self.briefing = Briefing()
        self._followed: View | None = None
        self._failed: set[bytes] = set()
        self._carets: dict[int, tuple[int, str]] = {}
        self._typed: tuple[Typed, ...] = ()
        page.hand.text_of = self._text_of
        page.painted.connect(self._on_painted)
        page.looked.connect(lambda _view: self._tell())

    # --- life ---------------------------------------------------------------------------------------------

    def _start(self, frame_px: tuple[int, int]) -> tuple[Renderer, PageSource]:
        """Renderers with slots for pictures of this size (device pixels), in the place of those before.

        `Unavailable` when there is no memory for them.
        """
        former = self.renderer, self.source
        renderer = Renderer(self.store, frame_px, SLOTS, parent=self, warm=True)
        source = PageSource(renderer, SLOTS - 1, parent=self)
        self.renderer, self.source = renderer, source
        if self.texts is not None:
            self.texts.deleteLater()
        self.texts = PageTexts(renderer, self)
        self.texts.known.connect(lambda _ref: self.words_known.emit())
        source.thumbnail_ready.connect(self.thumbnail_ready)
        renderer.start()
        self.page.set_source(source)
        self._let_go(*former)
        return renderer, source

    def _let_go(self, renderer: Renderer | None, source: PageSource | None) -> None:
        """Their pictures give their slots back; the papers stay."""
        if source is not None:
            source.clear()
            source.deleteLater()
        if renderer is not None:
            renderer.stop()
            renderer.deleteLater()

    def wipe(self) -> None:
        """Renderers dead, slots and papers overwritten and let go, everything known of the papers dropped."""
        self.page.set_screen(Screen.COVER)
        self.page.follow()
        self.page.show_view(None)
        self.page.set_pointer(None)
        self.page.hand.cancel()
        self.page.set_source(None)
        self.page.ink.clear()
        if self.source is not None:
            self.source.clear()
            self.source.deleteLater()
        if self.renderer is not None:
            self.renderer.wipe()
            self.renderer.deleteLater()
        else:
            self.store.wipe()
        if self.texts is not None:
            self.texts.clear()
            self.texts.deleteLater()
        self.source = self.renderer = self.texts = None
        self.briefing = Briefing()
        self._followed = None
        self._failed.clear()
        self._carets.clear()
        self._typed = ()
        self.page.show_typed(())

    # --- words of the page --------------------------------------------------------------------------------

    def read_page(self) -> None:
        """The words of the page shown are read, so that they can be chosen at once."""
        view = self.page.view
        if view is not None:
            self._text_of(view.page_id)

    def correction(self, when: int) -> OpenCorrection | None:
        """A correction of the words that are chosen on the page; None where there are none."""
        hand = self.page.hand
        if hand.selection is None or hand.selected_on is None:
            return None
        return opening(self.briefing, hand.selected_on, hand.selection, hand.peer, when)

    def text_at(self, ref: PageRef) -> PageText | None:
        """The characters of any page that is here; None while they are not known."""
        return self.texts.of(ref) if self.texts is not None and ref.blob in self.store else None

    def _text_of(self, page_id: PageId) -> PageText | None:
        place = self.briefing.page(page_id)
        return self.texts.of(place[2].ref) if self.texts is not None and place is not None else None

    # --- what comes in ------------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """One event of the network that is about papers, pages or the pointer."""
        if self.source is None:
            return
        match event:
            case Changed(briefing, changes):
                self._take_changes(briefing, changes)
            case BlobReady(sha256):
                self._failed.discard(sha256)
                self.source.blob_ready(sha256)
            case StandInOffered(stand_in):
                self.source.add_stand_in(stand_in)
            case BlobFailed(sha256):
                self._failed.add(sha256)
                self.changed.emit()

    def _take_changes(self, briefing: Briefing, changes: tuple[Change, ...]) -> None:
        assert self.source is not None
        former, self.briefing = self.briefing, briefing
        self.source.set_briefing(briefing)
        for change in changes:
            if isinstance(change, PresenceSeen):
                self._point(change)
            elif isinstance(change, InkChanged):
                self.page.take_ink(change)
            elif isinstance(change, OpRefused):
                self.page.hand.refused(change.op)
        if Reloaded() in changes:
            self.page.reload_ink()
        typed = typed_now(briefing, self._carets)
        if typed != self._typed:
            self._typed = typed
            self.page.show_typed(typed)
            self.corrected.emit(typed)
        if any(isinstance(change, CorrectionsChanged) for change in changes):
            self.changed.emit()
        if former.papers != briefing.papers or former.registers != briefing.registers:
            self._settle()

    def _point(self, change: PresenceSeen) -> None:
        match change.presence:
            case Pointer() as at:
                self.page.set_pointer(at)
            case PointerAway():
                self.page.set_pointer(None)
            case Typing(item, caret, preedit):
                self._carets[item] = caret, preedit
            case Wet() as piece:
                self.page.ink.wet(change.peer, piece)
                self.inked.emit(piece)

    def _settle(self) -> None:
        """The page as the registers and one's own wish have it now."""
        view = self.registers.view
        if view != self._followed:
            former, self._followed = self._followed, view
            self.page.show_view(view)
            self._turned(former, view)
        own = self.page.view
        if self.page.free and not self._may_stay(own):
            self.page.follow()
            self._called_back(own)
        self._tell()

    def _turned(self, former: View | None, view: View | None) -> None:
        """Another view is followed."""

    def _may_stay(self, own: View | None) -> bool:
        """Whether a view of one's own may go on being shown; None: its page is gone."""
        return own is not None and self.may_look(own)

    def _called_back(self, own: View | None) -> None:
        """It may not: what everybody follows is shown again."""

    # --- what is true now ---------------------------------------------------------------------------------

    @property
    def registers(self) -> Registers:
        """The present values."""
        return self.briefing.registers

    def may_look(self, view: View) -> bool:
        """Whether one may show that by oneself: 各自の閲覧, as the presenter has set it."""
        return self.registers.free_viewing and self.briefing.may_look_at(view.page_id)

    def number_of(self, page_id: int) -> int:
        """Counted through all papers, from 1; 0 when it is not there."""
        ids = [page.page_id for page in self.briefing.pages()]
        return ids.index(page_id) + 1 if page_id in ids else 0

    def failed(self, sha256: bytes) -> bool:
        """Whether that paper does not come."""
        return sha256 in self._failed

    def follow(self) -> None:
        """説明に合わせる"""
        self.page.follow()
        self._tell()

    def _tell(self) -> None:
        """What is shown is another than before."""
        self.changed.emit()

    def _on_painted(self, painted: Painted) -> None:
        self.painted.emit(painted)
        self.position.emit(
            Position(not self.page.free, painted.page_id, painted.rect, painted.sharp, self._hidden())
        )

    def _hidden(self) -> bool:
        """Whether the screen is hidden by the people before it."""
        return False
