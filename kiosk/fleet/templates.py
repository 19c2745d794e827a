"""Settings by template: what the house has for all displays, for those of a building, and for one room. Pure.

The narrowest counts: room before building before house. What no template names is each display's own.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache
from hashlib import sha256
from typing import Any

import tomlkit
from tomlkit.items import Table

from kiosk.fleet.setting_words import setting_words
from kiosk.settings import check_template, template_keys
from kiosk.settings_checks import Problem, SettingsError
from pageview.toml_text import parse_toml
from pageview.wording import say
from protocol.manage import MARK

SIZE_LIMIT = 1_000_000
"""Bytes: a line each for thousands of rooms."""
Value = bool | int | float | str | tuple[str, ...]
Values = Mapping[str, Value]
"""By the setting's name in a display's file (``help.contact``)."""


class Level(IntEnum):
    """Where a value comes from; a higher one counts before a lower."""

    HOUSE = 0
    BUILDING = 1
    ROOM = 2


@dataclass(frozen=True, slots=True)
class Place:
    """One template: the house's, or that of the building or room of this name."""

    level: Level
    name: str = ""


HOUSE = Place(Level.HOUSE)


class BadTemplates(Exception):
    """They are not taken; the text says which setting, in which template, and what is allowed."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value and where it comes from."""

    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Difference:
    """``now`` None: the display's file does not name it; ``then`` None: it is to be taken out of the file."""

    key: str
    now: Value | None
    then: Value | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Templates:
    """Every template of the house. `with_value` and `read_templates` let in only what displays may have."""

    values: Mapping[Place, Values] = field(default_factory=dict)

    def own(self, place: Place) -> Values:
        """What is said just there."""
        return self.values.get(place, {})

    @property
    def mark(self) -> bytes:
        """By which displays tell them from other consoles' templates; empty where they say nothing."""
        said = sorted([place.level, place.name, sorted(own.items())] for place, own in self.values.items())
        return sha256(json.dumps(said, ensure_ascii=False).encode()).digest()[:MARK] if said else b""

    def of_room(self, building: str, number: int) -> dict[str, Chosen]:
        """What that room is to have, by name."""
        found: dict[str, Chosen] = {}
        for place in (HOUSE, Place(Level.BUILDING, building), Place(Level.ROOM, str(number))):
            found.update({key: Chosen(value, place) for key, value in self.own(place).items()})
        return found

    def inherited(self, place: Place, building: str) -> dict[str, Chosen]:
        """What counts there where it says nothing itself."""
        above = [HOUSE]
        if place.level is Level.ROOM:
            above.append(Place(Level.BUILDING, building))
        if place.level is Level.HOUSE:
            above = []
        return {key: Chosen(value, each) for each in above for key, value in self.own(each).items()}

    def with_value(self, place: Place, key: str, value: Value | None) -> Templates:
        """Another value there; None: said no more. `BadTemplates`."""
        own = {name: said for name, said in self.own(place).items() if name != key}
        if value is not None:
            own[key] = value
        _check(place, own)
        values = {each: said for each, said in self.values.items() if each != place}
        if own:
            values[place] = own
        return replace(self, values=values)


def differences(wanted: Mapping[str, Chosen], present: Values, put_before: Values) -> tuple[Difference, ...]:
    """What is to change at a display. ``present``: in its file; ``put_before``: what templates put there
    last, taken out again where none says it any more."""
    found = [
        Difference(key, present.get(key), chosen.value, chosen.place)
        for key, chosen in wanted.items()
        if not same(present.get(key), chosen.value)
    ]
    found += [
        Difference(key, present[key], None, None)
        for key, value in put_before.items()
        if key not in wanted and key in present and same(present[key], value)
    ]
    if not found:
        return ()
    order = _order()
    return tuple(sorted(found, key=lambda each: order.get(each.key, len(order))))


@cache
def _order() -> dict[str, int]:
    """Where each setting stands among all."""
    return {key: number for number, key in enumerate(template_keys())}


def same(one: Value | None, other: Value | None) -> bool:
    """As settings: 55 is 55.0, and true is not 1."""
    return isinstance(one, bool) is isinstance(other, bool) and one == other


def values_told(text: str) -> dict[str, Value]:
    """What a display says stands in its file; what is no setting is left out."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    values: dict[str, Value] = {}
    for key, value in found.items():
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            values[key] = tuple(value)
        elif isinstance(value, bool | int | float | str):
            values[key] = value
    return values


# --- as a file ------------------------------------------------------------------------------------------


def write_templates(templates: Templates) -> str:
    """TOML, always in the same order: a change of one value is a change of one line."""
    document = tomlkit.document()
    document.add(tomlkit.comment(say("紙ゼロ 設定のひな形")))
    house = templates.own(HOUSE)
    if house:
        document["house"] = _nested(house)
    for level, name, order in (
        (Level.BUILDING, "building", lambda place: place.name),
        (Level.ROOM, "room", lambda place: int(place.name)),
    ):
        places = sorted((each for each in templates.values if each.level is level), key=order)
        if places:
            table = tomlkit.table(is_super_table=True)
            for place in places:
                table[place.name] = _nested(templates.own(place))
            document[name] = table
    return tomlkit.dumps(document)


def _nested(values: Values) -> Table:
    table = tomlkit.table()
    order = template_keys()
    for key in sorted(values, key=lambda key: order.index(key) if key in order else len(order)):
        into = table
        *sections, name = key.split(".")
        for section in sections:
            if section not in into:
                into[section] = tomlkit.table()
            into = into[section]
        value = values[key]
        into[name] = list(value) if isinstance(value, tuple) else value
    return table


def read_templates(data: bytes) -> Templates:
    """All of a file, or `BadTemplates` with every problem in it."""
    if len(data) > SIZE_LIMIT:
        raise BadTemplates(say("ファイルが大きすぎます（{n} MBまで）。", n=SIZE_LIMIT // 1_000_000))
    try:
        table = parse_toml(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadTemplates(say("TOMLの書き方が正しくありません（{why}）。", why=error)) from error
    found: dict[Place, Values] = {}
    wrong: list[str] = []
    for place, said in _places(table, wrong):
        try:
            check_template(said)
        except SettingsError as error:
            wrong.extend(f"{place_words(place)}: {problem.sentence()}" for problem in error.problems)
        else:
            values = dict(_flat(said, ""))
            if values:
                found[place] = values
    if wrong:
        more = say("（ほかに{n}件）", n=len(wrong) - 5) if len(wrong) > 5 else ""
        raise BadTemplates("\n".join(wrong[:5]) + more)
    return Templates(found)


def _places(table: Mapping[str, Any], wrong: list[str]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    kinds: dict[str, tuple[Level, Callable[[str], bool]]] = {
        "building": (Level.BUILDING, lambda name: 0 < len(name) <= 40 and name.isprintable()),
        "room": (Level.ROOM, lambda name: name.isascii() and name.isdigit() and 1 <= int(name[:9]) <= 99_999),
    }
    for head, found in table.items():
        if not isinstance(found, Mapping):
            wrong.append(Problem(head, str(found)[:60], _heads()).sentence())
        elif head == "house":
            yield HOUSE, found
        elif head in kinds:
            level, may_be = kinds[head]
            for name, said in found.items():
                if isinstance(said, Mapping) and may_be(name):
                    yield Place(level, str(int(name)) if level is Level.ROOM else name), said
                else:
                    wrong.append(Problem(f"{head}.{name}"[:60], str(said)[:60], _names()).sentence())
        else:
            wrong.append(Problem(head[:60], "{…}", _heads()).sentence())


def _names() -> str:
    return say("［building.本庁舎］や［room.27］のように、建物の名前か会議室番号の表にしてください。")


def _heads() -> str:
    return say("いちばん外の表は house, building, room のどれかです。")


def _flat(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Value]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, tuple(value) if isinstance(value, list) else value


def _check(place: Place, values: Values) -> None:
    try:
        check_template(_nested(values).unwrap())
    except SettingsError as error:
        said = (replace(each, key=setting_words(each.key)) for each in error.problems)
        lines = (f"{place_words(place)}: {each.sentence()}" for each in said)
        raise BadTemplates("\n".join(lines)) from error


def place_words(place: Place) -> str:
    """庁内全体, 本庁舎, 会議室27番."""
    match place.level:
        case Level.HOUSE:
            return say("庁内全体")
        case Level.BUILDING:
            return place.name
        case Level.ROOM:
            return say("会議室{number}番", number=place.name)


def read_value(text: str) -> Value:
    """A value as it is typed: as TOML where it is TOML, else the text itself."""
    try:
        value = parse_toml(f"v = {text}")["v"] if "\n" not in text else text
    except tomllib.TOMLDecodeError:
        return text
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    return value if isinstance(value, bool | int | float | str) else text


def value_words(value: Value | None) -> str:
    """As it is typed; "" for none."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case tuple():
            return tomlkit.item(list(value)).as_string()
        case _:
            return str(value)


def settings_file(templates: Templates, building: str, room: Mapping[str, str | int]) -> str:
    """The whole settings file of a new display: what the templates say, and its room."""
    number = int(room["number"])
    values = {key: chosen.value for key, chosen in templates.of_room(building, number).items()}
    document = _nested(values)
    table = tomlkit.table()
    for key, value in room.items():
        if value != "":
            table[key] = value
    document["room"] = table
    return tomlkit.dumps(document.unwrap())
