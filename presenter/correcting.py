"""Corrections at the desk: words are chosen, new ones typed before everybody's eyes, and set in the paper."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from pageview import marks_at, text_selection
from pageview.correction_layer import typed_now
from pageview.correction_places import new_places, opening, ranges_at
from pageview.page_edits import Breaks, NotMade, ReplaceWords, Setting, WhyNot
from pageview.page_text import PageText
from pageview.page_texts import PageTexts
from pageview.page_view import PageView
from pageview.render_results import EditRefused, PageEdited
from pageview.renderer import Renderer
from pageview.shapes import CLOSED
from pageview.text_selection import Selection
from presenter.correction_note import note_marks
from presenter.network import Network
from presenter.page_change import PageChange
from presenter.second_screen import SecondScreen
from presenter.session import Session
from presenter.wording import Wording
from protocol.changes import Change, CorrectionsChanged, ItemChanged, PeersChanged, PresenceSeen
from protocol.corrections import Correction, CorrectionState
from protocol.ink import Stroke, Words
from protocol.model import Briefing
from protocol.ops import Op, SetCorrection
from protocol.presence import Typing
from protocol.registers import CorrectionChange, SetCompared
from protocol.texts import Edit, cleaned
from protocol.values import OWNER, EditionPage, PageId, PageRef, PeerId, Rect


class Correcting(QObject):
    """At most one correction is being typed here. ``clock``: seconds since 1970, for labels."""

    changed = Signal()
    """Corrections are others than before, or another is in hand."""
    opened = Signal(object)
    """Correction that is being typed from now on; None: none is."""
    told = Signal(object)
    """EditRefused or PageEdited: what the paper said to the wording that was tried."""
    wording_changed = Signal(str)
    """The wording in hand as everybody has it now, when somebody else changed it."""

    def __init__(
        self,
        page: PageView,
        session: Session,
        screens: SecondScreen,
        network: Network,
        renderer: Renderer,
        change: PageChange,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._screens = page, session, screens
        self._network, self._renderer, self._change, self._clock = network, renderer, change, clock
        self.texts = PageTexts(renderer, self)
        self._carets: dict[int, tuple[int, str]] = {}
        self._in_hand: int | None = None
        self._began_with = ""
        self._comparing: int | None = None
        self._wording: Wording | None = None
        self._opening: int | None = None
        self._applying: ReplaceWords | None = None
        self._awaited: Breaks | None = None
        """What was to be applied when the words of its page are read."""
        self.texts.known.connect(self._read)
        page.hand.text_of = self._text_of
        page.hand.selected.connect(lambda _chosen: self.changed.emit())
        renderer.edited.connect(self._edited)
        renderer.edit_refused.connect(self._not_edited)

    # --- what there is ------------------------------------------------------------------------------------

    def all(self) -> list[Correction]:
        """Every correction, by its number."""
        return sorted(self._page.briefing.corrections.values(), key=lambda each: each.number)

    def wording(self, correction: Correction) -> str:
        """Its new words as they are now."""
        item = self._page.briefing.items.get(correction.item)
        return item.text if item is not None else ""

    @property
    def briefing(self) -> Briefing:
        """As it is known here."""
        return self._page.briefing

    @property
    def in_hand(self) -> Correction | None:
        """The one that is being typed here."""
        return self._page.briefing.corrections.get(self._in_hand) if self._in_hand is not None else None

    @property
    def selection(self) -> Selection | None:
        """The words chosen on the page."""
        return self._page.hand.selection

    def _text_of(self, page_id: PageId) -> PageText | None:
        place = self._page.briefing.page(page_id)
        return self.texts.of(place[2].ref) if place is not None else None

    # --- opening ------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """The words of the page shown are read, so that they can be chosen at once."""
        view = self._page.view
        if view is not None:
            self._text_of(view.page_id)

    def add(self) -> bool:
        """A correction of the words that are chosen, else of those that the newest ring on this page goes
        around; in hand at once. False where there are none, or while the page's words are being read."""
        view = self._page.view
        place = self._page.briefing.page(view.page_id) if view is not None else None
        selection = self.selection or (self._circled(place[2]) if place is not None else None)
        if not selection or place is None or not self._session.presents:
            return False
        op = opening(self._page.briefing, place[2].page_id, selection, OWNER, self._now())
        if op is None:
            return False
        typed = self.in_hand
        if typed is None or (typed.page_id, typed.places) != (op.page_id, op.places):
            self._opening = op.item
            self._edit(op)
        self._page.hand.let_go()
        return True

    def _circled(self, page: EditionPage) -> Selection | None:
        """The words inside the newest mark of the page, where that is a closed line."""
        text = self.texts.of(page.ref)
        newest = list(self._page.briefing.ink.seen(page.page_id))[-1:]
        if text is None or not newest or not isinstance(newest[0].mark, Stroke):
            return None
        points = marks_at.points_of(newest[0])
        xs, ys = [x for x, _ in points], [y for _, y in points]
        size = math.hypot(max(xs) - min(xs), max(ys) - min(ys))
        if math.hypot(xs[-1] - xs[0], ys[-1] - ys[0]) > CLOSED * size:
            return None
        return text_selection.circled(text, points)

    def take_up(self, correction: Correction) -> None:
        """Types this one from now on."""
        self.put_down()
        self._in_hand, self._began_with = correction.item, self.wording(correction)
        self._wording = Wording(correction.item, self._began_with)
        if correction.state is CorrectionState.OPEN:
            self._edit(SetCorrection(correction.item, CorrectionState.TYPING, self._now()))
        self._carets[correction.item] = len(self._began_with), ""
        self._show()
        self.opened.emit(correction)

    # --- typing -------------------------------------------------------------------------------------------

    def type(self, text: str, caret: int, preedit: str) -> None:
        """The wording in hand reads so, with the caret there; ``preedit`` is not confirmed yet."""
        if self._wording is None:
            return
        item, text = self._wording.item, cleaned(text)
        self._wording.type(text)
        self._send()
        self._carets[item] = caret, preedit
        self._network.present(Typing(item, min(caret, len(text)), preedit[:200]))
        self._show()

    def _settle(self, text: str) -> None:
        op = self._wording.last_to_send(text) if self._wording is not None else None
        if op is not None:
            self._network.edit(op)

    def _send(self) -> None:
        op = self._wording.to_send() if self._wording is not None else None
        if op is not None:
            self._network.edit(op, self._page.briefing.revision)

    def cancel(self) -> None:
        """Esc: everything is as it was before; one that was opened just now is withdrawn."""
        correction = self.in_hand
        if correction is None:
            return
        self._settle(self._began_with)
        fresh = self._began_with == correction.before
        state = CorrectionState.WITHDRAWN if fresh else CorrectionState.OPEN
        self._edit(SetCorrection(correction.item, state, self._now()))
        self._let_go()

    def put_down(self) -> None:
        """It stays open with what was typed (後で)."""
        correction = self.in_hand
        if correction is not None and correction.state is CorrectionState.TYPING:
            self._settle(self._wording.text if self._wording is not None else "")
            self._edit(SetCorrection(correction.item, CorrectionState.OPEN, self._now()))
        self._let_go()

    def _let_go(self) -> None:
        if self._in_hand is not None:
            self._carets.pop(self._in_hand, None)
            self._in_hand = self._applying = self._awaited = self._wording = None
            self._show()
            self.opened.emit(None)

    # --- applying -----------------------------------------------------------------------------------------

    def try_out(self) -> None:
        """Asks the paper what it says to the wording in hand; ``told`` answers."""
        self._ask(Breaks.NOTHING, applying=False)

    def apply(self, accepted: Breaks = Breaks.NOTHING) -> None:
        """反映する: sets the wording in the paper; a new edition, or ``told`` why not."""
        self._ask(accepted, applying=True)

    def _ask(self, accepted: Breaks, *, applying: bool) -> None:
        correction = self.in_hand
        page_id = correction.page_id if correction is not None else None
        place = self._page.briefing.page(page_id) if page_id is not None else None
        if correction is None or place is None:
            return
        ref = place[2].ref
        text = self.texts.of(ref)
        new = self._wording.text if self._wording is not None else ""
        if text is None and applying:
            self._awaited = accepted
        if text is None or new == correction.before:
            return
        ranges = ranges_at(text, correction.places, correction.before)
        # Where words only go, the line closes up.
        setting = Setting.EITHER if new else Setting.LINE
        change = ReplaceWords(ranges, correction.before, new, setting)
        if not ranges:
            self.told.emit(EditRefused(ref.blob, ref.index, change, NotMade(WhyNot.NO_SUCH_WORDS)))
            return
        if self._applying is None:
            self._renderer.forget_edits(ReplaceWords)  # tried for a wording that is not in hand any more
        if applying:
            self._applying = change
        self._renderer.ask_edit(ref.blob, ref.index, change, accepted)

    def _read(self, ref: PageRef) -> None:
        self._apply_awaited()
        if self._comparing is not None and ref == self._settled_page(self._comparing):
            self._network.set(SetCompared(self._told(self._comparing)))

    def _apply_awaited(self) -> None:
        accepted, self._awaited = self._awaited, None
        if accepted is not None:
            self.apply(accepted)

    def note(self) -> None:
        """注記にする: what cannot be set in the page is written on it, and the correction is done so."""
        correction, hand = self.in_hand, self._page.hand
        page_id = correction.page_id if correction is not None else None
        place = self._page.briefing.page(page_id) if page_id is not None else None
        new = self._wording.text if self._wording is not None else ""
        if correction is None or place is None or new == correction.before:
            return
        if not correction.places:
            return
        self._settle(new)
        private = hand.private
        hand.set_private(False)  # it is for everybody
        hand.put(place[2].page_id, note_marks(correction, new, place[2], self._taken(place[2])))
        hand.set_private(private)
        self._edit(SetCorrection(correction.item, CorrectionState.DONE, self._now(), noted=True))
        self._let_go()

    def _taken(self, page: EditionPage) -> list[Rect]:
        """Where words stand on a page, printed or written."""
        text = self.texts.of(page.ref)
        printed = [line.hull() for line in text.lines if line.text] if text is not None else []
        marks = self._page.briefing.ink.seen(page.page_id)
        return printed + [marks_at.hull_of(drawn) for drawn in marks if isinstance(drawn.mark, Words)]

    def _edited(self, edited: PageEdited) -> None:
        if not isinstance(edited.change, ReplaceWords):
            return
        self.told.emit(edited)
        correction = self.in_hand
        if edited.change != self._applying or correction is None or correction.page_id is None:
            return
        self._applying = None
        if self._change.put_in(edited, correction.page_id, settles=(correction.item,)):
            self._let_go()
        else:
            self.apply()  # in the page that it has become meanwhile

    def _not_edited(self, refused: EditRefused) -> None:
        if not isinstance(refused.change, ReplaceWords):
            return
        if refused.change == self._applying:
            self._applying = None
        self.told.emit(refused)

    # --- before and after ---------------------------------------------------------------------------------

    def settled_here(self) -> Correction | None:
        """The newest correction that is done on the page shown."""
        view = self._page.view
        done = [
            each
            for each in self.all()
            if each.is_settled and each.settled and view is not None and each.page_id == view.page_id
        ]
        return max(done, key=lambda each: each.settled, default=None)

    @property
    def comparing(self) -> bool:
        """Whether the walls show a page before and after."""
        return self._comparing is not None

    def compare(self) -> None:
        """The walls show the newest done correction of this page before and after; or the page again."""
        found = self.settled_here() if self._comparing is None else None
        if self._session.presents and (found is not None or self._comparing is not None):
            self._set_compared(found.item if found is not None else None)

    def page_turned(self) -> None:
        """Another page: nothing is compared any more."""
        if self._comparing is not None:
            self._set_compared(None)
        self.changed.emit()

    def _set_compared(self, item: int | None) -> None:
        self._comparing = item
        self._network.set(SetCompared(self._told(item) if item is not None else None))
        self.changed.emit()

    def _told(self, item: int) -> CorrectionChange:
        """What the walls are told of a correction: with the place of its new words, once the page is read."""
        correction, ref = self.briefing.corrections[item], self._settled_page(item)
        text = self.texts.of(ref) if ref is not None else None
        now_at = new_places(text, correction.places, self.wording(correction)) if text is not None else ()
        return CorrectionChange(item, now_at)

    def _settled_page(self, item: int) -> PageRef | None:
        """The page of the edition that has a correction's new words."""
        correction = self.briefing.corrections.get(item)
        place = (
            self.briefing.page(correction.page_id) if correction and correction.page_id is not None else None
        )
        if correction is None or place is None or not 0 < correction.settled <= len(place[0].editions):
            return None
        pages = place[0].editions[correction.settled - 1].pages
        return next((page.ref for page in pages if page.page_id == correction.page_id), None)

    # --- later --------------------------------------------------------------------------------------------

    def set_state(self, correction: Correction, state: CorrectionState) -> None:
        """Confirmed, withdrawn, open again."""
        if correction.item == self._in_hand:
            self.put_down()
        self._edit(SetCorrection(correction.item, state, self._now()))

    def gone(self, peer: PeerId) -> None:
        """Somebody may type no more, or is gone: what they had in hand stays open as it was typed."""
        for each in self.all():
            if each.state is CorrectionState.TYPING and each.state_by == peer and each != self.in_hand:
                self._edit(SetCorrection(each.item, CorrectionState.OPEN, self._now()))

    def confirm_all(self) -> None:
        """まとめて確認する: everything that is done."""
        for correction in self.all():
            if correction.state is CorrectionState.DONE:
                self._edit(SetCorrection(correction.item, CorrectionState.CONFIRMED, self._now()))

    def end(self) -> None:
        """The briefing is over."""
        self._let_go()
        self._comparing = None
        self._carets.clear()
        self.texts.clear()
        self._page.show_typed(())

    # --- what comes of the network ------------------------------------------------------------------------

    def take(self, changes: tuple[Change, ...]) -> None:
        """The source has the briefing already."""
        ours = False
        for change in changes:
            match change:
                case PresenceSeen(_, Typing(item, caret, preedit)) if self._is_ours(item):
                    self._carets[item] = caret, preedit
                    ours = True
                case ItemChanged(item, by, edit) if self._is_ours(item):
                    ours = True
                    self._came(item, by == OWNER, edit)
                case PeersChanged():
                    ours = True  # perhaps a name
                case CorrectionsChanged(items):
                    ours = True
                    self._go_on(items)
                    if self._opening in items:
                        self._opening = None
                        self.take_up(self._page.briefing.corrections[items[0]])
        if ours:
            self._show()
            self.changed.emit()

    def _go_on(self, items: tuple[int, ...]) -> None:
        """Somebody else who typed it too has put it down: it is typed here still."""
        correction = self.in_hand
        if correction is None or correction.item not in items:
            return
        if correction.state is CorrectionState.OPEN and correction.state_by != OWNER:
            self._edit(SetCorrection(correction.item, CorrectionState.TYPING, self._now()))

    def _is_ours(self, item: int) -> bool:
        return item in self._page.briefing.corrections

    def _came(self, item: int, own: bool, edit: Edit | None) -> None:
        if self._wording is None or self._wording.item != item:
            return
        if self._wording.came(edit, own):
            self.wording_changed.emit(self._wording.text)
        self._send()

    def _show(self) -> None:
        typed = typed_now(self._page.briefing, self._carets)
        self._page.show_typed(typed)
        self._screens.show_typed(typed)

    def _edit(self, op: Op) -> None:
        self._network.edit(op)

    def _now(self) -> int:
        return round(self._clock())
