"""The house's rooms from a spreadsheet (CSV): all of it or nothing, and what is wrong with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk.fleet.room_columns import HEADS
from pageview.whole_file import write_whole
from pageview.wording import say

FILE = "rooms.csv"
SIZE_LIMIT = 8 * 2**20
LONGEST = {"name": 40, "name_en": 60, "place": 40, "place_en": 60}
"""As in a display's settings."""


class BadRoomList(Exception):
    """It is not taken; the text says which line, and why."""


@dataclass(frozen=True, slots=True)
class RoomLine:
    """One room; what the list does not have is ""."""

    number: int
    name: str
    name_en: str = ""
    place: str = ""
    place_en: str = ""


def read_rooms(data: bytes) -> dict[int, RoomLine]:
    """By number. UTF-8, or what a Japanese spreadsheet writes (Shift_JIS). `BadRoomList`."""
    if len(data) > SIZE_LIMIT:
        raise BadRoomList(say("一覧が大きすぎます（8 MBまで）。"))
    try:
        rows = list(csv.reader(io.StringIO(_text(data), newline="")))
    except csv.Error as error:
        raise BadRoomList(_unreadable()) from error
    columns = _columns(rows[0]) if rows else {}
    missing = [HEADS[field][0] for field in ("number", "name") if field not in columns]
    if missing:
        raise BadRoomList(say("1行目に、列の名前「{names}」がありません。", names="、".join(missing)))
    found: dict[int, RoomLine] = {}
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        room = _room(line, {field: row[at].strip() for field, at in columns.items() if at < len(row)})
        if room.number in found:
            raise BadRoomList(say("{line}行目：{number}番が2回あります。", line=line, number=room.number))
        found[room.number] = room
    return found


def room_number(text: str) -> int | None:
    """The room number that somebody typed; None for what is none."""
    number = int(text) if text.isdecimal() else 0
    return number if 1 <= number <= 99_999 else None


def _unreadable() -> str:
    return say("文字を読めません。UTF-8のCSVで保存してください。")


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRoomList(_unreadable())


def _columns(heads: Iterable[str]) -> dict[str, int]:
    names = [head.strip().casefold() for head in heads]
    found = {}
    for field, known in HEADS.items():
        at = next((names.index(name) for name in known if name in names), None)
        if at is not None:
            found[field] = at
    return found


def _room(line: int, cells: dict[str, str]) -> RoomLine:
    number = cells.pop("number", "")
    told = room_number(number)
    if told is None:
        raise BadRoomList(say("{line}行目：会議室番号は1から99999までです。", line=line))
    if not cells.get("name"):
        raise BadRoomList(say("{line}行目：名前がありません。", line=line))
    for field, text in cells.items():
        if len(text) > LONGEST[field] or not text.isprintable():
            raise BadRoomList(
                say("{line}行目：「{text}」は長すぎるか、使えない文字があります。", line=line, text=text[:40])
            )
    return RoomLine(told, **cells)


def load_rooms(folder: Path) -> dict[int, RoomLine]:
    """The list that was taken in before; none where there is none, or where it was damaged since."""
    try:
        return read_rooms((folder / FILE).read_bytes())
    except (OSError, BadRoomList):
        return {}


def take_rooms(folder: Path, file: Path) -> dict[int, RoomLine]:
    """Reads the file and keeps it in the console's folder. `BadRoomList` and OSError leave the former
    list."""
    with file.open("rb") as source:
        data = source.read(SIZE_LIMIT + 1)
    rooms = read_rooms(data)
    write_whole(data, folder / FILE)
    return rooms
