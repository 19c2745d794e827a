"""Changing the settings file from afar: all changes or none, and never to what the display would not start
with."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import tomlkit
import tomlkit.exceptions
from tomlkit.items import Table

from kiosk.settings import Settings, check
from kiosk.settings_checks import Problem, SettingsError
from pageview.toml_text import parse_toml
from pageview.whole_file import write_whole
from pageview.wording import say

FIXED = "room.number"
"""Certified by the facilities: another number is another enrolment."""
Value = bool | int | float | str | tuple[str, ...] | None
"""None: the key is taken out, and what counts without it counts."""


def changed(text: str, changes: Iterable[tuple[str, Value]]) -> str:
    """The file's text with these keys set; comments and order stay. `SettingsError` names what cannot be."""
    try:
        document = tomlkit.parse(text)
    except tomlkit.exceptions.ParseError as error:
        raise SettingsError((), str(error)) from error
    for key, value in changes:
        if key == FIXED:
            allowed = say("会議室番号は登録で決まります。変えるときは登録し直してください。")
            raise SettingsError((Problem(key, str(value), allowed),))
        _set(document, key, value)
    written = tomlkit.dumps(document)
    checked(written)
    return written


def _set(document: tomlkit.TOMLDocument, key: str, value: Value) -> None:
    *sections, name = key.split(".")
    table: Any = document
    for section in sections:
        if section not in table:
            table[section] = tomlkit.table()
        table = table[section]
        if not isinstance(table, Table):
            raise SettingsError((Problem(key, str(value), say("この名前の設定はありません。")),))
    if value is None:
        table.pop(name, None)
    else:
        table[name] = list(value) if isinstance(value, tuple) else value


def values_of(text: str) -> dict[str, Any]:
    """What stands in the file, by name; without tables in rows and moments (bookings). TOMLDecodeError."""
    found: dict[str, Any] = {}
    _gather(parse_toml(text), "", found)
    return found


def _gather(table: dict[str, Any], before: str, found: dict[str, Any]) -> None:
    for name, value in table.items():
        if isinstance(value, dict):
            _gather(value, f"{before}{name}.", found)
        elif isinstance(value, bool | int | float | str) or (
            isinstance(value, list) and all(isinstance(each, str) for each in value)
        ):
            found[before + name] = value


def write_changes(
    file: Path, changes: Iterable[tuple[str, Value]], prepare: Callable[[str, str], None] | None = None
) -> None:
    """Changes the file in one step; `SettingsError` or OSError leaves it as it was. ``prepare`` is told
    before: the file's text as it is, and as it will be."""
    former = file.read_bytes().decode("utf-8-sig")
    text = changed(former, changes)
    if prepare is not None and text != former:
        prepare(former, text)
    write_whole(text.encode(), file)


def checked(text: str) -> Settings:
    """The settings of this text; `SettingsError` says why there are none."""
    try:
        return check(parse_toml(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError((), str(error)) from error
