"""What the look-up shows: groups of finds, and how each is named as a source. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from pageview.paper_words import clean_name
from pageview.wording import era_month, say
from presenter.lookup.all_words import Find as PageFind
from presenter.lookup.archive_files import PAGED
from presenter.lookup.cards import Card
from presenter.lookup.folding import found_in
from presenter.lookup.index import Hit, State
from presenter.lookup.places import WebSearch
from protocol.values import PeerId

Words = tuple[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Here:
    """A page of this briefing."""

    page_id: int


@dataclass(frozen=True, slots=True)
class InArchive:
    """Page ``index`` (from 0) of a file."""

    path: str
    index: int
    state: State


@dataclass(frozen=True, slots=True)
class Outside:
    """What the browser would be given."""

    search: WebSearch
    words: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A card."""

    number: int


@dataclass(frozen=True, slots=True)
class Passed:
    """What a participant found, on its way to the presenter: by its finder and their number for it."""

    peer: PeerId
    n: int


Target = Here | InArchive | Outside | Prepared | Passed


@dataclass(frozen=True, slots=True)
class Find:
    """``title``, at the right ``place`` and day; below ``text`` with ``marks``, or ``note`` in its stead."""

    target: Target
    title: Words
    place: Words | None = None
    day: date | None = None
    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a group; ``count``: None for one that is not counted."""

    title: Words
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence within a group."""

    words: Words


Row = Heading | Find | Note

LOCKED: Words = ("パスワードがあるため、名前だけで探しています。", {})
UNREAD: Words = ("このファイルは、名前だけで探しています。", {})
UNREADABLE: dict[State, Words] = {
    State.LOCKED: LOCKED,
    State.DAMAGED: ("壊れているため開けません", {}),
    State.TOO_LARGE: ("大きすぎるため、名前だけで探しています。", {}),
    State.BY_NAME: UNREAD,
}


def here_finds(finds: Sequence[PageFind]) -> tuple[Find, ...]:
    """Pages of this briefing's papers."""
    return tuple(
        Find(
            Here(each.page_id),
            ("{text}", {"text": each.title}),
            ("{page}ページ", {"page": each.number}),
            text=each.text,
            marks=each.marks,
        )
        for each in finds
    )


def archive_find(hit: Hit, wanted: Sequence[str]) -> Find:
    """A page of the archive; its file, where that was found by its name."""
    day = datetime.fromtimestamp(hit.mtime_ns / 1e9).date()
    title: Words = ("{text}", {"text": title_of(hit.path)})
    target = InArchive(hit.path, max(0, hit.number - 1), hit.state)
    paged = PurePath(hit.path).suffix.lower() in PAGED
    if hit.number:
        found = found_in(hit.text, wanted)
        text, marks = found[1:] if found is not None else (hit.text[:90], ())
        where: Words | None = ("{page}ページ", {"page": hit.number}) if paged else None
        return Find(target, title, where, day, text, marks)
    place: Words | None = ("{n}ページ", {"n": hit.pages}) if hit.pages and paged else None
    note = UNREADABLE.get(hit.state, ("フォルダ：{folder}", {"folder": PurePath(hit.path).parent.name}))
    return Find(target, title, place, day, note=note)


def web_finds(searches: Sequence[WebSearch], words: str) -> tuple[Find, ...]:
    """Searches outside; nothing is asked of anybody before one is chosen."""
    return tuple(
        Find(
            Outside(search, words),
            ("{name}で「{words}」を調べる", {"name": search.name, "words": words}),
            note=("開くと、この言葉が庁外へ送られます。", {}),
        )
        for search in searches
    )


def card_find(card: Card) -> Find:
    """A card of what is prepared."""
    place: Words | None = ("{n}ページ", {"n": len(card.sizes)}) if len(card.sizes) > 1 else None
    return Find(Prepared(card.number), ("{text}", {"text": card.title}), place, text=card.source.words)


def title_of(path: str) -> str:
    """A file's name as it may be shown."""
    return clean_name(PurePath(path).stem)


def source_words(find: Find) -> str:
    """The source as it stands below the page: 出典：「…」12ページ（令和8年4月）."""
    title = say(find.title[0], **find.title[1])
    match find.target:
        case InArchive(path, index, state) if state is State.READ:
            day = say("（{day}）", day=era_month(find.day)) if find.day is not None else ""
            where = say("{page}ページ", page=index + 1) if PurePath(path).suffix.lower() in PAGED else ""
            return say("出典：「{title}」{place}{day}", title=title, place=where, day=day)
        case Here():
            place = say(find.place[0], **find.place[1]) if find.place is not None else ""
            return say("出典：「{title}」{place}{day}", title=title, place=place, day="")
        case _:
            return ""
