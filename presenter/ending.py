"""From 説明を終える to the last byte of the papers: walls wipe, what is kept is made, memory is let go."""

from __future__ import annotations

import gc
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from pageview import heap
from presenter.actions import Where
from presenter.parts import Parts


class Ending(QObject):
    """Papers stay in memory until every wall has answered and everything is kept that is made of them."""

    over = Signal(tuple, tuple)
    """(rooms wiped, rooms silent)"""

    def __init__(self, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._rehearsed = False
        parts.end.over.connect(self._wiped)
        parts.keeping.archiving.made.connect(self._drop_papers)

    def begin(self) -> None:
        """Every place wipes; of a rehearsal nothing is kept but what was chosen for the briefing."""
        parts = self._parts
        parts.console.close_overview()
        screens = (parts.screens.showing,) if parts.screens.showing else ()
        people = len(parts.people.people.inside)
        parts.end.begin(parts.session, parts.rooms.book.rooms(), screens, people, seen=parts.disk.seen)
        for part in (
            parts.beside,
            parts.corrections,
            parts.minutes.minuting,
            parts.drawing,
            parts.change,
            parts.pages,
        ):
            part.end()
        parts.private.forget()
        parts.export.exporting.cancel()
        parts.lookup.end()
        parts.sources.end()
        parts.tray.clear()
        briefing, began = parts.session.briefing, parts.session.time.began_at or datetime.now()
        on_walls, self._rehearsed = parts.session.time.on_walls, not parts.end.keeps
        parts.session.finish()
        if self._rehearsed:
            parts.plan.keep(briefing, on_walls)
        else:
            parts.plan.forget()
            parts.papers.set_aside(briefing.blobs())
            parts.papers.clear()
        parts.window.show_screen(Where.END)
        parts.network.catch_up()  # the last edits are in the log before it is closed
        parts.network.record_into(None)
        if parts.end.keeps:
            rooms = parts.rooms.book.rooms()
            room = rooms[0].title if rooms else ""
            parts.keeping.keep(briefing, parts.disk.hand_over(), began, room)
        else:
            parts.disk.close(erase=True)

    def _wiped(self, wiped: tuple[int, ...], silent: tuple[int, ...]) -> None:
        parts = self._parts
        parts.secrets.forget()
        parts.papers.set_aside(parts.session.briefing.blobs())
        parts.rooms.clear()
        parts.source.clear()
        parts.words.clear()
        parts.rooms.wait_no_more()
        parts.people.clear()
        self._drop_papers()
        self.over.emit(wiped, silent)

    def _drop_papers(self) -> None:
        """Nobody reads the papers of the briefing any more, neither a guest nor what is kept of it.

        What is chosen for the next one stays. Once that has begun, all goes at its end: it may show the same
        papers.
        """
        parts = self._parts
        if parts.end.waiting or parts.keeping.archiving.making or parts.session.running:
            return
        if self._rehearsed:
            parts.papers.renew()
        parts.papers.drop_aside()
        gc.collect()  # what refers to itself waits for minutes else, with the pages that it holds
        heap.give_back()
