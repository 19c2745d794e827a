"""What the desk remembers about its person: name, language, window, papers and rooms used lately.

One TOML file. A value that is not allowed is left out with a sentence that names it; the rest counts.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from pageview.toml_text import parse_toml
from pageview.wording import Language, say
from presenter.lookup.places import Places, is_places, read_places, table_of

RECENT_PAPERS = 8
ROOMS_KEPT = 30
NAME_LIMIT = 80
STAMP_LIMIT = 12
STAMPS_KEPT = 12
PLACE_LIMIT = 1_000
PLAIN = (
    *("name", "department", "join_name", "language", "planned_minutes"),
    *("naming", "forms", "form", "webhook", "webhook_shape", "window", "side_open"),
)
"""The settings that are one value."""


@dataclass(frozen=True, slots=True)
class RecentPaper:
    """A file opened before and the day of it."""

    path: Path
    day: date


@dataclass(frozen=True, slots=True)
class RoomUsed:
    """A room that was paired before, with the name it gave then, and the day of it."""

    number: int
    name: str
    place: str
    day: date


@dataclass(frozen=True, slots=True)
class Settings:
    """``window`` is Qt's own geometry text, "" for none; ``side_open`` whether the side panel was open.

    ``join_name``: what the person wrote of themselves when they joined somebody's briefing.
    ``archive_folder``: of the department, "" for none; ``lookup``: what is searched beside it. ``naming``:
    the file of the rule for names there, ``forms``: the folder of the department's own forms, ``form``: the
    one that is filled; "" for the usual. ``webhook``: where the summary of a confirmed record is posted, ""
    for nowhere; ``webhook_shape``: the JSON of such a post.
    """

    name: str = ""
    department: str = ""
    join_name: str = ""
    language: Language = "ja"
    planned_minutes: int = 30
    naming: str = ""
    forms: str = ""
    form: str = ""
    webhook: str = ""
    webhook_shape: str = ""
    window: str = ""
    side_open: bool = True
    papers: tuple[RecentPaper, ...] = field(default=())
    rooms: tuple[RoomUsed, ...] = field(default=())
    archive_folder: str = ""
    lookup: Places = field(default_factory=Places)
    stamps: tuple[str, ...] = field(default=())
    """Words of stamps of one's own, the newest first."""

    @property
    def searched(self) -> tuple[str, ...]:
        """The folders that are searched."""
        return tuple(
            dict.fromkeys(folder for folder in (self.archive_folder, *self.lookup.folders) if folder)
        )

    @property
    def forms_folder(self) -> Path | None:
        """None while there are only the forms of the program."""
        return Path(self.forms) if self.forms else None

    def with_paper(self, path: Path, day: date) -> Settings:
        """The same with this paper as the newest; one whose name is not text is not remembered."""
        try:
            str(path).encode()
        except UnicodeEncodeError:
            return self
        others = tuple(paper for paper in self.papers if paper.path != path)
        return replace(self, papers=(RecentPaper(path, day), *others)[:RECENT_PAPERS])

    def with_room(self, room: RoomUsed) -> Settings:
        """The same with this room as the one used last."""
        others = tuple(used for used in self.rooms if used.number != room.number)
        return replace(self, rooms=(room, *others)[:ROOMS_KEPT])


def read_settings(file: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings of that file and what is wrong in it, in sentences; a file that is not there is empty."""
    try:
        table = parse_toml(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        return Settings(), ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as unreadable:
        wrong = say("設定ファイル {file} を読めません（{why}）。", file=file, why=unreadable)
        return Settings(), (wrong,)
    return _checked(table)


def write_settings(file: Path, settings: Settings) -> None:
    """Replaces the file as a whole; OSError when it cannot be written."""
    import tomlkit

    document = tomlkit.document()
    for name in PLAIN:
        document[name] = getattr(settings, name)
    document["papers"] = [{"path": str(paper.path), "day": paper.day} for paper in settings.papers]
    document["rooms"] = [
        {"number": room.number, "name": room.name, "place": room.place, "day": room.day}
        for room in settings.rooms
    ]
    document["archive"] = {"folder": settings.archive_folder}
    document["lookup"] = table_of(settings.lookup)
    document["stamps"] = list(settings.stamps)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8") as out:
        out.write(tomlkit.dumps(document))
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, file)


Check = Callable[[Any], bool]
_PLACE: tuple[Check, str] = (lambda v: isinstance(v, str) and len(v) <= PLACE_LIMIT, "文字列")
_ALLOWED: Mapping[str, tuple[Check, str]] = {
    "name": (lambda v: isinstance(v, str) and len(v) <= NAME_LIMIT, "80文字までの文字列"),
    "department": (lambda v: isinstance(v, str) and len(v) <= NAME_LIMIT, "80文字までの文字列"),
    "join_name": (lambda v: isinstance(v, str) and len(v) <= NAME_LIMIT, "80文字までの文字列"),
    "language": (lambda v: v in ("ja", "en"), '"ja" または "en"'),
    "planned_minutes": (lambda v: type(v) is int and 0 <= v <= 600, "0から600までの整数"),
    **dict.fromkeys(("naming", "forms", "form", "webhook_shape"), _PLACE),
    "webhook": (lambda v: v == "" or (isinstance(v, str) and is_address(v)), "http または https のURL"),
    "window": (lambda v: isinstance(v, str), "文字列"),
    "side_open": (lambda v: isinstance(v, bool), "true または false"),
    "papers": (lambda v: isinstance(v, list), "表の並び"),
    "rooms": (lambda v: isinstance(v, list), "表の並び"),
    "archive": (lambda v: isinstance(v, dict) and set(v) <= {"folder"} and _is_folder(v), "フォルダの表"),
    "stamps": (lambda v: isinstance(v, list) and _are_stamps(v), "12文字までの文字列の並び"),
    "lookup": (is_places, "フォルダと、{query} のあるアドレスの表"),
}


def _checked(table: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    values: dict[str, Any] = {}
    wrong = []
    for key, value in table.items():
        check, allowed = _ALLOWED.get(key, (None, ""))
        if check is None:
            wrong.append(say("設定の {key} は、使われていない名前です。", key=key))
        elif not check(value):
            wrong.append(
                say(
                    "設定の {key} の値 {value} は使えません（{allowed}）。",
                    key=key,
                    value=value,
                    allowed=say(allowed),
                )
            )
        else:
            values[key] = value
    for key, read in (("papers", _paper), ("rooms", _room)):
        try:
            values[key] = tuple(read(entry) for entry in values.get(key, ()))
        except (KeyError, TypeError, ValueError):
            values.pop(key, None)
            wrong.append(say("設定の {key} を読めないため、空にしました。", key=key))
    values["stamps"] = tuple(values.get("stamps", ()))
    values["archive_folder"] = values.pop("archive", {}).get("folder", "")
    values["lookup"] = read_places(values.get("lookup", {}))
    return Settings(**values), tuple(wrong)


def _are_stamps(words: list[Any]) -> bool:
    each = all(isinstance(word, str) and 0 < len(word) <= STAMP_LIMIT for word in words)
    return each and len(words) <= STAMPS_KEPT


def _is_folder(table: Mapping[str, Any]) -> bool:
    return isinstance(table.get("folder", ""), str)


def _paper(entry: Mapping[str, Any]) -> RecentPaper:
    return RecentPaper(Path(cast(str, entry["path"])), _day(entry["day"]))


def _room(entry: Mapping[str, Any]) -> RoomUsed:
    number = entry["number"]
    if type(number) is not int or not 1 <= number <= 99_999:
        raise ValueError(number)
    return RoomUsed(
        number, str(entry["name"])[:NAME_LIMIT], str(entry["place"])[:NAME_LIMIT], _day(entry["day"])
    )


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(value)
    return value


def is_address(text: str) -> bool:
    """Whether that can be a webhook's address."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
