"""One's own marks on a paper: drawn with the same hand, kept in a sealed file, and known to no session.

Nothing here knows the network, the journal or the record. A mark lies on a page of a file, found again by the
file's SHA-256 and the page's place in it. When a page becomes another, its marks go with their words as those
of everybody do (`presenter.reanchored`); what has no place any more waits in a tray of one's own.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace as with_fields
from PySide6.QtCore import QObject, Signal

from pageview.page_text import PageText
from pageview.page_view import PageView
from presenter.notes import Notes
from presenter.private_moves import Moved, ink_of, moved, turned_back
from presenter.tray import Lost, lost_of
from protocol.errors import Refusal
from protocol.ink import Drawn, MarkId
from protocol.marks import Ink, new_ids
from protocol.model import Briefing
from protocol.ops import Draw, Erase, MoveMarks, Op, Reanchor
from protocol.papers import Paper
from protocol.values import OWNER, EditionPage, PageId, PageRef

LIMIT: Final = 64 * 2**20
"""Characters of one page's marks: more than a page takes. What is cut is none."""
Private = Draw | Erase | MoveMarks
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[Drawn, ...])


class PrivateMarks(QObject):
    """``original`` gives a file's own SHA-256 for that of a blob; ``text_of`` the characters of a page, None
    while they are not read (`words_came` then tells)."""

    changed = Signal()
    """Marks came or went, or lie elsewhere."""

    def __init__(
        self,
        page: PageView,
        notes: Notes,
        original: Callable[[bytes], bytes],
        text_of: Callable[[PageRef], PageText | None],
        saved_soon: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._notes, self._original = page, notes, original
        self._text_of, self._saved_soon = text_of, saved_soon
        self._briefing = Briefing()
        self._known: set[PageId] = set()
        self._places: dict[PageId, tuple[PageRef, ...]] = {}
        self._waiting: list[tuple[EditionPage, Paper]] = []
        self._moves: list[Moved] = []
        self._undo: list[Private] = []
        self._redo: list[Private] = []
        page.hand.private_done.connect(self._made)

    # --- pages and their editions -------------------------------------------------------------------------

    def take(self, briefing: Briefing) -> None:
        """The briefing as it is now: marks of pages that are new here are read, others go with words."""
        former = self._briefing
        if briefing.papers is former.papers or not briefing.papers:
            return
        self._briefing = briefing
        both = [(former.paper(paper.paper), paper) for paper in briefing.papers]
        fresh = [(was, paper) for was, paper in both if was is None or was.editions != paper.editions]
        places = [file_places(paper) for _, paper in fresh]
        for each in places:
            self._places.update(each)
        for was, paper in fresh:
            if was is not None:
                self._turn(was, paper)
        for (_, paper), each in zip(fresh, places, strict=True):
            self._read(paper, each)
        self.words_came()

    def words_came(self) -> None:
        """The characters of some page are read now."""
        # One after the other: of the characters of very many pages only the newest are kept.
        while self._waiting:
            found = moved(self._ink, *self._waiting[0], self._text_of)
            if found is None:
                return
            del self._waiting[0]
            self._moves.append(found)
            self._do(found.ops)

    def _turn(self, was: Paper, paper: Paper) -> None:
        now = {page.page_id: page for page in paper.edition.pages}
        for page in was.edition.pages:
            fresh = now.get(page.page_id)
            if fresh is not None and fresh.ref == page.ref:
                continue
            back = turned_back(self._ink, self._moves, page, fresh)
            if back:
                self._do(back)
            elif self._ink.at(page.page_id):
                self._waiting.append((page, paper))

    def _read(self, paper: Paper, places: Mapping[PageId, tuple[PageRef, ...]]) -> None:
        there = {page.page_id for page in paper.edition.pages}
        for page_id, refs in places.items():
            if page_id not in self._known:
                self._known.add(page_id)
                self._read_page(refs, page_id, page_id if page_id in there else None)

    def _read_page(self, refs: tuple[PageRef, ...], page_id: PageId, onto: PageId | None) -> None:
        """``onto``: where its marks lie; None, the tray, where the page itself is gone."""
        for ref in refs:
            drawn = read_marks(self._notes.of(self._original(ref.blob), ref.index))
            if drawn:
                ink, origin = self._ink, page_id if onto is None else None
                drawn, number = _numbered(drawn, ink)
                marks = {each.id: with_fields(each, origin=origin) for each in drawn}
                pages = {**ink.pages, onto: {**ink.at(onto), **marks}}
                self._page.set_private_ink(Ink(pages, {OWNER: number}, ink.count + len(marks)))
                return

    # --- what is done -------------------------------------------------------------------------------------

    @property
    def _ink(self) -> Ink:
        return self._page.private_ink

    def tray(self) -> tuple[Lost, ...]:
        """What has no place any more."""
        return lost_of(self._ink, private=True)

    def edit(self, op: Op) -> None:
        """What is done with something in the tray."""
        if isinstance(op, Erase | Reanchor):
            self._do((op,))

    def undo(self) -> None:
        """The newest private edit, if there is one."""
        self._again(self._undo, self._redo)

    def redo(self) -> None:
        """What was undone last, if there is anything."""
        self._again(self._redo, self._undo)

    def clear(self, page_id: PageId) -> None:
        """All of one's own on that page is erased; undo brings it back."""
        ids = tuple(drawn.id for drawn in self._ink.seen(page_id))
        if ids:
            self._made(Erase(page_id, ids))

    def forget(self) -> None:
        """The briefing is over: nothing of it is in memory."""
        self._briefing = Briefing()
        for kept in (self._known, self._places, self._waiting, self._moves, self._undo, self._redo):
            kept.clear()
        self._page.set_private_ink(Ink())
        self._page.private.clear()

    def _made(self, op: Private) -> None:
        if self._apply(op):
            self._undo.append(_undoing(op))
            self._redo.clear()

    def _again(self, from_: list[Private], to: list[Private]) -> None:
        if not from_:
            return
        op = self._where_it_is(from_.pop())
        if self._apply(op):
            to.append(_undoing(op))

    def _where_it_is(self, op: Private) -> Private:
        """The same, on the page to which its marks have gone with their words."""
        ids = op.marks if isinstance(op, MoveMarks) else op.erased
        if isinstance(op, Erase):
            ids = ids or op.restored
        pages = (page_id for page_id, marks in self._ink.pages.items() if ids and ids[0] in marks)
        page_id = next(pages, op.page_id)
        return op if page_id is None and not isinstance(op, Erase) else with_fields(op, page_id=page_id)

    def _do(self, ops: tuple[Reanchor | Erase, ...]) -> None:
        for op in ops:
            self._apply(op)

    def _apply(self, op: Private | Reanchor) -> bool:
        touched = {op.page_id} | ({op.to} if isinstance(op, Reanchor) else set())
        origins = {each.origin for each in self._ink.at(None).values()}
        try:
            after = ink_of(self._ink, op, self._briefing)
        except Refusal:
            return False
        finally:
            self._page.private.arrived(new_ids(op, OWNER) if isinstance(op, Draw) else ())
        self._page.set_private_ink(after)
        touched |= origins | {each.origin for each in after.at(None).values()} if None in touched else set()
        for page_id in touched - {None}:
            self._write(page_id)
        self.changed.emit()
        return True

    def _write(self, page_id: PageId | None) -> None:
        refs = self._places.get(page_id, ()) if page_id is not None else ()
        if page_id is None or not refs:
            return
        text = written_marks(self._ink, page_id)
        for ref in refs:
            self._notes.write(self._original(ref.blob), ref.index, text)
        self._saved_soon()


def _numbered(drawn: tuple[Drawn, ...], ink: Ink) -> tuple[tuple[Drawn, ...], int]:
    """These marks, and the number of the next. Papers that were drawn on in different briefings count from 0
    each: where a number is there already, it is another mark, and both may come into the tray."""
    number = ink.next_n.get(OWNER, 0)
    if any(each.id in marks for marks in ink.pages.values() for each in drawn):
        drawn = tuple(with_fields(each, id=MarkId(OWNER, number + n)) for n, each in enumerate(drawn))
    return drawn, max(number, *(each.id.n + 1 for each in drawn))


def file_places(paper: Paper) -> dict[PageId, tuple[PageRef, ...]]:
    """Of every page that the paper has or had, where it stands in the file that its own program saved last,
    as far as can be told: a page that was changed here alone is a file of one page. Of a paper of one page,
    in its first file as well.
    """
    born: dict[PageId, PageRef] = {}
    last: dict[PageId, PageRef] = {}
    for edition in paper.editions:
        of_blob = Counter(page.ref.blob for page in edition.pages)
        for page in edition.pages:
            born.setdefault(page.page_id, page.ref)
            if page.ref.index or of_blob[page.ref.blob] > 1 or len(edition.pages) == 1:
                last[page.page_id] = page.ref
    one = len(paper.edition.pages) == 1
    refs = {page_id: (last.get(page_id, ref), ref) for page_id, ref in born.items()}
    return {page_id: tuple(dict.fromkeys(both if one else both[:1])) for page_id, both in refs.items()}


def written_marks(ink: Ink, page_id: PageId) -> str:
    """What stands on that page, or waits in the tray and came from it, as text; "" for nothing."""
    seen = tuple(_of_page(ink, page_id))
    return base64.b64encode(_encoder.encode(seen)).decode("ascii") if seen else ""


def _of_page(ink: Ink, page_id: PageId) -> Iterator[Drawn]:
    yield from ink.seen(page_id)
    yield from (drawn for drawn in ink.seen(None) if drawn.origin == page_id)


def read_marks(text: str) -> tuple[Drawn, ...]:
    """What was written; nothing where it is damaged."""
    try:
        return _decoder.decode(base64.b64decode(text, validate=True)) if text else ()
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
