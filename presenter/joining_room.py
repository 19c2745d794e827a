"""A room that joins a running briefing: nothing is shown there before its name and the page were seen."""

from __future__ import annotations

from presenter.news import GONE_WORDS
from presenter.parts import Parts
from presenter.ready import ReadyState

READY_PICTURE = (604, 428)


class JoiningRoom:
    """At most one room at a time, the one paired last."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def state(self) -> ReadyState | None:
        """What the screen before its 開始 shows; None when the room is not there any more."""
        parts, room = self._parts, self._parts.rooms.book.joining_room()
        view = parts.session.showing.wall
        if room is None or view is None:
            return None
        number, pages = parts.source.page_number(view.page_id)
        return ReadyState(
            rooms=(room.title,),
            place=room.place,
            registered=room.registered,
            title=parts.session.title_of(view.page_id),
            pages=pages,
            first_page=parts.source.thumbnail(view.page_id, *READY_PICTURE),
            joins_at=number,
        )

    def start(self) -> bool:
        """開始 for it; whether there was one."""
        parts, room = self._parts, self._parts.rooms.book.joining_room()
        if room is None:
            return False
        for words in GONE_WORDS.values():
            parts.console.retract(words, room=room.title)
        parts.rooms.started(room.number)
        return True

    def let_go(self) -> None:
        """The briefing goes on without it."""
        joining = self._parts.rooms.book.joining
        if joining is not None:
            self._parts.rooms.drop(joining)
