"""A participant's own marks: on this PC alone, whatever becomes of the briefing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from presenter.at_rest import AtRestKey
from presenter.join.follower import Follower
from presenter.notes import Notes
from presenter.notes_saver import NotesSaver
from presenter.private_marks import LIMIT, PrivateMarks
from presenter.tray import Lost
from presenter.tray_panel import TrayPanel, row_of


class OwnMarks(QObject):
    """Feeds `PrivateMarks` from what is followed, and its tray to the panel. ``folder``: of their files."""

    def __init__(
        self,
        follower: Follower,
        tray: TrayPanel,
        folder: Path,
        key: AtRestKey,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._follower, self._tray = follower, tray
        notes = Notes(folder, key, LIMIT)
        self.saver = NotesSaver(notes, parent=self)
        self.marks = PrivateMarks(
            follower.page, notes, lambda blob: blob, follower.text_at, self.saver.soon, parent=self
        )
        follower.changed.connect(self._follow)
        follower.words_known.connect(self.marks.words_came)
        self.marks.changed.connect(self._show)
        tray.place_wanted.connect(self._place)
        tray.erase_wanted.connect(self._erase)

    def forget(self) -> None:
        """The briefing is over: nothing of it is in memory or in sight."""
        self.marks.forget()
        self._show()

    def _follow(self) -> None:
        self.marks.take(self._follower.briefing)
        self.marks.words_came()

    def _show(self) -> None:
        source = self._follower.source
        rows = self.marks.tray() if source is not None else ()
        self._tray.show_rows([row_of(each, self._number, "") for each in rows])

    def _number(self, page_id: int) -> int:
        source = self._follower.source
        return source.page_number(page_id)[0] if source is not None else 0

    def _erase(self, entry: Lost) -> None:
        for op in entry.away():
            self.marks.edit(op)

    def _place(self, entry: Lost) -> None:
        view = self._follower.page.view
        place = self._follower.briefing.page(view.page_id) if view is not None else None
        if place is not None:
            for op in entry.onto(place[2]):
                self.marks.edit(op)
