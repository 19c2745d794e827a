"""The corrections in the participant's window: read by everybody, their wording typed by whoever may write.

The room sees each key. What sets it in the paper is the presenter's 反映する.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject

from pageview.wording import language
from presenter.corrections_panel import rows_of
from presenter.join.follower import Follower
from presenter.join.network import ParticipantNetwork
from presenter.join.window_flow import WindowFlow
from presenter.minutes.shared_text import SharedText
from presenter.minutes.typed_texts import TypedTexts
from presenter.wording import difference
from protocol.changes import Change, ItemChanged, OpRefused, Reloaded
from protocol.corrections import Correction, CorrectionState
from protocol.errors import Refusal
from protocol.ops import SetCorrection, SpliceText
from protocol.presence import Typing
from protocol.texts import cleaned
from protocol.transport.events import Changed, Event


class JoinCorrecting(QObject):
    """At most one at a time. ``clock``: seconds since 1970, for labels."""

    def __init__(
        self,
        flow: WindowFlow,
        follower: Follower,
        network: ParticipantNetwork,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._flow, self._follower, self._network, self._clock = flow, follower, network, clock
        self._dock = flow.screen.centre.dock
        self._texts = TypedTexts(network)
        self._item: int | None = None
        self._began_with = ""
        self._rows_of: tuple[object, ...] = ()
        panel = flow.screen.side.corrections
        panel.chosen.connect(self._go_to)
        panel.edit_wanted.connect(self.take_up)
        flow.shown.connect(lambda _state: self._show_rows())
        follower.changed.connect(self._may_have_ended)
        self._dock.typed.connect(self._typed)
        self._dock.cancelled.connect(self.cancel)
        self._dock.applied.connect(lambda _accepted: self.put_down())

    # --- begun and ended ----------------------------------------------------------------------------------

    def take_up(self, correction: Correction) -> None:
        """Types this one from now on, with its page before one."""
        if not self._follower.may_write or not correction.is_open:
            return
        self.put_down()
        view, item = self._follower.page.view, self._follower.briefing.items.get(correction.item)
        if view is None or view.page_id != correction.page_id:
            self._go_to(correction)
        self._item = correction.item
        shared = self._texts.take_up(correction.item, item.text if item is not None else "")
        self._began_with = shared.text
        self._set(correction.item, CorrectionState.TYPING)
        self._show(correction)

    def put_down(self) -> None:
        """It stays open with what was typed, for the presenter."""
        shared = self._shared
        if shared is not None:
            self._end(shared.shown)

    def cancel(self) -> None:
        """Esc: the wording is as it was before."""
        self._end(self._began_with)

    def leave(self) -> bool:
        """Esc on the page: the same; whether one was in hand."""
        busy = self._item is not None
        self.cancel()
        return busy

    def clear(self) -> None:
        """Nothing of the briefing stays in any field."""
        self._texts.clear()
        self._item, self._began_with, self._rows_of = None, "", ()
        self._flow.screen.side.show_corrections(())
        self._show(None)

    def _end(self, wording: str) -> None:
        item = self._item
        if item is None:
            return
        self._type(wording)
        self._texts.then(lambda: self._set(item, CorrectionState.OPEN))
        self._drop()
        self._flow.leave_field()

    def _drop(self) -> None:
        self._item = None
        self._texts.send(())
        self._show(None)

    def _may_have_ended(self) -> None:
        correction = self._follower.briefing.corrections.get(self._item) if self._item is not None else None
        ended = correction is None or not correction.is_open or not self._follower.may_write
        if self._item is not None and ended:
            self._drop()

    # --- typed --------------------------------------------------------------------------------------------

    @property
    def _shared(self) -> SharedText | None:
        return self._texts.get(self._item) if self._item is not None else None

    def _typed(self, text: str, caret: int, preedit: str) -> None:
        if self._item is None:
            return
        self._type(cleaned(text))
        self._texts.send((self._item,))
        self._network.present(Typing(self._item, min(caret, len(text)), preedit[:200]))

    def _type(self, text: str) -> None:
        shared = self._shared
        op = difference(shared.item, shared.shown, text) if shared is not None else None
        if shared is None or op is None:
            return
        try:
            shared.type(op.parts)
        except Refusal:
            self._dock.show_wording(shared.shown)  # no wording is that long

    def _set(self, item: int, state: CorrectionState) -> None:
        correction = self._follower.briefing.corrections.get(item)
        if correction is not None and correction.is_open and correction.state is not state:
            self._network.edit(SetCorrection(item, state, round(self._clock())))

    def _show(self, correction: Correction | None) -> None:
        shared = self._shared
        self._dock.show_correction(correction, shared.shown if shared is not None else "", 0)
        self._show_rows()

    # --- the list -----------------------------------------------------------------------------------------

    def _show_rows(self) -> None:
        follower, briefing = self._follower, self._follower.briefing
        source, may, said = follower.source, follower.may_write, (follower.peer, language())
        known = briefing.corrections, briefing.items, briefing.names, briefing.papers, may, self._item, said
        if source is None or known == self._rows_of:
            return
        self._rows_of = known
        in_hand = briefing.corrections.get(self._item) if self._item is not None else None
        rows = rows_of(briefing, lambda page_id: source.page_number(page_id)[0], follower.peer, in_hand)
        self._flow.screen.side.corrections.may_type = may
        self._flow.screen.side.show_corrections(rows)

    def _go_to(self, correction: Correction) -> None:
        if correction.page_id is not None:
            self._follower.go_to(correction.page_id)

    # --- what comes of the network ------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """The follower has the briefing already."""
        if isinstance(event, Changed):
            self._texts.shown = event.shown
            for change in event.changes:
                self._take(change)
            self._texts.send((self._item,))
            shared = self._shared
            if shared is not None and shared.held:
                shared.take_held()
                self._dock.show_wording(shared.shown)

    def _take(self, change: Change) -> None:
        briefing = self._follower.briefing
        match change:
            case ItemChanged(item, by, edit):
                self._texts.came(item, edit, briefing, own=by == self._follower.peer)
            case OpRefused(op=SpliceText(item)):
                self._texts.not_taken(item, briefing)
            case Reloaded():
                self._texts.reloaded(briefing)
