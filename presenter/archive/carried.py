"""What a briefing leaves open for the next one on the same subject (持ち帰り), as files in the archive.

Each briefing writes one file of its own, ``持ち帰り/SUBJECT/ID.json``: the cards that it left open, and those
that it closed. What is open now is what stands open in some file and closed in none, so that nobody ever
writes in another's file: two presenters who take up the same cards neither lose nor double any. The same file
lies in the set of the briefing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from pageview.paper_words import clean_name
from pageview.whole_file import sync_folder, write_whole
from presenter.archive.cards import Card, CardId, CarriedOver
from presenter.archive.clerk import EMPTY_BRACKETS, mended, subject_in
from presenter.archive.empty_words import MEETING
from presenter.archive.rule import Rule
from presenter.console_state import Words
from presenter.record.dates import said_at
from presenter.record.facts import Answered, Done, Kind, Open, RecordFacts, Withdrawn
from protocol.errors import Refusal
from protocol.ink import When
from protocol.minutes import SOURCE_LIMIT
from protocol.texts import check_text, folded

FOLDER, ENDING = "持ち帰り", ".json"
CARRIED = f"{FOLDER}{ENDING}"
"""What it is called in the set."""
NAME_UNITS = 80
LENGTH_LIMIT, FILES_LIMIT = 4 * 2**20, 1_000
VERSION = 1

CARDS_LIMIT = 200
"""Of one subject; the oldest come first, the rest when some of them are closed."""
CLOSING = (Answered, Done, Withdrawn)


class CarriedFile(msgspec.Struct, frozen=True, tag_field="kamizero", tag="carried"):
    """What one briefing left. ``ended``: in seconds since 1970; the later word about a card counts."""

    version: int
    department: str
    subject: str
    ended: When
    open: tuple[Card, ...]
    closed: tuple[CardId, ...] = ()


class _Version(msgspec.Struct, tag_field="kamizero", tag="carried"):
    version: int


class NoCarried(ValueError):
    """The file cannot be used; ``told`` says why."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


# --- one file ---------------------------------------------------------------------------------------------


def carried_of(facts: RecordFacts) -> CarriedFile:
    """What this briefing leaves."""
    ended = facts.ended or facts.began
    closed = (
        each.card for each in facts.minutes if each.former is not None and isinstance(each.reply, CLOSING)
    )
    return CarriedFile(
        VERSION,
        facts.department,
        facts.subject,
        round(ended.timestamp()),
        tuple(_card(each, facts) for each in facts.open if each.card and each.text),
        tuple(dict.fromkeys(closed)),
    )


def _card(left: Open, facts: RecordFacts) -> Card:
    if left.former is not None:
        when, source = left.former.when, left.former.source
    else:
        when = facts.began
        source = said_at(left.place) if left.place is not None else facts.subject
    question = left.kind == Kind.QUESTION.value
    text = left.text if not left.number else f"{left.kind}：{left.text}"
    return Card(
        left.card,
        "question" if question else "homework",
        text[:10_000],
        round(when.timestamp()),
        source[:SOURCE_LIMIT],
        left.speaker,
        left.owner,
        left.due,
    )


def encoded(carried: CarriedFile) -> bytes:
    """As it lies in the archive."""
    return msgspec.json.format(msgspec.json.encode(carried), indent=1)


def decoded(data: bytes) -> CarriedFile:
    """NoCarried, with a sentence for its name: damaged, foreign, or of a newer program."""
    try:
        version = msgspec.json.decode(data, type=_Version).version
    except msgspec.ValidationError as error:
        raise NoCarried(FOREIGN) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoCarried(DAMAGED) from error
    if version > VERSION:
        raise NoCarried(NEWER)
    try:
        carried = msgspec.json.decode(data, type=CarriedFile)
        for card in carried.open:
            check_text(card.text)
            check_text(card.source + card.speaker + card.owner + card.due)
    except (msgspec.DecodeError, UnicodeDecodeError, Refusal) as error:
        raise NoCarried(DAMAGED) from error
    return carried


FOREIGN = "持ち帰りのファイルではないもの「{name}」があります。使わずに続けます。"
NEWER = "持ち帰り「{name}」は、新しい版の紙ゼロで書かれています。紙ゼロを更新すると使えます。"
DAMAGED = "持ち帰り「{name}」は壊れています。ファイルはそのまま残し、使わずに続けます。"


# --- the archive ------------------------------------------------------------------------------------------


def subject_key(subject: str) -> str:
    """The same for what people take for the same subject: width, case, blanks, days, editions and the number
    of the meeting (第2回) differ."""
    key = folded(subject_in(subject))
    return EMPTY_BRACKETS.sub("", MEETING.sub("", key)) or key


def folder_of(root: Path, department: str, subject: str) -> Path:
    """Where its files lie. (Two subjects may share a folder; each file says which it is of.)"""
    parts = filter(None, (folded(department), subject_key(subject)))
    return root / FOLDER / mended("_".join(parts), Rule(), NAME_UNITS)


def lay_out(root: Path, id: str, data: bytes) -> None:
    """Puts what a set has of it where the next briefing looks for it; OSError. What the set has of it no more
    is passed over: it is filed as it is."""
    try:
        carried = decoded(data)
    except NoCarried:
        return
    if not carried.open and not carried.closed:
        return
    folder = folder_of(root, carried.department, carried.subject)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(encoded(carried), folder / f"{id}{ENDING}")
    sync_folder(folder)


def look(root: Path, department: str, subject: str, waiting: Iterable[bytes]) -> CarriedOver:
    """What is open of that subject. ``waiting``: the files of sets that are not in the archive yet."""
    told: list[Words] = []
    files = [*_read(root, department, subject, told), *_usable(waiting)]
    key, its = subject_key(subject), folded(department)
    own = [each for each in files if subject_key(each.subject) == key and folded(each.department) == its]
    closed = {card for each in own for card in each.closed}
    newest = {card.card: card for each in sorted(own, key=lambda each: each.ended) for card in each.open}
    left = (card for card in newest.values() if card.card not in closed)
    cards = tuple(sorted(left, key=lambda card: (card.when, card.card)))
    if len(cards) > CARDS_LIMIT:
        told.append(("前回の持ち帰りは、古いものから{n}件までです。", {"n": CARDS_LIMIT}))
        cards = cards[:CARDS_LIMIT]
    return CarriedOver(department, subject, cards, tuple(told))


def _read(root: Path, department: str, subject: str, told: list[Words]) -> Iterator[CarriedFile]:
    folder = folder_of(root, department, subject)
    try:
        if not root.is_dir():
            told.append((AWAY, {"folder": str(root)}))
            return
        files = _files(folder) if folder.is_dir() else []
    except OSError:
        told.append((AWAY, {"folder": str(root)}))
        return
    if len(files) > FILES_LIMIT:
        told.append((MANY, {"n": FILES_LIMIT}))
    for file in files[:FILES_LIMIT]:
        try:
            with file.open("rb") as opened:
                data = opened.read(LENGTH_LIMIT + 1)
            yield decoded(data if len(data) <= LENGTH_LIMIT else b"")
        except NoCarried as refused:
            told.append((refused.told, {"name": clean_name(file.name)}))
        except OSError:
            told.append(
                ("持ち帰り「{name}」を読めません。使わずに続けます。", {"name": clean_name(file.name)})
            )


def _files(folder: Path) -> list[Path]:
    """Those that may be read; where there are too many of them, the newest first."""
    files = sorted(
        each for each in folder.iterdir() if each.suffix == ENDING and not each.name.startswith(".")
    )
    if len(files) > FILES_LIMIT:
        files.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    return files


def _usable(waiting: Iterable[bytes]) -> Iterator[CarriedFile]:
    for data in waiting:
        try:
            yield decoded(data)
        except NoCarried:
            continue  # its set says so when it is filed


AWAY = "保管先「{folder}」につながりません。前回の持ち帰りは、この端末に残っている分だけです。"
MANY = "この件名の持ち帰りのファイルが多いため、新しい{n}件だけを調べました。"
