"""The corrections on the console: dock, list and keys, fed from `Correcting`."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from pageview.page_edits import Breaks
from presenter.actions import Actions
from presenter.console import Console
from presenter.console_side import Side
from presenter.correcting import Correcting
from presenter.corrections_panel import rows_of
from presenter.drawing import Drawing
from presenter.session import Session
from presenter.source_changes import SourceChanges
from protocol.corrections import Correction
from protocol.values import OWNER

TRY_AFTER_MS = 350


class CorrectionsFlow(QObject):
    """Shows what there is, and carries what is done back."""

    def __init__(
        self,
        console: Console,
        correcting: Correcting,
        source_changes: SourceChanges,
        drawing: Drawing,
        session: Session,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._console, self.correcting, self._drawing = console, correcting, drawing
        self.source_changes = source_changes
        self._session, self._actions = session, actions
        self._dock, self._panel = console.centre.dock, console.side.corrections
        self._try = QTimer(self, singleShot=True, interval=TRY_AFTER_MS)
        self._try.timeout.connect(correcting.try_out)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        self._wanted = False
        correcting.texts.known.connect(lambda _ref: self._words_known())
        correcting.changed.connect(self._soon.start)
        source_changes.changed.connect(self._soon.start)
        correcting.opened.connect(self._opened)
        session.moved.connect(lambda _view: correcting.page_turned())
        session.moved.connect(lambda view: source_changes.moved(view.page_id))
        correcting.told.connect(self._dock.show_told)
        correcting.wording_changed.connect(self._dock.show_wording)
        self._dock.typed.connect(self._typed)
        self._dock.cancelled.connect(correcting.cancel)
        self._dock.applied.connect(self._apply)
        self._dock.note_wanted.connect(correcting.note)
        self._panel.chosen.connect(self._go_to)
        self._panel.edit_wanted.connect(self._edit)
        self._panel.state_wanted.connect(correcting.set_state)
        self._panel.confirm_all_wanted.connect(correcting.confirm_all)

    # --- keys ---------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Ctrl+M: a correction of the words chosen; with none chosen, the tool that chooses them."""
        if self.correcting.add():
            self._set_open(True)
        else:
            self.correcting.prepare()
            self._drawing.choose("select")
            self._wanted = True

    def _words_known(self) -> None:
        """The page's words are read now: was a ring around some, they are what was meant."""
        wanted, self._wanted = self._wanted, False
        if wanted and self.correcting.add():
            self._set_open(True)
            self._drawing.choose("pointer")

    def compare(self) -> None:
        """前後を比べる on every wall, or the page again: of what the source changed, else of a correction."""
        changes, correcting = self.source_changes, self.correcting
        if changes.comparing or (changes.there and not correcting.comparing):
            changes.toggle()
        else:
            correcting.compare()

    def toggle(self) -> None:
        """The list, or the course of the briefing."""
        self._set_open(not self._console.side.corrections_open)

    def _set_open(self, opened: bool) -> None:
        self._console.show_side(Side.CORRECTIONS if opened else Side.COURSE)

    def leave(self) -> bool:
        """Esc: the wording in hand is given up; whether there was one."""
        busy = self.correcting.in_hand is not None
        if busy:
            self.correcting.cancel()
        return busy

    def end(self) -> None:
        """The briefing is over."""
        self.correcting.end()
        self.source_changes.end()

    # --- dock ---------------------------------------------------------------------------------------------

    def _opened(self, correction: Correction | None) -> None:
        wording = self.correcting.wording(correction) if correction is not None else ""
        self._dock.show_correction(correction, wording, self._next_edition(correction))
        if correction is None:
            self._console.centre.page.setFocus()
        self._soon.start()

    def _next_edition(self, correction: Correction | None) -> int:
        page_id = correction.page_id if correction is not None else None
        place = self._session.briefing.page(page_id) if page_id is not None else None
        return place[0].edition.number + 1 if place is not None else 0

    def _typed(self, text: str, caret: int, preedit: str) -> None:
        self.correcting.type(text, caret, preedit)
        self._try.start()

    def _apply(self, accepted: Breaks) -> None:
        self._try.stop()
        self.correcting.apply(accepted)

    def _edit(self, correction: Correction) -> None:
        self._go_to(correction)
        self.correcting.take_up(correction)

    def _go_to(self, correction: Correction) -> None:
        view = self._session.showing.desk
        if correction.page_id is not None and (view is None or view.page_id != correction.page_id):
            self._session.go_to(correction.page_id)

    # --- list ---------------------------------------------------------------------------------------------

    def _show(self) -> None:
        number_of, in_hand = self._session.number_of, self.correcting.in_hand
        rows = rows_of(self.correcting.briefing, number_of, OWNER, in_hand)
        self._panel.show_rows(rows)
        self._console.side.show_open(sum(row.correction.is_open for row in rows))
        changes, correcting = self.source_changes, self.correcting
        here = changes.there or correcting.settled_here() is not None
        comparing = changes.comparing or correcting.comparing
        self._actions.set_checked("compare", comparing)
        self._console.centre.offer_compare(here or comparing, comparing)
        can = self._session.running and self._session.presents
        self._actions.set_enabled("add_correction", can)
