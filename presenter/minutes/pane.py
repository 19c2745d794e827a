"""What the pane shows of the minutes: rows, counts, who types where."""

from __future__ import annotations

import time
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from presenter.console_state import NumberOf
from presenter.minutes.carets_seen import CaretsSeen
from presenter.minutes.panel import MinutesPanel
from presenter.minutes.rows import Caret, Counts, MinutesRow, counts_of, row_of
from presenter.minutes.typed_texts import TypedTexts
from protocol.minutes import Minutes, MinutesItem
from protocol.model import Briefing
from protocol.presence import Typing
from protocol.texts import Edit
from protocol.values import PeerId

LOOKED_AT_EACH_MS = 250


class MinutesPane(QObject):
    """``hidden``: the item that stands in the field for a new one, and so in no row yet. ``own``: whose items
    whoever looks may take out, None: anybody's."""

    counted = Signal(object)
    """Counts"""
    carets_changed = Signal()

    def __init__(
        self, panel: MinutesPanel, texts: TypedTexts, number_of: NumberOf, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._panel, self._texts, self._number_of = panel, texts, number_of
        self.briefing = Briefing()
        self.hidden: int | None = None
        self.own: PeerId | None = None
        self._carets = CaretsSeen()
        self._rows: dict[int, tuple[MinutesItem, str, MinutesRow]] = {}
        self._counts = Counts()
        self._counted: Minutes | None = None
        self._soon = QTimer(self, interval=LOOKED_AT_EACH_MS)
        self._soon.timeout.connect(self._time_passed)

    def clear(self) -> None:
        """Nothing of a briefing stays."""
        self._soon.stop()
        self._carets.clear()
        self._rows.clear()
        self.briefing, self.hidden = Briefing(), None
        self._panel.clear()

    def forget_rows(self) -> None:
        """Each row is made anew: pages have other numbers."""
        self._rows.clear()

    # --- carets -------------------------------------------------------------------------------------------

    def typed(self, peer: PeerId, typing: Typing) -> set[int]:
        """Somebody's caret is there; the items that look otherwise for it."""
        self._soon.start()
        return self._carets.typed(peer, typing, time.monotonic())

    def edited(self, item: int, by: PeerId, edit: Edit | None) -> None:
        """A text changed under the carets in it."""
        self._carets.edited(item, by, edit)

    def carets_in(self, item: int) -> tuple[Caret, ...]:
        """Where others type in that text."""
        return self._carets.of(item, self.briefing.names)

    def _time_passed(self) -> None:
        items = self._carets.passed(time.monotonic())
        if not self._carets:
            self._soon.stop()
        self.show_items(items)
        if items:
            self.carets_changed.emit()

    # --- rows ---------------------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Every row."""
        if self._panel.isVisible():
            self._panel.show_rows([self._row(item) for item in self.briefing.minutes if item != self.hidden])
        self._show_rest()

    def show_items(self, items: Iterable[int]) -> None:
        """The rows of these; no other has changed."""
        if self._panel.isVisible():
            for item in items:
                if item in self.briefing.minutes and item != self.hidden:
                    self._panel.list.change_row(self._row(item))
        self._show_rest()

    def _show_rest(self) -> None:
        if self.briefing.minutes is not self._counted:  # texts and carets leave them as they are
            self._counted = self.briefing.minutes
            counts = counts_of(self._counted)
            if counts != self._counts:
                self._counts = counts
                self._panel.show_counts(counts)
                self.counted.emit(counts)
        self._panel.show_typists(list(self._carets.typists(self.briefing.names, time.monotonic())))

    def _row(self, item: int) -> MinutesRow:
        minuted, shared = self.briefing.minutes[item], self._texts.get(item)
        text = shared.text if shared is not None else self.briefing.items[item].text
        carets = self.carets_in(item)
        known = self._rows.get(item)
        if known is not None and known[0] is minuted and known[1] == text and known[2].carets == carets:
            return known[2]
        own = self.own is None or minuted.author == self.own
        row = row_of(self.briefing, minuted, self._number_of, text, carets, may_remove=own)
        self._rows[item] = minuted, text, row
        return row
