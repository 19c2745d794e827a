"""One's own marks on a paper: drawn with the same hand, kept in a sealed file, and known to no session.

Nothing here knows the network, the journal or the record. A mark lies on a page of the file as it was opened,
found again by the paper's SHA-256 and the page's place in it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

import msgspec
from PySide6.QtCore import QObject

from pageview.page_view import PageView
from presenter.notes import Notes
from protocol.errors import Refusal
from protocol.ink import Drawn
from protocol.marks import Ink, new_ids
from protocol.ops import Draw, Erase, MoveMarks
from protocol.values import OWNER, PageId

LIMIT: Final = 8 * 2**20
"""Characters of one page's marks."""
Private = Draw | Erase | MoveMarks
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[Drawn, ...])


class PrivateMarks(QObject):
    """``place_of(page_id)`` gives the paper's SHA-256 and the page's index in the file as opened."""

    def __init__(
        self,
        page: PageView,
        notes: Notes,
        place_of: Callable[[PageId], tuple[bytes, int] | None],
        saved_soon: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._notes, self._place_of, self._saved_soon = page, notes, place_of, saved_soon
        self._known: set[PageId] = set()
        self._undo: list[Private] = []
        self._redo: list[Private] = []
        page.hand.private_done.connect(self._made)

    def show(self, page_id: PageId) -> None:
        """This page is on the desk: its marks are read, once."""
        place = self._place_of(page_id)
        if page_id in self._known or place is None:
            return
        self._known.add(page_id)
        drawn = read_marks(self._notes.of(*place))
        if drawn:
            ink = self._page.private_ink
            marks = {each.id: each for each in drawn}
            newest = max(each.id.n for each in drawn) + 1
            number = max(newest, ink.next_n.get(OWNER, 0))
            self._page.set_private_ink(
                Ink({**ink.pages, page_id: marks}, {OWNER: number}, ink.count + len(marks))
            )

    def undo(self) -> bool:
        """The newest private edit; False where there is none."""
        return self._again(self._undo, self._redo)

    def redo(self) -> bool:
        """What was undone last; False where there is nothing."""
        return self._again(self._redo, self._undo)

    def forget(self) -> None:
        """The briefing is over: nothing of it is in memory."""
        self._known.clear()
        self._undo.clear()
        self._redo.clear()
        self._page.set_private_ink(Ink())
        self._page.private.clear()

    def _made(self, op: Private) -> None:
        if self._apply(op):
            self._undo.append(_undoing(op))
            self._redo.clear()

    def _again(self, from_: list[Private], to: list[Private]) -> bool:
        if not from_:
            return False
        op = from_.pop()
        if self._apply(op):
            to.append(_undoing(op))
        return True

    def _apply(self, op: Private) -> bool:
        place = self._page.briefing.page(op.page_id) if op.page_id is not None else None
        if place is None or op.page_id is None:
            return False
        ink = self._page.private_ink
        try:
            match op:
                case Draw():
                    after = ink.draw(op, OWNER, place[2])
                case Erase():
                    after = ink.erase(op)
                case MoveMarks():
                    after = ink.move(op, place[2])
        except Refusal:
            return False
        self._page.private.arrived(new_ids(op, OWNER) if isinstance(op, Draw) else ())
        self._page.set_private_ink(after)
        where = self._place_of(op.page_id)
        if where is not None:
            self._notes.write(*where, written_marks(after, op.page_id))
            self._saved_soon()
        return True


def written_marks(ink: Ink, page_id: PageId) -> str:
    """What stands on that page, as text; "" for nothing."""
    seen = tuple(ink.seen(page_id))
    return base64.b85encode(_encoder.encode(seen)).decode("ascii") if seen else ""


def read_marks(text: str) -> tuple[Drawn, ...]:
    """What was written; nothing where it is damaged."""
    try:
        return _decoder.decode(base64.b85decode(text)) if text else ()
    except (ValueError, msgspec.MsgspecError):
        return ()


def _undoing(op: Private) -> Private:
    match op:
        case Draw():
            return Erase(op.page_id, new_ids(op, OWNER), op.erased)
        case Erase():
            return Erase(op.page_id, op.restored, op.erased)
        case MoveMarks():
            return MoveMarks(op.page_id, op.marks, -op.dx, -op.dy)
