"""EVERY: the durable edits of a briefing. They are ordered by the authority and kept in the log."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from protocol.corrections import Correction, CorrectionState, Line
from protocol.ink import Drawn, MarkIds, NewMark, PageIdOrTray, Placement, When
from protocol.minutes import DUE_LIMIT, Former, MinutesItem, MinutesKind, Reply
from protocol.values import Blob, EditionPage, PageId, PaperId, PeerId, PersonName, Rect, Title, Value

ItemId = Annotated[int, Meta(ge=0, le=2**40)]
TEXT_LIMIT = 10_000
Part = Annotated[int, Meta(ge=-TEXT_LIMIT, le=TEXT_LIMIT)] | Annotated[str, Meta(max_length=TEXT_LIMIT)]
Parts = Annotated[tuple[Part, ...], Meta(max_length=2 * TEXT_LIMIT + 1)]
Pages = Annotated[tuple[EditionPage, ...], Meta(min_length=1, max_length=2_000)]
EditionNumber = Annotated[int, Meta(ge=1, le=100_000)]
Items = Annotated[tuple[ItemId, ...], Meta(max_length=1_000)]
Places = Annotated[tuple[Rect, ...], Meta(min_length=1, max_length=64)]
Distance = Annotated[int, Meta(ge=-10_000_000, le=10_000_000)]
PLANNED_LIMIT = 600
"""Minutes that one paper may be planned for."""


class OfferPaper(Value, frozen=True, tag=1):
    """A paper joins the briefing with its first edition. Large papers come in parts: see ``MorePages``."""

    paper: PaperId
    title: Title
    blob: Blob
    pages: Pages


class MorePages(Value, frozen=True, tag=2):
    """Further pages of edition 1 of a paper too long for one message; only straight after its offer."""

    paper: PaperId
    pages: Pages


class NewEdition(Value, frozen=True, tag=3):
    """A new state of a paper: its pages from ``at`` on, ``removed`` of them, give way to ``pages``.

    ``base`` is the number (from 1) of the edition it was made on, and ``at`` counts in that edition; it is
    refused when one of the pages it touches is another by now. ``blobs``: those that the paper had not yet.
    ``settles``: corrections that are done with it; ``reopens``: those that it undoes.
    """

    paper: PaperId
    base: EditionNumber
    at: Annotated[int, Meta(ge=0, le=99_999)]
    removed: Annotated[int, Meta(ge=0, le=99_999)]
    pages: Annotated[tuple[EditionPage, ...], Meta(max_length=2_000)]
    blobs: Annotated[tuple[Blob, ...], Meta(max_length=2_000)]
    settles: Items = ()
    reopens: Items = ()
    when: When = 0


class OrderPapers(Value, frozen=True, tag=4):
    """The order of the papers, every one of them once."""

    papers: Annotated[tuple[PaperId, ...], Meta(max_length=1_000)]


class WithdrawPaper(Value, frozen=True, tag=5):
    """A paper leaves the briefing; its page ids are never used again."""

    paper: PaperId


class AddItem(Value, frozen=True, tag=6):
    """A text that several people may type in is born, at a page or at none."""

    item: ItemId
    page_id: PageId | None
    text: Annotated[str, Meta(max_length=TEXT_LIMIT)]


class SpliceText(Value, frozen=True, tag=7):
    """An edit of a text, read from its beginning: n > 0 keeps n code points, n < 0 removes -n, a string is
    inserted. What follows the last part is kept. `protocol.texts` makes, applies and rebases parts.
    """

    item: ItemId
    parts: Parts


class RemoveItem(Value, frozen=True, tag=8):
    """A text goes away; splices that arrive later are refused."""

    item: ItemId


class Allow(Value, frozen=True, tag=9):
    """What a follower may do with the briefing itself, under the name it gave; all False: nothing any more.

    ``saving``: keep the papers on its own disk. ``takeover`` (引き継ぎ可): reopen the briefing from its own
    replica when the presenter's machine is gone. ``minutes`` (記録可): write in the minutes. ``finds``
    (調べもの可): offer what it looked up to the presenter.
    """

    peer: PeerId
    name: PersonName
    saving: bool
    takeover: bool
    minutes: bool = False
    finds: bool = False


class Named(Value, frozen=True, tag=10):
    """Under which name a peer is in the record; a wall's is its room's. Only the owner says so."""

    peer: PeerId
    name: PersonName


class Draw(Value, frozen=True, tag=11):
    """New marks on a page, as it was in ``edition`` of its paper; ``erased`` ones give way to them.

    The numbers of an author's marks grow. ``when``: a label, see `protocol.ink.Drawn`.
    """

    page_id: PageId
    edition: EditionNumber
    when: When
    marks: Annotated[tuple[NewMark, ...], Meta(min_length=1, max_length=1_000)]
    erased: MarkIds = ()


class Erase(Value, frozen=True, tag=12):
    """Marks of a page, or of the tray, vanish; ``restored`` ones are there again."""

    page_id: PageIdOrTray
    erased: MarkIds
    restored: MarkIds = ()


class MoveMarks(Value, frozen=True, tag=13):
    """Marks of a page lie elsewhere on it, by so much from where they lie now."""

    page_id: PageId
    marks: MarkIds
    dx: Distance
    dy: Distance


class Reanchor(Value, frozen=True, tag=14):
    """Marks stay with their words: another edition has them elsewhere, on this page or another; on ``to``
    None, the tray, when nobody can say where."""

    page_id: PageIdOrTray
    to: PageIdOrTray
    marks: MarkIds
    placement: Placement


class OpenCorrection(Value, frozen=True, tag=15):
    """A correction is asked for, and its item, the new wording, is born. The log's order gives its number.

    ``before``: the words as they stand, on ``places`` of the page; none when a place was only circled.
    """

    item: ItemId
    page_id: PageId
    edition: EditionNumber
    places: Places
    before: Annotated[str, Meta(max_length=2_000)]
    text: Annotated[str, Meta(max_length=TEXT_LIMIT)]
    when: When
    line: Line | None = None


class SetCorrection(Value, frozen=True, tag=16):
    """A correction is in another state. ``noted``: of one that is done, by a note on its page."""

    item: ItemId
    state: CorrectionState
    when: When
    noted: bool = False


class AssignCorrection(Value, frozen=True, tag=17):
    """Who sees to a correction that is still open, and until when; empty: nobody said."""

    item: ItemId
    owner: PersonName
    due: Annotated[str, Meta(max_length=40)]


class PlaceCorrection(Value, frozen=True, tag=18):
    """Another edition has the words of a correction elsewhere; None: nobody can say where."""

    item: ItemId
    page_id: PageIdOrTray
    edition: EditionNumber
    places: Annotated[tuple[Rect, ...], Meta(max_length=64)]
    line: Line | None = None


class Adopt(Value, frozen=True, tag=19):
    """What a former briefing had, in one that goes on with it: marks, corrections and minutes whose texts are
    there, and the names of their authors, who are nobody's peers here. Before anybody draws."""

    page_id: PageIdOrTray
    marks: Annotated[tuple[Drawn, ...], Meta(max_length=10_000)]
    corrections: Annotated[tuple[Correction, ...], Meta(max_length=1_000)] = ()
    minutes: Annotated[tuple[MinutesItem, ...], Meta(max_length=20)] = ()


class OpenMinutes(Value, frozen=True, tag=20):
    """An item of the minutes, and its text, are born. The log's order gives its number. ``former``: of what a
    former briefing left open, once each; ``owner``, ``due``: who was to see to it, and until when."""

    item: ItemId
    kind: MinutesKind
    page_id: PageId | None
    text: Annotated[str, Meta(max_length=TEXT_LIMIT)]
    when: When
    speaker: PersonName = ""
    former: Former | None = None
    owner: PersonName = ""
    due: Annotated[str, Meta(max_length=DUE_LIMIT)] = ""


class SetMinutes(Value, frozen=True, tag=21):
    """What an item of the minutes is, at which page it was said, and by whom."""

    item: ItemId
    kind: MinutesKind
    page_id: PageId | None
    speaker: PersonName


class SetReply(Value, frozen=True, tag=22):
    """What became of a question or of homework; None: it is as it was said."""

    item: ItemId
    reply: Reply | None
    when: When


class AssignMinutes(Value, frozen=True, tag=23):
    """Who sees to an item of the minutes, and until when; empty: nobody said."""

    item: ItemId
    owner: PersonName
    due: Annotated[str, Meta(max_length=DUE_LIMIT)]


class RemoveMinutes(Value, frozen=True, tag=24):
    """An item of the minutes is taken out, with its text as it stands; not ``removed``: it is back."""

    item: ItemId
    removed: bool


class PlanPaper(Value, frozen=True, tag=25):
    """What the agenda (次第) says of a paper: so many minutes, 0 for none, and who explains it."""

    paper: PaperId
    minutes: Annotated[int, Meta(ge=0, le=PLANNED_LIMIT)]
    explainer: PersonName


class NameSubject(Value, frozen=True, tag=26):
    """What the briefing is about (件名): what it has in common with former ones and with those to come."""

    subject: Title


Op = (
    OfferPaper
    | MorePages
    | NewEdition
    | OrderPapers
    | WithdrawPaper
    | AddItem
    | SpliceText
    | RemoveItem
    | Allow
    | Named
    | Draw
    | Erase
    | MoveMarks
    | Reanchor
    | OpenCorrection
    | SetCorrection
    | AssignCorrection
    | PlaceCorrection
    | Adopt
    | OpenMinutes
    | SetMinutes
    | SetReply
    | AssignMinutes
    | RemoveMinutes
    | PlanPaper
    | NameSubject
)
